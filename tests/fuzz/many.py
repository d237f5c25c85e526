"""`make fuzz MESSAGES=10000000`: random and mutated messages through the whole reader on all cores, counted and timed.

`python -m tests.fuzz.many MESSAGES [SEED]` goes on where the last run with that seed stopped (build/fuzz-SEED.json); status 1 if anything
broke, was too slow, or grew. `python -m tests.fuzz.many replay SEED NUMBER` reads one message again and tells what it takes.

Time is processor time of the reading thread, and the best of some tries where it seems long: other load on the machine does not count.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, thread_time

from bot.ears import Talk, hear
from bot.language.model.hunch import shipped
from bot.language.statement import Utterance
from tests.fuzz.memory import resident
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import AT, DEAL, seeds

BLOCK = 500
"""Messages that a process reads in one go; block `n` of a seed is always the same."""

LONGEST = 40_000
"""Characters of a message: Slack cuts what is longer."""

TYPED = 4_000
"""Characters of what Slack lets people type; for these the limits hold, longer ones may take as much more as they are longer."""

RULES_MS, ALL_MS = 10.0, 100.0
"""Most milliseconds for a message without the trained reader, and with it."""

TRIES = 20
MOST_GROWTH = 40.0
"""MB by which a process may grow after it has warmed up."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz      0123456789.,:;-/%$'\"()<>@#*_~`|\n\t½１五êß\u202e\u200b\ufeff🙂"


@dataclass
class Worst:
    """The message that took longest, by its number, and its milliseconds for each TYPED characters."""

    number: int = -1
    ms: float = 0.0


@dataclass
class Told:
    """What came of messages: how many, the slowest without and with the trained reader, what broke, and MB of the process."""

    count: int = 0
    rules: Worst = field(default_factory=Worst)
    whole: Worst = field(default_factory=Worst)
    broken: list[tuple[int, str]] = field(default_factory=list)
    memory: float = 0.0

    def add(self, other: Told) -> None:
        """Put another one's in."""
        self.count += other.count
        self.rules = max(self.rules, other.rules, key=lambda one: one.ms)
        self.whole = max(self.whole, other.whole, key=lambda one: one.ms)
        self.broken += other.broken


def main(messages: int, seed: int) -> int:
    """Read so many messages of a seed; the exit status."""
    kept = Path(f"build/fuzz-{seed}.json")
    kept.parent.mkdir(exist_ok=True)
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"blocks": 0}
    first, last = int(before["blocks"]), -(-messages // BLOCK)
    total, began = _told(before), monotonic()
    warm: dict[int, float] = {}
    grown = 0.0
    print(f"seed {seed}: messages {first * BLOCK:,} to {last * BLOCK:,}, {os.cpu_count()} processes", flush=True)
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        for done, (process, told) in enumerate(pool.imap(_block, ((seed, block) for block in range(first, last))), start=first + 1):
            total.add(told)
            grown = max(grown, told.memory - warm.setdefault(process, told.memory)) if done > first + 20 else 0.0
            if done <= first + 20:
                warm[process] = told.memory
            kept.write_text(json.dumps({"blocks": done, **asdict(total)}), encoding="utf-8")
            if done % 100 == 0 or told.broken:
                print(_line(total, seed, monotonic() - began, grown), flush=True)
    print(_line(total, seed, monotonic() - began, grown))
    return int(bool(total.broken) or total.rules.ms > RULES_MS or total.whole.ms > ALL_MS or grown > MOST_GROWTH)


def message(seed: int, number: int) -> str:
    """A message of a seed by its number."""
    return list(_messages(seed, number // BLOCK))[number % BLOCK]


def _messages(seed: int, block: int) -> Iterator[str]:
    dice = random.Random(f"{seed}:{block}")
    changed = mutated(_SEEDS or _SEEDS.extend(seeds("message")) or _SEEDS, dice.getrandbits(64))
    for _ in range(BLOCK):
        data = next(changed)
        if dice.random() < 0.25:
            yield "".join(dice.choices(_ALPHABET, k=dice.randrange(1, 600)))
        else:
            yield data.decode("utf-8", "replace")[:LONGEST]


_SEEDS: list[bytes] = []


def _block(which: tuple[int, int]) -> tuple[int, Told]:
    """Read a block in this process; which process that is, and what came of it."""
    seed, block = which
    told = Told()
    for place, text in enumerate(_messages(seed, block)):
        number = block * BLOCK + place
        try:
            whole = _took(text, ALL_MS)
            told.whole = max(told.whole, Worst(number, whole), key=lambda one: one.ms)
            if whole > told.rules.ms:  # without the trained reader it is less
                told.rules = max(told.rules, Worst(number, _took(text, RULES_MS, trained=False)), key=lambda one: one.ms)
        except Exception as broke:  # noqa: BLE001 - whatever it is, it is what is looked for
            told.broken.append((number, f"{type(broke).__name__}: {str(broke)[:200]}"))
        told.count += 1
    told.memory = resident()
    return os.getpid(), told


def _took(text: str, most: float, *, trained: bool = True) -> float:
    """Milliseconds of processor time, of a longer message for each TYPED characters."""
    best = float("inf")
    for _ in range(TRIES):
        said, talk = Utterance(text, "customer", "U1", AT.replace(tzinfo=None), "1"), Talk()
        began = thread_time()
        heard = hear(DEAL, talk, said) if trained else hear(DEAL, talk, said, (), lambda: None)
        best = min(best, (thread_time() - began) * 1000 / max(1.0, len(text) / TYPED))
        assert all(found.quote in text or found.quote.strip() for found in heard.findings), text
        if best < most / 2:
            break
    return best


def _told(kept: dict[str, object]) -> Told:
    if "count" not in kept:
        return Told()
    rules, whole = (Worst(**kept[name]) for name in ("rules", "whole"))  # type: ignore[arg-type]
    return Told(int(str(kept["count"])), rules, whole, [(one[0], one[1]) for one in kept["broken"]])  # type: ignore[attr-defined]


def _line(told: Told, seed: int, seconds: float, grown: float) -> str:
    slow = [f"{name} {one.ms:.1f} ms (number {one.number})" for name, one in (("without model", told.rules), ("with", told.whole))]
    line = f"{told.count:,} messages, {seconds:.0f} s; slowest {', '.join(slow)}; memory {grown:+.0f} MB; {len(told.broken)} broke"
    return "\n".join([line, *(f"BROKE: replay {seed} {number}: {what}" for number, what in told.broken[:5])])


def replay(seed: int, number: int) -> None:
    """Read one message again and tell what it takes."""
    text = message(seed, number)
    shipped()
    rules, whole = (_took(text, 0, trained=trained) for trained in (False, True))
    print(f"{text!r}\n{len(text):,} characters; {rules:.1f} ms without the trained reader, {whole:.1f} ms with it")


if __name__ == "__main__":
    if sys.argv[1] == "replay":
        replay(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7))
