from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from muara_kernel import failpoints
from muara_kernel.documents import DocumentsUnavailable
from muara_kernel.events import Text
from muara_kernel.worker.leases import OWNERS, Leases
from notification_service.jobs import OutboxFolder, Takeover
from notification_service.jobs.mail import address, mail
from notification_service.model.channels import Letter, LetterRefused
from notification_service.model.composing import Policy
from notification_service.storage import ALERTS, Claimants, DocumentClaims

PROCESS = Path(__file__).with_name("worker_process.py")
FAILPOINTS = (
    "deliveries.mid_fanout",
    "deliveries.after_started_before_data",
    "deliveries.after_accepted_before_record",
)


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def state_of(office: Any, fact: Any) -> tuple[str, int, str | None]:
    (delivery,) = office.inbox.get(fact.id).deliveries
    return delivery.state, delivery.attempts, delivery.address


# --- the mail --------------------------------------------------------------------------------------


def test_a_returned_submission_becomes_a_mail_file_to_its_opd(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.opd(), facts.dataset(), facts.returned())
    assert office.worker().turn()
    (path,) = office.letters()
    message = read(path)
    assert message["To"] == "dinkes@lumajang.example"
    assert message["From"].addresses[0].addr_spec == "muara@35.08.example"
    assert message["Subject"] == "Dikembalikan: Jumlah rumah sakit, 2025"
    assert message["Date"].datetime == office.inbox.get(facts.returned().id).created_at
    assert message["Message-ID"] == f"<{facts.returned().id}.opd-dinkes@35.08.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "id, en"
    assert path.name == f"{facts.returned().id}.opd-dinkes@35.08.example.eml"


def test_the_mail_carries_both_languages_and_the_repair_path(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.opd(), facts.returned("KIRIM-77"))
    office.worker().turn()
    body = read(office.letters()[0]).get_content()
    assert "Baris 5, kolom jumlah" in body
    assert "Row 5, column jumlah" in body
    assert body.count("repairs = KIRIM-77") == 2


