"""What every page of Muara shares: base template, style sheet, and how numbers and times are written."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from muara_kernel.events.moments import in_words
from muara_kernel.web.language import language, say

NOTHING = "\N{EN DASH}"

_OTHER_WAY = str.maketrans(",.", ".,")


def install(app: Flask, region: str | None = None, *, zone: str = "WIB") -> None:
    """Give the app ``base.html``, ``/static/muara/`` and the filters; call again to name the region."""
    if "muara" not in app.blueprints:
        app.register_blueprint(_blueprint())
        app.jinja_env.globals.update(language=language, say=say, region="", zone="WIB")
        for name, alone in (("at_the_desk", bool), ("navigation", tuple), ("home", lambda: "/")):
            app.jinja_env.globals.setdefault(name, alone)
        app.add_template_filter(angka)
        app.add_template_filter(waktu)
        app.add_template_filter(paragraphs)
    if region is not None:
        app.jinja_env.globals.update(region=region, zone=zone)
        app.add_template_filter(lambda moment, in_zone=zone: waktu(moment, in_zone), "waktu")


def _blueprint() -> Blueprint:
    shared = Blueprint(
        "muara",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/muara",
    )

    @shared.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """Browsers ask for it here wherever a page of theirs is no page of ours."""
        return redirect(url_for("muara.static", filename="muara.svg"), 301)

    return shared


def angka(value: float | Decimal | None, digits: int | None = None) -> str:
    """1.234,5 in Bahasa Indonesia, 1,234.5 in English; a dash where there is no number."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value))
    written = f"{exact:,f}" if digits is None else f"{exact:,.{digits}f}"
    return written if language() == "en" else written.translate(_OTHER_WAY)


def waktu(moment: datetime | str | None, zone: str = "WIB") -> str:
    """``in_words``, from an aware datetime or an ISO 8601 sentence with its offset; a dash for none."""
    if not moment:
        return NOTHING
    return say(in_words(datetime.fromisoformat(moment) if isinstance(moment, str) else moment, zone))


def paragraphs(text: str) -> Markup:
    """Blank lines separate paragraphs; everything else is shown as it is."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(part)) for part in parts)
