"""Every rule can be told, in both languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from validation_service.model.rules.catalogue import found
from validation_service.model.rules.table import RULES, Rule


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_speaks_both_languages_and_needs_the_same_words_in_each(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{2}-[0-9]{2}", rule.code) and rule.legal
    for text in (rule.message, rule.hint):
        assert text.id and text.en
        assert _words(text.id) == _words(text.en)
    told = found(rule.code, row=2, **dict.fromkeys(_words(rule.message.id + rule.hint.id) - OWN, "x"))
    assert told.severity == rule.severity and told.legal == rule.legal


OWN = {"row", "column", "value"}


def _words(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
