"""``muara codelists``: bring code lists in from files, and look at what is there and what changed."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from muara import codelist_printing as printing
from muara.codelist_bridging import Bridged, bridge
from muara.codelist_files import LEVELS, Columns, read_list, read_wilayah, to_csv
from muara.codelist_options import MakeDoor, existing, told_in_a_sentence, with_door
from muara.http import Door
from muara.printing import console_for_table


@click.group()
def codelists() -> None:
    """Kode referensi: import, show, diff."""


# --- import -----------------------------------------------------------------------------------------


@codelists.command(name="import")
@click.argument("codelist", metavar="LIST")
@click.argument("file", type=existing, required=False)
@click.option("--provinces", type=existing, help="provinces.csv of idn-area-data: code,name")
@click.option("--regencies", type=existing, help="regencies.csv: code,province_code,name")
@click.option("--districts", type=existing, help="districts.csv: code,regency_code,name")
@click.option("--villages", type=existing, help="villages.csv: code,district_code,name")
@click.option(
    "--bridging", type=existing, multiple=True, help="kode_bps,nama_bps,kode_dagri,nama_dagri; repeatable"
)
@click.option("--code", help="column of the codes in FILE  [default: kode or code]")
@click.option("--name", help="column of the names  [default: nama or name]")
@click.option("--parent", help="column of the codes above  [default: induk or parent, if there]")
@click.option("--version", required=True, help="what this version of the list is called")
@click.option("--decree", required=True, help="the keputusan or peraturan that it follows from")
@click.option("--valid-from", required=True, metavar="YYYY-MM-DD", help="first day on which it is in force")
@click.option("--valid-until", metavar="YYYY-MM-DD", help="last day; without it there is no end")
@click.option("--title", help="what people call the list")
@click.option("--source", help="where the entries are from  [default: names of the files]")
@click.option(
    "--unmatched", type=click.Path(path_type=Path), help="write all that did not match to this CSV file"
)
@with_door
def import_(
    door: MakeDoor,
    codelist: str,
    file: Path | None,
    bridging: tuple[Path, ...],
    code: str | None,
    name: str | None,
    parent: str | None,
    unmatched: Path | None,
    **told: Any,
) -> None:
    """Adopt a code list from FILE, or the wilayah from a file for each level; again changes nothing.

    \b
    muara codelists import wilayah-kemendagri --provinces … --regencies … --districts … --villages …
      --bridging … --version … --decree … --valid-from …
    muara codelists import satuan satuan.csv --code kode --name nama --version … --decree … --valid-from …
    """
    levels = {level: told.pop(level) for level in LEVELS if told.get(level)}
    if bool(levels) == bool(file):
        raise click.UsageError(
            "Sebutkan FILE, atau berkas tingkat wilayah (--provinces …) / name FILE, or files of levels."
        )
    console = Console()
    with told_in_a_sentence():
        columns = Columns(code or "", name or "", parent or "")
        read = read_wilayah(levels) if levels else read_list(Path(str(file)), columns)
        bridged = bridge(read, bridging)
    files = [*levels.values(), *([file] if file else []), *bridging]
    about = {
        "title": told["title"] or ("Kode wilayah administrasi" if levels else codelist.replace("-", " ")),
        "source": told["source"] or ", ".join(path.name for path in files),
        **{each: told[each] for each in ("version", "decree", "valid_from", "valid_until") if told[each]},
    }
    with told_in_a_sentence(bridged.entries):
        answer = door().put_csv(f"/v1/codelists/{codelist}", about, to_csv(bridged.entries))
    printing.print_imported(console, answer, bridged, bool(bridging))
    if unmatched:
        _write_unmatched(unmatched, bridged)


def _write_unmatched(path: Path, bridged: Bridged) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(("sebab", "kode", "nama", "kode_bps", "nama_bps", "asal"))
        writer.writerows(printing.unmatched_rows(bridged))


# --- show, diff ---------------------------------------------------------------------------------------

as_json = click.option("--json", "as_json", is_flag=True, help="as the service tells it")


@codelists.command()
@click.argument("codelist", metavar="[LIST]", required=False)
@as_json
@with_door
def show(door: MakeDoor, codelist: str | None, as_json: bool) -> None:
    """The revisions of a list and which is in force today; without LIST, all lists."""
    with told_in_a_sentence():
        items = door().get(f"/v1/codelists/{codelist}/revisions")["items"] if codelist else _all(door())
    if as_json:
        _print_json(items)
    else:
        printing.print_revisions(console_for_table(), items)


def _all(door: Door) -> list[Any]:
    items: list[Any] = []
    after = ""
    while after is not None:
        page = door.get(f"/v1/codelists?limit=1000&after={after}")
        items, after = items + page["items"], page["next"]
    return items


@codelists.command()
@click.argument("codelist", metavar="LIST")
@click.option("--from", "earlier", type=int, help="revision  [default: the one before]")
@click.option("--to", "later", type=int, help="revision  [default: the newest]")
@as_json
@with_door
def diff(door: MakeDoor, codelist: str, earlier: int | None, later: int | None, as_json: bool) -> None:
    """What was added, removed, renamed and moved between two revisions of a list."""
    asked = {"from": earlier, "to": later}
    query = "&".join(f"{name}={revision}" for name, revision in asked.items() if revision is not None)
    with told_in_a_sentence():
        told = door().get(f"/v1/codelists/{codelist}/diff?{query}")
    if as_json:
        _print_json(told)
    else:
        printing.print_difference(console_for_table(), told)


def _print_json(told: Any) -> None:
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
    print()
