"""What a back-test says: its sentences for the terminal, and its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from bot.backtest.gaps import Gap
from bot.backtest.hits import Came, Heard, Hit
from bot.backtest.precision import Precision
from bot.playbook.scenarios import SUBJECTS, title
from templates.figures import days, rate
from templates.pages.page import filled
from templates.quote import clean

CAME: dict[Came, str] = {
    "dm": "direct messages at once",
    "same-day": "shown in a message sent that day",
    "digest": "lines of a daily message",
    "signal": "good signs, on the deal card",
    "repeat": "said again, counted only",
}
"""What came of findings, in the order told."""

_HEADS: dict[Came, str] = {"dm": "message", "same-day": "same day", "digest": "daily", "signal": "good sign", "repeat": "again"}
"""The same as heads of a table."""

MOST_GAPS = 25
"""Gaps listed, the largest first."""

FEW = 5
"""Judged findings of a scenario below which nothing is suggested."""

QUOTED = 160
"""Characters of a quote in a list."""


def summary(name: str, heard: Heard) -> list[str]:
    """What was heard, how fast, and how often a rep would have been interrupted."""
    span = f", {_day(heard.first)} – {_day(heard.last)}" if heard.first and heard.last else ""
    where = f"{_many(heard.channels, 'channel')} of {_many(len(heard.messages), 'deal')}"
    lines = [f"{clean(name, 80)}: {where}, {_many(heard.total, 'message')}{span}"]
    if heard.seconds >= 0.01 and heard.total:
        lines.append(f"heard in {_took(heard.seconds)}, {heard.total / heard.seconds:,.0f} messages a second")
    told = [hit for hit in heard.hits if hit.came == "dm"]
    if told:
        day, week = (
            _busiest([(hit.customer, hit.day) for hit in told]),
            _busiest([(hit.customer, hit.day.isocalendar()[:2]) for hit in told]),
        )
        lines.append(f"{_many(len(told), 'direct message')}; for one deal at most {day} on a day and {week} in a week")
    return lines


def said_words(hit: Hit) -> str:
    """Who said what, with the figures where there are any."""
    finding = hit.finding
    figure = rate(finding.said_per_day)
    about = f" ({SUBJECTS[finding.subject]})" if finding.subject else ""
    against = f"{figure}, agreed {finding.agreed_per_day:,.0f}: " if figure and finding.agreed_per_day else ""
    return f"{clean(hit.name or hit.speaker or 'somebody', 40)}{about}: {against}“{clean(finding.quote, QUOTED)}”"


def gap_words(gap: Gap) -> str:
    """One gap, and what was said before it."""
    span = _day(gap.first) if gap.first == gap.last else f"{_day(gap.first)} – {_day(gap.last)}"
    what = f"{clean(gap.customer, 60)}, {span}: {gap.per_day:,.0f}/day shipped of {gap.agreed:,} agreed, {gap.missing:,} packages missing. "
    if not gap.announced:
        return what + "Nothing was said in the three weeks before."
    first = gap.announced[0]
    told = gap.told
    would = (
        ""
        if told is None
        else " A direct message would have said so at once."
        if told is first
        else f" The direct message: {_day(told.day)}."
    )
    return f"{what}Announced {days(gap.lead or 0)} before by {said_words(first)}.{would}"


def bar_words(one: Precision) -> str:
    """What judgements suggest for a scenario."""
    if one.bar is not None:
        below = f"; below that {one.below.useful} of {one.below.decided}" if one.below.decided else ""
        return f"from {one.bar:.0%} sure on, {one.above.useful} of {one.above.decided} were useful{below}"
    if one.judged.decided < FEW:
        return "too few to tell yet"
    if one.rests:
        return "under 60%: the bot would keep it for the daily message"
    if one.judged.percent >= 85:
        return "right to ring"
    return (
        "too few to say where a bar would help" if one.judged.decided < 20 else "no bar would help: look at the ones that were not useful"
    )


def page(name: str, heard: Heard, made: Sequence[Gap] | None, exact: Sequence[Precision], zone: str) -> str:
    """The back-test as a page."""
    told = [hit for hit in heard.hits if hit.came == "dm"]
    scenarios = Counter(hit.finding.scenario for hit in heard.hits)
    counts = [(title(scenario), [heard.counts.get(came, Counter())[scenario] for came in CAME]) for scenario, _ in scenarios.most_common()]
    by_deal = Counter(hit.customer for hit in told)
    deals = [
        (customer, count, by_deal[customer])
        for customer, count in sorted(heard.messages.items(), key=lambda one: (-by_deal[one[0]], one[0]))
    ]
    return filled(
        "backtest.html.j2",
        title=f"Back-test of {clean(name, 80)}",
        summary=summary(name, heard),
        zone=zone,
        columns=list(CAME.values()),
        totals=[heard.counts.get(came, Counter()).total() for came in CAME],
        heads=list(_HEADS.values()),
        counts=counts,
        deals=deals,
        gaps=None if made is None else [gap_words(gap) for gap in made],
        announced=sum(bool(gap.announced) for gap in made or ()),
        exact=[(title(one.scenario), f"{one.judged.useful} of {one.judged.decided}", bar_words(one)) for one in exact],
        dms=[
            (_day(day), [(hit.customer, title(hit.finding.scenario), said_words(hit)) for hit in ones])
            for day, ones in groupby(told, lambda hit: hit.day)
        ],
    )


def _busiest(of: Sequence[object]) -> int:
    return max(Counter(of).values())


def _took(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.1f} minutes"


def _day(day: object) -> str:
    return f"{day:%-d %b %Y}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
