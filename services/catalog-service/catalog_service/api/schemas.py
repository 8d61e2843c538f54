"""What is asked and what is answered, as JSON."""

from __future__ import annotations

import re
from typing import get_args

import marshmallow as ma
from marshmallow import fields, validate

from muara_kernel.events import Text
from muara_kernel.events.dataset import Access, Frequency, Publication

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LEVELS = ("kabupaten", "kecamatan", "desa-kelurahan", "lokasi")
LONGEST_SLUG = 100
PAGE = 100
LARGEST_PAGE = 1000

NAME = validate.And(validate.Length(1, 300), validate.Regexp(r"\s*\S"))


class Asked(ma.Schema):
    class Meta:
        unknown = ma.RAISE


class PageQuery(Asked):
    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))
    after = fields.String(load_default=None, validate=validate.Length(1, 300))


class OpdRequest(Asked):
    name = fields.String(required=True, validate=NAME)
    short_name = fields.String(required=True, validate=NAME)
    kode_skpd = fields.String(required=True)
    contact = fields.Email(required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)

    @ma.validates_schema
    def ends_after_it_begins(self, data: dict[str, object], **_: object) -> None:
        begins, ends = data["valid_from"], data["valid_until"]
        if ends is not None and ends < begins:  # type: ignore[operator]
            words = Text("Lebih awal daripada valid_from.", "Earlier than valid_from.")
            raise ma.ValidationError([words], "valid_until")


class DatasetRequest(Asked):
    title = fields.String(required=True, validate=NAME)
    description = fields.String(required=True, validate=validate.Length(max=5000))
    opd = fields.String(required=True, validate=validate.Length(1, LONGEST_SLUG))
    bidang_urusan = fields.String(required=True, validate=validate.Regexp(r"\d\.\d{2}\Z", re.ASCII))
    frequency = fields.String(required=True, validate=validate.OneOf(get_args(Frequency)))
    access = fields.String(required=True, validate=validate.OneOf(get_args(Access)))
    publication = fields.String(required=True, validate=validate.OneOf(get_args(Publication)))
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))


class ReviewDecision(Asked):
    decision = fields.String(required=True, validate=validate.OneOf(("setuju", "kembalikan")))
    reason = fields.String(load_default="", validate=validate.Length(max=2000))
    as_of = fields.String(
        load_default=None,
        validate=validate.Length(1, 50),
        metadata={"description": "`as_of` yang terlihat saat diperiksa / as it was when you looked"},
    )


class Page(ma.Schema):
    next = fields.String(metadata={"description": "`after` halaman berikut / of the next page"})


class OpdAnswer(ma.Schema):
    opd = fields.String()
    revision = fields.Integer()
    name = fields.String()
    short_name = fields.String()
    kode_skpd = fields.String()
    bidang_urusan = fields.List(fields.String())
    contact = fields.String()
    valid_from = fields.String()
    valid_until = fields.String()


class StandardAnswer(ma.Schema):
    """The concept behind the figures, as the standard of the dataset says."""

    revision = fields.Integer()
    konsep = fields.String()
    definisi = fields.String()
    klasifikasi = fields.String()
    ukuran = fields.String()
    satuan = fields.String()
    columns = fields.List(fields.String())


class DatasetAnswer(ma.Schema):
    dataset = fields.String()
    revision = fields.Integer()
    title = fields.String()
    description = fields.String()
    opd = fields.String()
    bidang_urusan = fields.String()
    frequency = fields.String()
    access = fields.String()
    publication = fields.String()
    level = fields.String()
    standard = fields.Nested(StandardAnswer)


class VersionAnswer(ma.Schema):
    dataset = fields.String()
    period = fields.String()
    version = fields.Integer()
    submission = fields.String()
    sha256 = fields.String()
    rows = fields.Integer()
    size = fields.Integer()
    media_type = fields.String()
    filename = fields.String()
    published_at = fields.String()
    report = fields.String()
    data = fields.String(metadata={"description": "alamat unduhan / where to download it"})


class EditionAnswer(ma.Schema):
    dataset = fields.String()
    period = fields.String()
    newest = fields.Integer()
    versions = fields.List(fields.Nested(VersionAnswer))


class ReviewAnswer(ma.Schema):
    submission = fields.String()
    dataset = fields.String()
    opd = fields.String()
    period = fields.String()
    sequence = fields.Integer()
    reason = fields.String()
    rows = fields.Integer()
    warnings = fields.Integer()
    report = fields.String()
    payload = fields.String()
    size = fields.Integer()
    media_type = fields.String()
    filename = fields.String()
    received_at = fields.String()
    repairs = fields.String()
    as_of = fields.String(metadata={"description": "keadaan edisi; sertakan dalam keputusan / send it back"})
    data = fields.String(metadata={"description": "alamat unduhan / where to download it"})


class OutcomeAnswer(ma.Schema):
    submission = fields.String()
    outcome = fields.String()
    version = fields.Integer()


class OpdPage(Page):
    items = fields.List(fields.Nested(OpdAnswer))


class DatasetPage(Page):
    items = fields.List(fields.Nested(DatasetAnswer))


class EditionPage(Page):
    items = fields.List(fields.Nested(EditionAnswer))


class ReviewPage(Page):
    items = fields.List(fields.Nested(ReviewAnswer))
