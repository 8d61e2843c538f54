"""Reports with all that goes with them, kept in memory."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from dataclasses import replace

import openpyxl
from engine import FACTS, desa, wilayah

from validation_service.model.check import check
from validation_service.model.enclosures.enclosed import enclosed


class Drawer:
    """Keeps what was written by the hash of its bytes."""

    def __init__(self):
        self.files = {}

    def write(self, fill):
        stream = io.BytesIO()
        told = fill(stream)
        sha256 = hashlib.sha256(stream.getvalue()).hexdigest()
        self.files[sha256] = stream.getvalue()
        return sha256, told


def enclose(data, standard=None, **facts):
    """The report on ``data`` with its files, and the bytes of each file by its name."""
    data = data.encode() if isinstance(data, str) else data
    standard, facts = standard or desa(), replace(FACTS, **facts)
    drawer = Drawer()
    report = check(data, facts=facts, standard=standard, codelists={"wilayah-kemendagri": wilayah()})
    report = enclosed(report, data, standard, facts, drawer)
    return report, {name: drawer.files[about["sha256"]] for name, about in report.files.items()}


def listing_of(files):
    """Without what is said of every standard of these tests: that it has no metadata."""
    text = gzip.decompress(files["findings"]).decode("utf-8-sig")
    return [line for line in csv.reader(io.StringIO(text, newline="")) if line[2] != "MD-01"]


def lines_of(files, delimiter=","):
    return list(
        csv.reader(io.StringIO(files["annotated"].decode("utf-8-sig"), newline=""), delimiter=delimiter)
    )


def sheet_of(files):
    return openpyxl.load_workbook(io.BytesIO(files["annotated"])).active
