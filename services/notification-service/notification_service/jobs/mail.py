"""A letter as a mail: RFC 5322, both languages, the same letter always the same bytes."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from notification_service.model.channels import Letter
from notification_service.model.recipients import usable
from notification_service.model.wording import one_line


def mail(letter: Letter, sender: Address) -> bytes:
    """The bytes of the mail. Nothing in a title or a name can become a header of its own."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = address(letter.address)
    message["Subject"] = one_line(letter.title.id, 200)
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Muara-Alert"] = one_line(letter.alert)
    message["X-Muara-Submission"] = one_line(letter.submission)
    message.set_content(both_languages(letter), charset="utf-8", cte="quoted-printable")
    # After the content: setting it takes every Content-* header away.
    message["Content-Language"] = "id, en"
    return message.as_bytes()


def both_languages(letter: Letter) -> str:
    return f"{letter.text.id}\n\n—\n\n{letter.title.en}\n\n{letter.text.en}\n"


def address(plain: str, name: str = "") -> Address:
    """Raises ValueError for what is no plain address."""
    if not usable(plain):
        raise ValueError(f"{plain!r} is no mail address")
    return Address(display_name=one_line(name, 100), addr_spec=plain)
