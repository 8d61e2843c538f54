"""Every rule: its code, its principle of Satu Data, how grave it is, and what is said to people."""

from __future__ import annotations

from validation_service.model.rules.table import (
    agreement,
    changes,
    circumstances,
    codes,
    files,
    reading,
    values,
)
from validation_service.model.rules.table.rule import LEGAL, Rule

__all__ = ["LEGAL", "RULES", "Rule"]

FAMILIES = (files, reading, values, codes, agreement, changes, circumstances)
RULES: dict[str, Rule] = {rule.code: rule for family in FAMILIES for rule in family.RULES}
