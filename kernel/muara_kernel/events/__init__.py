"""Every event there is, defined once; its schemas, its bytes and its contracts are derived from here."""

from muara_kernel.events.base import Event
from muara_kernel.events.dataset import DatasetPublished, DatasetRegistered, ReviewRequested
from muara_kernel.events.envelope import Envelope, NewerMajor, UnknownEvent, UnreadableEvent, decode, encode
from muara_kernel.events.finding import Finding, Text
from muara_kernel.events.opd import OpdRegistered
from muara_kernel.events.standard import CodelistAdopted, StandardAdopted
from muara_kernel.events.submission import (
    SubmissionHeld,
    SubmissionReceived,
    SubmissionReturned,
    SubmissionValidated,
)
from muara_kernel.events.topics import TOPICS, Topic

__all__ = [
    "TOPICS",
    "CodelistAdopted",
    "DatasetPublished",
    "DatasetRegistered",
    "Envelope",
    "Event",
    "Finding",
    "NewerMajor",
    "OpdRegistered",
    "ReviewRequested",
    "StandardAdopted",
    "SubmissionHeld",
    "SubmissionReceived",
    "SubmissionReturned",
    "SubmissionValidated",
    "Text",
    "Topic",
    "UnknownEvent",
    "UnreadableEvent",
    "decode",
    "encode",
]
