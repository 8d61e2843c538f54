"""``python -m <service> web | worker | topics | dead-letters``: for compose, Kubernetes and ``muara up``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from muara_kernel.bus import BusError
from muara_kernel.bus.connect import connect as connect_bus
from muara_kernel.bus.connect import topics as connect_topics
from muara_kernel.documents import Conflict, Documents, DocumentsError, DocumentsUnavailable
from muara_kernel.documents.connect import connect as connect_documents
from muara_kernel.observability import logs
from muara_kernel.observability.metrics import Metrics
from muara_kernel.payloads import PayloadsError
from muara_kernel.payloads.connect import connect as connect_payloads
from muara_kernel.settings import SettingsError, Shared, read
from muara_kernel.web.desk import Desk
from muara_kernel.web.listening import demand_place
from muara_kernel.web.server import serve
from muara_kernel.worker.dead_letters import DEAD_LETTERS, DISMISS, REPLAY, WAITING, DeadLetters, NoSuchLetter
from muara_kernel.worker.region import REGION, demand_region

Command = Callable[[Documents, Sequence[str]], int]

REFUSED = (SettingsError, BusError, DocumentsError, PayloadsError, ValueError)
WRONG = 2
"""The exit code where somebody must change a setting: starting again would not help."""
CANNOT_BOOT = 3
"""What a process of gunicorn ends with so that its master ends too."""


@dataclass(frozen=True)
class Service:
    """What ``__main__`` of a service hands over: how to build it, and commands of its own.

    ``demand`` raises SettingsError for settings of its own that do not go together.
    """

    name: str
    settings: type[Shared]
    create_app: Callable[[], Flask]
    run_worker: Callable[[], int]
    commands: Mapping[str, Command] = field(default_factory=dict)
    demand: Callable[[Any], None] = lambda settings: None


def main(service: Service, argv: Sequence[str] | None = None) -> int:
    """The exit code of the process; a wrong setting is one sentence on stderr and code 2.

    A server that is away, or does not let us in, is no wrong setting: web and worker wait for it.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        settings = read(service.settings)
        if command in ("web", "worker"):
            _understood(settings)
            service.demand(settings)
        if command == "web":
            demand_place(settings.bind, "MUARA_BIND")
            _of_this_region(settings)
            return _web(service, settings)
        if command == "worker":
            demand_place(settings.health_bind, "MUARA_HEALTH_BIND")
            _of_this_region(settings)
            return service.run_worker()
        if command == "topics":
            return topics(settings.bus, rest)
        commands = {"dead-letters": dead_letters(service.name), **service.commands}
        if command in commands:
            return commands[command](connect_documents(settings.documents), rest)
    except REFUSED as error:
        return _refuse(service, error)
    print(f"usage: {service.name} web | worker | topics | {' | '.join(commands)}", file=sys.stderr)
    return WRONG


def _refuse(service: Service, error: Exception) -> int:
    """A ValueError that names no setting is a bug."""
    if isinstance(error, ValueError):
        if not str(error).startswith("MUARA_"):
            raise error
        error = SettingsError(f"pengaturan tidak dapat dipakai / a setting cannot be used: {error}")
    print(f"{service.name}: {error}", file=sys.stderr)
    return WRONG


def _understood(settings: Shared) -> None:
    """Build what the settings name, and let go of it: what makes no sense stops us before we serve."""
    connect_bus(settings.bus, session=settings.session).close()
    connect_documents(settings.documents).close()
    connect_payloads(settings.payloads).close()
    Desk(settings.desk_token)


def _of_this_region(settings: Shared) -> None:
    """Asked when all else is right: the first to ask decides whose documents these are."""
    with closing(connect_documents(settings.documents)) as documents, suppress(DocumentsUnavailable):
        documents.declare(REGION)
        demand_region(documents, settings.region)


