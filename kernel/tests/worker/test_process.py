"""A worker process: its loops turn until a signal, the stop rule, or a loop that broke."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from muara_kernel.bus import BusUnavailable, UnknownTopic
from muara_kernel.observability.health import Pulse
from muara_kernel.worker.errors import StopRule
from muara_kernel.worker.process import REST, STOPPED_BY_RULE, Loop, Lull, run

Turns = Callable[[], bool]


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def refuse(error: BaseException) -> None:
    raise error


def raising(error: BaseException) -> Turns:
    def turn() -> bool:
        raise error

    return turn


def go(stop: threading.Event, close: Callable[[], None] = lambda: None, **loops: Turns) -> int:
    named = {name: Loop(turn, idle=(0.001,)) for name, turn in loops.items()}
    return run(named, stop=stop, pulse=Pulse(), close=close)


def after(turns: int, step: Callable[[], object]) -> Turns:
    left = [turns]

    def turn() -> bool:
        left[0] -= 1
        if left[0] == 0:
            step()
        return False

    return turn


def test_asked_to_stop_it_closes_and_ends_well(stop: threading.Event) -> None:
    closed: list[str] = []
    assert go(stop, lambda: closed.append("closed"), reader=after(3, stop.set)) == 0
    assert closed == ["closed"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(stop: threading.Event, number: signal.Signals) -> None:
    assert go(stop, reader=after(3, lambda: os.kill(os.getpid(), number))) == 0


@pytest.mark.parametrize("error", [KeyError("a bug"), SystemExit(0), KeyboardInterrupt()])
def test_a_loop_that_breaks_ends_the_process(stop: threading.Event, error: BaseException) -> None:
    assert go(stop, broken=raising(error), well=lambda: False) == 1


def test_the_stop_rule_has_an_exit_code_of_its_own(stop: threading.Event) -> None:
    assert go(stop, reader=raising(StopRule("a fault of ours"))) == STOPPED_BY_RULE == 3


def test_the_stop_rule_outdoes_a_loop_that_broke_with_it(stop: threading.Event) -> None:
    together = threading.Barrier(2)

    def at_once(error: Exception) -> Turns:
        def turn() -> bool:
            together.wait(60)
            raise error

        return turn

    assert go(stop, one=at_once(KeyError("a bug")), other=at_once(StopRule("ours"))) == STOPPED_BY_RULE


def test_a_lost_store_ends_nothing(stop: threading.Event) -> None:
    lost = [BusUnavailable("no broker")]

    def turn() -> bool:
        if lost:
            raise lost.pop()
        stop.set()
        return False

    assert go(stop, reader=turn) == 0


@pytest.mark.parametrize(
    "error", [BusUnavailable("no broker"), UnknownTopic("jalankan `muara topics apply`")]
)
def test_what_a_loop_waits_for_is_told_until_it_goes_on(stop: threading.Event, error: Exception) -> None:
    waits: dict[str, str] = {}
    heard: list[dict[str, str]] = []
    lost = [error]

    def turn() -> bool:
        if lost:
            raise lost.pop()
        return False

    def listen() -> bool:
        if not heard and waits:
            heard.append(dict(waits))
        elif heard and not waits:
            stop.set()
        return False

    loops = {"reader": Loop(turn, idle=(0.001,)), "listener": Loop(listen, idle=(0.001,))}
    assert run(loops, stop=stop, pulse=Pulse(), close=lambda: None, waits=waits) == 0
    assert heard == [{"reader": str(error)}]


def test_a_store_that_is_lost_at_the_end_does_not_spoil_it(stop: threading.Event) -> None:
    assert go(stop, lambda: refuse(BusUnavailable("gone")), reader=after(1, stop.set)) == 0


def test_every_loop_has_its_own_thread_and_pulse(stop: threading.Event) -> None:
    names: set[str] = set()
    pulse = Pulse(on_change=lambda loop, up: names.add(f"{loop} in {threading.current_thread().name}"))
    loops = {name: Loop(lambda: False, idle=(0.001,)) for name in ("reader", "outbox")}
    loops["end"] = Loop(after(5, stop.set), idle=(0.001,))
    run(loops, stop=stop, pulse=pulse, close=lambda: None)
    assert names == {"reader in reader", "outbox in outbox", "end in end"}


def test_a_loop_with_work_takes_no_pause(stop: threading.Event) -> None:
    left = [200]

    def busy() -> bool:
        left[0] -= 1
        if not left[0]:
            stop.set()
        return True

    began = time.monotonic()
    assert run({"busy": Loop(busy, idle=(60.0,))}, stop=stop, pulse=Pulse(), close=lambda: None) == 0
    assert time.monotonic() - began < 30


def test_a_loop_at_rest_is_woken_by_the_stop(stop: threading.Event) -> None:
    loops = {"idle": Loop(lambda: False, idle=(600.0,)), "end": Loop(after(1, stop.set))}
    assert run(loops, stop=stop, pulse=Pulse(), close=lambda: None) == 0


# --- rest in a lull ---------------------------------------------------------------------------


def test_a_loop_with_urgent_work_rests_the_longer_the_more_its_look_takes() -> None:
    urgent = Loop(lambda: False, idle=(0.01, 0.02))
    assert [urgent.rest(took) for took in (0.00001, 0.0005, 0.001, 5.0)] == [0.02, 0.1, 0.2, REST]


def test_other_loops_that_look_for_work_rest_as_long_as_any() -> None:
    assert Loop(lambda: False).rest(0.00001) == REST
    assert Loop(lambda: False, idle=(0.1, 1.0)).rest(0.00001) == 1.0


def test_a_loop_that_keeps_its_time_does_not_rest() -> None:
    assert Loop(lambda: False, idle=(0.04,)).rest(5.0) == 0.04
    assert Loop(lambda: False, idle=(5.0,)).rest(5.0) == 5.0


def test_a_lull_begins_some_time_after_the_last_work() -> None:
    now = [100.0]
    lull = Lull(2.0, monotonic=lambda: now[0])
    assert not lull.lasts
    now[0] += 2.0
    assert lull.lasts
    lull.end()
    assert not lull.lasts


def test_whoever_finds_work_wakes_those_that_rest() -> None:
    now = [100.0]
    lull = Lull(2.0, monotonic=lambda: now[0])
    now[0] += 3.0
    resting = threading.Thread(target=lull.rest, args=(600.0,))
    resting.start()
    deadline = time.monotonic() + 60
    while resting.is_alive() and time.monotonic() < deadline:
        lull.end()  # until it rests, and is woken
        now[0] += 3.0
        resting.join(0.01)
    assert not resting.is_alive()


def test_nobody_rests_when_the_lull_ended_at_this_moment() -> None:
    Lull(600.0).rest(600.0)
