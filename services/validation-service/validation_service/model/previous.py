"""The edition before, read by the same reader and laid out as the table that is checked."""

from __future__ import annotations

from muara_kernel.events.finding import Text
from validation_service.model.facts import Previous
from validation_service.model.reading.grid import Unreadable
from validation_service.model.reading.read import read
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.changes import Edition, FetchEdition
from validation_service.model.rules.columns import laid_out
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.shape import match_columns
from validation_service.model.rules.totals.aside import set_totals_aside
from validation_service.model.standard import Standard


def fetching(previous: Previous | None, standard: Standard, findings: Findings) -> FetchEdition:
    """What gives the edition before, and says in ``findings`` (YY-03) when it cannot be read."""

    def fetch() -> Edition | None:
        if previous is None:
            return None
        try:
            return edition_of(previous, standard)
        except Unreadable as unreadable:
            problem = unreadable.finding.message
        except Exception as error:  # an old file must not keep the new one from being checked
            problem = Text(f"kesalahan {type(error).__name__}", f"fault {type(error).__name__}")
        findings.add(found("YY-03", previous=previous.period, problem=problem))
        return None

    return fetch


def edition_of(previous: Previous, standard: Standard) -> Edition:
    """Raises Unreadable. What was remarked on that file then is not said again."""
    unsaid = Findings()
    grid = read(previous.data, standard, filename=previous.filename, media_type=previous.media_type)
    places = match_columns(grid, standard, unsaid)
    return Edition(previous.period, set_totals_aside(laid_out(grid, places), standard, unsaid))
