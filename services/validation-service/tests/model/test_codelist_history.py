"""Which revision of a list is in force on a day, and which may join those that are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from muara_kernel.events import CodelistAdopted
from validation_service.model.codelists.history import in_force, join
from validation_service.model.problem import BadCodelist

FIRST = CodelistAdopted(
    codelist="wilayah-kemendagri",
    revision=1,
    version="050-145/2022",
    title="Kode wilayah",
    source="Kementerian Dalam Negeri",
    decree="Kepmendagri 050-145 Tahun 2022",
    valid_from="2022-02-14",
    count=83_436,
    entries="a" * 64,
)
SECOND = replace(FIRST, revision=2, version="2138/2025", valid_from="2025-04-25", entries="b" * 64)


def on(day: str, *revisions: CodelistAdopted) -> int | None:
    found = in_force(revisions, date.fromisoformat(day))
    return found and found.revision


def refused(history: list[CodelistAdopted], wanted: CodelistAdopted) -> list[str]:
    with pytest.raises(BadCodelist) as caught:
        join(history, wanted)
    return [problem.place for problem in caught.value.problems]


def test_a_revision_waits_for_its_day() -> None:
    days = ("2022-02-13", "2022-02-14", "2025-04-24", "2025-04-25", "2026-01-01")
    assert [on(day, FIRST, SECOND) for day in days] == [None, 1, 1, 2, 2]


def test_after_its_last_day_a_revision_is_in_force_no_more() -> None:
    ends = replace(FIRST, valid_until="2023-12-31")
    assert [on(day, ends, SECOND) for day in ("2023-12-31", "2024-01-01", "2025-04-25")] == [1, None, 2]


def test_a_correction_of_a_version_stands_in_its_place() -> None:
    closed = replace(FIRST, revision=3, valid_until="2023-12-31")
    assert [on(day, FIRST, SECOND, closed) for day in ("2023-12-31", "2024-06-01", "2025-06-01")] == [
        3,
        None,
        2,
    ]


def test_the_first_revision_is_number_one_and_the_next_the_next() -> None:
    assert join([], replace(FIRST, revision=0)) == (FIRST, True)
    assert join([FIRST], replace(SECOND, revision=0)) == (SECOND, True)


def test_what_was_said_already_is_not_said_again_though_another_version_came_after_it() -> None:
    assert join([FIRST, SECOND], replace(FIRST, revision=0)) == (FIRST, False)


def test_a_version_has_one_content() -> None:
    assert refused([FIRST], replace(FIRST, entries="c" * 64)) == ["version"]
    assert join([FIRST], replace(FIRST, decree="Kepmendagri 050-145/2022"))[0].revision == 2


def test_no_list_ends_before_it_begins() -> None:
    assert refused([], replace(FIRST, valid_until="2022-02-13")) == ["valid_until"]
    assert join([], replace(FIRST, valid_until="2022-02-14"))[1]


def test_an_older_list_that_comes_later_must_end_before_the_younger_begins() -> None:
    assert refused([replace(SECOND, revision=1)], FIRST) == ["valid_until"]
    assert refused([replace(SECOND, revision=1)], replace(FIRST, valid_until="2025-04-25")) == ["valid_until"]
    older, new = join([replace(SECOND, revision=1)], replace(FIRST, valid_until="2025-04-24"))
    assert new and on("2025-04-24", replace(SECOND, revision=1), older) == older.revision == 2
