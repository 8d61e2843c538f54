"""SD, NL: what stands in a cell."""

from __future__ import annotations

from validation_service.model.rules.table.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "SD-01",
        "standar_data",
        'Nilai "{value}" di kolom "{column}" bukan {expected}.',
        'The value "{value}" in column "{column}" is not {expected}.',
        "Tulis {expected}, misalnya {example}.",
        "Write {expected}, for example {example}.",
    ),
    rule(
        "SD-02",
        "standar_data",
        'Nilai {value} di kolom "{column}" di luar batas: {expected}.',
        'The value {value} in column "{column}" is out of range: {expected}.',
        "Periksa nilai ini pada sumbernya; nilai yang diterima {expected}.",
        "Look this value up at its source; what is accepted is {expected}.",
    ),
    rule(
        "SD-03",
        "standar_data",
        'Nilai "{value}" di kolom "{column}" tidak mengikuti pola {expected}.',
        'The value "{value}" in column "{column}" does not follow the pattern {expected}.',
        "Tulis ulang nilai ini menurut pola {expected}.",
        "Write this value after the pattern {expected}.",
    ),
    rule(
        "SD-04",
        "standar_data",
        'Nilai "{value}" di kolom "{column}" tidak termasuk pilihan yang ada: {expected}.',
        'The value "{value}" in column "{column}" is none of the allowed ones: {expected}.',
        "Pakai salah satu pilihan itu, dengan ejaan yang sama persis.",
        "Use one of these, spelled exactly the same.",
    ),
    rule(
        "SD-05",
        "standar_data",
        'Panjang teks "{value}" di kolom "{column}" tidak sesuai: {expected}.',
        'The text "{value}" in column "{column}" has the wrong length: {expected}.',
        "Perbaiki teks ini sehingga panjangnya {expected}.",
        "Correct this text so that its length is {expected}.",
    ),
    rule(
        "SD-06",
        "standar_data",
        'Angka "{value}" di kolom "{column}" memakai pemisah yang lain daripada standar: {expected}.',
        'The number "{value}" in column "{column}" uses other separators than the standard: {expected}.',
        "Tulis angka menurut standar: {expected}, misalnya {example}.",
        "Write numbers with {expected}, for example {example}.",
    ),
    rule(
        "SD-07",
        "standar_data",
        'Ada {count} nilai di kolom "{column}" yang diapit spasi; spasi itu diabaikan.',
        'There are {count} values in column "{column}" with spaces around them; the spaces were ignored.',
        "Hapus spasi di depan dan di belakang nilai.",
        "Remove the spaces before and after the values.",
        "catatan",
    ),
    rule(
        "NL-01",
        "standar_data",
        'Sel di kolom "{column}" kosong{said}, padahal wajib diisi.',
        'The cell in column "{column}" is empty{said}, but it must be filled in.',
        "Isi nilainya. Kosong tidak dibaca sebagai 0; bila nilainya memang 0, tulis 0.",
        "Fill in the value. Empty is never read as 0; if it really is 0, write 0.",
    ),
    rule(
        "NL-02",
        "standar_data",
        'Tanda "{value}" di kolom "{column}" bukan nilai dan tidak dibaca sebagai 0.',
        'The mark "{value}" in column "{column}" is not a value and is never read as 0.',
        "Isi nilai yang sebenarnya{blank}.",
        "Fill in the actual value{blank}.",
    ),
    rule(
        "SD-08",
        "standar_data",
        'Teks "{value}" di kolom "{column}" memuat {what}: {names}.',
        'The text "{value}" in column "{column}" has {what}: {names}.',
        "Hapus {what}{how}.",
        "Remove {what}{how}.",
        "peringatan",
    ),
    rule(
        "SD-09",
        "standar_data",
        'Di kolom "{column}" {count} bilangan seperti {value} dibaca sebagai desimal, bukan ribuan.',
        'In column "{column}" {count} numbers such as {value} are read as decimals, not as thousands.',
        "Bila yang dimaksud ribuan, tulis tanpa titik: {right}. Bila memang desimal, tidak perlu diubah.",
        "If thousands are meant, write them without the point: {right}. If not, nothing need be changed.",
        "peringatan",
    ),
)