def _web(service: Service, settings: Shared) -> int:
    def create_app() -> Flask:
        """In the process that serves; a setting of the service's own may still be wrong."""
        try:
            return service.create_app()
        except REFUSED as error:
            _refuse(service, error)
            sys.exit(CANNOT_BOOT)

    logs.configure(service.name, "web")
    master = os.getpid()
    try:
        serve(create_app, settings.bind, threads=settings.threads, name=service.name)
    except SystemExit as ended:
        if ended.code == CANNOT_BOOT and os.getpid() == master:
            return WRONG
        raise
    return 0


def topics(url: str, argv: Sequence[str]) -> int:
    """Show how the bus differs from what is declared, make what is missing, or alter what differs.

    0: all is as declared, or differs without harm; 1: something differs, a sentence each on stderr; 2: the
    brokers could not be asked.
    """
    parser = argparse.ArgumentParser(prog="topics")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="what differs from the table in events/topics.py")
    apply = actions.add_parser("apply", help="make what is missing; change nothing else unless told to")
    apply.add_argument("--replication", type=int, default=1, help="brokers that hold each partition")
    apply.add_argument("--alter", action="store_true", help="retention and clean-up too; safe while all runs")
    apply.add_argument("--add-partitions", action="store_true", help="only while all services are stopped")
    asked = parser.parse_args(argv)
    admin = connect_topics(url)
    if admin is None:
        print("bus ini membuat topiknya sendiri / this bus makes its topics by itself")
        return 0
    try:
        if asked.action == "apply":
            for name in admin.apply(replication=asked.replication):
                print(f"topik dibuat / topic made: {name}")
            if asked.alter or asked.add_partitions:
                for change in admin.alter(configs=asked.alter, partitions=asked.add_partitions):
                    print(f"topik diubah / topic altered: {change}")
        differences, remarks = admin.differences(), admin.remarks()
    except BusError as error:
        print(error, file=sys.stderr)
        return WRONG
    finally:
        admin.close()
    for remark in remarks:
        print(remark)
    for sentence in differences:
        print(sentence, file=sys.stderr)
    if not differences:
        print("semua topik sesuai / all topics are as declared")
    return int(bool(differences))


def dead_letters(group: str) -> Command:
    """List, show, replay or dismiss what the worker of ``group`` could not read."""

    def run(documents: Documents, argv: Sequence[str]) -> int:
        parser = argparse.ArgumentParser(prog=f"{group} dead-letters")
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="those that wait for a decision")
        for name in ("show", "replay", "dismiss"):
            actions.add_parser(name).add_argument("id")
        actions.choices["dismiss"].add_argument("--reason", required=True, type=_reason)
        asked = parser.parse_args(argv)
        documents.declare(DEAD_LETTERS)
        letters = DeadLetters(documents, group, Metrics(group))
        try:
            return _act(letters, asked)
        except NoSuchLetter as error:
            print(f"tidak ada dead letter / no dead letter waits under {error}", file=sys.stderr)
            return 1
        except Conflict:
            print(f"{asked.id} was decided on at this very moment; look again", file=sys.stderr)
            return 1

    return run


def _act(letters: DeadLetters, asked: argparse.Namespace) -> int:
    if asked.action == "list":
        for stored in letters.all(WAITING):
            print(f"{stored.id}\t{stored.body['opd']}\t{stored.body['buried_at']}\t{stored.body['reason']}")
    elif asked.action == "show":
        for name, value in letters.get(asked.id).body.items():
            print(f"{name}: {value}")
    elif asked.action == "replay":
        letters.ask(asked.id, REPLAY)
        print(f"{asked.id} akan dicoba lagi oleh worker / will be tried again by the worker")
    else:
        letters.ask(asked.id, DISMISS, because=asked.reason)
        print(f"{asked.id} akan dilepas oleh worker / will be dismissed by the worker: {asked.reason}")
    return 0


def _reason(given: str) -> str:
    if not given.strip():
        raise argparse.ArgumentTypeError("alasan tidak boleh kosong / a reason must be given")
    return given.strip()
