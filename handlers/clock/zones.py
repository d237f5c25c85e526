"""Each person's own time: their Slack time zone, and until when they are not to be disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from handlers.findings.snooze import zone_named
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.people import user_of

AT_ONCE = 50
"""People of whom Slack tells at once whether they may be disturbed."""

MOST_ASKED = 80
"""People whose zone is asked for at one look: Slack grants a hundred such questions a minute, and others ask, too."""

LONGEST = timedelta(hours=12)
"""A message of the day waits no longer than this for the end of somebody's Do Not Disturb: it comes silently then."""


async def zones_of(house: House, people: Sequence[str]) -> tuple[dict[str, str], bool]:
    """The time zone of each person, as Slack has it, and whether all are known.

    Some are asked for at each look, as Slack's limits want it; the others get the house's until then.
    """
    found = {person: known for person in people if (known := house.zones.get(person)) is not None}
    missing = [person for person in people if person not in found]
    for person in missing[:MOST_ASKED]:
        try:
            user = await user_of(house, person)
        except UNANSWERED:
            break  # Slack is away or in no mood
        found[person] = house.zones.put(person, zone_named(user.zone, house.timezone).key)
    return found, len(found) == len(people)


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
