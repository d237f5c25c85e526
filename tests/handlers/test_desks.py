"""Whose day is worked out together: people with deals in common, everybody once, and never too many deals."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.clock.daily import Reader
from handlers.clock.desks import DEALS_TOGETHER, TOGETHER, Desk, shared_out


def desk(person: str, deals: frozenset[int]) -> Desk:
    """A representative with these deals."""
    return Desk(Reader(person), tuple((deal, "rep") for deal in sorted(deals)))


def worked_out(desks: list[Desk]) -> list[int]:
    """How many deals each part takes."""
    return [len({deal for one in some for deal, _ in one.deals}) for some in shared_out(desks)]


@given(st.lists(st.frozensets(st.integers(1, 40), max_size=8), max_size=80))
def test_everybody_is_asked_for_once(deals: list[frozenset[int]]) -> None:
    desks = [desk(f"U{number}", some) for number, some in enumerate(deals)]
    parts = list(shared_out(desks))
    assert sorted(one.reader.id for some in parts for one in some) == sorted(one.reader.id for one in desks)
    assert all(0 < len(some) <= TOGETHER for some in parts)


def test_a_team_is_worked_out_together_and_its_deals_once() -> None:
    teams, reps, each = 12, 9, 30
    of_reps = {
        (team, number): frozenset(range((team * reps + number) * each, (team * reps + number + 1) * each))
        for number in range(reps)
        for team in range(teams)
    }
    desks = [desk(f"UREP{team}-{number}", deals) for (team, number), deals in of_reps.items()]
    desks += [desk(f"ULEAD{team}", frozenset().union(*(of_reps[team, number] for number in range(reps)))) for team in range(teams)]
    parts = worked_out(desks)
    assert sum(parts) < 1.2 * teams * reps * each
    assert max(parts) <= DEALS_TOGETHER


def test_somebody_with_more_deals_than_that_is_asked_for_too() -> None:
    desks = [desk("UALL", frozenset(range(DEALS_TOGETHER + 1))), desk("UREP", frozenset({7}))]
    assert [[one.reader.id for one in some] for some in shared_out(desks)] == [["UALL"], ["UREP"]]
