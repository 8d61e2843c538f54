"""The door as it is served: real processes, a real network, and kills at the worst moments."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest


@pytest.mark.parametrize(
    "failpoint", ["ingest.after_payload_before_document", "ingest.after_document_before_answer"]
)
def test_a_push_cut_off_by_a_kill_is_one_submission_when_it_is_sent_again(failpoint: str, house: Any) -> None:
    with house.web(MUARA_FAILPOINTS=f"{failpoint}=kill*1") as port:
        status, body = house.push_to(port, "kiriman-1")
        assert status == 202
        assert (house.where / f"{failpoint.replace('.', '-').replace('_', '-')}-kill-1.0").exists()
        assert house.push_to(port, "kiriman-1") == (202, body)
    (stored,) = house.stored()
    assert stored.id == json.loads(body)["submission"]
    assert stored.body["sequence"] == 1


def test_two_web_processes_that_race_make_one_submission_a_key_and_no_gap_in_a_dataset(house: Any) -> None:
    answers: list[tuple[str, bytes]] = []
    with ExitStack() as stack:
        ports = [stack.enter_context(house.web()) for _ in range(2)]
        together = threading.Barrier(6)

        def push(port: int) -> None:
            together.wait()
            for number in range(8):
                status, body = house.push_to(port, f"kiriman-{number}")
                assert status == 202
                answers.append((f"kiriman-{number}", body))

        threads = [threading.Thread(target=push, args=(ports[n % 2],)) for n in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert len(answers) == 48
    assert len({key for key, _ in answers}) == len(set(answers)) == len(house.stored()) == 8
    assert sorted(each.body["sequence"] for each in house.stored()) == list(range(1, 9))


def test_too_much_is_refused_before_it_is_sent_and_without_end_before_it_ends(
    house: Any, client: Callable[[int], Any]
) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    with house.web() as port:
        admits_it = client(port)
        admits_it.head(house.headers() | form | {"Content-Length": "500000000"})
        assert admits_it.status() == 413
        assert admits_it.sent == 0
        hides_it = client(port)
        hides_it.head(house.headers() | form | {"Transfer-Encoding": "chunked"})
        hides_it.send_until_answered(b"10000\r\n" + b"x" * 0x10000 + b"\r\n", most=100_000_000)
        assert hides_it.status() == 413
        assert hides_it.sent < 20_000_000
        status, _ = house.push_to(port, "sesudahnya")
        assert status == 202
    assert len(house.stored()) == 1


def test_a_body_that_breaks_off_is_not_taken_for_whole(house: Any, client: Callable[[int], Any]) -> None:
    with house.web() as port:
        broken = client(port)
        broken.head(house.headers() | {"Content-Type": "application/json", "Content-Length": "500"})
        broken.send_until_answered(
            b'{"dataset":"35.08/rumah-sakit","period":"2024","rows":[{"a":1}]}', most=1
        )
        broken.hang_up()
        assert broken.status() == 400
    assert house.stored() == []
