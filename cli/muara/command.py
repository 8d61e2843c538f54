"""The muara command: one group, each subcommand a few lines over a module of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

from muara import contracts as generated
from muara import printing
from muara.check import check
from muara.codelists import codelists
from muara.demo import Demo, Row, differences
from muara.http import Refused
from muara.loading import CopiesLate, Doors, count, load
from muara.place import FIRST_PORT, SERVICES, InUse, Place, PortTaken, inherited_settings
from muara.progress import Progress, show
from muara.region import Region
from muara.running import NotReady, Running, running
from muara.standards import standards
from muara.supervisor import readable, to_files
from muara_kernel.bus import BusError
from muara_kernel.main import topics as kernel_topics

EXAMPLES = Path("examples")
VAR = Path("var")
FOR_THE_DEMO, FIRST = "demo", "pertama"

data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="directory of the data; default var/REGION"
)
region_option = click.option(
    "--region", default="lumajang", show_default=True, help="a folder of examples/, or a path"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Muara: satu data daerah, dari OPD sampai terbit. / A region's data, from its OPD to publication."""


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """What people can do something about ends the command with its words, and code 1."""
    try:
        yield
    except (InUse, PortTaken, NotReady, Refused, CopiesLate, BusError, OSError) as error:
        raise click.ClickException(str(error)) from error


def region_of(name: str) -> Region:
    directory = Path(name) if Path(name, "region.json").exists() else EXAMPLES / name
    if not (directory / "region.json").exists():
        there_are = ", ".join(sorted(path.parent.name for path in EXAMPLES.glob("*/region.json")))
        words = f"{name}: tidak ada region.json / no region.json; ada / there are: {there_are}"
        raise click.BadParameter(words)
    return Region.read(directory)


def place_of(region: Region, data: Path | None, port: int) -> Place:
    return Place(data or VAR / region.directory.name, region.code, region.name, port)


# --- demo -----------------------------------------------------------------------------------------


@command.command()
@region_option
@data_option
@click.option("--port", default=0, show_default=True, help="first of eight ports; 0: any free")
def demo(region: str, data: Path | None, port: int) -> None:
    """Run the main job on the region's examples, from empty; 0 only if all outcomes are as expected."""
    chosen, console = region_of(region), printing.console_for_table()
    place = place_of(chosen, data, port)
    with told_in_a_sentence():
        if aside := place.empty():
            console.print(f"Data yang ada disisihkan / what was there is set aside: {aside}")
        rows = _demo(chosen, place, console)
    printing.print_rows(console, chosen, rows)
    wrong = differences(rows, chosen.expected())
    for line in wrong:
        console.print(f"[red]≠[/red] {line}", highlight=False)
    good = len(rows) - len(wrong)
    console.print(f"{good} dari {len(rows)} sesuai harapan / {good} of {len(rows)} as expected")
    if data is None:
        console.print(f"Melihatnya di halaman / to see it on pages: make up REGION={region}")
    sys.exit(1 if wrong else 0)


def _demo(region: Region, place: Place, console: Console) -> list[Row]:
    with show(console) as progress:
        starting = progress.add("Memulai empat layanan", 1)
        with running(place, say=to_files(place.root / "logs")) as live:
            place.mark_as_demo()
            progress.advance(starting, "delapan proses siap")
            _load(region, live, progress)
            keys = live.make_keys(list(region.opd()), label=FOR_THE_DEMO)
            examples = region.examples()
            steps = 2 * len(examples) + sum(1 for each in examples if each.decision)
            pushing = progress.add("Mengirim dan menunggu hasil", steps)
            return Demo(region, live.doors, keys, lambda done: progress.advance(pushing, done)).run()


def _load(region: Region, live: Running, progress: Progress) -> None:
    loading = progress.add(f"Memuat {region.name}", count(region))
    load(region, live.doors, lambda done: progress.advance(loading, done))


# --- up -------------------------------------------------------------------------------------------


