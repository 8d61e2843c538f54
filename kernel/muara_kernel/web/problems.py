"""Every refusal in one form: RFC 9457 problem+json for programs, the same words as a page for people."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, json, render_template, request
from werkzeug.exceptions import HTTPException

from muara_kernel.bus import BusUnavailable
from muara_kernel.documents import DocumentsFull, DocumentsUnavailable, DocumentTooLarge
from muara_kernel.events.finding import Text
from muara_kernel.payloads import PayloadsFull, PayloadsUnavailable
from muara_kernel.web import pages
from muara_kernel.web.invalid import invalid_fields
from muara_kernel.web.language import language, say
from muara_kernel.web.sentences import (
    FULL,
    INTERNAL,
    INVALID_JSON,
    TOO_LARGE_TO_KEEP,
    UNAVAILABLE,
    Refusal,
    refusal,
)

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = "5"

_NOTHING: Mapping[str, str] = MappingProxyType({})
_ABOUT_THE_BODY = {"content-type", "content-length"}

log = structlog.get_logger(__name__)


class Problem(Exception):
    """A refusal, told in both languages; raise it in any view. ``members`` are added to the body."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Text,
        *,
        title: Text | None = None,
        headers: Mapping[str, str] = _NOTHING,
        **members: Any,
    ) -> None:
        super().__init__(f"{status} {code}: {detail.en}")
        self.status = status
        self.code = code
        self.detail = detail
        self.title = title or refusal(status).title
        self.headers = dict(headers)
        self.members = members


def install(app: Flask) -> None:
    """Whatever is raised in this app leaves it as a problem."""
    pages.install(app)
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _refused)
    for unavailable in (DocumentsUnavailable, BusUnavailable, PayloadsUnavailable):
        app.register_error_handler(unavailable, _unavailable)
    app.register_error_handler(DocumentTooLarge, lambda _: answer(_problem(413, TOO_LARGE_TO_KEEP)))
    app.register_error_handler(Exception, _unexpected)


def answer(problem: Problem) -> Response:
    """The problem as a response, in the form and the language the client prefers."""
    response = _page(problem) if _wants_page() else _document(problem)
    response.status_code = problem.status
    response.headers.extend(problem.headers)
    response.headers["Content-Language"] = language()
    response.vary.update(["Accept-Language", "Accept"])
    return response


def _wants_page() -> bool:
    if request.path.startswith("/v1"):
        return False
    # The first wins a tie, so that "*/*" is answered as to a program.
    forms = [PROBLEM_JSON, "application/json", "text/html"]
    return request.accept_mimetypes.best_match(forms) == "text/html"


def _document(problem: Problem) -> Response:
    body = {
        "type": f"urn:muara:masalah:{problem.code}",
        "title": say(problem.title),
        "status": problem.status,
        "detail": say(problem.detail),
        "instance": request.path,
        "code": problem.code,
    }
    # A member cannot stand in for what the RFC names.
    return Response(json.dumps(body | problem.members | body), content_type=PROBLEM_JSON)


def _page(problem: Problem) -> Response:
    return Response(
        render_template(
            "problem.html",
            title=say(problem.title),
            detail=say(problem.detail),
            correlation=problem.members.get("correlation"),
        ),
        content_type="text/html; charset=utf-8",
    )


def _refused(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error
    if status >= 500 and status != 503:
        return _unexpected(error)
    # smorest and webargs leave what they know in an attribute of the exception.
    told: dict[str, Any] = getattr(error, "data", None) or {}
    headers = {name: value for name, value in error.get_headers() if name.lower() not in _ABOUT_THE_BODY}
    return answer(_in_our_words(status, told, {**headers, **(told.get("headers") or {})}))


def _in_our_words(status: int, told: dict[str, Any], headers: dict[str, str]) -> Problem:
    fields = told.get("errors") or told.get("messages")
    if status == 400 and "messages" in told:
        return _problem(400, INVALID_JSON)
    if status == 422 and fields:
        if "json" in fields and request.content_length and not request.is_json:
            return _problem(415, refusal(415))
        return _problem(422, refusal(422), headers, errors=invalid_fields(fields))
    if status == 413:
        return _too_large()
    words = refusal(status)
    message = told.get("message")
    detail = message if isinstance(message, Text) else Text(message, message) if message else words.detail
    return Problem(status, words.code, detail, title=words.title, headers=headers)


def _problem(status: int, words: Refusal, headers: Mapping[str, str] = _NOTHING, **members: Any) -> Problem:
    return Problem(status, words.code, words.detail, title=words.title, headers=headers, **members)


def _too_large() -> Problem:
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if not limit:
        return _problem(413, refusal(413))
    size = f"{limit / 2**20:g} MiB" if limit >= 2**20 else f"{limit} byte"
    detail = Text(
        f"Isi permintaan melebihi batas (seluruhnya paling banyak {size}). Tidak ada yang diterima.",
        f"The body of the request is over the limit (at most {size} in all). Nothing was accepted.",
    )
    return Problem(413, refusal(413).code, detail, limit=limit)


def _unavailable(error: Exception) -> Response:
    log.warning("a store or the bus cannot be reached", error=f"{type(error).__name__}: {error}")
    if isinstance(error, DocumentsFull | PayloadsFull):
        # The setting tells our operator which disk; where it lies is nobody else's business.
        setting = str(error).partition(":")[0]
        return answer(_problem(503, FULL, {"Retry-After": RETRY_AFTER}, setting=setting))
    return answer(_problem(503, UNAVAILABLE, {"Retry-After": RETRY_AFTER}))


def _unexpected(error: Exception) -> Response:
    if _came_out_of_the_json(error):
        return answer(_problem(400, INVALID_JSON))
    log.error("unexpected error", exc_info=error)
    return answer(_problem(500, INTERNAL, correlation=g.get("correlation")))


def _came_out_of_the_json(error: Exception) -> bool:
    """Too deep, too many digits, half a surrogate: JSON that reads badly in ways no parser error names."""
    if not request.is_json:
        return False
    if isinstance(error, UnicodeEncodeError):
        return "surrogates" in error.reason
    places = traceback.extract_tb(error.__traceback__)
    return isinstance(error, (RecursionError, ValueError)) and places[-1].filename.endswith("json/decoder.py")
