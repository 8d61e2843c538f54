"""May this schema take the place of that one, under the same version? Only optional fields may be added.

Whatever else changes is a new major: the old class stays, with an ``upcast`` to the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def breaks(released: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """What would break for those who rely on ``released``, a sentence each; both are schemas by name."""
    found: list[str] = []
    for name, schema in sorted(released.items()):
        if name in now:
            found += [f"{name}: {what}" for what in changes(schema, now[name])]
        else:
            found.append(f"{name}: this version is gone, but the log may still hold it")
    return found


def changes(old: Schema, new: Schema, at: str = "data") -> list[str]:
    old, old_null = _without_null(old)
    new, new_null = _without_null(new)
    if _shape(old) != _shape(new):
        return [f"{at} changed from {_shape(old)} to {_shape(new)}"]
    found = [] if old_null == new_null else [f"{at} {'may now' if new_null else 'may no longer'} be null"]
    found += _values(old, new, at)
    found += _fields(old, new, at)
    for part in ("items", "additionalProperties"):
        found += _inner(old.get(part), new.get(part), f"{at}[]")
    return found


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return (kinds[0], True) if len(kinds) == 1 else (schema, False)


def _shape(schema: Schema) -> str:
    return "/".join(str(schema[part]) for part in ("type", "format") if part in schema) or "anything"


def _values(old: Schema, new: Schema, at: str) -> list[str]:
    before, after = old.get("enum", []), new.get("enum", [])
    return [] if set(before) == set(after) else [f"{at} allowed {before}, now {after}"]


def _fields(old: Schema, new: Schema, at: str) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    found = [f"{at}.{name} was removed" for name in sorted(before.keys() - after.keys())]
    found += [f"{at}.{name} is newly required" for name in sorted(needs - needed)]
    found += [f"{at}.{name} is no longer required" for name in sorted((needed - needs) & after.keys())]
    for name in sorted(before.keys() & after.keys()):
        found += changes(before[name], after[name], f"{at}.{name}")
    return found


def _inner(old: object, new: object, at: str) -> list[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return changes(old, new, at)
    return [] if old == new else [f"{at} changed from {old} to {new}"]
