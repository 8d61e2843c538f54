"""Servers that are away or let nobody in, topics that are not as declared, settings that make no sense.

Whoever operates Muara is told in one sentence which setting to change, and nothing has to be started again.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLFilter, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from production import RECOVERS_WITHIN, Production, guarded_settings
from servers.kafka import USER, Kafka
from servers.mongo import Mongod
from system import until

from muara.place import SERVICES, Place
from muara_kernel.bus import Record
from muara_kernel.bus.connect import connect, topics

SECRET = "kata-sandi-rahasia"
EIGHT = [(service, kind) for kind in ("web", "worker") for service in SERVICES]
APPLY = "jalankan / run `muara topics apply`"
NO_BROKER = "broker tidak terjangkau, atau pengguna atau sandinya ditolak; periksa MUARA_BUS"
NO_DATABASE = "tidak ada MongoDB yang menerima tulisan di"

pytestmark = pytest.mark.timeout(300)


@dataclass
class Started:
    """A process as compose starts it, and what it says to whoever looks after it."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def readiness(self) -> tuple[int, Mapping[str, str]]:
        """The status of /health/ready, and what it says of each part."""
        try:
            with urllib.request.urlopen(f"{self.address}/health/ready", timeout=15) as answer:
                return answer.status, json.load(answer)["parts"]
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)["parts"]
        except OSError:  # it is still starting
            return 0, {}

    def is_ready(self) -> bool:
        return self.readiness()[0] == 200

    def says(self, within: float = 90.0, **parts: str) -> None:
        """Wait until it is not ready and says these words of these parts."""

        def said() -> bool:
            status, told = self.readiness()
            return status == 503 and all(words in told.get(part, "") for part, words in parts.items())

        until(said, within, lambda: f"{self.readiness()} {self.log.read_text()}")
        assert "Traceback" not in self.log.read_text()

    def recovers(self, within: float = 2 * RECOVERS_WITHIN) -> None:
        back = time.monotonic()
        until(self.is_ready, 60, lambda: str(self.readiness()))
        took = time.monotonic() - back
        print(f"ready again after {took:.2f} s")
        assert took < within

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


Run = Callable[..., Started]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "desk-token").write_text("meja-walidata-daerah-uji")
    return Place(tmp_path, "35.08", "Daerah Uji", base=0)


@pytest.fixture
def run(place: Place) -> Iterator[Run]:
    """Start a process of a service with these settings; it is ended with the test."""
    with ExitStack() as stack:
        yield lambda service, kind, settings: stack.enter_context(_started(place, service, kind, settings))


@contextmanager
def _started(place: Place, service: str, kind: str, settings: Mapping[str, str]) -> Iterator[Started]:
    log = place.root / f"{service}-{kind}.log"
    with socket.create_server(("127.0.0.1", 0)) as door, log.open("wb") as out:
        number = door.fileno()
        environment = place.environment(service, f"fd://{number}", kind, dict(settings))
        command = [sys.executable, "-m", f"{service}_service", kind]
        process = subprocess.Popen(command, env=environment, pass_fds=[number], stdout=out, stderr=out)
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
    try:
        yield Started(process, address, log)
    finally:
        process.kill()
        process.wait()


def asked(place: Place, settings: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """A process that ends by itself."""
    environment = place.environment("ingest", "127.0.0.1:0", "web", dict(settings))
    return subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, timeout=60
    )


def topics_command(
    place: Place, settings: Mapping[str, str], action: str
) -> subprocess.CompletedProcess[str]:
    return asked(place, {}, "muara", "topics", "--bus", settings["MUARA_BUS"], action)


@contextmanager
def admin(kafka: Kafka) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    yield client
    client.close()


def apply(kafka: Kafka) -> Sequence[str]:
    there = topics(kafka.url)
    assert there
    try:
        return there.apply()
    finally:
        there.close()


def delete(kafka: Kafka, topic: str) -> None:
    with admin(kafka) as client:
        client.delete_topics([topic])
        until(lambda: topic not in client.list_topics(), 60)


