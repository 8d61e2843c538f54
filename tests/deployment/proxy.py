"""The proxy of docker-compose.yml, run for a test: its file with other ports, directories and upstreams."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from system import until

from deployment.debian import nginx
from deployment.reading import ROOT

LISTEN = re.compile(r"listen (\d+)( ssl)?;")


@dataclass(frozen=True)
class Proxy:
    """``doors`` are the ports it has in compose, with those that it has here."""

    doors: Mapping[str, int]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.doors['8080']}"


@contextmanager
def proxy(directory: Path, upstreams: Mapping[str, str], *, tls: str = "") -> Iterator[Proxy]:
    """``upstreams`` are host:port of each service; ``tls`` is what an operator would put into tls/."""
    program = nginx()
    shutil.copytree(ROOT / "deploy/proxy", directory, ignore=shutil.ignore_patterns("tls"))
    lines = [f"map $host ${service} {{ default {place}; }}" for service, place in upstreams.items()]
    (directory / "upstreams.conf").write_text("\n".join(lines))
    (directory / "tls").mkdir()
    told = (directory / "nginx.conf").read_text().replace("/tmp/", f"{directory}/")
    doors = dict(zip(wanted := _ports(told + tls), _free_ports(len(wanted)), strict=True))
    (directory / "nginx.conf").write_text(_placed(told, doors))
    (directory / "tls" / "tls.conf").write_text(_placed(tls, doors))
    with (directory / "log").open("wb") as log:
        command = [
            program,
            "-c",
            f"{directory}/nginx.conf",
            "-g",
            "daemon off; user root;" if _is_root() else "daemon off;",
        ]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        until(lambda: all(map(_is_open, doors.values())), 30, (directory / "log").read_text)
        yield Proxy(doors)
    finally:
        process.terminate()
        process.wait(30)


def _ports(text: str) -> list[str]:
    return [found[1] for found in LISTEN.finditer(text)]


def _placed(text: str, doors: Mapping[str, int]) -> str:
    return LISTEN.sub(lambda found: f"listen 127.0.0.1:{doors[found[1]]}{found[2] or ''};", text)


def _is_root() -> bool:
    """Its workers would become nobody, who may not write below our directory."""
    return Path("/proc/self").stat().st_uid == 0


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
