"""The commands every service has: what they do, and the exit code and the sentence where they cannot."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from muara_kernel.bus import Delivery, Record
from muara_kernel.documents import Documents
from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.main import Service, main
from muara_kernel.observability.metrics import Metrics
from muara_kernel.settings import SettingsError, Shared
from muara_kernel.worker.dead_letters import BURIALS, DEAD_LETTERS, DISMISS, REPLAY, WAITING, DeadLetters


@dataclass
class Ran:
    """What the process was asked for."""

    what: list[object] = field(default_factory=list)

    def worker(self) -> int:
        self.what.append("worker")
        return 3

    def count(self, documents: Documents, argv: Sequence[str]) -> int:
        self.what.append(list(argv))
        return 4


@pytest.fixture
def ran() -> Ran:
    return Ran()


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteDocuments:
    for name, value in {
        "MUARA_REGION": "35.08",
        "MUARA_BUS": f"sqlite:///{tmp_path}/bus.db",
        "MUARA_DOCUMENTS": f"sqlite:///{tmp_path}/documents.db",
        "MUARA_PAYLOADS": f"file://{tmp_path}/payloads",
        "MUARA_DESK_TOKEN": "meja-walidata-lumajang",
    }.items():
        monkeypatch.setenv(name, value)
    store = SqliteDocuments(tmp_path / "documents.db")
    for collection in (DEAD_LETTERS, BURIALS):
        store.declare(collection)
    return store


@pytest.fixture
def letters(documents: SqliteDocuments) -> DeadLetters:
    """One letter, E1, waits."""
    letters = DeadLetters(documents, "ledger", Metrics("ledger"))
    delivery = Delivery("muara.ingest", 0, 7, Record("35.08/jumlah-penduduk", b"?", {"id": "E1"}))
    letters.bury(delivery, "UnreadableEvent: not JSON", attempts=1)
    return letters


@pytest.fixture
def call(ran: Ran) -> Callable[..., int]:
    service = Service("ledger", Shared, lambda: Flask(__name__), ran.worker, commands={"count": ran.count})
    return lambda *argv: main(service, argv)


def test_the_worker_ends_with_its_own_exit_code(
    call: Callable[..., int], ran: Ran, documents: SqliteDocuments
) -> None:
    assert call("worker") == 3
    assert ran.what == ["worker"]


def test_a_service_has_commands_of_its_own(
    call: Callable[..., int], ran: Ran, documents: SqliteDocuments
) -> None:
    assert call("count", "all", "--now") == 4
    assert ran.what == [["all", "--now"]]


@pytest.mark.parametrize("argv", [(), ("sing",), ("--help",)])
def test_what_is_no_command_is_told_which_there_are(
    call: Callable[..., int],
    documents: SqliteDocuments,
    capsys: pytest.CaptureFixture[str],
    argv: tuple[str, ...],
) -> None:
    assert call(*argv) == 2
    assert capsys.readouterr().err == "usage: ledger web | worker | topics | dead-letters | count\n"


def test_a_wrong_setting_is_one_sentence(
    call: Callable[..., int],
    ran: Ran,
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("MUARA_REGION")
    assert call("worker") == 2
    assert capsys.readouterr().err.startswith("ledger: MUARA_REGION belum diisi / is not set")
    assert ran.what == []


NONSENSE = {
    "kafak://muara:rahasia@h": "MUARA_BUS",
    "kafka://muara:rahasia/@h": "MUARA_BUS",
    "kafka://muara@h": "MUARA_BUS",
    "postgres://muara:rahasia@h/x": "MUARA_DOCUMENTS",
    "mongodb://muara:rahasia/@h/x": "MUARA_DOCUMENTS",
    "mongodb://h": "MUARA_DOCUMENTS",
    "s3://muara:rahasia@h/x": "MUARA_PAYLOADS",
    "gridfs+mongodb://h": "MUARA_PAYLOADS",
    "pendek": "MUARA_DESK_TOKEN",
    "8080": "MUARA_BIND",
    "lumajang": "MUARA_REGION",
    "banyak": "MUARA_WEB_THREADS",
    "0": "MUARA_SESSION_SECONDS",
    "sqlite:///": "MUARA_DOCUMENTS",
}


@pytest.mark.parametrize(("value", "name"), NONSENSE.items())
@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_setting_that_makes_no_sense_is_one_sentence_in_both_languages_without_its_password(
    call: Callable[..., int],
    ran: Ran,
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    value: str,
    name: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert call(kind) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert name in said
    assert " / " in said.replace("tidak dapat dipakai / ", "", 1)  # the sentence too, not its frame alone
    assert "rahasia" not in said
    assert ran.what == []


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_documents_of_another_region_are_one_sentence(
    call: Callable[..., int],
    ran: Ran,
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    assert call("worker") == 3
    monkeypatch.setenv("MUARA_REGION", "35.71")
    assert call(kind) == 2
    assert capsys.readouterr().err == (
        "ledger: MUARA_REGION=35.71: dokumen di MUARA_DOCUMENTS adalah milik daerah 35.08 / "
        "the documents at MUARA_DOCUMENTS are those of region 35.08\n"
    )
    assert ran.what == ["worker"]


PLACES = [("web", "MUARA_BIND"), ("worker", "MUARA_HEALTH_BIND")]


@pytest.mark.parametrize(("kind", "name"), PLACES)
@pytest.mark.parametrize("place", ["fd://987", "127.0.0.1:99999", "192.0.2.1:8080"])
def test_a_place_that_cannot_be_had_is_one_sentence_that_names_the_setting(
    call: Callable[..., int],
    ran: Ran,
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    name: str,
    place: str,
) -> None:
    monkeypatch.setenv(name, place)
    assert call(kind) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"ledger: tidak dapat menjawab di {name}={place} / cannot answer there: ")
    assert said.count("\n") == 1
    assert ran.what == []


@pytest.mark.parametrize(("kind", "name"), PLACES)
def test_a_port_that_is_taken_is_one_sentence_that_names_the_setting(
    call: Callable[..., int],
    ran: Ran,
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    name: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        place = f"127.0.0.1:{somebody.getsockname()[1]}"
        monkeypatch.setenv(name, place)
        assert call(kind) == 2
    assert capsys.readouterr().err == (
        f"ledger: tidak dapat menjawab di {name}={place} / cannot answer there: Address already in use\n"
    )
    assert ran.what == []


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_settings_that_do_not_go_together_are_one_sentence_before_anything_is_served(
    ran: Ran, documents: SqliteDocuments, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    def demand(settings: Shared) -> None:
        raise SettingsError("MUARA_LEDGER belum diisi / is not set")

    service = Service("ledger", Shared, lambda: Flask(__name__), ran.worker, demand=demand)
    assert main(service, [kind]) == 2
    assert capsys.readouterr().err == "ledger: MUARA_LEDGER belum diisi / is not set\n"
    assert ran.what == []


def test_a_bug_is_no_setting(
    call: Callable[..., int], ran: Ran, documents: SqliteDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ValueError("a bug")

    monkeypatch.setattr(Ran, "count", broken)
    with pytest.raises(ValueError, match="a bug"):
        main(
            Service("ledger", Shared, lambda: Flask(__name__), ran.worker, commands={"count": ran.count}),
            ["count"],
        )


def test_a_bus_that_makes_its_own_topics_has_none_to_show(
    call: Callable[..., int], documents: SqliteDocuments, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("topics", "show") == 0
    assert "bus ini membuat topiknya sendiri" in capsys.readouterr().out


@dataclass
class Brokers:
    """Topics that differ in a configuration, in the number of partitions, and in one way without harm."""

    differing: list[str] = field(default_factory=lambda: ["retensi", "partisi"])

    def differences(self) -> list[str]:
        return self.differing

    def remarks(self) -> list[str]:
        return ["lebih banyak partisi"]

    def apply(self, *, replication: int = 1) -> list[str]:
        return []

    def alter(self, *, configs: bool, partitions: bool) -> list[str]:
        asked = {"retensi": configs, "partisi": partitions}
        changed = [each for each in self.differing if asked[each]]
        self.differing = [each for each in self.differing if not asked[each]]
        return changed

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("flags", "changed", "left"),
    [
        ([], [], ["retensi", "partisi"]),
        (["--alter"], ["retensi"], ["partisi"]),
        (["--add-partitions"], ["partisi"], ["retensi"]),
        (["--alter", "--add-partitions"], ["retensi", "partisi"], []),
    ],
)
def test_topics_are_altered_only_in_what_was_asked_for(
    call: Callable[..., int],
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    changed: list[str],
    left: list[str],
) -> None:
    monkeypatch.setattr("muara_kernel.main.connect_topics", lambda url: Brokers())
    assert call("topics", "apply", *flags) == int(bool(left))
    said = capsys.readouterr()
    assert said.out.count("topik diubah / topic altered: ") == len(changed)
    assert said.err.splitlines() == left
    assert "lebih banyak partisi" in said.out.splitlines()


def test_a_store_nobody_knows_is_one_sentence(
    call: Callable[..., int],
    documents: SqliteDocuments,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MUARA_DOCUMENTS", "postgres://db")
    assert call("dead-letters", "list") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_dead_letters_are_listed_and_shown(
    call: Callable[..., int], letters: DeadLetters, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("dead-letters", "list") == 0
    assert capsys.readouterr().out.split("\t")[0] == "ledger/E1"
    assert call("dead-letters", "show", "ledger/E1") == 0
    assert "reason: UnreadableEvent: not JSON" in capsys.readouterr().out


def test_a_store_that_was_never_used_has_no_dead_letters(
    call: Callable[..., int], documents: SqliteDocuments, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("dead-letters", "list") == 0
    assert capsys.readouterr().out == ""


def test_a_replay_is_asked_for(
    call: Callable[..., int], letters: DeadLetters, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("dead-letters", "replay", "ledger/E1") == 0
    assert letters.get("ledger/E1").body["state"] == REPLAY
    said = capsys.readouterr().out
    assert said == "ledger/E1 akan dicoba lagi oleh worker / will be tried again by the worker\n"


def test_a_dismissal_needs_a_reason(
    call: Callable[..., int], letters: DeadLetters, capsys: pytest.CaptureFixture[str]
) -> None:
    for reason in ([], ["--reason", ""], ["--reason", " \t"]):
        with pytest.raises(SystemExit) as refused:
            call("dead-letters", "dismiss", "ledger/E1", *reason)
        assert refused.value.code == 2
    assert "alasan tidak boleh kosong / a reason must be given" in capsys.readouterr().err
    assert letters.get("ledger/E1").body["state"] == WAITING
    assert call("dead-letters", "dismiss", "ledger/E1", "--reason", "berkas rusak") == 0
    body = letters.get("ledger/E1").body
    assert (body["state"], body["decision"]) == (DISMISS, "berkas rusak")
    said = capsys.readouterr().out
    assert said.startswith("ledger/E1 akan dilepas oleh worker / will be dismissed by the worker")
    assert said.count("\n") == 1


@pytest.mark.parametrize("action", ["show", "replay"])
def test_a_letter_that_is_not_there_is_one_sentence(
    call: Callable[..., int], letters: DeadLetters, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert call("dead-letters", action, "ledger/E9") == 1
    assert capsys.readouterr().err == "tidak ada dead letter / no dead letter waits under ledger/E9\n"


def test_a_letter_decided_on_at_this_very_moment_is_one_sentence(
    call: Callable[..., int],
    letters: DeadLetters,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = DeadLetters.get
    monkeypatch.setattr(DeadLetters, "get", lambda self, id: found(self, id)._replace(version=99))
    assert call("dead-letters", "replay", "ledger/E1") == 1
    assert "look again" in capsys.readouterr().err
