"""The life of an edition, without any store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_service.model import (
    AlreadyDecided,
    DecidedUnseen,
    Edition,
    Outcome,
    ReasonMissing,
    UnfitEntry,
    UnknownSubmission,
    bidang_urusan_of,
)
from muara_kernel.events import (
    DatasetPublished,
    Event,
    Finding,
    ReviewRequested,
    SubmissionReturned,
    SubmissionValidated,
    Text,
)

Validated = Callable[..., SubmissionValidated]

NOON = datetime(2025, 1, 6, 12, 0, tzinfo=UTC)
FINAL = (DatasetPublished, SubmissionReturned)


def edition() -> Edition:
    return Edition("35.08/jumlah-penduduk", "2024-S1")


def waiting(event: SubmissionValidated) -> Edition:
    one = edition()
    one.receive(event, "pemeriksaan", NOON)
    return one


# --- what the walidata saw ---------------------------------------------------------------------------


def test_a_decision_on_what_has_changed_since_is_refused_and_changes_nothing(validated: Validated) -> None:
    one = waiting(validated(1))
    seen = one.as_of
    one.receive(validated(2), "langsung", NOON)
    with pytest.raises(DecidedUnseen):
        one.decide("S1", "setuju", "", NOON, as_of=seen)
    assert [version["submission"] for version in one.versions] == ["S2"]
    assert one.decide("S1", "setuju", "", NOON, as_of=one.as_of) == Outcome("S1", "diterbitkan", 2)


def test_another_persons_decision_in_the_edition_is_a_change_too(validated: Validated) -> None:
    one = waiting(validated(1))
    one.receive(validated(2), "pemeriksaan", NOON)
    seen = one.as_of
    one.decide("S2", "setuju", "", NOON, as_of=seen)
    with pytest.raises(DecidedUnseen):
        one.decide("S1", "setuju", "", NOON, as_of=seen)


def test_what_fails_meanwhile_keeps_nobody_from_deciding(validated: Validated) -> None:
    one = waiting(validated(1))
    seen = one.as_of
    one.receive(validated(2, "gagal"), "pemeriksaan", NOON)
    assert one.decide("S1", "setuju", "", NOON, as_of=seen).outcome == "diterbitkan"


def test_the_same_decision_again_is_the_same_answer_whatever_came_since(validated: Validated) -> None:
    one = waiting(validated(1))
    seen = one.as_of
    first = one.decide("S1", "setuju", "", NOON, as_of=seen)
    assert one.decide("S1", "setuju", "", NOON, as_of=seen) == first
    with pytest.raises(AlreadyDecided):
        one.decide("S1", "kembalikan", "Salah.", NOON, as_of=seen)


# --- one verdict -------------------------------------------------------------------------------------


def test_what_passes_is_published_as_version_1(validated: Validated) -> None:
    one = edition()
    one.receive(validated(1), "langsung", NOON)
    (said,) = one.announcements
    assert isinstance(said, DatasetPublished)
    assert (said.version, said.decided_by, said.published_at) == (1, "sistem", NOON)
    assert one.versions[0]["submission"] == "S1"
    assert one.entries["S1"]["state"] == "diterbitkan"


def test_what_fails_is_returned_with_its_counts_and_findings(validated: Validated) -> None:
    sentence = Text("Kode tidak dikenal.", "Unknown code.")
    finding = Finding(
        "KR-01", "kode_referensi", "galat", "Perpres 39/2019 Pasal 3 huruf d", sentence, sentence
    )
    one = edition()
    one.receive(validated(1, "gagal", findings=(finding,)), "langsung", NOON)
    (said,) = one.announcements
    assert isinstance(said, SubmissionReturned)
    assert said.decided_by == "sistem"
    assert "3 galat dan 1 peringatan pada 21 baris" in said.reason
    assert said.findings == (finding,)
    assert not one.versions


def test_large_counts_are_written_with_points(validated: Validated) -> None:
    one = edition()
    one.receive(replace(validated(1, "gagal"), rows=900_000, errors=1_799_979), "langsung", NOON)
    (said,) = one.announcements
    assert isinstance(said, SubmissionReturned)
    assert "1.799.979 galat dan 1 peringatan pada 900.000 baris" in said.reason


def test_findings_are_kept_only_in_what_is_announced(validated: Validated) -> None:
    sentence = Text("Kode tidak dikenal.", "Unknown code.")
    finding = Finding(
        "KR-01", "kode_referensi", "galat", "Perpres 39/2019 Pasal 3 huruf d", sentence, sentence
    )
    one = edition()
    one.receive(validated(1, "gagal", findings=(finding,)), "langsung", NOON)
    assert "KR-01" not in str(one.entries)


def test_what_could_not_be_checked_is_returned(validated: Validated) -> None:
    one = edition()
    one.receive(validated(1, "tidak_dapat_diperiksa"), "pemeriksaan", NOON)
    (said,) = one.announcements
    assert isinstance(said, SubmissionReturned)
    assert "tidak dapat diperiksa" in said.reason


def test_pemeriksaan_asks_the_walidata(validated: Validated) -> None:
    one = waiting(validated(1))
    assert isinstance(one.announcements[0], ReviewRequested)
    assert not one.versions
    assert [asked["submission"] for asked in one.reviews()] == ["S1"]


def test_what_is_older_than_a_version_waits_for_the_walidata(validated: Validated) -> None:
    one = edition()
    one.receive(validated(5), "langsung", NOON)
    one.receive(validated(3), "langsung", NOON)
    asked = one.announcements[-1]
    assert isinstance(asked, ReviewRequested)
    assert "urutan 3" in asked.reason and "urutan 5" in asked.reason
    assert [version["submission"] for version in one.versions] == ["S5"]


def test_an_older_one_let_through_opens_no_gate_for_those_in_between(validated: Validated) -> None:
    one = edition()
    one.receive(validated(5), "langsung", NOON)
    one.receive(validated(2), "langsung", NOON)
    one.decide("S2", "setuju", "", NOON)
    one.receive(validated(4), "langsung", NOON)
    assert one.entries["S4"]["state"] == "menunggu_pemeriksaan"


def test_a_repeat_changes_nothing_and_says_the_same_again(validated: Validated) -> None:
    one = edition()
    one.receive(validated(1), "langsung", NOON)
    answers = list(one.entries["S1"]["answers"])
    again = Edition(one.dataset, one.period, entries=one.entries, versions=one.versions)
    again.receive(validated(1, "gagal"), "pemeriksaan", NOON)
    assert (again.changed, again.announcements, again.again) == (False, [], answers)


def test_what_ops_gave_up_on_is_returned_for_their_reason(validated: Validated) -> None:
    one = edition()
    one.dismiss(validated(1), "berkas rusak di jalan")
    (said,) = one.announcements
    assert isinstance(said, SubmissionReturned)
    assert (said.decided_by, said.reason) == ("ops", "berkas rusak di jalan")


# --- decisions ---------------------------------------------------------------------------------------


def test_the_walidata_approves(validated: Validated) -> None:
    event = validated(1, bidang_urusan="2.12")
    one = waiting(event)
    assert one.decide("S1", "setuju", "", NOON) == Outcome("S1", "diterbitkan", 1)
    said = one.announcements[-1]
    assert isinstance(said, DatasetPublished)
    assert (said.decided_by, said.payload, said.received_at) == ("walidata", event.payload, event.received_at)
    assert said.bidang_urusan == "2.12"
    assert not one.reviews()


def test_the_walidata_returns_with_a_reason(validated: Validated) -> None:
    one = waiting(validated(1))
    assert one.decide("S1", "kembalikan", " Angka 2023. ", NOON) == Outcome("S1", "dikembalikan")
    said = one.announcements[-1]
    assert isinstance(said, SubmissionReturned)
    assert (said.decided_by, said.reason) == ("walidata", "Angka 2023.")


def test_returning_without_a_reason_is_refused(validated: Validated) -> None:
    one = waiting(validated(1))
    with pytest.raises(ReasonMissing):
        one.decide("S1", "kembalikan", "  ", NOON)
    assert one.reviews()


@pytest.mark.parametrize("decision", ["setuju", "kembalikan"])
def test_the_same_decision_again_is_the_same_answer(validated: Validated, decision: Any) -> None:
    one = waiting(validated(1))
    first = one.decide("S1", decision, "Sudah dilihat.", NOON)
    said = list(one.announcements)
    assert one.decide("S1", decision, "Sudah dilihat.", NOON) == first
    assert one.announcements == said


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("setuju", ""), ("kembalikan", "Salah.")),
        (("kembalikan", "Salah."), ("setuju", "")),
        (("kembalikan", "Salah."), ("kembalikan", "Alasan lain.")),
    ],
)
def test_another_decision_afterwards_is_refused(validated: Validated, first: Any, second: Any) -> None:
    one = waiting(validated(1))
    one.decide("S1", *first, NOON)
    with pytest.raises(AlreadyDecided):
        one.decide("S1", *second, NOON)


def test_what_does_not_wait_cannot_be_decided(validated: Validated) -> None:
    one = edition()
    one.receive(validated(1), "langsung", NOON)
    with pytest.raises(AlreadyDecided, match="diterbitkan"):
        one.decide("S1", "setuju", "", NOON)
    with pytest.raises(UnknownSubmission):
        one.decide("S2", "setuju", "", NOON)


# --- repairs -----------------------------------------------------------------------------------------


def test_a_repair_closes_what_was_returned(validated: Validated) -> None:
    one = edition()
    one.receive(validated(1, "gagal"), "langsung", NOON)
    one.receive(validated(2, repairs="S1", repairs_period="2024-S1"), "langsung", NOON)
    assert (one.entries["S1"]["state"], one.entries["S1"]["superseded_by"]) == ("digantikan", "S2")
    assert one.entries["S2"]["state"] == "diterbitkan"


def test_a_repair_closes_a_waiting_review(validated: Validated) -> None:
    one = waiting(validated(1))
    one.receive(validated(2, repairs="S1", repairs_period="2024-S1"), "pemeriksaan", NOON)
    assert [asked["submission"] for asked in one.reviews()] == ["S2"]
    told = [event for event in one.announcements if isinstance(event, SubmissionReturned)]
    assert [(event.submission, event.decided_by) for event in told] == [("S1", "sistem")]
    assert "S2" in told[0].reason
    with pytest.raises(AlreadyDecided, match="digantikan"):
        one.decide("S1", "setuju", "", NOON)


def test_a_published_version_stays_when_it_is_repaired(validated: Validated) -> None:
    one = edition()
    one.receive(validated(1), "langsung", NOON)
    one.receive(validated(2, repairs="S1", repairs_period="2024-S1"), "langsung", NOON)
    assert one.entries["S1"]["state"] == "diterbitkan"
    assert [version["number"] for version in one.versions] == [1, 2]


def test_what_comes_after_its_own_repair_is_returned_and_closed(validated: Validated) -> None:
    one = edition()
    one.receive(validated(2, "gagal", repairs="S1", repairs_period="2024-S1"), "langsung", NOON)
    one.receive(validated(1), "langsung", NOON)
    said = one.announcements[-1]
    assert isinstance(said, SubmissionReturned) and "S2" in said.reason
    assert one.entries["S1"]["state"] == "digantikan"
    assert not one.closed


def test_a_repair_with_another_period_leaves_a_todo(validated: Validated) -> None:
    one = edition()
    one.receive(validated(2, repairs="S1", repairs_period="2024-S2"), "langsung", NOON)
    assert one.todo == {"S1": {"period": "2024-S2", "by": "S2"}}
    one.done("S1")
    assert not one.todo


def test_a_decision_repeated_after_the_repair_is_still_the_same_answer(validated: Validated) -> None:
    one = waiting(validated(1))
    first = one.decide("S1", "kembalikan", "Angka 2023.", NOON)
    one.receive(validated(2, repairs="S1", repairs_period="2024-S1"), "pemeriksaan", NOON)
    assert one.decide("S1", "kembalikan", "Angka 2023.", NOON) == first


# --- whatever the order ------------------------------------------------------------------------------


def demand_promises(one: Edition, said: list[Event]) -> None:
    """Versions are gapless, and nothing has two outcomes; what waits has none yet."""
    assert [version["number"] for version in one.versions] == list(range(1, len(one.versions) + 1))
    told = [event for event in said if isinstance(event, DatasetPublished)]
    assert [event.version for event in told] == [version["number"] for version in one.versions]
    finals = Counter(event.subject for event in said if isinstance(event, FINAL))
    reviews = Counter(event.subject for event in said if isinstance(event, ReviewRequested))
    assert all(count == 1 for count in (*finals.values(), *reviews.values()))
    for submission, entry in one.entries.items():
        assert finals[submission] == (0 if "asked" in entry else 1)
        assert entry["answers"] == [event.id for event in said if event.subject == submission]


STEPS = st.one_of(
    st.tuples(st.just("receive"), st.integers(1, 5), st.sampled_from(["langsung", "pemeriksaan"])),
    st.tuples(st.just("decide"), st.integers(1, 5), st.sampled_from(["setuju", "kembalikan"])),
    st.tuples(st.just("dismiss"), st.integers(1, 5), st.just("")),
    st.tuples(st.just("close"), st.integers(1, 5), st.just("")),
)
VERDICTS = st.lists(
    st.sampled_from(["lulus", "lulus", "gagal", "tidak_dapat_diperiksa"]), min_size=5, max_size=5
)
REPAIRS = st.lists(st.none() | st.integers(1, 5), min_size=5, max_size=5)


@given(steps=st.lists(STEPS, max_size=25), verdicts=VERDICTS, repairs=REPAIRS)
def test_in_any_order_versions_have_no_gap_and_outcomes_no_double(
    validated: Validated, steps: list[Any], verdicts: list[str], repairs: list[int | None]
) -> None:
    one = edition()
    for what, number, how in steps:
        repaired = repairs[number - 1]
        named = {"repairs": f"S{repaired}", "repairs_period": "2024-S1"} if repaired else {}
        event = validated(number, verdicts[number - 1], **named)
        if what == "receive":
            one.receive(event, how, NOON)
        elif what == "dismiss":
            one.dismiss(event, "rusak")
        elif what == "close":
            one.close(event.submission, "S9")
        else:
            try:
                one.decide(event.submission, how, "Sudah dilihat.", NOON)
            except (AlreadyDecided, UnknownSubmission):
                pass
        demand_promises(one, one.announcements)


@pytest.mark.parametrize("publication", ["langsung", "pemeriksaan"])
def test_every_order_of_four_submissions_and_their_repeats_ends_in_one_outcome_each(
    validated: Validated, publication: Any
) -> None:
    events = [
        validated(1, "gagal"),
        validated(2, repairs="S1", repairs_period="2024-S1"),
        validated(3),
        validated(4, repairs="S3", repairs_period="2024-S1"),
    ]
    for order in permutations([*events, events[1], events[2]]):
        one = edition()
        for event in order:
            one.receive(event, publication, NOON)
        for submission in list(one.entries):
            if one.entries[submission]["state"] == "menunggu_pemeriksaan":
                one.decide(submission, "setuju", "", NOON)
        demand_promises(one, one.announcements)
        assert one.entries["S1"]["state"] == "digantikan"
        assert not one.reviews()


# --- what is registered ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kode", "bidang"),
    [
        ("1.02.2.14.0.00.05.0000", ("1.02", "2.14")),
        ("2.12.0.00.0.00.13.0000", ("2.12",)),
        ("2.16.2.20.2.21.01.0000", ("2.16", "2.20", "2.21")),
    ],
)
def test_the_skpd_code_names_the_bidang_urusan(kode: str, bidang: tuple[str, ...]) -> None:
    assert bidang_urusan_of(kode) == bidang


@pytest.mark.parametrize(
    "kode", ["", "1.02", "1.02.2.14.0.00.05.000", "1.02.2.14.0.00.05.0000\n", "١.02.2.14.0.00.05.0000"]
)
def test_what_is_no_skpd_code_is_refused(kode: str) -> None:
    with pytest.raises(UnfitEntry, match="kode-skpd"):
        bidang_urusan_of(kode)
