"""The history checker: what was acknowledged, against what became of it.

Nothing lost, nothing doubled, nothing invented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from system import System, until

TELLS = {"dataset.published": "diterbitkan", "submission.returned": "dikembalikan"}


def check(system: System, *, within: float = 90.0) -> list[Mapping[str, Any]]:
    """The final statuses; raises AssertionError with what the history should not hold."""
    statuses = system.outcomes(system.receipts, within)
    _numbers_are_unique(system)
    _versions_have_no_gap(system, statuses)
    _each_outcome_was_told_once(system, statuses)
    return statuses


def _numbers_are_unique(system: System) -> None:
    by_submission = {receipt["submission"]: receipt["number"] for receipt in system.receipts}
    assert len(set(by_submission.values())) == len(by_submission), "two submissions have one number"


def _versions_have_no_gap(system: System, statuses: list[Mapping[str, Any]]) -> None:
    acknowledged: dict[tuple[str, str], set[str]] = {}
    for status in statuses:
        if status["state"] == "diterbitkan":
            acknowledged.setdefault((status["dataset"], status["period"]), set()).add(status["submission"])
    for (dataset, period), submissions in acknowledged.items():
        edition = system.live.doors.catalog.get(f"/v1/datasets/{dataset}/editions/{period}")
        numbers = sorted(version["version"] for version in edition["versions"])
        assert numbers == list(range(1, len(numbers) + 1)), f"{dataset} {period}: versions {numbers}"
        published = Counter(version["submission"] for version in edition["versions"])
        assert set(published) == submissions, (
            f"{dataset} {period}: published what nobody was told of, or the reverse"
        )
        assert max(published.values()) == 1, f"{dataset} {period}: published twice"


def _each_outcome_was_told_once(system: System, statuses: list[Mapping[str, Any]]) -> None:
    def told() -> Counter[tuple[str, str]]:
        return Counter(
            (alert["submission"], TELLS[alert["kind"]]) for alert in system.inbox() if alert["kind"] in TELLS
        )

    wanted = {(status["submission"], status["state"]) for status in statuses}
    until(lambda: set(told()) >= wanted, 30.0, lambda: f"no alert for {wanted - set(told())}")
    assert told() == Counter(wanted), "an alert came twice, or tells of something that was not acknowledged"
