"""From a URL to the adapter that understands it; only that adapter is imported."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from muara_kernel.documents.port import Documents

_ADAPTERS = {
    "sqlite": "muara_kernel.documents.sqlite:SqliteDocuments",
    "mongodb": "muara_kernel.documents.mongo:MongoDocuments",
    "mongodb+srv": "muara_kernel.documents.mongo:MongoDocuments",
}


def connect(url: str) -> Documents:
    """The document store at ``url`` (MUARA_DOCUMENTS); raises ValueError where none answers to it."""
    scheme, separator, _ = url.partition(":")
    if not separator or scheme not in _ADAPTERS:
        raise ValueError(
            f"MUARA_DOCUMENTS: {scheme!r} bukan tempat dokumen yang dikenal Muara"
            " / is no document store Muara knows;"
            " tulis / write sqlite:///file, mongodb://host:27017/database"
        )
    module, _, adapter = _ADAPTERS[scheme].partition(":")
    try:
        return cast(Documents, getattr(import_module(module), adapter)(url))
    except ValueError as error:
        said = str(error).removeprefix("MUARA_DOCUMENTS").lstrip(": ")
        raise ValueError(f"MUARA_DOCUMENTS: {said}") from None
