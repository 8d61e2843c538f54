"""POST /v1/checks: try a file before it is sent. Everything is checked and nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from muara_kernel.events import Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem
from validation_service.api import trial_form
from validation_service.api.attachments import KINDS, attachment
from validation_service.api.buckets import Buckets
from validation_service.api.revisions import not_found, unacceptable
from validation_service.api.shares import Shares
from validation_service.model.standard import BadStandard
from validation_service.model.trial import Busy, ShareTaken, Trial, Tried

RETRY_AFTER_FULL = "5"

_BAD_STANDARD = Text(
    "Standar data ini belum dapat dipakai; perbaiki yang disebut di bawah.",
    "This standard cannot be used yet; repair what is named below.",
)
_FULL = Text(
    "Semua tempat percobaan sedang terpakai. Kirim lagi beberapa detik lagi.",
    "Every place for trying files is taken. Send it again in some seconds.",
)
_TOO_OFTEN = Text(
    "Terlalu banyak percobaan dari alamat Anda. Tunggu sebentar lalu kirim lagi.",
    "Too many files were tried from your address. Wait a moment and send it again.",
)
_SHARE = Text(
    "Berkas lain dari alamat Anda masih diperiksa. Tunggu sampai selesai lalu kirim lagi.",
    "Another file from your address is still being checked. Wait for it and send this one again.",
)
_ODD = re.compile(r"[^\w.-]+")


class Trials(Protocol):
    """What a file is tried against."""

    def of_dataset(
        self, id: str, *, at_the_desk: bool, on: date, period: str, filename: str
    ) -> Trial | None: ...

    def of_standard(self, standard: Mapping[str, Any], *, on: date, period: str, filename: str) -> Trial: ...


class Sandbox(Protocol):
    def check(self, trial: Trial, data: bytes) -> Tried:
        """Raises Busy or BadStandard."""
        ...


@dataclass(frozen=True)
class Answer:
    """What came of a try, and how the sender calls the file."""

    tried: Tried
    filename: str

    def table(self) -> Response | None:
        """The table as a download, where there is one; it stands nowhere else."""
        if self.tried.table is None:
            return None
        kind = self.tried.format
        name = f"diperiksa_{_ODD.sub('_', Path(self.filename).stem)}.{kind}"
        return attachment(BytesIO(self.tried.table), content_type=KINDS[kind], name=name)


class Door:
    """Where files to try come in, by programs and by the page alike."""

    def __init__(
        self,
        trials: Trials,
        sandbox: Sandbox,
        buckets: Buckets,
        shares: Shares,
        *,
        today: Callable[[], date],
    ) -> None:
        self._trials = trials
        self._sandbox = sandbox
        self._buckets = buckets
        self._shares = shares
        self._today = today

    def tried(self, *, at_the_desk: bool) -> Answer:
        """What came of the file that this request brings; raises Problem."""
        address = request.remote_addr or "-"
        wait = self._buckets.take(address)
        if wait:
            raise Problem(429, "terlalu-sering-mencoba", _TOO_OFTEN, headers={"Retry-After": str(wait)})
        form = trial_form.form()
        filename, data = trial_form.file()
        try:
            trial = self._trial(form, filename, at_the_desk)
            with self._shares.one(address):
                return Answer(self._sandbox.check(trial, data), filename)
        except ShareTaken as taken:
            headers = {"Retry-After": RETRY_AFTER_FULL}
            raise Problem(429, "terlalu-sering-mencoba", _SHARE, headers=headers) from taken
        except Busy as busy:
            headers = {"Retry-After": RETRY_AFTER_FULL}
            raise Problem(503, "pemeriksa-penuh", _FULL, headers=headers) from busy
        except BadStandard as error:
            raise unacceptable("standar-tidak-sesuai", _BAD_STANDARD, error.problems) from error

    def _trial(self, form: Mapping[str, str], filename: str, at_the_desk: bool) -> Trial:
        about: dict[str, Any] = {
            "on": self._today(),
            "period": form.get("period", ""),
            "filename": filename,
        }
        if "standard" in form:
            trial = self._trials.of_standard(trial_form.standard(form["standard"]), **about)
        else:
            found = self._trials.of_dataset(form["dataset"], at_the_desk=at_the_desk, **about)
            if found is None:
                raise not_found()
            trial = found
        return replace(trial, table=form.get("answer") == "tabel")


def blueprint(door: Door, desk: Desk) -> Blueprint:
    blp = Blueprint("checks", __name__, description="Mencoba berkas / trying files")

    @blp.route("/v1/checks", methods=["POST"])
    @blp.doc(requestBody=trial_form.BODY)
    @blp.response(200)
    def check() -> ResponseReturnValue:
        """Try a file of at most 10 MiB: the whole report at once, and nothing is kept. No key is needed.

        Against the standard and the code lists of a `dataset`, or a `standard` of your own; `period` as a
        submission would name it. With `answer=tabel` your own table comes instead, with the reasons beside
        each row (CSV, or XLSX for a workbook), unless nothing was found or it cannot be laid out: then the
        report. 429 and 503 say with Retry-After when to come again.
        """
        answer = door.tried(at_the_desk=desk.bears_token())
        report = Response(answer.tried.report, content_type="application/json")
        return answer.table() or report

    return blp
