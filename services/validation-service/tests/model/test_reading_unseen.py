"""Tables as agencies write them, of kinds for which no standard was made: read whole, and proposed right."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from csv import writer
from typing import Any

import openpyxl
import pytest
from engine import FACTS, checked, document, field
from making import ods

from validation_service.model.proposal.proof import answered
from validation_service.model.proposal.propose import Proposal, propose
from validation_service.model.reading import large
from validation_service.model.reading.grid import Unreadable
from validation_service.model.report import Report
from validation_service.model.standard import Standard

KECAMATAN = ("Tempursari", "Pronojiwo", "Candipuro", "Pasirian", "Tempeh", "Kunir")
Rows = Sequence[Sequence[Any]]


def csv(rows: Rows, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def xlsx(rows: Rows, *merged: str) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    for area in merged:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def own(data: bytes) -> tuple[Proposal, Report]:
    """What is proposed for a sample, and the sample checked by it."""
    proposal = propose(data)
    return proposal, checked(data, Standard.parse(answered(proposal.standard)))


def names(proposal: Proposal) -> list[str]:
    return [each["name"] for each in proposal.standard["fields"]]


def types(proposal: Proposal) -> list[str]:
    return [each["type"] for each in proposal.standard["fields"]]


def errors(report: Report) -> set[str]:
    return {each.rule for each in report.findings if each.severity == "galat"}


def remarks(report: Report) -> set[str]:
    return {each.rule for each in report.findings}


def said(proposal: Proposal) -> str:
    return " ".join(note.text.id for note in proposal.notes)


def of_names(*fields: Any, **more: Any) -> Standard:
    return Standard.parse(document(*fields, **more))


TERNAK = of_names(field("No", "integer"), field("Kecamatan"), field("Sapi", "integer", required=True))
TERNAK_ROWS = [["No", "Kecamatan", "Sapi"], *([n, name, 10 * n] for n, name in enumerate(KECAMATAN, 1))]

# --- JSON ---------------------------------------------------------------------------------------------------

OBJECTS = [{"kode": "35.08.01", "nama": "Tempursari", "desa": 7}, {"kode": "35.08.02", "nama": "Pronojiwo"}]
LISTS = [["35.08.01", "Tempursari", 7], ["35.08.02", "Pronojiwo", None]]
IDS = [{"id": "kode", "type": "text"}, {"id": "nama", "type": "text"}, {"id": "desa", "type": "int"}]


@pytest.mark.parametrize(
    "wrapped",
    [
        {"success": True, "result": {"resource_id": "a", "fields": IDS, "records": OBJECTS, "total": 2}},
        {"fields": IDS, "records": LISTS},
        {"message": "ok", "data": {"current_page": 1, "data": OBJECTS, "per_page": 10}, "error": 0},
        {"status": "OK", "data": [{"page": 1, "pages": 1, "total": 2}, OBJECTS]},
        [["kode", "nama", "desa"], *LISTS],
    ],
    ids=["ckan", "ckan dump", "pages", "bps", "lists"],
)
def test_rows_of_json_are_found_where_portals_put_them(wrapped: Any) -> None:
    report = checked(json.dumps(wrapped).encode(), filename="data.json")
    assert report.rows == 2 and [each.rule for each in report.findings] == ["NL-01"]


@pytest.mark.parametrize(
    "text",
    [
        '{"data": {"jumlah": 1}}',
        '{"data": ' * 500 + "1" + "}" * 500,
        '{"result": {"records": [{"a": 1}]}, x}',
    ],
)
def test_json_without_rows_or_broken_behind_them_is_refused(text: str) -> None:
    assert [each.rule for each in checked(text, filename="data.json").findings] == ["IO-01"]


# --- headers ------------------------------------------------------------------------------------------------

THREE = [
    ["Wilayah", "Garis Kemiskinan (Rp)", "", "", "", "Persentase", "", "", ""],
    ["", "2022", "", "2023", "", "2022", "", "2023", ""],
    ["", *["Maret", "September"] * 4],
    *([name, "332.461", "368.011", "401.200", "410.118", *["12,5", "8,25"] * 2] for name in KECAMATAN),
]


@pytest.mark.parametrize(
    "data", [csv(THREE, ";"), xlsx(THREE, "A1:A3", "B1:E1", "F1:I1", "B2:C2", "D2:E2", "F2:G2", "H2:I2")]
)
def test_a_header_of_three_rows_gives_every_column_its_own_name(data: bytes) -> None:
    proposal, report = own(data)
    assert names(proposal)[:3] == [
        "Wilayah",
        "Garis Kemiskinan (Rp) / 2022 / Maret",
        "Garis Kemiskinan (Rp) / 2022 / September",
    ]
    assert names(proposal)[-1] == "Persentase / 2023 / September" and len(names(proposal)) == 9
    assert types(proposal) == ["string", *["integer"] * 4, *["number"] * 4]
    assert proposal.standard["primaryKey"] == ["Wilayah"] and not errors(report)


def test_a_parent_that_is_written_above_each_of_its_columns_is_joined_with_them() -> None:
    head = [["Kecamatan", "Sekolah", "Sekolah", "Total"], ["Kecamatan", "SD", "SMP", "Total"]]
    proposal, report = own(csv([*head, *([name, n, 2 * n, 3 * n] for n, name in enumerate(KECAMATAN, 1))]))
    assert names(proposal) == ["Kecamatan", "Sekolah / SD", "Sekolah / SMP", "Total"]
    assert report.rows == 6 and not errors(report)


UNITS = [
    ["Kecamatan", "Luas", "Produksi"],
    ["", "(Ha)", "(Ton)"],
    *([name, f"{n}.5", 10 * n] for n, name in enumerate(KECAMATAN, 1)),
]


def test_units_below_the_names_are_part_of_the_header() -> None:
    proposal, report = own(csv(UNITS))
    units = [each.get("satudata:satuan") for each in proposal.standard["fields"]]
    assert units == [None, "Hektare", "Ton"] and report.rows == 6 and not errors(report)


def test_units_below_the_names_are_no_data_for_a_standard_that_does_not_know_them() -> None:
    standard = of_names(field("Kecamatan"), field("Luas", "number"), field("Produksi", "integer"))
    report = checked(csv(UNITS), standard)
    assert report.rows == 6 and not errors(report) and report.understood["skipped"] == {"units": 1}


@pytest.mark.parametrize(
    "line", ["1,2,3,4=2+3", "(1),(2),(3),(4)=(2)+(3)", "(1),(2),(3),(4=2+3)"], ids=["plain", "bps", "within"]
)
def test_column_numbers_may_say_how_a_column_is_reckoned(line: str) -> None:
    rows = "\n".join(f"{name},{n},{n},{2 * n}" for n, name in enumerate(KECAMATAN, 1))
    proposal, report = own(f"Kecamatan,Baik,Rusak,Jumlah\n{line}\n{rows}\n".encode())
    assert types(proposal) == ["string", *["integer"] * 3] and report.rows == 6 and not errors(report)


IN_ENGLISH_TOO = [
    ["Kecamatan", "Jenis Kelamin", "", "", "Rasio"],
    ["Subdistrict", "Sex", "", "", "Ratio"],
    ["", "Laki-laki", "Perempuan", "Jumlah", ""],
    ["", "Male", "Female", "Total", ""],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    *([name, n, 2 * n, 3 * n, 50.5] for n, name in enumerate(KECAMATAN, 1)),
]


@pytest.mark.parametrize("made", [csv, xlsx])
def test_a_line_break_within_a_name_is_a_space_unless_the_standard_has_it(made: Any) -> None:
    data = made([["Kecamatan", "Jumlah\nDesa"], *([name, n] for n, name in enumerate(KECAMATAN, 1))])
    proposal, report = own(data)
    assert names(proposal) == ["Kecamatan", "Jumlah Desa"] and remarks(report) == {"IO-14"}
    broken = of_names(field("Kecamatan"), field("Jumlah\nDesa", "integer"))
    assert not checked(data, broken).findings


@pytest.mark.parametrize("made", [csv, xlsx])
def test_the_line_of_a_name_that_the_standard_knows_is_enough(made: Any) -> None:
    rows = [
        ["Kecamatan\nSubdistrict", "Desa", ""],
        ["", "Luas\nArea", "Jumlah\nTotal"],
        ["(1)", "(2)", "(3)"],
    ]
    data = made([*rows, *([name, n, 2 * n] for n, name in enumerate(KECAMATAN, 1))])
    report = checked(data, of_names(field("Kecamatan"), field("Luas", "integer"), field("Jumlah", "integer")))
    assert report.rows == 6 and remarks(report) == {"IO-14"}


def test_the_first_column_of_a_wide_table_is_found_above_its_years() -> None:
    rows = [
        ["Wilayah", "Indeks", "", ""],
        ["", "2021", "2022", "2023"],
        ["Kunir", 1, 2, 3],
        ["Tempeh", 4, 5, 6],
    ]
    wide = {"kolom": r"(\d{4})", "menjadi": "tahun", "nilai": "nilai"}
    fields = (field("Wilayah"), field("tahun", "year"), field("nilai", "integer"))
    report = checked(csv(rows), of_names(*fields, **{"satudata:tabelLebar": wide}))
    assert report.rows == 2 and remarks(report) == {"IO-14"}


@pytest.mark.parametrize("english", [True, False])
def test_a_column_goes_by_any_of_its_names_that_is_its_own(english: bool) -> None:
    known = ["Kecamatan / Subdistrict", "Laki-laki / Male"] if english else ["Kecamatan", "Laki-laki"]
    report = checked(csv(IN_ENGLISH_TOO), of_names(field(known[0]), field(known[1], "integer")))
    assert report.rows == 6 and not errors(report)


def test_a_first_row_in_brackets_is_data_where_it_has_a_name() -> None:
    rows = [["Kecamatan", "Keterangan"], ["(Kota)", "(baik)"], ["Kunir", "(rusak)"]]
    assert checked(csv(rows), of_names(field("Kecamatan"), field("Keterangan"))).rows == 2


@pytest.mark.parametrize("data", [csv(IN_ENGLISH_TOO), xlsx(IN_ENGLISH_TOO, "B1:D1", "B2:D2")])
def test_all_above_the_line_that_numbers_the_columns_is_the_header(data: bytes) -> None:
    proposal, report = own(data)
    assert names(proposal)[0] == "Kecamatan / Subdistrict" and len(names(proposal)) == 5
    assert names(proposal)[1] == "Jenis Kelamin / Sex / Laki-laki / Male"
    assert report.rows == 6 and not errors(report)


def test_names_again_in_english_are_no_data_for_a_standard_that_knows_the_first() -> None:
    head = "Kecamatan,Luas,Desa\nSubdistrict,Area,Village\n(1),(2),(3)\n"
    standard = of_names(field("Kecamatan"), field("Luas", "integer"), field("Desa", "integer"))
    report = checked(head + "Kunir,7,8\nTempeh,9,10\n", standard)
    assert report.rows == 2 and not report.findings


def test_a_title_with_commas_is_no_header() -> None:
    rows = "\n".join(f"{name},{n}.5,{n}" for n, name in enumerate(KECAMATAN, 1))
    proposal, report = own(f"Penduduk, Luas, dan Kepadatan, 2022\nKecamatan,Luas,Desa\n{rows}\n".encode())
    assert names(proposal) == ["Kecamatan", "Luas", "Desa"]
    assert report.rows == 6 and errors(report) == {"IO-03"}


def test_a_header_with_a_comma_too_many_stays_the_header() -> None:
    report = checked("No,Kecamatan,Sapi, ekor\n1,Tempursari,7\n2,Pronojiwo,8\n3,Kunir,9\n", TERNAK)
    assert report.understood["header_row"] == 1


# --- what is around the table -------------------------------------------------------------------------------

SIGNED = [
    ["", "", ""],
    ["", "Mengetahui,", "Lumajang, 5 Januari 2024"],
    ["", "", "Kepala Dinas Peternakan"],
    ["", "", ""],
    ["", "", "Drh. SUTRISNO"],
    ["", "", "NIP. 19650101 199003 1 001"],
]


@pytest.mark.parametrize("made", [csv, xlsx, lambda rows: ods({"Data": rows})], ids=["csv", "xlsx", "ods"])
def test_who_signed_a_table_is_no_row_of_it_and_is_not_repeated(made: Any) -> None:
    ours = [["", *row] for row in SIGNED]
    standard = of_names(*({"name": name, "type": "string"} for name in ("No", "Kecamatan", "Sapi", "Ket")))
    rows = [[*row, "Ket" if row[0] == "No" else "baik"] for row in TERNAK_ROWS]
    report = checked(made([*rows, *ours]), standard)
    assert report.rows == 6 and remarks(report) == {"IO-13"}
    assert report.understood["skipped"] == {"blank": 2, "signatures": 4}
    (told,) = (each for each in report.findings if each.rule == "IO-13")
    assert "Lumajang, 5 Januari 2024 …" in str(told.value) and "NIP" not in str(told.value)


def test_a_signature_keeps_a_large_file_from_being_read_in_passing() -> None:
    rows = [["No", "Kecamatan", "Sapi"], *([n, "Tempursari", 7] for n in range(1, 4_001))]
    signed = csv([*rows, *SIGNED[2:3], *SIGNED[5:]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE_FROM", 0)
        assert large.read_large(io.BytesIO(csv(rows)), 1, TERNAK, FACTS) is not None
        assert large.read_large(io.BytesIO(signed), 1, TERNAK, FACTS) is None


def test_a_last_row_with_few_cells_is_data_where_nobody_signs() -> None:
    rows = [["No", "Nama", "Jabatan", "Alamat"], [1, "Ani", "Sekretaris Dinas", "Jl. A"]]
    standard = of_names(*(field(name) for name in ("No", "Nama", "Jabatan", "Alamat")))
    assert checked(csv([*rows, ["", "Budi", "Kepala Dinas", ""]]), standard).rows == 2


@pytest.mark.parametrize("made", [csv, xlsx])
def test_empty_columns_beside_the_table_are_passed_over_and_notes_below_it_are_found(made: Any) -> None:
    rows = [["", *row, "", ""] for row in [*TERNAK_ROWS, ["", "", ""], ["Sumber: Dinas Peternakan", "", ""]]]
    report = checked(made(rows), TERNAK)
    assert report.rows == 6 and remarks(report) == {"IO-13", "IO-14"}


def test_an_empty_column_among_the_others_is_still_an_error() -> None:
    rows = [[*row[:2], "", *row[2:]] for row in TERNAK_ROWS]
    assert errors(checked(csv(rows), TERNAK)) == {"IO-06"}


def test_a_table_beside_with_the_same_first_names_is_not_read_as_ours() -> None:
    other = [["No", "Kecamatan", "Ayam"], *([n, name, n] for n, name in enumerate(KECAMATAN, 1))]
    data = xlsx([[*mine, "", *theirs] for mine, theirs in zip(TERNAK_ROWS, other, strict=True)])
    proposal, report = own(data)
    assert names(proposal) == ["No", "Kecamatan", "Sapi"] and "Kolom E" in said(proposal)
    assert remarks(report) == {"IO-12"} and remarks(checked(data, TERNAK)) == {"IO-12"}


def test_a_legend_beside_the_table_is_no_part_of_it() -> None:
    legend = [["Kode", "Arti"], ["B", "Baik"], ["R", "Rusak"], *[["", ""]] * 4]
    data = csv([[*mine, "", *theirs] for mine, theirs in zip(TERNAK_ROWS, legend, strict=True)])
    proposal, report = own(data)
    assert names(proposal) == ["No", "Kecamatan", "Sapi"] and remarks(report) == {"IO-12"}


@pytest.mark.parametrize("made", [csv, xlsx])
def test_the_title_of_a_continued_table_goes_with_its_repeated_header(made: Any) -> None:
    head, *rows = TERNAK_ROWS
    report = checked(
        made([head, *rows[:3], ["", "", ""], ["Lanjutan Tabel 1", "", ""], head, *rows[3:]]), TERNAK
    )
    assert report.rows == 6 and errors(report) == {"IO-16"}


def test_a_cover_is_not_the_sheet_that_is_proposed_for() -> None:
    cover, facts = [["SATU DATA"], ["Dinas Peternakan"]], [["Judul", "Ternak"], ["Periode", "2023"]]
    proposal = propose(ods({"Sampul": cover, "Metadata": facts, "Data": TERNAK_ROWS}))
    assert proposal.standard["satudata:lembar"] == "Data" and names(proposal) == ["No", "Kecamatan", "Sapi"]


def test_lines_that_are_one_quoted_cell_each_are_read_without_their_quotes() -> None:
    data = "\n".join('"' + ",".join(map(str, row)) + '"' for row in TERNAK_ROWS)
    report = checked(data, TERNAK)
    assert report.rows == 6 and remarks(report) == {"IO-14"}


def test_cells_that_are_all_quoted_are_cells() -> None:
    data = "\n".join(",".join(f'"{cell}"' for cell in row) for row in TERNAK_ROWS)
    assert not checked(data, TERNAK).findings


# --- proposals ----------------------------------------------------------------------------------------------


def column(name: str, *values: str, delimiter: str = "|") -> tuple[dict[str, Any], Proposal]:
    rows = [f"wilayah{delimiter}{name}", *(f"W{n}{delimiter}{value}" for n, value in enumerate(values))]
    proposal = propose("\n".join(rows).encode())
    return proposal.standard["fields"][1], proposal


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("tanggal", ("01/01/2024 07.00", "02/01/2024 07.00", "03/01/2024 19.00"), "dengan jam"),
        ("kode_kecamatan", ("3508010.0", "3508020.0", "3508030.0"), 'berakhiran ".0"'),
        ("NIK", ("3,50801E+15", "3,50802E+15", "3,50803E+15"), "sudah hilang"),
        ("kode_desa", ("'3508010001", "'3508010002", "'3508010003"), "tanda petik"),
        ("kelompok_umur", ("0-4", "2023-09-05", "Oct-14", "15-19", "20-24"), "diubah lembar kerja"),
        ("tanggal", ("5 Mei 2023", "17 Agustus 2023", "Senin, 1 Januari 2024"), "nama bulan"),
        ("sisa", ("1.000,50", "(2.000,25)", "(3.000,75)"), "kurung"),
        ("kondisi", ("Baik", "baik") * 6, "huruf besar"),
    ],
)
def test_what_spreadsheets_and_people_did_to_the_values_is_said(
    name: str, values: tuple[str, ...], words: str
) -> None:
    found, proposal = column(name, *values)
    assert found["type"] == "string" and words in said(proposal)


def test_a_code_of_a_map_is_text() -> None:
    assert column("KDCPUM", "3508010", "3508020", "3508030")[0]["type"] == "string"


def test_a_column_of_families_is_no_column_of_family_card_numbers() -> None:
    found, proposal = column("kk", "120", "75", "310")
    assert found["type"] == "integer" and "data pribadi" not in said(proposal)


def test_points_are_thousands_where_the_file_writes_decimals_with_commas() -> None:
    rows = ["hotel|tamu|rata", "A|12.305|1,5", "B|14.210|2,25", "C|11.870|1,75"]
    found = propose("\n".join(rows).encode()).standard["fields"][1]
    assert (found["type"], found.get("groupChar")) == ("integer", ".")


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (["Tahun Ajaran;Jenjang;APK"] + [f"{y}/{y + 1};{j};{y - 1900 + len(j)},{y % 7} %"
          for y in range(2015, 2021) for j in ("SD", "SMP", "SMTA")], ["Tahun Ajaran", "Jenjang"]),
        (["Nama;Tgl Lahir;Nilai"] + [f"N{n % 20};{n + 1:02d}/01/1990;1" for n in range(20)], ["Nama"]),
        (["Jenis;Semester I;Semester II"] + [f"J{n};{20 + n};{30 + n}" for n in range(6)], ["Jenis"]),
        (["Usaha;Kota;Omzet"] + [f"U{n // 2};K{n % 2};Rp {n}.000.000" for n in range(12)], ["Usaha", "Kota"]),
    ],
    ids=["percent", "birth", "semester", "rupiah"],
)  # fmt: skip
def test_what_is_measured_or_only_describes_is_no_key(rows: list[str], key: list[str]) -> None:
    assert propose("\n".join(rows).encode()).standard["primaryKey"] == key


def test_years_of_figures_that_are_not_final_are_years_of_the_same_table() -> None:
    rows = [["Lapangan Usaha", "2020", "2021*", "2022**"], *([name, 1, 2, 3] for name in KECAMATAN)]
    proposal, report = own(csv(rows))
    assert names(proposal) == ["Lapangan Usaha", "tahun", "nilai"] and not report.findings


def test_a_wide_table_without_a_key_of_its_rows_has_none_by_its_years() -> None:
    assert "primaryKey" not in propose(b",2021,2022\nA,1,2\nB,3,4\nC,5,6\n").standard


def test_notes_on_the_columns_of_a_wide_table_are_told_once_by_the_weakest() -> None:
    rows = [
        ["Stasiun", "Jan", "Feb", "Mar"],
        *([name, "-" if name == "Kunir" else 1, 2, 3 if name == "Kunir" else "-"] for name in KECAMATAN),
    ]
    place = "$.fields[2].constraints.required"
    notes = [note for note in propose(csv(rows)).notes if note.place == place]
    assert len(notes) == 1 and notes[0].share is not None and notes[0].share < 0.5


@pytest.mark.parametrize("first", [True, False])
def test_the_region_among_its_parts_is_said_to_be_their_total(first: bool) -> None:
    parts = [[name, n, 2 * n] for n, name in enumerate(KECAMATAN, 1)]
    total = [["Lumajang", 21, 42]]
    rows = [["Kecamatan", "Bidan", "Perawat"], *(total + parts if first else parts + total)]
    assert '"Lumajang", agaknya jumlah baris yang lain' in said(propose(csv(rows)))


def test_headings_among_the_data_are_said() -> None:
    rows = [["No", "Nama", "Alamat", "Tempat Tidur"], ["A", "RUMAH SAKIT", "", ""]]
    rows += [[n, f"RS {name}", "Jl. Raya", 10 * n] for n, name in enumerate(KECAMATAN, 1)]
    assert '"A", "RUMAH SAKIT"' in said(propose(csv(rows)))


def test_a_sample_without_a_column_is_refused_in_words() -> None:
    with pytest.raises(Unreadable, match="column"):
        propose(b"[]", filename="kosong.json")
