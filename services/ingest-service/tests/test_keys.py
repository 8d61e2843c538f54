"""``python -m ingest_service keys``, as ops type it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest_service.app import run_keys


def test_a_key_is_shown_once_and_opens_the_door(house: Any, capsys: pytest.CaptureFixture[str]) -> None:
    house.register_opd("dinkes")
    assert run_keys(house.ground.documents, ["create", "--opd", "dinkes", "--label", "SIMRS"]) == 0
    made = json.loads(capsys.readouterr().out)
    headers = {"Authorization": f"Bearer {made['key']}", "Idempotency-Key": "pertama"}
    assert house.push(headers=headers).status_code == 202
    run_keys(house.ground.documents, ["list"])
    listed = capsys.readouterr().out
    assert made["id"] in listed and "SIMRS" in listed and "aktif" in listed
    assert made["key"].split("_", 2)[2] not in listed


def test_several_keys_are_made_at_once_one_for_each_opd(
    house: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    house.register_opd("dinkes", "dispendukcapil")
    run_keys(house.ground.documents, ["create", "--opd", "dinkes", "--opd", "dispendukcapil"])
    made = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["opd"] for each in made] == ["dinkes", "dispendukcapil"]


def test_a_revoked_key_stops_at_once(house: Any, capsys: pytest.CaptureFixture[str]) -> None:
    house.register_opd("dinkes")
    run_keys(house.ground.documents, ["create", "--opd", "dinkes"])
    made = json.loads(capsys.readouterr().out)
    headers = {"Authorization": f"Bearer {made['key']}", "Idempotency-Key": "pertama"}
    assert house.push(headers=headers).status_code == 202
    assert run_keys(house.ground.documents, ["revoke", made["id"]]) == 0
    assert house.push(headers=headers).status_code == 401
    assert run_keys(house.ground.documents, ["revoke", made["id"]]) == 1
    assert "no key in force" in capsys.readouterr().err


def test_an_opd_that_the_region_does_not_have_gets_no_key(
    house: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    house.register_opd("dinkes")
    assert run_keys(house.ground.documents, ["create", "--opd", "dinkes", "--opd", "dinkse"]) == 1
    told = capsys.readouterr()
    assert "dinkse: OPD tidak terdaftar" in told.err
    assert told.out == ""


def test_all_keys_of_one_label_are_revoked_at_once(house: Any, capsys: pytest.CaptureFixture[str]) -> None:
    house.register_opd("dinkes", "bpbd")
    run_keys(house.ground.documents, ["create", "--opd", "dinkes", "--opd", "bpbd", "--label", "demo"])
    run_keys(house.ground.documents, ["create", "--opd", "dinkes", "--label", "SIMRS"])
    capsys.readouterr()
    assert run_keys(house.ground.documents, ["revoke", "--label", "demo"]) == 0
    run_keys(house.ground.documents, ["list"])
    active = [line for line in capsys.readouterr().out.splitlines() if line.endswith("aktif")]
    assert not any("\tdemo\t" in line for line in active)
    assert any("\tSIMRS\t" in line for line in active)
