"""docker-compose.yml: the same services on Kafka and MongoDB, behind one address."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from deployment.reading import DOT_ENV, KINDS, PROCESSES, PRODUCTION, ROOT, told
from muara.place import FIRST_PORT, SERVICES
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.documents.connect import connect as connect_documents

STANDS_ON = {"kafka", "topics", "mongo", "databases"}
AROUND = {"proxy", "prometheus", "mailpit"}


def test_there_is_nothing_but_the_services_and_what_they_need() -> None:
    assert set(PRODUCTION.containers) == {*PROCESSES, *STANDS_ON, *AROUND}


# --- Kafka and MongoDB ---------------------------------------------------------------------------


def test_the_bus_is_the_kafka_of_this_file_as_it_calls_itself() -> None:
    brokers = Brokers.at(PRODUCTION.environment("ingest-worker")["MUARA_BUS"])
    properties = (ROOT / "deploy/kafka/server.properties").read_text()
    assert brokers.servers == ("kafka:9092",)
    assert f"advertised.listeners=INSIDE://{brokers.servers[0]}\n" in properties


def test_kafka_reads_the_file_that_is_tested_and_writes_into_its_volume() -> None:
    assert PRODUCTION.mounted("kafka") == {"/muara": "./deploy/kafka", "/var/lib/kafka/data": "kafka"}
    assert PRODUCTION.container("kafka")["command"][-1].count("/muara/server.properties") == 2
    assert "log.dirs=/var/lib/kafka/data\n" in (ROOT / "deploy/kafka/server.properties").read_text()


def test_the_topics_are_made_by_a_service_on_its_own_settings_before_any_starts() -> None:
    topics = PRODUCTION.container("topics")
    assert topics["command"] == ["topics", "apply"]
    for name, value in PRODUCTION.environment("topics").items():
        assert PRODUCTION.environment("ingest-worker")[name] == value


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_its_own_database_and_the_payloads_as_a_user_of_its_own(service: str) -> None:
    environment = PRODUCTION.environment(f"{service}-worker")
    for name, database in (("MUARA_DOCUMENTS", f"muara_{service}"), ("MUARA_PAYLOADS", "muara_payloads")):
        url = urlsplit(environment[name])
        assert (url.username, url.password) == (service, f"sandi-{service}")
        assert (url.hostname, url.port, url.path) == ("mongo", 27017, f"/{database}")
        assert parse_qs(url.query) == {"replicaSet": ["rs0"], "authSource": ["admin"]}
    assert environment["MUARA_PAYLOADS"].startswith("gridfs+mongodb://")
    connect_documents(environment["MUARA_DOCUMENTS"]).close()


@pytest.mark.parametrize("kind", ["SENDER", "WALIDATA_ADDRESS", "OPS_ADDRESS"])
def test_the_addresses_of_letters_are_those_of_dot_env(kind: str) -> None:
    name = f"MUARA_NOTIFICATION_{kind}"
    assert PRODUCTION.environment("notification-worker")[name] == DOT_ENV[name]


def test_mongodb_and_who_prepares_it_agree() -> None:
    prepare = (ROOT / "deploy/mongo/prepare.py").read_text()
    assert 'SET = "rs0"' in prepare
    assert "--replSet rs0 " in PRODUCTION.container("mongo")["command"][-1]
    given = PRODUCTION.environment("databases")
    assert given["MONGODB_ROOT_PASSWORD"] == PRODUCTION.environment("mongo")["MONGO_INITDB_ROOT_PASSWORD"]
    passwords = {f"MONGODB_PASSWORD_{service.upper()}" for service in SERVICES}
    assert set(given) == {"MONGODB_HOST", "MONGODB_ROOT_PASSWORD", *passwords}
    assert PRODUCTION.mounted("databases") == {"/muara": "./deploy/mongo"}
    assert PRODUCTION.container("databases")["entrypoint"] == ["python", "/muara/prepare.py"]


# --- who waits for whom --------------------------------------------------------------------------


def test_everything_starts_on_what_it_stands_on() -> None:
    def waits(name: str) -> dict[str, str]:
        return {on: how["condition"] for on, how in PRODUCTION.container(name)["depends_on"].items()}

    assert waits("topics") == {"kafka": "service_healthy"}
    assert waits("databases") == {"mongo": "service_healthy"}
    done = "service_completed_successfully"
    for service in SERVICES:
        assert waits(f"{service}-web") == {"topics": done, "databases": done}
    assert waits("proxy") == {f"{service}-web": "service_healthy" for service in SERVICES}


# --- networks and doors --------------------------------------------------------------------------


def test_kafka_and_mongodb_are_reached_by_the_services_only() -> None:
    assert PRODUCTION.whole["networks"]["data"] == {"internal": True}
    on_it = {name for name, told in PRODUCTION.containers.items() if "data" in told["networks"]}
    assert on_it == {*PROCESSES, *STANDS_ON}


def test_who_opens_a_port_is_on_the_network_that_leads_out() -> None:
    assert PRODUCTION.whole["networks"]["inside"] == {"internal": True}
    open_ = {name for name, told in PRODUCTION.containers.items() if "ports" in told}
    on_it = {name for name, told in PRODUCTION.containers.items() if "edge" in told["networks"]}
    assert open_ == AROUND
    assert on_it == {*AROUND, "notification-worker"}


def test_the_proxy_listens_where_its_ports_lead() -> None:
    listens = set(re.findall(r"listen (\d+);", (ROOT / "deploy/proxy/nginx.conf").read_text()))
    ports = [told(port).rpartition(":")[2] for port in PRODUCTION.container("proxy")["ports"]]
    assert listens == set(ports) == {"8080", *(str(FIRST_PORT + number) for number in range(len(SERVICES)))}
    assert PRODUCTION.mounted("proxy") == {"/etc/muara": "./deploy/proxy"}


def test_the_proxy_finds_every_service_where_it_listens() -> None:
    lines = (ROOT / "deploy/proxy/upstreams.conf").read_text()
    found = dict(re.findall(r"map \$host \$(\w+)\s*\{ default ([\w.:-]+); \}", lines))
    assert found == {service: f"{service}-web:8080" for service in SERVICES}


def test_web_processes_believe_one_proxy_and_workers_none() -> None:
    for process in PROCESSES:
        told = PRODUCTION.environment(process)
        assert told.get("MUARA_TRUSTED_PROXIES") == ("1" if process.endswith("web") else None)


def test_prometheus_asks_all_eight_processes() -> None:
    told = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    (muara,) = [job for job in told["scrape_configs"] if job["job_name"] == "muara"]
    asked = [(group["targets"], group["labels"]["process"]) for group in muara["static_configs"]]
    assert asked == [
        ([f"{service}-{kind}:8080"], f"{service}-{kind}") for service in SERVICES for kind in KINDS
    ]
    assert PRODUCTION.mounted("prometheus")["/etc/prometheus"] == "./deploy/prometheus"


def test_letters_go_to_mailpit_until_a_mail_server_is_named() -> None:
    raw = PRODUCTION.container("notification-worker")["environment"]["MUARA_NOTIFICATION_SMTP"]
    assert told(raw, {}) == "smtp://mailpit:1025"
