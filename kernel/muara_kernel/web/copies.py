"""What a loader asks each service: which revision of each thing has reached you?"""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from muara_kernel.web.desk import Desk
from muara_kernel.worker.copies import CopiesRead


def copies_blueprint(copies: CopiesRead, desk: Desk) -> Blueprint:
    blueprint = Blueprint("copies", __name__)

    @blueprint.get("/v1/copies")
    @desk.required
    def held() -> ResponseReturnValue:
        return copies.revisions()

    return blueprint
