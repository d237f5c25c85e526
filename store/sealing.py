"""Seals words: encrypted with a key of the installation before they reach the database, opened on the way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Dialect

from store.address import StoreUnready
from store.locks import Locks, NoFit

SEALED, PLAIN = "sealed:1:", "sealed:0:"
"""How sealed words begin in the database; and plain ones that begin so by themselves."""

_MARK = "sealed:"
_REMEMBERED = 4_096

NO_KEY = (
    "The words in this database are encrypted, and JUMPIN_KEY is not set: set it to the key that they were encrypted with "
    "(it is kept where your other secrets are), then try again."
)
WRONG_KEY = (
    "JUMPIN_KEY does not fit this database: its words were encrypted with another key. Put that key into JUMPIN_KEY too, after a "
    "comma, then run `jumpin db encrypt` before you take it away again."
)


class Unsealable(StoreUnready):
    """The words cannot be opened; the text is one plain sentence and holds no key and no word."""


class Seal:
    """Seals with the first of some keys (as `jumpin db key` makes them) and opens with any; without keys words stay plain.

    Raises ValueError for a key that is none.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._locks = Locks(keys) if keys else None
        self._opened = lru_cache(_REMEMBERED)(self._open)  # what was said before is asked for with each message of a deal

    def __repr__(self) -> str:
        return f"<Seal: {'with' if self._locks else 'without'} key>"

    @property
    def closes(self) -> bool:
        """Whether there is a key, and words are encrypted."""
        return self._locks is not None

    def close(self, words: str) -> str:
        """Words as they are kept; nothing stays nothing, so that the database can tell whether there are any."""
        if not words:
            return words
        if self._locks is not None:
            return SEALED + self._locks.close(words)
        return PLAIN + words if words.startswith(_MARK) else words

    def open(self, kept: str) -> str:
        """What close() was given. Raises Unsealable, one plain sentence, without the key that it was closed with."""
        return self._opened(kept) if kept.startswith(_MARK) else kept

    def is_current(self, kept: str) -> bool:
        """Whether these words are kept as close() would keep them now."""
        if not kept or self._locks is None:
            return not kept.startswith(SEALED)
        return kept.startswith(SEALED) and self._locks.newest(kept.removeprefix(SEALED))

    def _open(self, kept: str) -> str:
        if kept.startswith(PLAIN):
            return kept.removeprefix(PLAIN)
        if not kept.startswith(SEALED):
            return kept
        if self._locks is None:
            raise Unsealable(NO_KEY)
        try:
            return self._locks.open(kept.removeprefix(SEALED))
        except NoFit:
            raise Unsealable(WRONG_KEY) from None


UNSEALED = Seal()
"""Of a database without a key."""


def give(dialect: Dialect, seal: Seal) -> None:
    """Let the column types of an engine's dialect seal with this; nothing is kept for the whole process."""
    vars(dialect)["jumpin_seal"] = seal


def seal_of(dialect: Dialect) -> Seal:
    """What the column types of a dialect seal with."""
    seal = vars(dialect).get("jumpin_seal", UNSEALED)
    assert isinstance(seal, Seal)
    return seal
