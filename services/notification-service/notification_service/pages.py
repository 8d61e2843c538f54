"""The inbox as a plain page, for people at the desk of the walidata."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from muara_kernel.events import OpdRegistered, Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem
from notification_service.model.alerts import Inbox, NoSuchAlert
from notification_service.model.recipients import RECIPIENT, WALIDATA, opd_of

A_PAGE = 25

STATES = {
    "menunggu": Text("belum terkirim", "not sent yet"),
    "dimulai": Text("sedang dikirim", "being sent"),
    "terkirim": Text("terkirim", "sent"),
    "tidak_diketahui": Text("tidak diketahui", "not known"),
    "gagal": Text("gagal", "failed"),
}
LOOKS = {"terkirim": "good", "gagal": "bad"}

_NO_SUCH_INBOX = Text("Tidak ada kotak masuk ini.", "There is no such inbox.")
_NO_SUCH_ALERT = Text("Tidak ada pemberitahuan dengan id ini.", "There is no alert with this id.")


def blueprint(inbox: Inbox, every_opd: Callable[[], Sequence[OpdRegistered]], desk: Desk) -> Blueprint:
    """``every_opd`` are those whose inbox can be chosen."""
    views = Blueprint("pages", __name__)

    @views.get("/")
    @desk.page_required
    def first() -> ResponseReturnValue:
        recipient = request.args.get("recipient", WALIDATA)
        if not RECIPIENT.fullmatch(recipient):
            raise Problem(404, "no-such-inbox", _NO_SUCH_INBOX)
        try:
            found = inbox.page(opd_of(recipient), limit=A_PAGE + 1, after=request.args.get("after") or None)
        except NoSuchAlert as error:
            raise Problem(404, "no-such-alert", _NO_SUCH_ALERT) from error
        page = render_template(
            "inbox.html",
            alerts=found[:A_PAGE],
            onward=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
            later=request.args.get("after") is not None,
            recipient=recipient,
            every_opd=sorted(every_opd(), key=lambda opd: opd.name),
            states=STATES,
            looks=LOOKS,
        )
        return page, {"Cache-Control": "no-store"}

    return views
