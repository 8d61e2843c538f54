"""What people read of ``muara check``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.markup import escape

from muara_kernel.events import Finding, Text
from muara_kernel.events.words import PRINCIPLES, SEVERITIES, VERDICTS

if TYPE_CHECKING:
    from validation_service.model.report import Report

SHOWN = 5
"""Findings of one rule that are told; all of them are counted, and the JSON has more."""
MOST_PROBLEMS = 50
COLOURS = {"lulus": "green", "gagal": "red", "galat": "red", "peringatan": "yellow"}


class Place(Protocol):
    @property
    def place(self) -> str: ...

    @property
    def text(self) -> Text: ...


def refused(path: Path, problems: Iterable[Place]) -> str:
    """All that keeps a file from being used, each at its place."""
    told = [f"  {each.place}: {each.text.id} / {each.text.en}" for each in problems]
    more = [f"  … {len(told) - MOST_PROBLEMS}"] if len(told) > MOST_PROBLEMS else []
    return "\n".join([f"{path}: tidak dapat dipakai / cannot be used", *told[:MOST_PROBLEMS], *more])


def print_report(console: Console, report: Report) -> None:
    say = _saying(console)
    say(f"Putusan / verdict: {_both(VERDICTS, report.verdict)}")
    for principle, verdict in report.principles.items():
        say(f"  {escape(_plain(PRINCIPLES, principle)):<38} {_both(VERDICTS, verdict)}")
    say(
        f"{report.rows} baris / rows, {report.columns} kolom / columns; "
        f"{report.errors} galat / errors, {report.warnings} peringatan / warnings"
    )
    told: dict[str, list[Finding]] = {}
    for finding in report.first(len(report.findings)):
        told.setdefault(finding.rule, []).append(finding)
    for rule, findings in told.items():
        count = report.counts.get(rule, len(findings))
        first = findings[0]
        say(f"\n{_both(SEVERITIES, first.severity)} [bold]{rule}[/bold] × {count}  ({escape(first.legal)})")
        shown = findings[:SHOWN]
        for finding, follower in zip_longest(shown, shown[1:]):
            say(f"  {_where(finding)}{escape(finding.message.id)}")
            say(f"    {escape(finding.message.en)}")
            if follower is None or follower.hint != finding.hint:
                say(f"    → {escape(finding.hint.id)}")
                say(f"      {escape(finding.hint.en)}")
        if count > len(shown):
            say(f"  … {count - len(shown)} lagi / more")


def _where(finding: Finding) -> str:
    parts = [
        f"baris {finding.row}" if finding.row is not None else "",
        f"kolom {finding.column}" if finding.column is not None else "",
    ]
    return escape(", ".join(part for part in parts if part) + ": ") if any(parts) else ""


def _plain(words: Mapping[str, Text], name: str) -> str:
    return f"{words[name].id} / {words[name].en}" if name in words else name


def _both(words: Mapping[str, Text], name: str) -> str:
    colour = COLOURS.get(name)
    plain = escape(_plain(words, name))
    return f"[{colour}]{plain}[/{colour}]" if colour else plain


class Say(Protocol):
    def __call__(self, line: str) -> None: ...


def _saying(console: Console) -> Say:
    """Lines that are not folded where nobody reads them in a window; control characters stay harmless."""

    def say(line: str) -> None:
        shown = "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in line)
        console.print(shown, highlight=False, soft_wrap=True)

    return say