# --- a server that is away, or lets nobody in -----------------------------------------------------


def test_each_process_waits_for_servers_that_are_away_and_is_ready_soon_after_they_are_there(
    own_kafka: Kafka, own_mongod: Mongod, production: Production, run: Run
) -> None:
    own_mongod.kill()
    own_kafka.kill()
    try:
        eight = [run(service, kind, production) for service, kind in EIGHT]
        databases = {name: f"MUARA_{name.upper()}: {NO_DATABASE}" for name in ("documents", "payloads")}
        with ThreadPoolExecutor(len(eight)) as pool:
            list(pool.map(lambda one: one.says(bus=NO_BROKER, **databases), eight))
    finally:
        own_kafka.start()
    own_mongod.start()
    began = time.monotonic()
    with ThreadPoolExecutor(len(eight)) as pool:
        until(lambda: all(pool.map(Started.is_ready, eight)), 60, lambda: str([o.readiness() for o in eight]))
    print(f"all eight ready after {time.monotonic() - began:.2f} s")
    for one in eight:
        assert "Traceback" not in one.log.read_text()
        assert one.process.poll() is None
    assert [one.end() for one in eight] == [0] * len(eight)


def test_a_push_is_refused_for_a_while_and_never_acknowledged_without_its_keys(
    own_mongod: Mongod, production: Production, run: Run
) -> None:
    own_mongod.kill()
    web = run("ingest", "web", production)
    web.says(documents="MUARA_DOCUMENTS")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{web.address}/v1/submissions", method="POST"))
    assert refused.value.code == 503
    own_mongod.start()
    web.recovers()


def test_a_password_that_is_refused_is_said_and_not_shown(
    own_kafka: Kafka, own_mongod: Mongod, production: Production, run: Run
) -> None:
    settings = {
        **production,
        "MUARA_BUS": own_kafka.secure_url(f"{USER}:{SECRET}"),
        "MUARA_DOCUMENTS": f"mongodb://muara:{SECRET}@127.0.0.1:{own_mongod.port}/x?authSource=admin",
    }
    for one in [run("catalog", "worker", settings), run("catalog", "web", settings)]:
        one.says(bus=NO_BROKER, documents="menolak nama pengguna atau sandinya / MongoDB at")
        assert one.readiness()[1]["payloads"] == "ok"
        assert SECRET not in str(one.readiness()) + one.log.read_text()
        assert "Traceback" not in one.log.read_text()


def test_a_right_that_is_missing_is_waited_for(own_kafka: Kafka, guarded_mongod: Mongod, run: Run) -> None:
    settings = guarded_settings(own_kafka, guarded_mongod)
    denied = ResourcePattern(ResourceType.TOPIC, "muara.catalog")
    reading = (f"User:{USER}", "*", ACLOperation.READ)
    with admin(own_kafka) as client:
        client.create_acls([ACL(*reading, ACLPermissionType.DENY, denied)])
        worker = run("ingest", "worker", settings)
        worker.says(reader="pengguna di MUARA_BUS tidak berhak; periksa sandi dan ACL-nya")
        client.delete_acls([ACLFilter(*reading, ACLPermissionType.DENY, denied)])
    worker.recovers(within=15)  # the broker passes the change on in its own time
    assert "Traceback" not in worker.log.read_text()


# --- topics ---------------------------------------------------------------------------------------


def test_a_topic_that_nobody_made_is_waited_for_and_read_once_it_is_there(
    own_kafka: Kafka, production: Production, run: Run, place: Place
) -> None:
    delete(own_kafka, "muara.catalog")
    worker = run("ingest", "worker", production)
    worker.says(reader="muara topics apply")
    told = topics_command(place, production, "show")
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert APPLY in told.stderr
    assert topics_command(place, production, "apply").returncode == 0
    worker.recovers(within=10)
    _publish_nonsense(own_kafka, "muara.catalog")
    until(lambda: "dead letter" in worker.log.read_text(), 30, worker.log.read_text)
    assert "Traceback" not in worker.log.read_text()


