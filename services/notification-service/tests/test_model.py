from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from muara_kernel.addresses import Addresses
from muara_kernel.events import Text
from muara_kernel.events.base import dump, load
from notification_service.model.alerts import Alert, Delivery, message_id, pause
from notification_service.model.composing import Fact, Policy, compose
from notification_service.model.recipients import usable
from notification_service.model.wording import one_line

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


class Register(dict[str, str]):
    """Names by id."""

    def dataset_title(self, dataset: str) -> str | None:
        return self.get(dataset)

    def opd_name(self, opd: str) -> str | None:
        return self.get(opd)


KNOWN = Register({"35.08/rumah-sakit": "Jumlah rumah sakit", "dinkes": "Dinas Kesehatan"})


def alert_of(fact: Fact, *, register: Register = KNOWN, ops: bool = False) -> Alert:
    return compose(fact, register=register, policy=Policy("35.08.example", ops=ops), at=NOON)


def test_an_alert_has_the_id_of_its_fact(facts: SimpleNamespace) -> None:
    assert [alert_of(fact).id for fact in facts.every] == [fact.id for fact in facts.every]


def test_the_walidata_and_the_opd_concerned_are_told_of_everything(facts: SimpleNamespace) -> None:
    assert {alert_of(fact).recipients for fact in facts.every} == {("walidata", "opd:dinkes")}


def test_a_letter_goes_only_to_those_who_must_act(facts: SimpleNamespace) -> None:
    written_to = {fact.type: [d.recipient for d in alert_of(fact).deliveries] for fact in facts.every}
    assert written_to == {
        "submission.returned": ["opd:dinkes"],
        "review.requested": ["walidata"],
        "submission.held": ["walidata"],
        "dataset.published": [],
    }


def test_ops_gets_a_letter_about_a_held_submission_when_it_has_an_address(facts: SimpleNamespace) -> None:
    recipients = [each.recipient for each in alert_of(facts.held(), ops=True).deliveries]
    assert recipients == ["walidata", "ops"]


def test_a_returned_submission_is_told_with_row_column_message_hint_and_article(
    facts: SimpleNamespace,
) -> None:
    text = alert_of(facts.returned()).text
    assert '1. Baris 5, kolom jumlah (galat): "12,5" memakai koma. Saran: Tulis 12.5.' in text.id
    assert '1. Row 5, column jumlah (error): "12,5" uses a comma. Hint: Write 12.5.' in text.en
    assert "[SD-06; Perpres 39/2019 Pasal 3 huruf a]" in text.id


def test_a_returned_submission_is_told_with_the_way_to_repair_it(facts: SimpleNamespace) -> None:
    text = alert_of(facts.returned("KIRIM-77")).text
    for sentence in (text.id, text.en):
        assert "repairs = KIRIM-77" in sentence
        assert "POST /v1/submissions" in sentence


def test_a_finding_without_row_is_about_its_column_or_the_file(facts: SimpleNamespace) -> None:
    findings = (facts.finding(row=None), facts.finding(row=None, column=None), facts.finding(column=None))
    text = alert_of(facts.returned(findings=findings)).text.id
    assert "1. Kolom jumlah (" in text
    assert "2. Berkas (" in text
    assert "3. Baris 5 (" in text


def test_only_the_first_ten_findings_are_told_and_the_rest_is_mentioned(facts: SimpleNamespace) -> None:
    many = tuple(facts.finding(row=row) for row in range(2, 22))
    text = alert_of(facts.returned(findings=many, errors=300)).text
    assert "10. Baris 11," in text.id
    assert "Baris 12," not in text.id
    assert "Galat: 300" in text.id
    assert "The rest is in the full report" in text.en


def test_a_returned_submission_names_the_page_of_its_report_if_it_has_one(facts: SimpleNamespace) -> None:
    text = alert_of(facts.returned(report="b" * 64)).text
    assert f"halaman /laporan/{'b' * 64} di alamat Muara." in text.id
    assert f"the page /laporan/{'b' * 64} at the address of Muara." in text.en
    assert "/laporan/" not in alert_of(facts.returned(report=None)).text.id


def test_where_the_address_is_known_letters_hold_whole_links_on_a_line_of_their_own(
    facts: SimpleNamespace,
) -> None:
    policy = Policy("35.08.example", addresses=Addresses.of("https://data.example"))
    for fact, link in (
        (facts.returned(report="b" * 64), f"https://data.example/laporan/{'b' * 64}"),
        (facts.review(), "https://data.example/pemeriksaan/KIRIM-2"),
    ):
        text = compose(fact, register=KNOWN, policy=policy, at=NOON).text
        assert link in text.id.splitlines() and link in text.en.splitlines()


def test_each_service_may_have_an_address_of_its_own(facts: SimpleNamespace) -> None:
    addresses = Addresses.of("catalog=http://127.0.0.1:8703,validation=http://127.0.0.1:8702")
    policy = Policy("35.08.example", addresses=addresses)
    returned = compose(facts.returned(report="b" * 64), register=KNOWN, policy=policy, at=NOON)
    assert f"http://127.0.0.1:8702/laporan/{'b' * 64}" in returned.text.id
    review = compose(facts.review(), register=KNOWN, policy=policy, at=NOON)
    assert "http://127.0.0.1:8703/pemeriksaan/KIRIM-2" in review.text.id


