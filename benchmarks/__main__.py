"""``python -m benchmarks [name …]``: all of them, or those named."""

from __future__ import annotations

import sys

from benchmarks import accept, both_ways, bus, documents, end_to_end, validation

ALL = {
    "accept": accept.main,
    "end_to_end": end_to_end.main,
    "both_ways": both_ways.main,
    "bus": bus.main,
    "documents": documents.main,
    "validation": validation.main,
}


def main() -> int:
    asked = sys.argv[1:] or list(ALL)
    unknown = [name for name in asked if name not in ALL]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    for name in asked:
        print(f"\n== {name}")
        ALL[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
