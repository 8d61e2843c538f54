"""The producer of one process: made when first needed, replaced when it may be stuck.

It is not idempotent in Kafka's sense: such a producer is stuck for good once a batch it had sent expires.
With one request in flight the order holds; an acknowledgement that is lost doubles records, which their
ids absorb.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from kafka import KafkaProducer, errors

from muara_kernel.bus.kafka_cluster import Cluster, in_background, inherited, opened
from muara_kernel.bus.kafka_errors import TOO_LARGE, translated
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.bus.port import BusClosed, BusUnavailable, Record, RecordTooLarge

LARGEST = 16 * 1024 * 1024
"""No event is larger, since it lies in a document first; what a broker takes is for its own settings."""
REQUEST_SECONDS = 4.0
DELIVERY_SECONDS = 5.0
# A producer that works as told has given up every record before this.
FLUSH_SECONDS = 2 * DELIVERY_SECONDS
SETTINGS: dict[str, Any] = {
    "acks": "all",
    "enable_idempotence": False,
    "max_in_flight_requests_per_connection": 1,
    "batch_size": 256 * 1024,
    # Each batch ends with a flush, which waits for no linger; without it the first record would go alone,
    # and the others wait for its acknowledgement.
    "linger_ms": 100,
    "max_request_size": LARGEST,
    "request_timeout_ms": int(REQUEST_SECONDS * 1000),
    "delivery_timeout_ms": int(DELIVERY_SECONDS * 1000),
    "max_block_ms": int(DELIVERY_SECONDS * 1000),
    "metrics_enabled": False,
}


class Publisher:
    """To be used by any thread."""

    def __init__(self, brokers: Brokers, cluster: Cluster) -> None:
        self._brokers = brokers
        self._cluster = cluster
        self._lock = threading.Lock()
        self._producer: Any = None
        self._process = 0
        self._topics: set[str] = set()
        self._closed = False

    def publish(self, topic: str, records: Sequence[Record]) -> None:
        """Returns once every record is durable; BusUnavailable when that is not known of each."""
        if topic not in self._topics:
            self._cluster.require([topic])
            self._topics.add(topic)
        with translated(self._brokers):
            producer = self._current()
            try:
                self._send(producer, topic, records)
            except errors.KafkaTimeoutError as error:
                self._topics.discard(topic)  # it may have been deleted
                self._replace(producer)
                raise BusUnavailable(f"{self._brokers}: no acknowledgement in time ({error})") from error

    def close(self) -> None:
        with self._lock:
            self._closed = True
            producer, self._producer = self._producer, None
        if producer is not None and self._process == os.getpid():
            with translated(self._brokers):
                producer.close(timeout=REQUEST_SECONDS)

    @staticmethod
    def _send(producer: Any, topic: str, records: Sequence[Record]) -> None:
        """All are sent before any is waited for: one flush for the batch."""
        sent: list[Any] = []
        try:
            for record in records:
                sent.append(_send(producer, topic, record))
            with suppress(
                errors.UnknownError
            ):  # of a batch that was split; the futures know what became of it
                producer.flush(FLUSH_SECONDS)
            for future in sent:
                if not future.is_done or future.failed():
                    future.get(timeout=FLUSH_SECONDS)
        except TOO_LARGE as error:
            at = next((n for n, future in enumerate(sent) if future.failed()), len(sent))
            raise _too_large(topic, records[at]) from error

    def _current(self) -> Any:
        with self._lock:
            if self._closed:
                raise BusClosed("this bus was closed")
            if self._producer is not None and self._process != os.getpid():
                inherited.append(self._producer)
                self._producer = None
            if self._producer is None:
                self._producer = opened(KafkaProducer, self._brokers, **SETTINGS)
                self._process = os.getpid()
            return self._producer

    def _replace(self, producer: Any) -> None:
        """The old one's records expire first: closed before then, it would leave its thread behind."""
        with self._lock:
            if self._producer is producer:
                self._producer = None
                in_background(lambda: producer.close(timeout=FLUSH_SECONDS))


def _send(producer: Any, topic: str, record: Record) -> Any:
    headers = [(name, value.encode()) for name, value in record.headers.items()]
    return producer.send(topic, key=record.key.encode(), value=record.value, headers=headers)


def _too_large(topic: str, record: Record) -> RecordTooLarge:
    size = len(record.value)
    return RecordTooLarge(
        f"kejadian sebesar {size} byte terlalu besar untuk topik {topic}: naikkan max.message.bytes topik itu"
        f" / a record of {size} bytes under {record.key!r} is too large for {topic}: raise max.message.bytes"
        f" of the topic, or message.max.bytes of the broker (Muara itself sends up to {LARGEST})"
    )
