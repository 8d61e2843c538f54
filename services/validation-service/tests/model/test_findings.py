"""Findings are counted exactly and each of their places is kept, however many there are."""

from __future__ import annotations

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import MOST_PER_RULE, Findings

MANY = MOST_PER_RULE + 500
EXPECTED = {"expected": Text("bilangan bulat", "a whole number"), "example": "12"}


def wrong_numbers(many=MANY, column="jumlah"):
    first = [
        found("SD-01", row=row, column=column, value=f"x{row}", **EXPECTED)
        for row in range(2, 2 + MOST_PER_RULE)
    ]
    every = pl.DataFrame({"#": range(2, 2 + many), "value": [f"x{row}" for row in range(2, 2 + many)]})
    findings = Findings()
    findings.add_many("SD-01", many, first, every=every, column=column)
    return findings


def table(findings, columns=("kode", "jumlah")):
    return pl.concat(findings.everything(columns).windows())


def test_every_place_has_its_sentence_beyond_the_first_thousand():
    told = table(wrong_numbers())
    assert told.height == MANY
    assert told.row(-1) == (
        MANY + 1,
        "jumlah",
        "SD-01",
        "galat",
        f"x{MANY + 1}",
        f'Nilai "x{MANY + 1}" di kolom "jumlah" bukan bilangan bulat.',
    )


def test_the_sentences_are_those_of_the_report_where_it_has_them():
    findings = wrong_numbers()
    reported = [finding.message.id for finding in findings.ordered(["jumlah"])]
    assert table(findings)["sentence"].to_list()[:MOST_PER_RULE] == reported


def test_a_word_that_differs_from_row_to_row_is_taken_from_its_column_or_left_open():
    columns = Text('"kode"', '"kode"')
    first = [found("DP-01", row=row, columns=columns, first=row - 1, value="A") for row in (3, 5)]
    every = pl.DataFrame({"#": [3, 5, 7], "value": ["A", "A", "A"]})
    said, unsaid = Findings(), Findings()
    said.add_many("DP-01", 3, first, every=every.with_columns(first=pl.col("#") - 1))
    unsaid.add_many("DP-01", 3, first, every=every)
    end = "setiap baris harus berbeda."
    assert table(said)["sentence"].to_list() == [
        f'Isi "kode" sama dengan baris {row}; {end}' for row in (2, 4, 6)
    ]
    assert table(unsaid)["sentence"].to_list()[1:] == [
        f'Isi "kode" sama dengan baris {row}; {end}' for row in (4, "…")
    ]


def test_what_is_told_row_after_row_is_kept_too():
    findings = Findings()
    for row in range(1, MANY + 1):
        findings.tell("IO-09", row=row, column="jumlah")
    told = table(findings)
    assert (told.height, told["#"].to_list()[-1]) == (MANY, MANY)
    assert set(told["sentence"]) == {"Sel ini berisi rumus yang hasilnya tidak tersimpan di dalam berkas."}
    assert len(findings.ordered(["jumlah"])) == MOST_PER_RULE


def test_what_is_taken_over_keeps_its_places_and_its_counts():
    findings = Findings()
    findings.take(wrong_numbers())
    findings.take(wrong_numbers(column="luas"))
    assert findings.counts["SD-01"] == 2 * MANY == len(findings.everything([]))
    assert findings.count("galat") == 2 * MANY
    assert findings.breaks("standar_data") and not findings.breaks("kode_referensi")


def test_all_of_them_come_in_the_order_of_rows_and_then_of_columns():
    findings = wrong_numbers(column="luas")
    findings.take(wrong_numbers(column="jumlah"))
    findings.add(found("IO-07"))
    told = table(findings, ["jumlah", "luas"])
    assert told.head(5)[["#", "column"]].rows() == [
        (0, None), (2, "jumlah"), (2, "luas"), (3, "jumlah"), (3, "luas")
    ]  # fmt: skip


def test_a_long_value_is_cut_as_in_the_report():
    long = "panjang" * 40
    first = [found("SD-01", row=2, column="jumlah", value=long, **EXPECTED)]
    every = pl.DataFrame({"#": [2, 3], "value": [long, long]})
    findings = Findings()
    findings.add_many("SD-01", 2, first, every=every, column="jumlah")
    assert set(table(findings)["value"]) == {first[0].value}
    assert set(table(findings)["sentence"]) == {first[0].message.id}


def test_places_are_kept_up_to_a_limit_and_counted_beyond_it(monkeypatch):
    monkeypatch.setattr("validation_service.model.rules.findings.MOST_PLACES", 2_000)
    findings = wrong_numbers(column="luas")
    findings.take(wrong_numbers(column="jumlah"))
    findings.take(wrong_numbers(column="panjang"))
    later = wrong_numbers(many=5_000)
    assert (later.counts["SD-01"], len(later.everything([]))) == (5_000, 2_000)
    assert findings.counts["SD-01"] == 3 * MANY


def test_a_million_places_are_read_a_window_at_a_time():
    everything = wrong_numbers(many=1_000_000).everything(["jumlah"])
    sizes = [window.height for window in everything.windows()]
    assert sum(sizes) == len(everything) == 1_000_000
    assert max(sizes) <= 50_000
    assert sum(window.height for window in everything.windows(most=250_000)) == 250_000
