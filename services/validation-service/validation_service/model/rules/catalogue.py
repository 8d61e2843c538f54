"""A finding of a rule, told in the words of the table of rules."""

from __future__ import annotations

from muara_kernel.events.finding import Finding, Text
from validation_service.model.rules.table import RULES

LONGEST_VALUE = 100


def found(
    rule: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    **words: Text | str | int,
) -> Finding:
    """A finding of ``rule``; ``words`` fill its sentences, each in its own language where it is a Text."""
    the_rule = RULES[rule]
    shown = None if value is None else cut(value)
    column = None if column is None else cut(column)
    everything = {"row": row or "", "column": column or "", "value": shown or "", **words}
    id_ = {name: word.id if isinstance(word, Text) else word for name, word in everything.items()}
    en = {name: word.en if isinstance(word, Text) else word for name, word in everything.items()}
    message, hint = the_rule.message, the_rule.hint
    return Finding(
        rule=rule,
        principle=the_rule.principle,
        severity=the_rule.severity,
        legal=the_rule.legal,
        message=Text(message.id.format_map(id_), message.en.format_map(en)),
        hint=Text(hint.id.format_map(id_), hint.en.format_map(en)),
        row=row,
        column=column,
        value=shown,
    )


def cut(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
