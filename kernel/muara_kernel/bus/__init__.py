"""The event bus: one small port, and the adapters that keep its promises."""

from muara_kernel.bus.port import (
    BusClosed,
    BusError,
    BusUnavailable,
    Delivery,
    EventBus,
    Record,
    RecordTooLarge,
    Subscription,
    TopicsAdmin,
    UnknownTopic,
)

__all__ = [
    "BusClosed",
    "BusError",
    "BusUnavailable",
    "Delivery",
    "EventBus",
    "Record",
    "RecordTooLarge",
    "Subscription",
    "TopicsAdmin",
    "UnknownTopic",
]
