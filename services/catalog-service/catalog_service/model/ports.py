"""What the rules need from whoever keeps the documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from catalog_service.model.edition import Edition
from catalog_service.model.entry import Entry
from muara_kernel.events import DatasetRegistered, Event, OpdRegistered, StandardAdopted
from muara_kernel.events.dataset import Access


class Editions(Protocol):
    """The editions within one unit of work."""

    def now(self) -> datetime: ...

    def of(self, dataset: str, period: str, *about: str) -> Edition:
        """The edition, a new one where there is none yet; ``about`` are submissions that it must know of."""
        ...

    def taking(self, submission: str, dataset: str, period: str, *about: str) -> Edition:
        """The same, and from now on ``holding`` finds it by this submission."""
        ...

    def holding(self, submission: str) -> Edition:
        """Raises UnknownSubmission."""
        ...

    def save(self, edition: Edition) -> None:
        """Its change and what it announces are one write; over somebody else's change, a Conflict."""
        ...

    def keep(self, dataset: str, period: str, submissions: Collection[str]) -> None:
        """Write these entries of the edition, as far as they are settled, into documents of their own."""
        ...

    def kept(self, edition: Edition) -> dict[str, Entry]:
        """What ``keep`` wrote of its ``long_settled``."""
        ...


class Register(Protocol):
    """The OPD and datasets within one unit of work; what is kept is announced."""

    def opd(self, opd: str) -> OpdRegistered | None: ...

    def dataset(self, dataset: str) -> DatasetRegistered | None: ...

    def keep_opd(self, entry: OpdRegistered) -> None: ...

    def keep_dataset(self, entry: DatasetRegistered) -> None: ...


class Copies(Protocol):
    """Other services' state, within one unit of work."""

    def keep(self, event: Event) -> None: ...


class Work(Protocol):
    """A unit of work of the web process or of a job."""

    @property
    def editions(self) -> Editions: ...

    @property
    def register(self) -> Register: ...

    def flush(self) -> object:
        """Durable when it returns; raises Conflict."""
        ...


class Shelf(Protocol):
    """Everything as it stands now, to be read only. Lists go by id, beginning behind ``after``."""

    def opd(self, opd: str) -> OpdRegistered | None: ...

    def all_opd(self, limit: int, after: str | None = None) -> list[OpdRegistered]: ...

    def dataset(self, dataset: str) -> DatasetRegistered | None: ...

    def datasets(
        self, access: Sequence[Access], limit: int, after: str | None = None
    ) -> list[DatasetRegistered]: ...

    def standard(self, dataset: str) -> StandardAdopted | None: ...

    def edition(self, dataset: str, period: str) -> Edition | None: ...

    def published(self, datasets: Sequence[str]) -> list[Edition]:
        """All editions of these datasets that have a version."""
        ...

    def published_of(self, dataset: str, limit: int, after: str | None = None) -> list[Edition]:
        """Those of one dataset; ``after`` is a period."""
        ...

    def review(self, submission: str) -> dict[str, Any] | None:
        """The request for review of this submission while it waits, with the ``as_of`` of its edition."""
        ...

    def reviews(self, limit: int, after: str | None = None) -> list[dict[str, Any]]:
        """What waits for the walidata, each as ``review`` gives it; ``after`` is a submission."""
        ...

    def overfull(self, most: int) -> list[tuple[str, str]]:
        """Dataset and period of editions that have too many settled entries."""
        ...

    def unfinished(self, most: int) -> list[tuple[str, str]]:
        """Dataset and period of editions whose repairs have still to close something elsewhere."""
        ...
