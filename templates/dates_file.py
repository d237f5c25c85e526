"""Calendar files (.ics) with a deal's dates: whoever has imported one gets changes as updates of the same entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from bot.playbook.clock.kinds import BY_KEY
from bot.playbook.clock.milestones import Milestone

KINDS = ("test-completes", "criteria-review", "ramp-day", "review-30", "monthly-review", "quarterly-audit")
"""Milestones that go into people's calendars."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was last given out for a milestone: its day, how often it has changed, and whether it was taken back."""

    day: date
    sequence: int = 0
    cancelled: bool = False


def entries(line: Sequence[Milestone], before: Mapping[str, Entry], today: date) -> dict[str, Entry]:
    """Milestone key -> entry to give out now; one whose day has moved since `before` has the next sequence number.

    What was given out for a day to come and is no milestone any more is taken back, so that it leaves people's calendars.
    """
    now: dict[str, Entry] = {}
    for one in line:
        if one.kind not in KINDS or one.state == "missed":
            continue
        old = before.get(one.key)
        now[one.key] = Entry(one.due, 0 if old is None else old.sequence + (old.cancelled or old.day != one.due))
    there = {one.key for one in line}
    for key, old in before.items():
        if key not in there and (old.cancelled or old.day >= today):
            now[key] = old if old.cancelled else Entry(old.day, old.sequence + 1, cancelled=True)
    return now


def dates_file(deal_id: str, customer: str, line: Sequence[Milestone], given: Mapping[str, Entry], now: datetime) -> bytes:
    """An iCalendar file of the milestones in `given`, whole days; `now` (aware) is when it was made. The ids of entries never change."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jump-In//deal dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    titles = {one.key: one.title for one in line}
    for key, entry in given.items():
        event = Event()
        event.add("uid", f"deal-{deal_id}-{key}@jump-in")
        event.add("sequence", entry.sequence)
        event.add("dtstamp", now)
        event.add("summary", f"{customer}: {titles.get(key) or _title(key)}")
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _title(key: str) -> str:
    """Of a milestone that is gone: the title of its kind."""
    kind = BY_KEY.get(key) or BY_KEY.get(key.rpartition("-")[0])
    return kind.title if kind else key
