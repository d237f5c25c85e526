"""Whether talk is about shipping at all: the trained reader was taught on no other talk and must not guess about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.language.statement import Utterance

LOOKED_AT = 12
"""Utterances, the last one included, whose words count."""

FOREIGN, AT_HOME = 0.8, 5.5
"""Score under which talk is about something else and raises nothing, and from which on it is surely about shipping.

Under the first a chance would have sunk too far for a finding anyhow: it spares reading what cannot be raised. Of 6,671 labelled
messages that it was learned from, three lie under it; of 90 by an author who had taught it nothing, none.
"""

FOREIGN_AT_FIRST, AT_HOME_AT_FIRST = -0.3, 2.6
"""The same at the beginning of a talk, when few words were said. All four rise with the share of shipping in the talk that is learned from:
hear `make ordinary` after each training.
"""

STEEP = 1.0
"""By how much the log-odds of a finding sink for each point that the score lies under AT_HOME."""

FEW, FEW_WORDS = 3, 8
"""With fewer utterances before it, or fewer telling words in all, an utterance has too little around it for its matter to be told."""

LONGEST = 1_000
"""Characters of an utterance that are looked at."""

_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)?")
_NONE: frozenset[str] = frozenset()


def domain_words(text: str) -> frozenset[str]:
    """The words of an utterance by which its matter is told."""
    return frozenset(_WORD.findall(text[:LONGEST].lower()))


class Domain:
    """How much each word speaks for shipping (above 0) or against it; `added` is what talk without any of them scores."""

    def __init__(self, words: Mapping[str, float], added: float) -> None:
        self.words, self.added = dict(words), added
        self._telling = frozenset(words)  # far quicker to meet with than the dictionary's keys
        self._known = lru_cache(maxsize=4_096)(self._tell)

    def score(self, utterance: Utterance, before: Sequence[Utterance]) -> float:
        """The score of the last utterances together, each word once."""
        return self.heard(utterance, before)[0]

    def heard(self, utterance: Utterance, before: Sequence[Utterance]) -> tuple[float, int]:
        """The score, and how many different words of those that tell the matter were said."""
        said = (utterance, *before[1 - LOOKED_AT :])
        known = _NONE.union(*[self._known(one.text) for one in said])
        return self.added + sum(map(self.words.__getitem__, known)), len(known)

    def _tell(self, text: str) -> frozenset[str]:
        return domain_words(text) & self._telling
