"""Code lists from the files of others, against the real service on a port of its own."""

from __future__ import annotations

import csv
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from muara.codelist_bridging import bridge
from muara.codelist_files import BadFile, Columns, Entry, read_list, read_wilayah, to_csv
from muara.command import command
from muara.http import Door
from validation_service.app import create_app
from validation_service.model.codelists.codelist import Codelist
from validation_service.settings import Settings

TOKEN = "meja-walidata-lumajang"
FACTS = ("--version", "2138/2025", "--decree", "Kepmendagri 2138/2025", "--valid-from", "2025-04-25")
REPOSITORY = Path(__file__).resolve().parents[2]
REAL_DATA = Path(os.environ.get("MUARA_REAL_DATA") or REPOSITORY.parent / "shared" / "real-data")
REFERENCE = REAL_DATA / "reference"

Run = Callable[..., Result]
Written = Callable[..., Path]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    settings = Settings(
        region="35.08",
        bus=f"sqlite:///{tmp_path}/bus.db",
        documents=f"sqlite:///{tmp_path}/validation.db",
        payloads=f"file://{tmp_path}/payloads",
        desk_token=TOKEN,
    )
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def run(address: str, tmp_path: Path) -> Run:
    (tmp_path / "token").write_text(f"{TOKEN}\n")

    def run(verb: str, *arguments: object) -> Result:
        where = ("--validation", address, "--token-file", tmp_path / "token")
        return CliRunner().invoke(command, [str(each) for each in ("codelists", verb, *where, *arguments)])

    return run


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def levels(written: Written) -> tuple[object, ...]:
    """Lumajang in the shape of the package."""
    districts = ("35.08.01,35.08,Tempursari", "35.08.10,35.08,Lumajang", "35.08.21,35.08,Sumbersuko")
    villages = ("35.08.01.2001,35.08.01,Tegalrejo", "35.08.10.1006,35.08.10,Tompokersan")
    return (
        *("--provinces", written("provinces.csv", "code,name", "35,JAWA TIMUR")),
        *("--regencies", written("regencies.csv", "code,province_code,name", "35.08,35,KABUPATEN LUMAJANG")),
        *("--districts", written("districts.csv", "code,regency_code,name", *districts)),
        *("--villages", written("villages.csv", "code,district_code,name", *villages)),
    )


@pytest.fixture
def bridging(written: Written) -> Path:
    return written(
        "kecamatan.csv",
        "kode_bps,nama_bps,kode_dagri,nama_dagri",
        "3508010,TEMPURSARI,350801,TEMPURSARI",
        "3508060,LUMAJANG KOTA,350810,LUMAJANG KOTA",
        "9101010,KIMAAM,910101,KIMAAM",
    )


# --- import -------------------------------------------------------------------------------------------


def test_the_wilayah_of_four_files_are_one_list(run: Run, levels: Sequence[object], address: str) -> None:
    result = run("import", "wilayah", *levels, *FACTS)
    assert result.exit_code == 0, result.output
    assert "revisi / revision 1, 7 entri" in result.output
    told = Door(address).get("/v1/codelists/wilayah")
    assert told["entries"][:2] == [
        {"kode": "35", "nama": "JAWA TIMUR"},
        {"kode": "35.08", "nama": "KABUPATEN LUMAJANG", "induk": "35"},
    ]
    assert (told["version"], told["decree"]) == ("2138/2025", "Kepmendagri 2138/2025")
    assert "villages.csv" in told["source"]


def test_the_bridging_gives_codes_of_bps_and_says_what_did_not_match(
    run: Run, levels: Sequence[object], bridging: Path, address: str, tmp_path: Path
) -> None:
    result = run(
        "import", "wilayah", *levels, "--bridging", bridging, *FACTS, "--unmatched", tmp_path / "sisa.csv"
    )
    assert result.exit_code == 0, result.output
    assert "2 entri mendapat kode BPS" in result.output
    bps = {
        each["kode"]: each.get("kode_bps") for each in Door(address).get("/v1/codelists/wilayah")["entries"]
    }
    assert (bps["35.08.01"], bps["35.08.10"], bps["35.08.21"]) == ("3508010", "3508060", None)
    with (tmp_path / "sisa.csv").open(newline="") as file:
        left = {row["kode"]: (row["sebab"].split(" / ")[0], row["asal"]) for row in csv.DictReader(file)}
    assert left == {
        "910101": ("pasangan yang kodenya tidak ada di daftar", "kecamatan.csv baris 4"),
        "35.08.21": ("entri tanpa kode BPS", "districts.csv baris 4"),
        "35.08.10": ("dipakai, walau namanya lain", "kecamatan.csv baris 3"),
    }


