"""Where people find the pages of the services: one address for all, or one for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_URL = r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/?"
PUBLIC_URL = rf"{_URL}|[a-z]+={_URL}(?:,[a-z]+={_URL})*"
"""``https://data.example``, or ``catalog=http://127.0.0.1:8703,validation=…`` where no proxy joins them."""


@dataclass(frozen=True)
class Addresses:
    """``of_all`` is empty where nobody has told it: then all are at one address that is not known here."""

    of_all: str = ""
    of_each: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, told: str) -> Addresses:
        """From what matches PUBLIC_URL, or nothing."""
        if "=" not in told:
            return cls(told.rstrip("/"))
        parted = (each.partition("=") for each in told.split(","))
        return cls(of_each={service: url.rstrip("/") for service, _, url in parted})

    def page(self, service: str, path: str) -> str:
        """The whole link to a page, for a letter; its path alone where the address is not known."""
        return self.of_each.get(service, self.of_all) + path

    def link(self, service: str, path: str) -> str:
        """The link from a page of another service: whole only where the two are at different addresses.

        People may come to one address by several names, and stay with the one they came by.
        """
        return self.of_each.get(service, "") + path

    def are_known(self, service: str) -> bool:
        return bool(self.of_each.get(service, self.of_all))
