"""Letters by a mail server: a real one in this process, which refuses and falls silent as it is told."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from muara_kernel.settings import SettingsError
from notification_service.app import letters
from notification_service.jobs import MailByServer, MailServer
from notification_service.jobs.mail import address

SENDER = address("muara@35.08.example", "Muara")
USER, PASSWORD = "muara", "kata:sandi/@%"


class Post:
    """What the server has taken; ``says`` is its answer to a step, ``falls_silent`` where it breaks off."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.says: dict[str, str] = {}
        self.falls_silent: str = ""

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, who: str, _: Any) -> str:
        envelope.mail_from = who
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, whom: str, _: Any) -> str:
        envelope.rcpt_tos.append(whom)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.says.get("DATA", "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.original_content, bytes)
            self.taken.append(envelope.original_content)
        if self.falls_silent == "DATA":
            assert server.transport is not None
            server.transport.abort()
        return answer


Serve = Callable[..., str]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def serve(post: Post) -> Iterator[Serve]:
    """Starts the server and tells its host:port."""
    started: list[Controller] = []

    def _serve(**more: Any) -> str:
        # Bound here, since the controller of aiosmtpd looks its port up before it has one.
        sock = socket.create_server(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        sock.close()
        controller = Controller(post, hostname="127.0.0.1", port=port, **more)
        controller.start()
        started.append(controller)
        return f"127.0.0.1:{port}"

    yield _serve
    for controller in started:
        controller.stop()


def by_server(place: str, userinfo: str = "", query: str = "") -> MailByServer:
    return MailByServer(MailServer.at(f"smtp://{userinfo}{place}{query}"), SENDER, seconds=5)


def state_of(office: Any, fact: Any) -> tuple[str, int]:
    (delivery,) = office.inbox.get(fact.id).deliveries
    return delivery.state, delivery.attempts


def hears_of_a_return(office: Any, facts: SimpleNamespace) -> Any:
    office.hears(facts.opd(), facts.returned())
    return facts.returned()


# --- what goes out, and what becomes of it --------------------------------------------------------------


def test_a_letter_reaches_the_server_whole_and_once(
    office: Any, facts: SimpleNamespace, post: Post, serve: Serve
) -> None:
    fact = hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_server(serve())}).turn()
    (data,) = post.taken
    message = message_from_bytes(data, policy=policy.default)
    assert message["To"] == "dinkes@lumajang.example"
    assert message["Message-ID"] == f"<{fact.id}.opd-dinkes@35.08.example>"
    assert "Baris 5, kolom jumlah" in message.get_content()
    assert state_of(office, fact) == ("terkirim", 1)
    assert not office.worker(channels={"surat": by_server(serve())}).turn()


def test_a_refusal_for_good_ends_the_delivery_and_says_why(
    office: Any, facts: SimpleNamespace, post: Post, serve: Serve
) -> None:
    post.says["RCPT"] = "550 tidak ada orang di sini"
    fact = hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_server(serve())}).turn()
    assert state_of(office, fact) == ("gagal", 1)
    (delivery,) = office.inbox.get(fact.id).deliveries
    assert "550 tidak ada orang di sini" in delivery.problem.id
    assert delivery.due is None
    assert ("gagal", "dinkes") in office.counted


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", "450 nanti lagi"),
        ("DATA", "451 nanti lagi"),
        ("MAIL", "451 nanti lagi"),
        ("MAIL", "530 siapa Anda"),
    ],
)
def test_what_may_pass_is_tried_again_later(
    step: str, answer: str, office: Any, facts: SimpleNamespace, post: Post, serve: Serve
) -> None:
    """A refused sender is our set-up: once that is mended, no letter may have been given up."""
    post.says[step] = answer
    fact = hears_of_a_return(office, facts)
    worker = office.worker(channels={"surat": by_server(serve())})
    worker.turn()
    assert state_of(office, fact) == ("menunggu", 1)
    assert not worker.turn()
    post.says.clear()
    office.clock.goes(2)
    worker.turn()
    assert state_of(office, fact) == ("terkirim", 2)
    assert len(post.taken) == 1


def test_a_server_that_is_not_there_loses_no_letter(
    office: Any, facts: SimpleNamespace, serve: Serve
) -> None:
    fact = hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_server("127.0.0.1:1")}).turn()
    assert state_of(office, fact) == ("menunggu", 1)
    office.clock.goes(2)
    office.worker(channels={"surat": by_server(serve())}).turn()
    assert state_of(office, fact) == ("terkirim", 2)


