"""Settings: a frozen dataclass, read once from the environment. What is missing or unknown stops us."""

from __future__ import annotations

import dataclasses
import os
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from muara_kernel.addresses import PUBLIC_URL

T = TypeVar("T")

PLACE = r"fd://\d+|.+:\d{1,5}"
KODE_PEMDA = r"[0-9]{2}(\.[0-9]{2})?"
"""A province, or a kabupaten or kota."""
NOT_OURS = {"MUARA_FAILPOINTS", "MUARA_FAILPOINTS_DIR"}


class SettingsError(Exception):
    """A sentence that names the setting to change."""


def setting(
    name: str, help: str, *, default: Any = dataclasses.MISSING, form: str = "", over: float | None = None
) -> Any:
    """A field read from the variable ``name``; without default it must be set.

    ``form`` is a pattern for the whole of it, ``over`` a number that it must be greater than.
    """
    told = {"name": name, "help": help, "form": form, "over": over}
    return dataclasses.field(default=default, metadata=told)


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What every service is told. The three URLs choose embedded or production (docs/architecture.md)."""

    region: str = setting(
        "MUARA_REGION", "kode pemda of the one region served, such as 35.08", form=KODE_PEMDA
    )
    region_name: str = setting("MUARA_REGION_NAME", "its name for people", default="")
    bus: str = setting("MUARA_BUS", "where events go: sqlite:///path, or kafka://host:9092")
    documents: str = setting(
        "MUARA_DOCUMENTS", "this service's own documents: sqlite:///path, or mongodb://host/database"
    )
    payloads: str = setting(
        "MUARA_PAYLOADS", "payloads, shared by all: file:///directory, or gridfs+mongodb://host/database"
    )
    desk_token: str = setting("MUARA_DESK_TOKEN", "the walidata's token, at least 16 characters")
    bind: str = setting(
        "MUARA_BIND", "host:port or fd://N for the web process", default="127.0.0.1:8080", form=PLACE
    )
    health_bind: str = setting(
        "MUARA_HEALTH_BIND", "the same for a worker's health and metrics", default="127.0.0.1:0", form=PLACE
    )
    threads: int = setting("MUARA_WEB_THREADS", "threads of the web process", default=16, over=0)
    proxies: int = setting(
        "MUARA_TRUSTED_PROXIES",
        "how many proxies stand before the web; their X-Forwarded-* count",
        default=0,
        over=-1,
    )
    public_url: str = setting(
        "MUARA_PUBLIC_URL",
        "where people reach the pages, for whole links: https://data.example",
        default="",
        form=PUBLIC_URL,
    )
    session: float = setting(
        "MUARA_SESSION_SECONDS", "how long a silent worker keeps its partitions", default=10.0, over=0
    )
    lease: float = setting(
        "MUARA_LEASE_SECONDS", "how long a silent worker keeps its jobs", default=5.0, over=0
    )


def read(cls: type[T], environ: Mapping[str, str] | None = None) -> T:
    """An instance of the settings class ``cls``. ``NAME_FILE`` may name a file with the value of ``NAME``.

    An empty value is none. Raises SettingsError with every problem at once.
    """
    environ = os.environ if environ is None else environ
    hints = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        name = field.metadata["name"]
        try:
            raw = _raw(name, environ)
            if raw is not None:
                values[field.name] = _checked(_parse(raw, hints[field.name]), raw, field.metadata)
            elif field.default is dataclasses.MISSING:
                problems.append(f"{name} belum diisi / is not set: {field.metadata['help']}")
        except (ValueError, OSError) as error:
            problems.append(
                f"{name} tidak dapat dipakai / cannot be used: {error};"
                f" yang dimaksud / expected: {field.metadata['help']}"
            )
    problems += [
        f"{name} tidak dikenal / is unknown; see docs/settings.md" for name in _unknown(cls, environ)
    ]
    if problems:
        raise SettingsError("; ".join(problems))
    return cls(**values)


def _raw(name: str, environ: Mapping[str, str]) -> str | None:
    if file := environ.get(f"{name}_FILE"):
        return Path(file).read_text().strip() or None
    return environ.get(name) or None


def _parse(raw: str, kind: Any) -> Any:
    if kind is bool:
        if raw.lower() not in ("1", "0", "true", "false"):
            raise ValueError(f"{raw!r} bukan / is not true, false")
        return raw.lower() in ("1", "true")
    try:
        return kind(raw)
    except ValueError:
        raise ValueError(f"{raw!r} bukan bilangan / is no number") from None


def _checked(value: Any, raw: str, told: Mapping[str, Any]) -> Any:
    form, over = told.get("form"), told.get("over")
    if form and not re.fullmatch(form, raw):
        raise ValueError(f"{raw!r} berbentuk lain / has another form")
    if over is not None and not value > over:
        raise ValueError(f"{raw} tidak lebih dari / is not more than {over}")
    return value


def _unknown(cls: type, environ: Mapping[str, str]) -> list[str]:
    known = {field.metadata["name"] for field in dataclasses.fields(cls)} | NOT_OURS
    return sorted(
        name
        for name in environ
        if name.startswith("MUARA_") and name not in known and name.removesuffix("_FILE") not in known
    )
