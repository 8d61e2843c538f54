"""/periksa: an OPD tries a file before sending it, and sees at once what would become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, json, make_response, render_template, request
from flask.typing import ResponseReturnValue

from muara_kernel.web.desk import Desk, demand_own_form
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
from validation_service.pages import words
from validation_service.pages.dossier import dossier
from validation_service.pages.reports import PRIVATE, understood

LONGEST = 150

Datasets = Callable[[bool], list[tuple[str, str]]]
"""Id and title of those that a file can be tried for; whether the desk asks."""
Try = Callable[[bool], bytes]
"""The JSON of the report on the file of the current request; raises Problem."""


def blueprint(datasets: Datasets, desk: Desk, try_file: Try) -> Blueprint:
    blp = Blueprint("periksa", __name__, url_prefix="/periksa")

    @blp.get("")
    def form() -> ResponseReturnValue:
        return _form(datasets(desk.is_signed_in()), request.args)

    @blp.post("")
    def tried() -> ResponseReturnValue:
        demand_own_form()
        at_the_desk = desk.is_signed_in()
        try:
            told = json.loads(try_file(at_the_desk))
        except Problem as problem:
            given = {} if problem.status == 413 else request.form  # its body is not read any further
            return _form(datasets(at_the_desk), given, problem)
        return _page(
            "validation/tried.html",
            sha256=None,
            report=dossier(told),
            submissions=[],
            certified=False,
            understood=understood(told.get("understood", {})),
        )

    return blp


def _form(
    datasets: list[tuple[str, str]], given: Mapping[str, str], problem: Problem | None = None
) -> Response:
    response = _page(
        "validation/try.html",
        datasets=datasets,
        chosen=given.get("dataset", "")[:LONGEST],
        period=given.get("period", "")[:LONGEST],
        refusal=say(problem.detail) if problem else None,
        errors=problem.members.get("errors", ()) if problem else (),
    )
    if problem:
        response.status_code = problem.status
        response.headers.extend(problem.headers)
    return response


def _page(template: str, **shown: Any) -> Response:
    response = make_response(render_template(template, words=words, **shown))
    response.headers.update(PRIVATE)
    return response