def test_a_server_that_says_nothing_is_given_up(office: Any, facts: SimpleNamespace) -> None:
    fact = hears_of_a_return(office, facts)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        channel = MailByServer(MailServer.at(f"smtp://{place}"), SENDER, seconds=0.2)
        office.worker(channels={"surat": channel}).turn()
    assert state_of(office, fact) == ("menunggu", 1)


def test_a_lost_answer_is_not_known_and_sent_again_under_the_same_message_id(
    office: Any, facts: SimpleNamespace, post: Post, serve: Serve
) -> None:
    post.falls_silent = "DATA"
    fact = hears_of_a_return(office, facts)
    worker = office.worker(channels={"surat": by_server(serve())})
    worker.turn()
    assert state_of(office, fact) == ("tidak_diketahui", 1)
    post.falls_silent = ""
    assert not worker.turn()
    office.clock.goes(2)
    worker.turn()
    assert state_of(office, fact) == ("terkirim", 2)
    first, second = (message_from_bytes(data, policy=policy.default) for data in post.taken)
    assert first["Message-ID"] == second["Message-ID"]
    assert post.taken[0] == post.taken[1]


def test_one_refused_letter_does_not_hold_up_the_next(
    office: Any, facts: SimpleNamespace, post: Post, serve: Serve
) -> None:
    post.says["RCPT"] = "550 tidak ada"
    worker = office.worker(channels={"surat": by_server(serve())})
    hears_of_a_return(office, facts)
    worker.turn()
    post.says.clear()
    office.hears(facts.returned("KIRIM-2"))
    worker.turn()
    assert len(post.taken) == 1


# --- who we are to the server ---------------------------------------------------------------------------


def accepts(_: object, __: object, ___: object, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)  # the server says what that means


@pytest.mark.parametrize(
    ("password", "state"), [("kata%3Asandi%2F%40%25", "terkirim"), ("salah", "menunggu")]
)
def test_the_password_of_the_url_is_the_one_the_server_asks_for(
    password: str, state: str, office: Any, facts: SimpleNamespace, serve: Serve
) -> None:
    place = serve(authenticator=accepts, auth_require_tls=False, auth_required=True)
    fact = hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_server(place, f"{USER}:{password}@", "?starttls=0")}).turn()
    assert state_of(office, fact)[0] == state
    (delivery,) = office.inbox.get(fact.id).deliveries
    assert delivery.problem is None or password not in delivery.problem.en


def test_no_password_goes_to_a_server_without_tls(
    office: Any, facts: SimpleNamespace, post: Post, serve: Serve
) -> None:
    asked = threading.Event()

    def tells(*_: object) -> AuthResult:
        asked.set()
        return AuthResult(success=True)

    place = serve(authenticator=tells, auth_require_tls=False)
    fact = hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_server(place, "muara:sandi@")}).turn()
    assert state_of(office, fact) == ("menunggu", 1)
    assert not asked.is_set() and not post.taken
    (delivery,) = office.inbox.get(fact.id).deliveries
    assert "MUARA_NOTIFICATION_SMTP" in delivery.problem.id and "STARTTLS" in delivery.problem.id


# --- TLS ----------------------------------------------------------------------------------------------


