"""Both compose files: the eight processes are the code's, and may do no more than they must."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from deployment.reading import (
    EMBEDDED,
    FIRST,
    KINDS,
    PROCESSES,
    PRODUCTION,
    ROOT,
    Compose,
    dot_env,
    settings_of,
)
from muara.place import FIRST_PORT, SERVICES
from muara_kernel.settings import read

both = pytest.mark.parametrize("compose", [PRODUCTION, EMBEDDED], ids=lambda compose: compose.file)
each_process = pytest.mark.parametrize("process", PROCESSES)


@both
def test_every_service_in_code_is_there_as_web_and_worker(compose: Compose) -> None:
    in_code = {path.name.removesuffix("-service") for path in (ROOT / "services").glob("*-service")}
    ours = {name for name in compose.containers if name.partition("-")[2] in KINDS}
    assert ours == {f"{service}-{kind}" for service in in_code for kind in KINDS}


@both
@each_process
def test_a_container_runs_the_command_of_its_name_from_the_image_of_its_service(
    compose: Compose, process: str
) -> None:
    service, _, kind = process.partition("-")
    told = compose.container(process)
    assert told["command"] == [kind]
    assert told["image"] == compose.container(f"{service}-web")["image"]
    assert told["image"].startswith(f"muara/{service}:")
    assert (ROOT / "services" / f"{service}-service" / f"{service}_service" / "__main__.py").exists()


@both
def test_an_image_of_ours_is_built_by_one_container_and_pulled_by_none(compose: Compose) -> None:
    """Two builds at once that give an image the same name fail where neither was there before."""
    for service in SERVICES:
        of = f"muara/{service}:"
        ours = {name: told for name, told in compose.containers.items() if told["image"].startswith(of)}
        builder = ours.pop(f"{service}-web")
        assert builder["build"] == {
            "context": ".",
            "dockerfile": "deploy/Dockerfile",
            "args": {"SERVICE": service},
        }
        for name, told in ours.items():
            assert ("build" in told, told.get("pull_policy")) == (False, "never"), name


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_in_compose_is_one_that_the_service_knows(service: str) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
    ran = subprocess.run(
        [sys.executable, "-m", f"{service}_service", "bukan-perintah"],
        env=outside | EMBEDDED.environment(f"{service}-web"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2
    usage = set(ran.stderr.strip().removeprefix(f"usage: {service} ").split(" | "))
    for compose in (PRODUCTION, EMBEDDED):
        ours = [told for told in compose.containers.values() if f"muara/{service}:" in told["image"]]
        assert {told["command"][0] for told in ours if "entrypoint" not in told} <= usage


@both
@each_process
def test_what_is_set_is_known_to_the_service_and_all_it_needs(compose: Compose, process: str) -> None:
    settings = read(settings_of(process), compose.environment(process))
    assert settings.region == "35.08"


@both
@each_process
def test_the_health_check_asks_where_the_process_answers(compose: Compose, process: str) -> None:
    settings = read(settings_of(process), compose.environment(process))
    answers = settings.bind if process.endswith("-web") else settings.health_bind
    assert answers == "0.0.0.0:8080"
    check = compose.container(process)["healthcheck"]["test"][-1]
    assert "http://127.0.0.1:8080/health/ready" in check


@both
@pytest.mark.parametrize("service", SERVICES)
def test_the_two_processes_of_a_service_share_its_documents_and_nobody_else_does(
    compose: Compose, service: str
) -> None:
    places = {process: compose.environment(process)["MUARA_DOCUMENTS"] for process in PROCESSES}
    mine = places[f"{service}-web"]
    assert {process for process in PROCESSES if places[process] == mine} == {
        f"{service}-web",
        f"{service}-worker",
    }


@both
def test_all_processes_are_told_the_same_bus_region_and_token(compose: Compose) -> None:
    for name in ("MUARA_BUS", "MUARA_REGION", "MUARA_DESK_TOKEN"):
        assert len({compose.environment(process)[name] for process in PROCESSES}) == 1


@both
def test_every_volume_in_use_is_declared_and_every_declared_one_in_use(compose: Compose) -> None:
    sources = {source for name in compose.containers for source in compose.mounted(name).values()}
    volumes = {source for source in sources if not source.startswith("./")}
    assert volumes == set(compose.whole["volumes"])
    assert all((ROOT / source).is_dir() for source in sources - volumes)


@both
def test_a_container_may_do_no_more_than_it_must(compose: Compose) -> None:
    for name, told in compose.containers.items():
        assert told["read_only"] is True, name
        assert told["cap_drop"] == ["ALL"], name
        assert told["security_opt"] == ["no-new-privileges:true"], name
        assert any(place.startswith("/tmp:size=") for place in told["tmpfs"]), name
        assert not {"privileged", "cap_add", "network_mode", "pid", "userns_mode", "devices"} & set(told)


@both
def test_every_container_that_stays_says_whether_it_is_well(compose: Compose) -> None:
    for name, told in compose.containers.items():
        if told["restart"] == "no":
            assert told["healthcheck"] == {"disable": True}, name
        else:
            assert told["healthcheck"]["test"][0] == "CMD", name


@both
def test_every_image_has_a_tag_that_is_a_version(compose: Compose) -> None:
    for told in compose.containers.values():
        _, _, tag = told["image"].rpartition(":")
        assert tag.lstrip("v")[0].isdigit(), told["image"]


@both
def test_a_worker_starts_after_the_web_process_of_its_own_service(compose: Compose) -> None:
    for service in SERVICES:
        waits = compose.container(f"{service}-worker")["depends_on"]
        assert waits == {f"{service}-web": {"condition": "service_healthy"}}


@both
def test_no_secret_is_written_down(compose: Compose) -> None:
    for name, told in compose.containers.items():
        for key, value in told.get("environment", {}).items():
            if any(word in key for word in ("TOKEN", "SECRET", "PASSWORD", "KEY")):
                assert value.startswith("${") and value.endswith(f":?{FIRST}}}"), (name, key)
            assert "@" not in value or f":?{FIRST}}}@" in value, (name, key)


@both
def test_the_doors_of_make_up_are_open_on_this_machine_only(compose: Compose) -> None:
    published = [port for told in compose.containers.values() for port in told.get("ports", [])]
    numbers = range(FIRST_PORT, FIRST_PORT + len(SERVICES))
    for number in numbers:
        assert len([port for port in published if port.startswith(f"127.0.0.1:{number}:")]) == 1
    assert all(port.startswith(("127.0.0.1:", "${DOOR:-127.0.0.1:8080}")) for port in published)


def test_the_env_example_holds_what_the_files_ask_for_and_no_secret() -> None:
    example = dot_env(ROOT / ".env.example")
    assert set(example) == PRODUCTION.asked() | EMBEDDED.asked()
    assert not any(
        example[name] for name in example if "TOKEN" in name or "PASSWORD" in name or "KEY" in name
    )
