"""A scenario rests and rings again by its last twenty decisions, and never to and fro around one figure."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.usefulness import ABOVE, LAST, UNDER, Usefulness, rests

DECIDED = st.lists(st.booleans(), max_size=120)


@pytest.mark.parametrize(
    ("before", "useful", "decided", "after"),
    [
        (False, 12, 20, False),
        (False, 11, 20, True),
        (False, 0, 19, False),
        (True, 17, 20, True),
        (True, 18, 20, False),
        (True, 19, 19, True),
        (True, 12, 20, True),
        (False, 17, 20, False),
        (False, 0, 0, False),
    ],
)
def test_the_bars(before: bool, useful: int, decided: int, after: bool) -> None:
    assert rests(before, Usefulness(useful, decided)) is after


def states(decided: list[bool]) -> list[bool]:
    """Whether it rests after each decision."""
    found, now = [], False
    for end in range(1, len(decided) + 1):
        last = decided[max(0, end - LAST) : end]
        now = rests(now, Usefulness(sum(last), len(last)))
        found.append(now)
    return found


@given(DECIDED)
def test_it_changes_only_at_its_bars(decided: list[bool]) -> None:
    before = False
    for end, now in enumerate(states(decided), start=1):
        share = sum(decided[max(0, end - LAST) : end]) * 100 / LAST
        if now != before:
            assert end >= LAST
            assert share < UNDER if now else share > ABOVE
        before = now


@given(DECIDED)
def test_between_two_changes_lie_at_least_seven_decisions(decided: list[bool]) -> None:
    found = [False, *states(decided)]
    changes = [number for number in range(1, len(found)) if found[number] != found[number - 1]]
    assert all(later - earlier >= 7 for earlier, later in pairwise(changes))


@given(st.integers(0, LAST), st.integers(0, LAST), st.booleans())
def test_more_use_never_makes_it_rest(one: int, other: int, before: bool) -> None:
    less, more = sorted((one, other))
    if rests(before, Usefulness(more, LAST)):
        assert rests(before, Usefulness(less, LAST))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_share_is_never_shown_above_what_it_is(one: int, other: int) -> None:
    useful, decided = sorted((one, other))
    share = Usefulness(useful, decided).percent
    assert 0 <= share <= 100
    assert share * decided <= useful * 100
