"""Facts and rules of the catalog: no I/O, no framework."""

from catalog_service.model.edition import Edition, edition_id
from catalog_service.model.entry import (
    ALL_ACCESS,
    OPEN_ACCESS,
    Decision,
    Entry,
    Outcome,
    Todo,
    Version,
    may_be_downloaded,
    may_be_listed,
)
from catalog_service.model.errors import (
    AlreadyDecided,
    DecidedUnseen,
    ReasonMissing,
    UnfitEntry,
    UnknownSubmission,
)
from catalog_service.model.ports import Copies, Editions, Register, Shelf, Work
from catalog_service.model.register import (
    bidang_urusan_of,
    demand_fitting_dataset,
    revised_dataset,
    revised_opd,
)

__all__ = [
    "ALL_ACCESS",
    "OPEN_ACCESS",
    "AlreadyDecided",
    "Copies",
    "DecidedUnseen",
    "Decision",
    "Edition",
    "Editions",
    "Entry",
    "Outcome",
    "ReasonMissing",
    "Register",
    "Shelf",
    "Todo",
    "UnfitEntry",
    "UnknownSubmission",
    "Version",
    "Work",
    "bidang_urusan_of",
    "demand_fitting_dataset",
    "edition_id",
    "may_be_downloaded",
    "may_be_listed",
    "revised_dataset",
    "revised_opd",
]
