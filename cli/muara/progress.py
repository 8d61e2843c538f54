"""Progress as a bar for people at a terminal, and as plain lines for logs and tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich import progress as bars
from rich.console import Console


class Progress(Protocol):
    """Where a long step says how far it is."""

    def add(self, what: str, total: int) -> int: ...

    def advance(self, task: int, done: str) -> None: ...


class Bars:
    """One bar a task."""

    def __init__(self, progress: bars.Progress) -> None:
        self._progress = progress

    def add(self, what: str, total: int) -> int:
        return int(self._progress.add_task(what, total=total, done=""))

    def advance(self, task: int, done: str) -> None:
        self._progress.update(bars.TaskID(task), advance=1, done=done[:50])


class Lines:
    """One line a step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tasks: list[tuple[str, int, int]] = []

    def add(self, what: str, total: int) -> int:
        self._console.print(f"{what} …", markup=False)
        self._tasks.append((what, 0, total))
        return len(self._tasks) - 1

    def advance(self, task: int, done: str) -> None:
        what, before, total = self._tasks[task]
        self._tasks[task] = (what, before + 1, total)
        self._console.print(f"  {before + 1}/{total} {done}", markup=False)


@contextmanager
def show(console: Console) -> Iterator[Progress]:
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
        bars.TextColumn("{task.fields[done]}"),
    )
    with bars.Progress(*columns, console=console) as progress:
        yield Bars(progress)
