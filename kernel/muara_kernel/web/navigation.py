"""The one navigation of all pages, whichever service answers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request

from muara_kernel.addresses import Addresses
from muara_kernel.events.finding import Text


@dataclass(frozen=True)
class Place:
    """A page that people go to; ``path`` is where its service answers it, with and without a proxy."""

    service: str
    path: str
    name: Text

    def is_at(self, service: str, path: str) -> bool:
        return self.service == service and self.path.partition("?")[0] == path


HOME = Place("catalog", "/", Text("Data", "Data"))
TRY = Place("validation", "/periksa", Text("Coba berkas", "Try a file"))
REVIEWS = Place("catalog", "/pemeriksaan", Text("Pemeriksaan", "Reviews"))
# The catalogue has a first page too; a proxy tells them apart by whose inbox is asked for.
INBOX = Place("notification", "/?recipient=walidata", Text("Kotak masuk", "Inbox"))
DESK = Place("catalog", "/masuk?next=/pemeriksaan", Text("Meja walidata", "Walidata's desk"))

FOR_ALL = (HOME, TRY, DESK)
AT_THE_DESK = (HOME, TRY, REVIEWS, INBOX)


@dataclass(frozen=True)
class Entry:
    """``here`` says that it is the page being shown."""

    href: str
    name: Text
    here: bool


def install(app: Flask, service: str, addresses: Addresses, signed_in: Callable[[], bool]) -> None:
    """Templates may ask for ``navigation()``, ``home()``, where everything begins, and
    ``page_of(service, path)``, the link to a page of another service."""

    def entry(place: Place) -> Entry:
        href = place.path if place.service == service else addresses.link(place.service, place.path)
        return Entry(href, place.name, place.is_at(service, request.path))

    app.jinja_env.globals.update(
        navigation=lambda: [entry(place) for place in (AT_THE_DESK if signed_in() else FOR_ALL)],
        home=lambda: entry(HOME).href,
        page_of=addresses.link,
    )
