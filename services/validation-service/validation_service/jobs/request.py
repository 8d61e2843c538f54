"""What a checking process is told, as JSON: references by hash, never the bytes of a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from muara_kernel.events import SubmissionReceived
from muara_kernel.events.moments import WIB
from validation_service.model.facts import Facts
from validation_service.model.life import References


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
        },
        "standard": references.standard.standard,
        "codelists": [
            {"id": each.codelist, "version": each.version, "title": each.title, "entries": each.entries}
            for each in references.codelists
        ],
    }


def facts_of(request: Mapping[str, Any]) -> Facts:
    told = dict(request["facts"])
    told["opd_bidang_urusan"] = tuple(told["opd_bidang_urusan"])
    told["received_on"] = date.fromisoformat(told["received_on"])
    return Facts(**told)
