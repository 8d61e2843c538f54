"""The channel of the embedded mode: every letter a file, for people or a mail program to take."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from email.headerregistry import Address
from pathlib import Path
from tempfile import mkstemp

from muara_kernel.events import Text
from notification_service.jobs.mail import mail
from notification_service.model.channels import ChannelUnavailable, Letter

TEMPORARY = ".tmp"
STALE = 3600.0


class OutboxFolder:
    """Writes each letter under the name of its Message-ID: written again, it is the same file."""

    again_when_unknown = True

    def __init__(self, folder: Path, sender: Address) -> None:
        self._folder = folder
        self._sender = sender

    def deliver(self, letter: Letter) -> None:
        """The file is there whole, or not at all."""
        try:
            self._write(f"{safe(letter.message_id)}.eml", mail(letter, self._sender))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problem = Text(
                f"MUARA_NOTIFICATION_OUTBOX: kotak keluar {self._folder} tidak dapat ditulis: {reason}.",
                f"MUARA_NOTIFICATION_OUTBOX: the outbox {self._folder} cannot be written: {reason}.",
            )
            raise ChannelUnavailable(problem) from error

    def tidy(self) -> None:
        """Remove the unfinished files of processes that were killed a good while ago."""
        limit = time.time() - STALE
        with suppress(OSError):
            for left in self._folder.glob(f".*{TEMPORARY}"):
                if left.stat().st_mtime < limit:
                    left.unlink(missing_ok=True)

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # A name of its own for each try: a frozen process that wakes up must not write into our file.
        descriptor, temporary = mkstemp(prefix=".", suffix=TEMPORARY, dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o640)
                os.fsync(file.fileno())
            Path(temporary).replace(self._folder / name)
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
        _sync(self._folder)


def safe(message_id: str) -> str:
    """A Message-ID as the name of a file."""
    return re.sub(r"[^A-Za-z0-9@._-]", "_", message_id).lstrip(".")[:200]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
