"""What registering an OPD and a dataset have in common over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from catalog_service.api.door import Door
from catalog_service.api.schemas import LONGEST_SLUG, SLUG
from catalog_service.model import UnfitEntry, Work
from muara_kernel.events import DatasetRegistered, OpdRegistered, Text
from muara_kernel.events.base import dump
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem

E = TypeVar("E", OpdRegistered, DatasetRegistered)


def registered(door: Door, step: Callable[[Work], E], *, known: E | None) -> tuple[dict[str, Any], int]:
    """The entry as it stands afterwards; 201 where there was none before. The same again is said again."""
    try:
        entry = door.patiently(step)
    except UnfitEntry as error:
        raise unfit(error.code, error.field, error.sentence) from error
    if entry == known:
        door.again(entry)
    return dump(entry), 201 if known is None else 200


def demand_slug(given: str, field: str) -> None:
    if not SLUG.fullmatch(given) or len(given) > LONGEST_SLUG:
        words = Text(
            f"Nama di alamat hanya huruf kecil, angka dan tanda hubung, paling panjang {LONGEST_SLUG}.",
            f"The name in the address takes lower-case letters, digits and hyphens, at most {LONGEST_SLUG}.",
        )
        raise unfit("kode-tidak-sesuai", field, words)


def unfit(code: str, field: str, sentence: Text) -> Problem:
    return Problem(422, code, sentence, errors=[{"field": field, "message": say(sentence)}])
