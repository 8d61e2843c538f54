from __future__ import annotations

from muara_kernel.web.throttle import Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_waits_after_too_many_failures_and_others_do_not() -> None:
    clock = Clock()
    throttle = Throttle(per_address=2, overall=10, window=60, clock=clock)
    throttle.failed("10.0.0.1")
    assert throttle.wait("10.0.0.1") == 0

    clock.now += 10
    throttle.failed("10.0.0.1")

    assert throttle.wait("10.0.0.1") == 51
    assert throttle.wait("10.0.0.2") == 0
    clock.now += 51
    assert throttle.wait("10.0.0.1") == 0


def test_many_addresses_together_are_slowed_as_well() -> None:
    clock = Clock()
    throttle = Throttle(per_address=2, overall=3, window=60, clock=clock)
    for number in range(3):
        throttle.failed(f"10.0.0.{number}")

    assert throttle.wait("10.9.9.9") > 0
    clock.now += 61
    assert throttle.wait("10.9.9.9") == 0
