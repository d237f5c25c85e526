"""Ninety days of five deals: what goes out to whom on which day. A change here is a change of what people are interrupted with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.deal import Deal
from bot.playbook.clock.daily import Reader
from bot.playbook.clock.patience import Habits
from bot.playbook.clock.rehearsal import Scene, Sent, rehearse
from store.sources.deal_file import parse_deal
from store.sources.events_file import parse_events
from templates.call_brief import brief_message
from templates.daily import daily_message
from tests.live.block_kit import mistakes

SCENES = Path("tests/clock/scenes")
NAMES = ["smooth", "stalls", "silent", "seven-days", "away"]


def deal_of(name: str) -> Deal:
    found = parse_deal((SCENES / f"{name}.yml").read_text(encoding="utf-8"), name)
    assert found.deal is not None, found.mistakes
    return found.deal


def sent(name: str) -> Iterator[Sent]:
    """All messages of a scene, from the signature to day 90."""
    deal, events = deal_of(name), SCENES / f"{name}-events.yml"
    found = parse_events(events.read_text(encoding="utf-8") if events.exists() else "[]", name, deal)
    assert found.mistakes == ()
    first = deal.signed or deal.test.starts - timedelta(days=14)
    readers = tuple(
        (Reader(one.id, country=deal.country, state=deal.state), one.role) for one in deal.people if one.role in ("rep", "leadership")
    )
    scene = Scene(deal, found.beats, readers, found.down, first, Habits())
    return rehearse(scene, first, deal.test.starts + timedelta(days=89))


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_out(name: str) -> None:
    deal = deal_of(name)
    told = [f"{one.at:%Y-%m-%d} {deal.person(one.to).role}: {', '.join(one.kinds)}" for one in sent(name)]  # type: ignore[union-attr]
    assert told == (SCENES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_one_that_slack_takes_and_a_rep_bears(name: str) -> None:
    days: list[tuple[str, date]] = []
    for one in sent(name):
        made = daily_message(one.daily) if one.daily else brief_message(one.brief) if one.brief else None
        assert made is not None
        assert mistakes(made.blocks) == []
        if one.daily:
            days.append((one.to, one.daily.day))
            assert sum(line.item.rung > 0 or line.item.nudge == "ramp-check" for line in one.daily.deals[0].lines) <= 1
    assert len(days) == len(set(days)), "one a day"
    to_rep = [day for who, day in days if who == "U3"]
    assert len(to_rep) <= 25, "fewer than one in three business days, even where nobody ever answers"
