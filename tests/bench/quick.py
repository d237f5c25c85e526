"""learn() for all labels at once with numpy: the same weights to the last bit as bot/language/model/learn.py, in a tenth of the time.

Every sum is made in the order in which plain Python makes it, so that neither the machine nor the library can change what is learned.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from random import Random
from typing import Any, cast

import numpy as np

from bot.language.model.features import BITS
from bot.language.model.hunch import MIDDLE, Rows, Weights, chance
from bot.language.model.learn import ADDED, CHOICE_ROUNDS, RATE, ROUNDS, SETTLED, SLEEPS, SQUARE, Choice, Example, pulled
from bot.language.model.units import units_among

Array = np.ndarray[Any, Any]

SCATTERED = 3
"""With fewer than one label in so many awake, their weights are fetched one by one and not by rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """Examples as columns: of number n the places and values from starts[n] to starts[n + 1], by place, and its labels."""

    starts: Array
    places: Array
    values: Array
    labels: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, wanted: Sequence[bool]) -> Table:
        """The examples that are wanted, in the same order."""
        return joined_tables(self._one(at) for at, want in enumerate(wanted) if want)

    def _one(self, at: int) -> Table:
        first, last = self.starts[at], self.starts[at + 1]
        return Table(np.array([0, last - first]), self.places[first:last], self.values[first:last], self.labels[at : at + 1])


def table(examples: Iterable[Example]) -> Table:
    """Examples as columns."""
    starts, places, values, labels = [0], array("i"), array("d"), list[frozenset[str]]()
    for example in examples:
        seen = sorted(example.features.items())
        places.extend(place for place, _ in seen)
        values.extend(value for _, value in seen)
        starts.append(len(places))
        labels.append(example.labels)
    return Table(np.array(starts), np.array(places, np.int32), np.array(values, np.float64), tuple(labels))


def joined_tables(parts: Iterable[Table]) -> Table:
    """Tables one after the other."""
    made = list(parts) or [table(())]
    ends = np.cumsum([0, *(part.starts[-1] for part in made)])
    starts = [part.starts[:-1] + end for part, end in zip(made, ends, strict=False)]
    return Table(
        np.concatenate([*starts, ends[-1:]]),
        np.concatenate([part.places for part in made]),
        np.concatenate([part.values for part in made]),
        tuple(labels for part in made for labels in part.labels),
    )


def learn(examples: Table, labels: Sequence[str], *, seed: int = 7, rounds: int = ROUNDS) -> Rows:
    """Weights for `labels`, each learned by itself from the same examples."""
    learning = _Learning(examples, labels)
    order, turn = Random(seed), list(range(len(examples)))
    for round_ in range(rounds):
        order.shuffle(turn)
        for at in turn:
            learning.see(at, round_, RATE * (1 - round_ / rounds))
    packed = [whole_numbers(weights) for weights in learning.by_label()]
    return Rows(
        labels=tuple(labels),
        places=tuple(places for places, _ in packed),
        factors=tuple(factor for _, factor in packed),
        added=tuple(learning.added),
    )


class _Learning:
    """Weights on their way: a row for each place that occurs, the most frequent first, and a column for each label."""

    def __init__(self, examples: Table, labels: Sequence[str]) -> None:
        known, where, count = np.unique(examples.places, return_inverse=True, return_counts=True)
        by_count = np.argsort(-count, kind="stable")
        rank = np.empty_like(by_count)
        rank[by_count] = np.arange(len(by_count))
        self.known, self.where = known[by_count], rank[where]
        self.starts, self.values = examples.starts.tolist(), examples.values
        # numpy adds a single column up in pairs, and several ones row after row, as plain Python does: so there are two at least
        self.width = max(2, len(labels))
        self.count = len(labels)
        self.weights = np.zeros((len(known), self.width))
        self.squares = np.full((len(known), self.width), SQUARE)
        self.added, self.added_squares = [ADDED] * len(labels), [1.0] * len(labels)
        self.truths = [[label in true for label in labels] for true in examples.labels]
        self.wakes = [[0] * len(labels) for _ in examples.labels]

    def see(self, at: int, round_: int, rate: float) -> None:
        """One step for every label that is awake and that this example still teaches something."""
        wakes, truths = self.wakes[at], self.truths[at]
        awake = [label for label, wake in enumerate(wakes) if wake <= round_]
        if not awake:
            return
        first, last = self.starts[at], self.starts[at + 1]
        where, values = self.where[first:last], self.values[first:last, None]
        wrongs, teaching = list[float](), list[int]()
        for label, total in zip(awake, self._totals(where, values, awake), strict=True):
            wrong = chance(self.added[label] + total) - truths[label]
            if abs(wrong) < SETTLED:
                wakes[label] = round_ + 1 + SLEEPS
                continue
            wrongs.append(wrong)
            teaching.append(label)
            self.added_squares[label] += wrong * wrong
            self.added[label] -= rate * wrong / sqrt(self.added_squares[label])
        if teaching:
            self._step(where, values, teaching, wrongs, rate)

    def _totals(self, where: Array, values: Array, awake: Sequence[int]) -> list[float]:
        if 1 < len(awake) < self.width / SCATTERED:
            weights = self.weights.reshape(-1).take(where[:, None] * self.width + np.array(awake))
            return cast("list[float]", np.add.reduce(weights * values, axis=0).tolist())
        totals = np.add.reduce(self.weights.take(where, axis=0) * values, axis=0).tolist()
        return [totals[label] for label in awake]

    def _step(self, where: Array, values: Array, teaching: Sequence[int], wrongs: Sequence[float], rate: float) -> None:
        places = where[:, None] * self.width + np.array(teaching)
        weights, squares = self.weights.reshape(-1), self.squares.reshape(-1)
        slopes = values * np.array(wrongs)
        steep = squares.take(places) + slopes * slopes
        squares[places] = steep
        weights[places] = weights.take(places) - rate * slopes / np.sqrt(steep)

    def by_label(self) -> Iterable[Array]:
        """The weights of each label at every place there is."""
        return (spread_out(self.known, self.weights[:, label]) for label in range(self.count))


