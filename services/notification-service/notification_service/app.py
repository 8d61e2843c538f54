"""The composition root: the only place where the notification service is put together."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from muara_kernel.addresses import Addresses
from muara_kernel.events import Event, OpdRegistered, Text
from muara_kernel.ground import Ground
from muara_kernel.settings import SettingsError, read
from muara_kernel.worker.copies import Copies, CopiesRead
from muara_kernel.worker.leases import Leases
from muara_kernel.worker.process import Loop
from muara_kernel.worker.unit import Unit
from notification_service import api, pages
from notification_service.handlers import REACTIONS, keep_copy, tell
from notification_service.jobs import Deliveries, MailByServer, MailServer, OutboxFolder, Takeover
from notification_service.jobs.mail import address
from notification_service.model.alerts import LETTER
from notification_service.model.channels import Channel
from notification_service.model.composing import Policy
from notification_service.model.recipients import OPS, WALIDATA, AddressBook, opd_of
from notification_service.settings import Settings
from notification_service.storage import (
    COLLECTIONS,
    Claimants,
    DocumentClaims,
    DocumentInbox,
    UnitAlerts,
    UnitRegister,
)

NAME = "notification"


def demand(settings: Settings) -> None:
    """Raises SettingsError when the settings hold no address, or no way to one."""
    for given in (settings.sender_address, settings.walidata_address, *filter(None, [settings.ops])):
        try:
            address(given)
        except ValueError as error:
            raise SettingsError(str(error)) from error
    letters(settings)


def build(settings: Settings) -> Ground:
    """The service's connections. Raises SettingsError as ``demand`` does."""
    demand(settings)
    return Ground.of(NAME, settings, COLLECTIONS)


def create_app() -> Flask:
    """For gunicorn, in the process that serves."""
    settings = read(Settings)
    return web(build(settings))


def web(ground: Ground) -> Flask:
    title = Text("Muara: pemberitahuan", "Muara: notification")
    app, doors, desk = ground.web(title, import_name="notification_service")
    inbox, copies = DocumentInbox(ground.documents), ground.copies()
    addresses = Addresses.of(ground.settings.public_url)
    doors.register_blueprint(api.blueprint(inbox, desk))
    app.register_blueprint(pages.blueprint(inbox, partial(copies.all, OpdRegistered), desk, addresses))
    return app


def run_worker() -> int:
    settings = read(Settings)
    ground = build(settings)
    leases = Leases(ground.documents, length=settings.lease)
    channel = letters(settings)
    if isinstance(channel, OutboxFolder):
        channel.tidy()
    jobs = {
        "deliveries": Loop(deliveries(settings, ground, leases, channel).turn),
        "takeover": Loop(Takeover(leases, Claimants(ground.documents)).turn, idle=(settings.lease / 5,)),
    }
    return ground.work(partial(reactions, policy=policy(settings)), jobs=jobs, leases=leases)


def reactions(unit: Unit, *, policy: Policy) -> dict[type[Event], Any]:
    """Every handler with what it needs, within one unit of work."""
    telling = partial(tell, alerts=UnitAlerts(unit), register=UnitRegister(unit), policy=policy, now=unit.now)
    keeping = partial(keep_copy, copies=Copies(unit))
    return {event: telling if handler is tell else keeping for event, handler in REACTIONS.items()}


def policy(settings: Settings) -> Policy:
    return Policy(
        domain=settings.sender_address.partition("@")[2],
        ops=bool(settings.ops),
        addresses=Addresses.of(settings.public_url),
    )


def letters(settings: Settings) -> OutboxFolder | MailByServer:
    """By the mail server where one is named, else into the folder. Raises SettingsError."""
    name = f"Muara · Satu Data {settings.region_name}".rstrip()
    sender = address(settings.sender_address, name)
    if settings.smtp:
        try:
            return MailByServer(MailServer.at(settings.smtp), sender)
        except ValueError as error:
            raise SettingsError(str(error)) from error
    if not settings.outbox:
        raise SettingsError(
            "MUARA_NOTIFICATION_OUTBOX dan MUARA_NOTIFICATION_SMTP belum diisi / set one of them"
        )
    return OutboxFolder(Path(settings.outbox), sender)


def deliveries(settings: Settings, ground: Ground, leases: Leases, channel: Channel) -> Deliveries:
    return Deliveries(
        DocumentClaims(ground.documents),
        channels={LETTER: channel},
        addresses=address_book(settings, ground.copies()),
        owner=lambda: leases.owner,
        count=lambda outcome, seconds, opd: ground.metrics.job("delivery", outcome, seconds, opd),
    )


def address_book(settings: Settings, copies: CopiesRead) -> AddressBook:
    """The walidata and ops from the settings, an OPD from its copy, as far as that has arrived."""
    ours = {WALIDATA: settings.walidata_address, OPS: settings.ops or None}

    def address_of(recipient: str) -> str | None:
        opd = opd_of(recipient)
        if opd is None:
            return ours.get(recipient)
        copy = copies.get(OpdRegistered, opd)
        return copy.contact if copy else None

    return address_of
