"""A large CSV is judged row by row without being laid out: it must be as if it had been."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from engine import FACTS, desa, document, field, kode_kecamatan, wilayah
from hypothesis import given, settings
from hypothesis import strategies as st

from validation_service.model import table
from validation_service.model.check import check
from validation_service.model.facts import Facts
from validation_service.model.reading import csv_blocks, large
from validation_service.model.report import Report
from validation_service.model.rules import cells
from validation_service.model.rules.grammar import anything, plain_cell
from validation_service.model.standard import BadStandard, Field, Standard

LISTS = {"wilayah-kemendagri": wilayah()}


def judged(data: bytes, standard: Standard, facts: Facts = FACTS) -> Report:
    report = check(io.BytesIO(data), facts=facts, standard=standard, codelists=LISTS)
    assert "TK-01" not in report.counts, report.findings[0].message.en
    return report


def look_at_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(table, "doubtful_rows", lambda frame, standard: frame)
    patch.setattr(cells, "is_plain_column", lambda *_: False)


def both(data: bytes, standard: Standard, facts: Facts = FACTS) -> tuple[Report, Report]:
    """By a look at all cells, and in a sweep."""
    with pytest.MonkeyPatch.context() as patch:
        look_at_all(patch)
        patch.setattr(large, "LARGE_FROM", 1 << 60)
        plainly = judged(data, standard, facts)
        patch.setattr(large, "LARGE_FROM", 0)
        return plainly, judged(data, standard, facts)


def same(data: bytes, standard: Standard, facts: Facts = FACTS) -> None:
    """Also as any small file is judged."""
    plainly, swept = both(data, standard, facts)
    assert swept.to_json() == plainly.to_json()
    assert judged(data, standard, facts).to_json() == plainly.to_json()


def is_swept(data: bytes, standard: Standard, facts: Facts = FACTS) -> bool:
    return large.read_large(io.BytesIO(data), len(data), standard, facts) is not None


SAMPLES = [
    *("", " ", "-", "--", "n/a", "NA", "N/A", "nan", "Null", "none", "#REF!", "#", "–", "…", "..."),
    *(
        "0",
        "-0",
        "00",
        "007",
        "7",
        "+7",
        " 7",
        "7 ",
        "100",
        "101",
        "-1",
        "1.5",
        "1,5",
        "1.000",
        "1e3",
    ),
    *("inf", "NaN", "99999999999999999999", "5000", "5001", "0.5", ".5", "5.", "100.0", "100.1"),
    *("2024-02-29", "2023-02-29", "2024-1-1", "2024-12-31", "2024-04-31", "0999-01-01", "31/12/2024"),
    *("Jumlah", "JUMLAH", "Total", "total:", "sub total", "Subur", "Grand Hotel", "Jum", "Tot", "su"),
    *(
        "merah",
        "Merah",
        "biru",
        "hijau",
        "true",
        "benar",
        "1",
        "FALSE",
        "ya",
        "tidak",
        "na ma",
        "tada",
    ),
    *("ab12", "ab1", "xab12", "a.b@c", "35.08.01", "35.08.22", "3508010", "Tempursari", "Pronojiwo"),
    *("a  b", " a", "a ", "a\u00a0b", "é", "ÿ", "×", "Ñandú", "kopi & teh", "<b>", "&quot;", "a\tb"),
    *(
        "3508014101900001",
        "'3508014101900001",
        "350801 4101900001",
        "\u200b",
        "3508 0141 0190 0001",
        "x3508014101900001",
        "-99",
        "-9 9",
    ),
    *("nama panjang sekali lebih dari dua puluh empat huruf", "x" * 30, "x" * 60, "a" * 101, "\u0130"),
    *("45", "99", "2020", "2023-07-28", "28/07/2023", "cd34", "e.f@g", "Sukodono 2", "12 Mei", "x y"),
]
CELLS = st.one_of(
    st.sampled_from(SAMPLES),
    st.text("abnjtsgul-./ #'0123456789éÀ", max_size=12),
    st.integers(-10, 6000).map(str),
)
QUOTED = st.sampled_from(['"a, b"', '""', '"x"', '"a ""b"""', '" y"', '"7"', '"x" ', 'a"b', '"a\nb"'])

