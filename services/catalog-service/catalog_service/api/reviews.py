"""The pemeriksaan by the walidata: what waits, the data to look at, and the decision."""

from __future__ import annotations

from typing import Any

from flask import Response, g, url_for
from flask_smorest import Blueprint

from catalog_service.api.door import Door, paged, unknown
from catalog_service.api.downloads import attachment, safe_name
from catalog_service.api.schemas import OutcomeAnswer, PageQuery, ReviewDecision, ReviewPage
from catalog_service.handlers import decide_review
from catalog_service.model import (
    AlreadyDecided,
    DecidedUnseen,
    Decision,
    Outcome,
    ReasonMissing,
    UnknownSubmission,
)
from muara_kernel.events import Text
from muara_kernel.web.problems import Problem


def blueprint(door: Door) -> Blueprint:
    blp = Blueprint("reviews", __name__, url_prefix="/v1/reviews", description="Pemeriksaan / reviews")

    @blp.route("", methods=["GET"])
    @door.desk.required
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, ReviewPage)
    def every(query: dict[str, Any]) -> dict[str, Any]:
        """What waits for the walidata."""
        found = door.shelf.reviews(query["limit"] + 1, query["after"])
        return paged(found, query["limit"], lambda asked: str(asked["submission"]), _told)

    @blp.route("/<submission>", methods=["POST"])
    @door.desk.required
    @blp.arguments(ReviewDecision)
    @blp.response(200, OutcomeAnswer)
    def decide(asked: dict[str, Any], submission: str) -> dict[str, Any]:
        """Approve (`setuju`), or return (`kembalikan`) with a reason; the same again is the same answer.

        With `as_of`, as the review showed it, 409 where the edition has changed since.
        """
        outcome = decided(door, submission, asked["decision"], asked["reason"], asked["as_of"])
        told = {"submission": outcome.submission, "outcome": outcome.outcome}
        return told | ({"version": outcome.version} if outcome.version else {})

    @blp.route("/<submission>/data", methods=["GET"])
    @door.desk.required
    @blp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
    def data(submission: str) -> Response:
        """What waits, as it was sent."""
        return data_of(door, submission)

    return blp


def decided(
    door: Door, submission: str, decision: Decision, reason: str, as_of: str | None = None
) -> Outcome:
    """The word of the walidata, taken and written; raises Problem. ``as_of`` as ``Shelf.review`` gave it."""
    try:
        return door.patiently(
            lambda work: decide_review(submission, decision, reason, as_of=as_of, editions=work.editions)
        )
    except (UnknownSubmission, AlreadyDecided, DecidedUnseen, ReasonMissing) as error:
        raise _refusal(error, submission) from error


def data_of(door: Door, submission: str) -> Response:
    """The bytes that wait; raises Problem."""
    asked = door.shelf.review(submission)
    if asked is None:
        raise _unknown(submission)
    g.opd = asked["opd"]
    return attachment(
        door.payloads,
        payload=asked["payload"],
        size=asked["size"],
        media_type=asked["media_type"],
        stem=safe_name(asked["dataset"].partition("/")[2], asked["period"], submission),
        public=False,
    )


def _told(asked: dict[str, Any]) -> dict[str, Any]:
    return {**asked, "data": url_for("reviews.data", submission=asked["submission"])}


def _unknown(submission: str) -> Problem:
    words = Text(f"Tidak ada yang menunggu dengan nomor {submission}.", f"Nothing waits under {submission}.")
    return unknown(words)


def _refusal(error: Exception, submission: str) -> Problem:
    if isinstance(error, AlreadyDecided):
        words = Text(
            f"Kiriman {submission} tidak menunggu pemeriksaan lagi: sudah {error.state.replace('_', ' ')}.",
            f"The submission {submission} does not wait for a decision any more: it is {error.state}.",
        )
        title = Text("Sudah diputuskan", "Already decided")
        return Problem(409, "sudah-diputuskan", words, title=title, state=error.state)
    if isinstance(error, DecidedUnseen):
        words = Text(
            f"Edisi kiriman {submission} berubah sejak Anda melihatnya: ada versi atau kiriman yang lebih"
            " baru. Lihat lagi, lalu putuskan.",
            f"The edition of {submission} has changed since you looked: there is a newer version or"
            " submission. Look again, then decide.",
        )
        title = Text("Berubah sejak dilihat", "Changed since it was looked at")
        return Problem(409, "berubah-sejak-dilihat", words, title=title)
    if isinstance(error, ReasonMissing):
        words = Text("Pengembalian harus disertai alasan.", "What is returned must be given a reason.")
        return Problem(422, "alasan-tidak-ada", words)
    return _unknown(submission)
