"""One JSON object per line on stderr, each with its correlation, none with what a sender or a key holds."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

REDACTED = "[disamarkan]"
LONGEST = 4000

_SECRET_WORDS = {"authorization", "token", "secret", "key", "body", "password", "cookie", "credentials"}
_SECRET_NAMES = {"payload_bytes", "apikey", "passwd", "content", "rows_data"}
_SECRET_TEXT = re.compile(
    r"(?i:(bearer\s+))\S+|(muara_[A-Za-z0-9]+_)[A-Za-z0-9_-]{16,}|(://[^/\s:@]*:)[^@\s/]+(?=@)"
)


def configure(service: str, process: str, *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send structlog and the standard library's logging through the same lines; calling again replaces."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service, process),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def bound(**fields: Any) -> AbstractContextManager[None]:
    """Every line within carries ``fields``; ``bound(correlation=submission)`` is how a line is traced."""
    return structlog.contextvars.bound_contextvars(**fields)


def redact(_: Any, __: str, event: EventDict) -> EventDict:
    """Hide what stands under a telling name, bytes whole, and keys wherever they stand in a sentence."""
    return {name: _shown(name, value) for name, value in event.items()}


def _named(service: str, process: str) -> Processor:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        event["process"] = process
        if event.get("correlation") is None:
            event["correlation"] = "-"
        return event

    return add


def _shown(name: str, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{len(value)} bytes>"
    if _is_secret(name):
        return REDACTED
    if isinstance(value, Mapping):
        return {str(inner): _shown(str(inner), one) for inner, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_shown("", one) for one in value]
    return _cut(value if isinstance(value, str) else str(value))


def _is_secret(name: str) -> bool:
    lower = name.lower()
    return lower in _SECRET_NAMES or not _SECRET_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", lower))


def _cut(text: str) -> str:
    # A traceback says most at its end.
    kept = text if len(text) <= LONGEST else f"{text[: LONGEST // 4]} … {text[-LONGEST * 3 // 4 :]}"
    return _SECRET_TEXT.sub(lambda found: f"{found[1] or found[2] or found[3]}{REDACTED}", kept)
