"""Learns the weights: logistic regression by AdaGrad over hashed features, in plain Python and the same on every machine.

This says what is learned; `make train` does the same sums with numpy (tests/bench/quick.py), which the bot itself needs nowhere.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt
from operator import add, mul
from random import Random

from bot.language.model.domain import Domain
from bot.language.model.features import BITS
from bot.language.model.figure import chosen
from bot.language.model.hunch import Rows, chance

ROUNDS = 10
"""How often all examples are gone through."""

RATE = 0.3
"""Step size of AdaGrad."""

ADDED, SQUARE = -2.0, 1e-3
"""What is added to the weights of an example before anything is learned, and the first sum of squares of every weight."""

DOMAIN_RATE = 0.1
"""The same for the words of shipping."""

SETTLED = 0.02
"""An example predicted this closely teaches nothing more."""

CHOICE_ROUNDS = 4
"""How often all choices are gone through."""

SLEEPS = 2
"""Rounds for which such an example is left out."""


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance's features, and the labels that are true of it."""

    features: Mapping[int, float]
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Window:
    """The words of some utterances in a row, and whether they are about shipping."""

    words: frozenset[str]
    shipping: bool


TELLING, SEEN = 2.0, 4
"""A word tells the matter of talk when it is so many times as frequent in one kind as in the other, and seen in so many windows."""


def learn_domain(windows: Sequence[Window], *, seed: int = 7, rounds: int = ROUNDS) -> Domain:
    """How much each telling word speaks for shipping, from windows of both kinds of talk."""
    telling = _telling(windows)
    weights, squares = dict.fromkeys(sorted(telling), 0.0), dict.fromkeys(sorted(telling), 1.0)
    added, added_square = 0.0, 1.0
    order, turn = Random(seed), list(range(len(windows)))  # noqa: S311 - the same every time is what is wanted
    seen = [sorted(window.words & telling) for window in windows]
    for round_ in range(rounds):
        order.shuffle(turn)
        rate = DOMAIN_RATE * (1 - round_ / rounds)
        for at in turn:
            wrong = chance(added + reduce(add, map(weights.__getitem__, seen[at]), 0.0)) - windows[at].shipping
            if abs(wrong) < SETTLED:
                continue
            for word in seen[at]:
                squares[word] += wrong * wrong
                weights[word] -= rate * wrong / sqrt(squares[word])
            added_square += wrong * wrong
            added -= rate * wrong / sqrt(added_square)
    return Domain({word: round(weight, 3) for word, weight in weights.items()}, round(added, 3))


def _telling(windows: Sequence[Window]) -> frozenset[str]:
    ours, theirs = Counter[str](), Counter[str]()
    for window in windows:
        (ours if window.shipping else theirs).update(window.words)
    shipping = max(1, sum(window.shipping for window in windows))
    other = max(1, len(windows) - shipping)
    return frozenset(
        word
        for word in ours.keys() | theirs.keys()
        if len(word) > 2
        and ours[word] + theirs[word] >= SEEN
        and not 1 / TELLING < ((ours[word] + 0.5) / shipping) / ((theirs[word] + 0.5) / other) < TELLING
    )


def learn(examples: Sequence[Example], labels: Sequence[str], *, seed: int = 7, rounds: int = ROUNDS) -> Rows:
    """Weights for `labels`, each learned by itself from the same examples."""
    ordered = [sorted(example.features.items()) for example in examples]
    rows = [(tuple(place for place, _ in row), tuple(value for _, value in row)) for row in ordered]
    learned = [_one(rows, [label in example.labels for example in examples], Random(seed), rounds) for label in labels]  # noqa: S311
    packed = [whole(weights) for weights, _ in learned]
    return Rows(
        labels=tuple(labels),
        places=tuple(places for places, _ in packed),
        factors=tuple(factor for _, factor in packed),
        added=tuple(added for _, added in learned),
    )


def _one(
    rows: Sequence[tuple[tuple[int, ...], tuple[float, ...]]], truths: Sequence[bool], order: Random, rounds: int
) -> tuple[list[float], float]:
    weights, squares = [0.0] * (1 << BITS), [SQUARE] * (1 << BITS)
    added, added_square = ADDED, 1.0
    turn, wakes = list(range(len(rows))), [0] * len(rows)
    for round_ in range(rounds):
        order.shuffle(turn)
        rate = RATE * (1 - round_ / rounds)
        for at in turn:
            if round_ < wakes[at]:
                continue
            where, values = rows[at]
            wrong = chance(added + reduce(add, map(mul, values, map(weights.__getitem__, where)), 0.0)) - truths[at]
            if abs(wrong) < SETTLED:
                wakes[at] = round_ + 1 + SLEEPS
                continue
            for place, value in zip(where, values, strict=True):
                slope = wrong * value
                squares[place] += slope * slope
                weights[place] -= rate * slope / sqrt(squares[place])
            added_square += wrong * wrong
            added -= rate * wrong / sqrt(added_square)
    return weights, added


@dataclass(frozen=True, slots=True)
class Choice:
    """The features of each volume that an utterance may be about, and which of them are meant; none of them where `right` is empty."""

    volumes: Sequence[Mapping[int, float]]
    right: frozenset[int]


def learn_choice(choices: Sequence[Choice], label: str, *, seed: int = 7, rounds: int = CHOICE_ROUNDS) -> Rows:
    """Weights by which volumes are chosen among those of one utterance, and the score of "none of them" as what is added."""
    weights, squares = [0.0] * (1 << BITS), [SQUARE] * (1 << BITS)
    none, none_square = 0.0, 1.0
    order, turn = Random(seed), list(range(len(choices)))  # noqa: S311 - the same every time is what is wanted
    rows = [[sorted(volume.items()) for volume in choice.volumes] for choice in choices]
    for round_ in range(rounds):
        order.shuffle(turn)
        rate = RATE * (1 - round_ / rounds)
        for at in turn:
            scores = [reduce(add, (value * weights[place] for place, value in row), 0.0) for row in rows[at]]
            *pulls, none_pull = pulled(scores, none, choices[at].right)
            if max(map(abs, (*pulls, none_pull))) < SETTLED:
                continue
            slopes: dict[int, float] = {}
            for pull, row in zip(pulls, rows[at], strict=True):
                for place, value in row:
                    slopes[place] = slopes.get(place, 0.0) + pull * value
            for place, slope in slopes.items():
                squares[place] += slope * slope
                weights[place] -= rate * slope / sqrt(squares[place])
            none_square += none_pull * none_pull
            none -= rate * none_pull / sqrt(none_square)
    places, factor = whole(weights)
    return Rows((label,), (places,), (factor,), (none,))


def pulled(scores: Sequence[float], none: float, right: Collection[int]) -> list[float]:
    """How far the chance of each volume, and of none of them (the last), lies above what is true: all that is right counts as one."""
    chances = chosen(scores, none)
    chances.append(1.0 - reduce(add, chances, 0.0))
    true = right or (len(scores),)
    share = reduce(add, (chances[at] for at in true), 0.0) or 1.0
    return [chance_ - (chance_ / share if at in true else 0.0) for at, chance_ in enumerate(chances)]


def whole(weights: Sequence[float]) -> tuple[array[int], float]:
    """Weights as whole numbers of 8 bits with the factor that gives them back."""
    factor = max(1e-9, *map(abs, weights)) / 127
    return array("b", (round(weight / factor) for weight in weights)), factor
