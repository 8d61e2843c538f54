"""What an alert says, in Bahasa Indonesia and in English: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch

from muara_kernel.addresses import Addresses
from muara_kernel.events import (
    DatasetPublished,
    Finding,
    ReviewRequested,
    SubmissionHeld,
    SubmissionReturned,
    Text,
)
from muara_kernel.events.moments import in_words
from muara_kernel.events.submission import OfSubmission
from notification_service.model.wording import one_line

SHOWN = 10
"""How many findings are told; the rest is in the report."""

_DECIDED_BY = {
    "sistem": Text("pemeriksaan otomatis", "the automatic checks"),
    "walidata": Text("walidata", "the walidata"),
    "ops": Text("ops", "ops"),
}
_SEVERITY = {
    "galat": Text("galat", "error"),
    "peringatan": Text("peringatan", "warning"),
    "catatan": Text("catatan", "note"),
}


@dataclass(frozen=True)
class Names:
    """How people call the dataset and its OPD."""

    dataset: str
    opd: str


Words = tuple[Text, Text]
"""Title and body."""


@singledispatch
def words_for(fact: OfSubmission, names: Names, addresses: Addresses) -> Words:
    raise TypeError(f"nobody is told about {fact.type}")


@words_for.register
def _(fact: SubmissionReturned, names: Names, addresses: Addresses) -> Words:
    decided = _DECIDED_BY[fact.decided_by]
    reason = one_line(fact.reason, 1000)
    return _titled(Text("Dikembalikan", "Returned"), fact, names), _paragraphs(
        _what(fact, names, Text("dikembalikan", "was returned")),
        Text(
            f"Diputuskan oleh: {decided.id}.\nAlasan: {reason}",
            f"Decided by: {decided.en}.\nReason: {reason}",
        ),
        _findings(fact),
        _report(fact, addresses),
        Text(
            "Yang perlu dilakukan: perbaiki berkas pada bagian yang disebut di atas, lalu kirim sebagai "
            f"kiriman baru (POST /v1/submissions) yang menyebut kiriman ini:\n"
            f"repairs = {one_line(fact.submission)}\nKiriman lama tetap tersimpan; tidak ada yang hilang.",
            "What to do: repair the file in the places named above, then send it as a new submission "
            f"(POST /v1/submissions) that names this one:\nrepairs = {one_line(fact.submission)}\n"
            "The old submission is kept; nothing is lost.",
        ),
    )


@words_for.register
def _(fact: ReviewRequested, names: Names, addresses: Addresses) -> Words:
    reason, number = one_line(fact.reason, 1000), one_line(fact.submission)
    page = _page(addresses, "catalog", f"/pemeriksaan/{number}", Text("katalog", "the catalog"))
    return _titled(Text("Menunggu pemeriksaan", "Waiting for review"), fact, names), _paragraphs(
        _what(fact, names, Text("menunggu pemeriksaan walidata", "waits for the review by the walidata")),
        Text(
            f"Alasan: {reason}\nBaris: {fact.rows}. Peringatan: {fact.warnings}.",
            f"Reason: {reason}\nRows: {fact.rows}. Warnings: {fact.warnings}.",
        ),
        Text(
            "Yang perlu dilakukan walidata: lihat datanya, lalu putuskan: setuju, atau kembalikan dengan "
            f"alasan:\n{page.id}\n(Program: POST /v1/reviews/{number}.)\nOPD cukup menunggu keputusan itu.",
            "What the walidata has to do: look at the data and decide: approve it, or return it with a "
            f"reason:\n{page.en}\n(Programs: POST /v1/reviews/{number}.)\n"
            "The OPD only has to wait for that decision.",
        ),
    )


@words_for.register
def _(fact: DatasetPublished, names: Names, addresses: Addresses) -> Words:
    decided = _DECIDED_BY[fact.decided_by]
    return _titled(Text("Diterbitkan", "Published"), fact, names), _paragraphs(
        _what(
            fact,
            names,
            Text(f"diterbitkan sebagai versi {fact.version}", f"was published as version {fact.version}"),
        ),
        Text(
            f"Diputuskan oleh: {decided.id}.\nBaris: {fact.rows}. Peringatan: {fact.warnings}.",
            f"Decided by: {decided.en}.\nRows: {fact.rows}. Warnings: {fact.warnings}.",
        ),
        Text(
            "Tidak ada yang perlu dilakukan. Bila kemudian ada yang perlu diperbaiki, kirim berkas yang "
            f"benar dengan repairs = {one_line(fact.submission)}; versi ini tetap ada.",
            "There is nothing to do. Should something need a correction later, send the right file with "
            f"repairs = {one_line(fact.submission)}; this version stays.",
        ),
    )


@words_for.register
def _(fact: SubmissionHeld, names: Names, addresses: Addresses) -> Words:
    return _titled(Text("Tertahan", "Held"), fact, names), _paragraphs(
        _what(fact, names, Text("tertahan", "is held")),
        Text(
            f"Hasilnya sudah diminta {fact.asks} kali dan belum ada jawaban. Kiriman lain tetap berjalan; "
            "data ini tersimpan utuh, dan jawaban yang datang terlambat tetap berlaku.",
            f"Its outcome was asked for {fact.asks} times and no answer came. Other submissions go on; "
            "this one is kept whole, and an answer that comes late still counts.",
        ),
        Text(
            "Yang perlu dilakukan walidata dan ops: periksa apakah layanan validation dan catalog berjalan, "
            "dan apakah ada kejadian yang gagal ditangani (dead letter) untuk kiriman ini.\n"
            "OPD tidak perlu mengirim ulang.",
            "What the walidata and ops have to do: see whether the validation and catalog services run, "
            "and whether a dead letter of this submission waits for a decision.\n"
            "The OPD need not send it again.",
        ),
    )


def _titled(outcome: Text, fact: OfSubmission, names: Names) -> Text:
    about = f"{one_line(names.dataset, 150)}, {one_line(fact.period, 40)}"
    return Text(f"{outcome.id}: {about}", f"{outcome.en}: {about}")


def _what(
    fact: SubmissionReturned | ReviewRequested | DatasetPublished | SubmissionHeld, names: Names, became: Text
) -> Text:
    dataset, period, opd = one_line(names.dataset), one_line(fact.period, 40), one_line(names.opd)
    number, received = one_line(fact.submission), in_words(fact.received_at)
    return Text(
        f"{dataset} ({one_line(fact.dataset)}), periode {period}, dari {opd} {became.id}.\n"
        f"Nomor kiriman: {number}, diterima {received.id}.",
        f"{dataset} ({one_line(fact.dataset)}), period {period}, from {opd} {became.en}.\n"
        f"Submission: {number}, received {received.en}.",
    )


def _findings(fact: SubmissionReturned) -> Text | None:
    if not fact.findings:
        return None
    shown = fact.findings[:SHOWN]
    left = len(fact.findings) > SHOWN or fact.errors > len(shown)
    return Text(
        f"Baris yang dibaca: {fact.rows}. Galat: {fact.errors}. Temuan pertama:\n"
        + _listed(shown, "id")
        + ("\nSelebihnya ada dalam laporan lengkap kiriman ini." if left else ""),
        f"Rows read: {fact.rows}. Errors: {fact.errors}. The first findings:\n"
        + _listed(shown, "en")
        + ("\nThe rest is in the full report of this submission." if left else ""),
    )


def _report(fact: SubmissionReturned, addresses: Addresses) -> Text | None:
    if fact.report is None:
        return None
    page = _page(addresses, "validation", f"/laporan/{one_line(fact.report)}", Text("Muara", "Muara"))
    return Text(
        f"Laporan lengkap:\n{page.id}\nDi sana ada semua temuan, dan tabel yang dikirim dengan alasan di "
        "samping setiap baris.",
        f"The full report:\n{page.en}\nIt has all findings, and the table that was sent with the reasons "
        "beside each row.",
    )


def _page(addresses: Addresses, service: str, path: str, where: Text) -> Text:
    """Its whole link, after which nothing stands that a mail program would take in; or where to find it."""
    page = addresses.page(service, path)
    if addresses.are_known(service):
        return Text(page, page)
    return Text(f"halaman {page} di alamat {where.id}.", f"the page {page} at the address of {where.en}.")


def _listed(findings: Sequence[Finding], language: str) -> str:
    said = [_finding(each).en if language == "en" else _finding(each).id for each in findings]
    return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(said, 1))


def _finding(finding: Finding) -> Text:
    severity = _SEVERITY[finding.severity]
    where = _where(finding)
    message = Text(one_line(finding.message.id), one_line(finding.message.en))
    hint = Text(one_line(finding.hint.id), one_line(finding.hint.en))
    rule = one_line(f"{finding.rule}; {finding.legal}")
    return Text(
        f"{where.id} ({severity.id}): {message.id} Saran: {hint.id} [{rule}]",
        f"{where.en} ({severity.en}): {message.en} Hint: {hint.en} [{rule}]",
    )


def _where(finding: Finding) -> Text:
    column = one_line(finding.column, 100) if finding.column is not None else None
    if finding.row is None and column is None:
        return Text("Berkas", "File")
    if finding.row is None:
        return Text(f"Kolom {column}", f"Column {column}")
    if column is None:
        return Text(f"Baris {finding.row}", f"Row {finding.row}")
    return Text(f"Baris {finding.row}, kolom {column}", f"Row {finding.row}, column {column}")


def _paragraphs(*parts: Text | None) -> Text:
    there = [part for part in parts if part is not None]
    return Text("\n\n".join(part.id for part in there), "\n\n".join(part.en for part in there))
