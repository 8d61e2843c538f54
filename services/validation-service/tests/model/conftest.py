"""Lets the tests beside this file say ``from engine import …`` whichever way they are collected."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
