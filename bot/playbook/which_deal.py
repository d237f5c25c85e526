"""Which of a channel's deals a message is about: by who speaks, by the names in it, and by what its thread was about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.deal import OWN_SIDE, Deal
from bot.playbook.names import ORDINARY, TRADE, Word, core, names_of, words_of

Deals = frozenset[int]
"""Deals, by their ids."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The deals that a message may be about; `told`: something said so. Where nothing did, these are all that it could be about."""

    deals: Deals
    told: bool

    @property
    def clear(self) -> bool:
        """Whether it is about one deal, and which."""
        return len(self.deals) == 1


@dataclass(frozen=True, slots=True)
class _Called:
    """A way to call a deal: the words, folded; `written`, where everyday words must be written like this to be a name."""

    deal: int
    words: tuple[str, ...]
    written: tuple[str, ...] | None


class WhichDeal:
    """Knows the deals of one channel, by id, and tells for each message which of them it is about."""

    def __init__(self, deals: Iterable[tuple[int, Deal]]) -> None:
        known = list(deals)
        self.all: Deals = frozenset(number for number, _ in known)
        self._customers: dict[str, Deals] = {}
        for number, deal in known:
            for person in deal.people:
                if person.role not in OWN_SIDE and person.role != "implementation":
                    self._customers[person.id] = self._customers.get(person.id, frozenset()) | {number}
        self._called: dict[str, list[_Called]] = {}
        for called in dict.fromkeys(one for number, deal in known for name in names_of(deal) for one in _ways(number, name)):
            self._called.setdefault(called.words[0], []).append(called)

    def meant(self, text: str, speakers: Iterable[str], thread: Deals = frozenset()) -> Meant:
        """The deals of a message: `speakers` are the ids of who said it, `thread` what its thread was decided for.

        Somebody of one customer speaks of that customer. Else names decide, and what the thread is about; what contradicts stays open.
        """
        speaks: Deals = frozenset().union(*(self._customers.get(speaker, frozenset()) for speaker in speakers))
        among = speaks or self.all
        if len(among) == 1:
            return Meant(among, told=True)
        said = [deals & among for deals in (*self.named(text), thread)]
        told = _narrowed([deals for deals in said if deals])
        return Meant(told or among, told=bool(told) and told != among)

    def named(self, text: str) -> list[Deals]:
        """For each place of a text that names deals, which it may mean: the longest name there counts."""
        words = words_of(text)
        found: list[Deals] = []
        covered = -1
        for place, word in enumerate(words):
            there = [called for called in self._called.get(word.folded, ()) if _stands(words[place : place + len(called.words)], called)]
            if not there or place <= covered:
                continue
            longest = max(len(called.words) for called in there)
            found.append(frozenset(called.deal for called in there if len(called.words) == longest))
            covered = place + longest - 1
        return found


def _narrowed(told: Sequence[Deals]) -> Deals:
    """What several hints come to: one that says more exactly what another says wins; those that differ stand side by side."""
    exact = [one for one in told if not any(other < one for other in told)]
    return frozenset().union(*exact)


def _ways(number: int, name: str) -> list[_Called]:
    """The whole name, its beginning, and each telling word of it: "Acme" alone may mean Acme, and Acme West as well.

    A later word ("cycles") may be an everyday one that we do not know as such: it counts where it is written as a name.
    """
    words = core(name)
    if not words:
        return []
    ways = [_called(number, words)]
    if len(words) > 2:
        ways.append(_called(number, words[:2]))
    if len(words) > 1:
        ways += [_called(number, [word], as_written=place > 0) for place, word in enumerate(words) if _tells(word)]
    return ways


def _tells(word: Word) -> bool:
    return len(word.folded) >= 4 and word.folded not in ORDINARY and word.folded not in TRADE and not word.folded.isdecimal()


def _called(number: int, words: Sequence[Word], *, as_written: bool = False) -> _Called:
    everyday = as_written or all(word.folded in ORDINARY or word.folded in TRADE or len(word.folded) < 4 for word in words)
    written = tuple(word.written for word in words) if everyday else None
    return _Called(number, tuple(word.folded for word in words), written)


def _stands(words: Sequence[Word], called: _Called) -> bool:
    """Whether the name stands here; one of everyday words only where it is written as a name."""
    if tuple(word.folded for word in words) != called.words:
        return False
    if called.written is None:
        return True
    if len(words) == 1:
        shouted = words[0].written.isupper() and len(words[0].written) > 1
        as_written = words[0].written == called.written[0] and not words[0].written.islower() and not words[0].begins
        return shouted or as_written
    return all(word.written[:1].isupper() or not written[:1].isalpha() for word, written in zip(words, called.written, strict=True))
