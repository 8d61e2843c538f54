"""``muara check``: the check of a file from the command line, and what it ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muara.command import command

LUMAJANG = Path(__file__).parents[2] / "examples/lumajang"
SWAPPED = LUMAJANG / "submissions/09-jumlah-desa-kelurahan-2025-kode-bps-dipotong.csv"
GOOD = LUMAJANG / "submissions/01-jumlah-desa-kelurahan-2025.csv"
OF_LUMAJANG = ("--dataset", "35.08/jumlah-desa-kelurahan", "--from", str(LUMAJANG), "--period", "2025")

Run = Callable[..., Result]


def standard(**more: Any) -> dict[str, Any]:
    return {
        "satudata:konsep": "Rumah sakit",
        "satudata:definisi": "Sarana pelayanan kesehatan rujukan.",
        "satudata:klasifikasi": "Jenis",
        "satudata:ukuran": "Jumlah",
        "satudata:satuan": "Unit",
        "fields": [{"name": "kode", "type": "string"}, {"name": "jumlah", "type": "integer"}],
        **more,
    }


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Any], str]:
    def write(name: str, content: Any) -> str:
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(command, ["check", *map(str, arguments)])


def test_the_swapped_codes_are_found_13_times_and_told_in_both_languages(run: Run) -> None:
    ended = run(SWAPPED, *OF_LUMAJANG)
    assert ended.exit_code == 1
    assert "Putusan / verdict: gagal / failed" in ended.stdout
    assert "KR-02 × 13" in ended.stdout
    assert 'adalah "Kunir", bukan "Lumajang"' in ended.stdout and 'is "Kunir", not "Lumajang"' in ended.stdout
    assert 'Kode untuk "Lumajang" adalah 35.08.10' in ended.stdout
    assert "8 lagi / more" in ended.stdout


def test_a_good_file_ends_with_0_and_progress_does_not_meet_the_json(run: Run) -> None:
    ended = run(GOOD, *OF_LUMAJANG, "--json")
    report = json.loads(ended.stdout)
    assert (ended.exit_code, report["verdict"], report["rows"]) == (0, "lulus", 21)
    assert set(report["principles"].values()) == {"lulus"}
    assert report["checked"]["codelists"][0]["version"] == "300.2.2-2138/2025"
    assert "2/2 01-jumlah-desa-kelurahan-2025.csv" in ended.stderr


def test_the_json_is_the_report_and_is_written_to_a_file_too(
    run: Run, written: Callable[[str, Any], str], tmp_path: Path
) -> None:
    out = tmp_path / "laporan.json"
    file = written("rs.csv", "kode,jumlah\nA,tiga\n")
    ended = run(file, "--standard", written("s.json", standard()), "--json", "--out", out)
    assert ended.exit_code == 1 and out.read_text() == ended.stdout
    report = json.loads(ended.stdout)
    assert report["counts"]["SD-01"] == 1 and report["excerpt"]["rows"] == [
        {"row": 2, "cells": ["A", "tiga"]}
    ]


def test_a_code_list_is_given_as_a_file(run: Run, written: Callable[[str, Any], str]) -> None:
    fields = [{"name": "kode", "type": "string", "satudata:kodeReferensi": {"daftar": "jenis"}}]
    told = ("--standard", written("s.json", standard(fields=fields)))
    file = written("rs.csv", "kode\nA\nX\n")
    without = run(file, *told)
    assert without.exit_code == 2 and "--codelist jenis=FILE.csv" in without.stderr
    ended = run(file, *told, "--codelist", "jenis=" + written("jenis.csv", "kode,nama\nA,Umum\n"))
    assert ended.exit_code == 1 and "KR-01 × 1" in ended.stdout


def test_what_cannot_be_checked_or_is_used_wrongly_ends_with_2(
    run: Run, written: Callable[[str, Any], str]
) -> None:
    good, file = written("s.json", standard()), written("rs.csv", "kode,jumlah\nA,3\n")
    for arguments, words in (
        ((file,), "--standard"),
        ((file, "--standard", good, "--dataset", "35.08/x"), "--standard"),
        ((file, "--dataset", "35.08/x"), "--from"),
        ((file, "--dataset", "35.08/x", "--from", LUMAJANG), "35.08/jumlah-penduduk"),
        (("tidak-ada.csv", "--standard", good), "tidak-ada.csv"),
        ((file, "--standard", written("b.json", standard(fields=[]))), "$.fields"),
        ((file, "--standard", written("c.json", "{")), "JSON"),
        ((file, "--standard", written("d.json", "[" * 100_000)), "terlalu dalam"),
        ((file, "--standard", good, "--codelist", "jenis"), "ID=FILE.csv"),
        ((file, "--standard", good, "--out", "/tidak/ada/laporan.json"), "laporan.json"),
    ):
        ended = run(*arguments)
        assert ended.exit_code == 2 and words in ended.stderr, (arguments, ended.output)


def test_control_characters_of_a_file_do_not_reach_the_terminal(
    run: Run, written: Callable[[str, Any], str]
) -> None:
    file = written("rs.csv", "kode,jumlah\nA,\x1b]0;judul\x07[red]tiga\n")
    ended = run(file, "--standard", written("s.json", standard()))
    assert "\x1b" not in ended.stdout and "\x07" not in ended.stdout
    assert "[red]tiga" in ended.stdout


def test_the_other_commands_do_not_pay_for_the_engine() -> None:
    code = "import sys, muara.check; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_numbers_of_persons_are_looked_for_where_the_data_is_said_to_be_open(
    run: Run, written: Callable[[str, Any], str]
) -> None:
    told = (
        written("nik.csv", "kode,jumlah\n3508015203900001,1\n"),
        "--standard",
        written("s.json", standard()),
    )
    opened, closed = run(*told, "--access", "terbuka"), run(*told)
    assert opened.exit_code == 1 and "PR-01 × 1" in opened.stdout
    assert closed.exit_code == 0 and run(*told, "--access", "umum").exit_code == 2
