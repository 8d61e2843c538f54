"""A real Apache Kafka broker: fetched once by Maven, run on Java 17, one node that is broker and controller.

Tests: ``broker = shared(directory)`` is one broker for a whole test run, whoever asks first starts it;
``with Kafka.started(directory) as broker`` is one of your own, to be stopped and killed at will.
By hand: ``python tests/servers/kafka.py`` runs one until Ctrl-C and prints its URL.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

POM = Path(__file__).parent / "pom.xml"
CACHE = Path(__file__).parents[2] / ".servers" / "kafka"
USER, PASSWORD = "muara", "kata sandi: /@%"
STORE_PASSWORD = "hanya-untuk-uji"
SECONDS = 120.0  # 3 where nothing else runs
PR_SET_PDEATHSIG = 1

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


class NoKafka(Exception):
    """The sentence says why no broker can be had on this machine."""


class BrokerFailed(Exception):
    """All that is needed is here, and still it does not run."""


@dataclass
class Kafka:
    """One broker in ``directory``; its ports and its data stay when it is stopped and started again."""

    directory: Path
    memory: str = "512m"
    ports: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

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

    def prepare(self) -> None:
        """Ports, a certificate, and a formatted data directory."""
        libraries()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ports = dict(zip(("plain", "secure", "controller"), _free_ports(3), strict=True))
        _certificate(self.directory)
        told = PROPERTIES.format(directory=self.directory, store_password=STORE_PASSWORD, **self.ports)
        self._properties.write_text(told)
        scram = f'SCRAM-SHA-512=[name="{USER}",password="{PASSWORD}"]'
        format = ["format", "--standalone", "-t", _cluster_id(), "-c", str(self._properties)]
        _run([*_java("128m"), "kafka.tools.StorageTool", *format, "--add-scram", scram])

    def start(self, wait: bool = True) -> None:
        """Run it; by default until its port is open."""
        with (self.directory / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_java(self.memory), "kafka.Kafka", str(self._properties)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=_die_with_parent,
            )
        if wait:
            self.wait_until_open()

    def wait_until_open(self, within: float = SECONDS) -> None:
        deadline = time.monotonic() + within
        while not self.is_open():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise BrokerFailed(f"the broker did not start: {_tail(self.directory / 'broker.log')}")
            time.sleep(0.02)

    def is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.ports["plain"])) == 0

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Returns once every thread of it stands still."""
        self._signal(signal.SIGSTOP)
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task")
        _wait_for(lambda: all(_stands_still(task) for task in tasks.iterdir()), SECONDS)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self._signal(number)
            self.process.wait(SECONDS)
            self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    @property
    def _properties(self) -> Path:
        return self.directory / "server.properties"


def shared(directory: Path) -> Kafka:
    """The one broker of this test run, kept under ``directory``; the first that asks has it started.

    It ends with the process that runs the tests. The workers of pytest-xdist come and go, so none of
    them may own it: a keeper does, which watches their parent.
    """
    directory.mkdir(parents=True, exist_ok=True)
    ready, missing, failed = (directory / name for name in ("ports", "missing", "failed"))
    with _locked(directory / "lock"):
        if not (ready.exists() or missing.exists() or failed.exists()):
            runs_tests = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            with (directory / "keeper.log").open("ab") as log:
                subprocess.Popen(
                    [sys.executable, __file__, "keep", str(directory), str(runs_tests)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            _wait_for(lambda: any(each.exists() for each in (ready, missing, failed)), 2 * SECONDS)
    if missing.exists():
        raise NoKafka(missing.read_text())
    if failed.exists():
        raise BrokerFailed(failed.read_text())
    ports = dict(zip(("plain", "secure", "controller"), map(int, ready.read_text().split()), strict=True))
    return Kafka(directory / "broker", ports=ports)


def keep(directory: Path, runs_tests: int) -> None:
    """Run the shared broker for as long as the process ``runs_tests`` lives."""
    watched = os.pidfd_open(runs_tests)
    try:
        with Kafka.started(directory / "broker") as broker:
            _write_whole(directory / "ports", " ".join(map(str, broker.ports.values())))
            select.select([watched], [], [])
    except NoKafka as error:
        _write_whole(directory / "missing", str(error))
    except Exception as error:
        traceback.print_exc()
        _write_whole(directory / "failed", str(error) or repr(error))


def libraries() -> Path:
    """The directory of Kafka's jars; Maven fetches them once for each state of the pom."""
    for program in ("java", "keytool", "mvn"):
        if shutil.which(program) is None:
            raise NoKafka(f"no {program} on this machine")
    jars = CACHE / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    CACHE.mkdir(parents=True, exist_ok=True)
    with _locked(CACHE / "lock"):
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


def _cluster_id() -> str:
    return "TXVhcmEtdW50dWstdWppQQ"


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=2 * SECONDS)
    if ran.returncode != 0:
        said = (ran.stdout + ran.stderr).strip()
        # Maven has no network perhaps; nothing else has an excuse.
        kind = NoKafka if command[0] == "mvn" else BrokerFailed
        raise kind(f"{Path(command[0]).name} failed: {said[-600:]}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _wait_for(true: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise BrokerFailed(f"no broker within {within:.0f} seconds")
        time.sleep(0.05)


def _stands_still(task: Path) -> bool:
    return (task / "stat").read_text().rpartition(")")[2].split()[0] == "T"


def _write_whole(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").rename(path)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-600:].strip() if log.exists() else "it said nothing"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _by_hand() -> None:
    with tempfile.TemporaryDirectory() as directory, Kafka.started(Path(directory)) as broker:
        print(broker.url, flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    if sys.argv[1:2] == ["keep"]:
        keep(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        _by_hand()
