"""What people see: the data that is published, and at the desk what waits for the walidata."""

from __future__ import annotations

from catalog_service.pages import published, reviews

__all__ = ["published", "reviews"]
