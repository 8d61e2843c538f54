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
# No record is at fault in these: whoever reads or publishes waits, and goes on once somebody acted.
FOR_SOMEBODY = {
    REFUSED: "pengguna di MUARA_BUS tidak berhak; periksa sandi dan ACL-nya"
    " / the user in MUARA_BUS may not do this: check its password and its ACLs",
    (errors.InvalidSessionTimeoutError,): "MUARA_SESSION_SECONDS di luar batas broker"
    " / is outside of what the broker allows (group.min.session.timeout.ms, group.max.session.timeout.ms)",
    (errors.InconsistentGroupProtocolError,): "program lain memakai grup yang sama"
    " / another program is in this group and shares partitions out differently",
    TOO_OLD: "MUARA_BUS harus menyebut / must name Apache Kafka 2.4 atau lebih baru / or newer",
}
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
        return RecordTooLarge(
            f"{said}; naikkan message.max.bytes broker / raise message.max.bytes of the broker,"
            " or send less in one event"
        )
    if isinstance(error, errors.UnknownTopicOrPartitionError | errors.InvalidTopicError):
        return UnknownTopic(
            f"{said}; topik belum ada, jalankan `muara topics apply` / the topic is missing, run it"
        )
    for kinds, words in FOR_SOMEBODY.items():
        if isinstance(error, kinds):
            return BusUnavailable(f"{said}; {words}")
    if isinstance(error, errors.KafkaTimeoutError) and "bootstrap" in str(error):
        return BusUnavailable(
            f"{brokers}: broker tidak terjangkau, atau pengguna atau sandinya ditolak; periksa MUARA_BUS"
            " / broker unreachable or credentials refused; check MUARA_BUS"
        )
    if isinstance(error, PASSES) or getattr(error, "retriable", False):
        return BusUnavailable(said)
    return BusError(said)
