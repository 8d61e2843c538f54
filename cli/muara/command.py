"""The muara command: one group, each subcommand a few lines over a module of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from muara import contracts as contracts_
from muara.demo import Demo, Row, differences
from muara.http import Refused
from muara.loading import CopiesLate, Doors, count, load
from muara.place import FIRST_PORT, SERVICES, InUse, Place, inherited_settings
from muara.progress import Progress, show
from muara.region import Region
from muara.running import NotReady, Running, running
from muara.supervisor import readable, to_files

EXAMPLES = Path("examples")
VAR = Path("var")
WIDTH = 150

data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="directory of the data; default var/REGION"
)
base_option = click.option(
    "--port", default=FIRST_PORT, show_default=True, help="first of eight ports; 0: any free"
)
region_option = click.option(
    "--region", default="lumajang", show_default=True, help="a folder of examples/, or a path"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Muara: satu data daerah, dari OPD sampai terbit. / A region's data, from its OPD to publication."""


def main_error(error: Exception) -> click.ClickException:
    if isinstance(error, InUse):
        return click.ClickException(f"{error} sedang dipakai muara lain / is in use by another muara")
    if isinstance(error, NotReady):
        return click.ClickException(f"tidak siap / not ready: {error}; lihat / see var/*/logs")
    return click.ClickException(str(error))


def region_of(name: str) -> Region:
    directory = Path(name) if Path(name, "region.json").exists() else EXAMPLES / name
    if not (directory / "region.json").exists():
        raise click.BadParameter(
            f"{name}: tidak ada region.json / no region.json; ada / there are: {_regions()}"
        )
    return Region.read(directory)


def _regions() -> str:
    return ", ".join(sorted(path.parent.name for path in EXAMPLES.glob("*/region.json")))


def _place(region: Region, data: Path | None, port: int) -> Place:
    return Place(data or VAR / region.directory.name, region.code, region.name, port)


@command.command()
@region_option
@data_option
@click.option("--port", default=0, show_default=True, help="first of eight ports; 0: any free")
def demo(region: str, data: Path | None, port: int) -> None:
    """Run the main job on the region's examples, from empty; 0 only if all outcomes are as expected."""
    told, console = region_of(region), Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)  # a log has no edge to fold at
    place = _place(told, data, port)
    try:
        if aside := place.empty():
            console.print(f"Data yang ada disisihkan / what was there is set aside: {aside}")
        place.root.mkdir(parents=True, exist_ok=True)
        rows = _demo(told, place, console)
    except (InUse, NotReady, Refused, CopiesLate) as error:
        raise main_error(error) from error
    console.print(_table(told, rows))
    wrong = differences(rows, told.expected())
    for line in wrong:
        console.print(f"[red]≠[/red] {line}", highlight=False)
    good = len(rows) - len(wrong)
    console.print(f"{good} dari {len(rows)} sesuai harapan / {good} of {len(rows)} as expected")
    sys.exit(1 if wrong else 0)


def _demo(region: Region, place: Place, console: Console) -> list[Row]:
    with show(console) as progress:
        starting = progress.add("Memulai empat layanan", 1)
        with running(place, say=to_files(place.root / "logs")) as live:
            place.mark_as_demo()
            progress.advance(starting, "delapan proses siap")
            _load(region, live, progress)
            keys = live.make_keys(list(region.opd()), label="demo")
            examples = region.examples()
            steps = 2 * len(examples) + sum(1 for each in examples if each.decision)
            pushing = progress.add("Mengirim dan menunggu hasil", steps)
            return Demo(region, live.doors, keys, lambda done: progress.advance(pushing, done)).run()


def _load(region: Region, live: Running, progress: Progress) -> None:
    loading = progress.add(f"Memuat {region.name}", count(region))
    load(region, live.doors, lambda done: progress.advance(loading, done))


