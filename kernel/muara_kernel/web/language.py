"""Which of the two languages the one who asks reads best: Bahasa Indonesia unless English is preferred."""

from __future__ import annotations

from typing import Literal

from flask import has_request_context, request

from muara_kernel.events.finding import Text

Language = Literal["id", "en"]

_SPOKEN: dict[str, Language] = {"id": "id", "in": "id", "en": "en"}


def language() -> Language:
    """The language of the current request; Bahasa Indonesia outside of one."""
    if not has_request_context():
        return "id"
    # Not werkzeug's best_match: for "en-US, id;q=0.8" it answers the lower ranked but exact "id".
    for wanted, quality in request.accept_languages:
        spoken = _SPOKEN.get(wanted.lower().split("-")[0])
        if spoken and quality > 0:
            return spoken
    return "id"


def say(text: Text) -> str:
    """The sentence in the language of the current request."""
    return text.en if language() == "en" else text.id
