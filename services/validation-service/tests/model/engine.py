"""What the tests of the engine share: a small standard, Lumajang's kecamatan, an outspoken check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from validation_service.model.check import check
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.facts import Facts, Previous
from validation_service.model.metadata.items import MS_IND, MS_VAR, SIMPLE, Item
from validation_service.model.metadata.kegiatan import MS_KEG
from validation_service.model.report import Report
from validation_service.model.standard import Standard

FACTS = Facts(
    dataset="35.08/jumlah-desa",
    region="35.08",
    opd="dpmd",
    opd_bidang_urusan=("2.13",),
    dataset_bidang_urusan="2.13",
    frequency="tahunan",
    period="2025",
    received_on=date(2026, 1, 5),
    level="kecamatan",
    period_told=False,
)

KECAMATAN = """\
35.08.01 3508010 Tempursari
35.08.02 3508020 Pronojiwo
35.08.03 3508030 Candipuro
35.08.04 3508040 Pasirian
35.08.05 3508050 Tempeh
35.08.06 3508080 Kunir
35.08.07 3508090 Yosowilangun
35.08.08 3508100 Rowokangkung
35.08.09 3508070 Tekung
35.08.10 3508060 Lumajang
35.08.11 3508150 Pasrujambe
35.08.12 3508160 Senduro
35.08.13 3508170 Gucialit
35.08.14 3508140 Padang
35.08.15 3508130 Sukodono
35.08.16 3508180 Kedungjajang
35.08.17 3508110 Jatiroto
35.08.18 3508120 Randuagung
35.08.19 3508190 Klakah
35.08.20 3508200 Ranuyoso
35.08.21 3508061 Sumbersuko
"""
LUMAJANG = [tuple(line.split()) for line in KECAMATAN.splitlines()]
"""(Kemendagri, BPS, name)"""


def wilayah() -> Codelist:
    rows = ["kode,nama,induk,kode_bps", "35.08,Kabupaten Lumajang,,3508"]
    rows += [f"{kode},{nama},35.08,{bps}" for kode, bps, nama in LUMAJANG]
    return Codelist.from_csv("wilayah-kemendagri", "2025", "\n".join(rows).encode())


def document(*fields: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "satudata:konsep": "Desa",
        "satudata:definisi": "Kesatuan masyarakat hukum.",
        "satudata:klasifikasi": "1. Wilayah",
        "satudata:ukuran": "Jumlah",
        "satudata:satuan": "Desa",
        "fields": list(fields),
        **more,
    }


def field(name: str, type_: str = "string", **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "constraints": constraints}


def kode_kecamatan() -> dict[str, Any]:
    reference = {"daftar": "wilayah-kemendagri", "tingkat": "kecamatan", "kolomNama": "nama"}
    return field("kode", required=True) | {"satudata:kodeReferensi": reference}


def desa() -> Standard:
    """kode, nama and the number of desa of each kecamatan."""
    return Standard.parse(
        document(
            kode_kecamatan(),
            field("nama", required=True),
            field("desa", "integer", required=True, minimum=0, maximum=100),
            primaryKey=["kode"],
        )
    )


def with_metadata(standard: Standard) -> Standard:
    """The standard with metadata that is complete, unless it has some of its own."""
    own = standard.ms_ind or standard.ms_keg or any(field.ms_var for field in standard.fields)
    if own or not standard.fields:
        return standard
    first, *others = standard.fields
    shared = {"konsep": standard.konsep, "ukuran": standard.ukuran, "satuan": standard.satuan}
    return replace(
        standard,
        ms_ind=filled_in(MS_IND) | shared,
        ms_keg=filled_in(MS_KEG),
        fields=(replace(first, ms_var=filled_in(MS_VAR)), *others),
    )


def filled_in(items: Iterable[Item]) -> dict[str, Any]:
    """The only list that is looked into is that of aturan validasi; "benar" is one that always holds."""
    answers = {"yes_no": "Tidak", "year": "2025", "list": ["benar"], "text": "isi"}
    asked = (item for item in items if item.required and item.when in (None, SIMPLE))
    return {item.name: answers[item.kind] for item in asked}


def checked(
    data: bytes | str, standard: Standard | None = None, previous: Previous | None = None, **facts: Any
) -> Report:
    body = data.encode() if isinstance(data, str) else data
    report = check(
        body,
        facts=replace(FACTS, **facts),
        standard=with_metadata(standard or desa()),
        codelists={"wilayah-kemendagri": wilayah()},
        previous=previous,
    )
    assert "TK-01" not in report.counts, report.findings[0].message.en
    return report


def places(report: Report) -> list[tuple[str, int | None, str | None]]:
    return [(finding.rule, finding.row, finding.column) for finding in report.findings]
