"""The keys that words are encrypted with; the library behind them is seven megabytes, and is loaded where there is a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from cryptography import fernet


class NoFit(Exception):
    """None of the keys opens this."""


class Locks:
    """Some keys, at least one: the first closes, all of them open. Raises ValueError for a key that is none."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._made = _fernet()
        each = [self._made.Fernet(key) for key in keys]
        self._first: fernet.Fernet = each[0]
        self._all: fernet.MultiFernet = self._made.MultiFernet(each)

    def close(self, words: str) -> str:
        """The words, encrypted."""
        return self._first.encrypt(words.encode()).decode("ascii")

    def open(self, closed: str) -> str:
        """The words. Raises NoFit."""
        try:
            return self._all.decrypt(closed).decode()
        except self._made.InvalidToken:
            raise NoFit from None

    def newest(self, closed: str) -> bool:
        """Whether the first of the keys is the one that closed this."""
        try:
            self._first.decrypt(closed)
        except self._made.InvalidToken:
            return False
        return True


def new_key() -> str:
    """A fresh key."""
    return str(_fernet().Fernet.generate_key().decode("ascii"))


def are_keys(texts: Sequence[str]) -> bool:
    """Whether each of these texts is a key."""
    if not texts:
        return True
    try:
        Locks(texts)
    except ValueError:
        return False
    return True


def _fernet() -> ModuleType:
    from cryptography import fernet  # noqa: PLC0415 - see above

    return fernet
