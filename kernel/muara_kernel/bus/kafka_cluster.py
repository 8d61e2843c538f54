"""Questions to the brokers: are you there, which topics have you. One connection, replaced when it fails."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from kafka import KafkaAdminClient, errors

from muara_kernel.bus.kafka_errors import translated, translation
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.bus.port import BusClosed, BusUnavailable, UnknownTopic

T = TypeVar("T")

ANSWER_SECONDS = 2.0
CONNECT_SECONDS = 5.0
SETTLING_SECONDS = 1.5
PATIENCE_SECONDS = 3.0
SAME_FAILURE_SECONDS = 0.5

# What was opened before a fork may be neither used nor closed after it: it is kept here, unused.
inherited: list[object] = []


def opened(
    kind: Callable[..., T], brokers: Brokers, *, within: float = CONNECT_SECONDS, **settings: Any
) -> T:
    """A client of kafka-python. By itself one that cannot connect would keep its thread and its sockets."""
    clients: list[Any] = []

    def client(**told: Any) -> Any:
        clients.append(kind.DEFAULT_CONFIG["kafka_client"](**told))  # type: ignore[attr-defined]
        return clients[-1]

    logger = logging.getLogger("kafka")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)  # it tells of every failed step, and what matters is raised
    try:
        return kind(
            kafka_client=client,
            bootstrap_timeout_ms=int(within * 1000),
            reconnect_backoff_max_ms=1000,
            **brokers.client(),
            **settings,
        )
    except Exception:
        for one in clients:
            one.close()
        raise


def in_background(close: Callable[[], object]) -> None:
    """Let go of a client that may hang; nobody waits for it and nobody hears of it."""

    def quietly() -> None:
        try:
            close()
        except Exception:
            logging.getLogger(__name__).info("a Kafka client did not close cleanly", exc_info=True)

    threading.Thread(target=quietly, name="closes-kafka", daemon=True).start()


class Cluster:
    """To be used by any thread. An answer is waited for ``patience`` seconds."""

    def __init__(self, brokers: Brokers, *, patience: float = ANSWER_SECONDS) -> None:
        self._brokers = brokers
        self._patience = patience
        self._lock = threading.Lock()
        self._client: Any = None
        self._process = 0
        self._failure: tuple[float, Exception] | None = None
        self._closed = False

    def ping(self) -> None:
        """Raises BusUnavailable where no broker answers within about two seconds."""
        self.ask(lambda client: client.describe_topics([]))

    def partitions(self, topics: Collection[str]) -> Mapping[str, Sequence[Any]]:
        """The partitions of each topic, as the brokers describe them; unknown topics are left out."""

        def described(client: Any) -> dict[str, Sequence[Any]]:
            found: dict[str, Sequence[Any]] = {}
            for each in client.describe_topics(list(topics)):
                kind = errors.for_code(each["error_code"])
                if kind is errors.NoError:
                    found[each["name"]] = each["partitions"]
                elif kind is not errors.UnknownTopicOrPartitionError:
                    raise kind(each["name"])
            return found

        return self.ask(described)

    def require(self, topics: Collection[str]) -> None:
        """Raises UnknownTopic for those that do not exist. A new one may still be on its way to a broker."""
        began = time.monotonic()
        while missing := self._missing(topics, until=began + PATIENCE_SECONDS):
            if time.monotonic() > began + SETTLING_SECONDS:
                names = ", ".join(missing)
                raise UnknownTopic(
                    f"MUARA_BUS: {self._brokers} tidak mempunyai topik / has no topic {names}: "
                    "jalankan / run `muara topics apply`"
                )
            time.sleep(0.1)

    def _missing(self, topics: Collection[str], *, until: float) -> list[str]:
        """Asked again when no answer came: another thread's failure may have taken the connection away."""
        while True:
            try:
                return sorted(set(topics) - set(self.partitions(topics)))
            except BusUnavailable:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def ask(self, question: Callable[[Any], T]) -> T:
        """The answer to ``question``; after a failure the next one is asked over a new connection."""
        with translated(self._brokers):
            client = self._connected()
            try:
                return question(client)
            except Exception:
                self._drop(client)
                raise

    def close(self) -> None:
        with self._lock:
            self._closed = True
            client, self._client = self._client, None
        if client is not None and self._process == os.getpid():
            client.close()

    def _connected(self) -> Any:
        with self._lock:
            if self._closed:
                raise BusClosed("this bus was closed")
            if self._client is not None and self._process != os.getpid():
                inherited.append(self._client)
                self._client = None
            if self._client is None:
                self._raise_what_just_failed()
                self._client = self._open()
                self._process = os.getpid()
            return self._client

    def _open(self) -> Any:
        try:
            return opened(
                KafkaAdminClient,
                self._brokers,
                within=self._patience,
                request_timeout_ms=int(self._patience * 1000),
            )
        except Exception as error:
            self._failure = time.monotonic(), error
            raise

    def _raise_what_just_failed(self) -> None:
        """Whoever waited while another tried in vain need not wait as long again."""
        if self._failure and time.monotonic() - self._failure[0] < SAME_FAILURE_SECONDS:
            raise translation(self._failure[1], self._brokers)

    def _drop(self, client: Any) -> None:
        with self._lock:
            if client is None or self._client is not client:
                return
            self._client = None
        in_background(client.close)
