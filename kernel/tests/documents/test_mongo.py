"""What the MongoDB adapter promises beyond the contract: indexes serve, fates are exact, errors are ours."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo import errors
from servers.fixtures import or_skip
from servers.mongo import Mongod

from muara_kernel.documents import (
    AtMost,
    Body,
    Collection,
    Conflict,
    Delete,
    DocumentsError,
    DocumentsFull,
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
    Write,
)
from muara_kernel.documents import mongo_query as query
from muara_kernel.documents.connect import connect
from muara_kernel.documents.mongo import MongoDocuments
from muara_kernel.documents.mongo_body import LARGEST

CHECKS = Collection(
    "checks", unique=(("opd", "key"), ("slot",)), indexes=(("status", "due"), ("lease.holder",), ("todo",))
)
SECRET = "kata-sandi-rahasia"


@pytest.fixture
def store(mongo_url: str) -> Iterator[MongoDocuments]:
    documents = MongoDocuments(mongo_url)
    documents.declare(CHECKS)
    yield documents
    documents.close()


def plan(url: str, where: Where, sort: query.Sort) -> dict[str, Any]:
    """The winning plan's stages by name, from the top."""
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        checks = client.get_default_database()["checks"]
        explained = checks.find(query.filter(where), sort=sort, limit=10).explain()
    stage = explained["queryPlanner"]["winningPlan"]
    stages = {}
    while stage:
        stages[stage["stage"]] = stage
        stage = stage.get("inputStage")
    return stages


# --- indexes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "order", "index"),
    [
        ({"status": "waiting"}, [("due", 1)], "index status,due"),
        ({"status": "waiting", "due": AtMost(10)}, [("due", 1)], "index status,due"),
        ({"status": "waiting", "due": MoreThan(10)}, [("due", 1)], "index status,due"),
        ({"status": OneOf(("a", "b"))}, [], "index status,due"),
        ({"lease.holder": "w1"}, [], "index lease.holder"),
        ({"todo": Present()}, [("todo", 1)], "index todo"),
        ({"opd": "dinkes", "key": "k1"}, [], "unique opd,key"),
        ({"slot": "dinkes/0"}, [], "unique slot"),
        ({"slot": Present()}, [], "unique slot"),
        ({"id": MoreThan("s1")}, [], "_id_"),
    ],
    ids=str,
)
def test_an_index_finds_and_orders(
    mongo_url: str, store: MongoDocuments, where: Where, order: Order, index: str
) -> None:
    store.write([Insert(CHECKS, f"c{n}", {"status": "done", "due": n}) for n in range(20)])
    stages = plan(mongo_url, where, query.sort(order))
    assert stages["IXSCAN"]["indexName"] == index
    assert "SORT" not in stages or not order


def test_the_newest_come_from_the_end_of_an_index(mongo_url: str, store: MongoDocuments) -> None:
    backwards = query.backwards([("due", -1)])
    assert backwards
    stages = plan(mongo_url, {"status": "waiting"}, backwards)
    assert (stages["IXSCAN"]["indexName"], stages["IXSCAN"]["direction"]) == ("index status,due", "backward")
    assert "SORT" not in stages


def test_what_is_seldom_there_is_found_without_reading_the_rest(
    mongo_url: str, store: MongoDocuments
) -> None:
    store.write([Insert(CHECKS, f"c{n:03}", {"due": n}) for n in range(200)])
    store.insert(CHECKS, "one", {"todo": 7})
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        asked = client.get_default_database()["checks"].find(query.filter({"todo": Present()}))
        examined = asked.explain()["executionStats"]["totalKeysExamined"]
    assert examined <= 3


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 9])
def test_ties_in_a_falling_order_come_by_rising_id(store: MongoDocuments, limit: int) -> None:
    for id, due in {"a": 1, "b": 2, "c": 2, "d": 2, "e": 3}.items():
        store.insert(CHECKS, id, {"due": due, "status": "waiting"})
    store.insert(CHECKS, "f", {"status": "waiting"})
    found = store.find(CHECKS, {"status": "waiting"}, order=[("due", -1)], limit=limit)
    assert [stored.id for stored in found] == ["e", "b", "c", "d", "a", "f"][:limit]


def test_a_key_the_documents_already_break_cannot_be_declared(store: MongoDocuments) -> None:
    loose = Collection("loose")
    for id in ("c1", "c2"):
        store.insert(loose, id, {"opd": "dinkes", "key": "k1"})
    with pytest.raises(Duplicate) as taken:
        store.declare(Collection("loose", unique=(("opd", "key"),)))
    assert taken.value.key == ("opd", "key")


