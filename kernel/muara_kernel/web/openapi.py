"""The API as flask-smorest builds it, with our problems in place of its own errors."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from apispec import BasePlugin
from flask import Flask
from flask_smorest import Api

from muara_kernel.web.problems import PROBLEM_JSON


class InvalidFieldSchema(ma.Schema):
    """One field of the request and what is wrong with it."""

    field = ma.fields.String(required=True)
    message = ma.fields.String(required=True)


class ProblemSchema(ma.Schema):
    """RFC 9457."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    errors = ma.fields.List(ma.fields.Nested(InvalidFieldSchema))


class _ErrorsAreProblems(BasePlugin):
    """Whatever a view declares for an error status, what is sent is a problem."""

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any
    ) -> None:
        for operation in (operations or {}).values():
            for status, response in operation.get("responses", {}).items():
                if str(status) >= "400" and isinstance(response, dict) and "$ref" not in response:
                    response["content"] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


class MuaraApi(Api):
    """The document says what the app does: every error is application/problem+json."""

    # Registered by smorest as "Problem", with the responses it prepares.
    ERROR_SCHEMA = ProblemSchema  # type: ignore[assignment]

    def __init__(self, app: Flask) -> None:
        super().__init__(app, spec_kwargs={"extra_plugins": [_ErrorsAreProblems()]})  # type: ignore[no-untyped-call]

    def _register_error_handlers(self) -> None:
        """``problems.install`` answers for the whole app."""

    def _register_responses(self) -> None:
        # Only the prepared error responses are declared here; views declare theirs afterwards.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_JSON
        super()._register_responses()  # type: ignore[no-untyped-call]
        del self.DEFAULT_RESPONSE_CONTENT_TYPE
