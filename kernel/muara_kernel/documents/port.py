"""Documents as every service keeps them: JSON with an id, a version, declared unique keys and indexes.

There are no transactions over several documents. What must be atomic is one document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

Body = dict[str, Any]


@dataclass(frozen=True)
class Collection:
    """A kind of document, declared in one place: its name, its unique keys and its indexes.

    A key is a tuple of fields; a field may be a dotted path. A document that lacks one of the
    fields of a unique key takes no part in it.
    """

    name: str
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()


class Stored(NamedTuple):
    """A document as it was read or written. ``version`` grows by one with every change."""

    id: str
    version: int
    body: Body


# --- what a query may ask of a field, besides plain equality ---------------------------------


@dataclass(frozen=True)
class AtMost:
    """The field is there and is less than or equal to ``value``."""

    value: Any


@dataclass(frozen=True)
class MoreThan:
    """The field is there and is greater than ``value``."""

    value: Any


@dataclass(frozen=True)
class OneOf:
    """The field is one of ``values``; no values match nothing."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Present:
    """The field is there."""


@dataclass(frozen=True)
class Absent:
    """The field is not there."""


@dataclass(frozen=True)
class Add:
    """In the changes of a claim: the field grows by ``number``, from 0 where it is absent."""

    number: int


Where = Mapping[str, Any]
"""Field (or dotted path, or ``id``) to a plain value or one of the five questions above; all must hold.

A queried field is never a list.
"""

Order = Sequence[tuple[str, int]]
"""Fields to sort by, each with 1 (rising) or -1 (falling); ties by rising id. Absent sorts first rising."""


# --- single-document writes, for a batch -----------------------------------------------------


class Insert(NamedTuple):
    """Write a new document; a taken id or unique key is a Duplicate."""

    collection: Collection
    id: str
    body: Body


class Replace(NamedTuple):
    """Write over a document that still has ``version``; anything else is a Conflict."""

    collection: Collection
    id: str
    version: int
    body: Body


class Delete(NamedTuple):
    """Remove a document that still has ``version``; anything else is a Conflict."""

    collection: Collection
    id: str
    version: int


Write = Insert | Replace | Delete


class DocumentsError(Exception):
    """Anything the store cannot do."""


class DocumentsUnavailable(DocumentsError):
    """The store cannot be reached now, or cannot say whether a write took place; ask again later."""


class DocumentsFull(DocumentsUnavailable):
    """The disk of the store takes no more; the sentence names the setting. It goes on once there is room."""


class Duplicate(DocumentsError):
    """The id, or a unique key, is taken. ``key`` names its fields, ``("id",)`` for the id."""

    def __init__(self, collection: str, key: tuple[str, ...]) -> None:
        super().__init__(f"{collection}: {', '.join(key)} already taken")
        self.collection = collection
        self.key = key


class Conflict(DocumentsError):
    """Somebody else changed or removed the document since it was read."""


class DocumentTooLarge(DocumentsError):
    """The document is larger than any adapter may take (16 MiB)."""


class Documents(Protocol):
    """The documents of one service.

    Fields whose value is None are not stored (in dicts at any depth; lists keep theirs). A body is
    plain JSON. The caller's dict is never kept: what was passed in may be changed afterwards.
    """

    def declare(self, collection: Collection) -> None:
        """Make the collection and its indexes, where they are missing; declaring again is harmless."""
        ...

    def insert(self, collection: Collection, id: str, body: Body) -> Stored:
        """Durable when it returns. Raises Duplicate."""
        ...

    def get(self, collection: Collection, id: str) -> Stored | None:
        """The document, None when there is none."""
        ...

    def replace(self, collection: Collection, stored: Stored, body: Body) -> Stored:
        """Durable when it returns. Raises Conflict, or Duplicate for a unique key."""
        ...

    def delete(self, collection: Collection, stored: Stored) -> None:
        """Raises Conflict."""
        ...

    def find(
        self,
        collection: Collection,
        where: Where | None = None,
        *,
        order: Order = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[Stored]:
        """Documents for which all of ``where`` holds, by id unless ordered otherwise.

        ``after`` is an id to go on from, for paging without an order.
        """
        ...

    def count(self, collection: Collection, where: Where | None = None) -> int: ...

    def count_by(self, collection: Collection, field: str, where: Where | None = None) -> dict[str, int]:
        """How many documents there are for each value of ``field``; those without the field are left out."""
        ...

    def claim(
        self, collection: Collection, where: Where, changes: Body, *, order: Order = (), most: int = 1
    ) -> list[Stored]:
        """Set the fields of ``changes`` (None removes) in up to ``most`` documents, each for one caller only.

        Returns them as they are after the change. A change that hits a unique key raises Duplicate, and
        those changed before it stay changed: claim one at a time where a unique key is among the changes.
        """
        ...

    def write(self, batch: Sequence[Write]) -> list[Stored | Duplicate | Conflict | None]:
        """Many single-document writes in one durable commit, each tried, each with its own fate, in order.

        A write's fate is the new document (None for a delete) or the reason it did not happen. When
        the process or the store dies in the middle, a part of the batch may have been applied: no
        collection before those that the batch names before it.
        """
        ...

    def check(self) -> None:
        """Return when the store answers; raise DocumentsUnavailable when it does not."""
        ...

    def close(self) -> None: ...