def test_the_same_letter_is_always_the_same_bytes(facts: SimpleNamespace, clock: Any) -> None:
    letter = _letter(clock)
    assert mail(letter, address("muara@35.08.example")) == mail(letter, address("muara@35.08.example"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\n\n", "\n "])
def test_no_title_or_name_can_add_a_header_or_an_addressee(clock: Any, end: str) -> None:
    evil = f"Rumah sakit{end}Bcc: semua@lumajang.example{end}Subject: palsu " + "sangat panjang é " * 30
    letter = _letter(clock, title=Text(evil, evil), submission=evil, alert=evil)
    message = message_from_bytes(
        mail(letter, address("muara@35.08.example", name=evil)), policy=policy.default
    )
    assert message["Bcc"] is None
    assert Counter(message.keys()).most_common(1)[0][1] == 1
    assert [each.addr_spec for each in message["To"].addresses] == ["dinkes@lumajang.example"]
    assert [each.addr_spec for each in message["From"].addresses] == ["muara@35.08.example"]


def test_an_address_that_is_more_than_one_is_no_address() -> None:
    with pytest.raises(ValueError, match="no mail address"):
        address("a@lumajang.example\nBcc: b@lumajang.example")


def _letter(clock: Any, **changes: Any) -> Letter:
    told: dict[str, Any] = {
        "message_id": "a1.opd-dinkes@35.08.example",
        "address": "dinkes@lumajang.example",
        "title": Text("Judul", "Title"),
        "text": Text("Isi", "Body"),
        "date": clock(),
        "alert": "a1",
        "submission": "KIRIM-1",
    }
    return Letter(**{**told, **changes})


# --- addresses -------------------------------------------------------------------------------------


def test_a_letter_waits_for_an_opd_that_has_not_arrived(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.returned())
    worker = office.worker()
    assert worker.turn()
    assert not worker.turn()
    assert state_of(office, facts.returned()) == ("menunggu", 0, None)
    assert "belum diketahui" in office.inbox.get(facts.returned().id).deliveries[0].problem.id
    office.hears(facts.opd())
    clock.goes(1)
    worker.turn()
    assert state_of(office, facts.returned()) == ("terkirim", 1, "dinkes@lumajang.example")


def test_an_address_that_cannot_be_used_waits_for_a_better_one(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.opd(contact="dinkes@lumajang.example\nBcc: semua@lumajang.example"), facts.returned())
    office.worker().turn()
    assert (state_of(office, facts.returned()), office.letters()) == (("menunggu", 0, None), [])
    office.hears(facts.opd(revision=2))
    clock.goes(1)
    office.worker().turn()
    assert len(office.letters()) == 1


def test_the_address_is_that_of_the_moment_the_delivery_starts(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.opd(), facts.returned())
    office.hears(facts.opd(contact="baru@lumajang.example", revision=2))
    office.worker().turn()
    assert read(office.letters()[0])["To"] == "baru@lumajang.example"


def test_an_address_that_changes_after_the_start_changes_nothing(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.opd(), facts.returned())
    office.folder.write_text("a file where the folder should be")
    office.worker().turn()
    office.hears(facts.opd(contact="baru@lumajang.example", revision=2))
    office.folder.unlink()
    clock.goes(1)
    office.worker().turn()
    assert read(office.letters()[0])["To"] == "dinkes@lumajang.example"
    assert office.inbox.get(facts.returned().id).recipients == ("walidata", "opd:dinkes")


# --- the outbox folder -----------------------------------------------------------------------------


def test_a_broken_outbox_loses_nothing_and_is_tried_with_growing_pauses(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    office.folder.write_text("a file where the folder should be")
    office.hears(facts.review())
    worker = office.worker()
    tries = []
    for second in range(20):
        if worker.turn():
            tries.append(second)
        clock.goes(1)
    assert tries == [0, 1, 3, 7, 15]
    assert state_of(office, facts.review())[:2] == ("menunggu", 5)
    assert office.counted == [("ditunda", "dinkes")] * 5
    assert "tidak dapat ditulis" in office.inbox.get(facts.review().id).deliveries[0].problem.id
    office.folder.unlink()
    clock.goes(60)
    office.worker("a worker started later").turn()
    assert state_of(office, facts.review())[:2] == ("terkirim", 6)
    assert len(office.letters()) == 1


def test_a_disk_that_is_full_in_the_middle_of_a_letter_leaves_no_half_file(
    office: Any, facts: SimpleNamespace, tmp_path: Path
) -> None:
    folder = tmp_path / "surat-keluar"
    script = (
        "import resource, sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from notification_service.jobs import OutboxFolder\n"
        "from notification_service.jobs.mail import address\n"
        "from notification_service.model.channels import ChannelUnavailable, Letter\n"
        "from muara_kernel.events import Text\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
        "letter = Letter(message_id='m@x.example', address='a@x.example', title=Text('t', 't'),\n"
        "    text=Text('isi ' * 500, 'body'), date=datetime.now(UTC), alert='a', submission='s')\n"
        "try: OutboxFolder(Path(sys.argv[1]), address('muara@x.example')).deliver(letter)\n"
        "except ChannelUnavailable as error: print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be written" in ended.stdout
    assert list(folder.iterdir()) == []


def test_a_letter_written_again_is_the_same_file(tmp_path: Path, clock: Any) -> None:
    folder = OutboxFolder(tmp_path / "keluar", address("muara@35.08.example"))
    folder.deliver(_letter(clock))
    (first,) = (tmp_path / "keluar").iterdir()
    bytes_then = first.read_bytes()
    folder.deliver(_letter(clock))
    assert [first] == list((tmp_path / "keluar").iterdir())
    assert first.read_bytes() == bytes_then


def test_what_killed_processes_left_half_written_is_tidied_after_an_hour(tmp_path: Path) -> None:
    old, young, letter = (tmp_path / name for name in (".lama.tmp", ".baru.tmp", "surat.eml"))
    for path in (old, young, letter):
        path.write_text("x")
    for path in (old, letter):
        os.utime(path, (0, 0))
    OutboxFolder(tmp_path, address("muara@35.08.example")).tidy()
    assert sorted(tmp_path.iterdir()) == sorted([young, letter])


# --- other channels --------------------------------------------------------------------------------


class Wire:
    """A channel that does what the test says."""

    def __init__(self, *, again_when_unknown: bool = True, error: Exception | None = None) -> None:
        self.again_when_unknown = again_when_unknown
        self.error = error
        self.taken: list[str] = []

    def deliver(self, letter: Letter) -> None:
        if self.error:
            raise self.error
        self.taken.append(letter.message_id)


def test_a_refused_letter_is_not_tried_again_and_says_why(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.review())
    wire = Wire(error=LetterRefused(Text("Alamat ditolak.", "Address refused.")))
    office.worker(channels={"surat": wire}).turn()
    clock.goes(1000)
    assert not office.worker(channels={"surat": wire}).turn()
    assert state_of(office, facts.review())[0] == "gagal"
    assert office.inbox.get(facts.review().id).deliveries[0].problem.id == "Alamat ditolak."


def test_a_letter_that_breaks_the_channel_waits_and_stops_no_other(
    office: Any, facts: SimpleNamespace
) -> None:
    class Picky(Wire):
        def deliver(self, letter: Letter) -> None:
            if letter.submission == "KIRIM-rusak":
                raise KeyError("a bug of ours")
            super().deliver(letter)

    wire = Picky()
    office.hears(facts.review("KIRIM-rusak"), facts.review("KIRIM-baik"))
    office.worker(channels={"surat": wire}).turn()
    assert len(wire.taken) == 1
    assert state_of(office, facts.review("KIRIM-rusak"))[:2] == ("menunggu", 1)
    assert ("galat", "dinkes") in office.counted


def test_a_letter_that_kills_its_worker_again_and_again_waits_between_its_tries(
    office: Any, clock: Any, facts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hears(facts.review())
    for _ in range(3):
        _dies_at("deliveries.after_started_before_data", office, Wire(), monkeypatch)
        Claimants(office.documents).release("pekerja-1")
    assert office.worker().turn()
    assert state_of(office, facts.review())[:2] == ("tidak_diketahui", 3)
    assert not office.worker().turn()
    clock.goes(4)
    office.worker().turn()
    assert state_of(office, facts.review())[:2] == ("terkirim", 4)


def test_an_unknown_end_is_left_to_people_where_the_channel_says_so(
    office: Any, facts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hears(facts.review())
    wire = Wire(again_when_unknown=False)
    _dies_at("deliveries.after_accepted_before_record", office, wire, monkeypatch)
    Claimants(office.documents).release("pekerja-1")
    office.worker("pekerja-2", channels={"surat": wire}).turn()
    assert len(wire.taken) == 1
    assert state_of(office, facts.review())[:2] == ("tidak_diketahui", 1)
    assert not office.worker(channels={"surat": wire}).turn()


def test_an_unknown_end_is_delivered_again_under_the_same_message_id(
    office: Any, facts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hears(facts.review())
    wire = Wire()
    _dies_at("deliveries.after_accepted_before_record", office, wire, monkeypatch)
    Claimants(office.documents).release("pekerja-1")
    office.worker("pekerja-2", channels={"surat": wire}).turn()
    assert wire.taken == [f"{facts.review().id}.walidata@35.08.example"] * 2
    assert state_of(office, facts.review())[:2] == ("terkirim", 2)
    assert ("tidak_diketahui", "dinkes") in office.counted


def _dies_at(place: str, office: Any, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", f"{place}=raise")
    with pytest.raises(failpoints.Armed):
        office.worker(channels={"surat": wire}).turn()
    monkeypatch.delenv("MUARA_FAILPOINTS")


def test_one_delivery_that_waits_does_not_hold_up_the_other(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    office.policy = Policy("35.08.example", ops=True)
    office.hears(facts.held())
    office.worker().turn()
    states = {each.recipient: each.state for each in office.inbox.get(facts.held().id).deliveries}
    assert states == {"walidata": "terkirim", "ops": "menunggu"}
    clock.goes(1)
    office.worker(addresses=lambda recipient: f"{recipient}@lumajang.example").turn()
    assert len(office.letters()) == 2


# --- as many workers as one starts -----------------------------------------------------------------


def test_two_workers_never_hold_the_same_alert(office: Any, facts: SimpleNamespace) -> None:
    office.hears(*(facts.review(f"KIRIM-{number}") for number in range(8)))
    claims = [DocumentClaims(office.documents) for _ in range(2)]
    now = office.clock().timestamp()
    taken = [{each.id for each in one.claim(f"p{n}", now=now, most=5)} for n, one in enumerate(claims)]
    assert (len(taken[0]), len(taken[1])) == (5, 3)
    assert not taken[0] & taken[1]


def test_the_late_write_of_a_worker_that_was_taken_over_is_refused(
    office: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.review())

    class Frozen(Wire):
        """While this one delivers, its worker counts as dead and another does the work."""

        def deliver(self, letter: Letter) -> None:
            Claimants(office.documents).release("beku")
            office.worker("hidup").turn()
            super().deliver(letter)

    office.worker("beku", channels={"surat": Frozen()}).turn()
    assert state_of(office, facts.review())[:2] == ("terkirim", 2)
    assert "owner" not in office.documents.get(ALERTS, facts.review().id).body


def test_what_a_lost_store_interrupted_is_taken_up_by_the_same_worker(
    office: Any, facts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hears(facts.review())
    worker = office.worker()
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.write_unknown~alerts=lose")
    with pytest.raises(DocumentsUnavailable):
        worker.turn()
    monkeypatch.delenv("MUARA_FAILPOINTS")
    assert worker.turn()
    assert state_of(office, facts.review())[0] == "terkirim"
    assert len(office.letters()) == 1


def test_the_claims_of_a_dead_worker_are_freed_and_then_it_is_buried(
    office: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.review())
    seconds = [0.0]
    dead, living = (Leases(office.documents, length=5.0, monotonic=lambda: seconds[0]) for _ in range(2))
    DocumentClaims(office.documents).claim(dead.owner, now=office.clock().timestamp(), most=1)
    takeover = Takeover(living, Claimants(office.documents))
    takeover.turn()
    assert not office.worker(living.owner).turn()
    for seconds[0] in (1.0, 2.0, 3.0, 4.0, 5.0):
        living.beat()
        takeover.turn()
    assert office.worker(living.owner).turn()
    assert [owner.id for owner in office.documents.find(OWNERS)] == [living.owner]


def test_claims_of_somebody_without_a_lease_are_freed(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.review())
    DocumentClaims(office.documents).claim("long gone", now=office.clock().timestamp(), most=1)
    leases = Leases(office.documents)
    Takeover(leases, Claimants(office.documents)).turn()
    assert office.worker(leases.owner).turn()


# --- killed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", FAILPOINTS)
def test_killed_at_a_failpoint_and_started_again_leaves_one_file_for_each_letter(
    place: str, office: Any, facts: SimpleNamespace, tmp_path: Path
) -> None:
    office.policy = Policy("35.08.example", ops=True)
    office.hears(facts.opd(), facts.held(), facts.returned(), facts.review(), facts.published())
    killed = _run(tmp_path, MUARA_FAILPOINTS=f"{place}=kill")
    assert killed.returncode == -signal.SIGKILL
    ended = _run(tmp_path)
    assert ended.returncode == 0, ended.stderr
    alerts = office.inbox.page(None, limit=10, after=None)
    deliveries = [each for alert in alerts for each in alert.deliveries]
    assert len(deliveries) == 4
    assert {each.state for each in deliveries} == {"terkirim"}
    assert Counter(str(read(path)["Message-ID"]).strip("<>") for path in office.letters()) == Counter(
        each.message_id for each in deliveries
    )
    started_twice = [each for each in deliveries if each.attempts == 2]
    assert len(started_twice) == (0 if place == "deliveries.mid_fanout" else 1)
    assert ("tidak_diketahui dinkes" in ended.stdout) == bool(started_twice)
    assert office.documents.count(OWNERS) == 0


def test_two_worker_processes_write_each_letter_once(
    office: Any, facts: SimpleNamespace, tmp_path: Path
) -> None:
    """Nobody dies, so no lease may run out: it outlasts the test, however slow the machine is."""
    office.hears(*(facts.review(f"KIRIM-{number}") for number in range(30)))
    both = [_start(tmp_path, lease=600.0) for _ in range(2)]
    printed = "".join(process.communicate(timeout=120)[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert printed.split("\n").count("terkirim dinkes") == 30
    assert len(office.letters()) == 30


def _environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
    return {**clean, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **more}


def _start(directory: Path, lease: float = 1.0, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROCESS), str(directory), str(lease)],
        env=_environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(directory: Path, **more: str) -> subprocess.CompletedProcess[str]:
    process = _start(directory, **more)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