@command.command()
@region_option
@data_option
@click.option("--port", default=FIRST_PORT, show_default=True, help="first of eight ports; 0: any free")
def up(region: str, data: Path | None, port: int) -> None:
    """Run everything on this machine until Ctrl-C; the first time, credentials are made and shown."""
    chosen, console = region_of(region), Console(highlight=False)
    place = place_of(chosen, data, port)
    width = max(len(f"{service}-worker") for service in SERVICES)

    def say(name: str, line: str) -> None:
        console.print(f"{name:<{width}} | {readable(line)}", markup=False, soft_wrap=True)

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with told_in_a_sentence(), running(place, say=say) as live:
            with show(console) as progress:
                _load(chosen, live, progress)
            _welcome(console, chosen, place, live)
            while True:
                signal.pause()
    except KeyboardInterrupt:
        console.print("Berhenti / stopped.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends us as Ctrl-C does, wherever we are: also while we start."""
    raise KeyboardInterrupt


def _welcome(console: Console, region: Region, place: Place, live: Running) -> None:
    if place.made_by_demo:  # nobody has the demo's keys; from now on this is somebody's data
        live.revoke_keys(FOR_THE_DEMO)
        place.keep()
    printing.print_addresses(console, live.addresses)
    without = sorted(set(region.opd()) - live.opd_with_keys())
    keys = live.make_keys(without, label=FIRST) if without else {}
    if place.shows_credentials():
        printing.print_credentials(console, place, live.desk_token, keys)
        place.has_shown_credentials()
    else:
        printing.print_where_credentials_are(console, place, region)
        if keys:
            printing.print_keys(console, keys)
    console.print("\nCtrl-C menghentikan semuanya / stops everything.\n")


# --- what ops type ----------------------------------------------------------------------------------


@command.command(name="load")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--catalog", required=True, help="address of catalog's web")
@click.option("--validation", required=True, help="address of validation's web")
@click.option("--ingest", required=True, help="address of ingest's web, asked for its copies")
@click.option("--notification", required=True, help="the same for notification")
@click.option(
    "--token-file",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="holds the desk token",
)
def load_region(
    directory: Path, catalog: str, validation: str, ingest: str, notification: str, token_file: Path
) -> None:
    """Bring in OPD, datasets, standards and code lists; returns once every copy has caught up."""
    addresses = {
        "catalog-web": catalog,
        "validation-web": validation,
        "ingest-web": ingest,
        "notification-web": notification,
    }
    doors = Doors.at(addresses, token_file.read_text().strip())
    region = Region.read(directory)
    console = Console()
    with told_in_a_sentence(), show(console) as progress:
        loading = progress.add(f"Memuat {region.name}", count(region))
        load(region, doors, lambda done: progress.advance(loading, done))


def _run_service(service: str, region: str, data: Path | None, arguments: tuple[str, ...]) -> None:
    """A command of a service's own, with the settings that ``muara up`` gives it."""
    place = place_of(region_of(region), data, 0)
    if not place.token_file.exists():
        words = f"{place.root}: belum pernah dijalankan / was never run; muara up --region {region}"
        raise click.ClickException(words)
    environment = place.environment(service, "127.0.0.1:0", "web", inherited_settings())
    ran = subprocess.run([sys.executable, "-m", f"{service}_service", *arguments], env=environment)
    sys.exit(ran.returncode)


passed_on = {"ignore_unknown_options": True}


@command.command(context_settings=passed_on)
@region_option
@data_option
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def keys(region: str, data: Path | None, arguments: tuple[str, ...]) -> None:
    """Keys of the OPD: create --opd ID [--label …], list, revoke ID, revoke --label …"""
    _run_service("ingest", region, data, ("keys", *arguments))


@command.command(name="dead-letters", context_settings=passed_on)
@region_option
@data_option
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def dead_letters(region: str, data: Path | None, service: str, arguments: tuple[str, ...]) -> None:
    """What a service could not read: list, show ID, replay ID, dismiss ID --reason …"""
    _run_service(service, region, data, ("dead-letters", *arguments))


@command.command(context_settings=passed_on)
@click.option("--bus", required=True, envvar="MUARA_BUS", help="the URL the services are given, kafka://…")
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def topics(bus: str, arguments: tuple[str, ...]) -> None:
    """The topics on Kafka: show what differs from the code, or apply [--replication N] [--alter] it."""
    with told_in_a_sentence():
        sys.exit(kernel_topics(bus, arguments))


@command.command()
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="the repository")
def contracts(root: Path) -> None:
    """Write contracts/ and the picture in docs/architecture.md from the code."""
    for path in generated.write(root):
        click.echo(path)


command.add_command(codelists)
command.add_command(check)
command.add_command(standards)
