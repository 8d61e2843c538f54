"""What a kafka:// URL may say, and what each error of kafka-python means for the caller. Needs no broker."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from muara_kernel.bus import BusError, BusUnavailable, Record, RecordTooLarge, UnknownTopic
from muara_kernel.bus.connect import connect, topics
from muara_kernel.bus.kafka_settings import Brokers

SECRET = "rahasia: /@%"
QUOTED = "rahasia%3A%20%2F%40%25"


def test_hosts_alone_mean_no_encryption_and_the_usual_port() -> None:
    assert Brokers.at("kafka://satu.example,dua.example:9093").client() == {
        "bootstrap_servers": ["satu.example:9092", "dua.example:9093"],
        "security_protocol": "PLAINTEXT",
    }


def test_a_user_means_scram_over_tls_and_the_password_is_percent_encoded() -> None:
    assert Brokers.at(f"kafka://muara:{QUOTED}@satu.example").client() == {
        "bootstrap_servers": ["satu.example:9092"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "muara",
        "sasl_plain_password": SECRET,
    }


def test_security_mechanism_and_files_can_be_chosen(tmp_path: Path) -> None:
    for name in ("ca", "certificate", "key"):
        (tmp_path / name).touch()
    files = "&".join(f"{name}={tmp_path}/{name}" for name in ("ca", "certificate", "key"))
    said = Brokers.at(
        f"kafka://u:p@[::1]:9094,[::2]?security=SASL_SSL&mechanism=SCRAM-SHA-256&{files}"
    ).client()
    assert said["bootstrap_servers"] == ["[::1]:9094", "[::2]:9092"]
    assert said["sasl_mechanism"] == "SCRAM-SHA-256"
    assert [said[name] for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile")] == [
        str(tmp_path / name) for name in ("ca", "certificate", "key")
    ]


@pytest.mark.parametrize(
    ("url", "names"),
    {
        "kafka://": "at least one host",
        "kafka:///var/lib/kafka": "nothing but hosts",
        "kafka://h:x": "'x' is no port",
        "kafka://h:99999": "'99999' is no port",
        "kafka://:9092": "no host",
        f"kafka://u:{SECRET}@h": "percent-encode",
        "kafka://u:rahasia?x@h": "percent-encode",
        "kafka://h?security=TLS": "security=TLS.*SASL_SSL",
        "kafka://u:p@h?mechanism=SCRAM": "mechanism=SCRAM .*SCRAM-SHA-512",
        "kafka://h?acks=1": "acks is no setting.*security, mechanism, ca",
        "kafka://h?security=SASL_SSL": "needs user:password",
        "kafka://u@h": "needs user:password",
        "kafka://u:p@h?security=SSL": "knows no user.*SASL_SSL",
        "kafka://h?ca=/etc/hosts": "ca goes with security=SSL",
        "kafka://h?security=SSL&ca=/tidak/ada.pem": "/tidak/ada.pem is no file",
    }.items(),
)
def test_a_url_that_makes_no_sense_is_refused_with_a_sentence(url: str, names: str) -> None:
    with pytest.raises(ValueError, match=f"^MUARA_BUS.*({names})") as refused:
        connect(url)
    assert "rahasia" not in str(refused.value)


def test_the_password_is_never_shown() -> None:
    url = f"kafka://muara:{QUOTED}@satu.example:9092"
    brokers = Brokers.at(url)
    for shown in (str(brokers), repr(brokers), repr(connect(url))):
        assert "muara" in shown
        assert "rahasia" not in shown


def test_a_misspelt_scheme_does_not_show_the_password_either() -> None:
    with pytest.raises(ValueError, match="kafak") as refused:
        connect(f"kafak://muara:{QUOTED}@satu.example:9092")
    assert "rahasia" not in str(refused.value)


def test_a_bus_that_makes_its_own_topics_has_none_to_set_up(tmp_path: Path) -> None:
    assert topics(f"sqlite:///{tmp_path}/events.db") is None


def test_every_error_means_what_the_caller_should_do() -> None:
    errors = pytest.importorskip("kafka.errors")
    from muara_kernel.bus.kafka_errors import translation

    table: list[tuple[Exception, type[BusError], str]] = [
        (
            errors.KafkaTimeoutError("Unable to bootstrap from x"),
            BusUnavailable,
            "credentials refused.*MUARA_BUS",
        ),
        (errors.KafkaTimeoutError("Batch expired"), BusUnavailable, "Batch expired"),
        (errors.KafkaConnectionError("refused"), BusUnavailable, "refused"),
        (errors.NotEnoughReplicasError(), BusUnavailable, "NotEnoughReplicas"),
        (errors.NotLeaderForPartitionError(), BusUnavailable, "NotLeader"),
        (errors.CoordinatorLoadInProgressError(), BusUnavailable, "CoordinatorLoad"),
        (errors.KafkaStorageError(), BusUnavailable, "Storage"),
        (errors.UnknownError(), BusUnavailable, "Unknown"),
        (errors.IllegalStateError("already closed"), BusUnavailable, "already closed"),
        (ConnectionResetError("reset"), BusUnavailable, "reset"),
        (errors.MessageSizeTooLargeError(), RecordTooLarge, r"message\.max\.bytes"),
        (errors.RecordListTooLargeError(), RecordTooLarge, r"message\.max\.bytes"),
        (errors.UnknownTopicOrPartitionError(), UnknownTopic, "muara topics apply"),
        (
            errors.TopicAuthorizationFailedError({"muara.ingest"}),
            BusUnavailable,
            r"muara\.ingest.*MUARA_BUS.*ACL",
        ),
        (errors.GroupAuthorizationFailedError("catalog"), BusUnavailable, "catalog.*MUARA_BUS"),
        (errors.SaslAuthenticationFailedError(), BusUnavailable, "MUARA_BUS.*password"),
        (errors.InvalidSessionTimeoutError(), BusUnavailable, "MUARA_SESSION_SECONDS"),
        (errors.InconsistentGroupProtocolError(), BusUnavailable, "another program"),
        (errors.IncompatibleBrokerVersion(), BusUnavailable, "MUARA_BUS.*newer"),
        (errors.CorruptRecordError(), BusError, "CorruptRecord"),
    ]
    brokers = Brokers.at(f"kafka://muara:{QUOTED}@satu.example")
    for error, kind, sentence in table:
        with pytest.raises(kind, match=f"muara@satu.example:9092.*{sentence}") as said:
            raise translation(error, brokers)
        assert type(said.value) is kind
        assert "rahasia" not in str(said.value)


def test_where_no_broker_is_everything_says_so_soon_and_leaves_nothing_behind() -> None:
    pytest.importorskip("kafka")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, but nobody listens
        bus = connect(f"kafka://127.0.0.1:{nobody.getsockname()[1]}")
        subscription = bus.subscribe(["muara.ingest"], group="katalog")
        for call in (
            bus.check,
            lambda: bus.publish("muara.ingest", [Record("k", b"v")]),
            lambda: subscription.poll(1, 0.1),
        ):
            began = time.monotonic()
            with pytest.raises(BusUnavailable, match=r"unreachable or credentials refused.*MUARA_BUS"):
                call()
            assert time.monotonic() - began < 20
        subscription.close()
        bus.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("kafka-io")]
