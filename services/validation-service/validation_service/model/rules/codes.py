"""KR: codes against their list, together with the names beside them.

The form of a code cannot tell one of BPS from one of Kemendagri; the name beside it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.facts import Facts
from validation_service.model.names import bare_name, kind_of_name
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import is_mark, is_missing
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.codings import BPS, OF_BPS, coding_of
from validation_service.model.rules.columns import SMALL, column, picked
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.spelling import as_usual
from validation_service.model.standard import CodeReference, Field, Standard

PAIR = ["kode", "nama"]
SAME = Text("", "")
DIFFERENCES = (
    Text(
        "; yang berbeda hanya spasi atau huruf yang tidak tampak", "; only spaces or what nobody sees differ"
    ),
    Text("; yang berbeda hanya huruf besar dan kecilnya", "; only upper and lower case differ"),
)


def check_codes(
    frame: pl.DataFrame,
    standard: Standard,
    codelists: Mapping[str, Codelist],
    facts: Facts,
    findings: Findings,
) -> None:
    for index, field in enumerate(standard.fields):
        if field.reference is not None and column(index) in frame.columns and frame.height:
            codes = _Column(field, field.reference, codelists[field.reference.codelist], facts)
            column_of_codes, names = _beside(frame, index, field, standard)
            if not codes.plainly_agree(column_of_codes, names):
                rows = pl.DataFrame(
                    [frame[ROW], column_of_codes.alias("kode"), _or_none(names, frame.height)]
                )
                codes.check(rows, _judgeable(index, field, standard), findings)


def _or_none(names: pl.Series | None, height: int) -> pl.Series:
    return (
        pl.Series("nama", [None], pl.String).new_from_index(0, height)
        if names is None
        else names.alias("nama")
    )


def _beside(
    frame: pl.DataFrame, index: int, field: Field, standard: Standard
) -> tuple[pl.Series, pl.Series | None]:
    """The column of codes and that of the names, if there is one."""
    named = field.reference.name_column if field.reference else None
    place = column(standard.position(named)) if named is not None else ""
    return frame[column(index)], frame[place] if place in frame.columns else None


def _judgeable(index: int, field: Field, standard: Standard) -> tuple[pl.Expr, pl.Expr]:
    """Of a pair: whether there is a code at all, and the name to compare where there is one."""
    code, name = pl.col("kode"), pl.col("nama")
    there = ~is_missing(code, standard) & ~is_mark(code, field, standard)
    named = field.reference.name_column if field.reference else None
    if named is None:
        return there, name
    beside = standard.fields[standard.position(named)]
    return there, pl.when(~is_missing(name, standard) & ~is_mark(name, beside, standard)).then(name)


class _Column:
    """One column of codes. Distinct pairs of code and name are judged; each row takes its pair's verdict."""

    def __init__(self, field: Field, reference: CodeReference, codelist: Codelist, facts: Facts) -> None:
        self.field, self.level, self.codelist, self.facts = field, reference.level, codelist, facts
        self.coding = coding_of(codelist)

    def plainly_agree(self, codes: pl.Series, names: pl.Series | None) -> bool:
        """Whether a small table has only codes of the list, with their names to the letter."""
        if len(codes) > SMALL:
            return False
        if self.level is None:
            listed = self.codelist.names_within("", None)
        else:
            place = self.coding.place(self.facts.region, self.level)
            listed = self.codelist.names_within(place, self.coding.lengths[self.level])
        if listed is None:
            return False
        if names is None:
            return all(code in listed for code in codes.to_list())
        return all(
            name is not None and listed.get(code) == name
            for code, name in zip(codes.to_list(), names.to_list(), strict=True)
        )

    def check(self, rows: pl.DataFrame, judgeable: tuple[pl.Expr, pl.Expr], findings: Findings) -> None:
        there, compared = judgeable
        pairs = rows.lazy().select(PAIR).unique(maintain_order=True).filter(there)
        wrong = self.judged(pairs.with_columns(compared=compared).collect())
        if not wrong.height:
            return
        wrong = wrong.hstack(self.meant(wrong["kode"]))
        hit = rows.join(wrong, on=PAIR, how="inner", nulls_equal=True, maintain_order="left")
        for rule in dict.fromkeys(wrong["rule"].to_list()):
            of_rule = picked(hit, hit["rule"] == rule)
            every = of_rule.select(
                *(ROW, "difference", pl.lit(self.codelist.shown).alias("codelist")),
                value="kode",
                expected="listed",
                name="compared",
            )
            first = self.told(of_rule.head(MOST_PER_RULE))
            findings.add_many(rule, of_rule.height, first, every=every, column=self.field.name)

    def judged(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The pairs that break a ``rule``, with the ``listed`` name."""
        entry = self.codelist.find(pairs["kode"])
        known = entry["kode"].is_not_null().alias("known")
        table = pairs.hstack([entry["nama"].alias("listed"), known, entry["bare"], entry["kind"]])
        name = pl.col("compared")
        other_name = (bare_name(name) != pl.col("bare")) | (kind_of_name(name) != pl.col("kind")).fill_null(
            False
        )
        rule: pl.Expr = pl.when(~pl.col("known")).then(pl.lit("KR-01")).when(other_name).then(pl.lit("KR-02"))
        if self.level is not None:
            code = pl.col("kode")
            belongs = self.coding.belongs(code, self.facts.region, self.level)
            misplaced = code.str.contains(self.coding.well_formed) & ~belongs
            of_bps = ~pl.col("known") & code.str.contains(OF_BPS) & pl.lit(self.coding is not BPS)
            rule = pl.when(of_bps).then(pl.lit("KR-03")).when(misplaced).then(pl.lit("KR-04")).otherwise(rule)
        judged = table.lazy().select(*PAIR, "compared", "listed", rule=rule)
        return judged.filter(pl.col("rule").is_not_null()).collect()

    def meant(self, codes: pl.Series) -> pl.DataFrame:
        """For each code that is not listed the one that is but for spaces, or upper and lower case; and what
        differs, as the sentence says it."""
        usual = pl.Series([as_usual(code).replace(" ", "") for code in codes.to_list()], dtype=pl.String)
        guesses = [self.codelist.listed(guess) for guess in (usual, usual.str.to_uppercase())]
        spaces, case = (pl.lit(guess) for guess in guesses)
        said = [pl.lit(each.id) for each in DIFFERENCES]
        by_case = pl.when(case.is_not_null()).then(said[1]).otherwise(pl.lit(""))
        difference = pl.when(spaces.is_not_null()).then(said[0]).otherwise(by_case)
        return pl.select(meant=pl.coalesce(spaces, case), difference=difference)

    def told(self, rows: pl.DataFrame) -> Iterator[Finding]:
        said: dict[tuple[Any, ...], dict[str, Text | str | int]] = {}
        for row in rows.to_dicts():
            pair = (row["kode"], row["nama"])
            if pair not in said:
                said[pair] = self.words(row)
            yield found(row["rule"], row=row[ROW], column=self.field.name, value=row["kode"], **said[pair])

    def words(self, row: Mapping[str, Any]) -> dict[str, Text | str | int]:
        code, name = row["kode"], row["compared"]
        if row["rule"] == "KR-04":
            return {
                "problem": self.misplacement(code),
                "level": self.level or "",
                "within": self.within(),
            }
        words: dict[str, Text | str | int] = {"codelist": self.codelist.shown, "repair": self.repair(row)}
        words["difference"] = next((each for each in DIFFERENCES if each.id == row["difference"]), SAME)
        if row["rule"] == "KR-02":
            words |= {"expected": row["listed"], "name": name}
        return words

    def misplacement(self, code: str) -> Text:
        level = self.coding.level(code)
        if level != self.level:
            return Text(
                f"adalah kode {level}, padahal kolom ini meminta kode {self.level}",
                f"is the code of a {level}, but this column asks for that of a {self.level}",
            )
        return Text(
            f"bukan bagian dari wilayah {self.facts.region}", f"is not within the region {self.facts.region}"
        )

    def within(self) -> Text:
        region = self.facts.region
        return Text(f" di wilayah {region}", f" in the region {region}") if region else SAME

    def repair(self, row: Mapping[str, Any]) -> Text:
        code, name = row["kode"], row["compared"]
        right = self.right_code(row)
        if row["rule"] == "KR-02" and right:
            cut = self.is_cut_bps(code, right)
            return Text(
                f'Kode untuk "{name}" adalah {right}.'
                + (f" {code} adalah kode BPS yang dipotong." if cut else ""),
                f'The code of "{name}" is {right}.' + (f" {code} is a BPS code cut short." if cut else ""),
            )
        if row["rule"] == "KR-02":
            return Text(
                "Periksa kode dan namanya; keduanya harus cocok.", "Check code and name; the two must agree."
            )
        if right:
            return Text(f"Pakai kode {right}.", f"Use the code {right}.")
        if row["rule"] == "KR-03":
            return Text(
                "Pakai kode Kemendagri yang bertitik, misalnya 35.08.01; jangan memotong kode BPS.",
                "Use the Kemendagri code with dots, such as 35.08.01; do not cut the BPS code.",
            )
        return Text("Cari kode yang benar di dalam daftar itu.", "Look up the right code in that list.")

    def right_code(self, row: Mapping[str, Any]) -> str | None:
        code, name, length = row["kode"], row["compared"], self.coding.lengths.get(self.level or "")
        region = self.coding.place(self.facts.region, self.level) if self.level else ""
        region = "" if self.level == "provinsi" else region
        by_name = self.codelist.by_name(name, region=region, level_length=length) if name else None
        if row["rule"] == "KR-03":
            return self.codelist.by_bps(code, name) or by_name
        # With its dots a code of BPS may be the code of another place: the name is heard first.
        return by_name if row["rule"] == "KR-02" else row["meant"] or by_name or self.near(code)

    def near(self, code: str) -> str | None:
        """The listed code that differs only in spaces or dots."""
        plain = "".join(code.split())
        dotted = ".".join(part for part in (plain[:2], plain[2:4], plain[4:6], plain[6:]) if part)
        for guess in (plain, dotted if plain.isdigit() else plain):
            if self.codelist.entry(guess) is not None:
                return guess
        return None

    def is_cut_bps(self, code: str, right: str) -> bool:
        bps = (self.codelist.entry(right) or {}).get("kode_bps")
        return bps is not None and bps[:-1] == code.replace(".", "")
