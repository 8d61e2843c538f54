"""What every document store promises, whichever it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from muara_kernel.documents import (
    Absent,
    Add,
    AtMost,
    Collection,
    Conflict,
    Delete,
    Documents,
    DocumentsError,
    DocumentsUnavailable,
    DocumentTooLarge,
    Duplicate,
    Insert,
    MoreThan,
    OneOf,
    Order,
    Present,
    Replace,
    Stored,
    Where,
)
from muara_kernel.documents.connect import connect

EIGHT = 8


def together(act: Callable[[int], Any]) -> list[Any]:
    """What ``act`` returned or raised in each of eight threads that start at once."""
    start = Barrier(EIGHT)

    def one(number: int) -> Any:
        start.wait(timeout=30)
        try:
            return act(number)
        except DocumentsError as error:
            return error

    with ThreadPoolExecutor(EIGHT) as pool:
        return list(pool.map(one, range(EIGHT)))


def ids(found: list[Stored]) -> list[str]:
    return [stored.id for stored in found]


@pytest.fixture
def waiting(documents: Documents, submissions: Collection) -> Documents:
    """Four submissions: two of dinkes, one of disdik, and one that nobody sent."""
    for id, body in {
        "s1": {"opd": "dinkes", "status": "waiting", "due": 10, "urgent": True},
        "s2": {"opd": "disdik", "status": "waiting", "due": 20, "urgent": 1},
        "s3": {"opd": "dinkes", "status": "done", "due": 5.5, "origin": {"city": "Lumajang"}},
        "s4": {"status": "waiting", "urgent": False},
    }.items():
        documents.insert(submissions, id, body)
    return documents


# --- one document ----------------------------------------------------------------------------


def test_what_was_inserted_is_read_again(documents: Documents, submissions: Collection) -> None:
    body = {
        "title": "Jumlah penduduk “35.08” 🌊",
        "rows": 21,
        "rate": 1.5,
        "ok": True,
        "tags": ["a", {"b": []}],
    }
    inserted = documents.insert(submissions, "s1", body)
    assert inserted == Stored("s1", 1, body)
    assert documents.get(submissions, "s1") == inserted


def test_a_number_and_a_truth_value_keep_their_kind(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "s1", {"true": True, "one": 1, "point": 1.0, "large": 2**63 - 1})
    body = documents.get(submissions, "s1").body  # type: ignore[union-attr]
    assert {name: type(value) for name, value in body.items()} == {
        "true": bool,
        "one": int,
        "point": float,
        "large": int,
    }
    assert body["large"] == 2**63 - 1


def test_what_is_not_there_is_none(documents: Documents, submissions: Collection) -> None:
    assert documents.get(submissions, "s1") is None


def test_a_body_may_have_fields_named_like_ours(documents: Documents, submissions: Collection) -> None:
    body = {"id": "x", "_id": "y", "version": 7, "body": {"id": "z"}}
    documents.insert(submissions, "s1", body)
    assert documents.get(submissions, "s1") == Stored("s1", 1, body)
    assert ids(documents.find(submissions, {"id": "s1", "version": 7, "body.id": "z"})) == ["s1"]


def test_fields_that_are_none_are_not_stored(documents: Documents, submissions: Collection) -> None:
    body = {"a": None, "b": {"c": None, "d": 1}, "e": [None, {"f": None}]}
    kept: dict[str, Any] = {"b": {"d": 1}, "e": [None, {}]}
    assert documents.insert(submissions, "s1", body).body == kept
    assert documents.get(submissions, "s1") == Stored("s1", 1, kept)


def test_the_callers_dict_is_not_kept(documents: Documents, submissions: Collection) -> None:
    body: dict[str, Any] = {"findings": ["SD-01"]}
    inserted = documents.insert(submissions, "s1", body)
    body["findings"].append("SD-02")
    assert inserted.body == {"findings": ["SD-01"]}
    inserted.body["findings"].append("SD-03")
    assert documents.get(submissions, "s1").body == {"findings": ["SD-01"]}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [{"n": float("nan")}, {"n": 2**63}, {1: "one"}, {"when": object()}, {"text": "\ud800"}, {"nul\0": 1}],
    ids=[
        "not a number",
        "too large a number",
        "a number as name",
        "an object",
        "half a letter",
        "a NUL name",
    ],
)
def test_what_is_not_plain_json_is_refused(
    documents: Documents, submissions: Collection, body: dict[str, Any]
) -> None:
    with pytest.raises((ValueError, TypeError)):
        documents.insert(submissions, "s1", body)
    assert documents.get(submissions, "s1") is None


def test_a_document_over_sixteen_mebibytes_is_too_large(
    documents: Documents, submissions: Collection
) -> None:
    small = documents.insert(submissions, "small", {"text": "a"})
    huge = {"text": "a" * (17 * 1024 * 1024)}
    with pytest.raises(DocumentTooLarge):
        documents.insert(submissions, "huge", huge)
    with pytest.raises(DocumentTooLarge):
        documents.replace(submissions, small, huge)
    with pytest.raises(DocumentTooLarge):
        documents.write([Insert(submissions, "other", {}), Insert(submissions, "huge", huge)])
    assert documents.find(submissions) == [small]


def test_a_document_of_fifteen_mebibytes_is_not(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "large", {"text": "a" * (15 * 1024 * 1024)})
    assert len(documents.get(submissions, "large").body["text"]) == 15 * 1024 * 1024  # type: ignore[union-attr]


# --- replace and delete ----------------------------------------------------------------------


def test_every_change_raises_the_version_by_one(documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"status": "waiting", "opd": "dinkes"})
    second = documents.replace(submissions, first, {"status": "done"})
    assert second == Stored("s1", 2, {"status": "done"})
    assert documents.get(submissions, "s1") == second


def test_a_document_changed_meanwhile_is_a_conflict(documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"status": "waiting"})
    second = documents.replace(submissions, first, {"status": "done"})
    with pytest.raises(Conflict):
        documents.replace(submissions, first, {"status": "lost"})
    with pytest.raises(Conflict):
        documents.delete(submissions, first)
    assert documents.get(submissions, "s1") == second


def test_a_document_removed_meanwhile_is_a_conflict(documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {})
    documents.delete(submissions, first)
    assert documents.get(submissions, "s1") is None
    with pytest.raises(Conflict):
        documents.replace(submissions, first, {})
    with pytest.raises(Conflict):
        documents.delete(submissions, first)


def test_of_many_who_replace_one_version_one_wins(documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"winner": "nobody"})
    outcomes = together(lambda number: documents.replace(submissions, first, {"winner": number}))
    winners = [outcome for outcome in outcomes if isinstance(outcome, Stored)]
    assert [type(outcome) for outcome in outcomes].count(Conflict) == EIGHT - 1
    assert [documents.get(submissions, "s1")] == winners


def test_changes_guarded_by_the_version_are_never_lost(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "counter", {"count": 0})

    def add_ten(number: int) -> None:
        for _ in range(10):
            while True:
                stored = documents.get(submissions, "counter")
                assert stored
                try:
                    documents.replace(submissions, stored, {"count": stored.body["count"] + 1})
                    break
                except Conflict:
                    continue

    assert together(add_ten) == [None] * EIGHT
    assert documents.get(submissions, "counter") == Stored("counter", 81, {"count": 80})


# --- unique keys -----------------------------------------------------------------------------


def test_a_taken_id_is_named(documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"status": "first"})
    with pytest.raises(Duplicate) as taken:
        documents.insert(submissions, "s1", {"status": "second"})
    assert (taken.value.collection, taken.value.key) == ("submissions", ("id",))
    assert documents.get(submissions, "s1") == first


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"opd": "dinkes", "key": "k1"}, ("opd", "key")),
        ({"slot": "dinkes/0"}, ("slot",)),
        ({"origin": {"place": {"number": 4}}}, ("origin.place.number",)),
        ({"slot": True}, ("slot",)),
    ],
    ids=["two fields", "one field", "a dotted path", "a truth value"],
)
def test_a_taken_key_is_named_by_its_fields(
    documents: Documents, submissions: Collection, body: dict[str, Any], key: tuple[str, ...]
) -> None:
    documents.insert(submissions, "s1", body)
    with pytest.raises(Duplicate) as taken:
        documents.insert(submissions, "s2", body)
    assert taken.value.key == key
    assert documents.get(submissions, "s2") is None


def test_where_id_and_key_are_taken_the_id_is_named(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    with pytest.raises(Duplicate) as taken:
        documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    assert taken.value.key == ("id",)


def test_absent_fields_do_not_collide(documents: Documents, submissions: Collection) -> None:
    bodies: list[dict[str, Any]] = [{}, {}, {"slot": None}, {"opd": "dinkes"}, {"opd": "dinkes"}]
    for number, body in enumerate([*bodies, {"key": "k1"}, {"key": "k1"}]):
        documents.insert(submissions, f"s{number}", body)
    assert documents.count(submissions) == 7


@pytest.mark.parametrize("other", [True, "1", 2], ids=["true", "text", "two"])
def test_one_and_its_lookalikes_do_not_collide(
    documents: Documents, submissions: Collection, other: Any
) -> None:
    documents.insert(submissions, "s1", {"slot": 1})
    documents.insert(submissions, "s2", {"slot": other})
    with pytest.raises(Duplicate):
        documents.insert(submissions, "s3", {"slot": 1.0})


def test_a_replaced_document_may_not_take_a_key(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    second = documents.insert(submissions, "s2", {"slot": "dinkes/1"})
    with pytest.raises(Duplicate) as taken:
        documents.replace(submissions, second, {"slot": "dinkes/0"})
    assert taken.value.key == ("slot",)
    assert documents.get(submissions, "s2") == second


def test_a_key_is_free_again_once_nobody_holds_it(documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    again = documents.replace(submissions, first, {"slot": "dinkes/0", "status": "released"})
    documents.replace(submissions, again, {"status": "done"})
    second = documents.insert(submissions, "s2", {"slot": "dinkes/0"})
    documents.delete(submissions, second)
    documents.insert(submissions, "s3", {"slot": "dinkes/0"})


def test_of_many_who_insert_one_key_one_wins(documents: Documents, submissions: Collection) -> None:
    outcomes = together(lambda number: documents.insert(submissions, f"s{number}", {"slot": "dinkes/0"}))
    winners = [outcome for outcome in outcomes if isinstance(outcome, Stored)]
    assert [type(outcome) for outcome in outcomes].count(Duplicate) == EIGHT - 1
    assert documents.find(submissions) == winners


def test_keys_of_two_collections_do_not_collide(documents: Documents, submissions: Collection) -> None:
    alerts = Collection("alerts", unique=(("slot",),))
    documents.declare(alerts)
    documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    documents.insert(alerts, "s1", {"slot": "dinkes/0"})
    assert (documents.count(submissions), documents.count(alerts)) == (1, 1)


# --- finding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, "s1 s2 s3 s4"),
        ({}, "s1 s2 s3 s4"),
        ({"opd": "dinkes"}, "s1 s3"),
        ({"opd": "dinkes", "status": "waiting"}, "s1"),
        ({"opd": "Dinkes"}, ""),
        ({"id": "s2"}, "s2"),
        ({"id": OneOf(("s4", "s2", "s9"))}, "s2 s4"),
        ({"id": MoreThan("s2")}, "s3 s4"),
        ({"id": AtMost("s2")}, "s1 s2"),
        ({"id": 1}, ""),
        ({"origin.city": "Lumajang"}, "s3"),
        ({"origin.city.street": Present()}, ""),
        ({"due": 10}, "s1"),
        ({"due": 10.0}, "s1"),
        ({"due": "10"}, ""),
        ({"due": AtMost(10)}, "s1 s3"),
        ({"due": AtMost(5.5)}, "s3"),
        ({"due": MoreThan(5.5)}, "s1 s2"),
        ({"due": MoreThan(20)}, ""),
        ({"due": AtMost("zzz")}, ""),
        ({"opd": MoreThan(0)}, ""),
        ({"opd": MoreThan("dinkes")}, "s2"),
        ({"opd": AtMost("dinkes")}, "s1 s3"),
        ({"urgent": True}, "s1"),
        ({"urgent": False}, "s4"),
        ({"urgent": 1}, "s2"),
        ({"urgent": 0}, ""),
        ({"urgent": AtMost(1)}, "s2"),
        ({"urgent": OneOf((True, False))}, "s1 s4"),
        ({"urgent": OneOf((1, False))}, "s2 s4"),
        ({"due": OneOf((10, "20", 5.5))}, "s1 s3"),
        ({"opd": OneOf(())}, ""),
        ({"id": OneOf(())}, ""),
        ({"opd": Present()}, "s1 s2 s3"),
        ({"opd": Absent()}, "s4"),
        ({"urgent": Present()}, "s1 s2 s4"),
        ({"origin.city": Absent(), "status": "waiting"}, "s1 s2 s4"),
    ],
    ids=str,
)
def test_all_that_is_asked_holds(
    waiting: Documents, submissions: Collection, where: Where | None, expected: str
) -> None:
    assert ids(waiting.find(submissions, where)) == expected.split()
    assert waiting.count(submissions, where) == len(expected.split())


@pytest.mark.parametrize(
    "asked", [None, ["dinkes"], {"a": 1}, float("nan"), OneOf((None,)), AtMost(None)], ids=str
)
def test_a_question_no_store_answers_alike_is_refused(
    documents: Documents, submissions: Collection, asked: Any
) -> None:
    with pytest.raises(ValueError):
        documents.find(submissions, {"opd": asked})


@pytest.mark.parametrize("field", ["", "a'b", 'a"b', "a..b", "a,b", "$a"])
def test_a_question_about_no_field_is_refused(
    documents: Documents, submissions: Collection, field: str
) -> None:
    with pytest.raises(ValueError):
        documents.find(submissions, {field: 1})


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), "s1 s2 s3 s4"),
        ((("due", 1),), "s4 s3 s1 s2"),
        ((("due", -1),), "s2 s1 s3 s4"),
        ((("opd", 1),), "s4 s1 s3 s2"),
        ((("opd", -1),), "s2 s1 s3 s4"),
        ((("opd", 1), ("due", 1)), "s4 s3 s1 s2"),
        ((("status", -1), ("due", -1)), "s2 s1 s4 s3"),
        ((("id", -1),), "s4 s3 s2 s1"),
        ((("origin.city", -1), ("id", -1)), "s3 s4 s2 s1"),
    ],
    ids=str,
)
def test_found_documents_are_in_the_order_asked_for(
    waiting: Documents, submissions: Collection, order: Order, expected: str
) -> None:
    assert ids(waiting.find(submissions, order=order)) == expected.split()
    assert ids(waiting.find(submissions, order=order, limit=2)) == expected.split()[:2]


def test_text_is_ordered_by_its_letters_not_by_a_language(
    documents: Documents, submissions: Collection
) -> None:
    for number, name in enumerate(["b", "a", "B", "é", "🌊", "Z"]):
        documents.insert(submissions, f"s{number}", {"name": name})
    found = documents.find(submissions, order=[("name", 1)])
    assert [stored.body["name"] for stored in found] == ["B", "Z", "a", "b", "é", "🌊"]


def test_a_limit_of_none_is_no_limit_and_of_zero_is_nothing(
    waiting: Documents, submissions: Collection
) -> None:
    assert len(waiting.find(submissions, limit=None)) == 4
    assert waiting.find(submissions, limit=0) == []
    assert ids(waiting.find(submissions, {"status": "waiting"}, limit=99)) == ["s1", "s2", "s4"]
    with pytest.raises(ValueError):
        waiting.find(submissions, limit=-1)


def test_pages_by_id_hold_each_document_once(documents: Documents, submissions: Collection) -> None:
    documents.write([Insert(submissions, f"s{n:02}", {"opd": "dinkes"}) for n in range(25)])
    documents.insert(submissions, "other", {"opd": "disdik"})
    seen: list[str] = []
    for _ in range(4):
        after = seen[-1] if seen else None
        seen += ids(documents.find(submissions, {"opd": "dinkes"}, limit=10, after=after))
    assert seen == [f"s{n:02}" for n in range(25)]
    assert ids(documents.find(submissions, after="s23")) == ["s24"]


def test_paging_by_id_goes_with_no_other_order(documents: Documents, submissions: Collection) -> None:
    with pytest.raises(ValueError):
        documents.find(submissions, after="s1", order=[("due", 1)])


def test_documents_are_counted_by_a_field(waiting: Documents, submissions: Collection) -> None:
    assert waiting.count_by(submissions, "opd") == {"dinkes": 2, "disdik": 1}
    assert waiting.count_by(submissions, "opd", {"status": "waiting"}) == {"dinkes": 1, "disdik": 1}
    assert waiting.count_by(submissions, "origin.city") == {"Lumajang": 1}
    assert waiting.count_by(submissions, "nothing") == {}


def test_numbers_and_truth_values_are_counted_as_json_writes_them(
    waiting: Documents, submissions: Collection
) -> None:
    waiting.insert(submissions, "s5", {"urgent": 1.0})
    assert waiting.count_by(submissions, "urgent") == {"true": 1, "false": 1, "1": 2}
    assert waiting.count_by(submissions, "due") == {"5.5": 1, "10": 1, "20": 1}


# --- claiming --------------------------------------------------------------------------------


def test_a_claimed_document_is_returned_as_it_is_now(waiting: Documents, submissions: Collection) -> None:
    claimed = waiting.claim(
        submissions,
        {"status": "waiting", "due": AtMost(15)},
        {"status": "running", "due": None, "lease.holder": "w1", "lease.note": None},
    )
    body = {"opd": "dinkes", "status": "running", "urgent": True, "lease": {"holder": "w1"}}
    assert claimed == [Stored("s1", 2, body)]
    assert waiting.get(submissions, "s1") == claimed[0]


def test_a_claim_takes_the_first_in_order_and_no_more_than_asked(
    waiting: Documents, submissions: Collection
) -> None:
    where = {"status": "waiting", "due": Present()}
    assert ids(waiting.claim(submissions, where, {"status": "running"}, order=[("due", -1)])) == ["s2"]
    assert waiting.claim(submissions, where, {"status": "running"}, most=0) == []
    assert ids(waiting.claim(submissions, where, {"status": "running"}, most=9)) == ["s1"]
    assert waiting.claim(submissions, where, {"status": "running"}, most=9) == []
    assert ids(waiting.find(submissions, {"status": "running"})) == ["s1", "s2"]


def test_a_claim_sets_and_removes_fields_inside_others(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "s1", {"lease": {"holder": "w1", "until": 5}})
    (claimed,) = documents.claim(
        submissions, {"lease.holder": "w1"}, {"lease.holder": None, "lease.until": 9, "gone.deep": None}
    )
    assert claimed.body == {"lease": {"until": 9}}


def test_each_document_is_claimed_by_one(documents: Documents, submissions: Collection) -> None:
    documents.write([Insert(submissions, f"s{n:03}", {"status": "waiting", "due": n}) for n in range(120)])

    def work(number: int) -> list[str]:
        mine: list[str] = []
        while claimed := documents.claim(
            submissions,
            {"status": "waiting"},
            {"status": "running", "holder": f"w{number}"},
            order=[("due", 1)],
            most=1 + number % 3,
        ):
            assert all(stored.body["holder"] == f"w{number}" for stored in claimed)
            mine += ids(claimed)
        return mine

    everybody = together(work)
    assert sorted(id for mine in everybody for id in mine) == [f"s{n:03}" for n in range(120)]
    assert sum(documents.count_by(submissions, "holder").values()) == 120
    assert {stored.version for stored in documents.find(submissions)} == {2}


def test_a_claim_that_hits_a_taken_key_changes_nothing_of_that_document(
    documents: Documents, submissions: Collection
) -> None:
    documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    second = documents.insert(submissions, "s2", {"status": "waiting"})
    with pytest.raises(Duplicate) as taken:
        documents.claim(submissions, {"status": "waiting"}, {"slot": "dinkes/0", "status": "released"})
    assert taken.value.key == ("slot",)
    assert documents.get(submissions, "s2") == second


def test_of_many_who_claim_one_slot_one_wins(documents: Documents, submissions: Collection) -> None:
    documents.write([Insert(submissions, f"s{n}", {"status": "waiting"}) for n in range(EIGHT)])
    outcomes = together(
        lambda number: documents.claim(
            submissions, {"id": f"s{number}"}, {"slot": "dinkes/0", "status": "released"}
        )
    )
    assert [type(outcome) for outcome in outcomes].count(Duplicate) == EIGHT - 1
    assert documents.count(submissions, {"slot": "dinkes/0"}) == 1
    assert documents.count(submissions, {"status": "waiting"}) == EIGHT - 1


# --- batches ---------------------------------------------------------------------------------


def test_every_write_of_a_batch_has_its_own_fate_in_order(
    documents: Documents, submissions: Collection
) -> None:
    alerts = Collection("alerts")
    documents.declare(alerts)
    old = documents.insert(submissions, "old", {"slot": "dinkes/0"})
    stale = documents.insert(submissions, "stale", {"n": 1})
    documents.replace(submissions, stale, {"n": 2})
    gone = documents.insert(submissions, "gone", {})
    fates = documents.write(
        [
            Insert(submissions, "new", {"n": 1, "none": None}),
            Insert(submissions, "old", {}),
            Insert(submissions, "rival", {"slot": "dinkes/0"}),
            Replace(submissions, "stale", stale.version, {"n": 9}),
            Delete(submissions, "stale", stale.version),
            Delete(submissions, "gone", gone.version),
            Replace(submissions, "old", old.version, {"slot": "dinkes/1"}),
            Replace(submissions, "missing", 1, {}),
            Insert(alerts, "a1", {"to": "walidata"}),
        ]
    )
    assert [type(fate) for fate in fates] == [
        Stored, Duplicate, Duplicate, Conflict, Conflict, type(None), Stored, Conflict, Stored,
    ]  # fmt: skip
    assert [fate.key for fate in fates if isinstance(fate, Duplicate)] == [("id",), ("slot",)]
    assert fates[0] == Stored("new", 1, {"n": 1}) == documents.get(submissions, "new")
    assert fates[6] == Stored("old", 2, {"slot": "dinkes/1"}) == documents.get(submissions, "old")
    assert fates[8] == documents.get(alerts, "a1")
    assert ids(documents.find(submissions)) == ["new", "old", "stale"]
    assert documents.get(submissions, "stale") == Stored("stale", 2, {"n": 2})


def test_an_empty_batch_has_no_fates(documents: Documents) -> None:
    assert documents.write([]) == []


def test_batches_that_compete_for_keys_share_them_out(documents: Documents, submissions: Collection) -> None:
    outcomes = together(
        lambda number: documents.write(
            [Insert(submissions, f"w{number}-{n}", {"slot": n}) for n in range(20)]
        )
    )
    landed = [fate for fates in outcomes for fate in fates if isinstance(fate, Stored)]
    assert sorted(stored.body["slot"] for stored in landed) == list(range(20))
    assert documents.count(submissions) == 20


def test_a_batch_lost_in_the_middle_may_leave_a_part(
    documents: Documents, submissions: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.batch_partial~submissions=lose")
    with pytest.raises(DocumentsUnavailable):
        documents.write([Insert(submissions, f"s{n}", {}) for n in range(4)])
    assert ids(documents.find(submissions)) == ["s0", "s1"]
    monkeypatch.delenv("MUARA_FAILPOINTS")
    fates = documents.write([Insert(submissions, f"s{n}", {}) for n in range(4)])
    assert [type(fate) for fate in fates] == [Duplicate, Duplicate, Stored, Stored]


def test_a_write_of_unknown_outcome_says_so(
    documents: Documents, submissions: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = documents.insert(submissions, "s1", {"status": "waiting"})
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.write_unknown=lose")
    with pytest.raises(DocumentsUnavailable):
        documents.insert(submissions, "s2", {})
    with pytest.raises(DocumentsUnavailable):
        documents.replace(submissions, first, {"status": "again"})
    with pytest.raises(DocumentsUnavailable):
        documents.claim(submissions, {"status": "again"}, {"status": "running"})
    with pytest.raises(DocumentsUnavailable):
        documents.write([Insert(submissions, "s3", {})])
    assert ids(documents.find(submissions)) == ["s1", "s2", "s3"]
    assert documents.get(submissions, "s1") == Stored("s1", 3, {"status": "running"})


# --- the store -------------------------------------------------------------------------------


def test_declaring_again_is_harmless(url: str, documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    other = connect(url)
    outcomes = together(lambda number: other.declare(submissions))
    other.close()
    assert outcomes == [None] * EIGHT
    assert documents.get(submissions, "s1") == first


def test_a_new_key_holds_for_documents_that_are_there(documents: Documents, submissions: Collection) -> None:
    documents.insert(submissions, "s1", {"sending": "35.08/jumlah-penduduk"})
    grown = Collection("submissions", unique=(*submissions.unique, ("sending",)))
    documents.declare(grown)
    with pytest.raises(Duplicate) as taken:
        documents.insert(grown, "s2", {"sending": "35.08/jumlah-penduduk"})
    assert taken.value.key == ("sending",)


def test_many_may_declare_the_first_time(url: str, submissions: Collection) -> None:
    stores = [connect(url) for _ in range(EIGHT)]
    assert together(lambda number: stores[number].declare(submissions)) == [None] * EIGHT
    stores[0].insert(submissions, "s1", {})
    assert [store.count(submissions) for store in stores] == [1] * EIGHT
    for store in stores:
        store.close()


def test_documents_survive_reopening(url: str, documents: Documents, submissions: Collection) -> None:
    first = documents.insert(submissions, "s1", {"slot": "dinkes/0"})
    documents.close()
    again = connect(url)
    again.declare(submissions)
    assert again.get(submissions, "s1") == first
    with pytest.raises(Duplicate):
        again.insert(submissions, "s2", {"slot": "dinkes/0"})
    again.close()


def test_a_change_is_seen_by_every_connection_at_once(
    url: str, documents: Documents, submissions: Collection
) -> None:
    other = connect(url)
    first = documents.insert(submissions, "s1", {})
    assert other.get(submissions, "s1") == first
    other.delete(submissions, first)
    assert documents.get(submissions, "s1") is None
    other.close()


def test_a_store_that_answers_passes_its_check(documents: Documents) -> None:
    documents.check()


def test_a_closed_store_refuses(documents: Documents, submissions: Collection) -> None:
    documents.close()
    documents.close()
    with pytest.raises(DocumentsError):
        documents.get(submissions, "s1")


INSERT_FOR_EVER = """
import sys
from muara_kernel.documents import Collection, Insert
from muara_kernel.documents.connect import connect

store, submissions = connect(sys.argv[1]), Collection("submissions")
number = 0
while True:
    store.insert(submissions, f"single-{number}", {"number": number})
    store.write([Insert(submissions, f"batch-{number}-{n}", {"number": number}) for n in range(3)])
    print(number, flush=True)
    number += 1
"""


def test_what_was_acknowledged_outlives_a_killed_process(
    url: str, documents: Documents, submissions: Collection
) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", INSERT_FOR_EVER, url], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if int(line) == 50:
                process.send_signal(signal.SIGKILL)
                break
        acknowledged = 51 + len(process.stdout.read().split())
    found = documents.count_by(submissions, "number")
    assert all(found[str(number)] == 4 for number in range(acknowledged))
    assert len(found) <= acknowledged + 1


def test_a_claim_can_count_itself(waiting: Documents, submissions: Collection) -> None:
    """The count is durable with the claim, so that a start which kills its process is known."""
    where = {"id": "s1"}
    waiting.claim(submissions, where, {"owner": "first", "starts": Add(1)})
    (claimed,) = waiting.claim(submissions, where, {"owner": "second", "starts": Add(1)})
    assert claimed.body["starts"] == 2
    assert claimed.body["owner"] == "second"
