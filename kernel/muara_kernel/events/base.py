"""What an event is: a frozen dataclass, from which its schemas and its identity are derived."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Literal, Union, get_args, get_origin
from uuid import UUID, uuid5

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from muara_kernel.events.topics import Topic

NAMESPACE = UUID("6d756172-6100-5361-7475-2044617461ff")
"""The namespace of every event id; it never changes, or one fact would have two ids."""


class Event:
    """Something that happened. Subclasses are frozen dataclasses named in the past tense.

    Class arguments: ``type`` without major; ``topic``; ``subject``, ``key`` and ``ordinal`` name the
    fields that say what it is about, in what order it is kept, and which of several it is. An
    event of a submission may happen once for it, so it needs no ordinal.
    """

    type: ClassVar[str]
    major: ClassVar[int]
    topic: ClassVar[Topic]
    _subject: ClassVar[str]
    _key: ClassVar[str]
    _ordinal: ClassVar[str | None]
    registered: ClassVar[dict[tuple[str, int], EventClass]] = {}

    def __init_subclass__(
        cls,
        *,
        type: str | None = None,
        topic: Topic | None = None,
        subject: str = "submission",
        key: str = "dataset",
        ordinal: str | None = None,
        major: int = 1,
    ) -> None:
        if type is None or topic is None:  # a shared base, such as OfSubmission
            return
        cls.type, cls.topic, cls.major = type, topic, major
        cls._subject, cls._key, cls._ordinal = subject, key, ordinal
        Event.registered[type, major] = cls

    @property
    def subject(self) -> str:
        return str(getattr(self, self._subject))

    @property
    def key(self) -> str:
        return str(getattr(self, self._key))

    @property
    def ordinal(self) -> str:
        return str(getattr(self, self._ordinal)) if self._ordinal else "1"

    @property
    def id(self) -> str:
        """The same fact has one id, whoever says it and however often."""
        return str(uuid5(NAMESPACE, "\n".join((self.subject, self.type, self.ordinal))))

    @property
    def correlation(self) -> str:
        """The submission this belongs to, or else its subject."""
        return str(getattr(self, "submission", self.subject))

    @classmethod
    def full_type(cls) -> str:
        return f"id.muara.{cls.type}.v{cls.major}"

    def upcast(self) -> Event:
        """The same fact in the next newer major; the newest is itself."""
        return self


EventClass = type[Event]


def newest_major(type_: str) -> int | None:
    """The newest major of ``type`` that this release knows, None when it knows none."""
    return max((major for name, major in Event.registered if name == type_), default=None)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


@cache
def schema(cls: type) -> Schema:
    """The marshmallow schema of a dataclass, from its hints. A tolerant reader: unknown fields go."""
    hints = _hints(cls)
    declared = {f.name: _field(hints[f.name], f) for f in dataclasses.fields(cls)}
    return Schema.from_dict(declared, name=f"{cls.__module__}.{cls.__qualname__}")(unknown=EXCLUDE)


def load(cls: type, data: object) -> Any:
    """An instance of the dataclass ``cls``; raises marshmallow's ValidationError."""
    if not isinstance(data, Mapping):
        raise ValidationError("not an object")
    return _build(cls, schema(cls).load(data))


def dump(thing: Any) -> dict[str, Any]:
    """Plain JSON; what is None is left out."""
    return {
        f.name: _plain(value)
        for f in dataclasses.fields(thing)
        if (value := getattr(thing, f.name)) is not None
    }


def json_schema(cls: type) -> dict[str, Any]:
    """JSON Schema 2020-12 of the dataclass ``cls``, without ``$schema``."""
    hints = _hints(cls)
    members = dataclasses.fields(cls)
    return {
        "type": "object",
        "title": cls.__name__,
        "description": " ".join((cls.__doc__ or "").split()),
        "properties": {f.name: _json_type(hints[f.name]) for f in members},
        "required": [f.name for f in members if _required(f)],
    }


def _required(f: dataclasses.Field[Any]) -> bool:
    return f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING


def _optional(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return inner, True
    return hint, False


_SIMPLE: dict[Any, tuple[type[fields.Field[Any]], dict[str, Any]]] = {
    str: (fields.String, {"type": "string"}),
    int: (fields.Integer, {"type": "integer"}),
    float: (fields.Float, {"type": "number"}),
    bool: (fields.Boolean, {"type": "boolean"}),
    datetime: (fields.AwareDateTime, {"type": "string", "format": "date-time"}),
}


def _field(hint: Any, f: dataclasses.Field[Any] | None = None) -> fields.Field[Any]:
    inner, optional = _optional(hint)
    options: dict[str, Any] = {"allow_none": optional, "required": f is not None and _required(f)}
    if inner in _SIMPLE:
        if inner is int:
            options["strict"] = True
        return _SIMPLE[inner][0](**options)
    if dataclasses.is_dataclass(inner):
        return fields.Nested(schema(inner), **options)  # type: ignore[arg-type]
    origin, arguments = get_origin(inner), get_args(inner)
    if origin is Literal:
        return fields.String(validate=validate.OneOf(arguments), **options)
    if origin is tuple:
        return fields.List(_field(arguments[0]), **options)
    if origin is Mapping:
        return fields.Dict(
            keys=fields.String(), values=None if arguments[1] is Any else _field(arguments[1]), **options
        )
    raise TypeError(f"no field for {hint}")


def _json_type(hint: Any) -> dict[str, Any]:
    inner, optional = _optional(hint)
    if optional:
        return {"anyOf": [_json_type(inner), {"type": "null"}]}
    if inner in _SIMPLE:
        return dict(_SIMPLE[inner][1])
    if dataclasses.is_dataclass(inner):
        return json_schema(inner)  # type: ignore[arg-type]
    origin, arguments = get_origin(inner), get_args(inner)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _json_type(arguments[0])}
    if origin is Mapping:
        return {
            "type": "object",
            "additionalProperties": True if arguments[1] is Any else _json_type(arguments[1]),
        }
    raise TypeError(f"no JSON type for {hint}")


def _build(hint: Any, value: Any) -> Any:
    """Loaded plain values, into the dataclasses and tuples that the hints ask for."""
    inner, _ = _optional(hint)
    if value is None:
        return None
    if dataclasses.is_dataclass(inner):
        hints = _hints(inner)  # type: ignore[arg-type]
        return inner(**{name: _build(hints[name], part) for name, part in value.items()})  # type: ignore[operator]
    if get_origin(inner) is tuple:
        return tuple(_build(get_args(inner)[0], part) for part in value)
    return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return dump(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return value
