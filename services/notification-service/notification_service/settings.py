"""What the notification service is told besides what all are."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.settings import Shared, setting


@dataclass(frozen=True, kw_only=True)
class Settings(Shared):
    outbox: str = setting(
        "MUARA_NOTIFICATION_OUTBOX", "the directory that mail files are written to", default=""
    )
    smtp: str = setting(
        "MUARA_NOTIFICATION_SMTP", "the mail server, instead of the directory: smtp://host:25", default=""
    )
    sender: str = setting(
        "MUARA_NOTIFICATION_SENDER", "the address mail comes from; muara@<region>.example", default=""
    )
    walidata: str = setting(
        "MUARA_NOTIFICATION_WALIDATA_ADDRESS", "the walidata's address; walidata@<region>.example", default=""
    )
    ops: str = setting("MUARA_NOTIFICATION_OPS_ADDRESS", "the address of ops, if they want mail", default="")

    @property
    def sender_address(self) -> str:
        return self.sender or f"muara@{self.region}.example"

    @property
    def walidata_address(self) -> str:
        return self.walidata or f"walidata@{self.region}.example"