KINDS: list[dict[str, Any]] = [
    field("k", "integer"),
    field("k", "integer", minimum=0, maximum=100),
    field("k", "integer", minimum=-5, maximum=5000),
    field("k", "integer", minimum=3),
    field("k", "integer", maximum=-1),
    field("k", "integer") | {"groupChar": "."},
    field("k", "number", minimum=0, maximum=100),
    field("k", "number"),
    field("k", "number", minimum=0.5),
    field("k", "number", minimum=-99.5, maximum=20),
    field("k", "number") | {"decimalChar": ","},
    field("k", "number") | {"satudata:satuan": "Persen"},
    field("k", "date"),
    field("k", "date", minimum="2020-05-01", maximum="2024-06-01"),
    field("k", "date") | {"format": "%d/%m/%Y"},
    field("k", "year"),
    field("k", "year", minimum=1990, maximum=2030),
    field("k", "boolean"),
    field("k", "boolean") | {"trueValues": ["ya", "1"], "falseValues": ["tidak", "0"]},
    field("k", "string"),
    field("k", "string", minLength=2, maxLength=4),
    field("k", "string", minLength=3, maxLength=40),
    field("k", "string", maxLength=200),
    field("k", "string", pattern="[a-z]{2}[0-9]{2}"),
    field("k", "string", pattern="^[a-z.]+@[a-z]+$"),
    field("k", "string", pattern="[^,]*"),
    field("k", "string", pattern="[A-Za-z]+|[0-9]+"),
    field("k", "string", pattern="[0-9]{16}"),
    field("k", "string", enum=["merah", "biru", "Jumlah", "na", "x y"]),
    field("k", "string", unique=True),
    field("k", "integer", unique=True),
]


@st.composite
def standards(draw: st.DrawFn) -> Standard:
    drawn = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), min_size=1, max_size=5))
    fields = []
    for n, (kind, required) in enumerate(drawn):
        fields.append(kind | {"name": f"k{n}", "constraints": kind["constraints"] | {"required": required}})
    more: dict[str, Any] = {}
    numbers = [f["name"] for f in fields if f["type"] in ("integer", "number")]
    if draw(st.booleans()):
        more["primaryKey"] = [fields[draw(st.integers(0, len(fields) - 1))]["name"]]
    if draw(st.booleans()):
        more["missingValues"] = ["", "-99", "tada", "na ma", "0"][: draw(st.integers(1, 5))]
    if numbers and draw(st.integers(0, 3)) == 0:
        more["satudata:aturan"] = [f"{numbers[0]} <= 50", f"{numbers[0]} / {numbers[-1]} < 3"]
    if numbers and draw(st.integers(0, 3)) == 0:
        more["satudata:aturan"] = [f"{numbers[0]} < total({numbers[0]})"]
    if len(set(numbers)) > 2 and draw(st.booleans()):
        more["satudata:jumlah"] = [{"total": numbers[0], "bagian": numbers[1:]}]
    for n in range(draw(st.integers(0, 3))):  # columns that make it worth while
        fields.append(field(f"lain{n}"))
    try:
        return Standard.parse(document(*fields, **more))
    except BadStandard:
        return Standard.parse(document(*fields))


def cells_of(field: Field, standard: Standard, delimiter: str) -> st.SearchStrategy[str]:
    """Most of them plain, so that there are whole rows of such."""
    pattern = plain_cell(field, standard, delimiter)
    plain = [] if pattern is None else matching(pattern, SAMPLES)
    odd = CELLS.filter(lambda text: delimiter not in text)
    return st.integers(0, 40).flatmap(
        lambda n: QUOTED if n == 0 else odd if n < 10 else st.sampled_from(plain or ["7"])
    )


def matching(pattern: str, texts: list[str]) -> list[str]:
    by_polars = pl.Series(texts).filter(pl.Series(texts).str.contains(f"^(?:{pattern})$")).to_list()
    assert by_polars == [text for text in texts if re.fullmatch(pattern, text)]
    return by_polars


