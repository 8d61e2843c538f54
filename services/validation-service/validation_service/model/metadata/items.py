"""What an item of statistical metadata is, and those of MS-Ind and MS-Var (Peraturan BPS 5/2020).

The names and their labels are those that regional portals use. Which items may stay empty is not printed in a
source that could be read; an item is ``required`` here where a document without it could not be understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Document = Literal["msInd", "msVar", "msKeg"]
Kind = Literal["text", "yes_no", "list", "year"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """``when`` is (item, value): only then it is asked for.

    ``verified``: that the form asks for it is known, so that its absence is a galat, not a peringatan.
    """

    name: str
    label: str
    block: str = ""
    required: bool = True
    kind: Kind = "text"
    when: tuple[str, str] | None = None
    verified: bool = True


TITLES: dict[Document, str] = {
    "msInd": "Metadata Indikator (MS-Ind)",
    "msVar": "Metadata Variabel (MS-Var)",
    "msKeg": "Metadata Kegiatan (MS-Keg)",
}
COMPOSITE, SIMPLE = ("komposit", "Ya"), ("komposit", "Tidak")

MS_IND = (
    Item(name="nama", label="Nama Indikator"),
    Item(name="konsep", label="Konsep"),
    Item(name="definisi", label="Definisi"),
    Item(name="interpretasi", label="Interpretasi"),
    Item(name="metode", label="Metode/Rumus Penghitungan"),
    Item(name="ukuran", label="Ukuran"),
    Item(name="satuan", label="Satuan"),
    Item(name="klasifikasi_penyajian", label="Klasifikasi Penyajian"),
    Item(name="komposit", label="Apakah Indikator Komposit?", kind="yes_no"),
    Item(
        name="publikasi_indikator_pembangun",
        label="Publikasi Ketersediaan Indikator Pembangun",
        when=COMPOSITE,
        verified=False,
    ),
    Item(
        name="nama_indikator_pembangun",
        label="Nama Indikator Pembangun",
        when=COMPOSITE,
        verified=False,
    ),
    Item(
        name="kegiatan_variabel_pembangun",
        label="Kegiatan Penghasil Variabel Pembangun",
        when=SIMPLE,
        verified=False,
    ),
    Item(
        name="kode_kegiatan_variabel_pembangun",
        label="Kode Kegiatan (diisi petugas)",
        when=SIMPLE,
        required=False,
        verified=False,
    ),
    Item(name="nama_variabel_pembangun", label="Nama Variabel Pembangun", when=SIMPLE, verified=False),
    Item(name="level_estimasi", label="Level Estimasi"),
    Item(name="umum", label="Apakah Dapat Diakses Umum?", kind="yes_no"),
)

MS_VAR = (
    Item(name="nama", label="Nama Variabel"),
    Item(name="alias", label="Alias", required=False),
    Item(name="konsep", label="Konsep"),
    Item(name="definisi", label="Definisi"),
    Item(name="referensi_pemilihan", label="Referensi Pemilihan", verified=False),
    Item(name="referensi_waktu", label="Referensi Waktu", verified=False),
    Item(name="tipe_data", label="Tipe Data"),
    Item(name="klasifikasi_isian", label="Klasifikasi Isian", required=False),
    Item(name="ukuran", label="Ukuran", required=False),
    Item(name="satuan", label="Satuan", required=False),
    Item(name="aturan_validasi", label="Aturan Validasi", kind="list", verified=False),
    Item(name="kalimat_pertanyaan", label="Kalimat Pertanyaan", verified=False),
    Item(name="umum", label="Apakah Dapat Diakses Umum?", kind="yes_no"),
)