class Certificate:
    """Self-signed, so its own authority; made for whoever is named."""

    def __init__(self, directory: Path, name: str) -> None:
        self.file, key = directory / f"{name}.pem", directory / f"{name}.key"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        named = ["-subj", "/CN=uji", "-addext", f"subjectAltName={name}"]
        into = ["-keyout", str(key), "-out", str(self.file), "-days", "2"]
        subprocess.run(["openssl", "req", "-x509", *curve, *named, *into], check=True, capture_output=True)
        self.serves = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.serves.load_cert_chain(self.file, key)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Certificate]:
    """For the address that is called, and for another one."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine, so no certificate for a mail server")
    directory = tmp_path_factory.mktemp("sertifikat")
    return {
        "ours": Certificate(directory, "IP:127.0.0.1"),
        "another": Certificate(directory, "DNS:lain.example"),
    }


class Gate:
    """Lets the right one in, and remembers whether anybody ever asked, and asked in the clear."""

    def __init__(self) -> None:
        self.encrypted: list[bool] = []

    def __call__(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return accepts(server, session, envelope, mechanism, data)


Speaks = Callable[[str, Certificate, Gate], str]


@pytest.fixture(params=["smtp", "smtps"])
def speaks(request: pytest.FixtureRequest, serve: Serve) -> Speaks:
    """A server that lets in only over TLS: after STARTTLS, or from the first byte. Tells the URL."""

    def _speaks(password: str, certificate: Certificate, gate: Gate) -> str:
        more = {"authenticator": gate, "auth_required": True}
        if request.param == "smtps":
            place = serve(ssl_context=certificate.serves, auth_require_tls=False, **more)
        else:
            place = serve(tls_context=certificate.serves, require_starttls=True, **more)
        return f"{request.param}://{USER}:{password}@{place}"

    return _speaks


RIGHT, WRONG = "kata%3Asandi%2F%40%25", "bukan-kata-sandi"


def by_tls(url: str) -> MailByServer:
    return MailByServer(MailServer.at(url), SENDER, seconds=5)


def test_over_tls_to_a_server_that_is_trusted_letters_go_out(
    office: Any, facts: SimpleNamespace, post: Post, speaks: Speaks,
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates["ours"].file))
    gate, fact = Gate(), hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_tls(speaks(RIGHT, certificates["ours"], gate))}).turn()
    assert state_of(office, fact) == ("terkirim", 1)
    assert gate.encrypted == [True] and len(post.taken) == 1


@pytest.mark.parametrize(("trusted", "shown"), [(None, "ours"), ("another", "another")])
def test_a_server_that_is_not_trusted_gets_neither_password_nor_letter(
    trusted: str | None, shown: str, office: Any, facts: SimpleNamespace, post: Post, speaks: Speaks,
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Either nobody vouches for it, or it is known and goes by another name."""
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates[trusted].file))
    gate, fact = Gate(), hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_tls(speaks(RIGHT, certificates[shown], gate))}).turn()
    assert state_of(office, fact) == ("menunggu", 1)
    assert not gate.encrypted and not post.taken
    (delivery,) = office.inbox.get(fact.id).deliveries
    for told in (delivery.problem.id, delivery.problem.en):
        assert "MUARA_NOTIFICATION_SMTP" in told and "SSL_CERT_FILE" in told
    assert "Sertifikat server surat tidak dipercaya" in delivery.problem.id


def test_over_tls_a_wrong_password_is_told_by_its_setting_and_the_letter_waits(
    office: Any, facts: SimpleNamespace, post: Post, speaks: Speaks,
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates["ours"].file))
    gate, fact = Gate(), hears_of_a_return(office, facts)
    office.worker(channels={"surat": by_tls(speaks(WRONG, certificates["ours"], gate))}).turn()
    assert state_of(office, fact) == ("menunggu", 1)
    assert gate.encrypted and all(gate.encrypted) and not post.taken
    (delivery,) = office.inbox.get(fact.id).deliveries
    assert "menolak nama pengguna atau kata sandi: 535" in delivery.problem.id
    for told in (delivery.problem.id, delivery.problem.en):
        assert "MUARA_NOTIFICATION_SMTP" in told and WRONG not in told


# --- the URL --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mailpit:1025", MailServer("mailpit", 1025)),
        ("smtp://surat.example", MailServer("surat.example", 25)),
        ("smtps://surat.example/", MailServer("surat.example", 465, tls=True)),
        ("smtp://u:p%40@surat.example:587", MailServer("surat.example", 587, False, True, "u", "p@")),
        ("smtp://surat.example?starttls=1", MailServer("surat.example", 25, starttls=True)),
        ("smtps://u:p@[::1]:2465", MailServer("::1", 2465, True, False, "u", "p")),
    ],
)
def test_a_url_says_where_and_how(url: str, server: MailServer) -> None:
    assert MailServer.at(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "http://surat.example",
        "smtp://",
        "smtp://u:rahasia@surat.example:pintu",
        "smtp://u:rahasia/x@surat.example:25x",
        "smtp://u:rahasia@",
        "smtps://u:rahasia@surat.example?starttls=1",
        "smtp://u:rahasia@surat.example?rahasia=1",
        "surat.example:25",
    ],
)
def test_a_url_that_is_none_is_one_sentence_without_its_password(url: str) -> None:
    with pytest.raises(ValueError) as error:
        MailServer.at(url)
    assert str(error.value).startswith("MUARA_NOTIFICATION_SMTP: ")
    assert "rahasia" not in str(error.value)


def test_a_password_is_never_shown() -> None:
    assert "rahasia" not in repr(MailServer.at("smtps://u:rahasia@surat.example"))


# --- which of the two -----------------------------------------------------------------------------------


def test_a_mail_server_takes_the_place_of_the_folder(office: Any) -> None:
    assert isinstance(letters(replace(office.settings, smtp="smtp://surat.example")), MailByServer)


def test_without_either_the_service_does_not_start(office: Any) -> None:
    with pytest.raises(SettingsError, match="MUARA_NOTIFICATION_OUTBOX dan MUARA_NOTIFICATION_SMTP"):
        letters(replace(office.settings, outbox=""))
