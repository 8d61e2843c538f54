"""What people see of the processes: one readable line for each log line, and what ended them."""

from __future__ import annotations

import errno
import json
import time
from contextlib import ExitStack
from pathlib import Path

from muara.place import Place
from muara.supervisor import Supervisor, readable, to_files


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


def test_a_log_that_cannot_be_written_ends_no_process(tmp_path: Path) -> None:
    def full(name: str, line: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    place = Place(tmp_path, "35.08", "Kabupaten Lumajang", base=0)
    for name in ("run", "secrets"):
        (tmp_path / name).mkdir()
    (tmp_path / "secrets" / "desk-token").write_text("rahasia-meja-walidata")
    with ExitStack() as stack:
        supervisor = Supervisor(place, say=full, settings={"MUARA_BUS": "tidak://dikenal"})
        stack.callback(supervisor.close)
        supervisor.start()
        deadline = time.monotonic() + 60
        while supervisor.refused is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert "MUARA_BUS" in str(supervisor.refused)
