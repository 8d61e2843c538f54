"""kafka-python's errors in the words of the port: what passes by itself, and what somebody must change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kafka import errors

from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.bus.port import BusError, BusUnavailable, RecordTooLarge, UnknownTopic

LOST_PLACE = (
    errors.CommitFailedError,
    errors.UnknownMemberIdError,
    errors.IllegalGenerationError,
    errors.FencedInstanceIdError,
)
TOO_LARGE = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError)
REFUSED = (
    errors.AuthorizationError,
    errors.SaslAuthenticationFailedError,
    errors.UnsupportedSaslMechanismError,
    errors.IllegalSaslStateError,
)
TOO_OLD = (errors.UnsupportedVersionError, errors.UnrecognizedBrokerVersion)
# Kafka answers the first to a broker that falls over, and kafka-python the second to a client that was
# replaced while another thread still used it.
PASSES = (errors.UnknownError, errors.IllegalStateError, OSError)


@contextmanager
def translated(brokers: Brokers) -> Iterator[None]:
    """Within it the errors of kafka-python become the port's."""
    try:
        yield
    except (errors.KafkaError, OSError) as error:
        raise translation(error, brokers) from error


def translation(error: Exception, brokers: Brokers) -> BusError:
    """What the caller can do about ``error``. A refused password looks like a broker that is not there."""
    said = f"{brokers}: {error}"
    if isinstance(error, TOO_LARGE):
        return RecordTooLarge(f"{said}; raise message.max.bytes of the broker or send less in one event")
    if isinstance(error, errors.UnknownTopicOrPartitionError | errors.InvalidTopicError):
        return UnknownTopic(f"{said}; `muara topics apply` makes the topics")
    if isinstance(error, REFUSED):
        return BusError(f"{said}; the user in MUARA_BUS may not do this: check its password and its ACLs")
    if isinstance(error, errors.InvalidSessionTimeoutError):
        return BusError(f"{said}; MUARA_SESSION_SECONDS is less than group.min.session.timeout.ms")
    if isinstance(error, errors.InconsistentGroupProtocolError):
        return BusError(f"{said}; another program is in this group and shares partitions out differently")
    if isinstance(error, TOO_OLD):
        return BusError(f"{said}; MUARA_BUS must name brokers of Apache Kafka 2.4 or newer")
    if isinstance(error, errors.KafkaTimeoutError) and "bootstrap" in str(error):
        return BusUnavailable(f"{brokers}: broker unreachable or credentials refused; check MUARA_BUS")
    if isinstance(error, PASSES) or getattr(error, "retriable", False):
        return BusUnavailable(said)
    return BusError(said)
