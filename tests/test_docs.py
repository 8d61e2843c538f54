"""The pages say what the code says: settings, failpoints, paths, commands, links."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muara.command import command
from muara.contracts import BEGIN, END
from muara.place import FIRST_PORT, SERVICES
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.documents.connect import connect as connect_documents
from muara_kernel.payloads.connect import connect as connect_payloads
from muara_kernel.settings import NOT_OURS, SettingsError, Shared, read

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
CODE = [path for part in ("kernel", "services", "cli") for path in (ROOT / part).rglob("*.py")]
TOP = "services|kernel|cli|examples|tests|docs|deploy|contracts|benchmarks"

LINK = re.compile(r"\]\((?!https?://)(?P<target>[^)#\s]+)[^)]*\)")
PATH = re.compile(rf"`(?P<path>(?:{TOP})/[\w./-]*)`")
ROW = re.compile(r"^\| `(?P<name>[\w.]+)` \|(?P<cells>.*)\|$", re.MULTILINE)
FENCED = re.compile(r"```.*?```", re.DOTALL)


def rows(page: str) -> dict[str, list[str]]:
    """The rows of a page's tables that begin with a name."""
    found = ROW.finditer((ROOT / page).read_text())
    return {row["name"]: [cell.strip() for cell in row["cells"].split(" | ")] for row in found}


def settings_classes() -> Iterator[type[Any]]:
    yield Shared
    for service in SERVICES:
        yield importlib.import_module(f"{service}_service.settings").Settings


def settings() -> dict[str, dataclasses.Field[Any]]:
    return {field.metadata["name"]: field for cls in settings_classes() for field in dataclasses.fields(cls)}


def failpoints() -> set[str]:
    """Every name that the code says it reached."""
    names = set()
    for path in CODE:
        if "tests" in path.relative_to(ROOT).parts or "failpoints." not in (text := path.read_text()):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "failpoints.reached":
                assert isinstance(node.args[0], ast.Constant), f"{path}: name it here"
                names.add(str(node.args[0].value))
    return names


def test_every_setting_in_code_is_in_the_page_and_the_reverse() -> None:
    told = {name for name in rows("docs/settings.md") if name.startswith("MUARA_")}
    assert told == set(settings()) | NOT_OURS


@pytest.mark.parametrize("name", sorted(settings()))
def test_the_page_tells_the_default_that_the_code_has(name: str) -> None:
    default, told = settings()[name].default, rows("docs/settings.md")[name][-1]
    if default is dataclasses.MISSING:
        assert told == "must be set"
    elif default == "":
        assert told.startswith("empty")
    else:
        assert told == f"`{default}`"


def _names(cls: type[Any]) -> set[str]:
    return {field.metadata["name"] for field in dataclasses.fields(cls)}


NUMBERS = sorted(name for name, field in settings().items() if field.type in ("int", "float"))


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_below_zero_is_refused_and_so_is_a_zero_that_stops_all(name: str) -> None:
    cls = next(each for each in settings_classes() if name in _names(each))
    least = {
        field.metadata["name"]: "35.08" if field.name == "region" else "x"
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING
    }
    for raw in ("-1",) if name == "MUARA_TRUSTED_PROXIES" else ("-1", "0", "0.0", "nan"):
        with pytest.raises(SettingsError, match=f"^{name} tidak dapat dipakai / cannot be used"):
            read(cls, least | {name: raw})


def urls_told(name: str) -> list[str]:
    told = re.findall(rf"^{name}=(.*)$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert told
    return told


def test_the_urls_of_production_are_such_as_the_adapters_take(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    for url in urls_told("MUARA_BUS"):
        Brokers.at(url.replace("/etc/muara/", f"{tmp_path}/"))
    for url in urls_told("MUARA_DOCUMENTS"):
        connect_documents(url).close()
    for url in urls_told("MUARA_PAYLOADS"):
        connect_payloads(url).close()


@pytest.mark.parametrize("page", ["README.md", "docs/guides/ops.md"])
def test_on_a_fresh_clone_the_command_is_installed_before_it_is_called(page: str) -> None:
    for block in FENCED.findall((ROOT / page).read_text()):
        if ".venv/bin/muara" in block and "docker compose" in block:
            assert "make install" in block.partition(".venv/bin/muara")[0]


def test_the_topics_come_before_the_new_workers_and_each_worker_before_its_web() -> None:
    upgrading = (ROOT / "docs/guides/ops.md").read_text().partition("\n## Memutakhirkan")[2]
    (block, *_) = FENCED.findall(upgrading)
    steps = ["docker compose build", "run --rm topics", "--wait $service-worker", "--wait $service-web"]
    assert [block.index(step) for step in steps] == sorted(block.index(step) for step in steps)


def test_what_was_restored_is_loaded_again() -> None:
    restoring = (ROOT / "docs/guides/ops.md").read_text().partition("\n## Memulihkan")[2]
    (block, *_) = FENCED.findall(restoring)
    assert "muara load" in block.rpartition("docker compose up -d")[2]


def test_every_failpoint_in_code_is_in_the_page_and_the_reverse() -> None:
    assert {name for name in rows("docs/delivery.md") if "." in name} == failpoints()


@pytest.mark.parametrize("name", sorted(failpoints()))
def test_a_test_kills_at_every_failpoint_where_the_page_says(name: str) -> None:
    place = ROOT / rows("docs/delivery.md")[name][-1].strip("`")
    files = [place] if place.is_file() else sorted(place.rglob("test_*.py"))
    assert [file for file in files if name in file.read_text()], f"no test under {place} names {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.finditer(FENCED.sub("", page.read_text())):
        assert (page.parent / link["target"]).exists(), link["target"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_named_is_there(page: Path) -> None:
    for path in PATH.finditer(page.read_text()):
        assert (ROOT / path["path"]).exists(), path["path"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_named_is_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = re.findall(r"`make ([a-z]+)[` ]|^make ([a-z]+)", page.read_text(), re.MULTILINE)
    assert {first or second for first, second in told} <= targets


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_the_subcommands_told_are_those_there_are(page: str) -> None:
    (told,) = re.findall(r"(?:`muara` command|\*\*muara\*\*): ([^|\n]*)", (ROOT / page).read_text())
    assert set(re.findall(r"`([a-z-]+)`", told)) == set(command.commands)


def test_the_pages_name_the_ports_of_make_up() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    web, worker = (
        " | ".join(str(FIRST_PORT + first + number) for number in range(len(SERVICES))) for first in (0, 4)
    )
    assert f"| web | {web} |" in text
    assert f"health and metrics | {worker} |" in text
    assert set(re.findall(r"http://127\.0\.0\.1:(\d+)", (ROOT / "README.md").read_text())) == set(
        web.split(" | ")
    )


def test_the_architecture_has_one_place_for_the_picture() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    assert text.count(BEGIN) == text.count(END) == 1


def test_the_error_about_an_unknown_setting_names_a_page_that_is_there() -> None:
    text = (ROOT / "kernel/muara_kernel/settings.py").read_text()
    assert "see docs/settings.md" in text
    assert (ROOT / "docs/settings.md").exists()


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_fits_one_screen_and_has_its_three_parts(record: Path) -> None:
    lines = record.read_text().splitlines()
    assert lines[0].startswith(f"# {record.name[:4]} ")
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequences",
    ]
    assert 15 <= len(lines) <= 25
