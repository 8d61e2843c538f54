"""The revisions of a code list in time: which is in force on a day, and which may join them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from muara_kernel.events import CodelistAdopted
from muara_kernel.events.finding import Text
from validation_service.model.problem import BadCodelist, Problem


def in_force(revisions: Iterable[CodelistAdopted], day: date) -> CodelistAdopted | None:
    """The newest revision in force on ``day``. A later revision of the same version stands in its place."""
    today = day.isoformat()
    valid = [
        each
        for each in _standing(revisions)
        if each.valid_from <= today and (each.valid_until is None or today <= each.valid_until)
    ]
    return max(valid, key=lambda each: each.revision, default=None)


def join(history: Sequence[CodelistAdopted], wanted: CodelistAdopted) -> tuple[CodelistAdopted, bool]:
    """``wanted`` as the next revision, or the one that says the same already; and whether it is new.

    Raises BadCodelist where it would leave open what is in force on some day.
    """
    standing = _standing(history)
    for each in standing:
        if replace(wanted, revision=each.revision) == each:
            return each, False
    problems = [*_dates(wanted), *_taken(standing, wanted), *_overlaps(standing, wanted)]
    if problems:
        raise BadCodelist(problems)
    return replace(wanted, revision=max((each.revision for each in history), default=0) + 1), True


def _standing(revisions: Iterable[CodelistAdopted]) -> list[CodelistAdopted]:
    """The newest revision of each version."""
    newest: dict[str, CodelistAdopted] = {}
    for each in sorted(revisions, key=lambda each: each.revision):
        newest[each.version] = each
    return list(newest.values())


def _dates(wanted: CodelistAdopted) -> list[Problem]:
    if wanted.valid_until is None or wanted.valid_until >= wanted.valid_from:
        return []
    words = Text(
        f"Berlaku sampai {wanted.valid_until}, padahal baru berlaku sejak {wanted.valid_from}.",
        f"It is valid until {wanted.valid_until}, but only from {wanted.valid_from} on.",
    )
    return [Problem("valid_until", words)]


def _taken(standing: Sequence[CodelistAdopted], wanted: CodelistAdopted) -> list[Problem]:
    same = next((each for each in standing if each.version == wanted.version), None)
    if same is None or same.entries == wanted.entries:
        return []
    words = Text(
        f"Versi {wanted.version} sudah ditetapkan dengan isi lain (revisi {same.revision}, "
        f"{same.count} entri); beri nama versi yang baru.",
        f"Version {wanted.version} was adopted already with other entries (revision {same.revision}, "
        f"{same.count} entries); give this one a version of its own.",
    )
    return [Problem("version", words)]


def _overlaps(standing: Sequence[CodelistAdopted], wanted: CodelistAdopted) -> list[Problem]:
    """A version that begins later was adopted before: this one would be newer, and in force with it."""
    later = [
        each
        for each in standing
        if each.version != wanted.version
        and each.valid_from > wanted.valid_from
        and (wanted.valid_until is None or wanted.valid_until >= each.valid_from)
    ]
    return [
        Problem(
            "valid_until",
            Text(
                f"Versi {each.version} (revisi {each.revision}) berlaku sejak {each.valid_from}; daftar yang "
                "lebih lama harus berakhir sebelum hari itu.",
                f"Version {each.version} (revision {each.revision}) is in force from {each.valid_from}; an "
                "older list must end before that day.",
            ),
        )
        for each in later
    ]
