"""``python -m ingest_service keys create --opd dinkes``: a key for one system of one OPD, shown once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ingest_service.model.integration import Integrations, new_key


def keys(integrations: Integrations, registered: Callable[[str], bool], argv: Sequence[str]) -> int:
    """``registered`` says whether ingest has heard of an OPD. The exit code of the process."""
    asked = _parser().parse_args(argv)
    if asked.action == "create":
        unknown = [opd for opd in asked.opd if not registered(opd)]
        if unknown:
            words = "OPD tidak terdaftar di daerah ini / no OPD of this region"
            print(f"{', '.join(unknown)}: {words}", file=sys.stderr)
            return 1
        for opd in asked.opd:
            integration, key = new_key(opd, label=asked.label, now=datetime.now(UTC))
            integrations.add(integration)
            print(json.dumps({"id": integration.id, "opd": opd, "key": key}))
        return 0
    if asked.action == "list":
        for each in sorted(integrations.all(), key=lambda each: each.created_at):
            state = f"dicabut {each.revoked_at.isoformat()}" if each.revoked_at else "aktif"
            print(f"{each.id}\t{each.opd}\t{each.label}\t{each.created_at.isoformat()}\t{state}")
        return 0
    return _revoke(integrations, asked)


def _revoke(integrations: Integrations, asked: argparse.Namespace) -> int:
    if asked.label:
        ids = [each.id for each in integrations.all() if each.label == asked.label and not each.revoked_at]
    else:
        ids = [asked.id]
    revoked = [integrations.revoke(id, datetime.now(UTC)) for id in ids]
    if not asked.label and not any(revoked):
        print(f"tidak ada kunci aktif / no key in force: {asked.id}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ingest_service keys")
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="make a key and show it once")
    create.add_argument("--opd", required=True, action="append", help="may be given several times")
    create.add_argument("--label", default="integrasi")
    actions.add_parser("list", help="every key, without its secret")
    revoke = actions.add_parser("revoke", help="a key stops working at once")
    which = revoke.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?")
    which.add_argument("--label", help="every key with this label")
    return parser
