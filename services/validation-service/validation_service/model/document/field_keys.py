"""The ``satudata:`` keys of a field."""

from __future__ import annotations

from dataclasses import replace

from validation_service.model.document.naming import refuse_satuan_like_ukuran
from validation_service.model.document.node import Node
from validation_service.model.standard import Change, CodeReference, Field

PARTS = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")
FIELD_KEYS = (
    *(f"satudata:{part}" for part in PARTS),
    "satudata:kodeReferensi",
    "satudata:perubahan",
    "satudata:berurutan",
    "satudata:bolehTidakTersedia",
    "satudata:msVar",
)
REFERENCE_KEYS = ("daftar", "tingkat", "kolomNama", "lengkap")
CHANGE_KEYS = ("naikMaks", "turunMaks", "bolehSama")
LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa-kelurahan")
NUMERIC = ("integer", "number")
WHOLE = ("integer", "year")


def with_satudata(node: Node, field: Field) -> Field:
    document = node.object("satudata:msVar")
    refuse_satuan_like_ukuran(node)
    return replace(
        field,
        konsep=node.text("satudata:konsep") or "",
        definisi=node.text("satudata:definisi") or "",
        klasifikasi=node.text("satudata:klasifikasi") or "",
        ukuran=node.text("satudata:ukuran") or "",
        satuan=node.text("satudata:satuan") or "",
        reference=_reference(node, field),
        change=_change(node, field),
        consecutive=_consecutive(node, field),
        may_be_unavailable=node.flag("satudata:bolehTidakTersedia"),
        ms_var=document.value if document else None,
    )


def _reference(field_node: Node, field: Field) -> CodeReference | None:
    node = field_node.object("satudata:kodeReferensi")
    if node is None:
        return None
    node.only(REFERENCE_KEYS)
    codelist = node.get("daftar")
    if not isinstance(codelist, str) or not codelist:
        node.refuse("daftar", "Kode referensi belum menyebut daftarnya.", "The reference names no code list.")
        return None
    reference = CodeReference(
        codelist, node.choice("tingkat", LEVELS), node.text("kolomNama"), node.flag("lengkap")
    )
    if reference.name_column == field.name:
        node.refuse(
            "kolomNama",
            "Kolom nama adalah kolom kode itu sendiri.",
            "The column of names is the column of codes itself.",
        )
    if reference.complete and codelist.startswith("wilayah") and node.get("tingkat") is None:
        node.refuse(
            "tingkat",
            "Daftar wilayah hanya dapat lengkap pada satu tingkat; sebutkan tingkatnya.",
            "A list of wilayah can be complete on one level only; name the level.",
        )
    return reference


def _change(field_node: Node, field: Field) -> Change | None:
    node = field_node.object("satudata:perubahan")
    if node is None:
        return None
    node.only(CHANGE_KEYS)
    if field.type not in NUMERIC:
        field_node.refuse(
            "satudata:perubahan",
            f"Perubahan hanya dapat dihitung untuk bilangan, bukan {field.type}.",
            f"A change can be computed for numbers only, not for {field.type}.",
        )
    return Change(
        most_rise=node.number("naikMaks", least=0),
        most_fall=node.number("turunMaks", least=0, most=100),
        may_stay=node.flag("bolehSama", default=True),
    )


def _consecutive(node: Node, field: Field) -> bool:
    asked = node.flag("satudata:berurutan")
    if asked and field.type not in WHOLE:
        node.refuse(
            "satudata:berurutan",
            "Hanya bilangan bulat atau tahun yang dapat berurutan.",
            "Only whole numbers or years can follow each other.",
        )
    return asked