def test_the_same_import_again_changes_nothing(run: Run, levels: Sequence[object]) -> None:
    first, again = (run("import", "wilayah", *levels, *FACTS) for _ in range(2))
    assert first.output == again.output


def test_any_list_of_the_region_is_imported_by_its_own_columns(
    run: Run, written: Written, address: str
) -> None:
    file = written("urusan.csv", "bidang;uraian;di bawah", "1;Wajib;", "1.02;Kesehatan;1")
    columns = ("--code", "bidang", "--name", "uraian", "--parent", "di bawah")
    assert run("import", "urusan", file, *columns, *FACTS).exit_code == 0
    assert Door(address).get("/v1/codelists/urusan")["entries"] == [
        {"kode": "1", "nama": "Wajib"},
        {"kode": "1.02", "nama": "Kesehatan", "induk": "1"},
    ]


def test_the_columns_that_are_called_as_usual_need_not_be_named(run: Run, written: Written) -> None:
    result = run("import", "satuan", written("satuan.csv", "kode,nama", "ORG,Orang", "HA,Hektare"), *FACTS)
    assert "2 entri" in result.output


def test_a_refusal_names_the_line_of_the_file_it_came_from(
    run: Run, levels: Sequence[object], written: Written
) -> None:
    written("villages.csv", "code,district_code,name", "35.08.01.2001,35.08.01,A", "35.08.01.2001,35.08.99,B")
    result = run("import", "wilayah", *levels, *FACTS)
    assert result.exit_code == 1
    assert "villages.csv baris 3, kode: " in result.output and "berulang" in result.output


def test_one_version_cannot_have_two_contents(run: Run, written: Written) -> None:
    run("import", "satuan", written("satuan.csv", "kode,nama", "ORG,Orang"), *FACTS)
    result = run("import", "satuan", written("satuan.csv", "kode,nama", "ORG,Jiwa"), *FACTS)
    assert result.exit_code == 1 and "version: " in result.output


@pytest.mark.parametrize(
    ("lines", "options", "words"),
    [
        (("kode,nama", "A,a,b"), (), "baris 2: 3 nilai untuk 2 kolom"),
        (("code;x", "A;a"), ("--name", "nama"), "tidak ada kolom nama"),
        (("a,b", "A,a"), (), "--code"),
    ],
)
def test_a_file_that_cannot_be_understood_is_told_before_anything_is_sent(
    run: Run, written: Written, lines: Sequence[str], options: Sequence[str], words: str
) -> None:
    result = run("import", "satuan", written("satuan.csv", *lines), *options, *FACTS)
    assert result.exit_code == 1 and words in result.output


def test_without_a_file_or_with_both_kinds_nothing_is_done(
    run: Run, written: Written, levels: Sequence[object]
) -> None:
    assert run("import", "wilayah", *FACTS).exit_code == 2
    assert run("import", "wilayah", written("x.csv", "kode", "A"), *levels, *FACTS).exit_code == 2


def test_a_list_of_bps_codes_is_not_bridged(written: Written, bridging: Path) -> None:
    entries = read_list(written("bps.csv", "code,name", "3508010,Tempursari"), Columns())
    with pytest.raises(BadFile, match="3508010 sudah kode BPS"):
        bridge(entries, [bridging])


def test_a_second_pair_for_a_code_is_told_and_not_used(written: Written) -> None:
    pairs = written(
        "k.csv",
        "kode_bps,nama_bps,kode_dagri,nama_dagri",
        "1,LUMAJANG,3508,LUMAJANG",
        "2,LUMAJANG,3508,LUMAJANG",
    )
    done = bridge([Entry("35.08", "Kabupaten Lumajang", "", "", "x")], [pairs])
    assert (done.entries[0].kode_bps, [pair.kode_bps for pair in done.contradicted]) == ("1", ["2"])


# --- show and diff ------------------------------------------------------------------------------------


@pytest.fixture
def two_revisions(run: Run, written: Written) -> None:
    run("import", "satuan", written("a.csv", "kode,nama", "ORG,Orang", "KK,Keluarga"), *FACTS)
    later = ("--version", "2", "--decree", "Perbup 7/2026", "--valid-from", "2026-01-01")
    run("import", "satuan", written("b.csv", "kode,nama", "ORG,Jiwa", "HA,Hektare"), *later)


