"""The desk's view of the lanes, and the switch of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import marshmallow as ma
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from muara_kernel.events import Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem


class SwitchSchema(ma.Schema):
    """``paused``: what the OPD sends is kept, and goes on when it is resumed."""

    class Meta:
        unknown = ma.RAISE

    paused = ma.fields.Boolean(required=True)


class Lanes(Protocol):
    def waiting(self) -> dict[str, int]: ...

    def taken(self) -> tuple[dict[str, set[int]], set[str]]: ...

    def paused(self) -> set[str]: ...

    def pause(self, opd: str, paused: bool) -> None: ...


def blueprint(lanes: Lanes, desk: Desk, registered: Callable[[str], bool]) -> Blueprint:
    """``registered`` says whether ingest has heard of an OPD."""
    blp = Blueprint(
        "lanes", __name__, url_prefix="/v1/lanes", description="Lajur tiap OPD / the lane of each OPD"
    )

    @blp.route("", methods=["GET"])
    @desk.required
    def every() -> ResponseReturnValue:
        """How many wait, and how many are out, by OPD."""
        waiting, (taken, _), paused = lanes.waiting(), lanes.taken(), lanes.paused()
        return {
            opd: {"waiting": waiting.get(opd, 0), "out": len(taken.get(opd, ())), "paused": opd in paused}
            for opd in sorted({*waiting, *taken, *paused})
        }

    @blp.route("/<opd>", methods=["PUT"])
    @desk.required
    @blp.arguments(SwitchSchema)
    def switch(asked: dict[str, bool], opd: str) -> ResponseReturnValue:
        """Pause or resume one OPD without touching others."""
        if not registered(opd):
            words = Text(f"OPD {opd} tidak terdaftar.", f"The OPD {opd} is not registered.")
            raise Problem(404, "tidak-ditemukan", words)
        lanes.pause(opd, asked["paused"])
        return {"opd": opd, "paused": asked["paused"]}

    return blp
