"""Where one region lives on this machine: its directory, its secrets, and the addresses of its processes."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

SERVICES = ("ingest", "validation", "catalog", "notification")
FIRST_PORT = 8701
MADE_BY_DEMO = "demo"


TOKEN_FILE = "desk-token"
SHOWN = "shown"


class InUse(Exception):
    """Another muara runs on this directory."""

    def __str__(self) -> str:
        return f"{self.args[0]} sedang dipakai muara lain / is in use by another muara"


class PortTaken(Exception):
    """Somebody else listens on a port we were to use; what is sent there would go to a stranger."""

    def __str__(self) -> str:
        return (
            f"port {self.args[0]} sudah dipakai program lain; pilih --port lain, atau --port 0 / "
            "is taken by another program; choose another --port, or --port 0"
        )


@dataclass
class Place:
    """``root`` holds everything; ``base`` is the first of eight ports, 0 for any that are free."""

    root: Path
    region: str
    region_name: str
    base: int = FIRST_PORT
    public_url: str = field(default="", init=False)

    def occupy(self) -> TextIO:
        """Hold the directory for this process, and keep others from reading it; raises InUse."""
        os.umask(0o077)  # for our children too: documents and payloads are nobody else's business
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for name in ("bus", "documents", "payloads", "outbox", "logs", "run", "secrets"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        lock = (self.root / "run" / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(str(self.root)) from error
        return lock

    def empty(self) -> Path | None:
        """Begin anew: what a demo left is removed, anything else is set aside; returns where it went."""
        if not self.root.exists():
            return None
        self.occupy().close()
        if self._mark.exists():
            shutil.rmtree(self.root)
            return None
        aside = next(
            path
            for n in range(1, 10_000)
            if not (path := self.root.with_name(f"{self.root.name}.{n}")).exists()
        )
        self.root.rename(aside)
        return aside

    @property
    def _mark(self) -> Path:
        return self.root / "run" / MADE_BY_DEMO

    @property
    def made_by_demo(self) -> bool:
        return self._mark.exists()

    def mark_as_demo(self) -> None:
        self._mark.touch()

    def keep(self) -> None:
        """From now on this is somebody's data; the next demo sets it aside."""
        self._mark.unlink(missing_ok=True)

    @property
    def token_file(self) -> Path:
        return self.root / "secrets" / TOKEN_FILE

    def desk_token(self) -> str:
        """The desk token, made at the first call and whole or not at all, whenever the disk is full."""
        if not self.token_file.exists():
            begun = self.token_file.with_suffix(".new")
            with begun.open("w") as out:
                out.write(secrets.token_urlsafe(32))
                out.flush()
                os.fsync(out.fileno())
            begun.rename(self.token_file)
        return self.token_file.read_text().strip()

    def shows_credentials(self) -> bool:
        """Whether the credentials are still to be shown; once they were, somebody has them."""
        return not (self.root / "secrets" / SHOWN).exists()

    def has_shown_credentials(self) -> None:
        (self.root / "secrets" / SHOWN).touch()

    def listen(self) -> dict[str, socket.socket]:
        """One listening socket for each of the eight processes, so that a restart keeps its address."""
        sockets: dict[str, socket.socket] = {}
        names = [f"{service}-{kind}" for kind in ("web", "worker") for service in SERVICES]
        for number, name in enumerate(names):
            try:
                sockets[name] = _listening(self.base + number if self.base else 0)
            except PortTaken:
                for taken in sockets.values():
                    taken.close()
                raise
        addresses = {name: address(sock) for name, sock in sockets.items()}
        self.public_url = ",".join(f"{service}={addresses[f'{service}-web']}" for service in SERVICES)
        (self.root / "run" / "addresses.json").write_text(json.dumps(addresses, indent=1))
        return sockets

    def environment(self, service: str, bind: str, kind: str, settings: dict[str, str]) -> dict[str, str]:
        """What compose would pass, for one process; ``settings`` are those the caller adds or overrides.

        ``{service}`` in one of them stands for the service's name, so that each has its own database.
        """
        root = self.root.resolve()
        ours = {
            "MUARA_REGION": self.region,
            "MUARA_REGION_NAME": self.region_name,
            "MUARA_BUS": f"sqlite:///{root}/bus/events.db",
            "MUARA_DOCUMENTS": f"sqlite:///{root}/documents/{service}.db",
            "MUARA_PAYLOADS": f"file://{root}/payloads",
            "MUARA_DESK_TOKEN_FILE": f"{root}/secrets/desk-token",
            "MUARA_PUBLIC_URL": self.public_url,
            "MUARA_BIND" if kind == "web" else "MUARA_HEALTH_BIND": bind,
        }
        if service == "notification":
            ours["MUARA_NOTIFICATION_OUTBOX"] = f"{root}/outbox"
        others = tuple(f"MUARA_{other.upper()}_" for other in SERVICES if other != service)
        outside = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
        added = {
            name: value.replace("{service}", service)
            for name, value in settings.items()
            if not name.startswith(others)
        }
        return outside | ours | added


def inherited_settings() -> dict[str, str]:
    """MUARA_ variables of the caller's environment, to be passed on to the services they concern."""
    return {name: value for name, value in os.environ.items() if name.startswith("MUARA_")}


def address(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://{host}:{port}"


def _listening(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise PortTaken(port) from error
    sock.set_inheritable(True)
    return sock
