"""What would have come of findings: one direct message for a matter and business day, by the rules of the live bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.backtest.bell import Bell
from bot.backtest.hits import Hit
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.pace import BusinessDays
from tests.templates.samples import finding

ZONE = ZoneInfo("America/New_York")
BAIT = {"scenario": "volume-bait-and-switch", "said_per_day": (15.0, 15.0)}

STORIES = {
    "the first rings": [("2026-11-02T15:00", BAIT, "dm")],
    "the same day stays with it": [("2026-11-02T15:00", BAIT, "dm"), ("2026-11-02T18:00", {**BAIT, "said_per_day": (15, 16)}, "same-day")],
    "much less is news": [("2026-11-02T15:00", BAIT, "dm"), ("2026-11-02T18:00", {**BAIT, "said_per_day": (5.0, 5.0)}, "dm")],
    "the next day rings": [("2026-11-02T15:00", BAIT, "dm"), ("2026-11-03T15:00", BAIT, "dm")],
    "evening of the customer is still that day": [("2026-11-02T15:00", BAIT, "dm"), ("2026-11-03T02:00", BAIT, "same-day")],
    "a weekend is its Monday": [("2026-11-07T15:00", BAIT, "dm"), ("2026-11-09T15:00", BAIT, "same-day")],
    "another matter rings": [("2026-11-02T15:00", BAIT, "dm"), ("2026-11-02T16:00", {"scenario": "wait-and-see"}, "dm")],
    "another subject rings": [
        ("2026-11-02T15:00", {"scenario": "contradiction", "subject": "price"}, "dm"),
        ("2026-11-02T16:00", {"scenario": "contradiction", "subject": "billing"}, "dm"),
        ("2026-11-02T17:00", {"scenario": "contradiction", "subject": "price"}, "same-day"),
    ],
    "the unsure waits": [("2026-11-02T15:00", {**BAIT, "urgency": "digest"}, "digest"), ("2026-11-02T16:00", BAIT, "dm")],
    "a repetition is counted": [("2026-11-02T15:00", BAIT, "dm"), ("2026-11-03T15:00", {**BAIT, "suppressed": "repeat"}, "repeat")],
    "a sure repetition of what waited rings once": [
        ("2026-11-02T15:00", {**BAIT, "urgency": "digest"}, "digest"),
        ("2026-11-03T15:00", {**BAIT, "suppressed": "repeat"}, "dm"),
        ("2026-11-04T15:00", {**BAIT, "suppressed": "repeat"}, "repeat"),
    ],
    "what was settled holds nothing back": [
        ("2026-11-02T15:00", BAIT, "dm"),
        ("2026-11-02T16:00", {"scenario": "volume-confirmed", "urgency": "log", "said_per_day": (150.0, 150.0)}, "signal"),
        ("2026-11-02T17:00", BAIT, "dm"),
    ],
}  # fmt: skip


def hit(number: int, at: str, facts: dict[str, object]) -> Hit:
    """A hit of Acme's at a time (UTC)."""
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = replace(finding(str(facts["scenario"])), **{"sure": 0.95, "suppressed": None, "subject": None, **facts})
    return Hit(
        str(number), "Acme", "#acme", str(number), when, when.astimezone(ZONE).date(), "U1", "Dana", "customer", "…", found, "digest"
    )  # fmt: skip


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_comes_of_it(story: list[tuple[str, dict[str, object], str]]) -> None:
    bell = Bell(BusinessDays(ZONE, WorkingDays()))
    assert [bell.of(hit(number, at, facts)).came for number, (at, facts, _) in enumerate(story)] == [came for *_, came in story]


def test_when_it_was_settled_is_known_at_the_end() -> None:
    bell = Bell(BusinessDays(ZONE, WorkingDays()))
    first = bell.of(hit(1, "2026-11-02T15:00", BAIT))
    bell.of(hit(2, "2026-11-04T15:00", {"scenario": "volume-confirmed", "urgency": "log", "said_per_day": (150.0, 150.0)}))
    assert bell.settled(first).settled == datetime(2026, 11, 4, 15, tzinfo=UTC)
    assert bell.settled(hit(3, "2026-11-05T15:00", BAIT)).settled is None
