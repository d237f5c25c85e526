"""The daily message: when, for whom, what is worth an interruption, what waits, and what happens after downtime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.clock.calls import BEFORE, starts, to_brief
from bot.playbook.clock.daily import Daily, Mine, Reader, daily, hour_of, is_time, next_hour, refreshed
from bot.playbook.clock.due import DealDay, due
from bot.playbook.clock.history import Actuals, Happened, History, Mark, OpenFinding, Told
from bot.playbook.clock.items import Item
from bot.playbook.clock.patience import BY_NAME, NUDGES, Habits
from tests.clock.deals import PEOPLE, PICKUP, WEEK, at, day, deal, fed, nudges, on

RILEY = Reader("U3")
ZONES = ["America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Kolkata", "Pacific/Auckland", "America/Phoenix", "UTC"]


def message(number: int, history: History | None = None, *told: Told, reader: Reader = RILEY, habits: Habits | None = None) -> Daily | None:
    """Riley's message on the morning of a day of the test, 15:00 UTC."""
    return daily(reader, [Mine("1", "rep", day(number, history), told)], at(on(number)), habits)


def kinds(of: Daily | None) -> list[str]:
    """The nudges in a message."""
    return [line.item.nudge for deal_lines in of.deals for line in deal_lines.lines] if of else []


@pytest.mark.parametrize("zone", ZONES)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), st.integers(0, 23))
def test_every_business_day_has_its_hour_once_whatever_the_clocks_do(zone: str, after: datetime, hour: int) -> None:
    reader, habits = Reader("U3", zone), Habits(hour=hour)
    then = next_hour(reader, after, habits)
    there = then.astimezone(ZoneInfo(zone))
    assert then > after
    assert reader.days.works(there.date())
    assert there.hour == hour or (zone != "UTC" and hour in (1, 2, 3)), "an hour that the clocks skip is told by the next one"
    assert is_time(reader, then, habits)
    assert not is_time(replace(reader, last_asked=there.date()), then, habits)
    assert not is_time(reader, then - timedelta(minutes=1), habits) or is_time(reader, then - timedelta(hours=1), habits)
    following = next_hour(reader, then, habits)
    assert following.astimezone(ZoneInfo(zone)).date() > there.date()


def test_it_comes_at_nine_where_the_reader_is() -> None:
    assert [hour_of(Reader("U3", zone), date(2026, 3, 9), Habits()).hour for zone in ("America/New_York", "Europe/London")] == [13, 9]
    assert hour_of(RILEY, date(2026, 3, 6), Habits()).hour == 14, "before the change to summer time"


def test_nothing_to_say_no_message() -> None:
    assert day(-3).items == ()
    assert message(-3) is None


def test_no_message_on_weekends_holidays_or_before_the_hour() -> None:
    busy = History()
    assert nudges(day(7, busy)) != []
    assert message(7, busy) is None  # Sunday
    assert message(25, History(happened=(PICKUP,))) is None  # Thanksgiving
    assert message(2, busy) is not None
    assert daily(RILEY, [Mine("1", "rep", day(2, busy))], at(on(2), 13)) is None
    assert message(2, busy, reader=replace(RILEY, last_asked=on(2))) is None


def test_what_can_wait_comes_along_or_alone_after_its_days() -> None:
    week = History(happened=WEEK)
    assert set(nudges(day(8, week))) == {"mid-test", "confirmed-too"}
    assert message(8, week) is None, "the mid-test check waits on its day, and good news as long as it takes"
    assert kinds(message(11, week)) == ["mid-test", "test-completes", "confirmed-too"], "and comes with what cannot wait"
    framework = History(since=date(2026, 10, 1), marks=(Mark("account-manager", "done", date(2026, 10, 20)),))
    assert kinds(message(-11, framework)) == [], "Wednesday 21 October: it waits a day"
    assert kinds(message(-10, framework)) == ["framework", "welcome-call"]


