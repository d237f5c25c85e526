"""Sorts the messages of a channel with several deals: which of them each is about, and what its thread was decided for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.playbook.which_deal import Deals, Meant, WhichDeal
from handlers.hearing.message import Said
from handlers.kept import Kept
from store.records import KnownDeal
from store.sources.slack_text import plain_text

_UNDECIDED: Deals = frozenset()


class Sorter:
    """One channel's. Messages must come in the order said; a thread keeps the deal of its parent, or else of its first clear reply."""

    def __init__(self, deals: Sequence[KnownDeal]) -> None:
        self._deals = tuple(deals)
        self._which = WhichDeal((known.id, known.deal) for known in deals)
        self._threads: Kept[str, Deals] = Kept(500)

    def is_of(self, deals: Sequence[KnownDeal]) -> bool:
        """Whether it still knows all that decides: the same deals, with the same names and people."""
        return len(deals) == len(self._deals) and all(map(_same, self._deals, deals))

    def knows(self, said: Said) -> bool:
        """Whether what decides on a message is known: the parent of its thread has been heard."""
        return said.thread_ts is None or self._threads.get(said.thread_ts) is not None

    def of(self, said: Said) -> Meant:
        """The deals that a message is about."""
        thread = self._threads.get(said.thread_ts) or _UNDECIDED if said.thread_ts else _UNDECIDED
        meant = self._which.meant(plain_text(said.text), [one for one in (said.user, said.bot_id) if one], thread)
        decided = meant.deals if meant.told else _UNDECIDED
        if said.thread_ts is None:
            if decided or not self._threads.get(said.ts):  # heard again, it leaves what a reply decided
                self._threads.put(said.ts, decided)
        elif not thread:
            self._threads.put(said.thread_ts, decided if meant.clear else _UNDECIDED)
        return meant


def _same(one: KnownDeal, other: KnownDeal) -> bool:
    if one is other:
        return True
    return (one.id, one.deal.customer, one.deal.brands, one.deal.people) == (
        other.id,
        other.deal.customer,
        other.deal.brands,
        other.deal.people,
    )