def spread_out(known: Array, weights: Array) -> Array:
    """Weights of the places that occur as those of every place there is, nought elsewhere."""
    spread = np.zeros(1 << BITS)
    spread[known] = weights
    return spread


def whole_numbers(weights: Array) -> tuple[array[int], float]:
    """Weights as whole numbers of 8 bits with the factor that gives them back: whole() of bot/language/model/learn.py, to the last bit."""
    factor = max(1e-9, float(np.abs(weights).max())) / 127
    return array("b", np.rint(weights / factor).astype(np.int8).tobytes()), factor


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices as columns: the volumes of all utterances as a table, and after how many of them each utterance ends."""

    volumes: Table
    ends: Array
    right: tuple[frozenset[int], ...]


def choices(every: Iterable[Choice]) -> Choices:
    """Choices as columns."""
    known = list(every)
    volumes = table(Example(volume, frozenset()) for choice in known for volume in choice.volumes)
    return Choices(volumes, np.cumsum([len(choice.volumes) for choice in known], dtype=np.int64), tuple(choice.right for choice in known))


def joined_choices(parts: Iterable[Choices]) -> Choices:
    """Choices one after the other."""
    made = list(parts) or [choices(())]
    begins = np.cumsum([0, *(len(part.volumes) for part in made)])
    ends = [part.ends + begin for part, begin in zip(made, begins, strict=False)]
    return Choices(
        joined_tables(part.volumes for part in made), np.concatenate(ends), tuple(right for part in made for right in part.right)
    )


def learn_choice(taught: Choices, label: str, *, seed: int = 7, rounds: int = CHOICE_ROUNDS) -> Rows:
    """Weights by which volumes are chosen among those of one utterance (bot/language/model/learn.py), to the last bit."""
    weights, squares, none, none_square = np.zeros(1 << BITS), np.full(1 << BITS, SQUARE), 0.0, 1.0
    order, turn = Random(seed), list(range(len(taught.right)))
    rows = [_choice(taught, at) for at in turn]
    for round_ in range(rounds):
        order.shuffle(turn)
        rate = RATE * (1 - round_ / rounds)
        for at in turn:
            row, right = rows[at], taught.right[at]
            # bincount adds one after the other, as plain Python does
            scores = np.bincount(row.volume, row.values * weights[row.known[row.where]], minlength=row.count)
            *pulls, none_pull = pulled(scores.tolist(), none, right)
            if max(map(abs, (*pulls, none_pull))) < SETTLED:
                continue
            slopes = np.bincount(row.where, np.array(pulls)[row.volume] * row.values, minlength=len(row.known))
            squares[row.known] += slopes * slopes
            weights[row.known] -= rate * slopes / np.sqrt(squares[row.known])
            none_square += none_pull * none_pull
            none -= rate * none_pull / sqrt(none_square)
    places, factor = whole_numbers(weights)
    return Rows((label,), (places,), (factor,), (none,))


@dataclass(frozen=True, slots=True)
class _Row:
    """One utterance: the places that occur, of each feature which of them, its value and its volume, and the count of volumes."""

    known: Array
    where: Array
    values: Array
    volume: Array
    count: int


def _choice(taught: Choices, at: int) -> _Row:
    starts, (first, last) = taught.volumes.starts, (taught.ends[at - 1] if at else 0, taught.ends[at])
    over = slice(starts[first], starts[last])
    known, where = np.unique(taught.volumes.places[over], return_inverse=True)
    volume = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
    return _Row(known, where, taught.volumes.values[over], volume, int(last - first))


def chances(examples: Table, weights: Weights, labels: Sequence[str]) -> Iterator[dict[str, float]]:
    """What the first look says of each example, per label; the last bits may differ from the bot's, which adds up in another order."""
    table = np.frombuffer(weights.table, np.uint8).reshape(1 << BITS, len(weights.labels))
    factors, added, units = np.array(weights.factors), np.array(weights.added), list(units_among(weights.labels))
    at = [weights.labels.index(label) for label in labels]
    for first, last in pairwise(examples.starts.tolist()):
        rows = table.take(examples.places[first:last], axis=0).astype(np.float64) - MIDDLE
        scores = added + factors * (examples.values[first:last] @ rows)
        above, own = np.maximum(scores[units], 0.0).tolist(), scores[at].tolist()
        yield {label: chance(weights.upper.score(label, score, above)) for label, score in zip(labels, own, strict=True)}
