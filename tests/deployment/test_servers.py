"""What Kafka and MongoDB are started with in compose, on the real servers."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from servers.fixtures import or_skip
from servers.kafka import CLUSTER_ID, Kafka
from servers.mongo import Mongod
from servers.server import free_ports

from deployment.reading import DOT_ENV, PRODUCTION, ROOT
from muara.place import SERVICES
from muara_kernel.bus.connect import topics
from muara_kernel.documents import Collection, DocumentsError
from muara_kernel.documents.connect import connect as connect_documents
from muara_kernel.events.topics import TOPICS
from muara_kernel.payloads.connect import connect as connect_payloads

ANGKA = Collection("angka")


class KafkaOfCompose(Kafka):
    """Started with deploy/kafka/server.properties, at ports and in a directory of the test."""

    def prepare(self) -> None:
        self.ports = dict(zip(("plain", "controller"), free_ports(2), strict=True))
        told = (ROOT / "deploy/kafka/server.properties").read_text()
        for here, there in (
            ("//0.0.0.0:9092", f"//127.0.0.1:{self.ports['plain']}"),
            ("//kafka:9092", f"//127.0.0.1:{self.ports['plain']}"),
            ("127.0.0.1:9093", f"127.0.0.1:{self.ports['controller']}"),
            ("/var/lib/kafka/data", f"{self.directory}/data"),
        ):
            assert here in told
            told = told.replace(here, there)
        self._properties.write_text(told)
        self.format_again()

    def format_again(self) -> None:
        """As the command in compose does it before every start."""
        self.format("--ignore-formatted", "--standalone", "-t", CLUSTER_ID)


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Kafka]:
    with ExitStack() as stack:
        yield or_skip(lambda: stack.enter_context(KafkaOfCompose.started(tmp_path)))


def test_kafka_of_compose_takes_the_topics_as_they_are_declared_and_keeps_them(kafka: KafkaOfCompose) -> None:
    admin = topics(kafka.url)
    assert admin
    try:
        assert set(admin.apply()) == set(TOPICS)
        assert admin.differences() == []
    finally:
        admin.close()
    kafka.stop()
    kafka.format_again()
    kafka.start()
    again = topics(kafka.url)
    assert again
    try:
        assert again.apply() == []
    finally:
        again.close()


def test_the_cluster_that_compose_makes_has_a_name_that_kafka_takes() -> None:
    command = PRODUCTION.container("kafka")["command"][-1]
    (name,) = [
        word for before, word in zip(command.split(), command.split()[1:], strict=False) if before == "-t"
    ]
    assert name == "TXVhcmEtMDAwMDAwMDAwMQ" and len(name) == len(CLUSTER_ID)


# --- MongoDB -------------------------------------------------------------------------------------


@pytest.fixture
def mongod(tmp_path: Path) -> Iterator[Mongod]:
    """As the image begins: with the user root, then as a member of a set that knows itself by a key."""
    key = tmp_path / "set-key"
    key.touch(mode=0o600)
    key.write_text(DOT_ENV["MONGODB_SET_KEY"] * 20)
    server = Mongod(tmp_path, options=())
    try:
        or_skip(server.start)
        with MongoClient[dict[str, Any]](server.url()) as client:
            password = DOT_ENV["MONGODB_ROOT_PASSWORD"]
            client.admin.command("createUser", "root", pwd=password, roles=["root"])
        server.stop()
        server.options = ("--replSet", "rs0", "--keyFile", str(key))
        server.start()
        yield server
    finally:
        server.kill()


def prepare(server: Mongod, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run what the container ``databases`` runs."""
    environment = PRODUCTION.environment("databases") | {"MONGODB_HOST": f"127.0.0.1:{server.port}"} | changed
    command = [sys.executable, str(ROOT / "deploy/mongo/prepare.py")]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MONGODB_")}
    return subprocess.run(command, env=outside | environment, capture_output=True, text=True, timeout=180)


def told(server: Mongod, service: str, name: str) -> str:
    """The URL that compose gives to the service, for this server."""
    return PRODUCTION.environment(f"{service}-worker")[name].replace(
        "mongo:27017", f"127.0.0.1:{server.port}"
    )


def test_every_service_reaches_its_own_documents_and_the_payloads_of_all(mongod: Mongod) -> None:
    for _ in range(2):
        prepared = prepare(mongod)
        assert prepared.returncode == 0, prepared.stderr
        assert not any(password in prepared.stdout for password in DOT_ENV.values() if "sandi" in password)
    for service in SERVICES:
        documents = connect_documents(told(mongod, service, "MUARA_DOCUMENTS"))
        documents.declare(ANGKA)
        documents.insert(ANGKA, service, {"jumlah": 1})
        documents.close()
        payloads = connect_payloads(told(mongod, service, "MUARA_PAYLOADS"))
        sha256 = payloads.put(io.BytesIO(service.encode()))
        with payloads.open(sha256) as stream:
            assert stream.read() == service.encode()
        payloads.close()


def test_no_service_reaches_the_documents_of_another(mongod: Mongod) -> None:
    assert prepare(mongod).returncode == 0
    url = told(mongod, "ingest", "MUARA_DOCUMENTS").replace("/muara_ingest?", "/muara_catalog?")
    documents = connect_documents(url)
    with pytest.raises(DocumentsError, match="may not read and write the database muara_catalog"):
        documents.get(ANGKA, "x")
    documents.close()


def test_a_password_that_was_changed_is_set_anew_and_the_old_one_is_refused(mongod: Mongod) -> None:
    assert prepare(mongod).returncode == 0
    fresh = uuid.uuid4().hex
    assert prepare(mongod, MONGODB_PASSWORD_INGEST=fresh).returncode == 0
    old = told(mongod, "ingest", "MUARA_DOCUMENTS")
    documents = connect_documents(old)
    with pytest.raises(DocumentsError, match="refuses the user name or the password"):
        documents.check()
    documents.close()
    documents = connect_documents(old.replace("sandi-ingest", fresh))
    documents.check()
    documents.close()
