"""What is measured: the whole system on a small region, and the same web server with nothing behind it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from muara.http import Door
from muara.place import address

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from system import PEMDA, System, small_region, table

from benchmarks.load import Request

OPD = ("dinkes", "dinsos", "dpmd", "dukcapil")
BOUNDARY = "muara-benchmark"


@dataclass
class Measured:
    """The running system, and requests for it."""

    system: System
    pushed: int = 0

    @property
    def ingest(self) -> str:
        return self.system.live.doors.ingest.address

    def request(self, *, period: str = "2024") -> Request:
        """A submission of 20 rows by the next OPD in turn, as http.client sends it."""
        opd = OPD[self.pushed % len(OPD)]
        self.pushed += 1
        parts = {"dataset": f"{PEMDA}/{opd}-angka", "period": period}
        fields = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in parts.items()
        )
        file = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        rows = table(*(self.pushed + n for n in range(20)))
        body = fields.encode() + file.encode() + rows + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {
            "Authorization": f"Bearer {self.system.keys[opd]}",
            "Idempotency-Key": uuid4().hex,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        return "POST", "/v1/submissions", body, headers


@contextmanager
def system(directory: Path, settings: Mapping[str, str] | None = None) -> Iterator[Measured]:
    region = small_region(directory / "region", OPD)
    with System.started(directory / "data", region, settings or {}) as running:
        yield Measured(running)


NOTHING = """
import sys
from flask import request
from prometheus_client import CollectorRegistry
from muara_kernel.events import Text
from muara_kernel.observability import logs
from muara_kernel.web.app import Limits, make_app
from muara_kernel.web.server import serve

def create_app():
    app, _ = make_app("nothing", title=Text("", ""), version="1", limits=Limits(),
                      parts_ready=dict, registry=CollectorRegistry())

    @app.post("/v1/nothing")
    def nothing():
        request.files, request.form
        return {"submission": "nothing"}, 202

    return app

logs.configure("nothing", "web")
serve(create_app, sys.argv[1], threads=16, name="nothing")
"""


@contextmanager
def nothing_served() -> Iterator[str]:
    """The address of the same server, which reads the same body and keeps nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-c", NOTHING, f"fd://{number}"],
            pass_fds=[number],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("MUARA_")},
        )
        try:
            Door(address(listening)).get("/health/ready")
            yield address(listening)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
