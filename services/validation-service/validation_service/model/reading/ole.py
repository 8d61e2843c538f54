"""The compound file around an old Excel workbook: what streams it holds, and their bytes."""

from __future__ import annotations

import struct

from validation_service.model.reading.zip_guard import broken

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks, no places."""
_ENTRY = 128
_STREAM, _ROOT = 2, 5


class Compound:
    """Raises Unreadable for what is damaged; chains that run in a circle are damaged as well."""

    def __init__(self, data: bytes) -> None:
        try:
            self._open(data)
        except (struct.error, IndexError, ValueError) as error:
            raise broken() from error

    def _open(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        first_directory, self._mini_cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._table = self._sector_table()
        self._mini_table = _numbers(self._chained(first_mini))
        self._entries = self._directory(self._chained(first_directory))
        root = next((each for each in self._entries if each[1] == _ROOT), None)
        self._mini = self._chained(root[2]) if root else b""

    @property
    def names(self) -> list[str]:
        """The storages and streams."""
        return [name for name, *_ in self._entries]

    def stream(self, *names: str) -> bytes:
        """The first of the streams that is there; empty when none is."""
        for name, kind, start, size in self._entries:
            if kind == _STREAM and name.lower() in names:
                return (
                    self._mini_chained(start)[:size]
                    if size < self._mini_cutoff
                    else self._chained(start)[:size]
                )
        return b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise ValueError("sector beyond the end")
        return self._data[start : start + self._size]

    def _sector_table(self) -> list[int]:
        count, next_more, more = struct.unpack_from("<I20xII", self._data, 44)
        places = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(min(more, len(self._data) // self._size)):
            if next_more >= _END:
                break
            *further, next_more = _numbers(self._sector(next_more))
            places += further
        used = [place for place in places[:count] if place < _END]
        return [number for place in used for number in _numbers(self._sector(place))]

    def _chained(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(start, self._table))

    def _mini_chained(self, start: int) -> bytes:
        size = self._mini_size
        return b"".join(self._mini[n * size : (n + 1) * size] for n in self._chain(start, self._mini_table))

    @staticmethod
    def _chain(start: int, table: list[int]) -> list[int]:
        chain: list[int] = []
        while start < _END:
            chain.append(start)
            if len(chain) > len(table):
                raise ValueError("endless chain")
            start = table[start]
        return chain

    @staticmethod
    def _directory(data: bytes) -> list[tuple[str, int, int, int]]:
        """(name, kind, first sector, size) of each entry."""
        entries = []
        for place in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, place + 64)
            start, size = struct.unpack_from("<II", data, place + 116)
            if kind:
                name = data[place : place + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
                entries.append((name, kind, start, size))
        return entries


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
