"""A person's choices: when a direct message may come, on any clock of the world; and defaults for whatever makes no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.preferences import Preferences, Quiet, free_at, preferences_of, rings_at
from tests.templates.samples import finding

NIGHT = Quiet(time(22), time(7))
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"]
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["22:00", "surest", "es", "UTC"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
SOME = st.builds(
    Preferences,
    quiet=st.none() | st.builds(Quiet, CLOCKS, CLOCKS).filter(lambda quiet: quiet.begins != quiet.ends),
    days_off_quiet=st.booleans(),
    business_days=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(ZONES),
)
# nights on which clocks change lie close together in these years
MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))


def quiet_at(chosen: Preferences, at: datetime) -> bool:
    """Told anew, from the clock on the wall."""
    there = at.astimezone(ZoneInfo(chosen.zone))
    if chosen.days_off_quiet and there.weekday() not in chosen.business_days:
        return True
    if chosen.quiet is None:
        return False
    begins, ends, now = chosen.quiet.begins, chosen.quiet.ends, there.time()
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def local(zone: str, *at: int, fold: int = 0) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


@given(chosen=SOME, now=MOMENTS)
def test_a_message_comes_at_the_first_moment_that_is_not_quiet(chosen: Preferences, now: datetime) -> None:
    free = free_at(chosen, now)
    assert now <= free <= now + timedelta(days=9)
    assert not quiet_at(chosen, free)
    assert free_at(chosen, free) == free
    if free == now:
        return
    assert quiet_at(chosen, now)
    assert quiet_at(chosen, free - timedelta(minutes=1))


@given(chosen=SOME, day=st.dates(date(2024, 1, 1), date(2027, 12, 31)), minutes=st.integers(0, 1500))
def test_no_moment_between_was_free(chosen: Preferences, day: date, minutes: int) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    free = free_at(chosen, now)
    steps = int((free - now).total_seconds() // 600)
    assert all(quiet_at(chosen, now + timedelta(minutes=10 * step)) for step in range(steps))


@pytest.mark.parametrize(
    ("zone", "now", "free"),
    [
        ("America/New_York", (2026, 11, 4, 23, 30), (2026, 11, 5, 7, 0)),
        ("America/New_York", (2026, 11, 5, 6, 59), (2026, 11, 5, 7, 0)),
        ("America/New_York", (2026, 11, 5, 7, 0), (2026, 11, 5, 7, 0)),
        ("America/New_York", (2026, 10, 31, 23, 0), (2026, 11, 1, 7, 0)),  # clocks go back in this night
        ("America/New_York", (2027, 3, 13, 23, 0), (2027, 3, 14, 7, 0)),  # and forward in this one
        ("Asia/Kolkata", (2026, 11, 4, 22, 0), (2026, 11, 5, 7, 0)),
    ],
)
def test_a_night_ends_in_the_morning_of_ones_own_clock(zone: str, now: tuple[int, ...], free: tuple[int, ...]) -> None:
    assert free_at(Preferences(quiet=NIGHT, zone=zone), local(zone, *now)) == local(zone, *free)


def test_an_end_that_the_clock_leaps_over_is_when_it_leaps() -> None:
    zone = "America/New_York"
    chosen = Preferences(quiet=Quiet(time(22), time(2, 30)), zone=zone)
    assert free_at(chosen, local(zone, 2027, 3, 14, 1, 0)) == local(zone, 2027, 3, 14, 3, 0)


def test_days_off_are_quiet_where_that_is_chosen() -> None:
    zone = "America/New_York"
    chosen = Preferences(quiet=NIGHT, days_off_quiet=True, zone=zone)
    friday_night, saturday = local(zone, 2026, 11, 6, 23, 0), local(zone, 2026, 11, 7, 12, 0)
    assert free_at(chosen, friday_night) == free_at(chosen, saturday) == local(zone, 2026, 11, 9, 7, 0)
    assert free_at(Preferences(quiet=NIGHT, zone=zone), saturday) == saturday
    sundays = Preferences(days_off_quiet=True, business_days=frozenset({6}), zone=zone)
    assert free_at(sundays, friday_night) == local(zone, 2026, 11, 8, 0, 0)


def test_what_rings_and_when() -> None:
    night = local("America/New_York", 2026, 11, 4, 23, 0)
    sure, surest = finding("wait-and-see", sure=0.94), finding("wait-and-see", sure=0.95)
    usual = Preferences(quiet=NIGHT, zone="America/New_York")
    assert rings_at(usual, sure, night) == local("America/New_York", 2026, 11, 5, 7, 0)
    assert rings_at(Preferences(), sure, night) == night
    woken = Preferences(quiet=NIGHT, urgent_wakes=True, zone="America/New_York")
    assert rings_at(woken, sure, night) == night
    picky = Preferences(threshold="surest")
    assert rings_at(picky, sure, night) is None
    assert rings_at(picky, surest, night) == night
    assert rings_at(Preferences(threshold="digest", urgent_wakes=True), surest, night) is None


@given(chosen=st.dictionaries(st.sampled_from(["settings", "zone", "onboarding"]), ANYTHING), otherwise=st.text(max_size=20))
def test_whatever_is_kept_gives_preferences_that_can_be_used(chosen: dict[str, Any], otherwise: str) -> None:
    made = preferences_of(chosen, otherwise)
    assert made.business_days
    free_at(made, datetime(2026, 11, 4, 23, 0, tzinfo=UTC))


@given(parts=st.dictionaries(st.sampled_from(sorted(Preferences().plain())), ANYTHING))
def test_wrong_parts_do_not_spoil_the_others(parts: dict[str, Any]) -> None:
    right = Preferences(quiet=NIGHT, threshold="surest", language="es", tone="warm", length="short", digest_at=time(9)).plain()
    made = preferences_of({"settings": right | parts}).plain()
    assert all(made[name] == value for name, value in right.items() if name not in parts)


@given(chosen=SOME)
def test_what_is_kept_reads_back_the_same(chosen: Preferences) -> None:
    assert preferences_of({"settings": chosen.plain(), "zone": chosen.zone}) == chosen


def test_nothing_chosen_changes_nothing() -> None:
    assert preferences_of({}) == Preferences()
    assert preferences_of({"zone": "Mars/Base"}, "Europe/Berlin").zone == "Europe/Berlin"
    assert preferences_of({"settings": {"quiet": ["22:00", "22:00"], "business_days": [True, "1"]}}) == Preferences()
