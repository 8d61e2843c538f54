"""Make mongod a replica set of one, and give each service a user that reaches its own database only.

Runs once before the services, and may be run again: a password that was changed in .env is set anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError

SERVICES = ("ingest", "validation", "catalog", "notification")
PAYLOADS = "muara_payloads"
SET = "rs0"
WITHIN = 120.0
ALREADY_A_SET = 23
UNKNOWN_USER = 11
LOGIN_REFUSED = 18

Admin = MongoClient[dict[str, Any]]


def main(environ: Mapping[str, str]) -> int:
    deadline = time.monotonic() + WITHIN
    while True:
        try:
            _prepare(environ)
            return 0
        except PyMongoError as error:
            # A new server first runs without its users; so a refused login may pass, too.
            passes = isinstance(error, AutoReconnect) or getattr(error, "code", None) == LOGIN_REFUSED
            if not passes or time.monotonic() > deadline:
                print(f"MongoDB at {environ['MONGODB_HOST']}: {error}", file=sys.stderr)
                return 1
        time.sleep(1)


def _prepare(environ: Mapping[str, str]) -> None:
    host = environ["MONGODB_HOST"]
    with MongoClient[dict[str, Any]](
        f"mongodb://{host}/?directConnection=true",
        username="root",
        password=environ["MONGODB_ROOT_PASSWORD"],
        serverSelectionTimeoutMS=3000,
    ) as client:
        _found_set(client, host)
        for service in SERVICES:
            _user(client, service, environ[f"MONGODB_PASSWORD_{service.upper()}"])
        print(f"{host}: {SET}; {', '.join(SERVICES)}")


def _found_set(client: Admin, host: str) -> None:
    try:
        member = {"_id": 0, "host": host}
        client.admin.command("replSetInitiate", {"_id": SET, "members": [member]})
    except OperationFailure as error:
        if error.code != ALREADY_A_SET:
            raise
    if not client.admin.command("hello")["isWritablePrimary"]:
        raise AutoReconnect("the set has no primary yet")


def _user(client: Admin, service: str, password: str) -> None:
    roles = [{"role": "readWrite", "db": database} for database in (f"muara_{service}", PAYLOADS)]
    try:
        client.admin.command("updateUser", service, pwd=password, roles=roles)
    except OperationFailure as error:
        if error.code != UNKNOWN_USER:
            raise
        client.admin.command("createUser", service, pwd=password, roles=roles)


if __name__ == "__main__":
    sys.exit(main(os.environ))
