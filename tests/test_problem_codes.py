"""The codes that programs of senders look at: one language, all of them in the guide, none that is gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from muara_kernel.web import sentences
from muara_kernel.web.sentences import Refusal, refusal

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs/guides/problems.md").read_text()
ROW = re.compile(r"^\| `(?P<code>[^`]+)` \| (?P<statuses>[\d, ]+) \| (?P<advice>.+) \|$", re.MULTILINE)
SAYS_A_CODE = {"Problem": 1, "UnfitEntry": 0, "unfit": 0, "unacceptable": 0}
"""Which argument of a call is a code; ``_problem`` and the like hand on what another says."""
HANDED_ON = {"code", "error.code", "words.code", "INVALID_JSON.code", "refusal(413).code"}
STATUS_OF = {"INTERNAL": 500, "UNAVAILABLE": 503, "FULL": 503, "TOO_LARGE_TO_KEEP": 413, "INVALID_JSON": 400}
"""Words with a name of their own, and what they are said with."""

Said = tuple[str, int | None]


def sources() -> Iterator[Path]:
    for part in (ROOT / "kernel/muara_kernel/web", *sorted((ROOT / "services").glob("*/*_service"))):
        yield from part.rglob("*.py")


def said_in(path: Path) -> Iterator[Said]:
    """Each code with its status, where it is written beside it."""
    text = path.read_text()
    if not re.search(r"muara_kernel\.web|UnfitEntry|^class Problem", text, re.MULTILINE):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or (place := SAYS_A_CODE.get(ast.unparse(node.func))) is None:
            continue
        code = node.args[place]
        if isinstance(code, ast.Constant):
            status = node.args[0].value if place else None  # type: ignore[attr-defined]
            yield str(code.value), status
        else:
            assert ast.unparse(code) in HANDED_ON, f"{path}: {ast.unparse(node)} hides its code"


def said() -> set[Said]:
    """Of a status with no words of its own, those of 400 and of 500 are taken."""
    others = {refusal(499), refusal(599)}
    by_http = {(words.code, status) for status in range(400, 600) if (words := refusal(status)) not in others}
    named = {name: words for name, words in vars(sentences).items() if isinstance(words, Refusal)}
    assert named.keys() - {"_OURS", "_YOURS"} == STATUS_OF.keys()
    ours = {(named[name].code, status) for name, status in STATUS_OF.items()}
    return by_http | ours | {(refusal(400).code, 400)} | {one for path in sources() for one in said_in(path)}


def told() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in ROW.finditer(GUIDE):
        found.setdefault(row["code"], set()).update(map(int, row["statuses"].split(", ")))
    return found


def test_every_code_that_is_said_is_in_the_guide_and_the_reverse() -> None:
    assert {code for code, _ in said()} == set(told())


def test_the_guide_tells_the_status_that_goes_with_a_code() -> None:
    assert [(code, status) for code, status in said() if status and status not in told()[code]] == []


@pytest.mark.parametrize("code", sorted(told()))
def test_a_code_is_lower_case_with_hyphens_and_no_english(code: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    english = "not|found|too|wrong|missing|invalid|already|unknown|large|many|no|bad|required|such"
    assert not re.search(rf"(^|-)({english})(-|$)", code)


def test_the_proxy_says_codes_of_ours() -> None:
    proxy = (ROOT / "deploy/proxy/nginx.conf").read_text()
    codes = re.findall(r'return (\d+) \'{"type":"urn:muara:masalah:([a-z-]+)".*"code":"([a-z-]+)"}', proxy)
    assert codes
    assert [(kind, code) for _, kind, code in codes] == [(refusal(int(each[0])).code,) * 2 for each in codes]
