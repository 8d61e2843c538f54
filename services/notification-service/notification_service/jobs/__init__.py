"""Deliveries: letters that go out, claimed by lease."""

from notification_service.jobs.deliveries import Deliveries, Takeover
from notification_service.jobs.folder import OutboxFolder

__all__ = ["Deliveries", "OutboxFolder", "Takeover"]