# --- bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"$ref": "#/fields", "$id": "satudata", "more": {"$ref": "x", "$id": 2**40, "$db": "y"}},
        {"35.08/jumlah.penduduk": {"$set": {"a.b": 1}}, "": 0, "$where": "true"},
        {"deep": {"list": [[2**40, None, {"n": 2**53 + 1}], 1.0, True]}},
    ],
    ids=["references", "dots and dollars", "lists"],
)
def test_any_plain_json_comes_back_as_it_was(store: MongoDocuments, body: Body) -> None:
    first = store.insert(CHECKS, "c1", body)
    assert store.get(CHECKS, "c1") == first == Stored("c1", 1, body)
    assert store.replace(CHECKS, first, {**body, "n": 1}) == store.get(CHECKS, "c1")
    (claimed,) = store.claim(CHECKS, {"id": "c1"}, {"held": body})
    assert claimed.body == {**body, "n": 1, "held": body}


def test_a_document_as_large_as_may_be_is_inserted_and_replaced(store: MongoDocuments) -> None:
    text = "a" * (LARGEST - 100)
    first = store.insert(CHECKS, "c1", {"text": text})
    second = store.replace(CHECKS, first, {"text": text, "n": 1})
    assert store.get(CHECKS, "c1") == second
    with pytest.raises(DocumentTooLarge):
        store.replace(CHECKS, second, {"text": text + "a" * 100})


def test_a_claim_that_makes_a_document_too_large_says_so(store: MongoDocuments) -> None:
    first = store.insert(CHECKS, "c1", {"text": "a" * (10 * 1024 * 1024)})
    with pytest.raises(DocumentTooLarge):
        store.claim(CHECKS, {"id": "c1"}, {"more": "b" * (10 * 1024 * 1024)})
    assert store.get(CHECKS, "c1") == first


def test_a_claim_through_what_is_no_group_of_fields_is_an_error(store: MongoDocuments) -> None:
    store.insert(CHECKS, "c1", {"lease": "text"})
    with pytest.raises(DocumentsError) as raised:
        store.claim(CHECKS, {"id": "c1"}, {"lease.holder": "w1"})
    assert type(raised.value) is DocumentsError


def test_a_document_left_as_it_was_asked_for_is_claimed_once(store: MongoDocuments) -> None:
    store.write([Insert(CHECKS, f"c{n}", {"status": "waiting"}) for n in range(3)])
    claimed = store.claim(CHECKS, {"status": "waiting"}, {"seen": True}, most=9)
    assert [stored.id for stored in claimed] == ["c0", "c1", "c2"]


# --- batches -----------------------------------------------------------------------------------


def test_a_mixed_batch_happens_in_its_order(store: MongoDocuments) -> None:
    """A key that one write frees is the next one's; a document may be changed twice."""
    old = store.insert(CHECKS, "old", {"slot": "dinkes/0"})
    fates = store.write(
        [
            Insert(CHECKS, "early", {"slot": "dinkes/0"}),
            Replace(CHECKS, "old", old.version, {}),
            Insert(CHECKS, "late", {"slot": "dinkes/0"}),
            Replace(CHECKS, "late", 1, {"slot": "dinkes/1"}),
            Insert(CHECKS, "late", {}),
            Delete(CHECKS, "old", 2),
            Insert(CHECKS, "old", {"slot": "dinkes/0"}),
            Replace(CHECKS, "never", 1, {}),
        ]
    )
    assert [type(fate) for fate in fates] == [
        Duplicate, Stored, Stored, Stored, Duplicate, type(None), Stored, Conflict,
    ]  # fmt: skip
    assert [fate.key for fate in fates if isinstance(fate, Duplicate)] == [("slot",), ("id",)]
    assert {stored.id: (stored.version, stored.body) for stored in store.find(CHECKS)} == {
        "late": (2, {"slot": "dinkes/1"}),
        "old": (1, {"slot": "dinkes/0"}),
    }


def test_a_batch_of_more_than_one_message_has_its_fates_in_order(store: MongoDocuments) -> None:
    """The driver sends at most 48 MB at a time."""
    store.insert(CHECKS, "c55", {})
    fates = store.write([Insert(CHECKS, f"c{n}", {"text": "a" * 1024 * 1024}) for n in range(60)])
    assert [type(fate) for fate in fates] == [Stored] * 55 + [Duplicate] + [Stored] * 4


