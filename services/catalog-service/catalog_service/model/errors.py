"""What the catalog refuses, and what the one who asked can do about it."""

from __future__ import annotations

from muara_kernel.events import Text


class UnknownSubmission(Exception):
    """Nothing about this submission has reached the catalog (yet)."""


class AlreadyDecided(Exception):
    """The submission does not wait for a decision any more; ``state`` is what became of it."""

    def __init__(self, submission: str, state: str) -> None:
        super().__init__(f"{submission} is {state}")
        self.state = state


class DecidedUnseen(Exception):
    """The edition changed after the walidata looked at what waits: nobody has seen what is there."""


class ReasonMissing(Exception):
    """What goes back to its OPD goes back with a reason."""


class UnfitEntry(Exception):
    """An OPD or dataset cannot be registered like this; ``field`` is the one to change."""

    def __init__(self, code: str, field: str, sentence: Text) -> None:
        super().__init__(f"{code}: {sentence.en}")
        self.code = code
        self.field = field
        self.sentence = sentence
