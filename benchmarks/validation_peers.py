"""Those that judge the table, each in a process: ``python -m benchmarks.validation_peers NAME FILE``.

Prints seconds from the start of reading to the set of bad cells, CPU seconds, the peak of memory in MB, and
how many cells were found, missed and blamed wrongly. Imports are not in the time.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Set
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from benchmarks import validation_table as table

if TYPE_CHECKING:
    from validation_service.model.report import Report

Cells = Set[tuple[int, str]]
Peer = Callable[[Path], Cells | None]


def judged() -> Callable[[bytes | BinaryIO], Report]:
    """A check of the table by Muara."""
    from validation_service.model.check import check
    from validation_service.model.facts import Facts
    from validation_service.model.standard import Standard

    standard = Standard.parse(table.DOCUMENT)
    facts = Facts(
        dataset="sekolah",
        region="35.08",
        opd="dindik",
        frequency="tahunan",
        period="2025",
        received_on=date(2026, 1, 5),
    )
    return lambda data: check(data, facts=facts, standard=standard, codelists={})


def muara() -> Peer:
    judge = judged()

    def run(path: Path) -> Cells:
        with path.open("rb") as file:
            report = judge(file)
        return {(f.row, f.column) for f in report.findings if f.row and f.column and f.severity == "galat"}

    return run


def bare_read() -> Peer:
    import polars as pl

    def run(path: Path) -> None:
        pl.read_csv(path, infer_schema=False)

    return run


def dataframely() -> Peer:
    import dataframely as dy
    import polars as pl

    def is_date(text: pl.Expr) -> pl.Expr:
        return text.is_null() | text.str.to_date("%Y-%m-%d", strict=False).is_not_null()

    columns = {
        "row": dy.UInt32(),
        "nomor": dy.Int64(primary_key=True),
        "kode": dy.String(regex=r"^35\.08\.[0-9]{2}\.2[0-9]{3}$"),
        "nama": dy.String(min_length=3, max_length=60),
        "tahun": dy.Int64(nullable=True, min=2015, max=2026),
        "tanggal": dy.String(nullable=True, check=is_date),
        "jenjang": dy.Enum(table.KINDS, nullable=True),
        "murid": dy.Int64(nullable=True, min=0, max=5000),
        "nilai": dy.Float64(nullable=True, min=0, max=100),
        "surel": dy.String(nullable=True, regex=r"^[a-z0-9.]+@[a-z0-9-]+\.example$"),
        "catatan": dy.String(nullable=True, max_length=table.LONGEST_NOTE),
    }
    schema: Any = type("Sekolah", (dy.Schema,), columns)

    def run(path: Path) -> Cells:
        frame = pl.read_csv(path, infer_schema=False).with_row_index("row", offset=2)
        details = schema.filter(frame, cast=True).failure.details()
        found = set()
        for rule in (name for name in details.columns if name == "primary_key" or "|" in name):
            column = "nomor" if rule == "primary_key" else rule.partition("|")[0]
            rows = details.filter(pl.col(rule) == "invalid")["row"]
            found |= {(row, column) for row in rows}
        return found

    return run


def frictionless() -> Peer:
    import frictionless as fl

    schema = fl.Schema.from_descriptor({key: table.DOCUMENT[key] for key in ("fields", "primaryKey")})

    def run(path: Path) -> Cells:
        resource_ = fl.Resource(path=path.name, basepath=str(path.parent), schema=schema)
        report = resource_.validate(limit_errors=100_000)
        errors = (error.to_dict() for task in report.tasks for error in task.errors)
        return {(each["rowNumber"], each.get("fieldName", "nomor")) for each in errors}

    return run


PEERS = {"muara": muara, "read": bare_read, "dataframely": dataframely, "frictionless": frictionless}


def main() -> None:
    name, path = sys.argv[1], Path(sys.argv[2])
    run = PEERS[name]()
    before, began = _cpu(), time.perf_counter()
    found = run(path)
    seconds, cpu = time.perf_counter() - began, _cpu() - before
    told = {"seconds": seconds, "cpu": cpu, "mb": _peak()}
    if found is not None:
        with path.open("rb") as file:
            height = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
        bad = table.truth(height)
        told |= {"found": len(found), "missed": len(bad - found), "extra": len(found - bad)}
    print(json.dumps(told))


def _peak() -> float:
    """Of this process alone: what getrusage tells includes the parent's peak before the start."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