def test_collections_are_written_one_after_another_as_the_batch_first_names_them(
    mongo_url: str, store: MongoDocuments
) -> None:
    """What is kept in one before it is cleared in another is so never in neither."""
    archive = Collection("archive")
    pairs = [[Insert(archive, f"a{n}", {}), Insert(CHECKS, f"c{n}", {})] for n in range(3)]
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        database = client.get_default_database()
        database.command("profile", 2)
        store.write([write for pair in pairs for write in pair])
        database.command("profile", 0)
        seen = database["system.profile"].find({"op": "insert"}, sort=[("$natural", 1)])
        assert [each["ns"].partition(".")[2] for each in seen] == ["archive", "checks"]


def test_of_a_batch_that_is_too_large_nothing_is_written(store: MongoDocuments) -> None:
    other = Collection("other")
    huge = {"text": "a" * (17 * 1024 * 1024)}
    with pytest.raises(DocumentTooLarge, match="checks: dokumen huge"):
        store.write([Insert(other, "o1", {}), Insert(CHECKS, "c1", {}), Insert(CHECKS, "huge", huge)])
    with pytest.raises(ValueError, match="checks: c1"):
        store.write([Insert(other, "o1", {}), Insert(CHECKS, "c1", {"n": 2**64})])
    assert (store.count(other), store.count(CHECKS)) == (0, 0)


def test_a_long_batch_of_all_kinds_leaves_what_its_fates_say(store: MongoDocuments) -> None:
    first = [store.insert(CHECKS, f"c{n}", {"n": n}) for n in range(150)]
    deletes: list[Write] = [Delete(CHECKS, one.id, one.version) for one in first[::3]]
    replaces: list[Write] = [Replace(CHECKS, one.id, 1, {"n": -1, "gone": None}) for one in first[1::3]]
    inserts: list[Write] = [Insert(CHECKS, f"new{n}", {"n": n}) for n in range(50)]
    mixed = [write for three in zip(deletes, replaces, inserts, strict=True) for write in three]
    fates = store.write(mixed)
    kept = [fate for fate in fates if isinstance(fate, Stored)]
    assert fates[::3] == [None] * 50 and len(kept) == 100
    assert {one.id: one for one in store.find(CHECKS)} == {one.id: one for one in (*kept, *first[2::3])}


RACE = """
import sys
from muara_kernel.documents import Collection, Conflict, Duplicate, Insert, Replace, Stored
from muara_kernel.documents.connect import connect

store, checks = connect(sys.argv[1]), Collection("checks")
landed = {}
conflicts = 0
sys.stdin.readline()
for round in range(int(sys.argv[2])):
    found = {stored.id: stored for stored in store.find(checks)}
    batch = [
        Replace(checks, id, found[id].version, {"count": found[id].body["count"] + 1})
        if id in found else Insert(checks, id, {"count": 1})
        for id in (f"c{(round + n) % 30}" for n in range(20))
    ]
    for write, fate in zip(batch, store.write(batch), strict=True):
        if isinstance(fate, Stored):
            landed[fate.id] = landed.get(fate.id, 0) + 1
        else:
            conflicts += 1
print(repr((landed, conflicts)))
"""


def test_two_processes_that_race_learn_exactly_which_of_their_writes_took_place(
    mongo_url: str, store: MongoDocuments
) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, mongo_url, "60"],
            env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [ast.literal_eval(racer.communicate(timeout=60)[0]) for racer in racers]
    landed = {id: sum(one.get(id, 0) for one, _ in said) for id in said[0][0] | said[1][0]}
    assert landed == {stored.id: stored.body["count"] for stored in store.find(CHECKS)}
    assert landed == {stored.id: stored.version for stored in store.find(CHECKS)}
    assert sum(conflicts for _, conflicts in said) > 0


FORK = """
import os, sys
from muara_kernel.documents import Collection
from muara_kernel.documents.connect import connect

store, checks = connect(sys.argv[1]), Collection("checks")
store.insert(checks, "before", {})
child = os.fork()
if child == 0:
    store.insert(checks, "child", {})
    store.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
store.insert(checks, "parent", {})
"""


def test_a_forked_process_makes_a_connection_of_its_own(mongo_url: str, store: MongoDocuments) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", FORK, mongo_url],
        env=_environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [stored.id for stored in store.find(CHECKS)] == ["before", "child", "parent"]


