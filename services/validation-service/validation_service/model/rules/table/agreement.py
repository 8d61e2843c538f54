"""DP, AG, AV: rows that must differ, numbers that must agree."""

from __future__ import annotations

from validation_service.model.rules.table.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "DP-01",
        "standar_data",
        "Isi {columns} sama dengan baris {first}; setiap baris harus berbeda.",
        "The values of {columns} are the same as in row {first}; every row must differ.",
        "Perbaiki salah satu, atau hapus baris yang berulang.",
        "Correct one of the two, or delete the repeated row.",
    ),
    rule(
        "AG-01",
        "standar_data",
        'Baris "{value}" adalah baris jumlah di antara data; isinya tidak diperiksa.',
        'The row "{value}" is a totals row among the data; its cells were not checked.',
        "Hapus baris jumlah; jumlah dihitung dari datanya.",
        "Delete the totals row; totals are computed from the data.",
    ),
    rule(
        "DP-02",
        "standar_data",
        'Nilai di kolom "{column}" melompat dari {before} ke {value}; di antaranya tidak ada {missing}.',
        'The values in column "{column}" jump from {before} to {value}; {missing} is missing between them.',
        "Tambahkan baris yang hilang, atau perbaiki nomornya.",
        "Add the missing row, or correct the number.",
        "peringatan",
    ),
    rule(
        "AG-02",
        "standar_data",
        'Jumlah di kolom "{column}" tertulis {value}, padahal datanya berjumlah {sum}; selisih {difference}.',
        'The total in column "{column}" says {value}, but its data add up to {sum}; off by {difference}.',
        "Periksa baris jumlah ini dan baris datanya; keduanya harus sama.",
        "Check this totals row and its rows of data; the two must agree.",
    ),
    rule(
        "AG-03",
        "standar_data",
        'Persentase {value} di kolom "{column}" berada di luar 0 sampai 100.',
        'The percentage {value} in column "{column}" is outside 0 to 100.',
        "Periksa nilai ini; bila memang boleh melebihi 100, tulis batasnya di standar data.",
        "Check this value; if it may be more than 100, give its bounds in the standard.",
        "peringatan",
    ),
    rule(
        "AG-04",
        "standar_data",
        'Kolom "{column}" berisi {value}, padahal {parts} = {sum}; selisih {difference}.',
        'The column "{column}" says {value}, but {parts} = {sum}; off by {difference}.',
        "Perbaiki jumlahnya atau bagiannya sehingga {column} = {parts}.",
        "Correct the total or its parts so that {column} = {parts}.",
    ),
    rule(
        "AG-05",
        "standar_data",
        'Kolom "{column}"{group} berjumlah {value}, padahal seharusnya {expected}; selisih {difference}.',
        'The column "{column}"{group} adds up to {value}, but should to {expected}; off by {difference}.',
        "Periksa apakah ada baris yang kurang, berulang, atau salah nilainya.",
        "Look for rows that are missing, repeated or wrong.",
        "peringatan",
    ),
    rule(
        "AG-06",
        "standar_data",
        'Baris "{value}" dikenali sebagai baris jumlah; angkanya dibandingkan dengan jumlah datanya.',
        'The row "{value}" is taken as a totals row; its numbers were compared with the sum of the data.',
        "Tidak perlu diubah; baris jumlah tidak dihitung sebagai data.",
        "Nothing need be changed; a totals row is not counted as data.",
        "catatan",
    ),
    rule(
        "AV-01",
        "standar_data",
        "{said} Isi baris ini: {values}.",
        "{said} This row says: {values}.",
        "Periksa nilai-nilai itu pada sumbernya; aturannya: {aturan}.",
        "Look these values up at their source; the rule is: {aturan}.",
    ),
    rule(
        "AV-02",
        "standar_data",
        "Aturan validasi {aturan} tidak dapat dihitung di baris ini: {values}.",
        "The rule {aturan} could not be computed in this row: {values}.",
        "Periksa apakah pembagi bernilai 0 atau bilangannya terlalu besar.",
        "See whether something is divided by 0, or a number is too large.",
        "peringatan",
    ),
)
