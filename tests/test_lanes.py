"""No OPD stands in another's way: not by sending much, not by sending what kills the checker."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from system import System, table

WIDTH = 32


def test_an_opd_that_pushed_500_delays_another_by_no_more_than_its_lane_is_wide(
    start: Callable[..., System],
) -> None:
    system = start("dinkes", "dinsos")
    system.freeze("validation-worker")  # so that the whole flood is there before the single one comes
    with ThreadPoolExecutor(8) as pool:
        years = [str(1950 + number % 75) for number in range(500)]
        flood = list(pool.map(lambda year: system.push("dinkes", table(year), period=year), years))
    single = system.push("dinsos", table(7))
    assert all(system.status(receipt)["outcome"] is None for receipt in (flood[0], flood[-1]))
    system.thaw("validation-worker")
    (told,) = system.outcomes([single])
    settled = system.outcomes(flood, within=200)
    overtaken = [status for status in settled if status["outcome"]["at"] < told["outcome"]["at"]]
    assert len(overtaken) <= WIDTH


def test_files_that_kill_the_checker_are_answered_and_the_good_one_after_them_is_published(
    start: Callable[..., System], tmp_path: Path
) -> None:
    settings = {
        "MUARA_FAILPOINTS": "checks.child_killed~pembunuh=kill",
        "MUARA_FAILPOINTS_DIR": str(tmp_path),
    }
    system = start("dinkes", settings=settings)
    killers = [
        system.push("dinkes", table(n), period=str(1950 + n), filename=f"pembunuh-{n}.csv")
        for n in range(WIDTH + 1)
    ]
    good = system.push("dinkes", table(1, 2, 3), period="2024")
    for status in system.outcomes(killers, within=200):
        assert status["state"] == "dikembalikan"
        assert [finding["rule"] for finding in status["outcome"]["findings"]] == ["TK-01"]
    assert system.outcomes([good])[0]["state"] == "diterbitkan"
