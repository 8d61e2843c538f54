"""Names of fields where a document refers to them."""

from __future__ import annotations

from validation_service.model.document.fields import Declared
from validation_service.model.document.node import LONGEST_LIST, Node, Notes


def known_name(node: Node, key: str, declared: Declared) -> str | None:
    """The name that must stand there, None where it does not or where no field has it."""
    given = node.get(key)
    if not isinstance(given, str) or not given:
        node.refuse(key, "Harus berupa nama kolom.", "Must be the name of a field.")
        return None
    return given if _is_known(node, key, given, declared) else None


def known_names(
    node: Node, key: str, declared: Declared, *, may_be_empty: bool = False
) -> tuple[str, ...] | None:
    given = node.get(key)
    if given is None and may_be_empty:
        return ()
    if not _are_names(given):
        node.refuse(key, "Harus berupa daftar nama kolom.", "Must be a list of field names.")
        return None
    if not given and not may_be_empty:
        node.refuse(key, "Daftar ini masih kosong.", "This list is empty.")
    known = [_is_known(node, f"{key}[{index}]", name, declared) for index, name in enumerate(given)]
    repeated = sorted({name for name in given if given.count(name) > 1})
    if repeated:
        node.refuse(key, f"Berulang: {', '.join(repeated)}.", f"Repeated: {', '.join(repeated)}.")
    return tuple(given) if all(known) and not repeated else None


def read_key(node: Node, key: str, given: object, declared: Declared) -> tuple[str, ...]:
    """A key of Table Schema: the name of a field, or several."""
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not _are_names(names):
        node.refuse(key, "Kunci harus berupa daftar nama kolom.", "A key must be a list of field names.")
        return ()
    for index, name in enumerate(names):
        _is_known(node, f"{key}[{index}]", name, declared)
    return tuple(name for name in dict.fromkeys(names) if declared.find(name))


def _are_names(given: object) -> bool:
    if not isinstance(given, list) or len(given) > LONGEST_LIST:
        return False
    return all(isinstance(each, str) for each in given)


def refuse_unknown_name_columns(notes: Notes, declared: Declared) -> None:
    for field in declared.fields:
        wanted = field.reference.name_column if field.reference else None
        if wanted is not None:
            reference = {"kolomNama": wanted}
            place = f"{declared.places[field.name]}['satudata:kodeReferensi']"
            _is_known(Node(reference, place, notes), "kolomNama", wanted, declared)


def _is_known(node: Node, key: str, name: str, declared: Declared) -> bool:
    if name in declared:
        return True
    node.refuse(key, f'Tidak ada kolom bernama "{name}".', f'There is no field named "{name}".')
    return False