def test_two_reminders_keep_their_distance_and_come_at_most_so_often() -> None:
    unseen = History()
    told = (Told("test-start", on(1), "U3"),)
    assert kinds(message(2, unseen, *told)) == ["test-start"]
    often = tuple(Told("test-start", on(number), "U3") for number in (1, 2, 3, 4))
    assert kinds(message(5, unseen, *often)) == []
    assert kinds(message(5, unseen, *(replace(one, to="U9") for one in often))) == ["test-start"], "what others were told does not count"


@pytest.mark.parametrize("nudge", [nudge for nudge in NUDGES if nudge.urgency == "can-wait"], ids=lambda nudge: nudge.name)
def test_whatever_can_wait_says_why(nudge: object) -> None:
    assert nudge.why  # type: ignore[attr-defined]
    assert nudge.rides > 0  # type: ignore[attr-defined]


def test_settings_of_a_team() -> None:
    assert message(2, History(), habits=Habits(off=frozenset({"test-start"}))) is None
    told = Told("test-start", on(1), "U3")
    assert message(2, History(), told, habits=Habits(gaps={"test-start": 3})) is None
    assert message(2, History(), habits=Habits(hour=12)) is None


def test_quarter_end_softens_what_leads_to_the_customer() -> None:
    starts = date(2026, 12, 14)
    ending = due(
        deal(test={"volume_per_day": 150, "starts": starts}), History(happened=(Happened("pickup", starts),)), None, at(date(2026, 12, 30))
    )
    assert ending.soft
    soft = {item.nudge: item.soft for item in ending.items}
    assert soft == {"criteria-review": False, "ramp-check": False}
    check = BY_NAME["ramp-step"]
    assert (Habits().gap(check, soft=True), Habits().gap(check, soft=False)) == (4, 2)


def test_after_three_days_down_one_message_with_what_is_overdue() -> None:
    back = message(5, History(), reader=replace(RILEY, last_asked=date(2026, 10, 30)))
    assert back is not None
    assert (back.away, len(back.deals), kinds(back)) == (4, 1, ["test-start"])
    assert back.deals[0].lines[0].item.late == 4
    assert message(5, History(), reader=replace(RILEY, last_asked=on(4))).away == 0  # type: ignore[union-attr]


def test_lateness_changes_the_tone_and_not_the_number() -> None:
    tones = {
        number: [(item.nudge, item.tone) for item in day(number, History()).items if item.nudge == "test-start"] for number in (1, 2, 4, 11)
    }
    assert tones == {1: [("test-start", 0)], 2: [("test-start", 1)], 4: [("test-start", 2)], 11: [("test-start", 3)]}


def test_a_message_is_brought_up_to_date_in_place() -> None:
    sent = message(2, History())
    assert sent is not None
    seen = refreshed(sent, {"1": day(2)})
    assert [line.done for line in seen.deals[0].lines] == [True]
    assert refreshed(sent, {"1": day(2, History())}).deals[0].lines == sent.deals[0].lines
    assert refreshed(sent, {}) == sent
    assert sent.told == (("1", Told("test-start", on(2), "U3")),)


def test_leadership_hears_of_the_third_round_and_of_workshops_only() -> None:
    of = day(31, History(happened=(PICKUP, Happened("short", on(16)), Happened("performance", on(13)))))
    morgan = Reader("U4")
    assert kinds(daily(morgan, [Mine("1", "leadership", of)], at(on(31)))) == ["leadership"]
    assert set(kinds(daily(RILEY, [Mine("1", "rep", of)], at(on(31))))) >= {"leadership", "review-30"}


def test_an_account_manager_stands_in_where_there_is_no_rep() -> None:
    people = [*(one for one in PEOPLE if one["role"] != "rep"), {"id": "U5", "name": "Ana", "role": "account-manager"}]
    ana = Reader("U5")
    alone = day(2, History(), of=deal(people=people))
    beside = day(2, History(), of=deal(people=[*PEOPLE, people[-1]]))
    assert kinds(daily(ana, [Mine("1", "account-manager", alone)], at(on(2)))) == ["test-start"]
    assert daily(ana, [Mine("1", "account-manager", beside)], at(on(2))) is None


