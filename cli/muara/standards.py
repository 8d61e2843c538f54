"""``muara standards``: a standard to begin with, from a sample file or from a plain Table Schema."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:  # polars starts threads when it is imported, and other commands start processes
    from validation_service.model.codelists.codelist import Codelist
    from validation_service.model.proposal.propose import Proposal

PARTS = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")
existing = click.Path(exists=True, dir_okay=False, path_type=Path)
out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="write the standard here  [default: print it]",
)
all_option = click.option(
    "--json", "as_json", is_flag=True, help="standard, notes and what is to be filled in"
)


@click.group()
def standards() -> None:
    """Standar data: propose from a sample, import a Table Schema."""


@standards.command()
@click.argument("file", type=existing)
@click.option("--sheet", help="of a workbook  [default: the first]")
@click.option("--codelist", "lists", multiple=True, metavar="ID=FILE.csv", help="looked through; repeatable")
@out_option
@all_option
def propose(file: Path, sheet: str | None, lists: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Propose a standard from FILE (CSV, XLSX, XLS, ODS, JSON …), to be read and corrected by a person.

    What is marked "ISI:" has to be written before the standard is accepted.
    """
    from validation_service.model.proposal.propose import propose as proposed
    from validation_service.model.reading.grid import Unreadable

    codelists = dict(_codelist(each) for each in lists)
    try:
        proposal = proposed(file.read_bytes(), filename=file.name, sheet=sheet, codelists=codelists)
    except Unreadable as error:
        message = error.finding.message
        raise click.ClickException(f"{file}: {message.id} / {message.en}") from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    _hand_over(proposal, out, as_json)


@standards.command(name="import")
@click.argument("schema", type=existing)
@click.option("--konsep", default="")
@click.option("--definisi", default="")
@click.option("--klasifikasi", default="")
@click.option("--ukuran", default="")
@click.option("--satuan", default="")
@out_option
@all_option
def import_(schema: Path, out: Path | None, as_json: bool, **parts: str) -> None:
    """Make a standard of SCHEMA, a Frictionless Table Schema; what is not checked here is named."""
    from validation_service.model.proposal.imported import imported

    try:
        document = json.loads(schema.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError, OSError) as error:
        raise click.ClickException(f"{schema}: bukan JSON / no JSON: {str(error)[:200]}") from error
    _hand_over(imported(document, {part: text for part, text in parts.items() if text.strip()}), out, as_json)


def _codelist(given: str) -> tuple[str, Codelist]:
    from validation_service.model.codelists.codelist import Codelist
    from validation_service.model.codelists.problems import BadCodelist

    id_, _, path = given.partition("=")
    if not id_ or not Path(path).is_file():
        raise click.BadParameter(f"{given}: ID=FILE.csv; berkas tidak ada / there is no such file")
    try:
        return id_, Codelist.from_csv(id_, Path(path).name, Path(path).read_bytes())
    except BadCodelist as error:
        raise click.ClickException(f"{path}: {error}") from error


def _hand_over(proposal: Proposal, out: Path | None, as_json: bool) -> None:
    """The document to where it was asked for, what people must know of it to stderr."""
    told: Mapping[str, Any] = proposal.told() if as_json else proposal.standard
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    console = Console(stderr=True, highlight=False)
    for note in proposal.notes:
        mark = "[bold yellow]ISI[/]" if note.fill_in else "[dim]···[/]"
        words = f"{mark} {escape(note.place)}: {escape(note.text.id)} / {escape(note.text.en)}"
        console.print(words, soft_wrap=True)
