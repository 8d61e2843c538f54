"""Every event there is: it round-trips, it has one identity, and a reader takes what it knows of it."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from marshmallow import ValidationError

from muara_kernel.events import (
    CodelistAdopted,
    DatasetPublished,
    DatasetRegistered,
    Event,
    Finding,
    OpdRegistered,
    ReviewRequested,
    StandardAdopted,
    SubmissionHeld,
    SubmissionReceived,
    SubmissionReturned,
    SubmissionValidated,
    Text,
    decode,
    encode,
)
from muara_kernel.events.base import dump, json_schema, load, newest_major
from muara_kernel.events.topics import TOPICS

PENDUDUK = "35.08/jumlah-penduduk"
EIGHT = datetime(2025, 1, 20, 8, 30, 0, 123456, tzinfo=UTC)

OF = {"submission": "S1", "dataset": PENDUDUK, "opd": "dukcapil", "period": "2024", "sequence": 7}
DELIVERED: dict[str, Any] = {
    **OF,
    "payload": "ab" * 32,
    "size": 2048,
    "media_type": "text/csv",
    "filename": "penduduk é 2024.csv",
    "received_at": EIGHT,
    "repairs": "S0",
}
FINDING = Finding(
    rule="SD-01",
    principle="standar_data",
    severity="galat",
    legal="Perpres 39/2019 Pasal 3 huruf a",
    message=Text("Bukan bilangan bulat.", "Not a whole number."),
    hint=Text("Tulis 12500.", "Write 12500."),
    row=4,
    value="12.500 jiwa",
)
EVENTS: tuple[Event, ...] = (
    SubmissionReceived(**DELIVERED),
    SubmissionHeld(**OF, asks=5, received_at=EIGHT),
    SubmissionValidated(
        **DELIVERED,
        verdict="gagal",
        report="cd" * 32,
        rows=21,
        errors=1,
        warnings=2,
        findings=(FINDING, dataclasses.replace(FINDING, row=None, column="jumlah", value=None)),
        standard=3,
        codelists={"wilayah-kemendagri": "2024"},
    ),
    SubmissionReturned(**OF, decided_by="walidata", reason="periode salah", received_at=EIGHT, errors=1),
    DatasetPublished(
        **DELIVERED, version=2, decided_by="sistem", report="cd" * 32, rows=21, warnings=0, published_at=EIGHT
    ),
    ReviewRequested(**DELIVERED, reason="pemeriksaan", report="cd" * 32, rows=21, warnings=0),
    DatasetRegistered(
        dataset=PENDUDUK,
        revision=2,
        title="Jumlah penduduk",
        description="",
        opd="dukcapil",
        bidang_urusan="2.12",
        frequency="tahunan",
        access="terbuka",
        publication="langsung",
        level="kecamatan",
    ),
    OpdRegistered(
        opd="dinkes",
        revision=1,
        name="Dinas Kesehatan, Pengendalian Penduduk dan KB",
        short_name="Dinkes P2KB",
        kode_skpd="1.02.2.14.0.00.05.0000",
        bidang_urusan=("1.02", "2.14"),
        contact="dinkes@lumajang.example",
        valid_from="2017-01-01",
    ),
    StandardAdopted(
        dataset=PENDUDUK,
        revision=3,
        standard={"fields": [{"name": "jumlah", "constraints": {"minimum": 0}}], "missingValues": [""]},
    ),
    CodelistAdopted(
        codelist="wilayah-kemendagri",
        revision=1,
        version="2024",
        title="Kode wilayah",
        source="Kemendagri",
        decree="Kepmendagri 100.1.1-6117/2022",
        valid_from="2022-11-09",
        count=21,
        entries="ef" * 32,
    ),
)
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)


def data(event: Event) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(encode(event, source="test", time=EIGHT).value)["data"]
    return read


def test_no_event_is_left_out_here() -> None:
    ours = {event for event in Event.registered.values() if event.__module__.startswith("muara_kernel.")}
    assert {type(event) for event in EVENTS} == ours


@every_event
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert decode(encode(event, source="test", time=EIGHT).value).event == event


@every_event
def test_an_event_with_only_what_it_must_have_comes_back_too(event: Event) -> None:
    required = {
        field.name: getattr(event, field.name)
        for field in dataclasses.fields(event)  # type: ignore[arg-type]
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    least = type(event)(**required)
    assert decode(encode(least, source="test", time=EIGHT).value).event == least


@every_event
def test_its_id_is_the_same_whoever_says_it_and_whenever(event: Event) -> None:
    again = load(type(event), data(event))
    assert again.id == event.id
    said = encode(again, source="somebody-else", time=datetime(2030, 1, 1, tzinfo=UTC), causation="x")
    assert decode(said.value).id == event.id


def test_ids_never_change_between_releases() -> None:
    assert [(event.type, event.id) for event in EVENTS[:1] + EVENTS[-1:]] == [
        ("submission.received", "d4745a08-8623-57b3-8edc-cec55f1379bc"),
        ("codelist.adopted", "e53eacdf-bd62-5cb7-8a43-a5995115cc36"),
    ]


def test_different_facts_have_different_ids() -> None:
    assert len({event.id for event in EVENTS}) == len(EVENTS)
    registered = EVENTS[7]
    assert isinstance(registered, OpdRegistered)
    assert dataclasses.replace(registered, revision=2).id != registered.id
    assert dataclasses.replace(registered, name="Dinas lain").id == registered.id


def test_all_facts_of_a_submission_share_its_correlation_and_the_key_of_its_dataset() -> None:
    for event in EVENTS[:6]:
        assert (event.correlation, event.key) == ("S1", PENDUDUK)


@every_event
def test_a_reader_ignores_what_it_does_not_know(event: Event) -> None:
    grown = {**data(event), "added_later": {"deep": [1]}}
    assert load(type(event), grown) == event


def test_a_reader_ignores_it_inside_a_finding_as_well() -> None:
    event = EVENTS[2]
    grown = data(event)
    grown["findings"][0]["added_later"] = 1
    grown["findings"][0]["message"]["jv"] = "Dudu wilangan."
    assert load(SubmissionValidated, grown) == event


@every_event
def test_what_it_must_have_may_not_be_missing(event: Event) -> None:
    for name in json_schema(type(event))["required"]:
        less = data(event)
        del less[name]
        with pytest.raises(ValidationError, match=name):
            load(type(event), less)


@every_event
def test_its_data_satisfies_its_json_schema(event: Event) -> None:
    schema = json_schema(type(event))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data(event), schema, jsonschema.Draft202012Validator)


@every_event
def test_it_says_in_one_sentence_what_happened(event: Event) -> None:
    assert json_schema(type(event))["description"].endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sequence", "7"),
        ("sequence", 7.5),
        ("sequence", True),
        ("sequence", None),
        ("received_at", "2025-01-20T08:30:00"),
        ("received_at", 5),
        ("opd", 5),
        ("verdict", "mungkin"),
        ("findings", {"0": {}}),
        ("findings", [{"rule": "SD-01"}]),
        ("codelists", ["2024"]),
        ("codelists", {"wilayah": 2024}),
    ],
)
def test_a_value_of_another_type_is_refused_not_bent(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        load(SubmissionValidated, {**data(EVENTS[2]), name: value})


def test_what_is_none_is_left_out() -> None:
    assert "valid_until" not in dump(EVENTS[7])


def test_a_time_keeps_its_microseconds_and_its_offset() -> None:
    assert data(EVENTS[0])["received_at"] == "2025-01-20T08:30:00.123456+00:00"


@every_event
def test_its_topic_is_declared_and_its_type_is_a_subject_and_a_fact(event: Event) -> None:
    assert TOPICS[event.topic.name] is event.topic
    assert re.fullmatch(r"id\.muara\.[a-z_]+\.[a-z_]+\.v1", event.full_type())


@every_event
def test_state_carries_a_revision_and_facts_do_not(event: Event) -> None:
    assert event.topic.compacted is hasattr(event, "revision")
    if event.topic.compacted:
        assert (event.key, event.ordinal) == (event.subject, str(getattr(event, "revision")))  # noqa: B009


def test_the_newest_major_is_known_by_type() -> None:
    assert (newest_major("submission.received"), newest_major("submission.dreamt")) == (1, None)
