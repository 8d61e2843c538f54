"""TP, PD, JD, MD, TK: what a file says it is, and what else goes with it."""

from __future__ import annotations

from validation_service.model.rules.table.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "TP-01",
        "metadata",
        "Bidang urusan {value} {problem}.",
        "The bidang urusan {value} {problem}.",
        "Kirim hanya data dari bidang urusan OPD sendiri: {expected}.",
        "Send only data of the OPD's own bidang urusan: {expected}.",
    ),
    rule(
        "PD-01",
        "metadata",
        'Periode "{value}" {problem}.',
        'The period "{value}" {problem}.',
        "Tulis periode {frequency} seperti {example}.",
        "Write a period of this frequency ({frequency}) like {example}.",
    ),
    rule(
        "PD-02",
        "metadata",
        "Periode {value} belum mulai ketika berkas diterima pada {received}.",
        "The period {value} had not begun when the file was received on {received}.",
        "Periksa periode yang dituliskan pada kiriman ini.",
        "Check the period that was written on this submission.",
    ),
    rule(
        "PD-03",
        "metadata",
        'Kiriman ini untuk periode {value}, tetapi kolom "{column}" hanya berisi {periods}.',
        'This submission is of the period {value}, but the column "{column}" only holds {periods}.',
        "Periksa periode yang dituliskan pada kiriman, atau apakah berkasnya tertukar.",
        "Check the period of the submission, and whether this is the right file.",
        "peringatan",
    ),
    rule(
        "TK-01",
        "interoperabilitas",
        "{reason}",
        "{reason}",
        "Kirim ulang; bila terjadi lagi, hubungi walidata.",
        "Send it again; if it happens again, ask the walidata.",
    ),
    rule(
        "JD-01",
        "metadata",
        "Data periode {value} diterima pada {received}, {late} hari setelah batas waktunya, {due}.",
        "The data of {value} was received on {received}, {late} days after it was due on {due}.",
        "Kirim data paling lambat {days} hari setelah periodenya berakhir.",
        "Send the data within {days} days after the end of its period.",
        "peringatan",
    ),
    rule(
        "MD-01",
        "metadata",
        "{document} belum ada pada standar data ini.",
        "{document} is not part of this standard yet.",
        "Lengkapi {document} bersama walidata; metadata menyertai data ketika disebarluaskan.",
        "Complete {document} with the walidata; metadata goes with the data when it is spread.",
        "catatan",
        legal="Perpres 39/2019 Pasal 3 huruf b; Peraturan BPS 5/2020",
    ),
    rule(
        "MD-02",
        "metadata",
        "{document} belum sesuai: {problem}",
        "{document} is not right: {problem}",
        "Perbaiki butir {value} pada standar data bersama walidata.",
        "Correct the item {value} of the standard with the walidata.",
        "peringatan",
        legal="Perpres 39/2019 Pasal 3 huruf b; Peraturan BPS 5/2020",
    ),
    rule(
        "PR-01",
        "metadata",
        'Kolom "{column}" berisi {what} ({count} nilai, misalnya {value}), padahal dataset ini terbuka.',
        'The column "{column}" holds {what} ({count} values, such as {value}), but this dataset is open.',
        "Hapus kolom ini atau ganti dengan kode yang tidak menunjuk orang; data pribadi bukan data terbuka.",
        "Remove the column or put codes that point to nobody; personal data is no open data.",
        legal="UU 27/2022",
    ),
)
