"""How a konsep is named (BPS, usulan standar data statistik), and that ukuran and satuan are two things."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from muara_kernel.events.finding import Text
from validation_service.model.document.node import Node

KONSEP, UKURAN, SATUAN = "satudata:konsep", "satudata:ukuran", "satudata:satuan"
MEASURES = re.compile(
    r"(jumlah|banyaknya|total|persentase|persen|rata-rata|rerata|indeks|rasio|proporsi|median|modus|laju)\b",
    re.I,
)
"""Words for an ukuran."""
TIMES = re.compile(
    r"\b((?:19|20)\d\d|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
    r"|(?:triwulan|semester|kuartal)\s+(?:[1-4]|i{1,3}|iv))\b",
    re.I,
)
PLACES = re.compile(r"\b(?:Provinsi|Kabupaten|Kota|Kecamatan|Prov|Kab|Kec)\s+(?P<name>[A-Z][\w'-]*)")
NO_PLACES = frozenset(
    {
        *("Administrasi", "Cerdas", "Dalam", "Dan", "Hijau", "Inklusif", "Kecil", "Kreatif", "Layak"),
        *("Mandiri", "Pintar", "Pusaka", "Ramah", "Sehat", "Siaga", "Tangguh", "Tertinggal", "Tujuan"),
        *("Toleran"),
    }
)
"""What stands after kota or kabupaten in a konsep without being the name of one."""
PROVINCES = (
    *("Aceh", "Sumatera", "Riau", "Jambi", "Bengkulu", "Lampung", "Bangka Belitung", "Jakarta", "Jawa Barat"),
    *("Jawa Tengah", "Jawa Timur", "Yogyakarta", "Banten", "Bali", "Nusa Tenggara", "Kalimantan", "Sulawesi"),
    *("Gorontalo", "Maluku", "Papua"),
)
GENERAL = frozenset(
    {
        *("AIDS", "APBD", "APBN", "APK", "APM", "ASI", "ASN", "BBM", "BOS", "BPJS", "BUMD", "BUMDes"),
        *("BUMN", "DPRD", "DPT", "HIV", "IMB", "IMD", "IPAL", "IPM", "JKN", "KB", "KDRT", "KIA", "KK"),
        *("KTP", "KUR", "LPG", "NIB", "NIK", "NISN", "NJOP", "NPWP", "ODF", "PAD", "PAUD", "PBB"),
        *("PDB", "PDRB", "PKH", "PKK", "PLN", "PNS", "PPPK", "PT", "PTSP", "SD", "SDM", "SIM", "SKPD"),
        *("SLB", "SMA", "SMK", "SMP", "STNK", "TK", "TNI", "TPA", "TPS", "TPT", "UMK", "UMKM", "UMP"),
        *("USG", "WNA", "WNI"),
    }
)
"""Short forms that everybody reads; NPWP, NIK and ASI are BPS's own examples."""
CLIPPED = re.compile(r"\b(jml|jmlh|pddk|thn|kec|kab|prov|kel|dll|dsb|yg|dgn|utk|org)\b", re.I)
ABBREVIATION = re.compile(r"\b[A-Z]{2,}[A-Za-z]*\b")
SMALL_WORDS = frozenset(
    {
        *("akan", "antar", "antara", "atas", "atau", "bagi", "bawah", "berdasarkan", "dalam", "dan"),
        *("dari", "dengan", "di", "hingga", "ke", "menurut", "oleh", "pada", "per", "sampai"),
        *("sebagai", "serta", "tanpa", "terhadap", "untuk", "yang"),
    }
)


def judge_names(document: Node, konsep: str, places: Collection[str]) -> None:
    """``places`` are further names of wilayah, such as that of the region itself."""
    konsep = konsep.strip()
    for text in _refusals(konsep, places):
        document.refuse(KONSEP, text.id, text.en)
    for text in _doubts(konsep):
        document.notes.add(document.at(KONSEP), text.id, text.en, "peringatan")
    refuse_satuan_like_ukuran(document)


def refuse_satuan_like_ukuran(node: Node) -> None:
    """Of a dataset or of a field."""
    ukuran, satuan = (str(node.get(key) or "").strip().casefold() for key in (UKURAN, SATUAN))
    if ukuran and ukuran == satuan:
        node.refuse(
            SATUAN,
            "Satuan sama dengan ukuran; ukuran misalnya Jumlah, satuan misalnya Orang.",
            "The satuan repeats the ukuran; an ukuran is for example Jumlah, a satuan Orang.",
        )


def _refusals(konsep: str, places: Collection[str]) -> Iterator[Text]:
    if "." in konsep:
        yield Text("Nama konsep tidak boleh memuat titik.", "A konsep must not contain a period.")
    if MEASURES.match(konsep):
        yield Text(
            "Nama konsep tidak boleh diawali ukuran seperti Jumlah atau Persentase.",
            "A konsep must not begin with an ukuran such as Jumlah or Persentase.",
        )
    if konsep[:1].islower():
        yield Text("Nama konsep diawali huruf besar.", "A konsep begins with a capital letter.")
    if time := TIMES.search(konsep):
        yield Text(
            f'Nama konsep tidak boleh memuat waktu, seperti "{time[0]}".',
            f'A konsep must not contain a time, such as "{time[0]}".',
        )
    if place := _place(konsep, places):
        yield Text(
            f'Nama konsep tidak boleh memuat nama wilayah, seperti "{place}".',
            f'A konsep must not contain the name of a wilayah, such as "{place}".',
        )
    if clipped := CLIPPED.search(konsep):
        yield Text(
            f'Nama konsep tidak disingkat: tulis "{clipped[0]}" selengkapnya.',
            f'A konsep is not abbreviated: write "{clipped[0]}" in full.',
        )


def _place(konsep: str, places: Collection[str]) -> str | None:
    for match in PLACES.finditer(konsep):
        if match["name"] not in NO_PLACES:
            return match[0]
    for place in (*PROVINCES, *places):
        if re.search(rf"\b{re.escape(place)}\b", konsep, re.I):
            return place
    return None


def _doubts(konsep: str) -> Iterator[Text]:
    unknown = [word for word in ABBREVIATION.findall(konsep) if word not in GENERAL]
    if unknown:
        shown = ", ".join(unknown)
        yield Text(
            f"Nama konsep tidak disingkat, kecuali yang umum seperti NPWP, NIK, dan ASI; periksa: {shown}.",
            f"A konsep is not abbreviated, but for general ones like NPWP, NIK and ASI; look at: {shown}.",
        )
    small = [word for word in konsep.split()[1:] if word[0].islower() and word not in SMALL_WORDS]
    if small:
        shown = ", ".join(small)
        yield Text(
            f"Setiap kata dalam nama konsep diawali huruf besar; periksa: {shown}.",
            f"Each word of a konsep begins with a capital letter; look at: {shown}.",
        )
