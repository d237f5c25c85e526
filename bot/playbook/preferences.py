"""What a person has chosen for themselves: when a direct message may come, which ones come at all, and how scripts sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from bot.playbook.finding import Finding

Threshold = Literal["sure", "surest", "digest"]
"""Which findings come as a direct message: all that are sure, only the surest, or none (they wait for the daily message)."""

Tone = Literal["plain", "warm", "direct"]
Length = Literal["long", "short"]

SETTINGS, ZONE, ONBOARDING = "settings", "zone", "onboarding"
"""Keys of what is kept for a person: their settings, their time zone as Slack had it last, and whether the first steps are over."""

SUREST = 0.95
"""From this certainty on a finding is one of the surest."""

NINE = time(9)
"""When the daily message comes where neither the person nor the installation says otherwise."""

WEEK = frozenset(range(5))
"""Monday to Friday."""

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_MINUTE = timedelta(minutes=1)
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which no direct message comes, on the person's own clock: from `begins` up to `ends`, perhaps over midnight."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether these hours are quiet at that time of day."""
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's choices; language, tone and length are None where the installation's hold. Weekdays count from 0, Monday."""

    quiet: Quiet | None = None
    urgent_wakes: bool = False
    days_off_quiet: bool = False
    business_days: frozenset[int] = WEEK
    digest_at: time = NINE
    threshold: Threshold = "sure"
    language: str | None = None
    tone: Tone | None = None
    length: Length | None = None
    zone: str = "UTC"

    def plain(self) -> dict[str, Any]:
        """The settings as plain data, as preferences_of() reads them; the time zone is kept beside them."""
        return {
            "quiet": [f"{self.quiet.begins:%H:%M}", f"{self.quiet.ends:%H:%M}"] if self.quiet else None,
            "urgent_wakes": self.urgent_wakes,
            "days_off_quiet": self.days_off_quiet,
            "business_days": sorted(self.business_days),
            "digest_at": f"{self.digest_at:%H:%M}",
            "threshold": self.threshold,
            "language": self.language,
            "tone": self.tone,
            "length": self.length,
        }


def preferences_of(chosen: Mapping[str, Any], otherwise: str = "UTC", digest: time = NINE) -> Preferences:
    """The preferences among all that is kept for a person, in their zone or else in that one; what makes no sense counts as not chosen.

    `digest`: when the daily message comes to those who have chosen no time for it.
    """
    given = chosen.get(SETTINGS)
    told: Mapping[str, Any] = given if isinstance(given, dict) else {}
    usual = Preferences()
    language = told.get("language")
    return Preferences(
        quiet=_quiet(told.get("quiet")),
        urgent_wakes=told.get("urgent_wakes") is True,
        days_off_quiet=told.get("days_off_quiet") is True,
        business_days=_days(told.get("business_days")),
        digest_at=clock(told.get("digest_at")) or digest,
        threshold=_one_of(told.get("threshold"), get_args(Threshold)) or usual.threshold,
        language=language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else None,
        tone=_one_of(told.get("tone"), get_args(Tone)),
        length=_one_of(told.get("length"), get_args(Length)),
        zone=zone_name(chosen.get(ZONE)) or zone_name(otherwise) or "UTC",
    )


def rings_at(chosen: Preferences, finding: Finding, now: datetime) -> datetime | None:
    """When a finding worth a direct message comes to this person; None where it is not to come as one."""
    if chosen.threshold == "digest" or (chosen.threshold == "surest" and finding.sure < SUREST):
        return None
    return now if chosen.urgent_wakes and finding.urgency == "now" else free_at(chosen, now)


def free_at(chosen: Preferences, now: datetime) -> datetime:
    """The first moment from `now` on (UTC) that is not quiet."""
    zone, at = ZoneInfo(chosen.zone), now
    for _ in range(30):  # a week off has an end, whatever hours are quiet on the days between
        if not _is_quiet(chosen, at, zone):
            return at
        at = _next_change(chosen, at, zone)
    return at


def clock(text: Any) -> time | None:
    """A time of day from "HH:MM"; None for anything else."""
    return time.fromisoformat(text) if isinstance(text, str) and _CLOCK.fullmatch(text) else None


def zone_name(name: Any) -> str | None:
    """The name of a time zone if it is one."""
    if not isinstance(name, str) or not name:
        return None
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
    return name


def _is_quiet(chosen: Preferences, at: datetime, zone: ZoneInfo) -> bool:
    there = at.astimezone(zone)
    if chosen.days_off_quiet and there.weekday() not in chosen.business_days:
        return True
    return chosen.quiet is not None and chosen.quiet.holds(there.time())


def _next_change(chosen: Preferences, at: datetime, zone: ZoneInfo) -> datetime:
    """The next end of quiet hours, or midnight after a day off, behind a moment that is quiet."""
    there = at.astimezone(zone)
    off = chosen.days_off_quiet and there.weekday() not in chosen.business_days
    ends = time(0) if off or chosen.quiet is None else chosen.quiet.ends
    day = there.date() + timedelta(days=0 if there.time() < ends else 1)
    for moment in (datetime.combine(day, ends, zone), datetime.combine(day, ends, zone).replace(fold=1)):
        found = moment.astimezone(UTC)
        if found > at:
            break
    else:
        found = at + _MINUTE
    # the clock may have leapt over that time: then it is over as soon as the clock has leapt
    while found - _MINUTE > at and not _is_quiet(chosen, found - _MINUTE, zone):
        found -= _MINUTE
    return found


def _quiet(told: Any) -> Quiet | None:
    if not isinstance(told, list) or len(told) != 2:
        return None
    begins, ends = clock(told[0]), clock(told[1])
    return Quiet(begins, ends) if begins is not None and ends is not None and begins != ends else None


def _days(told: Any) -> frozenset[int]:
    days = {day for day in told if type(day) is int and 0 <= day <= 6} if isinstance(told, list) else set()
    return frozenset(days) or WEEK


def _one_of(told: Any, options: tuple[_Choice, ...]) -> _Choice | None:
    return next((option for option in options if option == told), None)
