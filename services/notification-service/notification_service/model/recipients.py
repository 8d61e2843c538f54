"""Who is told: the walidata, the OPD concerned, and ops; and the addresses that letters may go to."""

from __future__ import annotations

import re
from collections.abc import Callable

WALIDATA = "walidata"
OPS = "ops"

AddressBook = Callable[[str], str | None]
"""The address of a recipient as it is known now; None while it is not."""

RECIPIENT = re.compile(r"walidata|opd:[a-z0-9-]{1,64}")
"""Those who have an inbox."""

# One plain address and nothing else: no list, no name, no comment, nothing a header could be made of.
_NAME = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
_ADDRESS = re.compile(f"{_NAME}@{_DOMAIN}")


def opd_recipient(opd: str) -> str:
    return f"opd:{opd}"


def opd_of(recipient: str) -> str | None:
    """The OPD behind a recipient; None for the walidata and ops."""
    kind, _, opd = recipient.partition(":")
    return opd if kind == "opd" else None


def usable(address: str | None) -> bool:
    """Whether a letter can be addressed to it as it stands."""
    if address is None or not _ADDRESS.fullmatch(address):
        return False
    name = address.partition("@")[0]
    return ".." not in address and not name.startswith(".") and not name.endswith(".")
