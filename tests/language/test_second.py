"""The second look: it weighs what the first one gave, sinks with it in foreign talk, and is asked only where there is something."""

from __future__ import annotations

from math import nextafter

from bot.language.model.domain import FOREIGN_AT_FIRST, Domain
from bot.language.model.guess import guess
from bot.language.model.hunch import ANY, WORTH, Weights, chance_of, joined
from bot.language.model.learn import Example, learn
from bot.language.model.second import second_features, seen_twice
from bot.language.statement import Hunch, Reading, Utterance, Vocabulary

DEAL = Vocabulary(test_per_day=150, committed_per_day=500, phase="test")
SAID = Utterance("we are too busy for all of it", "customer", "U1", key="1")
BUSY = "objection-too-busy"


def look(chance: float, scenario: float, *marks: str) -> dict[int, float]:
    return second_features(Hunch(chance, {BUSY: scenario, "wait-and-see": 0.01}), SAID, DEAL, Reading(), marks)


AGREEING = [Example(look(0.9, 0.9 - step / 50), frozenset({WORTH})) for step in range(8)]
AT_ODDS = [Example(look(0.9, 0.1 + step / 50), frozenset()) for step in range(8)]


def second_look() -> Weights:
    return joined([learn([*AGREEING, *AT_ODDS], (WORTH,))], Domain({}, 0.0))


def test_a_chance_is_trusted_where_some_scenario_is_as_likely() -> None:
    weights = second_look()
    assert chance_of(WORTH, look(0.9, 0.87), weights) > 0.6
    assert chance_of(WORTH, look(0.9, 0.15), weights) < 0.4


def test_the_last_bits_of_a_chance_do_not_count() -> None:
    assert look(0.9, 0.6) == look(nextafter(0.9, 1.0), nextafter(0.6, 0.0))


def test_names_tell_the_likeliest_scenario_and_what_the_rules_found() -> None:
    hunch = Hunch(0.7, {BUSY: 0.6, "wait-and-see": 0.2, "pickup-confirmed": 0.9, "subject price": 0.8})
    named = seen_twice(hunch, SAID, DEAL, Reading(), ("found now", "claims-term price differs"))
    assert named["likeliest objection-too-busy"] == 1.0
    assert named["chance by place 0"] == named["chance of objection-too-busy"] > named["chance by place 1"]
    assert {"found now", "phase test", "side customer"} <= named.keys()
    assert not {"chance of pickup-confirmed", "chance of subject price", "claims-term price differs"} & named.keys()


def first_and_second(domain: Domain) -> Weights:
    busy = [Example({1: 1.0}, frozenset({ANY, BUSY}))] * 6 + [Example({2: 1.0}, frozenset())] * 6
    return joined([learn(busy, (ANY, BUSY)), learn([*AGREEING, *AT_ODDS], (WORTH,))], domain)


def worth(domain: Domain) -> float:
    hunch = guess(SAID, (), DEAL, Reading(), weights=lambda: first_and_second(domain)).hunch
    assert hunch is not None
    assert hunch.worth is not None
    return hunch.worth


def test_it_sinks_where_the_talk_is_hardly_about_shipping() -> None:
    assert worth(Domain({}, 5.0)) > worth(Domain({}, FOREIGN_AT_FIRST)) > 0


def test_weights_without_a_second_look_give_none() -> None:
    first = joined([learn([Example({1: 1.0}, frozenset({ANY}))], (ANY,))], Domain({}, 5.0))
    hunch = guess(SAID, (), DEAL, Reading(), weights=lambda: first).hunch
    assert hunch is not None
    assert hunch.worth is None
