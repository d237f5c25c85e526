"""Each person's own time: their Slack time zone, and until when they are not to be disturbed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from handlers.findings.snooze import zone_named
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.people import user_of

AT_ONCE = 50
"""People of whom Slack tells at once whether they may be disturbed."""

MOST_ASKED = 80
"""People whose zone is asked for one by one at a look: Slack grants a hundred such questions a minute, and others ask, too."""

MANY = 2 * MOST_ASKED
"""So many, and the whole workspace is looked through instead, page after page."""

PAGE = 500
"""People on a page."""

PAGES_AT_ONCE = 15
"""Pages read without a pause; Slack grants twenty a minute."""

PAGE_PAUSE = 3.0
"""Seconds between further pages."""

FAILURES = 5
"""So many questions unanswered, and the others are asked at the next look."""

LONGEST = timedelta(hours=12)
"""A message of the day waits no longer than this for the end of somebody's Do Not Disturb: it comes silently then."""


async def zones_of(house: House, people: Sequence[str]) -> dict[str, str]:
    """The time zone of each person, as Slack has it; whoever is not in the answer must wait, so that nobody is told by a wrong clock.

    It is remembered, so that a small team is known at the first look, and a large one after some pages.
    """
    missing = [person for person in people if house.zones.get(person) is None]
    if len(missing) > MANY:
        await _look_through(house, set(missing))
        missing = [person for person in missing if house.zones.get(person) is None]
    failures = 0
    for person in missing[:MOST_ASKED]:
        try:
            user = await user_of(house, person)
        except UNANSWERED:
            failures += 1
            if failures == FAILURES:
                break  # Slack is away or in no mood
        else:
            house.zones.put(person, zone_named(user.zone, house.timezone).key)
    return {person: zone for person in people if (zone := house.zones.get(person)) is not None}


async def _look_through(house: House, missing: set[str]) -> None:
    """Note the zones of these people, page by page, until all are found or Slack answers no more."""
    cursor = ""
    for page in itertools.count():
        if page >= PAGES_AT_ONCE:
            await asyncio.sleep(PAGE_PAUSE)
        try:
            answer = await house.slack.users_list(limit=PAGE, cursor=cursor)
        except UNANSWERED:
            return
        for user in answer.get("members") or ():
            if user.get("id") in missing and user.get("tz"):
                house.zones.put(str(user["id"]), zone_named(str(user["tz"]), house.timezone).key)
                missing.discard(user["id"])
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not (missing and cursor):
            return


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
