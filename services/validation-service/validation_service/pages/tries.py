"""/periksa: an OPD tries a file before sending it, and sees at once what would become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flask import Blueprint, Response, json, make_response, render_template, request
from flask.typing import ResponseReturnValue

from muara_kernel.web.desk import Desk, demand_own_form
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
from validation_service.model.trial import Tried
from validation_service.pages import words
from validation_service.pages.dossier import dossier
from validation_service.pages.reports import understood

LONGEST = 150
# Without no-referrer, under which browsers before 2021 send our own form as nobody's: no address is secret.
UNKEPT = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}

Datasets = Callable[[bool], list[tuple[str, str]]]
"""Id and title of those that a file can be tried for; whether the desk asks."""


class Answer(Protocol):
    """What came of a try: the report always, the sender's table where it was asked for and there is one."""

    @property
    def tried(self) -> Tried: ...

    def table(self) -> Response | None: ...


Try = Callable[[bool], Answer]
"""What came of the file of the current request; raises Problem."""


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
            answer = try_file(at_the_desk)
        except Problem as problem:
            given = {} if problem.status == 413 else request.form  # its body is not read any further
            return _form(datasets(at_the_desk), given, problem)
        table = answer.table()
        if table is not None:
            table.headers.update(UNKEPT)
            return table
        told = json.loads(answer.tried.report)
        return _page(
            "validation/tried.html",
            in_vain=request.form.get("answer") == "tabel",
            asked=request.form,
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
    response.headers.update(UNKEPT)
    return response
