"""What the region lists: its OPD with their bidang urusan, and the datasets these produce."""

from __future__ import annotations

import re
from dataclasses import replace

from catalog_service.model.errors import UnfitEntry
from muara_kernel.events import DatasetRegistered, OpdRegistered, Text

KODE_SKPD = re.compile(r"\d\.\d{2}\.\d\.\d{2}\.\d\.\d{2}\.\d{2}\.\d{4}", re.ASCII)
NONE = "0.00"


def bidang_urusan_of(kode_skpd: str) -> tuple[str, ...]:
    """The up to three bidang urusan that an SKPD code names; raises UnfitEntry for what is no such code."""
    if not KODE_SKPD.fullmatch(kode_skpd):
        raise UnfitEntry(
            "kode-skpd",
            "kode_skpd",
            Text(
                "Kode SKPD berbentuk X.XX.X.XX.X.XX.XX.XXXX, misalnya 1.02.2.14.0.00.05.0000.",
                "A kode SKPD reads X.XX.X.XX.X.XX.XX.XXXX, such as 1.02.2.14.0.00.05.0000.",
            ),
        )
    parts = kode_skpd.split(".")
    named = [f"{parts[at]}.{parts[at + 1]}" for at in (0, 2, 4)]
    return tuple(dict.fromkeys(each for each in named if each != NONE))


def revised_opd(held: OpdRegistered | None, wanted: OpdRegistered) -> OpdRegistered:
    """``wanted`` as the next revision, or ``held`` itself where nothing differs."""
    if held is None:
        return replace(wanted, revision=1)
    return (
        held
        if replace(wanted, revision=held.revision) == held
        else replace(wanted, revision=held.revision + 1)
    )


def revised_dataset(held: DatasetRegistered | None, wanted: DatasetRegistered) -> DatasetRegistered:
    """``wanted`` as the next revision, or ``held`` itself where nothing differs."""
    if held is None:
        return replace(wanted, revision=1)
    return (
        held
        if replace(wanted, revision=held.revision) == held
        else replace(wanted, revision=held.revision + 1)
    )


def demand_fitting_dataset(dataset: DatasetRegistered, opd: OpdRegistered | None, region: str) -> None:
    """Raise UnfitEntry unless the dataset is of this region and within the tupoksi of a registered OPD."""
    pemda = dataset.dataset.partition("/")[0]
    if pemda != region:
        raise UnfitEntry("wilayah-lain", "dataset", _elsewhere(pemda, region))
    if opd is None:
        raise UnfitEntry("opd-tidak-dikenal", "opd", _unknown(dataset.opd))
    if dataset.bidang_urusan not in opd.bidang_urusan:
        raise UnfitEntry("di-luar-tupoksi", "bidang_urusan", _outside(dataset.bidang_urusan, opd))


def _elsewhere(pemda: str, region: str) -> Text:
    return Text(
        f"Instalasi ini melayani kode pemda {region}, bukan {pemda}.",
        f"This installation serves kode pemda {region}, not {pemda}.",
    )


def _unknown(opd: str) -> Text:
    return Text(
        f"OPD {opd} belum terdaftar; daftarkan lebih dahulu.", f"OPD {opd} is not registered; do that first."
    )


def _outside(bidang_urusan: str, opd: OpdRegistered) -> Text:
    own = ", ".join(opd.bidang_urusan) or NONE
    return Text(
        f"Bidang urusan {bidang_urusan} di luar tupoksi {opd.short_name}; kode SKPD-nya memuat {own}.",
        f"Bidang urusan {bidang_urusan} is outside the tupoksi (duties by law) of {opd.short_name}; "
        f"its kode SKPD holds {own}.",
    )
