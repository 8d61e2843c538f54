"""The pemeriksaan as pages: what waits for the walidata, what the checks say of it, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalog_service.model import Decision, Outcome, Shelf
from catalog_service.pages.checks import Checks, checks_of
from muara_kernel.events import Text, words
from muara_kernel.payloads import Payloads
from muara_kernel.web.desk import Desk
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem

ON_A_PAGE = 20
LONGEST_ID = 300
LONGEST_REASON = 2000

Decide = Callable[[str, Decision, str, str | None], Outcome]
"""Of a submission: decision, reason, and the state in which it was seen. Raises Problem where it cannot be
decided so, or not any more."""

LOOKS = {"lulus": "good", "galat": "bad", "gagal": "bad", "peringatan": "wait"}
_UNDECIDED = Text("Pilih setuju atau kembalikan.", "Choose to approve or to return.")
_UNSEEN = Text(
    "Lihat hasil pemeriksaan dan datanya, lalu centang pernyataannya, sebelum menyetujui.",
    "Look at the checks and the data, then tick the statement, before you approve.",
)
_NO_REPORT = Text(
    "Laporan pemeriksaannya tidak terbaca; yang belum dilihat tidak dapat disetujui.",
    "The report of the checks cannot be read; what nobody has seen cannot be approved.",
)
_NO_REASON = Text("Tulis alasan pengembaliannya.", "Write the reason for returning it.")
_LONG_REASON = Text(
    f"Alasan paling panjang {LONGEST_REASON} huruf.", f"A reason has at most {LONGEST_REASON} letters."
)


def blueprint(
    shelf: Shelf, payloads: Payloads, desk: Desk, *, decide: Decide, data: Callable[[str], Response]
) -> Blueprint:
    """``data`` hands out the very bytes that wait under a submission."""
    blp = Blueprint("pemeriksaan", __name__, url_prefix="/pemeriksaan")

    @blp.get("")
    @desk.page_required
    def waiting() -> ResponseReturnValue:
        after = request.args.get("after", "")[:LONGEST_ID] or None
        found = shelf.reviews(ON_A_PAGE + 1, after)
        return render_template(
            "catalog/reviews.html",
            waiting=[_named(shelf, asked) for asked in found[:ON_A_PAGE]],
            onward=found[ON_A_PAGE - 1]["submission"] if len(found) > ON_A_PAGE else None,
            later=after is not None,
        )

    @blp.get("/<submission>")
    @desk.page_required
    def one(submission: str) -> ResponseReturnValue:
        asked = _waiting(shelf, submission)
        return _page(shelf, asked, checks_of(payloads, asked["report"]))

    @blp.post("/<submission>")
    @desk.page_required
    def decided(submission: str) -> ResponseReturnValue:
        asked = shelf.review(submission)
        checks = checks_of(payloads, asked["report"]) if asked else None
        refusal = _refused(request.form, asked, checks)
        if refusal:
            return _page(shelf, asked or _waiting(shelf, submission), checks, refusal), 422
        form = request.form
        decision = cast(Decision, form["decision"])
        decide(submission, decision, form.get("reason", ""), form.get("as_of") or None)
        return redirect(url_for("pemeriksaan.waiting"), 303)

    @blp.get("/<submission>/data")
    @desk.page_required
    def sent(submission: str) -> ResponseReturnValue:
        return data(submission)

    return blp


def _refused(form: Mapping[str, str], asked: dict[str, Any] | None, checks: Checks | None) -> Text | None:
    """What keeps this decision from being taken; of what does not wait any more, others tell what became."""
    decision, reason = form.get("decision"), form.get("reason", "").strip()
    if decision not in get_args(Decision):
        return _UNDECIDED
    if decision == "kembalikan":
        return _NO_REASON if not reason else _LONG_REASON if len(reason) > LONGEST_REASON else None
    if asked and checks is None:
        return _NO_REPORT
    seen = form.get("seen")
    return None if seen and (asked is None or seen == asked["report"]) else _UNSEEN


def _waiting(shelf: Shelf, submission: str) -> dict[str, Any]:
    asked = shelf.review(submission)
    if asked is None:
        words = Text(
            f"Tidak ada yang menunggu dengan nomor {submission}.", f"Nothing waits under {submission}."
        )
        raise Problem(404, "tidak-ditemukan", words)
    return asked


def _page(shelf: Shelf, asked: dict[str, Any], checks: Checks | None, refusal: Text | None = None) -> str:
    return render_template(
        "catalog/review.html",
        asked=_named(shelf, asked),
        checks=checks,
        refusal=say(refusal) if refusal else None,
        reason=request.form.get("reason", ""),
        no_report=_NO_REPORT,
        longest=LONGEST_REASON,
        words=words,
        looks=LOOKS,
    )


def _named(shelf: Shelf, asked: dict[str, Any]) -> dict[str, Any]:
    """The request with the names that people know its dataset and its OPD by."""
    entry, opd = shelf.dataset(asked["dataset"]), shelf.opd(asked["opd"])
    return {
        **asked,
        "title": entry.title if entry else asked["dataset"],
        "opd_name": opd.name if opd else asked["opd"],
    }
