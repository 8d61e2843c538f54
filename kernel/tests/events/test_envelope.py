"""The codec: CloudEvents 1.0 for everybody, and for any bytes at all one of three named errors."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from muara_kernel.bus import Record
from muara_kernel.events import (
    Event,
    NewerMajor,
    SubmissionReceived,
    UnknownEvent,
    UnreadableEvent,
    decode,
    encode,
)
from muara_kernel.events.envelope import type_of

EIGHT = datetime(2025, 1, 20, 8, 30, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
RECEIVED = SubmissionReceived(
    submission="S1",
    dataset="35.08/jumlah-penduduk",
    opd="dukcapil",
    period="2024",
    sequence=7,
    payload="ab" * 32,
    size=2048,
    media_type="text/csv",
    filename="penduduk é \U0001f409.csv",
    received_at=EIGHT,
)
TOLD = encode(RECEIVED, source="ingest", time=EIGHT, causation="cause", traceparent=TRACE)


def told(**changes: Any) -> bytes:
    """The bytes with other attributes; an attribute that is ... is left out."""
    attributes = {**json.loads(TOLD.value), **changes}
    return json.dumps({name: value for name, value in attributes.items() if value is not ...}).encode()


def test_what_the_road_added_comes_back() -> None:
    envelope = decode(TOLD.value)
    assert envelope.event == RECEIVED
    assert (envelope.id, envelope.source, envelope.time) == (RECEIVED.id, "/muara/ingest", EIGHT)
    assert (envelope.correlation, envelope.causation, envelope.traceparent) == ("S1", "cause", TRACE)


def test_what_nobody_caused_has_no_cause() -> None:
    envelope = decode(encode(RECEIVED, source="ingest", time=EIGHT).value)
    assert (envelope.causation, envelope.traceparent) == (None, None)


def test_header_and_body_agree() -> None:
    body = json.loads(TOLD.value)
    assert dict(TOLD.headers) == {
        "content-type": "application/cloudevents+json",
        "id": body["id"],
        "type": body["type"],
        "correlationid": body["correlationid"],
    }
    assert TOLD.key == RECEIVED.dataset
    assert type_of(TOLD) == ("submission.received", 1)


def test_the_same_event_at_the_same_time_has_the_same_bytes() -> None:
    assert encode(RECEIVED, source="ingest", time=EIGHT, causation="cause", traceparent=TRACE) == TOLD


def test_the_sdk_of_cloudevents_reads_our_bytes() -> None:
    event = from_structured(
        KafkaMessage(
            headers={name: value.encode() for name, value in TOLD.headers.items()},
            key=TOLD.key.encode(),
            value=TOLD.value,
        ),
        JSONFormat(),
    )
    attributes = event.get_attributes()
    assert (event.get_specversion(), event.get_id(), event.get_type()) == (
        "1.0",
        RECEIVED.id,
        "id.muara.submission.received.v1",
    )
    assert (event.get_source(), event.get_subject(), event.get_time()) == ("/muara/ingest", "S1", EIGHT)
    assert (attributes["correlationid"], attributes["causationid"], attributes["traceparent"]) == (
        "S1",
        "cause",
        TRACE,
    )
    assert event.get_data() == json.loads(TOLD.value)["data"]


def test_attributes_of_others_are_ignored() -> None:
    assert decode(told(partitionkey="x", dataschema="https://example.com/s")).event == RECEIVED


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b'"id.muara.submission.received.v1"',
        b"{}",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"type": 5}',
        b'{"type": ["id.muara.submission.received.v1"]}',
        told(data=...),
        told(data=[]),
        told(data={}),
        told(time=...),
        told(time="yesterday"),
        told(time="2025-01-20T08:30:00"),
        told(time=1737361800),
        told(id=None),
        told(id=["E1"]),
        told(source=...),
        told(correlationid=5),
        told(causationid={"id": "x"}),
        told(traceparent=[]),
        told(type="id.muara.submission.received.v0"),
    ],
)
def test_what_is_no_event_of_ours_is_unreadable(value: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        decode(value)


@pytest.mark.parametrize(
    "type",
    [
        "com.example.thing",
        "id.muara.submission.dreamt.v1",
        "id.muara.submission.received",
        "id.muara.submission.received.v1.extra",
        "",
        "id.muara.submission.received.v" + "9" * 5000,
        "id.muara.submission.received.v\u0662",
    ],
)
def test_a_type_never_heard_of_is_unknown(type: str) -> None:
    with pytest.raises(UnknownEvent):
        decode(told(type=type))
    assert type_of(Record("k", b"", {"type": type})) in (None, ("submission.dreamt", 1))


def test_a_newer_major_is_named_with_the_one_we_know() -> None:
    with pytest.raises(NewerMajor, match="received v2; this release knows v1") as raised:
        decode(told(type="id.muara.submission.received.v2", data={"all": "different"}))
    assert raised.value.name == "submission.received"


def test_a_header_that_does_not_help_says_nothing() -> None:
    assert type_of(Record("k", TOLD.value)) is None
    assert type_of(Record("k", TOLD.value, {"type": "com.example.thing"})) is None


def test_an_older_major_is_lifted_to_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    class ReceivedLongAgo(SubmissionReceived):
        def upcast(self) -> Event:
            return RECEIVED

    monkeypatch.setitem(Event.registered, ("submission.received", 1), ReceivedLongAgo)
    monkeypatch.setitem(Event.registered, ("submission.received", 2), SubmissionReceived)
    assert type(decode(TOLD.value).event) is SubmissionReceived


anything = settings(deadline=None, database=None)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
ANY_JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


def only_the_three(value: bytes) -> None:
    with suppress(UnreadableEvent, UnknownEvent, NewerMajor):
        decode(value)


@anything
@given(st.binary())
def test_any_bytes_are_an_event_or_one_of_three_errors(value: bytes) -> None:
    only_the_three(value)


@anything
@given(st.dictionaries(st.sampled_from([*json.loads(TOLD.value)]), ANY_JSON))
def test_any_attribute_may_be_anything(changes: dict[str, Any]) -> None:
    only_the_three(told(**changes))


@anything
@given(st.dictionaries(st.sampled_from([*json.loads(TOLD.value)["data"]]), ANY_JSON))
def test_any_field_may_be_anything(changes: dict[str, Any]) -> None:
    only_the_three(told(data={**json.loads(TOLD.value)["data"], **changes}))


@anything
@given(st.integers(0, len(TOLD.value)), st.binary(max_size=4))
def test_torn_bytes_are_an_event_or_one_of_three_errors(cut: int, tail: bytes) -> None:
    only_the_three(TOLD.value[:cut] + tail)
