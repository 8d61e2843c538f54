"""How ``muara codelists`` finds the service, and how it tells what the service refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from muara.codelist_files import BadFile, Entry
from muara.http import Door, Refused

PATIENCE = 10.0
LINE = re.compile(r"^baris (\d+)(?:, kolom (\w+))?$")

MakeDoor = Callable[[], Door]

existing = click.Path(exists=True, dir_okay=False, path_type=Path)


def with_door(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which service is meant; the command is given its ``door``, not opened yet."""

    @click.option(
        "--data",
        type=click.Path(path_type=Path),
        default=Path("var/lumajang"),
        show_default=True,
        help="directory in which muara up runs; it tells the address and the token",
    )
    @click.option("--validation", help="address of validation's web, instead of that of muara up")
    @click.option("--token-file", type=existing, help="holds the desk token, instead of that of muara up")
    @wraps(command)
    def connected(data: Path, validation: str | None, token_file: Path | None, **given: Any) -> None:
        command(partial(_door, data, validation, token_file), **given)

    return connected


def _door(data: Path, validation: str | None, token_file: Path | None) -> Door:
    """The token of muara up is for muara up: nobody else is shown it."""
    if validation is None:
        addresses, token_file = data / "run" / "addresses.json", token_file or data / "secrets" / "desk-token"
        if not addresses.exists():
            words = f"{data}: muara up belum berjalan / is not running; --data, --validation"
            raise click.ClickException(words)
        validation = json.loads(addresses.read_text())["validation-web"]
    return Door(validation, token_file.read_text().strip() if token_file else None, PATIENCE)


@contextmanager
def told_in_a_sentence(entries: Sequence[Entry] = ()) -> Iterator[None]:
    """What people can do something about ends the command with its words, and code 1."""
    try:
        yield
    except Refused as refused:
        raise click.ClickException(_why(refused, entries)) from refused
    except (BadFile, OSError) as error:
        raise click.ClickException(str(error)) from error


def _why(refused: Refused, entries: Sequence[Entry]) -> str:
    """The refusal, each place named by the file and line that it came from."""
    errors = refused.body.get("errors", []) if isinstance(refused.body, dict) else []
    lines = [f"  {_origin(str(each.get('field')), entries)}: {each.get('message')}" for each in errors]
    return "\n".join([str(refused), *lines])


def _origin(place: str, entries: Sequence[Entry]) -> str:
    line = LINE.match(place)
    if not line or not 2 <= int(line[1]) < len(entries) + 2:
        return place
    origin = entries[int(line[1]) - 2].origin
    return f"{origin}, {line[2]}" if line[2] else origin
