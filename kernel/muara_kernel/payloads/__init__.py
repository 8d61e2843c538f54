"""The payload store: one port, and the adapters that keep its promises."""

from muara_kernel.payloads.port import (
    SMALL,
    Payloads,
    PayloadsError,
    PayloadsFull,
    PayloadsUnavailable,
    UnknownPayload,
)

__all__ = ["SMALL", "Payloads", "PayloadsError", "PayloadsFull", "PayloadsUnavailable", "UnknownPayload"]
