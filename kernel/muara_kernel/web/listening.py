"""Whether a place to answer at can be had, asked before anything is built."""

from __future__ import annotations

import os
import socket

from muara_kernel.settings import SettingsError


def demand_place(bind: str, setting: str) -> None:
    """Raises SettingsError, with the name of the setting, where ``bind`` is taken or not ours."""
    try:
        _taken(bind).close()
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise SettingsError(
            f"tidak dapat menjawab di {setting}={bind} / cannot answer there: {why}"
        ) from error


def _taken(bind: str) -> socket.socket:
    if bind.startswith("fd://"):
        return socket.socket(fileno=os.dup(int(bind.removeprefix("fd://"))))
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    dual = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    return socket.create_server((host.strip("[]"), int(port)), family=family, dualstack_ipv6=dual)
