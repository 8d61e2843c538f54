"""What others rely on is written from the code, is true, and does not break under one version."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from muara.contracts import ARCHITECTURE, BEGIN, END, NoPlaceForThePicture, services, stale, with_picture
from muara_kernel.events import TOPICS, Event, SubmissionReceived, decode
from muara_kernel.events.base import dump
from muara_kernel.events.contracts import (
    ServiceContract,
    envelope_schema,
    event_schema,
    event_schemas,
    told,
    version_name,
    versions,
)
from muara_kernel.events.contracts_asyncapi import asyncapi
from muara_kernel.events.contracts_compatibility import breaks
from muara_kernel.events.contracts_picture import picture

ROOT = Path(__file__).parents[1]
CONTRACTS = ROOT / "contracts"
EXAMPLES = sorted((CONTRACTS / "examples").glob("*/*.json"))
HEARD_BY_NONE: set[type[Event]] = set()
"""Events that are said for whoever comes later."""

by_name = {version_name(event): event for event in versions()}
newest = [event for event in versions() if f"{event.type}.v{event.major + 1}" not in by_name]


def named(thing: Any) -> str:
    return f"{thing.parent.name}/{thing.stem}" if isinstance(thing, Path) else version_name(thing)


def test_the_contracts_are_as_the_code_says() -> None:
    assert stale(ROOT) == [], 'run "make contracts" and commit what it writes'


# --- examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", versions(), ids=named)
def test_every_version_has_an_example(event: type[Event]) -> None:
    assert version_name(event) in {path.parent.name for path in EXAMPLES}


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_is_read_by_this_release(path: Path) -> None:
    envelope = decode(path.read_bytes())
    assert envelope.id == envelope.event.id
    assert envelope.correlation == envelope.event.correlation


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_is_what_its_schemas_say(path: Path) -> None:
    example = json.loads(path.read_text())
    assert example["type"] == by_name[path.parent.name].full_type()
    checked(envelope_schema()).validate(example)
    checked(event_schema(by_name[path.parent.name])).validate(example["data"])


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_loses_nothing_when_it_is_said_again(path: Path) -> None:
    event = decode(path.read_bytes()).event
    if version_name(type(event)) != path.parent.name:
        pytest.skip("an older major: what is said again is the newest")
    assert dump(event) == json.loads(path.read_text())["data"]


def checked(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_a_schema_refuses_what_is_not_so() -> None:
    example = json.loads(next(path for path in EXAMPLES if "received" in path.parent.name).read_text())
    schema = checked(event_schema(SubmissionReceived))
    for wrong in ({"sequence": "1"}, {"size": None}, {"repairs": 7}):
        with pytest.raises(ValidationError):
            schema.validate(example["data"] | wrong)


# --- who says and hears what -------------------------------------------------------------------------


@pytest.mark.parametrize("event", newest, ids=named)
def test_every_event_is_said_by_exactly_one_service(event: type[Event]) -> None:
    assert len([each.name for each in services() if event in each.says]) == 1


@pytest.mark.parametrize("event", newest, ids=named)
def test_every_event_is_heard_or_said_to_be_heard_by_none(event: type[Event]) -> None:
    heard = any(event in each.hears for each in services())
    assert heard != (event in HEARD_BY_NONE)


def test_a_service_hears_and_says_only_the_newest_version() -> None:
    spoken = {event for each in services() for event in (*each.hears, *each.says)}
    assert spoken <= set(newest)


def test_one_topic_is_written_by_one_service() -> None:
    for topic in TOPICS.values():
        assert len({each.name for each in services() for event in each.says if event.topic == topic}) == 1


def test_versions_are_counted_from_one_without_a_hole() -> None:
    for type_ in {event.type for event in versions()}:
        majors = sorted(event.major for event in versions() if event.type == type_)
        assert majors == list(range(1, len(majors) + 1)), type_


@pytest.mark.parametrize("event", versions(), ids=named)
def test_every_event_tells_in_a_sentence_what_happened(event: type[Event]) -> None:
    assert " " in told(event) and not told(event).startswith(f"{event.__name__}(")


def test_asyncapi_names_every_topic_with_what_is_said_on_it() -> None:
    document = asyncapi(services())
    channels = document["channels"]
    assert {name: set(channel["messages"]) for name, channel in channels.items()} == {
        topic.name: {version_name(event) for event in versions() if event.topic == topic}
        for topic in TOPICS.values()
    }
    for topic in TOPICS.values():
        kafka = channels[topic.name]["bindings"]["kafka"]
        assert kafka["partitions"] == topic.partitions
        assert kafka["topicConfiguration"]["cleanup.policy"] == ["compact" if topic.compacted else "delete"]


def test_asyncapi_lets_every_service_send_what_it_says_and_receive_what_it_hears() -> None:
    operations = asyncapi(services())["operations"]
    for service in services():
        assert messages(operations, service.name, "send") == {version_name(each) for each in service.says}
        assert messages(operations, service.name, "receive") == {version_name(each) for each in service.hears}


def messages(operations: dict[str, Any], service: str, action: str) -> set[str]:
    return {
        reference["$ref"].rpartition("/")[2]
        for name, operation in operations.items()
        if name.startswith(f"{service}.") and operation["action"] == action
        for reference in operation["messages"]
    }


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    document = asyncapi(services())
    for reference in references(document):
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in part, reference
            part = part[step]


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [each for inner in part.values() for each in references(inner)]
    return [each for inner in part for each in references(inner)] if isinstance(part, list) else []


# --- the picture -------------------------------------------------------------------------------------


def test_the_picture_names_all_services_and_all_events() -> None:
    drawn = picture(services())
    for name in ("ingest", "validation", "catalog", "notification", *by_name):
        assert name in drawn


def test_the_picture_has_an_arrow_for_what_one_says_and_another_hears() -> None:
    ear = ServiceContract("ear", "what to hear.", (SubmissionReceived,), ())
    mouth = ServiceContract("mouth", "what to say.", (), (SubmissionReceived,))
    assert 'mouth -->|"submission.received"| ear' in picture((ear, mouth))
    assert "-->" not in picture((ear,))


def test_the_picture_is_drawn_between_its_comments_and_nowhere_else() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_picture(page, "new") == f"before\n{BEGIN}\n\nnew\n{END}\nafter\n"
    assert with_picture(with_picture(page, "new"), "new") == with_picture(page, "new")


def test_a_page_without_a_place_for_the_picture_says_so() -> None:
    with pytest.raises(NoPlaceForThePicture, match=ARCHITECTURE):
        with_picture(f"only {END} the end", "new")


# --- compatibility -----------------------------------------------------------------------------------


def test_nothing_breaks_since_the_last_release() -> None:
    released = {path.name: json.loads(path.read_text()) for path in (CONTRACTS / "released").glob("*.json")}
    if not released:
        pytest.skip("nothing has been released yet: contracts/released/ holds no schema")
    now = {Path(path).name: schema for path, schema in event_schemas().items()}
    assert breaks(released, now) == [], "make a new major, with an upcast from the old one"


RELEASED: dict[str, Any] = {
    "description": "A delivery.",
    "type": "object",
    "properties": {
        "dataset": {"type": "string"},
        "rows": {"type": "integer"},
        "verdict": {"type": "string", "enum": ["lulus", "gagal"]},
        "repairs": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "findings": {
            "type": "array",
            "items": {"type": "object", "properties": {"row": {"type": "integer"}}, "required": ["row"]},
        },
    },
    "required": ["dataset", "rows"],
}


def after(change: Any) -> list[str]:
    now = copy.deepcopy(RELEASED)
    change(now, now["properties"])
    return breaks({"delivery.v1": RELEASED}, {"delivery.v1": now})


def test_a_schema_is_compatible_with_itself() -> None:
    assert after(lambda schema, fields: None) == []


def test_a_new_optional_field_breaks_nobody() -> None:
    assert after(lambda schema, fields: fields.update(note={"type": "string"})) == []


def test_other_words_break_nobody() -> None:
    assert after(lambda schema, fields: schema.update(description="Better said.", title="Delivery")) == []


def test_values_in_another_order_break_nobody() -> None:
    assert after(lambda schema, fields: fields["verdict"]["enum"].reverse()) == []


def test_a_removed_field_breaks() -> None:
    assert after(lambda schema, fields: fields.pop("repairs")) == ["delivery.v1: data.repairs was removed"]


def test_a_newly_required_field_breaks() -> None:
    expected = ["delivery.v1: data.verdict is newly required"]
    assert after(lambda schema, fields: schema["required"].append("verdict")) == expected


def test_a_field_that_may_be_left_out_from_now_on_breaks() -> None:
    expected = ["delivery.v1: data.rows is no longer required"]
    assert after(lambda schema, fields: schema["required"].remove("rows")) == expected


def test_a_changed_type_breaks() -> None:
    expected = ["delivery.v1: data.rows changed from integer to string"]
    assert after(lambda schema, fields: fields.update(rows={"type": "string"})) == expected


def test_a_changed_format_breaks() -> None:
    dated = {"type": "string", "format": "date-time"}
    expected = ["delivery.v1: data.dataset changed from string to string/date-time"]
    assert after(lambda schema, fields: fields.update(dataset=dated)) == expected


def test_a_new_value_breaks_those_who_know_only_the_old_ones() -> None:
    (sentence,) = after(lambda schema, fields: fields["verdict"]["enum"].append("tidak_dapat_diperiksa"))
    assert sentence.startswith("delivery.v1: data.verdict allowed")


def test_a_field_that_may_be_null_from_now_on_breaks() -> None:
    nullable = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert after(lambda schema, fields: fields.update(rows=nullable)) == [
        "delivery.v1: data.rows may now be null"
    ]


def test_a_field_that_may_no_longer_be_null_breaks() -> None:
    expected = ["delivery.v1: data.repairs may no longer be null"]
    assert after(lambda schema, fields: fields.update(repairs={"type": "string"})) == expected


def test_what_is_within_a_list_is_compared_too() -> None:
    def texts_for_rows(schema: dict[str, Any], fields: dict[str, Any]) -> None:
        fields["findings"]["items"]["properties"]["row"] = {"type": "string"}

    assert after(texts_for_rows) == ["delivery.v1: data.findings[].row changed from integer to string"]


def test_a_version_that_is_gone_breaks() -> None:
    (sentence,) = breaks({"delivery.v1": RELEASED}, {})
    assert sentence == "delivery.v1: this version is gone, but the log may still hold it"
