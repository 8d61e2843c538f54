"""The JSON of a standard: no key twice, and not deeper than people write."""

from __future__ import annotations

from typing import Any

import pytest
from engine import document, field

from validation_service.model.document.json_text import DEEPEST, read_json
from validation_service.model.standard import BadStandard, Standard


def refused(text: str) -> list[str]:
    with pytest.raises(BadStandard) as caught:
        read_json(text)
    assert all(each.text.id and each.text.en for each in caught.value.problems)
    return [each.place for each in caught.value.problems]


def test_a_key_twice_is_refused_with_its_place() -> None:
    twice = '{"fields": [{"name": "a"}, {"name": "b", "constraints": {"minimum": 0, "minimum": 5}}]}'
    assert refused(twice) == ["$.fields[1].constraints.minimum"]
    assert refused('{"satudata:satuan": "Orang", "x": 1, "satudata:satuan": "Desa"}') == [
        "$['satudata:satuan']"
    ]


def test_the_same_key_in_two_objects_is_no_repetition() -> None:
    assert read_json('[{"a": 1}, {"a": 1, "b": {"a": 2}}]') == [{"a": 1}, {"a": 1, "b": {"a": 2}}]


@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
def test_what_is_nested_too_deeply_is_refused(depth: int) -> None:
    (place,) = refused("[" * depth + "]" * depth)
    assert place in ("$", "$" + "[0]" * DEEPEST)


@pytest.mark.parametrize("depth", [DEEPEST, 5_000])
def test_a_standard_that_is_nested_too_deeply_is_refused(depth: int) -> None:
    inner: dict[str, Any] = {}
    for _ in range(depth):
        inner = {"a": inner}
    with pytest.raises(BadStandard) as caught:
        Standard.parse(document(field("a"), keterangan=inner))
    (problem,) = caught.value.problems
    assert problem.place.startswith("$.keterangan.a.a") and "too deep" in problem.text.en


def test_what_is_no_json_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        read_json("{")
