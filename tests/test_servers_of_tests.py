"""Where a real server cannot be had a run says so in one line, and CI fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers import mongo
from servers.fixtures import or_skip
from servers.kafka import Kafka, NoKafka

WHY = "no mvn\n on this machine"


@pytest.fixture(autouse=True)
def nobody_expects_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "TEST_KAFKA_REQUIRED", "TEST_MONGODB_REQUIRED", "TEST_MONGODB_URL"):
        monkeypatch.delenv(name, raising=False)


def missing() -> Kafka:
    raise NoKafka(WHY)


def test_a_server_that_cannot_be_had_is_skipped_with_the_reason_in_one_line() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"^Kafka: no mvn on this machine$"):
        or_skip(missing)


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("TEST_KAFKA_REQUIRED", "1")])
def test_where_it_was_expected_the_run_fails(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(pytest.fail.Exception, match=r"Kafka: no mvn on this machine \(it was expected"):
        or_skip(missing)


def test_another_mongodb_is_used_where_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_MONGODB_URL", "mongodb://db.example:27017/?replicaSet=rs0")
    assert mongo.shared(tmp_path) == "mongodb://db.example:27017/?replicaSet=rs0"
    assert list(tmp_path.iterdir()) == []
