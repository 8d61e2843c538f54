from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from muara_kernel.observability import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.configure("ingest", "worker", stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_who_speaks_and_when(stream: io.StringIO) -> None:
    structlog.get_logger("x").info("released", opd="dinkes", row=3)

    (line,) = lines(stream)
    assert line.pop("timestamp")
    assert line == {
        "event": "released",
        "level": "info",
        "service": "ingest",
        "process": "worker",
        "correlation": "-",
        "opd": "dinkes",
        "row": 3,
    }


def test_every_line_within_carries_the_correlation(stream: io.StringIO) -> None:
    with logs.bound(correlation="sub-1"):
        structlog.get_logger().info("a")
        logging.getLogger("pymongo").warning("b %s", "c")
    structlog.get_logger().info("d")

    assert [(line["event"], line["correlation"]) for line in lines(stream)] == [
        ("a", "sub-1"),
        ("b c", "sub-1"),
        ("d", "-"),
    ]


def test_what_a_sender_or_a_key_holds_is_never_written(stream: io.StringIO) -> None:
    structlog.get_logger().info(
        "Authorization was Bearer abc.def",
        headers={"Authorization": "Bearer abc.def", "Accept": "*/*"},
        desk_token="rahasia",
        body=b"NIK,nama",
        rows=[b"350801"],
        url="mongodb://muara:rahasia@db.example/x",
        given="muara_k1_0123456789abcdef0123",
        keyid="k1",
    )

    text = stream.getvalue()
    for secret in ("abc.def", "rahasia", "NIK", "350801", "0123456789abcdef"):
        assert secret not in text
    (line,) = lines(stream)
    assert line["body"] == "<8 bytes>"
    assert line["rows"] == ["<6 bytes>"]
    assert line["keyid"] == "k1"
    assert line["url"] == "mongodb://muara:[disamarkan]@db.example/x"


def test_a_traceback_is_part_of_its_line(stream: io.StringIO) -> None:
    try:
        raise LookupError("nothing here")
    except LookupError:
        structlog.get_logger().exception("failed")
        logging.getLogger("gunicorn.error").exception("failed too")

    assert [("LookupError: nothing here" in str(line["exception"])) for line in lines(stream)] == [True, True]


def test_a_very_long_value_is_cut_and_keeps_its_end(stream: io.StringIO) -> None:
    structlog.get_logger().info("x", text="a" * 50_000 + "the end")

    (line,) = lines(stream)
    assert len(str(line["text"])) < 5000
    assert str(line["text"]).endswith("the end")


def test_configuring_again_does_not_double_the_lines(stream: io.StringIO) -> None:
    logs.configure("ingest", "web", stream=stream)
    structlog.get_logger().info("once")

    assert [line["process"] for line in lines(stream)] == ["web"]
