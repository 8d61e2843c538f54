"""What the name of a column says about it, in Bahasa Indonesia, in English, and in their short forms."""

from __future__ import annotations

import re
from functools import lru_cache

TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
CODES = frozenset(
    {
        *(
            "kode",
            "kd",
            "code",
            "kodepos",
            "npsn",
            "nik",
            "nip",
            "nisn",
            "nis",
            "nuptk",
            "npwp",
            "nib",
            "nop",
        ),
        *(
            "nkk",
            "siup",
            "telp",
            "telepon",
            "hp",
            "fax",
            "faks",
            "phone",
            "fips",
            "uuid",
            "urusan",
            "rekening",
        ),
    }
)
CODE_OF_A_PLACE = re.compile(r"(?:id|kd|kode|no)_?(?:prov|kab|kota|kec|desa|kel|ds|wil|prop|dati)[a-z]*")
CODE_OF_A_MAP = re.compile(r"kd(?!rt)[a-z]+")
"""As maps of the state call them: KDPPUM, KDCPUM."""
NUMBERS = frozenset({"no", "nomor", "nomer", "num", "number", "id"})
RUNNING = NUMBERS | {"urut", "index", "baris", "row", "unnamed"}
NAMES = frozenset({"nama", "nm", "name", "uraian", "wilayah", "daerah", "region"})
YEARS = frozenset({"tahun", "thn", "year", "th"})
PERIODS = YEARS | {"semester", "triwulan", "kuartal", "bulan", "bln", "month", "quarter", "periode", "period"}
DAYS = frozenset({"tanggal", "tgl", "date", "hari"})
LATITUDE = frozenset({"lat", "latitude", "lintang", "y"})
LONGITUDE = frozenset({"lon", "long", "lng", "longitude", "bujur", "x"})
DESCRIPTIONS = frozenset(
    {
        *(
            "alamat",
            "address",
            "keterangan",
            "ket",
            "catatan",
            "note",
            "notes",
            "remark",
            "remarks",
            "deskripsi",
        ),
        *("description", "definisi", "lokasi", "jalan", "url", "link", "foto", "gambar", "satuan", "uraian"),
    }
)
"""Texts that tell of a row and do not name it."""
COUNTS = frozenset(
    {
        *("jumlah", "jml", "jmlh", "total", "banyak", "banyaknya", "penduduk", "orang", "jiwa", "nilai"),
        *("harga", "rp", "rupiah", "anggaran", "realisasi", "laki", "perempuan", "upah", "unit", "biaya"),
    }
)
TOTALS = frozenset({"jumlah", "total", "jml", "l+p"})
MALE = frozenset({"laki", "lk", "l", "pria", "male"})
FEMALE = frozenset({"perempuan", "pr", "p", "wanita", "female"})
FREQUENCIES = (
    ("bulanan", frozenset({"bulan", "bln", "month"})),
    ("triwulanan", frozenset({"triwulan", "kuartal", "quarter"})),
    ("semesteran", frozenset({"semester"})),
)
LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("desa-kelurahan", re.compile(r"(?:kd|nm|id|kode|nama)?(?:desa|kelurahan|kel|deskel|village)")),
    ("kecamatan", re.compile(r"(?:kd|nm|id|kode|nama)?(?:kecamatan|kec|district)")),
    ("kabupaten", re.compile(r"(?:kd|nm|id|kode|nama)?(?:kabupaten|kab|kota|kabkota|regency)")),
    ("provinsi", re.compile(r"(?:kd|nm|id|kode|nama)?(?:provinsi|prov|propinsi|province)")),
)
"""The finest first."""
CLASSES = (
    ("Jenis Kelamin", re.compile(r"jenis.?kelamin|gender|\bsex\b|laki.?laki|perempuan", re.I)),
    ("Kelompok Umur", re.compile(r"umur|usia|\bage\b", re.I)),
    ("Golongan Darah", re.compile(r"golongan.?darah|goldar", re.I)),
    ("Pendidikan", re.compile(r"pendidikan|lulusan", re.I)),
    ("Pekerjaan", re.compile(r"jenis.?pekerjaan|lapangan.?usaha", re.I)),
    ("Agama", re.compile(r"\bagama\b", re.I)),
)
UNITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(rf"(?:^|[\s(_]){words}(?:$|[\s)_])", re.I))
    for unit, words in (
        ("Jiwa/Km²", r"(?:jiwa|orang|org)\s*/\s*km\s*(?:2|²)"),
        ("Ribu Jiwa", r"ribu[\s_]*(?:jiwa|orang)"),
        ("Miliar Rupiah", r"(?:(?:miliar|milyar)[\s_]*(?:rp|rupiah)|rp[\s_.]*(?:miliar|milyar))"),
        ("Juta Rupiah", r"(?:juta[\s_]*(?:rp|rupiah)|rp[\s_.]*juta)"),
        ("Ribu Rupiah", r"(?:(?:ribu|000)[\s_]*(?:rp|rupiah)|rp[\s_.]*(?:000|ribu))"),
        ("Rupiah", r"(?:rp\.?|rupiah)"),
        ("Persen", r"(?:persen|persentase|prosentase|percent|%)"),
        ("Km²", r"km\s*(?:2|²)"),
        ("M²", r"m(?:2|²)"),
        ("Hektare", r"(?:ha|hektar|hektare)"),
        ("Ton", r"ton"),
        ("Kuintal", r"(?:kuintal|kw)"),
        ("Kilogram", r"(?:kg|kilogram)"),
        ("Rumah Tangga", r"(?:rumah[\s_]*tangga|ruta)"),
        ("Keluarga", r"(?:kk|keluarga)"),
        ("Jiwa", r"jiwa"),
        ("Orang", r"orang"),
        ("Unit", r"unit"),
    )
)
"""Said in the name of a column, the longer first."""


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in TOKEN.findall(name))


def is_running(name: str) -> bool:
    """A number that only counts the rows."""
    words = tokens(name)
    return bool(words) and set(words) <= RUNNING


def is_code(name: str) -> bool:
    words = tokens(name)
    if is_running(name) or not words:
        return False
    if set(words) & COUNTS and "kode" not in words:
        return False
    named = any(
        word in CODES or CODE_OF_A_PLACE.fullmatch(word) or CODE_OF_A_MAP.fullmatch(word) for word in words
    )
    return (
        named or (words[0] in ("no", "nomor", "nomer", "id") and not words[1].isdigit()) or words[-1] == "id"
    )


def level_of(name: str) -> str | None:
    words = tokens(name)
    return next((level for level, shape in LEVELS if any(shape.fullmatch(word) for word in words)), None)


def is_name(name: str) -> bool:
    return not is_code(name) and bool(set(tokens(name)) & NAMES or level_of(name))


def says(name: str, words: frozenset[str]) -> bool:
    return bool(set(tokens(name)) & words)


def unit_of(name: str) -> str | None:
    return next((unit for unit, shape in UNITS if shape.search(name)), None)


def level_word(name: str) -> str:
    """Which column of names belongs to a column of codes: both speak of the same level."""
    return level_of(name) or "".join(word for word in tokens(name) if word not in CODES | NAMES | NUMBERS)