def _publish_nonsense(kafka: Kafka, topic: str) -> None:
    bus = connect(kafka.url)
    bus.publish(topic, [Record("35.08/angka", b"?", {"id": "E1"})])
    bus.close()


def test_topics_that_are_not_as_declared_are_said_and_changed_by_nobody(
    own_kafka: Kafka, production: Production, run: Run, place: Place
) -> None:
    for topic in ("muara.catalog.state", "muara.ingest"):
        delete(own_kafka, topic)
    with admin(own_kafka) as client:
        client.create_topics(
            {
                "muara.catalog.state": _made(4, {"cleanup.policy": "delete"}),
                "muara.ingest": _made(2, {"cleanup.policy": "delete", "retention.ms": str(24 * 3600 * 1000)}),
            },
            wait_for_metadata=True,
        )
    sentences = (
        "topik muara.catalog.state memakai cleanup.policy=delete, seharusnya compact",
        "topik muara.ingest memakai retention.ms=86400000 (1 days), seharusnya 2592000000 (30 days)",
        "topik muara.ingest mempunyai 2 partisi, seharusnya 4: tidak merusak",
    )
    worker = run("notification", "worker", production)
    until(worker.is_ready, 90, worker.log.read_text)
    until(lambda: all(each in worker.log.read_text() for each in sentences), 30, worker.log.read_text)
    for action in ("show", "apply"):
        told = topics_command(place, production, action)
        assert told.returncode == 1
        assert all(each in told.stderr for each in sentences)
        assert "--add-config cleanup.policy=compact" in told.stderr
    for topic in ("muara.catalog.state", "muara.ingest"):
        delete(own_kafka, topic)
    apply(own_kafka)
    told = topics_command(place, production, "show")
    assert (told.returncode, told.stdout) == (0, "semua topik sesuai / all topics are as declared\n")


def _made(partitions: int, configs: Mapping[str, str]) -> dict[str, Any]:
    return {"num_partitions": partitions, "replication_factor": 1, "configs": configs}


def test_brokers_that_cannot_be_asked_for_their_topics_are_a_sentence_and_code_2(place: Place) -> None:
    told = topics_command(place, {"MUARA_BUS": f"kafka://muara:{SECRET}@127.0.0.1:1"}, "show")
    assert told.returncode == 2
    assert NO_BROKER in told.stderr
    assert told.stderr.count("\n") == 1
    assert SECRET not in told.stderr


# --- settings that make no sense ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "settings", "name"),
    [
        ("web", {"MUARA_BUS": f"kafka://muara:{SECRET}/@h"}, "MUARA_BUS"),
        ("worker", {"MUARA_DOCUMENTS": f"mongodb://muara:{SECRET}/@h/x"}, "MUARA_DOCUMENTS"),
        ("web", {"MUARA_DESK_TOKEN": "pendek", "MUARA_DESK_TOKEN_FILE": ""}, "MUARA_DESK_TOKEN"),
    ],
)
def test_settings_that_make_no_sense_end_the_process_with_one_sentence_and_code_2(
    place: Place, kind: str, settings: Mapping[str, str], name: str
) -> None:
    """kernel/tests/test_main.py has the others."""
    ended = asked(place, settings, "ingest_service", kind)
    said = ended.stdout + ended.stderr
    assert (ended.returncode, said.count("\n")) == (2, 1), said
    assert name in said
    assert " / " in said
    assert SECRET not in said


def test_a_setting_that_only_one_service_knows_ends_it_the_same_way(place: Place) -> None:
    environment = place.environment("notification", "127.0.0.1:0", "web", {})
    environment["MUARA_NOTIFICATION_SENDER"] = "bukan alamat"
    ended = subprocess.run(
        [sys.executable, "-m", "notification_service", "web"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "'bukan alamat' is no mail address" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
