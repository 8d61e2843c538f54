"""Usulkan standar: what is guessed from a sample, what is said of it, and what no sample can break."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine import checked, wilayah
from hypothesis import given, settings
from hypothesis import strategies as st
from making import ods, xls

from validation_service.model.proposal.imported import imported
from validation_service.model.proposal.proof import answered
from validation_service.model.proposal.propose import Proposal, propose
from validation_service.model.reading.grid import Unreadable
from validation_service.model.standard import BadStandard, Standard


def of(*lines: str, **more: Any) -> Proposal:
    return propose("\n".join(lines).encode(), filename="contoh.csv", **more)


def column(*values: str, name: str = "nilai") -> dict[str, Any]:
    """What is proposed for a column of these values, beside one of names."""
    proposal = of(f"daerah;{name}", *(f"Desa {n};{value}" for n, value in enumerate(values)))
    found: dict[str, Any] = proposal.standard["fields"][1]
    return found


def about(proposal: Proposal, place: str) -> str:
    return " ".join(note.text.id for note in proposal.notes if note.place.startswith(place))


def accepts(proposal: Proposal, data: bytes) -> list[str]:
    """The rules of errors that the sample has by its own proposal, filled in."""
    report = checked(data, Standard.parse(answered(proposal.standard)))
    return [each.rule for each in report.findings if each.severity == "galat"]


# --- numbers and types --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name", "kind", "decimal", "group"),
    [
        (("1", "20", "300"), "nilai", "integer", None, None),
        (("1.5", "20.25", "300"), "nilai", "number", ".", None),
        (("1,5", "20,25", "300"), "nilai", "number", ",", None),
        (("1.250", "12.500", "950"), "jumlah", "integer", None, "."),
        (("1.250.000", "12.500", "950"), "nilai", "integer", None, "."),
        (("1.250,5", "12.500,75", "950"), "nilai", "number", ",", "."),
        (("1,250.5", "12,500.75", "950"), "nilai", "number", ".", ","),
        (("107.559", "107.56", "107.5"), "longitude", "number", ".", None),
        (("107.559", "106.123", "107.501"), "longitude", "number", ".", None),
        (("1.250", "12.500", "1251"), "nilai", "number", ".", None),
        (("0.250", "0.500", "0.125"), "nilai", "number", ".", None),
        (("-1.5", "2e3", ".5"), "nilai", "number", ".", None),
    ],
)
def test_separators_are_guessed_from_all_values(
    values: tuple[str, ...], name: str, kind: str, decimal: str | None, group: str | None
) -> None:
    found = column(*values, name=name)
    assert (found["type"], found.get("decimalChar"), found.get("groupChar")) == (kind, decimal, group)


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (("010", "020", "100"), "kec", "string"),
        (("35.08", "35.09", "35.10"), "kabupaten", "string"),
        (("3508", "3509", "3571"), "kode_bps", "string"),
        (("3508010001", "3508010002", "3508010003"), "wilayah", "string"),
        (("2020", "2021", "2022"), "tahun", "year"),
        (("2020", "2021", "2022"), "jumlah", "integer"),
        (("2024.0", "2023.0", "2022.0"), "tahun", "number"),
        (("Ya", "Tidak", "Ya"), "aktif", "boolean"),
        (("2024", "2025-S1", "2025-S2"), "periode", "string"),
        (("1.02", "2.13", "1.03"), "bidang_urusan", "string"),
        (("12%", "13%", "14%"), "bagian", "string"),
        (("Rp 1.000", "Rp 2.000", "Rp 3.000"), "harga", "string"),
        (("31/01/2024", "01/02/2024", "28/02/2024"), "tanggal", "date"),
        (("", "", ""), "kosong", "string"),
    ],
)
def test_types_are_those_of_the_values_and_the_name(
    values: tuple[str, ...], name: str, expected: str
) -> None:
    assert column(*values, name=name)["type"] == expected


def test_dates_of_two_formats_are_dates_of_the_commoner_one_and_said() -> None:
    rows = [*(f"{n:02d}/01/2024" for n in range(1, 8)), "2024-01-09", "2024-01-10"]
    proposal = of("tanggal,n", *(f"{day},1" for day in rows))
    assert proposal.standard["fields"][0]["format"] == "%d/%m/%Y"
    assert "format lain" in about(proposal, "$.fields[0]")


def test_an_odd_value_among_many_does_not_make_a_column_text_and_is_said_with_the_share() -> None:
    proposal = of("daerah,jumlah", *(f"Desa {n},{n}" for n in range(59)), "Desa X,banyak sekali")
    assert proposal.standard["fields"][1]["type"] == "integer"
    (note,) = [each for each in proposal.notes if each.place == "$.fields[1].type"]
    assert note.share == pytest.approx(59 / 60, abs=1e-4) and '"banyak sekali"' in note.text.id


def test_too_many_odd_values_make_a_column_text_and_that_is_said_too() -> None:
    proposal = of("daerah,jumlah", *(f"Desa {n},{n if n % 4 else 'tidak tahu'}" for n in range(20)))
    assert proposal.standard["fields"][1]["type"] == "string"
    assert "75%" in about(proposal, "$.fields[1].type")


def test_a_separator_that_can_be_read_in_two_ways_is_said() -> None:
    assert "Periksa" in about(of("desa;jumlah", "A;1.250", "B;2.500", "C;3.750"), "$.fields[1].groupChar")


# --- what cells have in common ------------------------------------------------------------------------------


def test_few_values_that_repeat_are_choices_and_many_are_not() -> None:
    rows = [f"{n},{'LAKI-LAKI' if n % 2 else 'PEREMPUAN'},nama {n}" for n in range(20)]
    kelamin, nama = of("no,jenis_kelamin,penduduk", *rows).standard["fields"][1:]
    assert set(kelamin["constraints"]["enum"]) == {"LAKI-LAKI", "PEREMPUAN"}
    assert "enum" not in nama["constraints"]


def test_blanks_make_a_column_optional() -> None:
    assert "required" not in column("1", "", "3").get("constraints", {})
    assert column("1", "2", "3")["constraints"]["required"] is True


def test_what_people_write_for_no_data_is_labelled() -> None:
    proposal = of("desa,jumlah,sumber", "A,1,x", "B,N/A,-", "C,3,y", "D,4,z")
    assert proposal.standard["missingValues"] == [
        "",
        {"value": "N/A", "label": "tidak tersedia"},
        {"value": "-", "label": "tidak ada datanya"},
    ]
    assert proposal.standard["fields"][1]["type"] == "integer"


# --- keys, sums, totals, years ------------------------------------------------------------------------------


def test_a_wilayah_and_a_year_are_the_key_of_a_long_table() -> None:
    rows = [
        f"{n},35.08.0{d},{d},{y},{n}"
        for n, (d, y) in enumerate((d, y) for d in (1, 2, 3) for y in (2023, 2024))
    ]
    proposal = of("no,kode_kecamatan,nama_kecamatan,tahun,jumlah", *rows)
    assert proposal.standard["primaryKey"] == ["kode_kecamatan", "tahun"]
    assert proposal.standard["satudata:kolomPeriode"] == "tahun"
    assert proposal.standard["satudata:level"] == "kecamatan"


def test_desa_of_one_name_in_two_kecamatan_need_both_names() -> None:
    rows = ["Klakah,Tegalrejo,1", "Senduro,Tegalrejo,2", "Klakah,Mlawang,3", "Senduro,Kandangan,4"]
    assert of("kecamatan,desa,jumlah", *rows).standard["primaryKey"] == ["kecamatan", "desa"]


def test_a_sum_in_every_row_is_proposed_and_holds_for_the_sample() -> None:
    rows = [f"Desa {n},{n},{2 * n},{3 * n}" for n in range(1, 9)]
    data = "\n".join(["desa,laki_laki,perempuan,jumlah", *rows])
    proposal = of(data)
    assert proposal.standard["satudata:jumlah"] == [{"total": "jumlah", "bagian": ["laki_laki", "perempuan"]}]
    assert accepts(proposal, data.encode()) == []


def test_a_row_of_totals_is_left_out_of_the_guesses_and_asked_to_be_compared() -> None:
    data = "\n".join(["kode,kecamatan,jumlah", "35.08.01,Tempursari,7", "35.08.02,Pronojiwo,6", ",Jumlah,13"])
    proposal = of(data)
    assert proposal.standard["satudata:barisJumlah"] == "periksa"
    assert proposal.standard["fields"][0]["constraints"]["required"] is True
    assert accepts(proposal, data.encode()) == []


def test_the_word_of_a_total_under_the_running_number_is_understood() -> None:
    rows = ["1;Tempursari;10;12;22", "2;Pronojiwo;20;25;45", "Jumlah;;30;37;67", "Sumber: Disdukcapil;;;;"]
    data = "\n".join(["No;Kecamatan;L;P;L+P", *rows])
    proposal = of(data)
    assert [each["type"] for each in proposal.standard["fields"]] == ["integer", "string"] + ["integer"] * 3
    assert proposal.standard["primaryKey"] == ["Kecamatan"]
    assert accepts(proposal, data.encode()) == []


def test_a_mark_among_numbers_leaves_the_column_optional_and_is_accepted() -> None:
    data = "\n".join(["kecamatan,kasus", *(f"K{n},{n}" for n in range(20)), "K20,-", "K21,-"])
    proposal = of(data)
    assert proposal.standard["fields"][1] == {"name": "kasus", "title": "Kasus", "type": "integer"}
    assert "bolehTidakTersedia" in about(proposal, "$.fields[1]")
    assert accepts(proposal, data.encode()) == []


@pytest.mark.parametrize(
    "header", ["2021,2022,2023", "data_2021,data_2022,data_2023", "Jumlah (2021),Jumlah (2022),Jumlah (2023)"]
)
def test_columns_of_years_are_wide_and_the_sample_is_accepted(header: str) -> None:
    data = f"kode_dssd,{header}\n1.03.000010,1,2,3\n1.03.000011,4,,6\n"
    proposal = of(data)
    assert proposal.standard["satudata:tabelLebar"]["menjadi"] == "tahun"
    assert accepts(proposal, data.encode()) == []


@pytest.mark.parametrize(
    "header",
    [
        "Januari,Februari,Maret,April,Mei,Juni,Juli,Agustus,September,Oktober,November,Desember",
        "jml_jan,jml_feb,jml_mar",
        "Jan 2025,Peb 2025,Mar 2025,Apr 2025",
    ],
)
def test_columns_of_months_are_wide_and_the_sample_is_accepted(header: str) -> None:
    count = header.count(",") + 1
    rows = [f"Klakah,2025{',1' * count}", f"Kunir,2025{',2' * count}"]
    proposal = of(f"kecamatan,tahun,{header}", *rows)
    bulan, nilai = proposal.standard["fields"][-2:]
    assert proposal.standard["satudata:tabelLebar"]["menjadi"] == bulan["name"] == "bulan"
    assert len(bulan["constraints"]["enum"]) == count and nilai["type"] == "integer"
    assert proposal.standard["primaryKey"] == ["kecamatan", "bulan"]
    assert proposal.standard["satudata:kolomPeriode"] == "tahun"
    assert accepts(proposal, f"kecamatan,tahun,{header}\n{rows[0]}\n{rows[1]}\n".encode()) == []


@pytest.mark.parametrize("header", ["maret,april", "marketing,decoder,junior", "jan_a,feb_b,mar_c"])
def test_words_that_only_look_like_months_are_columns(header: str) -> None:
    cells = ",".join("1" * (header.count(",") + 1))
    assert (
        "satudata:tabelLebar" not in of(f"kecamatan,{header}", f"Klakah,{cells}", f"Kunir,{cells}").standard
    )


@pytest.mark.parametrize("name", ["nik", "No. KK", "nomor"])
def test_numbers_of_persons_are_no_key_and_that_is_said(name: str) -> None:
    rows = [f"35080141019000{n:02},RT {n % 3},{n % 7}" for n in range(20)]
    proposal = of(f"{name},rt,usia", *rows)
    assert name not in proposal.standard.get("primaryKey", [])
    assert "data pribadi" in about(proposal, "$.fields[0]")


# --- code lists ---------------------------------------------------------------------------------------------


def test_codes_of_an_installed_list_refer_to_it_with_their_level_and_names() -> None:
    rows = ["35.08.01,Tempursari,7", "35.08.02,Pronojiwo,6", "35.08.03,Candipuro,10"]
    proposal = of("kode,nama_kecamatan,jumlah", *rows, codelists={"wilayah-kemendagri": wilayah()})
    reference = proposal.standard["fields"][0]["satudata:kodeReferensi"]
    assert reference["daftar"] == "wilayah-kemendagri" and reference["tingkat"] == "kecamatan"


def test_codes_without_a_list_are_only_said() -> None:
    proposal = of("kode_desa,jumlah", "3508010001,7", "3508010002,6", "3508010003,10")
    assert "satudata:kodeReferensi" not in proposal.standard["fields"][0]
    assert "BPS" in about(proposal, "$.fields[0]")


# --- headers ------------------------------------------------------------------------------------------------

TITLED = [
    ["Penduduk Kabupaten Lumajang"],
    [],
    ["Kecamatan", "Penduduk", "", "Jumlah"],
    ["", "Laki-laki", "Perempuan", ""],
    ["(1)", "(2)", "(3)", "(4)"],
    ["Tempursari", 10, 12, 22],
    ["Pronojiwo", 20, 25, 45],
    ["Candipuro", 30, 31, 61],
]


@pytest.mark.parametrize("made", [ods, xls])
def test_a_header_of_two_rows_under_a_title_is_joined(made: Any) -> None:
    data = made({"Sheet1": TITLED})
    proposal = propose(data, filename="")
    names = [each["name"] for each in proposal.standard["fields"]]
    assert names == ["Kecamatan", "Penduduk / Laki-laki", "Penduduk / Perempuan", "Jumlah"]
    assert [each["type"] for each in proposal.standard["fields"]] == ["string", *["integer"] * 3]
    assert set(accepts(proposal, data)) <= {"IO-03"}


def test_several_sheets_are_named_and_one_may_be_chosen() -> None:
    data = ods({"Data": [["kode", "jumlah"], ["A", 1]], "Lain": [["desa", "luas"], ["B", 2]]})
    first, other = propose(data), propose(data, sheet="Lain")
    assert first.standard["satudata:lembar"] == "Data" and other.standard["satudata:lembar"] == "Lain"
    assert [each["name"] for each in other.standard["fields"]] == ["desa", "luas"]


def test_a_table_without_a_header_gets_made_up_names_and_a_note() -> None:
    proposal = of("35.08.01,Tempursari,7", "35.08.02,Pronojiwo,6", "35.08.03,Candipuro,10")
    assert [each["name"] for each in proposal.standard["fields"]] == ["kolom_1", "kolom_2", "kolom_3"]
    assert "tidak mempunyai judul" in about(proposal, "$.fields")


# --- the document -------------------------------------------------------------------------------------------


def test_the_parser_refuses_what_a_person_has_still_to_write_and_nothing_else() -> None:
    proposal = of("desa,jumlah", "A,1", "B,2")
    with pytest.raises(BadStandard) as refused:
        Standard.parse(proposal.standard)
    assert {problem.place for problem in refused.value.problems} == set(proposal.to_fill_in)
    Standard.parse(answered(proposal.standard))


def test_a_proposal_can_be_told_as_json() -> None:
    told = of("desa,jumlah", "A,1", "B,2").told()
    assert json.loads(json.dumps(told, ensure_ascii=False, allow_nan=False)) == told
    assert {"place", "id", "en", "share", "fill_in"} == set(told["notes"][0])


def test_a_table_schema_is_taken_over_and_asks_for_the_parts_it_lacks() -> None:
    schema = {"fields": [{"name": "kode", "type": "string"}, {"name": "jam", "type": "time"}]}
    proposal = imported(schema, {"konsep": "Jadwal"})
    assert proposal.standard["satudata:konsep"] == "Jadwal" and len(proposal.to_fill_in) == 4
    assert "tipe time" in about(proposal, "$.fields[1].type")
    Standard.parse(answered(proposal.standard))


# --- samples that mean no good ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"\n\n\n", b"%PDF-1.7", b"<html></html>", b"PK\x03\x04", b"a\0b", b"[1, 2]"]
)
def test_what_is_no_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Unreadable):
        propose(data)


def test_a_hundred_thousand_columns_are_refused_in_words() -> None:
    wide = ",".join(f"k{n}" for n in range(100_000))
    with pytest.raises(Unreadable):
        of(wide, wide)


HOSTILE = {
    "header only": b"kode,nama,jumlah\n",
    "one column": b"jumlah\n1\n2\n3\n",
    "one cell": b"jumlah",
    "one row": b"kode,jumlah\nA,1\n",
    "all blank": b"kode,jumlah\n,\n,\n,\n",
    "blank header": b",,\n1,2,3\n",
    "twice the same name": b"kode,kode,jumlah\nA,B,1\nC,D,2\n",
    "names of signs": '"a.b[c]",$x,"satudata:konsep","👩‍🌾"\n1,2,3,4\n5,6,7,8\n'.encode(),
    "names of years alone": b"2021,2022\n1,2\n3,4\n",
    "years twice": b"tahun,nilai,data_2021,data_2022\n2020,1,2,3\n2021,4,5,6\n",
    "uneven rows": b"a,b,c\n1,2\n1,2,3,4\n1,2,3\n",
    "only marks": b"kode,jumlah\nA,-\nB,-\nC,N/A\n",
    "huge numbers": b"kode,jumlah\nA,99999999999999999999999999\nB,1e308\nC,1e999\n",
    "half a surrogate": b'[{"kode": "\\ud800", "jumlah": 1}, {"kode": "B", "jumlah": 2}]',
    "nested JSON": b'[{"kode": {"a": [1]}, "jumlah": 1}, {"kode": [], "jumlah": 2}]',
    "markup": b"kode,nama\n1,<b>x</b>\n2,&quot;y&quot;\n",
    "old Mac": b"kode,jumlah\rA,1\rB,2\r",
    "a thousand columns and more": (
        ",".join(f"k{n}" for n in range(1_500)) + "\n" + ",".join("1" * 1_500)
    ).encode(),
    "long names": ("x" * 20_000 + ",y\n1,2\n").encode(),
    "quotes": b'kode,nama\n1,"a ""b"" c"\n2,"d\ne"\n',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strange_sample_gives_a_proposal_that_parses_once_it_is_filled_in(name: str) -> None:
    try:
        proposal = propose(HOSTILE[name])
    except Unreadable:
        assert name in ("blank header", "one cell")
        return
    standard = Standard.parse(answered(proposal.standard))
    checked(HOSTILE[name], standard)


CELL = st.sampled_from(
    [
        "",
        "1",
        "-3",
        "0",
        "007",
        "2024",
        "1.250",
        "1,5",
        "-",
        "N/A",
        "Ya",
        "Jumlah",
        "35.08",
        "35.08.01",
        "  x ",
        "2024-01-31",
        "31/01/2024",
        "Total",
        "Lumajang",
        "1.0",
        "1e5",
        "12%",
        "—",
        'a"b',
        "(1)",
        "Sumber: BPS",
    ]
)
NAME = st.sampled_from(
    [
        "kode",
        "nama",
        "tahun",
        "jumlah",
        "laki-laki",
        "perempuan",
        "data_2021",
        "data_2022",
        "2023",
        "no",
        "",
        " x",
        "lat",
        "long",
        "satuan",
        "kode_kecamatan",
        "kecamatan",
        "tanggal",
        "persen",
        "id",
        "kode",
        "Jumlah (Ribu Jiwa)",
        "semester",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NAME, min_size=1, max_size=6), st.data())
def test_whatever_the_sample_a_proposal_parses_once_it_is_filled_in(names: list[str], data: Any) -> None:
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), max_size=14))
    body = "\n".join(";".join(row) for row in [names, *rows]).encode()
    try:
        proposal = propose(body, filename="contoh.csv")
    except Unreadable:
        return
    Standard.parse(answered(proposal.standard))
