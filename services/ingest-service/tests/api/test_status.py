from __future__ import annotations

import itertools
from typing import Any

import pytest


def desk() -> dict[str, str]:
    return {"Authorization": "Bearer meja-walidata-lumajang"}


@pytest.fixture
def receipt(house: Any) -> dict[str, Any]:
    told: dict[str, Any] = house.push().json
    return told


def test_an_opd_sees_its_own_and_the_desk_sees_all(house: Any, receipt: dict[str, Any]) -> None:
    assert house.status(receipt)["state"] == "diterima"
    assert house.client.get(receipt["status"], headers=desk()).json["number"] == receipt["number"]


def test_another_opd_sees_what_somebody_sees_who_asks_for_nothing(
    house: Any, receipt: dict[str, Any]
) -> None:
    theirs = house.client.get(receipt["status"], headers=house.headers("dispendukcapil"))
    nothing = house.client.get("/v1/submissions/tak-ada", headers=house.headers("dispendukcapil"))
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.json["detail"] == nothing.json["detail"]


def test_without_a_key_one_learns_not_even_whether_it_is_there(house: Any, receipt: dict[str, Any]) -> None:
    for path in (receipt["status"], "/v1/submissions/tak-ada"):
        assert house.client.get(path).status_code == 401


def test_the_timeline_tells_the_way_to_publication(house: Any, receipt: dict[str, Any], events: Any) -> None:
    house.relay().turn()
    assert house.status(receipt)["state"] == "diperiksa"
    house.hear(events.review(receipt["submission"]))
    assert house.status(receipt)["state"] == "menunggu_pemeriksaan"
    house.hear(events.published(receipt["submission"], version=3))
    status = house.status(receipt)
    assert status["state"] == "diterbitkan"
    assert status["outcome"]["version"] == 3
    assert [step["state"] for step in status["timeline"]] == [
        "diterima",
        "diperiksa",
        "menunggu_pemeriksaan",
        "diterbitkan",
    ]


def test_a_return_shows_its_reason(house: Any, receipt: dict[str, Any], events: Any) -> None:
    house.relay().turn()
    house.hear(events.returned(receipt["submission"], reason="Jumlahnya tidak cocok."))
    assert house.status(receipt)["outcome"]["reason"] == "Jumlahnya tidak cocok."


def test_an_outcome_names_the_page_of_its_report(house: Any, receipt: dict[str, Any], events: Any) -> None:
    house.relay().turn()
    assert house.status(receipt)["report_page"] is None
    house.hear(events.published(receipt["submission"], version=1))
    status = house.status(receipt)
    assert status["report_page"] == f"/laporan/{status['outcome']['report']}"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_old_review_heard_late_does_not_take_a_publication_back(
    order: tuple[int, ...], house: Any, receipt: dict[str, Any], events: Any
) -> None:
    house.relay().turn()
    id = receipt["submission"]
    story = [events.review(id), events.published(id), events.review(id)]
    for place in order:
        house.hear(story[place])
    status = house.status(receipt)
    assert status["state"] == "diterbitkan"
    assert [step["state"] for step in status["timeline"]][-2:] == ["menunggu_pemeriksaan", "diterbitkan"]


def test_a_held_one_says_so_and_goes_on_when_its_answer_comes_at_last(
    house: Any, receipt: dict[str, Any], events: Any
) -> None:
    house.relay().turn()
    for ask in range(house.settings.asks + 1):
        house.ask(later=10_000 * (ask + 1))
    assert house.status(receipt)["state"] == "tertahan"
    house.hear(events.published(receipt["submission"]))
    assert house.status(receipt)["state"] == "diterbitkan"


# --- the lanes, for the desk -----------------------------------------------------------------


def test_the_desk_sees_what_waits_and_what_is_out(house: Any) -> None:
    house.accept("K1")
    house.relay().turn()
    house.accept("K2")
    house.register_opd("dinkes")
    house.client.put("/v1/lanes/dinkes", headers=desk(), json={"paused": True})
    lanes = house.client.get("/v1/lanes", headers=desk()).json
    assert lanes == {"dinkes": {"waiting": 1, "out": 1, "paused": True}}


def test_an_opd_that_is_not_registered_has_no_lane_to_pause(house: Any) -> None:
    answer = house.client.put("/v1/lanes/dinkse", headers=desk(), json={"paused": True})
    assert (answer.status_code, answer.json["detail"]) == (404, "OPD dinkse tidak terdaftar.")
    assert house.client.get("/v1/lanes", headers=desk()).json == {}


def test_the_switch_of_a_lane_is_the_desks_alone(house: Any) -> None:
    for headers in ({}, house.headers()):
        answer = house.client.put("/v1/lanes/dinkes", headers=headers, json={"paused": True})
        assert answer.status_code == 401
    assert house.client.get("/v1/lanes", headers=house.headers()).status_code == 401


@pytest.mark.parametrize("body", [{}, {"paused": "kadang"}, {"paused": True, "lain": 1}])
def test_a_switch_that_says_something_else_is_refused(body: dict[str, Any], house: Any) -> None:
    assert house.client.put("/v1/lanes/dinkes", headers=desk(), json=body).status_code == 422
