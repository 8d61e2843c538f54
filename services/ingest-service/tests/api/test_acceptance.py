from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest


def test_a_push_is_answered_with_a_receipt(house: Any) -> None:
    answer = house.push(file=b"a,b\n1,2\n")
    assert answer.status_code == 202
    receipt = answer.json
    assert receipt["number"] == "35.08-rumah-sakit-000001"
    assert receipt["sha256"] == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert receipt["received_at"].endswith("+00:00")
    assert answer.headers["Location"] == receipt["status"]
    assert house.status(receipt)["timeline"] == [{"state": "diterima", "at": receipt["received_at"]}]
    with house.ground.payloads.open(receipt["sha256"]) as payload:
        assert payload.read() == b"a,b\n1,2\n"


def test_the_same_key_and_body_get_the_same_receipt_byte_for_byte(house: Any) -> None:
    first = house.push()
    house.relay().turn()
    assert house.push().data == first.data
    assert len(house.stored()) == 1


def test_a_receipt_is_given_again_also_when_the_dataset_went_to_another_opd(house: Any) -> None:
    first = house.push()
    house.register("35.08/rumah-sakit", "dispendukcapil", revision=2)
    again = house.push()
    assert (again.status_code, again.data) == (202, first.data)


@pytest.mark.parametrize("other", [{"file": b"lain\n"}, {"period": "2023"}, {"dataset": "35.08/puskesmas"}])
def test_the_same_key_for_something_else_is_refused(other: dict[str, Any], house: Any) -> None:
    house.push()
    answer = house.push(**other)
    assert (answer.status_code, answer.json["code"]) == (422, "kunci-idempotensi-terpakai")
    assert len(house.stored()) == 1
    assert not house.ground.payloads.holds(hashlib.sha256(b"lain\n").hexdigest())


def test_the_same_words_as_key_of_two_opd_are_two_submissions(house: Any) -> None:
    ours = house.push("2024-01").json
    theirs = house.push("2024-01", opd="dispendukcapil", dataset="35.08/jumlah-penduduk").json
    assert ours["submission"] != theirs["submission"]
    assert len(house.stored()) == 2


def test_rows_are_taken_as_json_too(house: Any) -> None:
    rows = [{"kode_kecamatan": "35.08.01", "jumlah": 12}]
    answer = house.push_rows({"dataset": "35.08/rumah-sakit", "period": "2024", "rows": rows})
    assert answer.status_code == 202
    assert house.stored()[0].body["media_type"] == "application/json"


@pytest.mark.parametrize(
    "bad",
    [
        {"file": b"\x00\x01\x02"},
        {"file": b"Jumlah Penduduk\n\n"},
        {"file": b"caf\xe9;1\n"},
        {"file": b"PK bukan zip", "name": "x.xlsx", "type": ""},
        {"file": b"{rusak", "name": "x.json", "type": "application/json"},
        {"file": b"bukan XLS", "name": "x.xls", "type": "application/vnd.ms-excel"},
        {"period": "2024-T9"},
        {"bidang_urusan": "9.99"},
    ],
)
def test_what_is_bad_inside_is_accepted_and_left_to_the_checks(bad: dict[str, Any], house: Any) -> None:
    assert house.push(**bad).status_code == 202


def test_zero_rows_are_accepted_and_left_to_the_checks(house: Any) -> None:
    assert house.push_rows({"dataset": "35.08/rumah-sakit", "period": "2024", "rows": []}).status_code == 202


def test_a_repair_names_what_it_repairs_and_its_period(house: Any) -> None:
    first = house.push("asal", period="2023").json
    house.push("perbaikan", repairs=first["submission"])
    repair = next(each.body for each in house.stored() if each.id != first["submission"])
    assert (repair["repairs"], repair["repairs_period"]) == (first["submission"], "2023")


def test_a_lost_answer_of_the_store_is_503_and_the_repeat_gets_the_receipt(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.write_unknown~submissions=lose")
    answer = house.push()
    assert (answer.status_code, answer.json["code"]) == (503, "tidak-tersedia")
    assert "Tidak ada tanda terima" in answer.json["detail"]  # it may have been accepted all the same
    assert "Idempotency-Key yang sama" in answer.json["detail"]
    assert answer.headers["Retry-After"]
    monkeypatch.delenv("MUARA_FAILPOINTS")
    assert house.push().status_code == 202
    assert len(house.stored()) == 1


def test_a_store_of_payloads_that_is_away_is_503(house: Any) -> None:
    small = house.where / "payloads" / "small.db"
    house.ground.payloads.close()
    small.rename(small.with_suffix(".away"))
    small.mkdir()
    house.where.joinpath("payloads", "incoming").rename(house.where / "away")
    assert house.push(file=b"x" * 100_000).status_code == 503
    assert house.stored() == []


def test_threads_that_race_with_one_key_make_one_submission(house: Any) -> None:
    answers: list[bytes] = []
    together = threading.Barrier(8)

    def race() -> None:
        together.wait()
        answers.append(house.push().data)

    run_together(race, 8)
    assert len(set(answers)) == 1
    assert len(house.stored()) == 1


def test_threads_that_race_on_one_dataset_get_unique_gapless_sequences(house: Any) -> None:
    sequences: list[int] = []
    numbers = iter(range(24))

    def push() -> None:
        for _ in range(3):
            sequences.append(house.push(f"kiriman-{next(numbers)}").json["sequence"])

    run_together(push, 8)
    assert sorted(sequences) == list(range(1, 25))


def test_beyond_the_quota_it_says_when_to_come_back(make_house: Callable[..., Any]) -> None:
    house = make_house(quota=2)
    assert [house.push(f"k{n}", file=b"isi %d" % n).status_code for n in range(3)] == [202, 202, 429]
    refused = house.push("k2", file=b"isi 2")
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json["code"] == "antrean-penuh"
    assert not house.ground.payloads.holds(hashlib.sha256(b"isi 2").hexdigest())
    theirs = house.push("k9", opd="dispendukcapil", dataset="35.08/jumlah-penduduk")
    assert theirs.status_code == 202
    assert house.push("k0", file=b"isi 0").status_code == 202


def run_together(target: Callable[[], None], number: int) -> None:
    threads = [threading.Thread(target=target) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
