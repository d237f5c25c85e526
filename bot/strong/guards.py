"""What keeps the strong reader cheap and harmless: a budget for each day, a memory of answers, and a fuse."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Generic, TypeVar

from bot.strong.question import Question

V = TypeVar("V")


@dataclass(slots=True)
class Budget:
    """At most so many questions, and characters in them, a day; counted in this process."""

    calls: int
    characters: int
    _day: date | None = None
    _called: int = 0
    _sent: int = 0

    def spend(self, asked: Question, today: date) -> bool:
        """Take a question's cost from today's budget; False where it is spent."""
        if today != self._day:
            self._day, self._called, self._sent = today, 0, 0
        if self._called >= self.calls or self._sent + asked.characters > self.characters:
            return False
        self._called += 1
        self._sent += asked.characters
        return True


class Memory(Generic[V]):
    """Answers by question; the one unused for longest falls out."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[bytes, V] = OrderedDict()

    def get(self, asked: Question) -> V | None:
        """The answer to the same question."""
        key = _key(asked)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, asked: Question, answer: V) -> None:
        """Remember an answer."""
        self._kept[_key(asked)] = answer
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


def _key(asked: Question) -> bytes:
    """A digest, so that the memory holds no words of a question."""
    return sha256(f"{asked.system}\0{asked.content}".encode("utf-8", "surrogatepass")).digest()


class Fuse:
    """Opens after `most` failures in a row, for a pause that doubles up to `longest`; then lets one question through as a probe."""

    def __init__(self, clock: Callable[[], float], most: int = 5, pause: float = 30.0, longest: float = 600.0) -> None:
        self._clock, self._most, self._first, self._longest = clock, most, pause, longest
        self._failures = 0
        self._pause = pause
        self._open_until = 0.0
        self._probing = False

    def lets_through(self) -> bool:
        """Whether a question may be asked now; after the pause one may, and the others wait for how it ends."""
        if self._failures < self._most and not self._open_until:
            return True
        if self._clock() < self._open_until or self._probing:
            return False
        self._probing = True
        return True

    def held(self) -> None:
        """It answered."""
        self._failures, self._pause, self._open_until, self._probing = 0, self._first, 0.0, False

    def failed(self, asked_pause: float = 0.0) -> None:
        """It did not; `asked_pause` seconds it asked to be left alone."""
        self._failures += 1
        probe, self._probing = self._probing, False
        worn = self._failures >= self._most
        if worn and probe:
            self._pause = min(self._pause * 2, self._longest)
        if worn or asked_pause:
            self._open_until = self._clock() + max(asked_pause, self._pause if worn else 0.0)

    def left(self) -> None:
        """A question that was let through came to no end (it was cancelled): nothing is known by it."""
        self._probing = False
