"""Deliveries: letters that go out, claimed by lease."""

from notification_service.jobs.deliveries import Deliveries, Takeover
from notification_service.jobs.folder import OutboxFolder
from notification_service.jobs.smtp import MailByServer, MailServer

__all__ = ["Deliveries", "MailByServer", "MailServer", "OutboxFolder", "Takeover"]
