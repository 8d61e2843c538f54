"""``muara load``: bring in OPD, datasets, standards and code lists, and wait until every copy has them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muara.http import Door
from muara.region import Region

Step = Callable[[str], None]
"""Told what was done, for the progress bar."""

PATIENCE = 60.0
HOLDERS = {
    "opd.registered": ("ingest", "validation", "notification"),
    "dataset.registered": ("ingest", "validation", "notification"),
    "standard.adopted": ("catalog",),
    "codelist.adopted": ("catalog",),
}


class CopiesLate(Exception):
    """What was loaded is durable, but did not reach every service in time; the words say which."""


@dataclass(frozen=True)
class Doors:
    """The four services, as the desk sees them."""

    ingest: Door
    validation: Door
    catalog: Door
    notification: Door

    @classmethod
    def at(cls, addresses: Mapping[str, str], token: str) -> Doors:
        return cls(
            **{service: Door(addresses[f"{service}-web"], token) for service in cls.__dataclass_fields__}
        )


def load(region: Region, doors: Doors, step: Step = lambda done: None) -> dict[str, dict[str, int]]:
    """Everything by PUT, in the order in which it refers to each other; returns the revisions now in force.

    Loading again changes nothing. Raises Refused with the service's reason, or CopiesLate.
    """
    revisions: dict[str, dict[str, int]] = {kind: {} for kind in HOLDERS}
    loads = (
        ("codelist.adopted", doors.validation, "/v1/codelists", region.codelists()),
        ("standard.adopted", doors.validation, "/v1/standards", region.standards()),
        ("opd.registered", doors.catalog, "/v1/opd", region.opd()),
        ("dataset.registered", doors.catalog, "/v1/datasets", region.datasets()),
    )
    for kind, door, path, bodies in loads:
        for id, body in bodies.items():
            revisions[kind][id] = door.put(f"{path}/{id}", body)["revision"]
            step(f"{path}/{id}")
    _wait_for_copies(revisions, doors, step)
    return revisions


def count(region: Region) -> int:
    """How many steps ``load`` will tell of."""
    return sum(map(len, (region.codelists(), region.standards(), region.opd(), region.datasets()))) + len(
        _holders()
    )


def _holders() -> set[str]:
    return {service for services in HOLDERS.values() for service in services}


def _wait_for_copies(revisions: Mapping[str, Mapping[str, int]], doors: Doors, step: Step) -> None:
    deadline = time.monotonic() + PATIENCE
    for service in sorted(_holders()):
        wanted = {kind: revisions[kind] for kind, services in HOLDERS.items() if service in services}
        while late := _late(wanted, getattr(doors, service).get("/v1/copies")):
            if time.monotonic() > deadline:
                raise CopiesLate(f"{service}: {', '.join(late[:5])}")
            time.sleep(0.05)
        step(f"{service} ✓")


def _late(wanted: Mapping[str, Mapping[str, int]], held: Mapping[str, Mapping[str, int]]) -> list[str]:
    return [
        f"{kind}/{id}"
        for kind, things in wanted.items()
        for id, revision in things.items()
        if held.get(kind, {}).get(id, 0) < revision
    ]
