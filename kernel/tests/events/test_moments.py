from __future__ import annotations

from datetime import UTC, datetime

import pytest

from muara_kernel.events.finding import Text
from muara_kernel.events.moments import in_words


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("WIB", Text("1 Maret 2026 pukul 00.05 WIB", "1 March 2026, 00:05 WIB")),
        ("WITA", Text("1 Maret 2026 pukul 01.05 WITA", "1 March 2026, 01:05 WITA")),
        ("WIT", Text("1 Maret 2026 pukul 02.05 WIT", "1 March 2026, 02:05 WIT")),
    ],
)
def test_a_moment_is_said_by_the_clock_of_the_region(zone: str, said: Text) -> None:
    assert in_words(datetime(2026, 2, 28, 17, 5, tzinfo=UTC), zone) == said


def test_a_moment_without_offset_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without offset"):
        in_words(datetime(2026, 2, 28, 17, 5))  # noqa: DTZ001
