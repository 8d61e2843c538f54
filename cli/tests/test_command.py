"""The command says what each of its subcommands takes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from muara.command import command


@pytest.mark.parametrize("help", ["--help", "-h"])
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("topics",), "apply [--replication N]"),
        (("topics", "apply"), "apply [--replication N]"),
        (("keys",), "create --opd ID"),
        (("keys", "create"), "create --opd ID"),
        (("dead-letters",), "dismiss ID --reason"),
        (("dead-letters", "catalog"), "dismiss ID --reason"),
    ],
)
def test_help_is_shown_wherever_it_is_asked_for(asked: tuple[str, ...], told: str, help: str) -> None:
    result = CliRunner().invoke(command, [*asked, help])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")
    assert told in " ".join(result.output.split())
