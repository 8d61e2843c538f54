"""IO: whether the columns of the file are those of the standard."""

from __future__ import annotations

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import Grid
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import Findings
from validation_service.model.standard import Standard

NOTHING = Text("", "")


def match_columns(grid: Grid, standard: Standard, findings: Findings) -> dict[int, int]:
    """The place in the file of each field that is there."""
    if not grid.header and not grid.frame.height and not grid.set_aside:
        findings.add(found("IO-07"))  # a JSON list of nothing: no column can be missing from it
        return {}
    _check_header_row(grid, findings)
    places = _places(grid, findings)
    for name in standard.names:
        if name not in places:
            findings.add(found("IO-04", column=name, nearest=_nearest(name, places, standard)))
    for name in places:
        if name not in standard.names:
            findings.add(found("IO-05", row=grid.header_row, column=name))
    if grid.frame.height + grid.set_aside == 0:
        findings.add(found("IO-07"))
    return {index: places[name] for index, name in enumerate(standard.names) if name in places}


def _check_header_row(grid: Grid, findings: Findings) -> None:
    first = (grid.header_row or 1) - grid.header_rows + 1
    if first > 1:
        findings.add(found("IO-03", row=1, header_row=first))


def _places(grid: Grid, findings: Findings) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, name in enumerate(grid.header):
        problem = None
        if not name.strip():
            problem = Text("kosong", "is empty")
        elif name in places:
            problem = Text(f'berulang: "{name}"', f'is repeated: "{name}"')
        if problem is None:
            places[name] = index
        else:
            findings.add(
                found(
                    "IO-06",
                    row=grid.header_row,
                    column=name or None,
                    value=name,
                    position=index + 1,
                    problem=problem,
                )
            )
    return places


def _nearest(name: str, places: dict[str, int], standard: Standard) -> Text:
    """A column that differs only in case, spaces or underscores is probably the one that is meant."""
    for other in places:
        if other not in standard.names and _loose(other) == _loose(name):
            return Text(f' Barangkali yang dimaksud "{other}".', f' Perhaps "{other}" is meant.')
    return NOTHING


def _loose(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()
