"""Volumes that an utterance may be about, and how one of them is chosen."""

from __future__ import annotations

from datetime import datetime
from math import exp, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.model.figure import chosen, figure_features
from bot.language.model.possible import AT_MOST, Possible, possible
from bot.language.quantities import find_quantities
from bot.language.rates import Range
from bot.language.read import perhaps_meant, read
from bot.language.statement import PERHAPS, Utterance, Vocabulary

DEAL = Vocabulary(test_per_day=150, committed_per_day=500, shipping_days_per_week=5, phase="before-test")
AT = datetime(2026, 3, 2, 9, 0)


def talk(text: str, *before: str) -> tuple[Utterance, tuple[Utterance, ...]]:
    earlier = tuple(Utterance(said, "own", "U3", AT, key=str(at)) for at, said in enumerate(before))
    return Utterance(text, "customer", "U1", AT, key="9"), earlier


def thought_of(text: str, *before: str) -> list[Possible]:
    said, earlier = talk(text, *before)
    return possible(said, earlier, DEAL, read(said, earlier, DEAL))


@pytest.mark.parametrize(
    ("text", "before", "daily", "way"),
    [
        ("let's begin with 40 a day", (), (40, 40), "proposes-volume"),
        ("same as last week, 95 packages", (), (95, 95), "as day"),
        ("we make it 350 for you", (), (70, 70), "as week"),
        ("thirty-one, since Monday", (), (310, 310), "times 10"),
        ("ok 120 small 30 big", (), (150, 150), "sum next"),
        ("it's 30 for you, or if the glue dries 35", (), (30, 35), "range next"),
        ("62, then 66, then 70", (), (66, 66), "mean all"),
        ("62, then 66, then 70", (), (62, 70), "range all"),
        ("wk 2 is different: 148, 155, 150", (), (151, 151), "mean alike"),
        ("wk 2 is different: 148, 155, 150", (), (148, 155), "range alike"),
        ("this week was four days, seven hundred and twelve", (), (178, 178), "over days"),
        ("Mon-Thu 480", (), (120, 120), "over days"),
        ("four hundred and eighty", ("I've Monday to Thursday",), (120, 120), "over days before"),
        ("three days, 80 small and 100 big", (), (60, 60), "all over days"),
        ("everything but the 200 of Leeds", (), (300, 300), "left of committed"),
        ("a third of the lot", (), (50, 50), "share of test"),
        ("a fifth stays with them", (), (400, 400), "rest of committed"),
        ("they stay where they are", (), (150, 150), "agreed test"),
        ("the whole of it, in March", (), (500, 500), "agreed committed"),
        ("that's fine by me", ("let's open with 40 a day",), (40, 40), "before 0 other"),
        ("six pallets", ("there are 20 on a pallet",), (120, 120), "before product"),
        ("and 30 from Reno", ("Dallas does 45",), (75, 75), "before sum"),
        ("then half of that", ("we planned 120 a day", "lovely"), (60, 60), "before share"),
        ("both, please", ("Reno does 45", "Dallas does 20"), (65, 65), "before sum 2"),
    ],
)
def test_a_volume_is_thought_of(text: str, before: tuple[str, ...], daily: Range, way: str) -> None:
    ways = {one.daily: one.ways for one in thought_of(text, *before)}
    assert way in ways[daily]


def test_a_volume_is_thought_of_once_by_all_its_ways() -> None:
    found = thought_of("150, as in the contract")
    assert len({one.daily for one in found}) == len(found)
    assert {"agreed test", "as day"} <= set(next(one for one in found if one.daily == (150, 150)).ways)


@pytest.mark.parametrize(
    ("text", "before", "daily"),
    [
        ("we will start with 60 packages a week", (), (60, 60)),
        ("30 packages a week", ("we will start with 15 a day",), (90, 90)),
        ("30 packages a week", ("we will start with 15 a day",), (45, 45)),
        ("20 a day, then 15 a day", (), (300, 300)),
    ],
)
def test_a_rate_is_taken_by_its_own_period_only(text: str, before: tuple[str, ...], daily: Range) -> None:
    assert daily not in {one.daily for one in thought_of(text, *before)}


def test_nothing_is_thought_of_without_the_deals_figures() -> None:
    said, before = talk("40 a day then")
    assert possible(said, before, Vocabulary(), read(said, before, Vocabulary())) == []


SAID = "40 1,500 2.5 half third 20% minus -3 $5 10:30 # 7. first pallets a day week and , ; - 1/2 twelve hundred 9999999 ok"
WORDS = st.sampled_from([*SAID.split(), "\n", "٣", "½"])
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)


@given(TEXTS, st.lists(TEXTS, max_size=5))
def test_what_is_thought_of_is_of_the_deals_size_and_lies_in_the_text(text: str, before: list[str]) -> None:
    said, earlier = talk(text, *before)
    reading = read(said, earlier, DEAL)
    found = possible(said, earlier, DEAL, reading)
    assert len(found) <= AT_MOST
    for one in found:
        low, high = one.daily
        assert 0 <= low <= 3 * 500
        assert 0.75 <= high <= 3 * 500
        assert all(part in reading.quantities or text[part.start : part.end] == part.span for part in one.parts)
    assert len(list(figure_features(said, earlier, DEAL, reading, found))) == len(found)
    latent = perhaps_meant(said, earlier, DEAL, reading, [one.quantity for one in found])
    assert all(statement.rule == PERHAPS for statement in latent)


@given(st.lists(st.floats(-50, 50), max_size=8), st.floats(-50, 50))
def test_chances_of_all_volumes_and_of_none_make_one(scores: list[float], none: float) -> None:
    chances = chosen(scores, none)
    assert sorted(range(len(scores)), key=lambda at: scores[at]) == sorted(range(len(scores)), key=lambda at: (chances[at], scores[at]))
    assert 0 <= sum(chances) <= 1 + 1e-9
    assert isclose(1 - sum(chances), chosen([none], _log_of_sum(scores))[0] if scores else 1.0, abs_tol=1e-9)


def _log_of_sum(scores: list[float]) -> float:
    return max(scores) + log(sum(exp(score - max(scores)) for score in scores))


def test_quantities_of_the_same_value_are_the_plainest_one() -> None:
    (only,) = [one for one in thought_of("40 a day") if one.daily == (40, 40)]
    assert only.quantity in find_quantities("40 a day")
