"""People read a word for each verdict, severity and principle there is."""

from __future__ import annotations

from typing import get_args

from muara_kernel.events import words
from muara_kernel.events.finding import PRINCIPLES, SEVERITIES
from muara_kernel.events.submission import Verdict


def test_every_closed_word_has_its_name_in_both_languages() -> None:
    assert tuple(words.PRINCIPLES) == PRINCIPLES
    assert tuple(words.SEVERITIES) == SEVERITIES
    assert tuple(words.VERDICTS) == get_args(Verdict)
