"""`make fuzz MINUTES=…`: mutated input for every door, counted and timed; status 1 at the first that breaks, is too slow, or grows.

`make fuzz MESSAGES=…` is tests.fuzz.many: messages alone, as many as wanted.
With atheris installed (`python -m tests.fuzz.guided TARGET SECONDS`), changes are steered by what they reach.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.memory import resident
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS, seeds

SLOW = 0.1
"""Seconds of processor time for one message with the trained reader; other doors take whole files and are not timed."""
MOST_GROWTH = 40.0
"""MB by which memory may grow after the first tenth of a target's time."""
FAILED = Path("build/fuzz-failed")


def main(minutes: float) -> int:
    """Every target for its share of the time; the exit status."""
    number = int.from_bytes(os.urandom(4))
    print(f"random number {number}", flush=True)
    for name in TARGETS:
        for line in _target(name, number, minutes * 60 / len(TARGETS)):
            print(line, flush=True)
            if line.startswith("FAILED"):
                return 1
    return 0


def _target(name: str, number: int, seconds: float) -> Iterator[str]:
    began, count, slowest, first = time.monotonic(), 0, 0.0, None
    for data in mutated(seeds(name), number):
        spent = time.monotonic() - began
        if spent > seconds:
            break
        if first is None and spent > seconds / 10:
            first = resident()
        try:
            took = _timed(name, data)
        except Exception as broke:  # noqa: BLE001 - whatever it is, it is what is looked for
            FAILED.parent.mkdir(exist_ok=True)
            FAILED.write_bytes(data)
            yield f"FAILED {name}: {type(broke).__name__}: {str(broke)[:200]} (the input is in {FAILED})"
            return
        slowest = max(slowest, took)
        if name == "message" and took > SLOW:
            FAILED.parent.mkdir(exist_ok=True)
            FAILED.write_bytes(data)
            yield f"FAILED {name}: {took * 1000:.0f} ms for one message (the input is in {FAILED})"
            return
        count += 1
    grown = resident() - (first or resident())
    yield f"{name}: {count:,} inputs, slowest {slowest * 1000:.1f} ms, memory {grown:+.1f} MB"
    if grown > MOST_GROWTH:
        yield f"FAILED {name}: memory grew by {grown:.0f} MB"


def _timed(name: str, data: bytes) -> float:
    """Seconds of processor time; what seems slow is measured again, for the machine may have been busy."""
    best = 1e9
    for _ in range(3):
        began = time.thread_time()
        TARGETS[name](data)
        best = min(best, time.thread_time() - began)
        if best < SLOW / 2:
            break
    return best


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
