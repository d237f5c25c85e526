"""Learns the hidden units of the trained reader (bot/language/model/units.py) with numpy: one example at a time, by AdaGrad.

While it learns, features and units are left out at random, so that none relies on another being there. All is added up one after the
other, in single precision and with a dice of its own, so that the same talk gives the same weights on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

from bot.language.model.hunch import Rows, chance
from bot.language.model.learn import ADDED, SETTLED
from bot.language.model.units import Upper, unit_names
from tests.bench.quick import Table, spread_out, whole_numbers

Array = np.ndarray[Any, np.dtype[np.float32]]

UNITS = 64
"""Hidden units; 96 of them say no more, 32 a little less."""

ROUNDS, RATE = 16, 0.3
"""How often all examples are gone through, and the step size, which sinks from round to round."""

SEEN = 3
"""In so many examples a place must occur to have weights at all."""

LEFT_OUT, ASLEEP = 0.4, 0.3
"""The share of features, and of units, that a step does without."""

SPREAD = 0.17
"""Weights begin anywhere between this and less than nought by as much."""


def learn_units(examples: Table, labels: Sequence[str], *, units: int = UNITS, seed: int = 7, rounds: int = ROUNDS) -> tuple[Rows, Upper]:
    """The units' weights by place, and what they say of each label."""
    learning = _Learning(examples, labels, units, seed)
    order, turn = Random(seed), list(range(len(examples)))
    for round_ in range(rounds):
        order.shuffle(turn)
        for at in turn:
            learning.see(at, RATE * (1 - round_ / rounds))
    return learning.rows(), learning.upper_layer(labels)


class _Learning:
    """Weights on their way: a row for each place that occurs often enough, a column for each unit; above them the labels."""

    def __init__(self, examples: Table, labels: Sequence[str], units: int, seed: int) -> None:
        self.dice = np.random.Generator(np.random.PCG64(seed))
        known, where, count = np.unique(examples.places, return_inverse=True, return_counts=True)
        often = count >= SEEN
        number = np.cumsum(often) - 1
        kept = often[where]
        ends = np.concatenate([[0], np.cumsum(kept)])
        self.starts = ends[examples.starts].tolist()
        self.known, self.where = known[often], number[where][kept]
        self.values = (examples.values[kept] / (1 - LEFT_OUT)).astype(np.float32)
        self.truths = [[label in true for label in labels] for true in examples.labels]
        self.weights, self.squares = self._begun(len(self.known), units)
        self.upper, self.upper_squares = self._begun(units, len(labels))
        self.added, self.added_squares = np.zeros(units, np.float32), np.ones(units, np.float32)
        self.upper_added, self.upper_added_squares = np.full(len(labels), ADDED, np.float32), np.ones(len(labels), np.float32)

    def _begun(self, high: int, wide: int) -> tuple[Array, Array]:
        begun = (2 * self.dice.random((high, wide), dtype=np.float32) - 1) * np.float32(SPREAD)
        return begun, np.ones((high, wide), np.float32)

    def see(self, at: int, rate: float) -> None:
        """One step, unless all labels are as good as right."""
        first, last = self.starts[at], self.starts[at + 1]
        there = self.dice.random(last - first, dtype=np.float32) >= LEFT_OUT
        where, values = self.where[first:last][there], self.values[first:last][there, None]
        rows = self.weights.take(where, axis=0)
        sums = self.added + np.add.reduce(rows * values, axis=0)
        awake = (sums > 0) & (self.dice.random(len(sums), dtype=np.float32) >= ASLEEP)
        said = np.where(awake, sums / np.float32(1 - ASLEEP), np.float32(0))
        wrongs = self._wrongs(said, self.truths[at])
        if not wrongs.any():
            return
        # turned round, so that the sum runs over rows, one after the other
        back = np.add.reduce((self.upper * wrongs).T.copy(), axis=0) / np.float32(1 - ASLEEP)
        back = np.where(awake, back, np.float32(0))
        step = np.float32(rate)
        _step(self.upper, self.upper_squares, said[:, None] * wrongs, step)
        _step(self.upper_added, self.upper_added_squares, wrongs, step)
        _step(self.added, self.added_squares, back, step)
        slopes = values * back
        steep = self.squares.take(where, axis=0) + slopes * slopes
        self.squares[where] = steep
        self.weights[where] = rows - step * slopes / np.sqrt(steep)

    def _wrongs(self, said: Array, truths: Sequence[bool]) -> Array:
        scores = self.upper_added + np.add.reduce(said[:, None] * self.upper, axis=0)
        wrongs = [chance(score) - true for score, true in zip(scores.tolist(), truths, strict=True)]
        return np.array([0.0 if abs(wrong) < SETTLED else wrong for wrong in wrongs], np.float32)

    def rows(self) -> Rows:
        """The units' weights at every place there is, nought where it occurs too seldom."""
        packed = [whole_numbers(spread_out(self.known, weights)) for weights in self.weights.T]
        return Rows(
            labels=unit_names(len(packed)),
            places=tuple(places for places, _ in packed),
            factors=tuple(factor for _, factor in packed),
            added=tuple(self.added.tolist()),
        )

    def upper_layer(self, labels: Sequence[str]) -> Upper:
        """What the units say of the labels."""
        return Upper(tuple(labels), tuple(self.upper_added.tolist()), tuple(map(tuple, self.upper.T.tolist())))


def _step(weights: Array, squares: Array, slopes: Array, rate: np.float32) -> None:
    squares += slopes * slopes
    weights -= rate * slopes / np.sqrt(squares)