def _table(region: Region, rows: list[Row]) -> Table:
    table = Table(title=f"{region.name}: {len(rows)} kiriman", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("No", "OPD", "Dataset", "Periode", "Baris", "Hasil", "Alasan", "ms hasil", "ms kabar"):
        right = name in ("No", "Baris") or name.startswith("ms")
        table.add_column(
            name, justify="right" if right else "left", overflow="fold", no_wrap=name != "Alasan"
        )
    for row in rows:
        found = row.found()
        outcome = f"{found.outcome} v{found.version}" if found.version else found.outcome
        colour = "green" if found.outcome == "diterbitkan" else "yellow"
        table.add_row(
            row.example.number,
            row.example.opd,
            row.example.dataset.partition("/")[2],
            row.example.period,
            found.rows,
            f"[{colour}]{outcome}[/{colour}]",
            escape(row.reasons),
            "" if row.to_outcome is None else f"{row.to_outcome:.0f}",
            "" if row.to_alert is None else f"{row.to_alert:.0f}",
        )
    return table


@command.command()
@region_option
@data_option
@base_option
def up(region: str, data: Path | None, port: int) -> None:
    """Run everything on this machine until Ctrl-C; the first time, the region is loaded and keys are made."""
    told, console = region_of(region), Console(stderr=False, highlight=False)
    place = _place(told, data, port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    width = max(len(f"{service}-worker") for service in SERVICES)

    def say(name: str, line: str) -> None:
        console.print(f"{name:<{width}} | {readable(line)}", markup=False, soft_wrap=True)

    try:
        with running(place, say=say) as live:
            with show(console) as progress:
                _load(told, live, progress)
            place.keep()
            _welcome(console, told, live)
            stop.wait()
            console.print("Menghentikan … / stopping …")
    except (InUse, NotReady, Refused, CopiesLate) as error:
        raise main_error(error) from error


def _welcome(console: Console, region: Region, live: Running) -> None:
    for name, address in live.addresses.items():
        console.print(f"{name:<20} {address}")
    if live.first_run:
        console.print("\nToken meja walidata, hanya ditampilkan sekali / desk token, shown once:")
        console.print(f"  {live.desk_token}", markup=False, soft_wrap=True)
    without = sorted(set(region.opd()) - live.opd_with_keys())
    if without:
        console.print("\nKunci tiap OPD, hanya ditampilkan sekali / keys of the OPD, shown once:")
        for opd, key in live.make_keys(without, label="pertama").items():
            console.print(f"  {opd:<14} {key}", markup=False, soft_wrap=True)
    console.print("\nCtrl-C menghentikan semuanya / stops everything.\n")


@command.command(name="load")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--catalog", required=True, help="address of catalog's web")
@click.option("--validation", required=True, help="address of validation's web")
@click.option(
    "--ingest", required=True, help="address of ingest's web, asked whether its copies have caught up"
)
@click.option("--notification", required=True, help="the same for notification")
@click.option(
    "--token-file", required=True, type=click.Path(exists=True, path_type=Path), help="holds the desk token"
)
def load_(
    directory: Path, catalog: str, validation: str, ingest: str, notification: str, token_file: Path
) -> None:
    """Bring a region's OPD, datasets, standards and code lists in; returns once every copy has caught up."""
    addresses = {
        "catalog-web": catalog,
        "validation-web": validation,
        "ingest-web": ingest,
        "notification-web": notification,
    }
    doors = Doors.at(addresses, token_file.read_text().strip())
    region = Region.read(directory)
    console = Console()
    try:
        with show(console) as progress:
            loading = progress.add(f"Memuat {region.name}", count(region))
            load(region, doors, lambda done: progress.advance(loading, done))
    except (Refused, CopiesLate, OSError) as error:
        raise main_error(error) from error


def _service(service: str, region: str, data: Path | None, arguments: tuple[str, ...]) -> None:
    told = region_of(region)
    place = _place(told, data, 0)
    if not (place.root / "secrets" / "desk-token").exists():
        raise click.ClickException(
            f"{place.root}: belum pernah dijalankan / was never run; muara up --region {region}"
        )
    environment = place.environment(service, "127.0.0.1:0", "web", inherited_settings())
    sys.exit(
        subprocess.run([sys.executable, "-m", f"{service}_service", *arguments], env=environment).returncode
    )


@command.command(context_settings={"ignore_unknown_options": True})
@region_option
@data_option
@click.argument("arguments", nargs=-1, required=True)
def keys(region: str, data: Path | None, arguments: tuple[str, ...]) -> None:
    """Keys of the OPD: create --opd ID, list, revoke ID."""
    _service("ingest", region, data, ("keys", *arguments))


@command.command(name="dead-letters", context_settings={"ignore_unknown_options": True})
@region_option
@data_option
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("arguments", nargs=-1, required=True)
def dead_letters(region: str, data: Path | None, service: str, arguments: tuple[str, ...]) -> None:
    """What a service could not read: list, show ID, replay ID, dismiss ID --reason …"""
    _service(service, region, data, ("dead-letters", *arguments))


@command.command()
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="the repository")
def contracts(root: Path) -> None:
    """Write contracts/ and the picture in docs/architecture.md from the code."""
    for path in contracts_.write(root):
        click.echo(path)
