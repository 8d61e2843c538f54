"""Foreign words made fit for one line of ours."""

from __future__ import annotations


def one_line(text: str, most: int = 300) -> str:
    """``text`` without line ends and control characters, cut to ``most``: no header can hide in it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    plain = " ".join(printable.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
