"""A real Apache Kafka broker: fetched once by Maven, run on Java 17, one node that is broker and controller.

Tests: ``broker = shared(directory)`` is one broker for a whole test run, whoever asks first starts it;
``with Kafka.started(directory) as broker`` is one of your own, to be stopped and killed at will.
By hand: ``python tests/servers/kafka.py`` runs one until Ctrl-C and prints its URL.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":  # by hand; Python looks beside the script, where these modules are no package
    sys.path[0] = str(Path(__file__).parents[1])

from servers import keeper
from servers.server import SECONDS, NoServer, Server, ServerFailed, free_ports

POM = Path(__file__).parent / "pom.xml"
CACHE = Path(__file__).parents[2] / ".servers" / "kafka"
USER, PASSWORD = "muara", "kata sandi: /@%"
PORTS = ("plain", "secure", "controller")
CLUSTER_ID = "TXVhcmEtdW50dWstdWppQQ"
STORE_PASSWORD = "hanya-untuk-uji"

PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{plain},SASL_SSL://127.0.0.1:{secure},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SASL_SSL://127.0.0.1:{secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={directory}/data
auto.create.topics.enable=false
num.partitions=1
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=4194304
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
super.users=User:ANONYMOUS
sasl.enabled.mechanisms=SCRAM-SHA-512
ssl.keystore.type=PKCS12
ssl.keystore.location={directory}/broker.p12
ssl.keystore.password={store_password}
ssl.key.password={store_password}
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
"""


class NoKafka(NoServer):
    kind = "Kafka"


@dataclass
class Kafka(Server):
    """One broker."""

    memory: str = "512m"
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def started(cls, directory: Path, memory: str = "512m") -> Iterator[Kafka]:
        """A new broker in an empty directory, ended with the block, or with this process."""
        broker = cls(directory, memory)
        try:
            broker.prepare()
            broker.start()
            yield broker
        finally:
            broker.kill()

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.ports['plain']}"

    @property
    def url(self) -> str:
        return f"kafka://{self.bootstrap}"

    def secure_url(self, userinfo: str, ca: Path | None = None) -> str:
        """SCRAM over TLS; the one user is USER with PASSWORD."""
        place = f"127.0.0.1:{self.ports['secure']}"
        return f"kafka://{userinfo}@{place}?security=SASL_SSL&mechanism=SCRAM-SHA-512&ca={ca or self.ca}"

    @property
    def ca(self) -> Path:
        return self.directory / "ca.pem"

    @property
    def open_port(self) -> int:
        return self.ports["plain"]

    def prepare(self) -> None:
        """Ports, a certificate, and a formatted data directory."""
        libraries()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ports = dict(zip(PORTS, free_ports(3), strict=True))
        _certificate(self.directory)
        told = PROPERTIES.format(directory=self.directory, store_password=STORE_PASSWORD, **self.ports)
        self._properties.write_text(told)
        scram = f'SCRAM-SHA-512=[name="{USER}",password="{PASSWORD}"]'
        self.format("--standalone", "-t", CLUSTER_ID, "--add-scram", scram)

    def format(self, *asked: str) -> None:
        tool = [*_java("128m"), "kafka.tools.StorageTool", "format", "-c", str(self._properties)]
        _run([*tool, *asked])

    def start(self, wait: bool = True) -> None:
        self.run([*_java(self.memory), "kafka.Kafka", str(self._properties)], wait=wait)

    @property
    def _properties(self) -> Path:
        return self.directory / "server.properties"


def shared(directory: Path) -> Kafka:
    """The one broker of this test run; the first that asks has it started."""
    told = keeper.shared(directory, __file__, NoKafka)
    ports = dict(zip(PORTS, map(int, told.split()), strict=True))
    return Kafka(directory / "server", ports=ports)


def libraries() -> Path:
    """The directory of Kafka's jars; Maven fetches them once for each state of the pom."""
    for program in ("java", "keytool", "mvn"):
        if shutil.which(program) is None:
            raise NoKafka(f"no {program} on this machine")
    jars = CACHE / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    CACHE.mkdir(parents=True, exist_ok=True)
    with keeper.locked(CACHE / "lock"):
        if not jars.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as whole:
                goal = "dependency:copy-dependencies"
                shutil.copy(POM, whole)
                into = f"-DoutputDirectory={whole}/libs"
                _run(["mvn", "-q", "-B", "-f", f"{whole}/pom.xml", goal, "-DincludeScope=runtime", into])
                (Path(whole) / "libs").rename(jars)
    return jars


def _java(memory: str) -> list[str]:
    options = [f"-Xmx{memory}", "-XX:+UseSerialGC", "-Dlog4j2.level=WARN"]
    return ["java", *options, "-cp", f"{libraries()}/*"]


def _certificate(directory: Path) -> None:
    """One self-signed certificate, which is so its own authority."""
    store = ["-keystore", str(directory / "broker.p12"), "-storepass", STORE_PASSWORD, "-alias", "broker"]
    name = ["-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-ext", "bc:c=ca:true"]
    kind = ["-storetype", "PKCS12", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"]
    _run(["keytool", "-genkeypair", *store, *kind, *name])
    _run(["keytool", "-exportcert", "-rfc", *store, "-file", str(directory / "ca.pem")])


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=2 * SECONDS)
    if ran.returncode != 0:
        said = (ran.stdout + ran.stderr).strip()
        # Maven has no network perhaps; nothing else has an excuse.
        kind = NoKafka if command[0] == "mvn" else ServerFailed
        raise kind(f"{Path(command[0]).name} failed: {said[-600:]}")


if __name__ == "__main__":
    keeper.main(Kafka.started, lambda broker: " ".join(map(str, broker.ports.values())), lambda it: it.url)
