from __future__ import annotations

import io
import json
import random
import zipfile
from dataclasses import replace

import pytest
from engine import FACTS, checked, desa, wilayah
from test_reading import GOOD, workbook

from validation_service.model.check import check
from validation_service.model.report import unable


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def sheet_with(xml: bytes) -> bytes:
    """A good workbook with another first sheet."""
    with zipfile.ZipFile(
        io.BytesIO(workbook([["kode", "nama", "desa"], ["35.08.01", "Tempursari", 7]]))
    ) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped(members | {"xl/worksheets/sheet1.xml": xml})


def with_member(name: str, data: bytes = b"x") -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook([["kode"], ["35.08.01"]]))) as archive:
        return zipped({each: archive.read(each) for each in archive.namelist()} | {name: data})


def lying_about_its_size() -> bytes:
    data = bytearray(zipped({"xl/workbook.xml": b"0" * 500_000}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature) + place
        data[start : start + 4] = (1_000).to_bytes(4, "little")
    return bytes(data)


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
FAR = SHEET % b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
DTD = b'<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET % b""
FAR_COLUMN = SHEET % b"".join(
    b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1, 2_000)
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "only spaces": b" \r\n\t ",
    "only a BOM": b"\xef\xbb\xbf",
    "NUL bytes": b"kode,nama\0\n1,2\n",
    "PDF": b"%PDF-1.7 ...",
    "PNG": b"\x89PNG\r\n\x1a\n....",
    "HTML called xls": b"<html><table><tr><td>kode</td></tr></table></html>",
    "XML": b'\xef\xbb\xbf<?xml version="1.0"?><a/>',
    "old Excel, damaged": OLE,
    "encrypted Excel": OLE + "EncryptedPackage".encode("utf-16-le"),
    "a zip that is no workbook": zipped({"a.txt": b"a"}),
    "an empty zip": zipped({}),
    "half a workbook": workbook([["kode"], ["1"]])[:2000],
    "a workbook without data": workbook([]),
    "macros": with_member("xl/vbaProject.bin"),
    "links to other workbooks": with_member("xl/externalLinks/externalLink1.xml"),
    "a bomb": with_member("xl/media/a.bin", b"0" * 30_000_000),
    "a thousand and one members": zipped({str(n): b"" for n in range(1_001)}),
    "a zip that lies about a size": lying_about_its_size(),
    "cells in the farthest column": sheet_with(FAR_COLUMN),
    "a sheet with entities": sheet_with(DTD),
    "a sheet that is no XML": sheet_with(b'<worksheet><c t="e"'),
    "deep JSON": b"[" * 100_000,
    "deep JSON, closed": b"[" * 50_000 + b"]" * 50_000,
    "broken JSON": b'[{"kode": "35.08.01"},' + b" " * 100,
    "a number as JSON": b'{"rows": 5}',
    "a list of numbers": b"[1, 2, 3]",
    "too many columns": ",".join(f"k{n}" for n in range(100_000)).encode() + b"\n1,2\n",
    "too many keys": json.dumps([{f"k{n}": 1 for n in range(10_000)}]).encode(),
    "few rows with many keys": json.dumps([{f"k{n % 4_000}": 1} for n in range(10_000)]).encode(),
    "broken UTF-16": b"\xff\xfea",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_table_is_one_finding_in_plain_words(data: bytes) -> None:
    report = checked(data)
    assert report.counts == {"IO-01": 1} and report.verdict == "gagal"
    assert report.findings[0].message.id.endswith(".") and report.findings[0].hint.id.endswith(".")
    assert json.loads(report.to_json())


STRANGE: dict[str, bytes] = {
    "a cell in the farthest corner": sheet_with(FAR),
    "columns without names": b",,\n35.08.01,Tempursari,7\n",
    "an object without a key": b"[{}]",
    "one column": b"kode\n35.08.01\n\n35.08.02\n",
    "one word": b"halo",
    "only delimiters": b",,,\n,,,\n",
    "an open quote at once": b'"kode,nama',
    "lone surrogates": b'[{"kode":"\\ud800","\\udfff":1}]',
    "an empty list": b"[]",
    "objects and others": b'[{"kode":"35.08.01"}, 1, null, "x", []]',
    "a huge cell": b"kode,nama,desa\n35.08.01," + b"x" * 300_000 + b",1\n",
    "broken bytes": bytes(range(1, 256)),
    "a line of quotes": b'kode,nama,desa\n"""",""","\n',
    "a value as a long number": b"kode,nama,desa\n35.08.01,Tempursari," + b"9" * 100_000,
    "many repeated keys": ('[{"kode":1' + ',"kode":1' * 100_000 + "}]").encode(),
    "an endless column of objects": json.dumps([{"kode": {}}] * 3_000).encode(),
    "JSON with broken bytes": b'[{"kode":"\xff\xfe"}]',
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_table_is_judged_like_any_other(data: bytes) -> None:
    report = checked(data)
    assert report.verdict == "gagal" and json.loads(report.to_json())


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_never_raises(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(
        chance.choice([GOOD.encode() * 3, workbook([["kode", "nama"], ["35.08.01", 1]]), b'[{"kode":"a"}]'])
    )
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    report = check(bytes(data), facts=FACTS, standard=desa(), codelists={"wilayah-kemendagri": wilayah()})
    assert json.loads(report.to_json()) and "TK-01" not in report.counts


def test_a_check_without_its_code_list_says_so() -> None:
    report = check(GOOD.encode(), facts=replace(FACTS), standard=desa(), codelists={})
    assert report.verdict == "tidak_dapat_diperiksa" and "wilayah-kemendagri" in report.findings[0].message.id


def test_a_report_of_what_could_not_be_checked_gives_the_reason() -> None:
    from muara_kernel.events.finding import Text

    report = unable(Text("Pemeriksa berhenti.", "The checker stopped."))
    assert (report.verdict, report.errors) == ("tidak_dapat_diperiksa", 1)
    assert report.findings[0].message.en == "The checker stopped."
