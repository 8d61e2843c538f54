"""What is deployed is what the code is: compose, the Dockerfile, and the script that makes the secrets."""

from __future__ import annotations

import importlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from muara.place import FIRST_PORT, SERVICES
from muara_kernel.settings import Shared, read

ROOT = Path(__file__).parent.parent
KINDS = ("web", "worker")
PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in KINDS]
DOT_ENV = {
    "MUARA_REGION": "35.08",
    "MUARA_REGION_NAME": "Kabupaten Lumajang",
    "MUARA_DESK_TOKEN": "token-meja-hanya-untuk-uji",
}
ASKED = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::[?-][^}]*)?\}")


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return told


def container(process: str) -> dict[str, Any]:
    told: dict[str, Any] = compose()["services"][process]
    return told


def environment(process: str, given: Mapping[str, str] = DOT_ENV) -> dict[str, str]:
    """What compose would pass to the process."""
    raw = container(process)["environment"]
    return {name: ASKED.sub(lambda asked: given[asked["name"]], value) for name, value in raw.items()}


def dot_env(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines()
    return {name: value for name, equals, value in (line.partition("=") for line in lines) if equals}


def settings_of(process: str) -> type[Shared]:
    service = process.partition("-")[0]
    cls: type[Shared] = importlib.import_module(f"{service}_service.settings").Settings
    return cls


def mounted(process: str) -> dict[str, str]:
    return dict(reversed(volume.split(":")[:2]) for volume in container(process)["volumes"])


def test_every_service_in_code_is_in_compose_as_web_and_worker() -> None:
    in_code = {path.name.removesuffix("-service") for path in (ROOT / "services").glob("*-service")}
    assert set(compose()["services"]) == {f"{service}-{kind}" for service in in_code for kind in KINDS}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_container_runs_the_command_of_its_name_from_the_image_of_its_service(process: str) -> None:
    service, _, kind = process.partition("-")
    told = container(process)
    assert told["command"] == [kind]
    assert told["build"]["args"] == {"SERVICE": service}
    assert told["build"]["dockerfile"] == "deploy/Dockerfile"
    assert (ROOT / "services" / f"{service}-service" / f"{service}_service" / "__main__.py").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_the_command_in_compose_is_one_that_the_service_knows(service: str) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
    ran = subprocess.run(
        [sys.executable, "-m", f"{service}_service", "bukan-perintah"],
        env=outside | environment(f"{service}-web"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2
    usage = ran.stderr.strip().removeprefix(f"usage: {service} ").split(" | ")
    assert set(KINDS) <= set(usage)


@pytest.mark.parametrize("process", PROCESSES)
def test_what_compose_sets_is_known_to_the_service_and_all_it_needs(process: str) -> None:
    settings = read(settings_of(process), environment(process))
    assert settings.region == "35.08"


@pytest.mark.parametrize("process", PROCESSES)
def test_the_health_check_asks_where_the_process_answers(process: str) -> None:
    settings = read(settings_of(process), environment(process))
    answers = settings.bind if process.endswith("-web") else settings.health_bind
    assert answers == "0.0.0.0:8080"
    assert "http://127.0.0.1:8080/health/ready" in container(process)["healthcheck"]["test"][-1]


@pytest.mark.parametrize("service", SERVICES)
def test_the_two_processes_of_a_service_share_its_documents_and_nobody_else_does(service: str) -> None:
    web, worker = (environment(f"{service}-{kind}")["MUARA_DOCUMENTS"] for kind in KINDS)
    assert web == worker
    volumes = {process: mounted(process)["/data/documents"] for process in PROCESSES}
    assert {process for process in PROCESSES if volumes[process] == f"{service}-documents"} == {
        f"{service}-web",
        f"{service}-worker",
    }


def test_all_processes_are_told_the_same_bus_payloads_region_and_token() -> None:
    for name in ("MUARA_BUS", "MUARA_PAYLOADS", "MUARA_REGION", "MUARA_DESK_TOKEN"):
        assert len({environment(process)[name] for process in PROCESSES}) == 1
    assert {mounted(process)["/data/shared"] for process in PROCESSES} == {"shared"}


@pytest.mark.parametrize("process", PROCESSES)
def test_whatever_is_written_lies_in_a_volume(process: str) -> None:
    told = environment(process)
    paths = [told[name].split("://")[-1] for name in ("MUARA_BUS", "MUARA_DOCUMENTS", "MUARA_PAYLOADS")]
    paths += [told[name] for name in told if name.endswith("_OUTBOX")]
    for path in paths:
        assert any(f"/{path.lstrip('/')}".startswith(target) for target in mounted(process)), path


def test_every_volume_in_use_is_declared_and_every_declared_one_in_use() -> None:
    used = {volume for process in PROCESSES for volume in mounted(process).values()}
    assert used == set(compose()["volumes"])


def test_doors_are_open_on_this_machine_only_at_the_addresses_of_make_up() -> None:
    ports = {process: container(process).get("ports", []) for process in PROCESSES}
    expected = {f"{service}-web": FIRST_PORT + number for number, service in enumerate(SERVICES)}
    for process, published in ports.items():
        wanted = [f"127.0.0.1:{expected[process]}:8080"] if process in expected else []
        assert published == wanted


@pytest.mark.parametrize("process", PROCESSES)
def test_a_container_may_do_no_more_than_it_must(process: str) -> None:
    told = container(process)
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["tmpfs"]
    assert not {"privileged", "cap_add", "user", "network_mode", "pid"} & set(told)


def test_a_worker_starts_after_the_web_process_of_its_own_service() -> None:
    for service in SERVICES:
        waits = container(f"{service}-worker")["depends_on"]
        assert waits == {f"{service}-web": {"condition": "service_healthy"}}


def test_no_secret_is_written_down() -> None:
    for process in PROCESSES:
        for name, value in container(process)["environment"].items():
            if "TOKEN" in name or "SECRET" in name or "PASSWORD" in name:
                assert value == f"${{{name}:?run deploy/make-env first}}"
    assert dot_env(ROOT / ".env.example")["MUARA_DESK_TOKEN"] == ""


def test_the_env_example_holds_what_compose_asks_for() -> None:
    asked = set(ASKED.findall((ROOT / "docker-compose.yml").read_text()))
    assert asked == set(dot_env(ROOT / ".env.example")) == set(DOT_ENV)


def test_the_env_file_never_reaches_the_repository_or_an_image() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_the_image_is_one_service_run_by_nobody_special() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text().splitlines()
    assert lines.count("ARG SERVICE") == 2
    assert not [line for line in lines if line.startswith("ADD ")]
    assert not [line for line in lines if "://" in line.replace("http://127.0.0.1", "")]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001:10001"]
    entry = next(line for line in lines if line.startswith("ENTRYPOINT"))
    assert "exec python -m ${SERVICE}_service" in json.loads(entry.removeprefix("ENTRYPOINT"))[2]


def test_the_image_and_compose_ask_the_same_question_about_health() -> None:
    text = (ROOT / "deploy/Dockerfile").read_text()
    asked = json.loads(text.partition("HEALTHCHECK")[2].partition("CMD")[2].splitlines()[0])
    assert container("ingest-web")["healthcheck"]["test"] == ["CMD", *asked]


def test_the_builder_gets_all_that_the_image_copies() -> None:
    text = (ROOT / "deploy/Dockerfile").read_text()
    copied = {line.split()[1].partition("/")[0] for line in text.splitlines() if line.startswith("COPY ")}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed


def make_env(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy/make-env"), "--file", str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_make_env_writes_what_compose_needs_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    made = make_env(file, "--region", "35.71", "--name", "Kota Kediri")
    assert made.returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = dot_env(file)
    assert told["MUARA_REGION_NAME"] == "Kota Kediri"
    assert read(settings_of("catalog-web"), environment("catalog-web", told)).region == "35.71"
    assert told["MUARA_DESK_TOKEN"] not in made.stdout


def test_make_env_makes_a_token_of_its_own_each_time(tmp_path: Path) -> None:
    tokens = set()
    for name in ("a", "b"):
        make_env(tmp_path / name)
        tokens.add(dot_env(tmp_path / name)["MUARA_DESK_TOKEN"])
    assert len(tokens) == 2
    assert all(len(token) >= 40 for token in tokens)


def test_make_env_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MUARA_DESK_TOKEN=yang-sedang-dipakai\n")
    assert make_env(file).returncode == 1
    assert file.read_text() == "MUARA_DESK_TOKEN=yang-sedang-dipakai\n"
