"""The compose files as the tests read them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from muara.place import SERVICES
from muara_kernel.settings import Shared

ROOT = Path(__file__).parent.parent.parent
KINDS = ("web", "worker")
PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in KINDS]
FIRST = "run deploy/make-env first"
ASKED = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<kind>[?-])(?P<rest>[^}]*))?\}")

DOT_ENV = {
    "MUARA_REGION": "35.08",
    "MUARA_REGION_NAME": "Kabupaten Lumajang",
    "MUARA_PUBLIC_URL": "https://data.daerah.example",
    "MUARA_DESK_TOKEN": "token-meja-hanya-untuk-uji",
    "MONGODB_ROOT_PASSWORD": "sandi-root",
    "MONGODB_PASSWORD_INGEST": "sandi-ingest",
    "MONGODB_PASSWORD_VALIDATION": "sandi-validation",
    "MONGODB_PASSWORD_CATALOG": "sandi-catalog",
    "MONGODB_PASSWORD_NOTIFICATION": "sandi-notification",
    "MONGODB_SET_KEY": "00ff",
    "SMTP": "smtp://surat.daerah.example:587",
    "MUARA_NOTIFICATION_SENDER": "muara@daerah.example",
    "MUARA_NOTIFICATION_WALIDATA_ADDRESS": "walidata@daerah.example",
    "MUARA_NOTIFICATION_OPS_ADDRESS": "ops@daerah.example",
    "DOOR": "127.0.0.1:8080",
}


@dataclass(frozen=True)
class Compose:
    """One compose file."""

    file: str

    @property
    def text(self) -> str:
        return (ROOT / self.file).read_text()

    @property
    def whole(self) -> dict[str, Any]:
        told: dict[str, Any] = yaml.safe_load(self.text)
        return told

    @property
    def containers(self) -> dict[str, dict[str, Any]]:
        told: dict[str, dict[str, Any]] = self.whole["services"]
        return told

    def container(self, name: str) -> dict[str, Any]:
        return self.containers[name]

    def environment(self, name: str, given: Mapping[str, str] = DOT_ENV) -> dict[str, str]:
        """What compose would pass to the container."""
        raw = self.container(name).get("environment", {})
        return {key: told(value, given) for key, value in raw.items()}

    def mounted(self, name: str) -> dict[str, str]:
        """Target and source of each volume and each directory of ours."""
        volumes = self.container(name).get("volumes", [])
        return dict(reversed(volume.split(":")[:2]) for volume in volumes)

    def asked(self) -> set[str]:
        """The variables the file takes from .env."""
        return {asked["name"] for asked in ASKED.finditer(self.text)}


PRODUCTION = Compose("docker-compose.yml")
EMBEDDED = Compose("docker-compose.embedded.yml")


def told(value: str, given: Mapping[str, str] = DOT_ENV) -> str:
    """``value`` with every variable replaced as compose would do it."""

    def put(asked: re.Match[str]) -> str:
        found = given.get(asked["name"], "")
        return found or (asked["rest"] if asked["kind"] == "-" else "")

    return ASKED.sub(put, value)


def dot_env(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines()
    parted = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: value.strip("'") for name, equals, value in parted if equals}


def settings_of(process: str) -> type[Shared]:
    service = process.partition("-")[0]
    cls: type[Shared] = importlib.import_module(f"{service}_service.settings").Settings
    return cls
