"""Wide tables: the standard of a file in which the names of columns are values, such as years.

Nothing is turned around: the standard takes the shape of the file, so that what is found names the sender's
own columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from validation_service.model.document.wide_key import LONGEST_NAME
from validation_service.model.expressions import rewritten
from validation_service.model.patterns import first_group
from validation_service.model.rules.types import typed
from validation_service.model.standard import Field, GroupSum, Standard, Sum, TableRule, Wide, WideColumn

MOST_COLUMNS = 1_000


def wide_columns(standard: Standard, header: Sequence[str]) -> tuple[WideColumn, ...]:
    """The columns of a header that stand for the wide value, in its order; none of another field's name."""
    wide = standard.wide
    if wide is None:
        return ()
    others = set(standard.names) - {wide.name_field, wide.value_field}
    names = [name for name in dict.fromkeys(header) if name not in others and len(name) <= LONGEST_NAME]
    caught = zip(names, first_group(wide.pattern, names), strict=True)
    return tuple(WideColumn(name, value) for name, value in caught if value)[:MOST_COLUMNS]


def expanded(standard: Standard, header: Sequence[str]) -> Standard:
    wide, columns = standard.wide, wide_columns(standard, header)
    if wide is None or not columns or standard.wide_columns:
        return standard
    name = standard.fields[standard.position(wide.name_field)]
    return replace(
        standard,
        fields=tuple(_fields(standard, wide, columns)),
        primary_key=_without(standard.primary_key, wide),
        unique_keys=tuple(key for each in standard.unique_keys if (key := _without(each, wide))),
        sums=tuple(_sums(standard, wide, columns)),
        group_sums=tuple(_group_sums(standard, wide, columns)),
        rules=tuple(dict.fromkeys(_rules(standard, wide, columns, name))),
        period_column=None if standard.period_column == wide.name_field else standard.period_column,
        wide_columns=columns,
        wide_name=name,
    )


def of_header(standard: Standard) -> Standard | None:
    """What the values in the header must keep to: one field, of which each value stands once.

    None where the standard was not expanded.
    """
    if standard.wide_name is None:
        return None
    name = standard.wide_name
    reference = replace(name.reference, name_column=None) if name.reference else None
    field = replace(name, required=True, reference=reference, change=None)
    return Standard(
        konsep=standard.konsep,
        definisi=standard.definisi,
        klasifikasi=standard.klasifikasi,
        ukuran=standard.ukuran,
        satuan=standard.satuan,
        fields=(field,),
        primary_key=(name.name,),
        missing_values=standard.missing_values,
    )


def _fields(standard: Standard, wide: Wide, columns: Sequence[WideColumn]) -> Iterator[Field]:
    for field in standard.fields:
        if field.name == wide.value_field:
            for column in columns:
                title = f"{field.title} {column.value}".strip()
                yield replace(field, name=column.name, title=title)
        elif field.name != wide.name_field:
            yield field


def _without(key: tuple[str, ...], wide: Wide) -> tuple[str, ...]:
    return tuple(name for name in key if name != wide.name_field)


def _sums(standard: Standard, wide: Wide, columns: Sequence[WideColumn]) -> Iterator[Sum]:
    for each in standard.sums:
        if wide.value_field not in (each.total, *each.parts):
            yield each
            continue
        for column in columns:
            total, *parts = _renamed((each.total, *each.parts), wide, column)
            yield replace(each, total=total, parts=tuple(parts))


def _group_sums(standard: Standard, wide: Wide, columns: Sequence[WideColumn]) -> Iterator[GroupSum]:
    for each in standard.group_sums:
        per = _without(each.per, wide)
        if each.field != wide.value_field:
            yield replace(each, per=per)
            continue
        for column in columns:
            yield replace(each, field=column.name, per=per)


def _renamed(names: Sequence[str], wide: Wide, column: WideColumn) -> list[str]:
    return [column.name if name == wide.value_field else name for name in names]


def _rules(standard: Standard, wide: Wide, columns: Sequence[WideColumn], name: Field) -> Iterator[TableRule]:
    """No rule is asked of a column whose name gives no value of its field; that is told by itself."""
    literals = [(column, _literal(column.value, name)) for column in columns]
    for rule in standard.rules:
        for column, literal in literals:
            if literal is not None:
                names = {wide.value_field: _quoted(column.name), wide.name_field: literal}
                yield replace(rule, text=rewritten(rule.text, names, standard.names))


def _quoted(name: str) -> str:
    return f"[{name.replace(']', ']]')}]"


def _literal(value: str, field: Field) -> str | None:
    """How an aturan writes it."""
    read = pl.select(typed(pl.lit(value.strip()), field).alias("value"))["value"][0]
    if read is None:
        return None
    if isinstance(read, bool):
        return "benar" if read else "salah"
    if isinstance(read, int | float):
        return f"({read!r})" if read < 0 else repr(read)
    return "'" + str(read).replace("'", "''") + "'"
