"""Which of the volumes that an utterance may be about is meant: what the trained reader sees of each, and how it chooses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import exp
from zlib import crc32

from bot.language.model.features import Group, Groups, merged, placed_tokens, shared, tokens_of
from bot.language.model.places import level
from bot.language.model.possible import Possible
from bot.language.rates import Range
from bot.language.statement import Quantity, Reading, Utterance, Vocabulary

AROUND = 5
"""Words on each side of a figure that are looked at."""

BETWEEN = 8
"""Words between two figures that are put together."""

ASKED = 20
"""Words of what is answered."""

FEW = 8
"""Words of a short utterance."""

_CLOSE = 0.02
_NAMED = crc32(b"fig ")
"""How the name of each feature of a figure begins, as a checksum."""


def figure_features(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, among: Sequence[Possible]
) -> Iterator[dict[int, float]]:
    """Place -> value for each volume: the groups of figure_groups() put together, to learn from."""
    return map(merged, figure_groups(utterance, before, vocabulary, reading, among))


def figure_groups(
    utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading, among: Sequence[Possible]
) -> Iterator[Groups]:
    """Of each volume its features: how it was thought of, how it lies to the deal's figures, the words around it, what rules made of it."""
    scene = _Scene(utterance, before, vocabulary, reading)
    for one in among:
        yield list(scene.seen(one))


def chosen(scores: Sequence[float], none: float) -> list[float]:
    """The chance of each volume that it is the one meant, from their scores and the score of none of them."""
    top = max((none, *scores))
    shares = [exp(score - top) for score in scores]
    total = sum(shares) + exp(none - top)
    return [share / total for share in shares]


def lies(daily: Range, vocabulary: Vocabulary) -> str:
    """How a volume lies to the deal's: equal to one of them, or on which level."""
    low, high = daily
    test, committed = vocabulary.test_per_day or 0.0, vocabulary.committed_per_day or 0.0
    for name, volume in (("at test", test), ("at committed", committed)):
        if abs(low - volume) <= _CLOSE * volume and abs(high - volume) <= _CLOSE * volume:
            return name
    return level((low + high) / 2, test, committed)


class _Scene:
    """What all volumes of an utterance share."""

    def __init__(self, utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading) -> None:
        self._text, self._vocabulary, self._reading = utterance.text, vocabulary, reading
        self._words = _encoded(placed_tokens(utterance, vocabulary, reading))
        self._short = len(tokens_of(utterance.head)) < FEW
        answered = next((other for other in reversed(before) if other.speaker != utterance.speaker), None)
        self._asked = _encoded(tokens_of(answered.text[-160:])[-ASKED:]) if answered else []
        self._figures = min(4, sum(one.kind in ("number", "ordinal", "identifier") and not one.role for one in reading.quantities))
        self._known: dict[str, Group] = {}
        self._beside: dict[tuple[int, int], Sequence[bytes]] = {}

    def seen(self, one: Possible) -> Iterator[Group]:
        """The groups of a volume's features; those over all words are the same for many volumes, and reckoned once."""
        main, level_ = one.ways[0], lies(one.daily, self._vocabulary)
        yield shared(1.2, _marked("", _encoded(self._names(one, main, level_))))
        if self._words:
            yield self._over(0.6, f"way {main} ", self._words)
            yield self._over(0.3, f"lies {level_} ", self._words)
        if self._asked:
            yield self._over(0.3, f"asked {main.split()[0]} ", self._asked)
        if one.parts and (around := self._around(one.parts[0], one.parts[-1])):
            yield shared(0.8, _marked("", around))
            yield shared(0.5, _marked(f"{main} ", around))
        if len(one.parts) == 2:
            words = tokens_of(self._text[one.parts[0].end : one.parts[1].start])[:BETWEEN]
            names = (f"all between {main} {' '.join(words)}", *(f"between {main} {word}" for word in words))
            yield shared(0.8, _marked("", _encoded(names)))

    def _over(self, weight: float, begins: str, words: Sequence[bytes]) -> Group:
        known = self._known.get(begins)
        if known is None:
            known = self._known[begins] = shared(weight, _marked(begins, words))
        return known

    def _names(self, one: Possible, main: str, level_: str) -> set[str]:
        phase, quantity = self._vocabulary.phase, one.quantity
        whole = quantity.low is not None and quantity.low == round(quantity.low)
        found = {
            f"lies {level_}",
            f"lies {level_} {phase}",
            f"whole {whole}",
            f"ways {min(len(one.ways), 4)}",
            f"figures {self._figures}",
            f"unit {quantity.unit}",
            f"per {quantity.per}",
            f"short {self._short}",
            f"approximate {quantity.approximate}",
            f"main {main}",
            f"main {main} {level_}",
            f"main {main} {phase}",
            f"main {main} {self._figures} figures",
            f"main {main} short {self._short}",
        }
        for way in one.ways:
            found |= {f"way {way}", f"way {way} {level_}", f"way {way} {self._figures} figures"}
        for made in (*self._reading.statements, *self._reading.latent):
            if made.quantity in one.parts:
                about = f"{made.act} {made.about} {made.stance}"
                found |= {f"about {about}", f"about {about} {level_}"}
        return found

    def _around(self, first: Quantity, last: Quantity) -> Sequence[bytes]:
        known = self._beside.get((first.start, last.end))
        if known is None:
            left = tokens_of(self._text[max(0, first.start - 80) : first.start])
            right = tokens_of(self._text[last.end : last.end + 80])
            known = self._beside[first.start, last.end] = _encoded(_sides("l", left[::-1]) | _sides("r", right))
        return known


def _encoded(names: Iterable[str]) -> list[bytes]:
    return [name.encode() for name in set(names)]


def _marked(begins: str, names: Sequence[bytes]) -> set[int]:
    """The checksums of names that all begin alike, as features.py reckons them."""
    mark = crc32(begins.encode(), _NAMED)
    return {crc32(name, mark) for name in names}


def _sides(name: str, words: Sequence[str]) -> set[str]:
    """The words next to the figure, nearest first: by place, by themselves, and the nearest ones together."""
    near = words[:AROUND]
    found = {f"{name}{at} {word}" for at, word in enumerate(near[:3])} | {f"{name} {word}" for word in near}
    return found | {f"{name}{size} {' '.join(near[:size])}" for size in (2, 3) if len(near) >= size}
