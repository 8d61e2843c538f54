"""The main job on real input: push, wait, decide, compare with what was expected."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muara.http import Door
from muara.loading import Doors
from muara.region import Example, Expected, Region

PATIENCE = 120.0
FINAL = {"diterbitkan", "dikembalikan"}
ACTED_ON = {"setuju": "diterbitkan", "kembalikan": "dikembalikan"}

Step = Callable[[str], None]


@dataclass
class Row:
    """One submission in the table. Times in milliseconds from acceptance."""

    example: Example
    receipt: Mapping[str, Any]
    status: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    to_outcome: float | None = None
    to_alert: float | None = None
    decided: bool = False

    @property
    def done(self) -> bool:
        return self.status.get("state") in FINAL

    @property
    def outcome(self) -> Mapping[str, Any]:
        return self.status.get("outcome") or {}

    @property
    def reasons(self) -> str:
        """Why it went back, in Bahasa Indonesia: the first error of each rule, or the decision."""
        if self.status.get("state") != "dikembalikan":
            return ""
        first: dict[str, str] = {}
        for finding in self.outcome.get("findings") or []:
            if finding["severity"] == "galat":  # nothing goes back for less
                first.setdefault(finding["rule"], finding["message"]["id"])
        told = [f"{rule} ({self.counts.get(rule, 1)}×) {message}" for rule, message in first.items()]
        return " ".join(told) or str(self.outcome.get("reason") or "")

    def found(self) -> Expected:
        version = str(self.outcome.get("version") or "")
        return Expected(
            str(self.status.get("state")),
            version,
            str(self.outcome.get("rows", "")),
            ";".join(sorted(self.counts)),
        )


class Demo:
    """One run over a region's examples."""

    def __init__(self, region: Region, doors: Doors, keys: Mapping[str, str], step: Step) -> None:
        self._region = region
        self._doors = doors
        self._keys = keys
        self._step = step
        self._rows: dict[str, Row] = {}

    def run(self) -> list[Row]:
        """Every example pushed and brought to its outcome; the rows in the order of their numbers."""
        for example in self._region.examples():
            self._rows[example.number] = Row(example, self._push(example))
            self._step(f"kirim {example.number} {example.dataset} {example.period}")
        self._wait_for_outcomes()
        self._wait_for_alerts()
        return list(self._rows.values())

    def _push(self, example: Example) -> Mapping[str, Any]:
        metadata = {"dataset": example.dataset, "period": example.period}
        if example.repairs:
            metadata["repairs"] = self._rows[example.repairs].receipt["submission"]
        if example.bidang_urusan:
            metadata["bidang_urusan"] = example.bidang_urusan
        door = Door(self._doors.ingest.address, self._keys[example.opd])
        data = example.file.read_bytes()
        key = f"contoh-{example.number}"
        return door.submit(metadata, example.file.name, data, example.media_type, key=key)

    def _wait_for_outcomes(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while open_rows := [row for row in self._rows.values() if not row.done]:
            for row in open_rows:
                self._look_at(row)
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)

    def _look_at(self, row: Row) -> None:
        row.status = self._doors.ingest.get(row.receipt["status"])
        if row.status["state"] == "menunggu_pemeriksaan" and row.example.decision and not row.decided:
            decision = {"decision": row.example.decision}
            if row.example.reason:
                decision["reason"] = row.example.reason
            self._doors.catalog.post(f"/v1/reviews/{row.receipt['submission']}", decision)
            row.decided = True
            self._step(f"periksa {row.example.number}: {row.example.decision}")
        if row.done:
            row.to_outcome = _milliseconds(row.receipt["received_at"], row.outcome["at"])
            row.counts = self._counts_of(row.outcome.get("report"))
            self._step(f"{row.status['state']} {row.example.number} {row.example.dataset}")

    def _counts_of(self, report: str | None) -> Mapping[str, int]:
        """How often each rule was broken, as the whole report counts it."""
        if not report:
            return {}
        counts: Mapping[str, int] = self._doors.validation.get(f"/v1/reports/{report}")["counts"]
        return counts

    def _wait_for_alerts(self) -> None:
        """Each outcome has exactly one alert; two, or none in time, show in the table as none."""
        deadline = time.monotonic() + PATIENCE
        while late := [row for row in self._rows.values() if row.done and row.to_alert is None]:
            alerts = self._alerts()
            for row in late:
                told = [each for each in alerts if _tells(each, row)]
                if len(told) == 1:
                    row.to_alert = _milliseconds(row.receipt["received_at"], told[0]["created_at"])
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)

    def _alerts(self) -> list[Mapping[str, Any]]:
        told = self._doors.notification.get("/v1/inbox?recipient=walidata&limit=1000")
        items: list[Mapping[str, Any]] = told["items"]
        return items


KIND = {"diterbitkan": "dataset.published", "dikembalikan": "submission.returned"}


def _tells(alert: Mapping[str, Any], row: Row) -> bool:
    return bool(
        alert["submission"] == row.receipt["submission"] and alert["kind"] == KIND[row.status["state"]]
    )


def _milliseconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() * 1000


def differences(rows: list[Row], expected: Mapping[str, Expected]) -> list[str]:
    """A sentence for each outcome, or alert, that is not the expected one."""
    told = []
    for row in rows:
        found, wanted = row.found(), expected.get(row.example.number)
        if found != wanted:
            told.append(f"{row.example.number}: {found} ≠ {wanted}")
        elif row.to_alert is None:
            told.append(f"{row.example.number}: tidak tepat satu pemberitahuan / not exactly one alert")
    missing = set(expected) - {row.example.number for row in rows}
    return told + [f"{number}: tidak dikirim / not sent" for number in sorted(missing)]
