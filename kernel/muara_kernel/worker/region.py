"""Whose documents these are: the region is kept with them from the first start on."""

from __future__ import annotations

from muara_kernel.documents import Collection, Documents, Duplicate
from muara_kernel.settings import SettingsError

REGION = Collection("region")
ONLY = "region"


def demand_region(documents: Documents, region: str) -> None:
    """Keep ``region`` where none is kept; raises SettingsError where another one is."""
    stored = documents.get(REGION, ONLY)
    if stored is None:
        try:
            stored = documents.insert(REGION, ONLY, {"region": region})
        except Duplicate:  # another process of this service started at the same moment
            stored = documents.get(REGION, ONLY)
    held = stored.body["region"] if stored else region
    if held != region:
        raise SettingsError(
            f"MUARA_REGION={region}: dokumen di MUARA_DOCUMENTS adalah milik daerah {held} / "
            f"the documents at MUARA_DOCUMENTS are those of region {held}"
        )
