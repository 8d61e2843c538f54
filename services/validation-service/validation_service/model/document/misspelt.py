"""Keys of Table Schema that were meant: a typing error must never mean that something is not checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from validation_service.model.document.constraints import CONSTRAINTS
from validation_service.model.document.node import NAMESPACE, Node

OF_SCHEMA = (
    *("$schema", "name", "title", "description", "homepage", "version", "created", "keywords"),
    *("fields", "fieldsMatch", "primaryKey", "uniqueKeys", "foreignKeys", "missingValues"),
)
OF_FIELD = (
    *("name", "type", "format", "title", "description", "example", "examples", "constraints"),
    *("categories", "categoriesOrdered", "missingValues", "rdfType", "decimalChar", "groupChar"),
    *("bareNumber", "trueValues", "falseValues", "itemType", "delimiter"),
)
CLOSE = 0.8


def refuse_misspelt_keys(schema: Node) -> None:
    _refuse(schema, OF_SCHEMA)
    fields = schema.get("fields")
    for index, each in enumerate(fields if isinstance(fields, list) else ()):
        if not isinstance(each, Mapping):
            continue
        field = Node(each, f"$.fields[{index}]", schema.notes)
        _refuse(field, OF_FIELD)
        for key in CONSTRAINTS:
            if key in field.value:
                field.refuse(
                    key,
                    f'"{key}" adalah batasan: tulis di dalam "constraints".',
                    f'"{key}" is a constraint: write it inside "constraints".',
                )


def _refuse(node: Node, known: Collection[str]) -> None:
    by_letters = {each.casefold(): each for each in known}
    for key in map(str, node.value):
        if key in known or key in CONSTRAINTS or key.startswith(NAMESPACE):
            continue
        for meant in get_close_matches(key.casefold(), by_letters, 1, CLOSE):
            node.refuse(
                key,
                f'Kunci tidak dikenal; barangkali "{by_letters[meant]}"?',
                f'Unknown key; is "{by_letters[meant]}" meant?',
            )
