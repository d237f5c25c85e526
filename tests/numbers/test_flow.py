"""The pipeline as a flow: time in a stage, conversion, the bottleneck, and what comes in and goes out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.deal import Stage, Volume
from bot.deal import Test as Trial
from bot.playbook.numbers.facts import Entered, Facts
from bot.playbook.numbers.flow import Flow, Stop, flow
from tests.numbers.deals import START, deal, seen, ships

TODAY = date(2026, 8, 3)


def went(*stages: tuple[Stage, int], number: int = 1, per_day: int = 500, **more: Any) -> Facts:
    """A deal that came to each stage so many days before today."""
    entered = tuple(Entered(stage, TODAY - timedelta(days=ago)) for stage, ago in stages)
    there = deal(
        volume=Volume(committed_per_day=per_day), test=Trial(volume_per_day=30, starts=more.pop("starts", TODAY)), stage=stages[-1][0]
    )
    return seen(there, id=number, today=TODAY, stages=entered, **more)


def stop(there: Flow, stage: Stage) -> Stop:
    return next(one for one in there.stops if one.stage == stage)


def test_time_in_a_stage_is_of_spells_seen_from_beginning_to_end() -> None:
    there = flow(
        [
            went(("discovery", 100), ("rate-creation", 80), ("proposal", 70)),
            went(("rate-creation", 60), ("proposal", 20), number=2),  # nobody knows how long it had been there
            went(("discovery", 50), ("rate-creation", 40), ("discovery", 35), number=3),
        ],
        TODAY,
    )
    found = stop(there, "discovery")
    assert (found.moved_on, found.moved_back, found.timed, found.usual, found.waiting, found.age) == (2, 0, 2, 15, 1, 35)
    found = stop(there, "rate-creation")
    assert (found.moved_on, found.moved_back, found.timed, found.usual) == (2, 1, 2, 7.5)
    assert found.conversion == 2 / 3
    assert stop(there, "setup").usual is None
    assert stop(there, "setup").conversion is None


def test_the_bottleneck_is_where_most_volume_waits_too_long() -> None:
    usual = [went(("discovery", 200), ("rate-creation", 190), ("proposal", 180), ("setup", 160), number=n) for n in range(3)]
    many_small = [went(("discovery", 60), number=10 + n, per_day=60) for n in range(3)]
    one_large = went(("discovery", 100), ("rate-creation", 95), number=20, per_day=4000)
    there = flow([*usual, *many_small, one_large], TODAY)
    assert there.bottleneck == stop(there, "rate-creation")
    assert stop(there, "rate-creation").lost == (95 - 10) * 4000
    assert stop(there, "rate-creation").stuck == (20,)
    assert stop(there, "discovery").stuck == (10, 11, 12)
    assert stop(there, "discovery").conversion == 4 / 7
    assert flow(usual, TODAY).bottleneck is None, "nothing waits where it is known how long it usually takes"
    assert flow([], TODAY).bottleneck is None


def test_a_deal_that_never_launched_waits_no_more() -> None:
    dropped = went(("discovery", 200), ("setup", 150), starts=TODAY - timedelta(days=100))
    there = flow([dropped], TODAY)
    assert (stop(there, "setup").waiting, stop(there, "setup").dropped, stop(there, "setup").conversion) == (0, 1, 0)


def test_what_comes_in_and_goes_out_by_month() -> None:
    full = seen(actuals=ships((10, 150), (60, 500)), stages=(Entered("setup", date(2026, 2, 10)),), today=TODAY)
    dropped = went(("setup", 150), starts=date(2026, 4, 6), number=2)
    months = {one.month: (one.loaded, one.arrived, one.dropped) for one in flow([full, dropped], TODAY).months}
    assert list(months) == [f"2025-{month:02}" for month in range(9, 13)] + [f"2026-{month:02}" for month in range(1, 9)]
    assert {month: figures for month, figures in months.items() if any(figures)} == {
        "2026-02": (500, 0, 0),
        f"{START:%Y-%m}": (500, 500, 0),
        "2026-05": (0, 0, 500),
    }


def test_deals_that_were_imported_came_in_when_they_were_signed_or_began() -> None:
    imported = Entered("closed-won", date(2026, 7, 1))
    there = [
        seen(deal(signed=date(2026, 2, 20)), stages=(imported,)),
        seen(deal(), id=2, stages=(imported,)),
        seen(deal(test=Trial(volume_per_day=150, starts=date(2026, 9, 7))), id=3, stages=(imported,)),
        seen(deal(signed=date(2026, 7, 20)), id=4, stages=(Entered("discovery", date(2026, 1, 5)),)),
    ]
    months = {one.month: one.loaded for one in flow(there, TODAY).months}
    assert {month: loaded for month, loaded in months.items() if loaded} == {"2026-01": 500, "2026-02": 500, "2026-03": 500, "2026-07": 500}


def test_standard_deals_are_not_in_it() -> None:
    there = seen(deal(coverage="standard"), stages=(Entered("discovery", START),))
    assert all(one.waiting == 0 for one in flow([there], TODAY).stops)