# --- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.ServerSelectionTimeoutError("no servers"), DocumentsUnavailable),
        (errors.AutoReconnect("connection closed"), DocumentsUnavailable),
        (errors.NetworkTimeout("timed out"), DocumentsUnavailable),
        (errors.NotPrimaryError("not primary", {"code": 10107}), DocumentsUnavailable),
        (errors.ExecutionTimeout("operation exceeded time limit", 50), DocumentsUnavailable),
        (errors.WTimeoutError("waiting for replication timed out", 64), DocumentsUnavailable),
        (errors.WriteConcernError("shutting down", 91), DocumentsUnavailable),
        (errors.WaitQueueTimeoutError("no connection free"), DocumentsUnavailable),
        (errors.OperationFailure("interrupted at shutdown", 11600), DocumentsUnavailable),
        (errors.OperationFailure("lock timeout", 24), DocumentsUnavailable),
        (errors.OperationFailure("pending collection catalog changes", 246), DocumentsUnavailable),
        (errors.OperationFailure("no space left on device", 14031), DocumentsFull),
        (errors.OperationFailure("authentication failed", 18), DocumentsUnavailable),
        (errors.OperationFailure("not authorized", 13), DocumentsUnavailable),
        (errors.OperationFailure("index options conflict", 85), DocumentsError),
        (errors.InvalidOperation("closed"), DocumentsError),
        (errors.ConfigurationError("unknown option"), DocumentsError),
        (errors.DocumentTooLarge("BSON document too large"), DocumentTooLarge),
        (errors.OperationFailure("object to insert too large", 10334), DocumentTooLarge),
        (errors.OperationFailure("resulting document too large", 17419), DocumentTooLarge),
        (errors.OperationFailure("dup key", 11000, {"keyPattern": {"b.opd": 1, "b.key": 1}}), Duplicate),
    ],
    ids=str,
)
def test_each_error_of_the_driver_has_its_own_in_the_port(
    error: errors.PyMongoError, expected: type[DocumentsError]
) -> None:
    store = MongoDocuments(f"mongodb://muara:{SECRET}@db.example:27017/catalog")
    with pytest.raises(DocumentsError) as raised, store._translated(CHECKS):
        raise error
    assert type(raised.value) is expected
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://db.example",
        "mongodb://db.example/",
        "mongodb://db.example/?replicaSet=rs0",
        f"mongodb://muara:{SECRET}/@db.example/catalog",
        f"mongodb://muara:{SECRET}@@db.example:27017/catalog",
        "mongodb://db.example:port/catalog",
        "mongodb://db.example/cata log",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_by_the_name_of_the_setting(url: str) -> None:
    with pytest.raises(ValueError, match="MUARA_DOCUMENTS") as raised:
        connect(url)
    assert SECRET not in str(raised.value)


def test_connecting_opens_nothing() -> None:
    connect("mongodb://db.example:27017/catalog").close()


def test_a_server_that_is_not_there_is_named_with_the_setting() -> None:
    store = connect(f"mongodb://muara:{SECRET}@127.0.0.1:1/catalog?timeoutMS=400")
    with pytest.raises(DocumentsUnavailable) as raised:
        store.check()
    assert str(raised.value) == (
        "MUARA_DOCUMENTS: tidak ada MongoDB yang menerima tulisan di 127.0.0.1:1"
        " / no MongoDB that takes writes answers at 127.0.0.1:1"
    )
    store.close()


def test_a_wrong_password_and_a_missing_right_are_said_in_a_sentence(tmp_path: Path) -> None:
    server = Mongod(tmp_path, options=("--auth",))
    try:
        or_skip(server.start)
        with pymongo.MongoClient[dict[str, Any]](server.url()) as client:
            client.admin.command("createUser", "muara", pwd=SECRET, roles=["readWriteAnyDatabase"])
            client.admin.command("ping")
        assert _why(server, f"muara:bukan-{SECRET}") == (
            DocumentsUnavailable,
            f"MUARA_DOCUMENTS: MongoDB di 127.0.0.1:{server.port} menolak nama pengguna atau sandinya"
            f" / MongoDB at 127.0.0.1:{server.port} refuses the user name or the password",
        )
        assert _why(server, "") == (
            DocumentsUnavailable,
            "MUARA_DOCUMENTS: pengguna tidak berhak membaca dan menulis basis data catalog"
            f" di 127.0.0.1:{server.port} / the user may not read and write the database catalog"
            f" at 127.0.0.1:{server.port}",
        )
    finally:
        server.kill()


def _why(server: Mongod, login: str) -> tuple[type[Exception], str]:
    place = server.url("catalog?authSource=admin").removeprefix("mongodb://")
    store = connect(f"mongodb://{login}@{place}" if login else server.url("catalog"))
    with pytest.raises(DocumentsError) as raised:
        store.insert(CHECKS, "c1", {})
    store.close()
    return type(raised.value), str(raised.value)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
