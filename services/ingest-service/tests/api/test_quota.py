from __future__ import annotations

from ingest_service.api.quota import Quota


def test_it_counts_once_a_second_and_adds_what_came_meanwhile() -> None:
    lane, clock, counted = [7], [100.0], []

    def count(opd: str) -> int:
        counted.append(opd)
        return lane[0]

    quota = Quota(9, count=count, clock=lambda: clock[0])
    assert [quota.over("dinkes") for _ in range(3)] == [None, None, 9]
    assert counted == ["dinkes"]
    lane[0], clock[0] = 2, 101.5
    assert quota.over("dinkes") is None
    assert counted == ["dinkes", "dinkes"]


def test_each_opd_has_its_own() -> None:
    quota = Quota(1, count=lambda opd: 1 if opd == "dinkes" else 0)
    assert (quota.over("dinkes"), quota.over("dispendukcapil")) == (1, None)
