"""What people see of the processes: one readable line for each log line, and what ended them."""

from __future__ import annotations

import json
from pathlib import Path

from muara.supervisor import readable, to_files


def test_a_log_line_is_readable() -> None:
    line = json.dumps(
        {
            "level": "warning",
            "event": "waiting",
            "error": "bus away",
            "service": "ingest",
            "process": "worker",
            "timestamp": "2026-01-01T00:00:00Z",
            "correlation": "-",
        }
    )
    assert readable(line) == "warning: waiting error=bus away"


def test_what_is_no_log_line_is_shown_as_it_is() -> None:
    for line in ("Traceback (most recent call last):", "[1, 2]", '{"no": "event"}', ""):
        assert readable(line) == line


def test_nothing_a_stranger_wrote_steers_the_terminal() -> None:
    line = json.dumps({"level": "info", "event": "request", "path": "/x\x1b[31mMERAH\nFAKE line"})
    assert readable(line) == "info: request path=/x\\x1b[31mMERAH\\nFAKE line"
    assert readable("\x1b]0;judul") == "\\x1b]0;judul"


def test_each_process_has_a_file_of_its_own(tmp_path: Path) -> None:
    say = to_files(tmp_path)
    say("ingest-web", "satu")
    say("catalog-web", "dua")
    say("ingest-web", "tiga")
    assert (tmp_path / "ingest-web.log").read_text() == "satu\ntiga\n"
    assert (tmp_path / "catalog-web.log").read_text() == "dua\n"
