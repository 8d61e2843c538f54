"""What a kafka:// URL says: where the brokers are, and how to be let in. The password is never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PORT = 9092
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
FILES = {"ca": "ssl_cafile", "certificate": "ssl_certfile", "key": "ssl_keyfile"}


@dataclass(frozen=True)
class Brokers:
    """``kafka://[user:password@]host[:port][,host…][?security=…&mechanism=…&ca=…&certificate=…&key=…]``.

    User and password are percent-encoded. With them SASL_SSL and SCRAM-SHA-512 are taken for granted,
    without them PLAINTEXT.
    """

    servers: tuple[str, ...]
    security: str = "PLAINTEXT"
    mechanism: str = MECHANISMS[0]
    username: str = ""
    password: str = field(default="", repr=False)
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, url: str) -> Brokers:
        """Raises ValueError with a sentence that names MUARA_BUS and holds nothing secret."""
        try:
            return cls._read(url)
        except ValueError as error:
            raise ValueError(f"MUARA_BUS: {error}") from None  # the cause may hold the whole URL

    @classmethod
    def _read(cls, url: str) -> Brokers:
        parts = urlsplit(url)
        if "@" in parts.path + parts.query + parts.fragment:
            # Nothing of what follows may be shown: it may be the rest of a password.
            raise ValueError(
                "tulis dengan %XX yang ada sebelum @ / percent-encode what stands before the @:"
                " / = %2F, ? = %3F"
            )
        userinfo, _, hosts = parts.netloc.rpartition("@")
        username, _, password = (unquote(part) for part in userinfo.partition(":"))
        said = _query(parts.query)
        default = "SASL_SSL" if username else "PLAINTEXT"
        security = _one_of(PROTOCOLS, "security", said.pop("security", default))
        mechanism = _one_of(MECHANISMS, "mechanism", said.pop("mechanism", MECHANISMS[0]))
        if security.startswith("SASL") and not (username and password):
            raise ValueError(
                f"security={security} memerlukan pengguna:sandi@ sebelum host"
                f" / security={security} needs user:password@ before the hosts"
            )
        if userinfo and not security.startswith("SASL"):
            raise ValueError(
                f"security={security} tidak mengenal pengguna dan sandi / knows no user and password;"
                " tulis / write SASL_SSL"
            )
        if parts.path.strip("/") or parts.fragment:
            raise ValueError(
                "URL kafka:// hanya berisi host dan, sesudah '?', pengaturan"
                " / a kafka:// URL has nothing but hosts and, after a '?', settings"
            )
        return cls(_servers(hosts), security, mechanism, username, password, _files(said, security))

    def client(self) -> dict[str, Any]:
        """The settings every client of kafka-python has in common."""
        told: dict[str, Any] = {"bootstrap_servers": list(self.servers), "security_protocol": self.security}
        told.update({FILES[name]: path for name, path in self.files.items()})
        if self.username:
            told["sasl_mechanism"] = self.mechanism
            told["sasl_plain_username"] = self.username
            told["sasl_plain_password"] = self.password
        return told

    def __str__(self) -> str:
        who = f"{self.username}@" if self.username else ""
        return f"kafka://{who}{','.join(self.servers)}"


def _query(query: str) -> dict[str, str]:
    said = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(set(said) - {"security", "mechanism", *FILES})
    if unknown:
        known = ", ".join(("security", "mechanism", *FILES))
        names = ", ".join(unknown)
        raise ValueError(
            f"{names} bukan pengaturan URL kafka:// / {names} is no setting of a kafka:// URL;"
            f" yang ada / there are {known}"
        )
    return said


def _one_of(known: tuple[str, ...], name: str, value: str) -> str:
    if value not in known:
        raise ValueError(
            f"{name}={value} tidak dikenal / is not known; tulis salah satu / write one of {', '.join(known)}"
        )
    return value


def _servers(hosts: str) -> tuple[str, ...]:
    servers = tuple(_server(host.strip()) for host in hosts.split(",") if host.strip())
    if not servers:
        raise ValueError(
            "URL kafka:// menyebut paling sedikit satu host / names at least one host:"
            " kafka://broker.example:9092"
        )
    return servers


def _server(host: str) -> str:
    bare = host.rpartition("]")[2]  # an IPv6 address stands in brackets
    name, colon, port = bare.rpartition(":")
    if not colon:
        return f"{host}:{PORT}"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(
            f"{port!r} bukan port / {port!r} is no port; tulis / write host:port: broker.example:9092"
        )
    if not name and bare == host:
        raise ValueError(f"tidak ada host sebelum port {port} / no host stands before the port {port}")
    return host


def _files(said: Mapping[str, str], security: str) -> dict[str, str]:
    if said and not security.endswith("SSL"):
        names = ", ".join(said)
        raise ValueError(
            f"{names} hanya berlaku dengan / {names} goes with security=SSL, SASL_SSL, bukan / not {security}"
        )
    for name, path in said.items():
        if not Path(path).is_file():
            raise ValueError(f"{name}={path} bukan berkas / {path} is no file")
    return dict(said)
