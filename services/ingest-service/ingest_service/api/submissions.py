"""POST and GET /v1/submissions: a receipt at once, and the whole life of a submission afterwards."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any, BinaryIO, Protocol

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from ingest_service.api.door import opd_of_key
from ingest_service.api.form import Pushed, pushed
from ingest_service.api.quota import Quota
from ingest_service.model.integration import Integrations
from ingest_service.model.submission import Delivery, KeyReused, Submission, submission_id
from muara_kernel import failpoints
from muara_kernel.events import DatasetRegistered, Text
from muara_kernel.payloads import PayloadsUnavailable
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")
RETRY_AFTER_FULL = "60"


class Acceptance(Protocol):
    """Where submissions are accepted, by one insert."""

    def accept(self, id: str, fingerprint: str, delivery: Delivery, now: datetime) -> Submission: ...

    def find(self, id: str, fingerprint: str) -> Submission | None: ...

    def get(self, id: str) -> Submission | None: ...


class Payloads(Protocol):
    def put(self, stream: BinaryIO) -> str: ...

    def holds(self, sha256: str) -> bool: ...


class Door:
    """What stands behind the door, given by the composition root."""

    def __init__(
        self,
        *,
        acceptance: Acceptance,
        payloads: Payloads,
        integrations: Integrations,
        dataset: Callable[[str], DatasetRegistered | None],
        quota: Quota,
        desk: Desk,
        now: Callable[[], datetime],
    ) -> None:
        self.acceptance = acceptance
        self.payloads = payloads
        self.integrations = integrations
        self.dataset = dataset
        self.quota = quota
        self.desk = desk
        self.now = now
        # Sequence and time of acceptance grow together within this process, so a lane is in order.
        self.turn = Lock()


def blueprint(door: Door) -> Blueprint:
    blp = Blueprint(
        "submissions", __name__, url_prefix="/v1/submissions", description="Kiriman / submissions"
    )

    @blp.route("", methods=["POST"])
    def submit() -> ResponseReturnValue:
        """Hand in a table (multipart `file` with metadata, or JSON rows); answers 202 with a receipt."""
        opd = opd_of_key(door.integrations)
        id = submission_id(opd, _idempotency_key())
        push = pushed()
        receipt = _accept(door, id, opd, push)
        g.submission = receipt["submission"]
        return receipt, 202, {"Location": receipt["status"]}

    @blp.route("/<submission>", methods=["GET"])
    def status(submission: str) -> ResponseReturnValue:
        """Where a submission stands, with its timeline; for the OPD that sent it, and for the desk."""
        opd = None if door.desk.bears_token() else opd_of_key(door.integrations)
        found = door.acceptance.get(submission)
        if found is None or opd not in (None, found.delivery.opd):
            words = Text("Kiriman ini tidak dikenal.", "This submission is not known.")
            raise Problem(404, "kiriman-tidak-dikenal", words)
        return _status(found)

    return blp


def _accept(door: Door, id: str, opd: str, push: Pushed) -> dict[str, Any]:
    known = door.acceptance.get(id)
    repaired = None if known else _admitted(door, opd, push.metadata)
    try:
        if known:  # what is refused under a used key is not kept
            door.acceptance.find(id, _fingerprint(_sha256(push.file), push))
        payload = door.payloads.put(push.file)
        failpoints.reached("ingest.after_payload_before_document")
        if known:
            accepted = known
        else:
            delivery = _delivery(opd, push, payload, repaired)
            with door.turn:
                accepted = door.acceptance.accept(id, _fingerprint(payload, push), delivery, door.now())
    except KeyReused as error:
        words = Text(
            "Idempotency-Key ini sudah dipakai untuk kiriman lain. Pakai kunci baru untuk data baru.",
            "This Idempotency-Key was used for another submission. Use a new key for new data.",
        )
        raise Problem(422, "kunci-idempotensi-terpakai", words) from error
    failpoints.reached("ingest.after_document_before_answer")
    if not door.payloads.holds(payload):
        raise PayloadsUnavailable(f"payload {payload} was put and is not there")
    return _receipt(accepted)


def _admitted(door: Door, opd: str, metadata: dict[str, Any]) -> Submission | None:
    """Raises Problem for what is not taken, before a byte of it is kept; returns what it repairs.

    Only asked of what is new: a receipt, once given, is given again whatever changed since.
    """
    _own_dataset(door, opd, metadata["dataset"])
    repaired = _repaired(door, opd, metadata)
    _within_quota(door, opd)
    return repaired


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not IDEMPOTENCY_KEY.fullmatch(key):
        words = Text(
            "Sertakan header Idempotency-Key (1 sampai 200 karakter ASCII, tanpa spasi), "
            "satu untuk tiap kiriman: dengan kunci yang sama, kirim ulang aman.",
            "Send the header Idempotency-Key (1 to 200 ASCII characters, no blanks), one per submission: "
            "with the same key it is safe to send again.",
        )
        raise Problem(400, "kunci-idempotensi", words)
    return key


def _own_dataset(door: Door, opd: str, id: str) -> None:
    dataset = door.dataset(id)
    if dataset is None:
        words = Text(
            f"Dataset {id!r} tidak ada dalam daftar data daerah ini. "
            "Periksa penulisannya atau hubungi walidata.",
            f"The dataset {id!r} is not on this region's list. Check how it is written, or ask the walidata.",
        )
        raise Problem(422, "dataset-tidak-dikenal", words, dataset=id)
    if dataset.opd != opd:
        words = Text(
            f"Dataset {id!r} dihasilkan oleh OPD lain; OPD Anda ({opd}) tidak dapat mengirimnya.",
            f"The dataset {id!r} is produced by another OPD; yours ({opd}) cannot submit it.",
        )
        raise Problem(403, "dataset-opd-lain", words, dataset=id)


def _within_quota(door: Door, opd: str) -> None:
    waiting = door.quota.over(opd)
    if waiting is not None:
        words = Text(
            f"{waiting} kiriman OPD Anda masih menunggu giliran; kirim lagi nanti dengan kunci yang sama.",
            f"{waiting} submissions of your OPD still wait for their turn; "
            "send again later with the same key.",
        )
        raise Problem(429, "antrean-penuh", words, headers={"Retry-After": RETRY_AFTER_FULL})


def _delivery(opd: str, push: Pushed, payload: str, repaired: Submission | None) -> Delivery:
    metadata = push.metadata
    return Delivery(
        opd=opd,
        dataset=metadata["dataset"],
        period=metadata["period"],
        payload=payload,
        size=push.size,
        media_type=push.media_type,
        filename=push.filename,
        repairs=repaired.id if repaired else None,
        repairs_period=repaired.delivery.period if repaired else None,
        bidang_urusan=metadata.get("bidang_urusan"),
    )


def _repaired(door: Door, opd: str, metadata: dict[str, Any]) -> Submission | None:
    """The submission that this one repairs; another OPD's is as unknown as one that never was."""
    id = metadata.get("repairs")
    if id is None:
        return None
    repaired = door.acceptance.get(id)
    if repaired is None or repaired.delivery.opd != opd or repaired.delivery.dataset != metadata["dataset"]:
        words = Text(
            f"`repairs` menunjuk {id!r}, yang bukan kiriman OPD Anda untuk dataset ini.",
            f"`repairs` names {id!r}, which is no submission of your OPD for this dataset.",
        )
        raise Problem(422, "perbaikan-tidak-dikenal", words)
    return repaired


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _fingerprint(payload: str, push: Pushed) -> str:
    told = json.dumps([payload, push.media_type, push.metadata], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _receipt(submission: Submission) -> dict[str, Any]:
    delivery = submission.delivery
    return {
        "number": submission.number,
        "submission": submission.id,
        "dataset": delivery.dataset,
        "period": delivery.period,
        "opd": delivery.opd,
        "sequence": submission.sequence,
        "sha256": delivery.payload,
        "size": delivery.size,
        "received_at": submission.received_at.isoformat(),
        "status": url_for("submissions.status", submission=submission.id),
    }


STATES = {"menunggu": "diterima", "dilepas": "diperiksa", "tertahan": "tertahan"}


def _status(submission: Submission) -> dict[str, Any]:
    outcome = submission.outcome
    return {
        **_receipt(submission),
        "filename": submission.delivery.filename,
        "repairs": submission.delivery.repairs,
        "state": outcome["state"] if outcome else STATES[submission.state],
        "timeline": submission.timeline(),
        "outcome": {name: value for name, value in outcome.items() if name != "final"} if outcome else None,
        "report_page": f"/laporan/{outcome['report']}" if outcome and outcome.get("report") else None,
    }
