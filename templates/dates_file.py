"""Calendar files (.ics) with a deal's dates: whoever has imported one gets changes as updates of the same entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from bot.playbook.clock.milestones import Milestone

KINDS = ("test-completes", "criteria-review", "ramp-day", "review-30", "monthly-review", "quarterly-audit")
"""Milestones that go into people's calendars."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was last given out for a milestone: its day, and how often it has changed."""

    day: date
    sequence: int = 0


def entries(line: Sequence[Milestone], before: Mapping[str, Entry]) -> dict[str, Entry]:
    """Milestone key -> entry to give out now; one whose day has moved since `before` has the next sequence number."""
    now: dict[str, Entry] = {}
    for one in line:
        if one.kind not in KINDS or one.state == "missed":
            continue
        old = before.get(one.key)
        now[one.key] = Entry(one.due, 0 if old is None else old.sequence + (old.day != one.due))
    return now


def dates_file(deal_id: str, customer: str, line: Sequence[Milestone], given: Mapping[str, Entry], now: datetime) -> bytes:
    """An iCalendar file of the milestones in `given`, whole days; `now` (aware) is when it was made. The ids of entries never change."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jump-In//deal dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in line:
        entry = given.get(one.key)
        if entry is None:
            continue
        event = Event()
        event.add("uid", f"deal-{deal_id}-{one.key}@jump-in")
        event.add("sequence", entry.sequence)
        event.add("dtstamp", now)
        event.add("summary", f"{customer}: {one.title}")
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
