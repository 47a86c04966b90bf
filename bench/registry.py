"""Benchmarks: each gives one ratio with its parts, on the demonstration in a throw-away folder."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any


@dataclass(frozen=True)
class Bench:
    """``measure`` returns the ratio's parts; « ratio » at most ``limit`` (at least, when reversed).

    None when the machine lacks what it compares with.
    """

    measure: Callable[[], dict[str, float] | None]
    limit: float
    at_least: bool


BENCHES: dict[str, Bench] = {}


def bench(
    name: str, *, limit: float, at_least: bool = False
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register a benchmark; ``limit`` is what the ratio must not pass."""

    def register(measure: Callable[[], Any]) -> Callable[[], Any]:
        BENCHES[name] = Bench(measure, limit, at_least)
        return measure

    return register


def ratio(ours_s: float, floor_s: float, **parts: float) -> dict[str, float]:
    """Return the two durations, in seconds, and their ratio."""
    return {
        "ratio": round(ours_s / floor_s, 3),
        "ours_s": round(ours_s, 4),
        "floor_s": round(floor_s, 4),
        **{name: round(value, 4) for name, value in parts.items()},
    }


def compared(
    *acts: Callable[[], Any], rounds: int = 7, clock: Callable[[], float] = process_time
) -> list[float]:
    """Return the median duration of each act; acts alternate so that the machine's moods cancel.

    ``process_time`` counts CPU seconds of this process; ``perf_counter`` what somebody waits.
    """
    durations: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for act, kept in zip(acts, durations, strict=True):
            gc.collect()  # nobody pays for the rubbish of the one before
            start = clock()
            act()
            kept.append(clock() - start)
    return [median(kept) for kept in durations]


def waited(act: Callable[[], Any]) -> float:
    """Return how long one act makes somebody wait, in seconds."""
    start = perf_counter()
    act()
    return perf_counter() - start
