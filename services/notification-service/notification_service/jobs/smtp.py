"""The channel of production: every letter handed to a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import parse_qsl, unquote, urlsplit

from muara_kernel.events import Text
from notification_service.jobs.mail import mail
from notification_service.model.channels import ChannelUnavailable, Letter, LetterRefused, OutcomeUnknown

SETTING = "MUARA_NOTIFICATION_SMTP"
SECONDS = 30.0
PORTS = {"smtp": 25, "smtps": 465}
TRUTHS = {"1": True, "true": True, "0": False, "false": False}
EXAMPLE = "smtp://user:password@host:587, or smtps://user:password@host:465"


@dataclass(frozen=True)
class MailServer:
    """``smtp[s]://[user:password@]host[:port][?starttls=0|1]``; user and password are percent-encoded.

    With a user, smtp means STARTTLS unless ``starttls=0`` says otherwise: no password goes out in the clear.
    """

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> MailServer:
        """Raises ValueError with a sentence that names the setting and holds nothing secret."""
        try:
            return cls._read(url)
        except ValueError as error:
            raise ValueError(f"{SETTING}: {error}; write {EXAMPLE}") from None

    @classmethod
    def _read(cls, url: str) -> MailServer:
        scheme, _, rest = url.partition("://")
        # Read from the right: what is wrong with a password must not be told as part of a host.
        place, _, query = rest.partition("?")
        userinfo, _, place = place.rstrip("/").rpartition("@")
        if scheme not in PORTS or "/" in place:
            raise ValueError("this is no URL of a mail server")
        parts = urlsplit(f"//{place}")
        if not parts.hostname:
            raise ValueError("it names no host")
        user, _, password = (unquote(part) for part in userinfo.partition(":"))
        said = dict(parse_qsl(query, keep_blank_values=True))
        starttls = TRUTHS.get(said.pop("starttls", "1" if user and scheme == "smtp" else "0"))
        if said or starttls is None or (starttls and scheme == "smtps"):
            raise ValueError("after the '?' there may only be starttls=0 or starttls=1, for smtp")
        return cls(parts.hostname, parts.port or PORTS[scheme], scheme == "smtps", starttls, user, password)


class MailByServer:
    """One connection for each letter. A letter whose answer is lost may come twice, under one Message-ID."""

    again_when_unknown = True

    def __init__(self, server: MailServer, sender: Address, *, seconds: float = SECONDS) -> None:
        self._server = server
        self._sender = sender
        self._seconds = seconds

    def deliver(self, letter: Letter) -> None:
        with self._connected() as smtp:
            _said(smtp.mail(self._sender.addr_spec), by_letter=False)
            _said(smtp.rcpt(letter.address))
            _said(smtp.docmd("DATA"), wanted=354)
            with _answer_may_be_lost():
                smtp.send(_dotted(mail(letter, self._sender)))
                answer = smtp.getreply()
            _said(answer)
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Whatever fails in here is nobody's letter's fault, but those that say so themselves."""
        try:
            with self._opened() as smtp:
                smtp.ehlo_or_helo_if_needed()
                if self._server.starttls:
                    smtp.starttls(context=ssl.create_default_context())
                if self._server.user:
                    smtp.login(self._server.user, self._server.password)
                yield smtp
        except smtplib.SMTPAuthenticationError as error:
            raise _not_let_in(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise _unavailable(error.smtp_code, error.smtp_error) from error
        except ssl.SSLCertVerificationError as error:
            raise _not_trusted(error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise _not_offered(error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _unreachable(error) from error

    def _opened(self) -> smtplib.SMTP:
        place, name = (self._server.host, self._server.port), self._sender.domain
        if not self._server.tls:
            return _Session(*place, local_hostname=name, timeout=self._seconds)
        context = ssl.create_default_context()
        return _SecureSession(*place, local_hostname=name, timeout=self._seconds, context=context)


class _LeavesQuietly:
    """smtplib asks to quit when a block is left, and waits for an answer from a server that may be gone."""

    def __exit__(self, *_: object) -> None:
        self.close()  # type: ignore[attr-defined]


class _Session(_LeavesQuietly, smtplib.SMTP):
    pass


class _SecureSession(_LeavesQuietly, smtplib.SMTP_SSL):
    pass


def _said(answer: tuple[int, bytes], *, wanted: int = 250, by_letter: bool = True) -> None:
    """Go on, or raise what the answer means. A refused sender is our set-up's fault, not the letter's."""
    code, words = answer
    if code == wanted or (wanted == 250 and code == 251):
        return
    if by_letter and 500 <= code < 600:
        told = _words(words)
        raise LetterRefused(
            Text(
                f"Server surat menolak surat ini: {code} {told}",
                f"The mail server refuses this letter: {code} {told}",
            )
        )
    raise _unavailable(code, words)


@contextmanager
def _answer_may_be_lost() -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise OutcomeUnknown(
            Text(
                "Server surat tidak menjawab setelah surat diserahkan.",
                "The mail server did not answer after the letter was handed over.",
            )
        ) from error


def _dotted(data: bytes) -> bytes:
    return data.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n") + b"\r\n.\r\n"


def _unavailable(code: int, words: bytes | str) -> ChannelUnavailable:
    told = _words(words)
    return ChannelUnavailable(
        Text(
            f"Server surat belum mau menerima: {code} {told}",
            f"The mail server takes nothing yet: {code} {told}",
        )
    )


def _not_let_in(code: int, words: bytes | str) -> ChannelUnavailable:
    told = _words(words)
    return ChannelUnavailable(
        Text(
            f"Server surat menolak nama pengguna atau kata sandi: {code} {told}; periksa {SETTING}.",
            f"The mail server refuses the user or the password: {code} {told}; check {SETTING}.",
        )
    )


def _not_trusted(error: ssl.SSLCertVerificationError) -> ChannelUnavailable:
    return ChannelUnavailable(
        Text(
            f"Sertifikat server surat tidak dipercaya ({error.verify_message}); tidak ada yang dikirim."
            f" Periksa host dalam {SETTING}, atau sebut CA-nya dalam SSL_CERT_FILE.",
            f"The mail server's certificate is not trusted ({error.verify_message}); nothing was sent."
            f" Check the host in {SETTING}, or name its CA in SSL_CERT_FILE.",
        )
    )


def _not_offered(error: smtplib.SMTPNotSupportedError) -> ChannelUnavailable:
    """No STARTTLS, or no way to sign in."""
    told = _words(str(error))
    return ChannelUnavailable(
        Text(
            f"Server surat tidak mendukung yang diminta {SETTING}: {told} Tidak ada yang dikirim.",
            f"The mail server does not support what {SETTING} asks for: {told} Nothing was sent.",
        )
    )


def _unreachable(error: Exception) -> ChannelUnavailable:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return ChannelUnavailable(
        Text(
            f"Server surat dalam {SETTING} tidak terjangkau: {reason}.",
            f"The mail server in {SETTING} cannot be reached: {reason}.",
        )
    )


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200]
