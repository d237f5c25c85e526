"""The metrics of single deals: what counts, what is left out and why; and that no data never becomes a nought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Amendment, Volume
from bot.deal import Test as Trial
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actual, Actuals, Happened, History, Mark
from bot.playbook.clock.survey import Survey
from bot.playbook.numbers.achieved import achieved, months, times
from bot.playbook.numbers.facts import Beside, Facts
from bot.playbook.numbers.lives import Life
from bot.playbook.numbers.metrics import Feed, Metric, feed_of, groups, metrics
from bot.playbook.numbers.shipped import Daily, shipped
from tests.numbers.deals import START, deal, seen, ships

FEED = Feed(date(2025, 1, 1), date(2026, 12, 31))
AS_AGREED = ships((10, 150), (60, 500))


def all_of(*there: Facts, feed: Feed | None = FEED) -> dict[str, Metric]:
    return {one.key: one for one in metrics(there, feed)}


def test_nothing_is_known_of_nothing() -> None:
    for one in metrics((), None):
        assert (one.value, one.on_target, one.counted) == (None, None, ())


def test_a_deal_as_agreed() -> None:
    there = all_of(seen(actuals=AS_AGREED))
    assert there["conversion"].value == 1
    assert there["conversion"].on_target is True
    # the week's rate of 500 is 450 and more from Friday of the first ramp week on: Monday to Friday at 500
    assert there["time-to-full"].value == there["time-to-full"].middle == (date(2026, 3, 20) - START).days
    assert there["variance-90"].value == 0
    assert there["variance-90"].on_target is True
    assert there["drop-rate"].value == 0


@pytest.mark.parametrize(
    ("key", "facts", "why"),
    [
        ("conversion", seen(), "not-launched"),
        ("conversion", seen(history=History(happened=(Happened("pickup", START),))), "no-data"),
        ("conversion", seen(actuals=ships((5, 150)), today=date(2026, 3, 10)), "test-runs"),
        ("conversion", seen(actuals=ships((20, 150)), today=date(2026, 4, 15)), "too-early"),
        ("conversion", seen(actuals=ships((9, 150))), "no-data"),
        (
            "conversion",
            seen(actuals=ships((60, 150)), history=History(marks=(Mark("criteria-review", "postponed", date(2026, 6, 1)),))),
            "review-open",
        ),
        ("conversion", seen(deal(coverage="standard"), AS_AGREED), "standard"),
        ("time-to-full", seen(actuals=ships((60, 150))), "too-early"),
        ("variance-30", seen(deal(test=Trial(volume_per_day=150, starts=START, weeks=6)), AS_AGREED), "ramp-ahead"),
        ("variance-90", seen(actuals=ships((40, 500))), "no-data"),
        ("variance-90", seen(actuals=AS_AGREED, today=START + timedelta(days=89)), "too-early"),
        ("drop-rate", seen(today=date(2026, 4, 1)), "not-due"),
        ("drop-rate", seen(history=History(marks=(Mark("test-start", "postponed", date(2026, 7, 20)),))), "not-due"),
    ],
)
def test_what_is_left_out_says_why(key: str, facts: Facts, why: str) -> None:
    there = all_of(facts)[key]
    assert there.left_out == ((1, why),)
    assert there.value is None, "no data is not nought"


def test_a_deal_that_never_launched_counts_only_where_there_is_a_feed() -> None:
    assert all_of(seen())["drop-rate"].value == 1
    for feed in (None, Feed(START + timedelta(days=1), FEED.last), Feed(FEED.first, START + timedelta(days=29))):
        there = all_of(seen(), feed=feed)["drop-rate"]
        assert (there.value, there.left_out) == (None, ((1, "no-data"),))
    assert feed_of([seen()]) is None
    assert feed_of([seen(actuals=AS_AGREED), seen()]) == Feed(START, date(2026, 6, 8))


def test_a_stuck_test_did_not_convert() -> None:
    there = all_of(seen(actuals=ships((100, 150))), seen(actuals=AS_AGREED, id=2))
    assert (there["conversion"].value, there["conversion"].hits, there["conversion"].on_target) == (0.5, (2,), False)
    assert there["variance-90"].value == pytest.approx(350 / 1000)
    assert there["variance-90"].net == pytest.approx(-350 / 1000)
    over = all_of(seen(actuals=ships((100, 650))), seen(actuals=ships((100, 350)), id=2))["variance-90"]
    assert over.value == pytest.approx(0.3), "one deal's plus does not hide another's minus"
    assert over.net == pytest.approx(0)


def test_what_is_agreed_anew_is_what_counts_from_its_day() -> None:
    less = Amendment(term="volume.committed_per_day", old=500, new=200, effective=date(2026, 5, 4), ours="Riley", theirs="Dana")
    there = deal(volume=Volume(committed_per_day=200), amendments=(less,))
    found = seen(there, ships((10, 150), (60, 200)))
    assert found.full == date(2026, 5, 4)
    assert found.beside[30] == Beside(200, 500)
    assert found.beside[90] == Beside(200, 200)


def test_what_is_agreed_for_later_does_not_count_yet() -> None:
    less = Amendment(term="volume.committed_per_day", old=500, new=200, effective=date(2026, 9, 1), ours="Riley", theirs="Dana")
    there = deal(volume=Volume(committed_per_day=200), amendments=(less,))
    before, after = seen(there, today=date(2026, 8, 31)), seen(there, today=date(2026, 9, 1))
    assert (before.committed, before.ramp_level, before.size) == (500, 500, "500 to 1,999 a day")
    assert (after.committed, after.ramp_level, after.size) == (200, 200, "100 to 499 a day")


def test_groups() -> None:
    small = seen(deal(trade="books", volume=Volume(committed_per_day=80), test=Trial(volume_per_day=30, starts=START)), id=2)
    there = [seen(actuals=AS_AGREED), small, seen(deal(people=(deal().people[1],)), id=3)]
    assert [(one.name, one.deals) for one in groups(there, FEED, "size")] == [("under 100 a day", 1), ("500 to 1,999 a day", 2)]
    assert [(one.name, one.deals) for one in groups(there, FEED, "trade")] == [("", 2), ("books", 1)]
    assert [(one.name, one.deals) for one in groups(there, FEED, "rep")] == [("Riley Chen", 2), ("", 1)]
    assert [one.name for one in groups(there, FEED, "quarter")] == ["2026 Q1"]


def life(number: int, day: date, **more: object) -> Life:
    said = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    facts: dict[str, object] = {"told_at": said + timedelta(seconds=2), "answered_at": said + timedelta(seconds=602), "used": True}
    facts |= {"useful": True, "said": 200.0, "agreed": 500.0}
    return Life(number, "volume-gap", said, day, **(facts | more))  # type: ignore[arg-type]


def test_volume_that_comes_right_after_a_used_finding() -> None:
    low = ships((10, 150), (10, 200), (40, 490))  # 490 from 30 March on; over the week's 450 on Thursday 2 April
    lives = (
        life(1, date(2026, 3, 25)),
        life(2, date(2026, 3, 26)),  # the same days: the packages are counted once
        life(3, date(2026, 3, 17)),  # not within 14 days
        life(4, date(2026, 3, 25), used=False, useful=False),
        life(5, date(2026, 7, 28), said=None, agreed=None),
    )
    found = achieved([seen(actuals=low, lives=lives)])
    assert (found.raised, found.told, found.used, found.right, found.judged) == (5, 5, 4, 2, 3)
    assert (found.recovered, found.sized) == (490 - 200, 2)
    assert found.verdicts == {"corrected": 2, "not-corrected": 1, "waiting": 1}
    assert [(one.scenario, one.decided, one.useful, one.precision) for one in found.scenarios] == [("volume-gap", 5, 4, 0.8)]
    assert found.to_dm is not None
    assert (found.to_dm.middle, found.to_dm.nine_of_ten) == (2, 2)
    assert found.to_answer is not None
    assert found.to_answer.middle == 600
    assert achieved([seen(actuals=low, lives=lives)], since=date(2026, 7, 1)).raised == 1


def test_talk_of_the_ramp_in_the_test_is_put_right_by_the_ramp() -> None:
    early = life(1, date(2026, 3, 3), said=150.0)
    [made] = seen(actuals=AS_AGREED, lives=(early,)).corrections
    assert (made.verdict, made.recovered) == ("corrected", 350)
    [silent] = seen(actuals=ships((5, 150)), lives=(early,)).corrections
    assert (silent.verdict, silent.recovered) == ("no-data", None)


def test_surveys_by_month() -> None:
    answers = (Survey("nps", 10, date(2026, 6, 1)), Survey("nps", 6, date(2026, 6, 30)), Survey("nps", 8, date(2026, 7, 1)))
    there = [seen(surveys=answers), seen(surveys=(Survey("survey", 4, date(2026, 6, 2)), Survey("survey", 5, date(2026, 6, 2))))]
    assert [(one.month, one.answers, one.score) for one in months(there, "nps")] == [("2026-06", 2, 0), ("2026-07", 1, 0)]
    assert [(one.month, one.score) for one in months(there, "survey")] == [("2026-06", 4.5)]
    assert months([seen()], "nps") == ()


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_times_are_those_of_some_case(seconds: list[float]) -> None:
    found = times(seconds)
    assert found is not None
    assert min(seconds) <= found.middle <= found.nine_of_ten <= max(seconds)
    assert sum(one <= found.nine_of_ten for one in seconds) >= 0.9 * len(seconds)


@given(
    st.dictionaries(st.integers(0, 60), st.integers(0, 900), max_size=50),
    st.integers(-5, 70),
    st.integers(-5, 70),
    st.floats(1, 900),
)
def test_a_rate_is_the_weeks_packages_by_its_shipping_days(days: dict[int, int], at: int, since: int, level: float) -> None:
    since = min(at, since)
    actuals = Actuals(tuple(Actual(START + timedelta(days=ahead), packages) for ahead, packages in days.items()))
    today, works = START + timedelta(days=45), WorkingDays().works
    known = {ahead: packages for ahead, packages in days.items() if ahead < 45}
    there = shipped(WorkingDays(), Daily.of(actuals), today)

    def rate(last: int, first: int = -99) -> float | None:
        week = [ahead for ahead in known if max(first, last - 6) <= ahead <= last]
        shipping = [ahead for ahead in week if works(START + timedelta(days=ahead))]
        return sum(known[ahead] for ahead in week) / len(shipping) if len(shipping) >= 3 else None

    found = there.rate((START + timedelta(days=at)).toordinal())
    assert found == (pytest.approx(wanted) if (wanted := rate(at)) is not None else None)
    rates = {ahead: week for ahead in known if ahead >= at and (week := rate(ahead, since)) is not None}
    first = min((ahead for ahead, week in rates.items() if week >= level), default=None)
    begin = START.toordinal()
    got = there.first_at(level, begin + at, date.max.toordinal(), begin + since)
    assert (None if got is None else got[0] - begin) == first
