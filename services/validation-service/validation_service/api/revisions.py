"""What standards and code lists share over HTTP: their queries, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from marshmallow import RAISE, Schema, fields, validate

from muara_kernel.events import Text
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem

SLUG = "[a-z0-9][a-z0-9-]{0,79}"
MOST = 1000

_NOT_FOUND = Text("Belum pernah ditetapkan di sini.", "This was never adopted here.")
_RACE = Text(
    "Ada perubahan lain pada saat yang sama; silakan kirim kembali.",
    "Others were changing the same thing; please send it again.",
)


class RevisionQuery(Schema):
    class Meta:
        unknown = RAISE

    revision = fields.Integer(load_default=None, validate=validate.Range(min=1))


class PageQuery(Schema):
    class Meta:
        unknown = RAISE

    after = fields.String(load_default="")
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MOST))


class Place(Protocol):
    """One place of a document that cannot be accepted."""

    @property
    def place(self) -> str: ...

    @property
    def text(self) -> Text: ...


def not_found() -> Problem:
    return Problem(404, "belum-ditetapkan", _NOT_FOUND)


def lost_race() -> Problem:
    return Problem(409, "perubahan-bersamaan", _RACE, headers={"Retry-After": "1"})


def bad_slug(name: str) -> Problem:
    detail = Text(
        f'"{name}" tidak dapat menjadi kode: pakai huruf kecil, angka, dan tanda hubung.',
        f'"{name}" cannot be an id: use lower-case letters, digits and hyphens.',
    )
    return Problem(422, "kode-tidak-sesuai", detail)


def unacceptable(code: str, detail: Text, places: Sequence[Place]) -> Problem:
    """422, naming each place and its reason."""
    errors = [{"field": each.place, "message": say(each.text)} for each in places]
    return Problem(422, code, detail, errors=errors)


def page(items: Sequence[Any], id_of: str, limit: int) -> dict[str, Any]:
    """A page of a list; ``next`` is what to ask for with ``after``, where there may be more."""
    return {"items": items, "next": items[-1][id_of] if len(items) == limit else None}