def test_the_most_urgent_deal_comes_first() -> None:
    red = due(deal(customer="Zeta"), History(happened=(PICKUP,)), Actuals(fed(60, 1, 3)), at(on(4)))
    mines = [Mine("1", "rep", day(4, History())), Mine("2", "rep", red)]
    assert [one.id for one in daily(RILEY, mines, at(on(4))).deals] == ["2", "1"]  # type: ignore[union-attr]


def test_a_finding_kept_for_the_day_is_told_and_one_left_open_comes_again_with_others() -> None:
    waits = OpenFinding("9", "new-stakeholder", on(3), "procurement", waits=True)
    assert kinds(message(8, History(happened=WEEK, findings=(waits,)))) == ["mid-test", "heard", *["confirmed-too"] * 4]
    left = replace(waits, waits=False)
    assert message(8, History(happened=WEEK, findings=(left,))) is None
    assert "open-finding" in kinds(message(11, History(happened=WEEK, findings=(left,))))


def test_a_standard_deal_and_one_not_agreed_yet_are_left_alone() -> None:
    assert day(2, History(), of=deal(coverage="standard")).items == ()
    assert day(2, History(), of=deal(stage="proposal", signed=None)).items == ()
    assert nudges(day(2, History(), of=deal(stage="proposal"))) == ["test-start"], "signed is agreed"


def test_now_must_have_a_zone() -> None:
    with pytest.raises(ValueError, match="now has no time zone"):
        due(deal(), History(), None, datetime(2026, 11, 2, 9))


def test_calls_are_briefed_an_hour_before_and_followed_up_the_next_morning() -> None:
    of = deal(calls=[{"at": "2026-11-06T15:00", "title": "status"}], timezone="America/Chicago")
    [call] = of.calls
    begins = starts(call, of, "UTC")
    assert begins == datetime(2026, 11, 6, 21, tzinfo=UTC)
    assert [
        to_brief(of, begins + step, "UTC") != () for step in (-BEFORE - timedelta(minutes=1), -BEFORE, timedelta(minutes=-1), timedelta())
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert [nudges(day(number, of=of)).count("call-follow-up") for number in (5, 6, 8, 9, 10)] == [0, 0, 1, 1, 0]


def told_over_time(history: History, until: int) -> Iterator[tuple[date, Item]]:
    """Riley's items over the days of a deal, each told as the message says."""
    told: tuple[Told, ...] = ()
    for number in range(-20, until):
        of: DealDay = day(number, history)
        made = daily(RILEY, [Mine("1", "rep", of, told)], at(on(number)))
        if made:
            told += tuple(one for _, one in made.told)
            yield from ((made.day, line.item) for line in made.deals[0].lines)


@settings(max_examples=12)
@given(st.sets(st.integers(0, 20), max_size=6), st.booleans(), st.integers(16, 30))
def test_patience_holds_over_a_whole_deal(pickups: set[int], short: bool, when: int) -> None:
    events = [Happened("pickup", on(number)) for number in pickups] + [Happened("short" if short else "ramped", on(when))]
    seen: dict[str, list[date]] = {}
    for told_on, item in told_over_time(History(happened=tuple(events)), 100):
        before = seen.setdefault(item.told_as, [])
        nudge = BY_NAME[item.nudge]
        assert not before or RILEY.days.since(before[-1], told_on) >= nudge.gap
        before.append(told_on)
        assert nudge.most is None or len(before) <= nudge.most


def test_a_volume_under_the_agreement_is_not_told_beside_the_open_gap_that_told_it() -> None:
    low = Actuals(fed(90, 1, 3))
    told = [one.key for one in day(4, actuals=low).items]
    gap = OpenFinding("f1", "volume-gap", on(3), "Shipped: 90 on 3 Nov", rings=True)
    beside = [one.key for one in day(4, History(happened=(PICKUP,), findings=(gap,)), low).items]
    words = OpenFinding("f2", "objection-too-busy", on(3), "no time")
    assert "volume-low" in told
    assert "volume-low" not in beside
    assert "volume-low" in [one.key for one in day(4, History(happened=(PICKUP,), findings=(words,)), low).items]
