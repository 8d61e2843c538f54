"""Of the usual mistakes it is said what was done, and what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from engine import checked, document, field

from muara_kernel.events.finding import Finding
from validation_service.model.rules.places import SENTENCE
from validation_service.model.standard import Standard

WHOLE, DAY, THREE = field("x", "integer"), field("x", "date"), field("x", pattern="[0-9]{3}")
ENUM = field("x", enum=["Laki-laki", "Perempuan"])


def told(value: str, described: dict[str, Any], **more: Any) -> Finding:
    """The first finding of a cell between others."""
    standard = Standard.parse(document(field("kunci", required=True), described, **more))
    return checked(f'kunci,x\na,\nb,"{value}"\n', standard).findings[-1]


@pytest.mark.parametrize(
    ("value", "described", "hint_id", "hint_en"),
    [
        ("1234.0", WHOLE, "Tulis tanpa .0: 1234.", "Write it without .0: 1234."),
        ("-12,00", WHOLE, "Tulis tanpa ,00: -12.", "Write it without ,00: -12."),
        ("12.5", WHOLE, "Tulis bilangan bulat, misalnya 1250.", "Write a whole number, for example 1250."),
        (
            "7",
            THREE,
            "Nol di depan hilang: tulis 007, dan format sel sebagai teks.",
            "Zeros in front were lost",
        ),
        ("0007", THREE, "Nol di depan berlebih: tulis 007", "There are too many zeros in front: write 007"),
        ("1", field("x", enum=["01", "02"]), "Nol di depan hilang: tulis 01", "Zeros in front were lost"),
        (
            "35.1",
            field("x", pattern=r"\d\d\.\d\d"),
            "Nol di belakang hilang: tulis 35.10",
            "The zero at the end",
        ),
        ("abc", THREE, "Tulis ulang nilai ini menurut pola [0-9]{3}.", "Write this value after the pattern"),
        ("1.2E+05", WHOLE, "Lembar kerja menyingkatnya dengan E", "A spreadsheet cut it short with E"),
    ],
)
def test_the_hint_says_how(value: str, described: dict[str, Any], hint_id: str, hint_en: str) -> None:
    finding = told(value, described)
    assert finding.hint.id.startswith(hint_id) and finding.hint.en.startswith(hint_en)


def test_a_number_too_large_to_be_held_is_called_so() -> None:
    whole, number = told("9223372036854775808", WHOLE), told("1e400", field("x", "number"))
    assert "bukan bilangan bulat dari -9223372036854775808 sampai 9223372036854775807" in whole.message.id
    assert "terlalu besar" in whole.hint.id and "too large" in number.hint.en
    assert told("9223372036854775807", WHOLE | {"constraints": {"maximum": 5}}).rule == "SD-02"


@pytest.mark.parametrize(
    "written",
    [
        *("31/01/2024", "31-1-2024", "31.01.2024", "01/31/2024", "2024/01/31", "20240131"),
        *("31 Januari 2024", "31 JAN 2024", "31-Jan-2024", "2024-01-31 00:00:00", "2024-01-31T00:00"),
    ],
)
def test_a_day_in_another_order_is_read_and_written_anew(written: str) -> None:
    finding = told(written, DAY)
    assert finding.message.id.endswith("bukan tanggal dalam urutan tahun-bulan-tanggal.")
    assert finding.hint.id == f"Ditulis {written}; standar meminta 2024-01-31."
    assert finding.hint.en == f"It says {written}; the standard asks for 2024-01-31."


def test_a_day_is_asked_for_as_the_standard_writes_it() -> None:
    finding = told("2024-05-06", DAY | {"format": "%d/%m/%Y"})
    assert finding.message.en.endswith("is not a date in the order day/month/year.")
    assert finding.hint.id == "Ditulis 2024-05-06; standar meminta 06/05/2024."


@pytest.mark.parametrize("written", ["2023-02-29", "30/02/2024", "31 Juni 2024", "besok", "2024", "1/2/24"])
def test_a_day_that_is_none_in_any_order_does_not_exist(written: str) -> None:
    assert "bukan tanggal yang ada" in told(written, DAY).message.id


@pytest.mark.parametrize(
    ("value", "described", "right", "differs"),
    [
        ("Perempuan ", ENUM, "Perempuan", "hanya spasi"),
        ("Laki-\u200blaki", ENUM, "Laki-laki", "hanya spasi"),
        ("\u00a0Laki-laki", ENUM, "Laki-laki", "hanya spasi"),
        ("PEREMPUAN", ENUM, "Perempuan", "hanya huruf besar dan kecilnya"),
        ("ab", field("x", pattern="[A-Z]{2}"), "AB", "hanya huruf besar dan kecilnya"),
        ("AB ", field("x", pattern="[A-Z]{2}"), "AB", "hanya spasi"),
    ],
)
def test_where_only_spaces_or_case_differ_it_says_so(
    value: str, described: dict[str, Any], right: str, differs: str
) -> None:
    standard = Standard.parse(document(field("kunci"), described))
    finding = next(f for f in checked(f"kunci,x\nb,{value}\n", standard).findings if f.rule != "SD-08")
    assert differs in finding.message.id and finding.severity == "galat"
    assert finding.hint.id == f'Tulis persis "{right}".'


def test_of_two_choices_that_differ_in_case_alone_none_is_guessed() -> None:
    assert told("AYA", field("x", enum=["Aya", "aya"])).hint.id.startswith("Pakai salah satu")


@pytest.mark.parametrize("reference", [{}, {"tingkat": "kecamatan"}])
@pytest.mark.parametrize("code", ["35.08.01 ", "35.08.\u200b01"])
def test_a_code_that_differs_in_spaces_alone_says_so(code: str, reference: dict[str, Any]) -> None:
    described = field("x") | {"satudata:kodeReferensi": {"daftar": "wilayah-kemendagri", **reference}}
    finding = told(code, described)
    assert finding.rule == "KR-01" and "yang berbeda hanya spasi" in finding.message.id
    assert finding.hint.id == "Pakai kode 35.08.01."
    assert "yang berbeda" not in told("35.08.77", described).message.id


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Tempur\u200bsari", "U+200B ZERO WIDTH SPACE"),
        ("Tempur\u00a0sari", "U+00A0 NO-BREAK SPACE"),
        ("\ufeffTempursari", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("Tempur\u00adsari\u200b", "U+00AD SOFT HYPHEN, U+200B ZERO WIDTH SPACE"),
    ],
)
def test_what_nobody_sees_is_named(value: str, name: str) -> None:
    finding = told(value, field("x"))
    assert (finding.rule, finding.severity) == ("SD-08", "peringatan")
    assert finding.message.id.endswith(f"memuat huruf yang tidak tampak: {name}.")
    assert "mengetik ulang" in finding.hint.id


def test_letters_beyond_ascii_are_seen() -> None:
    standard = Standard.parse(document(field("x"), field("lain")))
    assert checked("x,lain\nDésa — “Ñandú” 東,y\n", standard).findings == ()


MARKS = ["", {"value": "-", "label": "tidak tersedia"}, "N/A"]


def test_a_mark_in_a_column_to_be_filled_in_is_told_with_its_meaning() -> None:
    required = field("x", "integer", required=True)
    labelled, bare = told("-", required, missingValues=MARKS), told("N/A", required, missingValues=MARKS)
    assert labelled.message.id == (
        'Sel di kolom "x" kosong (tandanya berarti "tidak tersedia"), padahal wajib diisi.'
    )
    assert "bolehTidakTersedia" in labelled.hint.id and "tidak ada data" in bare.message.id
    blank = told("", required, missingValues=MARKS)
    assert blank.message.en == 'The cell in column "x" is empty, but it must be filled in.'
    in_key = told("-", field("x", "integer"), missingValues=MARKS, primaryKey=["x"])
    assert "kolom kunci utama" in in_key.hint.id


def test_beyond_the_first_thousand_each_sentence_is_still_its_own() -> None:
    standard = Standard.parse(document(field("x", "date", required=True), field("lain"), missingValues=MARKS))
    cells = ["31/01/2024", "besok", "-", "N/A"] * 1_100
    report = checked("x,lain\n" + "".join(f"{cell},y\n" for cell in cells), standard)
    said = [sentence for window in report.everything.windows() for sentence in window[SENTENCE].to_list()]
    parts = ("dalam urutan", "tanggal yang ada", '"tidak tersedia"', "tidak ada data")
    assert [next(part for part in parts if part in sentence) for sentence in said] == [*parts] * 1_100
    assert all(sentence.startswith(("Nilai ", 'Sel di kolom "x" kosong (tandanya')) for sentence in said)


def test_beyond_the_first_thousand_codes_and_texts_have_whole_sentences() -> None:
    described = field("x") | {"satudata:kodeReferensi": {"daftar": "wilayah-kemendagri"}}
    rows = ["35.08.01 ,a\u200bb", "35.08.99,a\u00a0b", "35.08.01,a  b"] * 1_100
    report = checked("x,teks\n" + "\n".join(rows), Standard.parse(document(described, field("teks"))))
    said = {sentence for window in report.everything.windows() for sentence in window[SENTENCE].to_list()}
    listed = "tidak ada dalam daftar wilayah-kemendagri (2025)"
    assert said == {
        f'Kode "35.08.01 " di kolom "x" {listed}; yang berbeda hanya spasi atau huruf yang tidak tampak.',
        f'Kode "35.08.99" di kolom "x" {listed}.',
        'Teks "a\u200bb" di kolom "teks" memuat huruf yang tidak tampak: U+200B ZERO WIDTH SPACE.',
        'Teks "a\u00a0b" di kolom "teks" memuat huruf yang tidak tampak: U+00A0 NO-BREAK SPACE.',
        'Teks "a  b" di kolom "teks" memuat spasi yang berlebih: di depan, di belakang, atau berganda.',
    }


@pytest.mark.parametrize(
    ("value", "described", "odd", "right"),
    [
        ("1\u200b2", WHOLE, "U+200B ZERO WIDTH SPACE", "12"),
        ("\uff11\uff12", WHOLE, "U+FF11 FULLWIDTH DIGIT ONE", "12"),
        ("\u22125", WHOLE, "U+2212 MINUS SIGN", "-5"),
        ("1O0", WHOLE, 'huruf "O"', "100"),
        ("l2,5", field("x", "number") | {"decimalChar": ","}, 'huruf "l"', "12,5"),
        ("2O24", field("x", "year"), 'huruf "O"', "2024"),
        ("2024\u201301\u201331", DAY, "U+2013 EN DASH", "2024-01-31"),
    ],
)
def test_what_only_looks_like_a_digit_is_named(
    value: str, described: dict[str, Any], odd: str, right: str
) -> None:
    finding = told(value, described)
    assert (
        finding.rule == "SD-01" and odd in finding.message.id and finding.hint.id == f"Ketik ulang: {right}."
    )


@pytest.mark.parametrize("value", ["2 l", "2l", "O", "lima O", "1O.5", "\u22125O\u200bx"])
def test_of_what_may_be_no_number_none_is_guessed(value: str) -> None:
    assert told(value, WHOLE).hint.id.startswith("Tulis bilangan bulat")
