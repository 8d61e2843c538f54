"""The catalog over HTTP: what the region lists and has published, and the desk of the walidata."""

from __future__ import annotations

from flask_smorest import Blueprint

from catalog_service.api import datasets, editions, opd, reviews
from catalog_service.api.door import Door


def blueprints(door: Door) -> list[Blueprint]:
    return [part.blueprint(door) for part in (opd, datasets, editions, reviews)]
