"""Whether a pattern of a standard is so plain that one sees what it cannot match."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"\\(?P<escaped>[-.+*?()\[\]{}^$/@_]|d)"
    r"|\[(?P<set>-?(?:[a-z](?:-[a-z])?|[A-Z](?:-[A-Z])?|[0-9](?:-[0-9])?|\\[-./+]|[._@/+](?!-[^\]]))+-?)\]"
    r"|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<times>[*+?]\??|\{[0-9]+(?:,[0-9]*)?\})"
    r"|(?P<letter>[A-Za-z0-9_@/-])"
)
_EXACT = re.compile(r"\{[0-9]+\}")
MOST_VAGUE = 2


def without_ends(pattern: str) -> str:
    """The pattern speaks of the whole value anyway."""
    return pattern.removeprefix("^") if not pattern.endswith("$") else _without_end(pattern.removeprefix("^"))


def is_plain(pattern: str, delimiter: str) -> bool:
    """Made of letters, digits and a few signs only, none of them a space or the delimiter."""
    read = "".join(token[0] for token in _tokens(pattern))
    return read == pattern and delimiter not in "-./+@_" and _compiles(pattern)


def excludes_totals(pattern: str) -> bool:
    """A digit or sign that no totals row has must occur in whatever a plain pattern matches."""
    return _needs(pattern, re.compile(r"[A-Za-z/ :-]"))


def needs_a_sign(pattern: str) -> bool:
    """The same, but of signs alone: what it matches is no number."""
    return _needs(without_ends(pattern), re.compile(r"[A-Za-z0-9/ :-]"))


def is_quick(pattern: str) -> bool:
    """Also for an engine that tries one way after the other, as Python's does."""
    tokens = list(_tokens(without_ends(pattern)))
    vague = [token for token in tokens if token["times"] and not _EXACT.fullmatch(token["times"])]
    return len(vague) <= MOST_VAGUE and not any(token["open"] for token in tokens)


def _needs(pattern: str, common: re.Pattern[str]) -> bool:
    tokens = list(_tokens(pattern))
    depth, sure = 0, False
    for n, token in enumerate(tokens):
        depth += bool(token["open"]) - bool(token["close"])
        if depth == 0 and token["or"]:
            return False
        times = tokens[n + 1]["times"] if n + 1 < len(tokens) else None
        if depth == 0 and not (times or "").startswith(("*", "?", "{0")):
            sure = sure or _has_only_others(token, common)
    return sure


def _has_only_others(token: re.Match[str], common: re.Pattern[str]) -> bool:
    if token["escaped"] == "d":
        return not common.match("0")
    single = token["escaped"] or token["letter"]
    if single:
        return not common.match(single)
    letters = re.sub(r"\\(.)", r"\1", token["set"] or "")
    ranges = re.sub(r"([a-zA-Z0-9])-([a-zA-Z0-9])", r"\1\2", letters)
    return bool(ranges) and not common.search(ranges)


def _tokens(pattern: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(pattern) and (token := _TOKEN.match(pattern, place)):
        yield token
        place = token.end()


def _without_end(pattern: str) -> str:
    return pattern if pattern.endswith("\\$") else pattern[:-1]


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
