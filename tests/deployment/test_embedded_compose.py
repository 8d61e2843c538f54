"""docker-compose.embedded.yml: SQLite files in volumes that the containers share, on one host."""

from __future__ import annotations

import pytest

from deployment.reading import EMBEDDED, PROCESSES
from muara.place import FIRST_PORT, SERVICES


def test_all_share_one_bus_and_one_store_of_payloads() -> None:
    assert len({EMBEDDED.environment(process)["MUARA_PAYLOADS"] for process in PROCESSES}) == 1
    assert {EMBEDDED.mounted(process)["/data/shared"] for process in PROCESSES} == {"shared"}


@pytest.mark.parametrize("process", PROCESSES)
def test_the_documents_lie_in_a_volume_of_the_service(process: str) -> None:
    service = process.partition("-")[0]
    assert EMBEDDED.mounted(process)["/data/documents"] == f"{service}-documents"


@pytest.mark.parametrize("process", PROCESSES)
def test_whatever_is_written_lies_in_a_volume(process: str) -> None:
    told = EMBEDDED.environment(process)
    paths = [told[name].split("://")[-1] for name in ("MUARA_BUS", "MUARA_DOCUMENTS", "MUARA_PAYLOADS")]
    paths += [told[name] for name in told if name.endswith("_OUTBOX")]
    for path in paths:
        assert any(f"/{path.lstrip('/')}".startswith(target) for target in EMBEDDED.mounted(process)), path


def test_each_door_leads_to_its_own_service() -> None:
    for number, service in enumerate(SERVICES):
        (port,) = EMBEDDED.container(f"{service}-web")["ports"]
        assert port == f"127.0.0.1:{FIRST_PORT + number}:8080"
        assert "ports" not in EMBEDDED.container(f"{service}-worker")
