"""What people read of the command: the demo's table, and the welcome of ``muara up``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from muara.demo import Row
from muara.place import Place
from muara.region import Region

LOG_WIDTH = 150
"""A log has no edge to fold at."""
WIDE = 120
"""From this width on, the reasons have room beside the other columns; below, they stand under the table."""

COLUMNS = ("No", "OPD", "Dataset", "Periode", "Baris", "Hasil", "ms hasil", "ms kabar")
REASONS = "Alasan"


def console_for_table() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=LOG_WIDTH)


def print_rows(console: Console, region: Region, rows: Sequence[Row]) -> None:
    """The table of the demo, and in a narrow window the reasons under it."""
    wide = console.width >= WIDE
    table = Table(title=f"{region.name}: {len(rows)} kiriman", title_justify="left", box=box.SIMPLE_HEAD)
    table.pad_edge, table.padding = wide, (0, 1)
    for name in COLUMNS:
        justify = "right" if name in ("No", "Baris") or name.startswith("ms") else "left"
        table.add_column(name.removeprefix("" if wide else "ms "), justify=justify, no_wrap=wide)
    if wide:
        table.add_column(REASONS, overflow="fold")
    for row in rows:
        table.add_row(*_cells(row), *([escape(row.reasons)] if wide else []))
    console.print(table)
    if not wide:
        for row in rows:
            if row.reasons:
                console.print(f"{row.example.number:>3}  {escape(row.reasons)}", highlight=False)


def _cells(row: Row) -> list[str]:
    found = row.found()
    outcome = f"{found.outcome} v{found.version}" if found.version else found.outcome
    colour = "green" if found.outcome == "diterbitkan" else "yellow"
    return [
        row.example.number,
        row.example.opd,
        row.example.dataset.partition("/")[2],
        row.example.period,
        found.rows,
        f"[{colour}]{outcome}[/{colour}]",
        "" if row.to_outcome is None else f"{row.to_outcome:.0f}",
        "" if row.to_alert is None else f"{row.to_alert:.0f}",
    ]


def print_addresses(console: Console, addresses: Mapping[str, str]) -> None:
    for name, address in addresses.items():
        console.print(f"{name:<20} {address}")
    console.print(f"\nHalaman untuk dibuka / the page to open: {addresses['catalog-web']}/")


def print_credentials(console: Console, place: Place, token: str, keys: Mapping[str, str]) -> None:
    """Once: whoever reads this is the only one who has them."""
    console.print("\nToken meja walidata, hanya ditampilkan sekali / desk token, shown once:")
    console.print(f"  {token}", markup=False, soft_wrap=True)
    console.print(f"  ({place.token_file})", markup=False, soft_wrap=True)
    print_keys(console, keys)


def print_where_credentials_are(console: Console, place: Place, region: Region) -> None:
    """From the second start on: nobody sees them again, but they can be found or replaced."""
    console.print(f"\nToken meja walidata / desk token: {place.token_file}", markup=False, soft_wrap=True)
    console.print("Mengganti kunci OPD yang hilang / to replace a lost key:", markup=False)
    command = f"  .venv/bin/muara keys --region {region.directory} --data {place.root} create --opd …"
    console.print(command, markup=False, soft_wrap=True)


def print_keys(console: Console, keys: Mapping[str, str]) -> None:
    console.print("\nKunci tiap OPD, hanya ditampilkan sekali / keys of the OPD, shown once:")
    for opd, key in keys.items():
        console.print(f"  {opd:<14} {key}", markup=False, soft_wrap=True)
