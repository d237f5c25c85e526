"""The metrics over a realistic portfolio, beside the same numbers by SQL on raw rows: another calendar, another way of counting."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import holidays
import pytest

from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.numbers.metrics import Metric, feed_of, metrics
from tests.bench.portfolio import TODAY, Made, portfolio

TABLES = """
create table deals (id int primary key, committed int, starts int, test_days int, pause int, standard int, postponed int, per_week int);
create table pickups (deal int, day int);
create table actuals (deal int, day int, packages int, primary key (deal, day));
create table works (per_week int, day int, primary key (per_week, day));

create view fed as select * from actuals where day < (select day from today);
create view started as
  select deals.id as deal, min(seen.day) as day from deals join (
    select deal, day from pickups union all select deal, day from fed where packages > 0
  ) seen on seen.deal = deals.id and seen.day >= deals.starts - 21 and seen.day <= (select day from today)
  group by deals.id;
create view ramps as
  select started.deal, (select min(day) from works where per_week = deals.per_week and day >= started.day + test_days + pause) as day
  from started join deals on deals.id = started.deal;
create view counted as
  select fed.deal, fed.day, fed.packages, works.day is not null or (
    packages > 0 and (fed.day + 6) % 7 < deals.per_week and packages * 2 >= coalesce((
      select before.packages from fed before join works on works.per_week = deals.per_week and works.day = before.day
      where before.deal = fed.deal and before.day < fed.day order by before.day desc limit 1), 0)) as working
  from fed join deals on deals.id = fed.deal left join works on works.per_week = deals.per_week and works.day = fed.day;
create view weeks as
  select counted.deal, counted.day, sum(packages) over week as packages, sum(working) over week as days
  from counted join started on started.deal = counted.deal and counted.day >= started.day
  window week as (partition by counted.deal order by counted.day range between 6 preceding and current row);
create view full as
  select weeks.deal, min(day) as day from weeks join deals on deals.id = weeks.deal
  where days >= 3 and 1.0 * packages / days >= committed * 0.9 group by weeks.deal;
create view at_days as
  select started.deal, number.n, started.day + n - 1 as day, committed,
    (select 1.0 * sum(packages) / sum(working) from counted
     where counted.deal = started.deal and counted.day between started.day + n - 7 and started.day + n - 1
     having sum(working) >= 3) as actual
  from started join (select 30 as n union select 60 union select 90) number
  join deals on deals.id = started.deal and not standard join ramps on ramps.deal = started.deal
  where started.day + n - 1 < (select day from today) and started.day + n - 1 >= ramps.day;
"""

CONVERSION = """
select count(full.day), count(*) from deals join started on started.deal = deals.id join ramps on ramps.deal = deals.id
left join full on full.deal = deals.id
where not standard and exists (select 1 from fed where fed.deal = deals.id) and (full.day is not null or (
  not postponed and (select day from today) > ramps.day + 30 and (select max(day) from fed where fed.deal = deals.id) >= ramps.day))
"""
TIME = """
select sum(full.day - started.day), count(*) from full join started on started.deal = full.deal join deals on deals.id = full.deal
where not standard
"""
VARIANCE = "select sum(abs(actual - committed)), sum(committed), sum(actual) from at_days where n = ? and actual is not null"
DROPS = """
select sum(started.day is null), count(*) from deals left join started on started.deal = deals.id
where not standard and (started.day is not null or (
  (select day from today) > (select min(day) from works where works.per_week = deals.per_week and day >= starts) + 30
  and (select min(day) from fed) <= starts and (select max(day) from fed) >= starts + 30))
"""


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return portfolio()


@pytest.fixture(scope="module")
def figures(made: list[Made]) -> list[Facts]:
    return [facts(one.source) for one in made]


@pytest.fixture(scope="module")
def db(made: list[Made]) -> Iterator[sqlite3.Connection]:
    there = sqlite3.connect(":memory:")
    there.execute("create table today (day int)")
    there.execute("insert into today values (?)", (TODAY.toordinal(),))
    there.executescript(TABLES)
    first, off = TODAY - timedelta(days=900), holidays.country_holidays("US", years=range(2023, 2029))
    for one in made:
        source, deal = one.source, one.source.deal
        postponed = any(mark.state == "postponed" for mark in source.history.marks)
        terms = (deal.ramp_per_day, deal.test.starts.toordinal(), deal.test.weeks * 7, deal.ramp.days_after_test)
        week = deal.volume.shipping_days_per_week
        there.execute("insert into deals values (?,?,?,?,?,?,?,?)", (source.id, *terms, deal.coverage == "standard", postponed, week))
        pickups = [(source.id, event.day.toordinal()) for event in source.history.happened if event.kind == "pickup"]
        there.executemany("insert into pickups values (?,?)", pickups)
        days = source.actuals.days if source.actuals else ()
        there.executemany("insert into actuals values (?,?,?)", [(source.id, day.day.toordinal(), day.packages) for day in days])
    for ahead in range(1400):
        day = first + timedelta(days=ahead)
        weeks = [] if day in off else [week for week in (5, 6) if day.weekday() < week]
        there.executemany("insert into works values (?,?)", [(week, day.toordinal()) for week in weeks])
    yield there
    there.close()


def counted(figures: list[Facts]) -> dict[str, Metric]:
    return {one.key: one for one in metrics(figures, feed_of(figures))}


def row(db: sqlite3.Connection, query: str, *more: Any) -> tuple[float, ...]:
    return tuple(db.execute(query, more).fetchone())


def test_the_portfolio_has_what_real_life_has(made: list[Made], figures: list[Facts]) -> None:
    assert len({one.course for one in made}) == 8
    assert sum(len(one.there.days) for one in figures) > 40_000
    assert any(one.corrected for one in made)
    assert {day.day.weekday() for one in made for day in (one.source.actuals.days if one.source.actuals else ())} == set(range(7))
    assert portfolio(12) == portfolio(12), "the same seed, the same portfolio"
    assert portfolio(12, seed=8) != portfolio(12)


def test_conversion(db: sqlite3.Connection, figures: list[Facts]) -> None:
    there = counted(figures)["conversion"]
    assert (there.numerator, there.denominator) == row(db, CONVERSION)
    assert there.denominator > 100


def test_time_to_full_volume(db: sqlite3.Connection, figures: list[Facts]) -> None:
    there = counted(figures)["time-to-full"]
    assert (there.numerator, there.denominator) == row(db, TIME)


@pytest.mark.parametrize("number", [30, 60, 90])
def test_variance(db: sqlite3.Connection, figures: list[Facts], number: int) -> None:
    there = counted(figures)[f"variance-{number}"]
    apart, agreed, actual = row(db, VARIANCE, number)
    assert there.numerator == pytest.approx(apart, rel=1e-9)
    assert there.denominator == agreed
    assert there.net == pytest.approx(actual / agreed - 1, rel=1e-9)


def test_drop_rate(db: sqlite3.Connection, made: list[Made], figures: list[Facts]) -> None:
    there = counted(figures)["drop-rate"]
    assert (there.numerator, there.denominator) == row(db, DROPS)
    dropped = {one.source.id for one in made if one.course == "dropped"}
    assert set(there.hits) <= dropped
    assert len(there.hits) >= 5


def test_the_day_of_the_full_volume_deal_by_deal(db: sqlite3.Connection, figures: list[Facts]) -> None:
    by_sql = {deal: date.fromordinal(day) for deal, day in db.execute("select deal, day from full")}
    assert {one.id: one.full for one in figures if one.full} == by_sql
