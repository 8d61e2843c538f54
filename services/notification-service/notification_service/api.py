"""The inbox over HTTP, for programs with the desk token."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import fields, validate

from muara_kernel.events import Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.language import language, say
from muara_kernel.web.problems import Problem
from notification_service.model.alerts import Alert, Delivery, Inbox, NoSuchAlert, moment_of
from notification_service.model.recipients import RECIPIENT, WALIDATA, opd_of

MOST = 1000

_BAD_RECIPIENT = Text("Harus walidata atau opd:<id>.", "Must be walidata or opd:<id>.")
_NO_SUCH_ALERT = Text("Tidak ada pemberitahuan dengan id ini.", "There is no alert with this id.")


def _known_recipient(value: str) -> None:
    if not RECIPIENT.fullmatch(value):
        raise ma.ValidationError([_BAD_RECIPIENT])


class InboxQuery(ma.Schema):
    """Whose inbox, how much of it, and after which alert."""

    recipient = fields.String(load_default=WALIDATA, validate=_known_recipient)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))
    after = fields.String(load_default=None)


class DeliverySchema(ma.Schema):
    """One letter to one recipient."""

    channel = fields.String(required=True)
    recipient = fields.String(required=True)
    address = fields.String()
    state = fields.String(required=True)
    attempts = fields.Integer(required=True)
    message_id = fields.String(required=True)
    problem = fields.String()
    next_try = fields.String()
    sent_at = fields.String()


class AlertSchema(ma.Schema):
    """One fact that somebody was told, in the reader's language."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    submission = fields.String(required=True)
    dataset = fields.String(required=True)
    period = fields.String(required=True)
    opd = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.String(required=True)
    recipients = fields.List(fields.String(), required=True)
    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)


class InboxSchema(ma.Schema):
    """``next`` goes into ``after`` for the following page; it is missing on the last."""

    items = fields.List(fields.Nested(AlertSchema), required=True)
    next = fields.String()


def blueprint(inbox: Inbox, desk: Desk) -> Blueprint:
    blp = Blueprint("inbox", __name__, url_prefix="/v1", description="Pemberitahuan / alerts")
    blp.after_request(_in_their_language)

    @blp.route("/inbox")
    class Page(MethodView):
        @desk.required
        @blp.arguments(InboxQuery, location="query", unknown=ma.RAISE)
        @blp.response(200, InboxSchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any]:
            """The inbox of the walidata or of one OPD, newest first."""
            alerts, onward = _page(inbox, query)
            return {"items": [shown(each) for each in alerts], **({"next": onward} if onward else {})}

    @blp.route("/alerts/<id>")
    class One(MethodView):
        @desk.required
        @blp.response(200, AlertSchema)
        def get(self, id: str) -> dict[str, Any]:
            """One alert with its deliveries."""
            alert = inbox.get(id)
            if alert is None:
                raise Problem(404, "pemberitahuan-tidak-ada", _NO_SUCH_ALERT)
            return shown(alert)

    return blp


def shown(alert: Alert) -> dict[str, Any]:
    """The alert as its reader sees it; what is not there is left out."""
    return {
        "id": alert.id,
        "kind": alert.kind,
        "submission": alert.submission,
        "dataset": alert.dataset,
        "period": alert.period,
        "opd": alert.opd,
        "title": say(alert.title),
        "text": say(alert.text),
        "created_at": alert.created_at.isoformat(),
        "recipients": list(alert.recipients),
        "deliveries": [_delivery(each) for each in alert.deliveries],
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    told = {
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "address": delivery.address,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "message_id": delivery.message_id,
        "problem": say(delivery.problem) if delivery.problem else None,
        "next_try": moment_of(delivery.due).isoformat() if delivery.due is not None else None,
        "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _page(inbox: Inbox, query: dict[str, Any]) -> tuple[list[Alert], str | None]:
    limit = query["limit"]
    try:
        found = list(inbox.page(opd_of(query["recipient"]), limit=limit + 1, after=query["after"]))
    except NoSuchAlert as error:
        raise Problem(422, "pemberitahuan-tidak-ada", _NO_SUCH_ALERT) from error
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def _in_their_language(response: Response) -> Response:
    response.headers.setdefault("Content-Language", language())
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    response.vary.add("Authorization")
    return response
