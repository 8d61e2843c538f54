"""A large file in blocks of whole lines, looked at by several threads, few blocks at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, TypeVar

import polars as pl

BLOCK = 1 << 22
LONGEST_LINE = 1 << 22
LOOKERS = 2
"""Blocks looked at for each thread of polars: while one waits for those threads another keeps them busy."""
MOST_AT_ONCE = 8
"""On a machine of many cores, so that memory does not grow with them."""
T = TypeVar("T")


class Doubt(Exception):
    """This file has to be read in another way."""


def blocks_of(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Whole lines, and whether they are the last ones."""
    block = _lines(file)
    while block:
        ahead = _lines(file)
        if not ahead:
            block = block.rstrip(b"\r\n")
        if block:
            yield block, not ahead
        block = ahead


def _lines(file: BinaryIO) -> bytes:
    """Where they end is looked up first, so that they are copied but once."""
    start = file.tell()
    file.seek(start + BLOCK - 1)
    end = file.readline(LONGEST_LINE)
    if len(end) == LONGEST_LINE:
        raise Doubt
    file.seek(start)
    return file.read(BLOCK - 1 + len(end))


def in_parallel(look: Callable[[bytes, bool], T], blocks: Iterator[tuple[bytes, bool]]) -> Iterator[T]:
    """In their order, few at a time, so that little of the file is held."""
    threads = min(LOOKERS * pl.thread_pool_size(), MOST_AT_ONCE)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[T]] = deque()
        try:
            for block, last in blocks:
                waiting.append(pool.submit(look, block, last))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()
