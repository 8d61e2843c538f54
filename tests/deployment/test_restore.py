"""What the guide for ops promises of a backup: documents and payloads are enough, the bus may begin empty."""

from __future__ import annotations

import shutil
from pathlib import Path

from history import _versions_have_no_gap
from system import System, small_region, table, until

QUICK = {"MUARA_INGEST_FIRST_ASK_SECONDS": "1"}


def test_what_was_on_its_way_arrives_although_the_bus_was_lost(tmp_path: Path) -> None:
    region = small_region(tmp_path / "region", ["dinkes", "dinsos"])
    with System.started(tmp_path / "data", region, QUICK) as before:
        published = before.push("dinkes", table(1), period="2020")
        before.outcomes([published])
        for number in range(8):
            before.push(("dinkes", "dinsos")[number % 2], table(number), period=str(2021 + number))
        receipts = list(before.receipts)

    shutil.rmtree(tmp_path / "data" / "bus")
    with System.started(tmp_path / "data", region, QUICK) as after:
        after.receipts.extend(receipts)
        # An alert that was on its way with the bus may be missing; an outcome may not.
        _versions_have_no_gap(after, after.outcomes(receipts, within=90))
        more = after.push("dinsos", table("buruk"), period="2030")
        assert after.outcomes([more])[0]["state"] == "dikembalikan"
        until(lambda: any(alert["submission"] == more["submission"] for alert in after.inbox()), 30)
