"""``muara check``: the whole check of a file before it is sent, on this machine and without any service."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from rich.console import Console

from muara import check_printing as printing
from muara.progress import show
from muara.region import Region
from muara_kernel.events import DatasetRegistered
from muara_kernel.events.dataset import Access
from muara_kernel.events.moments import WIB

if TYPE_CHECKING:  # polars starts threads when it is imported, and the other commands start processes
    from validation_service.model.codelists.codelist import Codelist
    from validation_service.model.facts import Facts
    from validation_service.model.report import Report
    from validation_service.model.standard import Standard

CODES = {"lulus": 0, "gagal": 1, "tidak_dapat_diperiksa": 2}
"""2 is also what a wrong usage ends with."""

existing = click.Path(exists=True, dir_okay=False, path_type=Path)


class NotChecked(click.ClickException):
    exit_code = 2


@dataclass
class Against:
    """What the file is held against, as files on this machine; ``about`` tells of each list what it is."""

    standard: Path
    codelists: dict[str, Path] = field(default_factory=dict)
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dataset: DatasetRegistered | None = None
    region: str = ""
    access: str | None = None


def _lists(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, Path]:
    named = {}
    for each in given:
        id, _, path = each.partition("=")
        if not id or not Path(path).is_file():
            raise click.BadParameter(f"{each}: ID=FILE.csv; berkas tidak ada / there is no such file")
        named[id] = Path(path)
    return named


@click.command()
@click.argument("file", type=existing)
@click.option("--standard", type=existing, help="the standard, a Table Schema with the satudata: keys")
@click.option(
    "--codelist", "codelists", multiple=True, metavar="ID=FILE.csv", callback=_lists, help="repeatable"
)
@click.option("--dataset", metavar="35.08/SLUG", help="instead of --standard, with --from")
@click.option(
    "--from",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="a region's directory, such as examples/lumajang: standards, code lists, datasets, OPD",
)
@click.option("--region", metavar="35.08", help="kode pemda  [default: that of --dataset, or none]")
@click.option("--period", default="", metavar="2024, 2024-S1, …", help="[default: the one that runs]")
@click.option(
    "--access",
    type=click.Choice(get_args(Access)),
    help="terbuka: numbers such as NIK are an error  [default: that of --dataset, or none]",
)
@click.option("--json", "as_json", is_flag=True, help="the report as JSON, instead of words")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="write the JSON to this file too"
)
def check(
    file: Path,
    standard: Path | None,
    codelists: dict[str, Path],
    dataset: str | None,
    directory: Path | None,
    region: str | None,
    period: str,
    access: str | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Check FILE as a submission would be: 0 passed (lulus), 1 failed (gagal), 2 could not be checked.

    \b
    muara check FILE --standard STANDARD.json --codelist wilayah-kemendagri=wilayah.csv --region 35.08
    muara check FILE --dataset 35.08/jumlah-penduduk --from examples/lumajang --period 2025-S1
    """
    if bool(standard) == bool(dataset) or bool(dataset) != bool(directory):
        raise click.UsageError(
            "Sebutkan --standard, atau --dataset dengan --from / name --standard, or --dataset with --from."
        )
    try:
        against = _of_region(directory, str(dataset)) if directory else Against(Path(str(standard)))
        against.codelists |= codelists
        against.region, against.access = region or against.region, access
        document, parsed = _standard(against.standard)
        with show(Console(stderr=True)) as progress:
            steps = progress.add(f"Memeriksa {file.name}", 1 + len(parsed.codelists))
            step = partial(progress.advance, steps)
            lists = _codelists(against, parsed, step)
            facts = _facts(document, against, period, file.name)
            report = _checked(file, facts, parsed, lists)
            step(file.name)
        _hand_over(report, as_json, out)
    except OSError as error:
        raise NotChecked(str(error)) from error
    sys.exit(CODES[report.verdict])


def _of_region(directory: Path, dataset: str) -> Against:
    if not (directory / "region.json").exists():
        raise NotChecked(f"{directory}: tidak ada region.json / there is no region.json")
    region = Region.read(directory)
    entry, slug = region.datasets().get(dataset), dataset.partition("/")[2]
    standard = directory / "standards" / f"{slug}.json"
    if entry is None or not standard.exists():
        there_are = ", ".join(sorted(set(region.datasets()) & set(region.standards())))
        raise NotChecked(f"{dataset}: tidak ada standarnya / has no standard; ada / there are: {there_are}")
    try:
        listed = DatasetRegistered(dataset=dataset, revision=0, **entry)
    except TypeError as error:
        raise NotChecked(f"{directory}/datasets/{slug}.json: {error}") from error
    about = region.codelists()
    lists = {id: directory / "codelists" / f"{id}.csv" for id in about}
    return Against(standard, lists, about, listed, region.code)


def _codelists(against: Against, standard: Standard, step: Callable[[str], None]) -> dict[str, Codelist]:
    lacking = [id for id in standard.codelists if id not in against.codelists]
    if lacking:
        wanted = " ".join(f"--codelist {id}=FILE.csv" for id in lacking)
        raise NotChecked(f"Standar ini memerlukan kode referensi / this standard needs code lists: {wanted}")
    lists = {}
    for id in standard.codelists:
        lists[id] = _codelist(id, against.codelists[id], against.about.get(id, {}))
        step(id)
    return lists


def _facts(document: Mapping[str, Any], against: Against, period: str, filename: str) -> Facts:
    from validation_service.model.trial import OWN, facts_on_trial

    return facts_on_trial(
        document,
        against.dataset,
        named=against.dataset.dataset if against.dataset else OWN,
        region=against.region,
        on=datetime.now(WIB).date(),
        period=period,
        filename=filename,
        access=against.access,
    )


def _checked(file: Path, facts: Facts, standard: Standard, lists: Mapping[str, Codelist]) -> Report:
    from validation_service.model.tried import tried

    return tried(file.read_bytes(), facts, standard, lists)


def _standard(path: Path) -> tuple[dict[str, Any], Standard]:
    from validation_service.model.document.json_text import read_json
    from validation_service.model.standard import BadStandard, Standard

    try:
        document = read_json(path.read_text(encoding="utf-8-sig"))
        return document, Standard.parse(document)
    except BadStandard as error:
        raise NotChecked(printing.refused(path, error.problems)) from error
    except (ValueError, RecursionError) as error:
        raise NotChecked(f"{path}: bukan JSON / no JSON: {str(error)[:200]}") from error


def _codelist(id: str, path: Path, about: Mapping[str, Any]) -> Codelist:
    from validation_service.model.codelists.codelist import Codelist
    from validation_service.model.problem import BadCodelist

    version, title, decree = about.get("version", path.name), about.get("title", ""), about.get("decree", "")
    try:
        return Codelist.from_csv(id, version, path.read_bytes(), title=title, decree=decree)
    except BadCodelist as error:
        raise NotChecked(printing.refused(path, error.problems)) from error


def _hand_over(report: Report, as_json: bool, out: Path | None) -> None:
    if out:
        out.write_bytes(report.to_json() + b"\n")
    if as_json:
        sys.stdout.write(report.to_json().decode() + "\n")
    else:
        printing.print_report(Console(), report)
