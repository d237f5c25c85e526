"""A talk whose gaps can be filled: what was said to another process takes its place among what was heard here."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.ears import KEPT, Talk
from bot.language.own_words import own_words
from bot.language.statement import Utterance
from handlers.hearing.message import micros


class Remembered(Talk):
    """A channel's talk about a deal; the keys are the messages' ts."""

    __slots__ = ()

    def __contains__(self, ts: str) -> bool:
        """Whether a message is remembered."""
        return ts in self._said

    def copy(self) -> Remembered:
        """The same, to add to."""
        made = Remembered()
        made._said.update(self._said)
        return made

    def within(self, thread: str | None) -> tuple[Utterance, ...]:
        """All that is remembered of a thread with its parent, or of what was said outside threads (None)."""
        return self.before(Utterance("", thread=thread))

    def complete(self, shown: Iterable[Utterance], gone: Collection[str] = (), needed: Collection[str] = ()) -> None:
        """Put what was shown in its place, by when it was said, and drop what is gone. The oldest fall out, last of all what is needed."""
        known = self._said | {one.key: own_words(one) for one in shown}
        in_order = sorted((key for key in known if key not in gone), key=micros)
        spare = [key for key in in_order if key not in needed] + [key for key in in_order if key in needed]
        out = frozenset(spare[: max(0, len(spare) - KEPT)])
        self._said.clear()
        self._said.update((key, known[key]) for key in in_order if key not in out)
