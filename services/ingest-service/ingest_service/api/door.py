"""Who stands at the door: the bearer key of one OPD's integration."""

from __future__ import annotations

from flask import g

from ingest_service.model.integration import Integrations, parse_key
from muara_kernel.events import Text
from muara_kernel.web.bearer import CHALLENGE, bearer
from muara_kernel.web.problems import Problem

NO_KEY = Text(
    "Sertakan kunci integrasi OPD Anda: Authorization: Bearer muara_…",
    "Send the key of your OPD's integration: Authorization: Bearer muara_…",
)
WRONG_KEY = Text(
    "Kunci ini salah atau sudah dicabut. Mintalah kunci baru kepada walidata; tidak ada data yang diterima.",
    "This key is wrong or was revoked. Ask the walidata for a new one; no data was accepted.",
)


def opd_of_key(integrations: Integrations) -> str:
    """The OPD whose key came with the request; raises Problem 401."""
    key = bearer()
    if key is None:
        raise Problem(401, "kunci-tidak-ada", NO_KEY, headers=CHALLENGE)
    parts = parse_key(key)
    integration = integrations.get(parts[0]) if parts else None
    if parts is None or integration is None or not integration.opened_by(parts[1]):
        raise Problem(401, "kunci-salah", WRONG_KEY, headers=CHALLENGE)
    g.opd = integration.opd
    return integration.opd
