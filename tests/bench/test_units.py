"""Hidden units: they learn what no single feature tells, and the bot reckons with them as training does."""

from __future__ import annotations

from math import isclose
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.model.domain import Domain
from bot.language.model.features import BITS
from bot.language.model.hunch import MIDDLE, Rows, Totals, Weights, chance, joined, pack, unpack
from bot.language.model.learn import Example, whole
from bot.language.model.units import SHARE, UNIT, Upper, unit_names
from tests.bench import quick
from tests.bench.units import SEEN, learn_units

LABEL = ("together",)
CASES = [((1, 2), True), ((1, 3), False), ((4, 2), False), ((4, 3), True)]
"""Places of an utterance and whether the label is true: each place is in a true and in a false one, so that only pairs tell."""

EXAMPLES = [Example(dict.fromkeys((*places, 9), 1.0), frozenset(LABEL if true else ())) for places, true in CASES * 40]


def said(weights: Weights) -> list[float]:
    return [Totals([(1.0, [*places, 9])], weights).chance(LABEL[0]) for places, _ in CASES]


def test_units_learn_what_only_two_features_together_tell() -> None:
    own = quick.learn(quick.table(EXAMPLES), LABEL)
    units, upper = learn_units(quick.table(EXAMPLES), LABEL, units=12, rounds=30)
    alone, together = joined([own], Domain({}, 0.0)), joined([own, units], Domain({}, 0.0), upper)
    truths = [true for _, true in CASES]
    assert [likely > 0.5 for likely in said(alone)] != truths
    assert [likely > 0.5 for likely in said(together)] == truths


def test_the_same_talk_gives_the_same_units() -> None:
    first, again = (learn_units(quick.table(EXAMPLES), LABEL, units=5, rounds=3) for _ in range(2))
    assert first == again
    assert first != learn_units(quick.table(EXAMPLES), LABEL, units=5, rounds=3, seed=8)


def test_what_is_seen_too_seldom_has_no_weight() -> None:
    seldom = [Example({70: 1.0, 1: 1.0}, frozenset(LABEL))] * (SEEN - 1)
    rows, _ = learn_units(quick.table([*EXAMPLES, *seldom]), LABEL, units=5, rounds=2)
    assert all(places[70] == 0 for places in rows.places)
    assert any(places[1] for places in rows.places)


def any_weights(labels: tuple[str, ...], units: int, seed: int) -> Weights:
    """Weights at random for the first hundred places, odd and even numbers of labels."""
    dice = Random(seed)
    packed = [whole([dice.uniform(-2, 2) for _ in range(100)] + [0.0] * ((1 << BITS) - 100)) for _ in range(len(labels) + units)]
    names = (*labels, *unit_names(units))
    rows = Rows(names, tuple(one for one, _ in packed), tuple(by for _, by in packed), tuple(dice.uniform(-1, 1) for _ in names))
    told = labels[: max(1, len(labels) - 1)]
    upper = Upper(told, tuple(dice.uniform(-1, 1) for _ in told), tuple(tuple(dice.uniform(-1, 1) for _ in range(units)) for _ in told))
    return joined([rows], Domain({}, 0.0), upper)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 4), st.integers(0, 5), st.integers(0, 9), st.lists(st.integers(0, 99), min_size=1, max_size=900))
def test_the_bot_reckons_with_units_as_training_does(count: int, units: int, seed: int, places: list[int]) -> None:
    labels = tuple("abcd")[:count]
    weights = any_weights(labels, units, seed)
    features = {place: 0.01 * places.count(place) for place in places}
    (told,) = quick.chances(quick.table([Example(features, frozenset())]), weights, labels)
    totals = Totals([(0.01, places)], weights)
    table, wide = weights.table, len(weights.labels)
    sums = [
        added + factor * sum(value * (table[wide * place + at] - MIDDLE) for place, value in features.items())
        for at, (added, factor) in enumerate(zip(weights.added, weights.factors, strict=True))
    ]
    above = [max(0.0, sums[at]) for at, name in enumerate(weights.labels) if name.startswith(UNIT)]
    for label, own in zip(labels, sums, strict=False):
        assert isclose(totals.chance(label), told[label], rel_tol=1e-9)
        assert totals.chance(label) == pytest.approx(chance(_together(weights.upper, label, own, above)))


def _together(upper: Upper, label: str, own: float, above: list[float]) -> float:
    if label not in upper.labels:
        return own
    row = upper.labels.index(label)
    said_above = upper.added[row] + sum(unit * by for unit, by in zip(above, upper.weights[row], strict=True))
    return (1 - SHARE) * own + SHARE * said_above


def test_units_survive_their_file() -> None:
    weights = any_weights(("a", "b"), 3, 1)
    again = unpack(pack(weights))
    assert (again.upper, again.labels, again.table) == (weights.upper, weights.labels, weights.table)