@settings(max_examples=100, deadline=None)  # a row more costs less than a standard more
@given(standards(), st.data())
def test_a_sweep_finds_what_a_look_at_all_cells_finds(standard: Standard, data: st.DataObject) -> None:
    delimiter = data.draw(st.sampled_from(",;\t|"))
    drawn = [cells_of(field, standard, delimiter) for field in standard.fields]
    height = data.draw(st.integers(1, 24))
    rows = data.draw(st.lists(st.tuples(*drawn), min_size=height, max_size=height))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join(delimiter.join(row) for row in [list(standard.names), *rows])
    facts = replace(FACTS, access=data.draw(st.sampled_from([None, "terbuka"])))
    same((text + data.draw(st.sampled_from(["", end, end * 2]))).encode(), standard, facts)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(KINDS), CELLS, st.booleans(), st.sampled_from(",;\t|"))
def test_what_is_called_plain_breaks_no_rule(
    kind: dict[str, Any], text: str, required: bool, delimiter: str
) -> None:
    kind = kind | {"constraints": kind["constraints"] | {"required": required}}
    standard = Standard.parse(document(kind))
    cell = plain_cell(standard.fields[0], standard, delimiter)
    if cell is None or not matching(cell, [text]):
        return
    assert delimiter not in text and matching(anything(delimiter), [text])
    with pytest.MonkeyPatch.context() as patch:
        look_at_all(patch)
        report = judged(f"k{delimiter}lain\n{text}{delimiter}x\n".encode(), standard)
    assert set(report.counts) <= {"IO-05", "MD-01"}, report.findings


def lumajang(rows: int = 40) -> bytes:
    lists = wilayah().frame
    codes = [(kode, nama) for kode, nama in zip(lists["kode"], lists["nama"], strict=True) if len(kode) == 8]
    lines = [f"{kode},{nama},{n % 90}" for n, (kode, nama) in enumerate(codes * rows)]
    return ("kode,nama,desa\n" + "\n".join(lines) + "\n").encode()


def wide_desa() -> Standard:
    return Standard.parse(
        document(
            kode_kecamatan(),
            field("nama", required=True),
            field("tahun", "integer", minimum=2000, maximum=2030),
            *(field(f"isi{n}", "integer", minimum=0, maximum=100) for n in range(4)),
        )
    )


def table_of_desa(*bad: str) -> bytes:
    good = [f"35.08.{n:02},{nama},2024,1,2,3,4" for n, nama in enumerate(("Tempursari", "Pronojiwo"), 1)]
    return ("kode,nama,tahun,isi0,isi1,isi2,isi3\n" + "\n".join([*good * 30, *bad, *good]) + "\n").encode()


@pytest.mark.parametrize(
    "bad",
    [
        ["35.08.01,Tempursari,2024,1,2,3,4"],
        ["35.08.01,Pronojiwo,2024,1,2,3,4"],
        ["3508010,Tempursari,2024,1,2,3,4"],
        ["35.08.99,Entah,1999,1,2,3,101", "35.08.99,Entah,2024,x,,3,4"],
        [",Jumlah,,100,100,100,100", "Total,,,1,1,1,1"],
        ['"35.08.01","Tempursari",2024,"1",2,3,4', '35.08.01,"Tempursari, lama",2024,1,2,3,4'],
        ["35.08.01,Tempur\x01sari,2024,1,2,3,4"],
        ["35.08.01,Tempursari <b>,2024,1,2,3,4", "35.08.01,Tempursari &amp; X,2024,1,2,3,4"],
    ],
)
def test_codes_totals_quotes_and_markup_are_found_in_a_sweep(bad: list[str]) -> None:
    data, standard = table_of_desa(*bad), wide_desa()
    assert is_swept_when_large(data, standard)
    same(data, standard)


FREE = [field(f"isi{n}", "integer") for n in range(4)]


