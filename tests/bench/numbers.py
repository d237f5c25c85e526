"""How fast the numbers of 10,000 deals come, and how good the forecast is beside simpler ones, on portfolios whose outcome is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from time import perf_counter

from bot.playbook.numbers.curve import track
from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.numbers.flow import flow
from bot.playbook.numbers.forecast import BACK, FEWEST, HORIZONS, Tried, forecast, interval, tries
from bot.playbook.numbers.metrics import BY, feed_of, groups, metrics
from tests.bench.portfolio import TODAY, portfolio

DEALS, DAYS = 10_000, 500
SEEDS = range(1, 7)
HISTORY = 1_100
"""Days of the portfolios on which the forecast is tried: a year to learn from, then two to be tried on."""


def measure() -> Iterator[str]:
    """The lines of the bench."""
    yield _speed()
    runs = [_runs(seed) for seed in SEEDS]
    for place, days in enumerate(HORIZONS):
        yield _quality(runs, place, days)


def _speed() -> str:
    made = [one.source for one in portfolio(300, DAYS + 100) if one.source.actuals and len(one.source.actuals.days) > 200]
    sources = [replace(made[number % len(made)], id=number) for number in range(DEALS)]
    days = sum(len(one.actuals.days) for one in sources if one.actuals)
    began = perf_counter()
    found: list[Facts] = [facts(one) for one in sources]
    read = perf_counter()
    feed = feed_of(found)
    metrics(found, feed)
    for by in BY:
        groups(found, feed, by)
    flow(found, TODAY)
    counted = perf_counter()
    forecast(found, TODAY)
    ended = perf_counter()
    parts = f"{read - began:.1f} s a deal at a time, {counted - read:.1f} s metrics, groups and flow, {ended - counted:.1f} s forecast"
    return f"numbers of {DEALS:,} deals with {days:,} days of actuals: {parts}"


def _runs(seed: int) -> list[Tried]:
    made = portfolio(200, HISTORY, seed, TODAY + timedelta(days=seed * 37))
    tracks = [track(facts(one.source)) for one in made]
    return tries(tracks, made[0].source.today.toordinal(), HISTORY - 370)


def _quality(seeds: Sequence[Sequence[Tried]], place: int, days: int) -> str:
    """The mean error and that of two simpler guesses, and how often the outcome lay in the interval that was told beforehand."""
    errors, inside = [], []
    for runs in seeds:
        known = [run for run in runs if run.outcome[place] > 0]
        for run in known:
            guesses = (run.expected[place], run.run_rate[place], run.committed[place])
            errors.append([abs(guess / run.outcome[place] - 1) for guess in guesses])
            before = [one for one in known if one.at + days <= run.at and run.at - one.at <= BACK]
            low, high = interval(run.expected[place], sorted(one.outcome[place] / one.expected[place] for one in before))
            if len(before) >= FEWEST and low is not None and high is not None:
                inside.append(low <= run.outcome[place] <= high)
    ours, rate, agreed = (sum(one[guess] for one in errors) / len(errors) for guess in range(3))
    others = f"what runs goes on {rate:.1%}, what is committed comes {agreed:.1%}"
    held = f"in its interval {sum(inside) / len(inside):.0%} of {len(inside)}"
    return f"forecast of {days} days, {len(errors)} tries: mean error {ours:.1%} ({others}); {held}"
