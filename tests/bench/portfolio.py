"""A realistic portfolio from a seed: deals with two years of daily actuals, outages, late corrections, stages, findings and surveys.

`python -m tests.bench.portfolio FOLDER` writes it as deal files and one CSV of volumes.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from bot.deal import Deal, Person, Price, Ramp, Stage, Volume
from bot.deal import Test as Trial
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actual, Actuals, Happened, History, Mark, Stated
from bot.playbook.clock.survey import Survey
from bot.playbook.numbers.facts import Entered, Source
from bot.playbook.numbers.lives import Life
from store.records import KnownDeal
from store.sources.deal_file import export_known

TODAY = date(2026, 11, 4)
SEED = 7

Course = Literal["as-agreed", "slow", "stuck", "partial", "leaks", "dropped", "late", "silent"]
COURSES: dict[Course, int] = {"as-agreed": 38, "slow": 20, "stuck": 9, "partial": 9, "leaks": 8, "dropped": 7, "late": 6, "silent": 3}
"""How deals go, and of a hundred how many: `silent` ones ship, and no feed tells of it."""

TRADES = ("apparel", "auto parts", "books", "cosmetics", "electronics", "furniture", "pet supplies", "vitamins", None)
REPS = ("Riley Chen", "Sam Okafor", "Jo Lindqvist", "Ana Ruiz", "Tom Baker", "Mei Tanaka", "Lou Marchand", "Eli Stern")
_WORDS_ONE = [
    "Amber",
    "Birch",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Grove",
    "Harbor",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lark",
    "Maple",
    "North",
]
_WORDS_TWO = [
    "Outfitters",
    "Supply",
    "Goods",
    "Home",
    "Works",
    "Trading",
    "Kids",
    "Cycles",
    "Garden",
    "Labs",
    "Foods",
    "Paper",
    "Optics",
    "Tools",
]
_WEEKDAYS = (1.22, 1.06, 0.98, 0.95, 0.79, 1.0, 1.0)
_STAGES: tuple[Stage, ...] = ("discovery", "rate-creation", "proposal", "setup", "implementation", "closed-won")
_SAID = (
    "volume-bait-and-switch",
    "start-small-and-ramp",
    "volume-gap",
    "not-ramping",
    "objection-too-busy",
    "wait-and-see",
    "new-stakeholder",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A deal of the portfolio: what is known of it, how it goes, and the entries of the feed that were corrected later (as first told)."""

    source: Source
    course: Course
    corrected: tuple[Actual, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How one deal goes: its terms, its course, the first shipment and the first day at the ramp volume, up to today."""

    luck: Random
    deal: Deal
    course: Course
    first: date
    ramp: date
    today: date


def portfolio(deals: int = 200, days: int = 730, seed: int = SEED, today: date = TODAY) -> list[Made]:
    """The same seed gives the same portfolio. The youngest deals have not started yet, the oldest have all the days."""
    luck = Random(seed)
    began = today - timedelta(days=days)
    down: set[date] = set()
    for _ in range(days // 180):
        outage = began + timedelta(days=luck.randrange(days))
        down |= {outage + timedelta(days=more) for more in range(luck.choice((1, 2, 3)))}
    starts = [began + timedelta(days=number * (days + 90) // deals) for number in range(deals)]
    return [_made(_way(Random(f"{seed} {number}"), number, day, today), number, down) for number, day in enumerate(starts)]


def _way(luck: Random, number: int, starts: date, today: date) -> Way:
    course = luck.choices(list(COURSES), list(COURSES.values()))[0]
    deal = _terms(luck, number, starts)
    days = WorkingDays.of(deal)
    late = luck.randrange(8, 26) if course == "late" else 0
    first = days.on_or_after(starts + timedelta(days=luck.choice((0, 0, 0, 1, 2)) + late))
    return Way(luck, deal, course, first, days.on_or_after(first + timedelta(days=deal.test_days)), today)


def _made(way: Way, number: int, down: set[date]) -> Made:
    shipped = {} if way.course == "dropped" else dict(_days(way))
    told, corrected = _fed(way.luck, {} if way.course == "silent" else shipped, down)
    stages = _stages(way)
    signed = way.first - timedelta(days=way.luck.randrange(20, 45))
    deal = way.deal.model_copy(update={"stage": stages[-1].stage, "signed": signed})
    lives, surveys = tuple(_lives(way, number)), tuple(_surveys(way))
    return Made(Source(number + 1, deal, _history(way), told, way.today, lives, stages, surveys), way.course, corrected)


def _terms(luck: Random, number: int, starts: date) -> Deal:
    committed = luck.choice((60, 80, 120, 150, 250, 300, 500, 500, 800, 1200, 2500, 4000))
    rep = REPS[number % len(REPS)] if luck.random() < 0.8 else luck.choice(REPS)
    name = f"{_WORDS_ONE[number % len(_WORDS_ONE)]} {_WORDS_TWO[number // len(_WORDS_ONE) % len(_WORDS_TWO)]}"
    turn = number // (len(_WORDS_ONE) * len(_WORDS_TWO))
    people = (
        Person(id=f"U0REP{REPS.index(rep)}", name=rep, role="rep"),
        Person(id="U0BOSS", name="Morgan Lee", role="leadership"),
        Person(id=f"U0CUST{number}", name=f"Dana {number}", role="customer"),
    )
    prices: tuple[float, ...] = luck.choice(((), (4.85,), (3.9, 5.4), (6.2,)))
    return Deal(
        customer=f"{name} {turn + 1}" if turn else name,
        people=people,
        coverage="standard" if luck.random() < 0.04 else "white-glove",
        trade=luck.choice(TRADES),
        volume=Volume(committed_per_day=committed, shipping_days_per_week=6 if luck.random() < 0.1 else 5),
        test=Trial(volume_per_day=max(1, round(committed * luck.uniform(0.3, 0.5))), starts=starts, weeks=2),
        ramp=Ramp(days_after_test=luck.choice((0, 0, 0, 7))),
        price=tuple(Price(service=f"Service {place}", per_package=one) for place, one in enumerate(prices, start=1)),
        channels=(f"C0PORT{number}",),
    )


def _days(way: Way) -> Iterator[tuple[date, int]]:
    """What is really shipped, shipping day by shipping day, with now and then a few parcels on a day off."""
    luck, days = way.luck, WorkingDays.of(way.deal)
    slow, level, falls = luck.randrange(20, 70), luck.uniform(0.45, 0.8), luck.randrange(60, 200)
    day = way.first
    while day < way.today:
        if days.works(day):
            base = _base(way, (day - way.ramp).days, slow, level)
            if way.course == "leaks" and (day - way.ramp).days > falls:
                base *= max(0.35, 1 - ((day - way.ramp).days - falls) / 90)
            peak = 1.18 if (11, 20) <= (day.month, day.day) <= (12, 20) else 1.0
            yield day, max(0, round(base * peak * _WEEKDAYS[day.weekday()] * luck.gauss(1, 0.08)))
        elif luck.random() < 0.04:
            yield day, luck.randrange(1, 6)
        day += timedelta(days=1)


def _base(way: Way, since: int, slow: int, level: float) -> float:
    """Packages a day on average, so many days after the ramp day."""
    test, ramp = float(way.deal.test.volume_per_day), float(way.deal.ramp_per_day)
    if since < 0 or way.course == "stuck":
        return test
    climb = 1 - math.exp(-(since + 3) / {"slow": slow, "partial": 12}.get(way.course, 4))
    top = level * ramp if way.course == "partial" else ramp * 1.01
    return test + max(0.0, top - test) * climb


def _fed(luck: Random, shipped: dict[date, int], down: set[date]) -> tuple[Actuals, tuple[Actual, ...]]:
    """What the feed tells: nothing on days on which it was down, and a gap of this deal's own; some days are corrected later."""
    known = sorted(shipped)
    gap: set[date] = set()
    if len(known) > 40 and luck.random() < 0.3:
        at = luck.randrange(len(known))
        gap = set(known[at : at + luck.randrange(2, 6)])
    told, corrected = [], []
    for day in known:
        if day in down or day in gap:
            continue
        told.append(Actual(day, shipped[day], round(luck.uniform(0.93, 1.0), 3), round(luck.uniform(0.97, 1.0), 3)))
        if luck.random() < 0.02:
            corrected.append(Actual(day, max(0, shipped[day] - luck.randrange(1, 40))))
    return Actuals(tuple(told)), tuple(corrected)


def _stages(way: Way) -> tuple[Entered, ...]:
    luck = way.luck
    begin = way.first - timedelta(days=luck.randrange(70, 140))
    steps = (begin, begin + timedelta(days=luck.randrange(10, 30)), begin + timedelta(days=luck.randrange(32, 50)))
    won = way.ramp + timedelta(days=luck.randrange(30, 90) if way.course == "slow" else luck.randrange(10, 30))
    when = [*steps, way.first - timedelta(days=luck.randrange(8, 18)), way.first, won]
    last = {"dropped": 4, "stuck": 5, "silent": 5}.get(way.course, 6)
    there = [Entered(stage, day) for stage, day in zip(_STAGES[:last], when, strict=False) if day <= way.today]
    return tuple(there) or (Entered("discovery", begin),)


def _history(way: Way) -> History:
    luck, deal, since = way.luck, way.deal, way.first - timedelta(days=60)
    if way.course == "dropped" or way.first >= way.today:
        return History(since=since)
    happened = [Happened("pickup", way.first, "pickup confirmed")]
    if way.course != "stuck" and way.ramp < way.today:
        happened.append(Happened("performance", way.ramp - timedelta(days=2), "transit and billing are fine"))
    level = float(deal.test.volume_per_day if way.course == "stuck" else deal.ramp_per_day)
    said = Stated((round(level * 0.9), level), min(way.today, way.ramp + timedelta(days=5)), "Dana") if luck.random() < 0.7 else None
    review = Mark("criteria-review", "postponed", way.ramp + timedelta(days=14), "figures not in yet")
    return History(since=since, happened=tuple(happened), stated=said, marks=(review,) if luck.random() < 0.03 else ())


def _lives(way: Way, number: int) -> Iterator[Life]:
    luck = way.luck
    for n in range(luck.choice((0, 1, 2, 2, 3, 5))):
        day = way.first + timedelta(days=luck.randrange(-5, 50))
        if day >= way.today:
            continue
        said_at = datetime.combine(day, time(9 + luck.randrange(8), luck.randrange(60)), UTC)
        told = said_at + timedelta(seconds=luck.uniform(0.3, 2.5)) if luck.random() < 0.9 else None
        useful = luck.random() < 0.85 if luck.random() < 0.75 else None
        used = bool(useful) and luck.random() < 0.8
        answered = told + timedelta(minutes=luck.lognormvariate(2.5, 1)) if told and used else None
        agreed = float(way.deal.ramp_per_day if day >= way.ramp else way.deal.test.volume_per_day)
        figures = (float(round(agreed * luck.uniform(0.1, 0.7))), agreed) if luck.random() < 0.7 else (None, None)
        yield Life(number * 10 + n + 1, luck.choice(_SAID), said_at, day, told, answered, used, useful, *figures)


def _surveys(way: Way) -> Iterator[Survey]:
    luck, happy = way.luck, way.course in ("as-agreed", "slow", "late")
    day = way.ramp + timedelta(days=7)
    if day < way.today and luck.random() < 0.6:
        yield Survey("survey", luck.choice((4, 5, 5) if happy else (2, 3, 4)), day)
    day = way.ramp + timedelta(days=165)
    if day < way.today and luck.random() < 0.6:
        yield Survey("nps", luck.choice((8, 9, 10, 10) if happy else (3, 6, 7)), day)


def write(folder: Path, made: list[Made]) -> None:
    """Deal files, and volumes.csv with account, date and packages; a corrected day stands twice, the correction last."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "volumes.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("account", "date", "packages", "on_time", "billed_right"))
        for one in made:
            days = one.source.actuals.days if one.source.actuals else ()
            for actual in (*one.corrected, *days):
                out.writerow((one.source.deal.customer, actual.day, actual.packages, actual.on_time, actual.billed_right))
    for one in made:
        (folder / f"{one.source.id:05}.yml").write_text(export_known(KnownDeal(one.source.id, one.source.deal)), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Write the portfolio into a folder."""
    write(Path(arguments[0]), portfolio())


if __name__ == "__main__":
    main(sys.argv[1:])
