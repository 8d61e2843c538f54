"""deploy/make-env: secrets made on the spot, for their owner only."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from deployment.reading import DOT_ENV, EMBEDDED, ROOT, dot_env, settings_of
from muara_kernel.settings import read

PATH = os.environ["PATH"]
SECRETS = {name for name in DOT_ENV if "TOKEN" in name or "PASSWORD" in name or "KEY" in name}


def make_env(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy/make-env"), "--file", str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_it_writes_what_compose_needs_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    made = make_env(file, "--region", "35.71", "--name", "Kota Kediri")
    assert made.returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = dot_env(file)
    assert set(told) == set(DOT_ENV)
    assert told["MUARA_REGION_NAME"] == "Kota Kediri"
    assert read(settings_of("catalog-web"), EMBEDDED.environment("catalog-web", told)).region == "35.71"
    assert not any(told[name] in made.stdout + made.stderr for name in SECRETS)


def test_a_shell_reads_it_as_compose_does(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    make_env(
        file, "--name", "Kabupaten Lumajang (contoh); & lain-lain", "--smtp", "smtp://a:b@surat.example:587"
    )
    sourced = subprocess.run(
        ["sh", "-euac", f". {file}; exec env"], capture_output=True, text=True, timeout=60, env={"PATH": PATH}
    )
    assert (sourced.returncode, sourced.stderr) == (0, "")
    read_by_shell = dict(line.split("=", 1) for line in sourced.stdout.splitlines())
    assert read_by_shell | dot_env(file) == read_by_shell
    assert "MUARA_REGION_NAME='Kabupaten Lumajang (contoh); & lain-lain'\n" in file.read_text()
    assert f"\nMUARA_DESK_TOKEN={dot_env(file)['MUARA_DESK_TOKEN']}\n" in file.read_text()


def test_every_secret_is_its_own_each_time_and_fits_into_a_url(tmp_path: Path) -> None:
    seen = set()
    for name in ("a", "b"):
        make_env(tmp_path / name)
        seen |= {dot_env(tmp_path / name)[secret] for secret in SECRETS}
    assert len(seen) == 2 * len(SECRETS)
    assert all(len(secret) >= 40 and quote(secret, safe="") == secret for secret in seen)


def test_the_key_of_the_set_is_one_that_mongodb_takes(tmp_path: Path) -> None:
    make_env(tmp_path / ".env")
    key = dot_env(tmp_path / ".env")["MONGODB_SET_KEY"]
    assert 6 <= len(key) <= 1024 and key.isalnum()


def test_it_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MUARA_DESK_TOKEN=yang-sedang-dipakai\n")
    assert make_env(file).returncode == 1
    assert file.read_text() == "MUARA_DESK_TOKEN=yang-sedang-dipakai\n"


def test_completing_adds_what_is_missing_and_keeps_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MUARA_DESK_TOKEN=yang-sedang-dipakai\nSMTP=smtp://surat.example")
    assert make_env(file, "--complete").returncode == 0
    told = dot_env(file)
    assert told["MUARA_DESK_TOKEN"] == "yang-sedang-dipakai"
    assert told["SMTP"] == "smtp://surat.example"
    assert all(told[name] for name in SECRETS)
    before = file.read_text()
    make_env(file, "--complete")
    assert file.read_text() == before
