"""A region running on this machine: its directory held, its eight processes tended, and ready."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from muara.http import Door, Refused
from muara.loading import Doors
from muara.place import Place, inherited_settings
from muara.supervisor import Say, Supervisor

READY_WITHIN = 60.0


class NotReady(Exception):
    """Not every process was ready in time; the words say which, and why."""

    def __str__(self) -> str:
        return f"tidak siap / not ready: {self.args[0]}"


@dataclass(frozen=True)
class Running:
    """What the caller works with."""

    place: Place
    addresses: dict[str, str]
    desk_token: str
    settings: Mapping[str, str]

    @property
    def doors(self) -> Doors:
        return Doors.at(self.addresses, self.desk_token)

    def make_keys(self, opd: Sequence[str], *, label: str) -> dict[str, str]:
        """A new key for each OPD, made by ingest's own command; nobody can read them again."""
        asked = [argument for each in opd for argument in ("--opd", each)]
        lines = self._ingest("create", "--label", label, *asked).splitlines()
        return {told["opd"]: told["key"] for told in map(json.loads, lines)}

    def revoke_keys(self, label: str) -> None:
        """Keys with this label stop working at once."""
        self._ingest("revoke", "--label", label)

    def opd_with_keys(self) -> set[str]:
        """Those that have a key in force."""
        rows = [line.split("\t") for line in self._ingest("list").splitlines()]
        return {opd for _, opd, _, _, state in rows if state == "aktif"}

    def _ingest(self, *arguments: str) -> str:
        environment = self.place.environment("ingest", "127.0.0.1:0", "web", dict(self.settings))
        command = [sys.executable, "-m", "ingest_service", "keys", *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def running(place: Place, *, say: Say, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start everything and wait until it is ready; at the end, stop everything cleanly.

    ``settings`` are MUARA_ variables for the services, the caller's own environment by default.
    """
    settings = inherited_settings() if settings is None else settings
    lock = place.occupy()
    token = place.desk_token()
    supervisor = Supervisor(place, say=say, settings=settings)
    supervisor.start()
    try:
        _wait_until_ready(supervisor)
        yield Running(place, supervisor.addresses, token, settings)
    finally:
        supervisor.close()
        lock.close()


def _wait_until_ready(supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_WITHIN
    for name, address in supervisor.addresses.items():
        while True:
            if supervisor.refused:
                raise NotReady(str(supervisor.refused))
            try:
                Door(address, patience=1.0).get("/health/ready")
                break
            except (OSError, Refused) as error:
                if time.monotonic() > deadline:
                    raise NotReady(f"{name}: {error}") from error
