from __future__ import annotations

import io
import itertools
import struct
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest_service.model import admission
from ingest_service.model.integration import new_key, parse_key
from ingest_service.model.lanes import Candidate, next_releases
from ingest_service.model.submission import Delivery, Submission, submission_id

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is not a finding."""

# --- lanes -----------------------------------------------------------------------------------

OPD = ("bappeda", "dinkes", "dispendukcapil", "dpmptsp")
WIDTH = 3


@st.composite
def lanes(draw: st.DrawFn) -> dict[str, Any]:
    counter = itertools.count(1)
    waiting = {
        opd: [
            Candidate(f"{opd}-{number}", f"35.08/{opd}-{draw(st.sampled_from('ab'))}", number)
            for number in draw(st.permutations([next(counter) for _ in range(draw(st.integers(0, 5)))]))
        ]
        for opd in draw(st.sets(st.sampled_from(OPD)))
    }
    return {
        "waiting": waiting,
        "taken": {opd: draw(st.sets(st.integers(0, WIDTH + 1), max_size=WIDTH)) for opd in OPD},
        "sending": draw(st.sets(st.sampled_from([f"35.08/{opd}-{end}" for opd in OPD for end in "ab"]))),
        "total": draw(st.integers(0, 12)),
        "after": draw(st.sampled_from(["", *OPD])),
    }


@UNHURRIED
@given(lanes())
def test_no_opd_holds_more_than_its_width_and_all_together_no_more_than_the_total(look: Any) -> None:
    releases = next_releases(**look, width=WIDTH)
    out = {opd: len(slots) for opd, slots in look["taken"].items()}
    before = sum(out.values())
    for release in releases:
        out[release.opd] += 1
    assert all(number <= WIDTH for number in out.values())
    assert not releases or before + len(releases) <= look["total"]


@UNHURRIED
@given(lanes())
def test_a_slot_is_given_once_and_only_where_it_was_free(look: Any) -> None:
    given = [(release.opd, release.slot) for release in next_releases(**look, width=WIDTH)]
    assert len(given) == len(set(given))
    assert all(slot not in look["taken"][opd] and slot in range(WIDTH) for opd, slot in given)


@UNHURRIED
@given(lanes())
def test_of_one_dataset_one_goes_at_a_time_and_the_lowest_sequence_first(look: Any) -> None:
    releases = next_releases(**look, width=WIDTH)
    waiting = {each.submission: each for lane in look["waiting"].values() for each in lane}
    datasets = [waiting[release.submission].dataset for release in releases]
    assert len(datasets) == len(set(datasets))
    assert not set(datasets) & look["sending"]
    for release in releases:
        gone = waiting[release.submission]
        assert gone.sequence == min(
            each.sequence for each in look["waiting"][release.opd] if each.dataset == gone.dataset
        )


@UNHURRIED
@given(lanes())
def test_everybody_who_can_go_gets_a_turn_before_anybody_gets_a_second(look: Any) -> None:
    served = [release.opd for release in next_releases(**look, width=WIDTH)]
    could = {
        opd
        for opd, lane in look["waiting"].items()
        if len(look["taken"][opd]) < WIDTH and any(each.dataset not in look["sending"] for each in lane)
    }
    first_round = served[: len(could)]
    assert len(first_round) == len(set(first_round))
    assert set(served) <= could
    if len(served) > len(could):
        assert set(first_round) == could


@UNHURRIED
@given(st.integers(2, 4), st.integers(0, 3))
def test_with_one_slot_at_a_time_nobody_is_passed_over(opds: int, idle_looks: int) -> None:
    waiting = {opd: [Candidate(f"{opd}-{n}", f"35.08/{opd}-{n}", 1) for n in range(9)] for opd in OPD[:opds]}
    after, served = "", []
    for _ in range(2 * opds):
        (release,) = next_releases(waiting, {}, set(), width=WIDTH, total=1, after=after)
        for _ in range(idle_looks):
            assert not next_releases(waiting, {release.opd: {0}}, set(), width=WIDTH, total=1, after=after)
        after = release.opd
        served.append(release.opd)
    assert served == [*OPD[:opds], *OPD[:opds]]


def test_a_lane_goes_round_a_dataset_that_is_being_sent() -> None:
    lane = [Candidate("K1", "35.08/a", 1), Candidate("K2", "35.08/b", 1)]
    (release,) = next_releases({"dinkes": lane}, {}, {"35.08/a"}, width=2, total=8)
    assert release.submission == "K2"


def test_slots_beyond_a_width_that_was_made_smaller_still_count() -> None:
    lane = [Candidate(f"K{n}", f"35.08/{n}", 1) for n in range(5)]
    assert len(next_releases({"dinkes": lane}, {"dinkes": {30, 31}}, set(), width=3, total=99)) == 1


# --- the life of a submission ----------------------------------------------------------------

OUTCOMES = ("menunggu_pemeriksaan", "diterbitkan", "menunggu_pemeriksaan")


def test_one_opd_and_one_key_are_one_submission_for_ever() -> None:
    assert submission_id("dinkes", "a1") == "f7d980b6-84f4-54df-99f9-6aa58a47b9b7"
    assert submission_id("dinkes", "a1") != submission_id("dispendukcapil", "a1")


def test_a_released_submission_holds_a_slot_until_its_outcome(delivery: Delivery, noon: datetime) -> None:
    submission = Submission("K1", delivery, 7, noon)
    submission.release(3, noon)
    assert (submission.slot, submission.sending) == ("dinkes/3", "35.08/rumah-sakit")
    submission.settle("diterbitkan", noon, version=1)
    assert submission.slot is None


def test_the_outcome_leaves_what_is_being_sent_to_its_sender(delivery: Delivery, noon: datetime) -> None:
    submission = Submission("K1", delivery, 7, noon)
    submission.release(0, noon)
    submission.settle("diterbitkan", noon)
    assert submission.sending == "35.08/rumah-sakit"


def test_it_asks_again_with_doubling_waits_and_is_held_after_the_last(
    delivery: Delivery, noon: datetime
) -> None:
    submission = Submission("K1", delivery, 7, noon)
    submission.release(0, noon, first_ask=30)
    waits, now = [], noon
    while submission.state == "dilepas":
        assert submission.due is not None
        waits.append(submission.due - now.timestamp())
        now += timedelta(seconds=waits[-1])
        submission.ask_again(now, most=3, first=30)
    assert waits == [30, 60, 120, 240]
    assert submission.again == [submission.received().id] * 3
    assert (submission.state, submission.slot, submission.due) == ("tertahan", None, None)
    assert [event.type for event in submission.announcements] == ["submission.received", "submission.held"]


def test_a_late_outcome_settles_what_was_held(delivery: Delivery, noon: datetime) -> None:
    submission = Submission("K1", delivery, 7, noon)
    submission.release(0, noon)
    submission.ask_again(noon, most=0, first=30)
    submission.settle("dikembalikan", noon + timedelta(hours=1), reason="telat")
    assert submission.outcome and submission.outcome["state"] == "dikembalikan"
    assert [step["state"] for step in submission.timeline()] == [
        "diterima",
        "diperiksa",
        "tertahan",
        "dikembalikan",
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(OUTCOMES)))
def test_in_whatever_order_outcomes_come_the_final_one_stands(
    order: tuple[Any, ...], delivery: Delivery, noon: datetime
) -> None:
    submission = Submission("K1", delivery, 7, noon)
    submission.release(0, noon)
    for state in (*order, *order):
        submission.settle(state, noon)
    assert submission.outcome and submission.outcome["state"] == "diterbitkan"
    steps = [step["state"] for step in submission.timeline()]
    assert steps == ["diterima", "diperiksa", "menunggu_pemeriksaan", "diterbitkan"]


def test_the_number_on_the_receipt_names_dataset_and_sequence(delivery: Delivery, noon: datetime) -> None:
    assert Submission("K1", delivery, 7, noon).number == "35.08-rumah-sakit-000007"


# --- what is seen without opening the table --------------------------------------------------


@pytest.mark.parametrize(
    ("filename", "declared", "taken_for"),
    [
        ("data.csv", "text/csv", admission.CSV),
        ("data.CSV", "application/octet-stream", admission.CSV),
        ("data.csv", "text/csv; charset=utf-8", admission.CSV),
        ("data.csv", "application/vnd.ms-excel", admission.CSV),
        ("data.xlsx", "", admission.XLSX),
        ("tanpa-akhiran", "application/json", admission.JSON),
        ("data.pdf", "application/pdf", None),
        ("data.xls", "application/vnd.ms-excel", admission.XLS),
        ("data.ods", "", admission.ODS),
        ("data.xlsb", "application/octet-stream", admission.XLSB),
        ("data.XLSB", "application/vnd.ms-excel.sheet.binary.macroEnabled.12", admission.XLSB),
        ("baris.ndjson", "text/plain", admission.NDJSON),
        ("batas.geojson", "application/geo+json", admission.GEOJSON),
        ("data.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12", None),
        ("data", "application/vnd.ms-excel", None),
        ("data", "", None),
    ],
)
def test_a_file_is_known_by_its_type_or_else_by_its_name(
    filename: str, declared: str, taken_for: str | None
) -> None:
    assert admission.media_type(filename, declared) == taken_for


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Data\\Dinas\\RS 2024.csv", "RS 2024.csv"),
        ("..", "tanpa-nama"),
        ("", "tanpa-nama"),
        ("\x00\r\n\t", "tanpa-nama"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("x\u202evsc.exe", "xvsc.exe"),
        ("x" * 300 + ".csv", "x" * 146 + ".csv"),
    ],
)
def test_of_a_filename_only_a_plain_last_part_is_kept(given: str, kept: str) -> None:
    assert admission.plain_name(given) == kept


def zipped(members: dict[str, bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made


def test_an_honest_workbook_passes() -> None:
    admission.look_into_zip(zipped({"xl/workbook.xml": b"<x/>", "xl/sheet1.xml": b"<row/>" * 10_000}))


def test_a_member_that_inflates_too_far_is_a_bomb() -> None:
    with pytest.raises(admission.ZipBomb, match="sheet1"):
        admission.look_into_zip(zipped({"xl/sheet1.xml": b"0" * 3_000_000}))


def test_too_many_members_are_a_bomb() -> None:
    with pytest.raises(admission.ZipBomb, match="1001"):
        admission.look_into_zip(zipped({str(number): b"" for number in range(1001)}))


def test_a_directory_too_large_to_be_read_is_a_bomb_before_it_is_read() -> None:
    entry = zipped({"a": b""}).getvalue()
    start = entry.index(b"PK\x01\x02")
    one = entry[start : entry.index(b"PK\x05\x06")]
    directory = one * (admission.MOST_DIRECTORY // len(one) + 2)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 7, 7, len(directory), start, 0)
    with pytest.raises(admission.ZipBomb, match=r"direktori"):
        admission.look_into_zip(io.BytesIO(entry[:start] + directory + end))


@UNHURRIED
@given(st.data())
def test_a_damaged_zip_is_either_a_bomb_or_left_to_the_checks(data: st.DataObject) -> None:
    whole = bytearray(zipped({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<t/>"}).getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        admission.look_into_zip(io.BytesIO(bytes(whole[: data.draw(st.integers(0, len(whole)))])))
    except admission.ZipBomb:
        pass


# --- keys ------------------------------------------------------------------------------------


def test_a_key_opens_what_it_was_made_for_and_its_secret_is_not_kept(noon: datetime) -> None:
    integration, key = new_key("dinkes", label="SIMRS", now=noon)
    parts = parse_key(key)
    assert parts is not None
    assert parts[0] == integration.id
    assert integration.opened_by(parts[1])
    assert not integration.opened_by(parts[1][:-1] + "~")
    assert parts[1] not in repr(integration)


@pytest.mark.parametrize("text", ["", "muara_", "muara_abc_def", "Muara_0123456789ab_" + "x" * 43])
def test_what_is_no_key_is_told_apart(text: str) -> None:
    assert parse_key(text) is None
