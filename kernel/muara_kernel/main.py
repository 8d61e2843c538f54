"""``python -m <service> web | worker | topics | dead-letters``: for compose, Kubernetes and ``muara up``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask

from muara_kernel.bus import BusError
from muara_kernel.bus.connect import topics as connect_topics
from muara_kernel.documents import Conflict, Documents, DocumentsError
from muara_kernel.documents.connect import connect as connect_documents
from muara_kernel.observability import logs
from muara_kernel.observability.metrics import Metrics
from muara_kernel.payloads import PayloadsError
from muara_kernel.settings import SettingsError, Shared, read
from muara_kernel.web.server import serve
from muara_kernel.worker.dead_letters import DEAD_LETTERS, DISMISS, REPLAY, WAITING, DeadLetters, NoSuchLetter

Command = Callable[[Documents, Sequence[str]], int]


@dataclass(frozen=True)
class Service:
    """What ``__main__`` of a service hands over: how to build it, and commands of its own."""

    name: str
    settings: type[Shared]
    create_app: Callable[[], Flask]
    run_worker: Callable[[], int]
    commands: Mapping[str, Command] = field(default_factory=dict)


def main(service: Service, argv: Sequence[str] | None = None) -> int:
    """The exit code of the process; a wrong setting is one sentence on stderr and code 2."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        settings = read(service.settings)
        if command == "web":
            logs.configure(service.name, "web")
            serve(service.create_app, settings.bind, threads=settings.threads, name=service.name)
            return 0
        if command == "worker":
            return service.run_worker()
        if command == "topics":
            return topics(settings.bus, rest)
        commands = {"dead-letters": dead_letters(service.name), **service.commands}
        if command in commands:
            return commands[command](connect_documents(settings.documents), rest)
    except (SettingsError, BusError, DocumentsError, PayloadsError) as error:
        return _refuse(service, error)
    except ValueError as error:
        if not str(error).startswith("MUARA_"):  # a bug, not a setting
            raise
        return _refuse(service, error)
    print(f"usage: {service.name} web | worker | topics | {' | '.join(commands)}", file=sys.stderr)
    return 2


def _refuse(service: Service, error: Exception) -> int:
    print(f"{service.name}: {error}", file=sys.stderr)
    return 2


def topics(url: str, argv: Sequence[str]) -> int:
    """Show how the bus differs from what is declared, or make what is missing; 1 while anything differs."""
    parser = argparse.ArgumentParser(prog="topics")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="what differs from the table in events/topics.py")
    apply = actions.add_parser("apply", help="make what is missing; what is there is never changed")
    apply.add_argument("--replication", type=int, default=1, help="brokers that hold each partition")
    asked = parser.parse_args(argv)
    admin = connect_topics(url)
    if admin is None:
        print("this bus makes its topics by itself")
        return 0
    try:
        if asked.action == "apply":
            for name in admin.apply(replication=asked.replication):
                print(f"made {name}")
        differences = admin.differences()
    finally:
        admin.close()
    for sentence in differences:
        print(sentence, file=sys.stderr)
    return int(bool(differences))


def dead_letters(group: str) -> Command:
    """List, show, replay or dismiss what the worker of ``group`` could not read."""

    def run(documents: Documents, argv: Sequence[str]) -> int:
        parser = argparse.ArgumentParser(prog=f"{group} dead-letters")
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="those that wait for a decision")
        for name in ("show", "replay", "dismiss"):
            actions.add_parser(name).add_argument("id")
        actions.choices["dismiss"].add_argument("--reason", required=True)
        asked = parser.parse_args(argv)
        documents.declare(DEAD_LETTERS)
        letters = DeadLetters(documents, group, Metrics(group))
        try:
            return _act(letters, asked)
        except NoSuchLetter as error:
            print(f"no dead letter waits under {error}", file=sys.stderr)
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
    else:
        letters.ask(asked.id, DISMISS, because=asked.reason)
    return 0