def test_a_return_by_the_walidata_gives_the_walidatas_reason(facts: SimpleNamespace) -> None:
    text = alert_of(facts.returned(decided_by="walidata", reason="Angka 2024 terkirim.", findings=())).text.id
    assert "Diputuskan oleh: walidata.\nAlasan: Angka 2024 terkirim." in text
    assert "Temuan" not in text


def test_every_text_names_dataset_period_opd_and_submission_in_both_languages(facts: SimpleNamespace) -> None:
    for fact in facts.every:
        alert = alert_of(fact)
        for text in (alert.text.id, alert.text.en):
            assert all(
                word in text for word in ("Jumlah rumah sakit", "2025", "Dinas Kesehatan", fact.submission)
            )
        assert alert.title.id.endswith("Jumlah rumah sakit, 2025")
        assert alert.title.id != alert.title.en


def test_a_published_version_is_told_with_its_number(facts: SimpleNamespace) -> None:
    assert "versi 4" in alert_of(facts.published()).text.id


def test_a_requested_review_says_where_to_decide(facts: SimpleNamespace) -> None:
    text = alert_of(facts.review()).text
    for said in (text.id, text.en):
        assert "/pemeriksaan/KIRIM-2" in said
        assert "POST /v1/reviews/KIRIM-2" in said


def test_a_time_is_told_as_people_say_it_by_the_clock_of_the_region(facts: SimpleNamespace) -> None:
    morning = datetime(2026, 11, 21, 2, 15, 59, tzinfo=UTC)
    for fact in (facts.returned, facts.review, facts.published, facts.held):
        text = alert_of(fact(received_at=morning)).text
        assert "diterima 21 November 2026 pukul 09.15 WIB." in text.id
        assert "received 21 November 2026, 09:15 WIB." in text.en


def test_what_has_no_name_yet_is_called_by_its_id(facts: SimpleNamespace) -> None:
    alert = alert_of(facts.returned(), register=Register())
    assert alert.title.id == "Dikembalikan: 35.08/rumah-sakit, 2025"


def test_a_name_with_line_ends_stays_on_its_line(facts: SimpleNamespace) -> None:
    register = Register({"35.08/rumah-sakit": "Rumah\r\nBcc: semua@lumajang.example\n\nsakit\u2028!\x00"})
    assert alert_of(facts.held(), register=register).title.id == (
        "Tertahan: Rumah Bcc: semua@lumajang.example sakit !, 2025"
    )


def test_a_line_that_is_too_long_is_cut() -> None:
    assert one_line("abcdef", 4) == "abc…"


def test_the_message_id_is_the_same_for_the_same_alert_and_recipient() -> None:
    once, again = (message_id("a1", "opd:dinkes", "35.08.example") for _ in range(2))
    assert once == again == "a1.opd-dinkes@35.08.example"
    assert message_id("a1", "walidata", "35.08.example") != once


def test_the_pauses_grow_to_five_minutes() -> None:
    assert [pause(setbacks) for setbacks in (1, 2, 3, 9, 10, 5000)] == [1, 2, 4, 256, 300, 300]


def test_a_delivery_that_was_postponed_waits_and_is_still_there() -> None:
    delivery = Delivery(channel="surat", recipient="walidata", message_id="m", due=0.0)
    delivery.start("walidata@lumajang.example")
    delivery.postpone(Text("Penuh.", "Full."), now=100.0)
    assert (delivery.state, delivery.due, delivery.attempts) == ("menunggu", 101.0, 1)


def test_an_alert_is_due_with_the_first_of_its_deliveries(facts: SimpleNamespace) -> None:
    alert = alert_of(facts.held(), ops=True)
    alert.deliveries[0].postpone(Text("Penuh.", "Full."), now=NOON.timestamp())
    assert alert.due == NOON.timestamp()
    for delivery in alert.deliveries:
        delivery.sent(NOON)
    assert alert.due is None


def test_an_alert_survives_being_written_and_read(facts: SimpleNamespace) -> None:
    for fact in facts.every:
        alert = alert_of(fact, ops=True)
        assert load(Alert, dump(alert)) == alert


@pytest.mark.parametrize(
    "address", ["dinkes@lumajang.example", "muara@35.08.example", "a.b+c@dinas-kesehatan.lumajang.example"]
)
def test_a_plain_address_is_usable(address: str) -> None:
    assert usable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dinkes",
        "dinkes@",
        "dinkes@lumajang.example\nBcc: semua@lumajang.example",
        "dinkes@lumajang.example, bpbd@lumajang.example",
        "Dinas <dinkes@lumajang.example>",
        "dinkes..a@lumajang.example",
        ".dinkes@lumajang.example",
        "dinkes@lumajang.example\n",
    ],
)
def test_what_is_more_than_one_plain_address_is_not_usable(address: str) -> None:
    assert not usable(address)
