"""The inbox as a plain page, for people at the desk of the walidata."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from muara_kernel.addresses import Addresses
from muara_kernel.events import OpdRegistered, Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem
from notification_service.model.alerts import Alert, Inbox, NoSuchAlert
from notification_service.model.recipients import RECIPIENT, WALIDATA, opd_of

A_PAGE = 20

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

_OWN_PAGES = re.compile(r"(?:https?://[^\s/]+)?(?P<path>/laporan/[0-9a-f]{64}|/pemeriksaan/[A-Za-z0-9-]+)\b")


@dataclass(frozen=True)
class Part:
    """One page of an inbox, newest first, and whether there are others before and after it."""

    alerts: Sequence[Alert]
    newer: bool
    older: bool


def blueprint(
    inbox: Inbox,
    every_opd: Callable[[], Sequence[OpdRegistered]],
    desk: Desk,
    addresses: Addresses,
) -> Blueprint:
    """``every_opd`` are those whose inbox can be chosen."""
    views = Blueprint("pages", __name__)
    desk.open_sign_in(views)

    @views.get("/")
    @desk.page_required
    def first() -> ResponseReturnValue:
        recipient = request.args.get("recipient", WALIDATA)
        if not RECIPIENT.fullmatch(recipient):
            raise Problem(404, "kotak-masuk-tidak-ada", _NO_SUCH_INBOX)
        try:
            part = _part(inbox, opd_of(recipient), request.args.get("after"), request.args.get("before"))
        except NoSuchAlert as error:
            raise Problem(404, "pemberitahuan-tidak-ada", _NO_SUCH_ALERT) from error
        page = render_template(
            "inbox.html",
            part=part,
            recipient=recipient,
            every_opd=sorted(every_opd(), key=lambda opd: opd.name),
            states=STATES,
            looks=LOOKS,
            linked=partial(linked, addresses=addresses),
        )
        return page, {"Cache-Control": "no-store"}

    return views


def linked(line: str, addresses: Addresses) -> Markup:
    """The line with its reports and reviews as links. What else looks like one may be a sender's bait."""
    shown, end = Markup(), 0
    for found in _OWN_PAGES.finditer(line):
        service = "validation" if found["path"].startswith("/laporan/") else "catalog"
        shown += escape(line[end : found.start()])
        link = Markup('<a href="{}">{}</a>')
        shown += link.format(addresses.link(service, found["path"]), found["path"])
        end = found.end()
    return shown + escape(line[end:])


def _part(inbox: Inbox, opd: str | None, after: str | None, before: str | None) -> Part:
    if before:
        newer = inbox.newer(opd, limit=A_PAGE + 1, before=before)
        if len(newer) > A_PAGE:
            return Part(newer[-A_PAGE:], newer=True, older=True)
        after = None  # what is left is the newest page, whole
    found = inbox.page(opd, limit=A_PAGE + 1, after=after or None)
    return Part(found[:A_PAGE], newer=bool(after), older=len(found) > A_PAGE)