@pytest.mark.parametrize("pattern", [None, "[A-Za-z0-9 ]+"])
@pytest.mark.parametrize(
    "rows",
    [
        ["Jumlah A,,1,2,3,4"],
        ["A,,1,2,3,4", "Jumlah A,,1,2,3,4"],
        ["A,b,x,2,3,4", "Jumlah A,,1,2,3,4", "A,,1,2,3,4"],
        ["Jumlah,,1,2,3,4"],
    ],
)
def test_totals_that_only_their_name_tells_are_found_in_a_sweep(rows: list[str], pattern: str | None) -> None:
    texts = [field("kec"), field("desa")]
    if pattern is not None:
        texts = [field("kec", pattern=pattern), field("desa", pattern=pattern)]
    good = [f"A,a{n},1,2,3,4" for n in range(40)]
    data = "kec,desa,isi0,isi1,isi2,isi3\n" + "\n".join([*good, *rows, *good]) + "\n"
    same(data.encode(), Standard.parse(document(*texts, *FREE)))


@given(
    late=st.lists(st.tuples(st.integers(0, 59), st.integers(-3, 70)), max_size=8),
    falling=st.booleans(),
    blank=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_numbers_of_a_key_that_come_again_are_found_in_whatever_order(
    late: list[tuple[int, int]], falling: bool, blank: bool
) -> None:
    numbers: list[object] = list(range(60, 0, -1) if falling else range(1, 61))
    for place, number in late:
        numbers[place] = "" if blank and number == 7 else number
    standard = Standard.parse(document(field("No", "integer"), field("nama"), primaryKey=["No"]))
    data = "No,nama\n" + "".join(f"{number},Puskesmas\n" for number in numbers)
    plainly, swept = both(data.encode(), standard)
    assert swept.to_json() == plainly.to_json()
    assert is_swept_when_large(data.encode(), standard)


def test_wrong_numbers_of_a_key_and_the_word_of_a_total_among_them_are_found_in_a_sweep() -> None:
    others = [field(f"lain{n}", required=True) for n in range(4)]
    standard = Standard.parse(document(field("No", "integer", required=True), *others, primaryKey=["No"]))
    numbers = [*range(1, 60), "tujuh", 7, "007", "tujuh", "", ""]
    lines = [f"{number},a,b,c,d" for number in numbers] + ["Jumlah,,,,5", "60,a,b,c,d"]
    data = ("No,lain0,lain1,lain2,lain3\n" + "\n".join(lines) + "\n").encode()
    assert is_swept_when_large(data, standard)
    same(data, standard)
    plainly, _ = both(data, standard)
    assert plainly.counts == {"DP-01": 3, "SD-01": 2, "NL-01": 2, "AG-01": 1, "MD-01": 1}


@pytest.mark.parametrize(
    "bad",
    [
        ["35.08.01,Tempursari,2024,1,2,3"],
        ["35.08.01,Tempursari,2024,1,2,3,4,5"],
        ["", ",,,,,,"],
        ['35.08.01,"Tempur\nsari",2024,1,2,3,4'],
        ['35.08.01,"Tempur ""sari""",2024,1,2,3,4'],
        ['35.08.01,Tempur"sari,2024,1,2,3,4'],
        ["35.08.01,Tempur\rsari,2024,1,2,3,4"],
        ['35.08.01,"Tempur', "35.08.01,Tempursari,2024,1,2,3,4", 'sari",2024,1,2,3,4'],
    ],
)
def test_what_a_sweep_cannot_be_sure_of_is_read_slowly(bad: list[str]) -> None:
    data, standard = table_of_desa(*bad), wide_desa()
    assert not is_swept_when_large(data, standard)
    same(data, standard)


def is_swept_when_large(data: bytes, standard: Standard) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE_FROM", 0)
        return is_swept(data, standard)


@pytest.mark.parametrize(
    "note",
    [
        "Sumber: Dinas\n",
        "Sumber: Dinas,,,,,,\n",
        "\n\nSumber: Dinas,,,,,,\n",
        "Sumber: BPS, diolah,,,,,\n",
        "Catatan: angka sementara,,,,,,\nSumber: BPS, diolah, semua,,,,\n",
        '"Sumber: BPS, diolah",,,,,,',
    ],
)
def test_notes_below_a_large_table_are_set_aside(note: str) -> None:
    data, standard = table_of_desa() + note.encode(), wide_desa()
    same(data, standard)
    assert set(judged(data, standard).counts) <= {"DP-01", "IO-10", "IO-13", "IO-14", "MD-01"}


@pytest.mark.parametrize("again", ["kode,nama,isi", ' kode,"nama",isi ', "kode,nama", "kode,nama,apa"])
@pytest.mark.parametrize("kinds", [("string", "string"), ("string", "integer")])
def test_names_that_come_again_in_a_large_table_are_told(again: str, kinds: tuple[str, str]) -> None:
    standard = Standard.parse(document(field("kode"), field("nama", kinds[0]), field("isi", kinds[1])))
    rows = "35.08.01,Tempursari,7\n" * 50
    data = f"kode,nama,isi\n{rows}{again}\n{rows}".encode()
    same(data, standard)
    assert ("IO-16" in judged(data, standard).counts) == ("isi" in again)


@pytest.mark.parametrize("names", ["kode,nama,umur,a,b,c,d", "kode,nama,umur"])
@pytest.mark.parametrize("blank", ["", ",,,,,,"])
def test_another_table_below_a_large_one_is_told_as_below_a_small_one(names: str, blank: str) -> None:
    row = "x" + ",1" * names.count(",")
    data, standard = table_of_desa(blank, names, *[row] * 3_000), wide_desa()
    same(data, standard)
    assert judged(data, standard).counts["IO-17"] == 1


def test_an_empty_margin_of_a_large_table_is_told_as_of_a_small_one() -> None:
    lines = ["kode,nama,tahun,isi0,isi1,isi2,isi3", *["35.08.01,Tempursari,2024,1,2,3,4"] * 40]
    data = "".join(f",{line}\n" for line in lines).encode()
    assert "IO-14" in both(data, wide_desa())[1].counts
    same(data, wide_desa())


def test_a_note_below_a_large_table_of_one_column_is_set_aside() -> None:
    standard = Standard.parse(document(field("nama", required=True)))
    data = "nama\n" + "Tempursari\n" * 60
    same(data.encode(), standard)
    same(f"{data}Sumber: Dinas\n".encode(), standard)


def test_broken_encodings_of_a_large_file_are_told() -> None:
    same(table_of_desa("35.08.01,Tempursarié,2024,1,2,3,4").replace("é".encode(), b"\xe9"), wide_desa())
    same(b"\xef\xbb\xbf" + table_of_desa(), wide_desa())
    same(table_of_desa().decode().encode("utf-16"), wide_desa())


def test_blocks_end_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    data = lumajang() + b"35.08.01,Tempursari,x\r\n\r\n"
    for size in (1, 7, 30, 64, 1_000):
        monkeypatch.setattr(csv_blocks, "BLOCK", size)
        same(data, desa())


def test_numbers_of_persons_in_an_open_dataset_are_seen_in_a_large_file() -> None:
    standard = Standard.parse(document(field("nomor"), field("nama"), field("umur", "integer")))
    data = "nomor,nama,umur\n" + "3508014101900001,Siti,30\n" * 50
    same(data.encode(), standard, replace(FACTS, access="terbuka"))
    plainly, swept = both(data.encode(), standard, replace(FACTS, access="terbuka"))
    assert swept.counts["PR-01"] == plainly.counts["PR-01"] == 1


def test_the_period_of_a_large_file_is_looked_at_in_all_of_its_rows() -> None:
    standard = replace(wide_desa(), period_column="tahun")
    facts = replace(FACTS, period="2023", period_told=True)
    for row, told in (("35.08.01,Tempursari,2024,1,2,3,4", 1), ("35.08.01,Tempursari,2023,1,2,3,4", 0)):
        data = table_of_desa(row)
        same(data, standard, facts)
        assert is_swept_when_large(data, standard)
        assert judged(data, standard, facts).counts.get("PD-03", 0) == told
