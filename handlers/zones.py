"""Each person's own time: their Slack time zone, and until when they are not to be disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from handlers.asking import UNANSWERED
from handlers.house import House
from handlers.people import user_of
from handlers.snooze import zone_named

AT_ONCE = 50
"""People of whom Slack tells at once whether they may be disturbed."""

LONGEST = timedelta(hours=12)
"""A message of the day waits no longer than this for the end of somebody's Do Not Disturb: it comes silently then."""


async def zones_of(house: House, people: Sequence[str]) -> dict[str, str]:
    """The time zone of each person, as Slack has it; those whom Slack does not tell of in time get the house's."""
    found: dict[str, str] = {}
    for person in people:
        try:
            user = await user_of(house, person)
        except UNANSWERED:
            break  # Slack is away or in no mood: the others are asked at the next look
        found[person] = zone_named(user.zone, house.timezone).key
    return found


async def quiet_until(house: House, people: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Until when each of those in Do Not Disturb is to be left alone (UTC); the others are not in the answer."""
    found: dict[str, datetime] = {}
    for first in range(0, len(people), AT_ONCE):
        some = list(people[first : first + AT_ONCE])
        try:
            answer = await house.slack.dnd_teamInfo(users=some)
        except UNANSWERED:
            continue
        for person, told in (answer.get("users") or {}).items():
            begins, ends = (_time(told.get(name)) for name in ("next_dnd_start_ts", "next_dnd_end_ts"))
            if told.get("dnd_enabled") and begins and ends and begins <= now < ends <= now + LONGEST:
                found[str(person)] = ends
    return found


def _time(stamp: object) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int | float) and stamp > 0 else None
