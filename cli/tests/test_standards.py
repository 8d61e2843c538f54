"""``muara standards``: a standard to begin with, without any service."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from muara.command import command


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, ["standards", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_a_standard_is_proposed_from_a_file_and_written_where_it_was_asked_for(tmp_path: Path) -> None:
    sample, out = tmp_path / "desa.csv", tmp_path / "standar.json"
    sample.write_text("kode,jumlah\n010,7\n020,6\n")
    code, said, notes = run("propose", str(sample), "--out", str(out))
    assert (code, said) == (0, "") and "ISI" in notes
    fields = json.loads(out.read_text())["fields"]
    assert [each["type"] for each in fields] == ["string", "integer"]


def test_what_is_no_table_ends_with_a_sentence(tmp_path: Path) -> None:
    sample = tmp_path / "laporan.pdf"
    sample.write_bytes(b"%PDF-1.7")
    code, _, words = run("propose", str(sample))
    assert code == 1 and "PDF" in words


def test_a_code_list_is_looked_through(tmp_path: Path) -> None:
    sample, rows = tmp_path / "desa.csv", tmp_path / "kecamatan.csv"
    sample.write_text("kode,jumlah\nK1,7\nK2,6\n")
    rows.write_text("kode,nama\nK1,Tempursari\nK2,Pronojiwo\n")
    _, said, _ = run("propose", str(sample), "--codelist", f"kecamatan={rows}")
    assert json.loads(said)["fields"][0]["satudata:kodeReferensi"] == {"daftar": "kecamatan"}


def test_a_table_schema_is_imported_with_the_parts_that_are_given(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"fields": [{"name": "kode", "type": "string"}]}')
    code, said, _ = run("import", str(schema), "--konsep", "Desa", "--json")
    told = json.loads(said)
    assert code == 0 and told["standard"]["satudata:konsep"] == "Desa" and len(told["to_fill_in"]) == 4