@pytest.mark.usefixtures("two_revisions")
def test_show_tells_every_revision_and_what_holds_today(run: Run) -> None:
    shown = json.loads(run("show", "satuan", "--json").output)
    assert [(each["version"], each["in_force"]) for each in shown] == [("2138/2025", False), ("2", True)]
    assert "Perbup" in run("show", "satuan").output and "berlaku" in run("show", "satuan").output
    assert [each["codelist"] for each in json.loads(run("show", "--json").output)] == ["satuan"]
    assert run("show", "tidak-ada").exit_code == 1


@pytest.mark.usefixtures("two_revisions")
def test_diff_tells_what_changed_as_a_table_and_as_json(run: Run) -> None:
    told = json.loads(run("diff", "satuan", "--from", 1, "--to", 2, "--json").output)
    assert told["renamed"] == [{"kode": "ORG", "from": "Orang", "to": "Jiwa"}]
    table = run("diff", "satuan").output
    for words in ("bertambah", "Hektare", "hilang", "Keluarga", "berganti nama", "Jiwa"):
        assert words in table
    assert run("diff", "satuan", "--from", 1, "--to", 9).exit_code == 1


def test_where_nothing_runs_the_command_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["codelists", "show", "--data", str(tmp_path)])
    assert result.exit_code == 1 and "muara up" in result.output


def test_the_token_of_this_machine_is_not_shown_to_another(tmp_path: Path, address: str) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "desk-token").write_text(TOKEN)
    (tmp_path / "x.csv").write_text("kode,nama\nA,a\n")
    where = ["--data", str(tmp_path), "--validation", address]
    result = CliRunner().invoke(
        command, ["codelists", "import", "x", str(tmp_path / "x.csv"), *where, *FACTS]
    )
    assert result.exit_code == 1 and "401" in result.output


# --- the files as they are published -------------------------------------------------------------------

real = pytest.mark.skipif(not REFERENCE.is_dir(), reason=f"MUARA_REAL_DATA: {REFERENCE} is not there")


def published() -> tuple[dict[str, Path], list[Path]]:
    names = {
        "provinces": "idn-area-data--provinces.csv",
        "regencies": "idn-area-data--regencies.csv",
        "districts": "idn-area-data--districts.csv",
        "villages": "idn-area-data--villages-jawa-timur.csv",
    }
    bridges = [REFERENCE / f"zakiego--bridging-bps-kemendagri-{part}.csv" for part in BRIDGED]
    return {level: REFERENCE / name for level, name in names.items()}, bridges


BRIDGED = ("provinsi", "kabkota", "kecamatan")


@real
def test_the_published_files_load_as_they_are_and_what_does_not_match_is_counted() -> None:
    files, bridges = published()
    done = bridge(read_wilayah(files), bridges)
    assert len(done.entries) == 38 + 514 + 7_277 + 8_494
    unmatched = [len(pair.kode_dagri) for pair in done.strangers]
    assert (unmatched.count(4), unmatched.count(6)) == (26, 269)
    assert len([entry for entry in done.without if len(entry.kode) == 8]) == 689
    assert (len(done.contradicted), done.matched) == (0, 34 + 514 - 26 + 6_857 - 269)
    assert {"35.08": "3508", "35.08.10": "3508060", "11.09": "1101"}.items() <= {
        entry.kode: entry.kode_bps for entry in done.entries
    }.items()


@real
def test_the_published_files_are_in_the_service_within_seconds(run: Run, address: str) -> None:
    files, bridges = published()
    options = [part for level, path in files.items() for part in (f"--{level}", path)]
    until = time.monotonic() + 30
    result = run(
        "import", "wilayah", *options, *(part for path in bridges for part in ("--bridging", path)), *FACTS
    )
    assert result.exit_code == 0, result.output
    assert "16323 entri" in result.output and "7110 entri mendapat kode BPS" in result.output
    assert time.monotonic() < until


@real
def test_in_the_published_list_thirteen_of_lumajangs_cut_codes_are_those_of_another_kecamatan() -> None:
    files, bridges = published()
    wilayah = Codelist.from_csv("wilayah", "2025", to_csv(bridge(read_wilayah(files), bridges).entries))
    kecamatan = wilayah.within("35.08", 8)
    cut = {bps: f"{bps[:2]}.{bps[2:4]}.{bps[4:6]}" for bps in kecamatan["kode_bps"].to_list()}
    assert len(cut) == 21
    assert sum(wilayah.by_bps(bps) != code for bps, code in cut.items()) == 13
