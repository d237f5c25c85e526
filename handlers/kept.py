"""A bounded memory: what was used least recently falls out, and entries may age."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """At most `size` entries, each at most `seconds` old (None: as long as there is room)."""

    def __init__(self, size: int, seconds: float | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._size = size
        self.seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The entry, or None when there is none or it is too old."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if self.seconds is not None and self._clock() - entry[0] > self.seconds:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry[1]

    def put(self, key: K, value: V) -> V:
        """Keep `value`, and give it back."""
        self._entries[key] = (self._clock(), value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)
        return value

    def drop(self, key: K) -> None:
        """Forget one entry; an unknown key is fine."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()

    def __iter__(self) -> Iterator[K]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
