"""What a checking process is told, as JSON: references by hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from muara_kernel.events import CodelistAdopted, SubmissionReceived
from muara_kernel.events.moments import WIB
from muara_kernel.payloads import UnknownPayload
from validation_service.model.facts import Facts, Previous
from validation_service.model.life import References
from validation_service.model.sample_file import SampleFile
from validation_service.model.trial import Trial


def to_request(received: SubmissionReceived, references: References, *, region: str) -> dict[str, Any]:
    dataset = references.dataset
    return {
        "payload": received.payload,
        "filename": received.filename,
        "facts": {
            "dataset": received.dataset,
            "region": region,
            "opd": received.opd,
            "opd_bidang_urusan": list(references.opd.bidang_urusan),
            "dataset_bidang_urusan": dataset.bidang_urusan,
            "declared_bidang_urusan": received.bidang_urusan,
            "frequency": dataset.frequency,
            "period": received.period,
            "received_on": received.received_at.astimezone(WIB).date().isoformat(),
            "level": dataset.level,
            "filename": received.filename,
            "media_type": received.media_type,
            "access": dataset.access,
        },
        "previous": _edition(references.previous),
        "standard": references.standard.standard,
        "standard_revision": references.standard.revision,
        "codelists": [_codelist(each) for each in references.codelists],
    }


def to_trial(trial: Trial) -> dict[str, Any]:
    """Of a file that is only tried: its bytes follow the request, since no payload has them."""
    return {
        "filename": trial.facts.filename,
        "facts": {**asdict(trial.facts), "received_on": trial.facts.received_on.isoformat()},
        "previous": _edition(trial.previous),
        "standard": dict(trial.standard),
        "standard_revision": trial.revision,
        "codelists": [_codelist(each) for each in trial.codelists],
        "table": trial.table,
        "bytes_follow": True,
    }


def to_sample(sample: SampleFile) -> dict[str, Any]:
    """Of a file from which a standard is to be proposed."""
    return {
        "filename": sample.filename,
        "sample": {"filename": sample.filename, "media_type": sample.media_type, "sheet": sample.sheet},
        "codelists": [_codelist(each) for each in sample.codelists],
        "bytes_follow": True,
    }


def _codelist(adopted: CodelistAdopted) -> dict[str, Any]:
    names = ("version", "title", "decree", "revision", "entries")
    return {"id": adopted.codelist, **{name: getattr(adopted, name) for name in names}}


def _edition(previous: SubmissionReceived | None) -> dict[str, Any] | None:
    if previous is None:
        return None
    names = ("payload", "period", "filename", "media_type")
    return {name: getattr(previous, name) for name in names}


def previous_of(request: Mapping[str, Any], read: Callable[[str], bytes]) -> Previous | None:
    """The edition before; None too when its bytes are no longer in the store, which fails no check."""
    told = request.get("previous")
    if told is None:
        return None
    try:
        data = read(told["payload"])
    except UnknownPayload:
        return None
    return Previous(told["period"], data, told["filename"], told["media_type"])


def facts_of(request: Mapping[str, Any]) -> Facts:
    told = dict(request["facts"])
    told["opd_bidang_urusan"] = tuple(told["opd_bidang_urusan"])
    told["received_on"] = date.fromisoformat(told["received_on"])
    return Facts(**told)
