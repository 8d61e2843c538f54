"""Every rule: its code, its principle of Satu Data, how grave it is, and what is said to people."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.events.finding import Principle, Severity, Text

LEGAL: dict[Principle, str] = {
    "standar_data": "Perpres 39/2019 Pasal 3 huruf a",
    "metadata": "Perpres 39/2019 Pasal 3 huruf b",
    "interoperabilitas": "Perpres 39/2019 Pasal 3 huruf c",
    "kode_referensi": "Perpres 39/2019 Pasal 3 huruf d",
}


@dataclass(frozen=True)
class Rule:
    """``message`` and ``hint`` are templates; their words are given when something is found."""

    code: str
    principle: Principle
    severity: Severity
    message: Text
    hint: Text


def _rule(
    code: str,
    principle: Principle,
    id_: str,
    en: str,
    id_hint: str,
    en_hint: str,
    severity: Severity = "galat",
) -> Rule:
    return Rule(code, principle, severity, Text(id_, en), Text(id_hint, en_hint))


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        _rule(
            "IO-01",
            "interoperabilitas",
            "{reason}",
            "{reason}",
            "{repair}",
            "{repair}",
        ),
        _rule(
            "IO-02",
            "interoperabilitas",
            "Teks tidak tersimpan sebagai UTF-8; dibaca sebagai {encoding}.",
            "The text is not stored as UTF-8; it was read as {encoding}.",
            'Simpan ulang sebagai "CSV UTF-8", lalu periksa huruf yang tampak aneh.',
            'Save it again as "CSV UTF-8", then look for letters that have changed.',
        ),
        _rule(
            "IO-03",
            "interoperabilitas",
            "Judul kolom baru ada di baris {header_row}; baris di atasnya bukan bagian dari tabel.",
            "The column names only come in row {header_row}; the rows above it are not part of the table.",
            "Hapus baris di atas judul kolom, sehingga judul kolom menjadi baris pertama.",
            "Delete the rows above the column names, so that the names are the first row.",
        ),
        _rule(
            "IO-04",
            "interoperabilitas",
            'Kolom "{column}" tidak ada.{nearest}',
            'The column "{column}" is missing.{nearest}',
            'Tambahkan kolom dengan nama persis "{column}" beserta isinya.',
            'Add a column named exactly "{column}", with its values.',
        ),
        _rule(
            "IO-05",
            "interoperabilitas",
            'Kolom "{column}" tidak dikenal oleh standar data ini dan tidak diperiksa.',
            'The column "{column}" is not known to this standard and was not checked.',
            "Hapus kolom ini, atau usulkan agar standar data ditambah.",
            "Remove the column, or propose that it be added to the standard.",
            "peringatan",
        ),
        _rule(
            "IO-06",
            "interoperabilitas",
            "Judul kolom ke-{position} {problem}.",
            "The name of column number {position} {problem}.",
            "Beri setiap kolom satu nama yang tidak kosong dan tidak berulang.",
            "Give every column one name that is neither empty nor repeated.",
        ),
        _rule(
            "IO-07",
            "interoperabilitas",
            "Tabel tidak mempunyai satu pun baris data.",
            "The table has no row of data at all.",
            "Isi paling sedikit satu baris di bawah judul kolom.",
            "Fill in at least one row below the column names.",
        ),
        _rule(
            "IO-08",
            "interoperabilitas",
            "Baris ini berisi {found}, padahal judul kolom berisi {expected} sel; isinya tidak diperiksa.",
            "This row holds {found}, but there are {expected} column names; it was not checked.",
            "Samakan banyaknya sel dengan judul kolom; teks yang memuat pemisah diapit tanda kutip.",
            "Give the row as many cells as there are names; text that holds a separator must be quoted.",
        ),
        _rule(
            "IO-09",
            "interoperabilitas",
            "Sel ini berisi rumus yang hasilnya tidak tersimpan di dalam berkas.",
            "This cell holds a formula whose result is not stored in the file.",
            "Buka dan simpan berkas dengan aplikasi lembar kerja, atau tempel rumus sebagai nilai.",
            "Open and save the file in a spreadsheet program, or paste the formula as a value.",
        ),
        _rule(
            "IO-10",
            "interoperabilitas",
            "Ada {count} baris kosong di antara data; baris itu dilewati.",
            "There are {count} blank rows among the data; they were skipped.",
            "Hapus baris kosong.",
            "Delete the blank rows.",
            "catatan",
        ),
        _rule(
            "SD-01",
            "standar_data",
            'Nilai "{value}" di kolom "{column}" bukan {expected}.',
            'The value "{value}" in column "{column}" is not {expected}.',
            "Tulis {expected}, misalnya {example}.",
            "Write {expected}, for example {example}.",
        ),
        _rule(
            "SD-02",
            "standar_data",
            'Nilai {value} di kolom "{column}" di luar batas: {expected}.',
            'The value {value} in column "{column}" is out of range: {expected}.',
            "Periksa nilai ini pada sumbernya; nilai yang diterima {expected}.",
            "Look this value up at its source; what is accepted is {expected}.",
        ),
        _rule(
            "SD-03",
            "standar_data",
            'Nilai "{value}" di kolom "{column}" tidak mengikuti pola {expected}.',
            'The value "{value}" in column "{column}" does not follow the pattern {expected}.',
            "Tulis ulang nilai ini menurut pola {expected}.",
            "Write this value after the pattern {expected}.",
        ),
        _rule(
            "SD-04",
            "standar_data",
            'Nilai "{value}" di kolom "{column}" tidak termasuk pilihan yang ada: {expected}.',
            'The value "{value}" in column "{column}" is none of the allowed ones: {expected}.',
            "Pakai salah satu pilihan itu, dengan ejaan yang sama persis.",
            "Use one of these, spelled exactly the same.",
        ),
        _rule(
            "SD-05",
            "standar_data",
            'Panjang teks "{value}" di kolom "{column}" tidak sesuai: {expected}.',
            'The text "{value}" in column "{column}" has the wrong length: {expected}.',
            "Perbaiki teks ini sehingga panjangnya {expected}.",
            "Correct this text so that its length is {expected}.",
        ),
        _rule(
            "SD-06",
            "standar_data",
            'Angka "{value}" di kolom "{column}" memakai pemisah yang lain daripada standar: {expected}.',
            'The number "{value}" in column "{column}" uses other separators than the standard: {expected}.',
            "Tulis angka dengan {expected}, misalnya {example}.",
            "Write numbers with {expected}, for example {example}.",
        ),
        _rule(
            "SD-07",
            "standar_data",
            'Ada {count} nilai di kolom "{column}" yang diapit spasi; spasi itu diabaikan.',
            'There are {count} values in column "{column}" with spaces around them; the spaces were ignored.',
            "Hapus spasi di depan dan di belakang nilai.",
            "Remove the spaces before and after the values.",
            "catatan",
        ),
        _rule(
            "NL-01",
            "standar_data",
            'Sel di kolom "{column}" kosong, padahal wajib diisi.',
            'The cell in column "{column}" is empty, but it must be filled in.',
            "Isi nilainya. Kosong tidak dibaca sebagai 0; bila nilainya memang 0, tulis 0.",
            "Fill in the value. Empty is never read as 0; if it really is 0, write 0.",
        ),
        _rule(
            "NL-02",
            "standar_data",
            'Tanda "{value}" di kolom "{column}" bukan nilai dan tidak dibaca sebagai 0.',
            'The mark "{value}" in column "{column}" is not a value and is never read as 0.',
            "Isi nilai yang sebenarnya{blank}.",
            "Fill in the actual value{blank}.",
        ),
        _rule(
            "KR-01",
            "kode_referensi",
            'Kode "{value}" di kolom "{column}" tidak ada dalam daftar {codelist}.',
            'The code "{value}" in column "{column}" is not in the list {codelist}.',
            "{repair}",
            "{repair}",
        ),
        _rule(
            "KR-02",
            "kode_referensi",
            'Kode "{value}" menurut daftar {codelist} adalah "{expected}", bukan "{name}".',
            'In the list {codelist} the code "{value}" is "{expected}", not "{name}".',
            "{repair}",
            "{repair}",
        ),
        _rule(
            "KR-03",
            "kode_referensi",
            'Kode "{value}" adalah kode BPS; yang diminta kode wilayah Kemendagri.',
            'The code "{value}" is a BPS code; what is asked for is the Kemendagri code.',
            "{repair}",
            "{repair}",
        ),
        _rule(
            "KR-04",
            "kode_referensi",
            'Kode "{value}" {problem}.',
            'The code "{value}" {problem}.',
            "Pakai kode {level} di wilayah {region}.",
            "Use the code of a {level} in the region {region}.",
        ),
        _rule(
            "DP-01",
            "standar_data",
            "Isi {columns} sama dengan baris {first}; setiap baris harus berbeda.",
            "The values of {columns} are the same as in row {first}; every row must differ.",
            "Perbaiki salah satu, atau hapus baris yang berulang.",
            "Correct one of the two, or delete the repeated row.",
        ),
        _rule(
            "AG-01",
            "standar_data",
            'Baris "{value}" adalah baris jumlah di antara data; isinya tidak diperiksa.',
            'The row "{value}" is a totals row among the data; its cells were not checked.',
            "Hapus baris jumlah; jumlah dihitung dari datanya.",
            "Delete the totals row; totals are computed from the data.",
        ),
        _rule(
            "TP-01",
            "metadata",
            "Bidang urusan {value} {problem}.",
            "The bidang urusan {value} {problem}.",
            "Kirim hanya data dari bidang urusan OPD sendiri: {expected}.",
            "Send only data of the OPD's own bidang urusan: {expected}.",
        ),
        _rule(
            "PD-01",
            "metadata",
            'Periode "{value}" {problem}.',
            'The period "{value}" {problem}.',
            "Tulis periode {frequency} seperti {example}.",
            "Write a period of this frequency ({frequency}) like {example}.",
        ),
        _rule(
            "PD-02",
            "metadata",
            "Periode {value} belum mulai ketika berkas diterima pada {received}.",
            "The period {value} had not begun when the file was received on {received}.",
            "Periksa periode yang dituliskan pada kiriman ini.",
            "Check the period that was written on this submission.",
        ),
        _rule(
            "TK-01",
            "interoperabilitas",
            "{reason}",
            "{reason}",
            "Kirim ulang; bila terjadi lagi, hubungi walidata.",
            "Send it again; if it happens again, ask the walidata.",
        ),
    )
}
