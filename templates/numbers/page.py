"""The numbers as one page, to look at and to print: nothing is loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.playbook.clock.survey import SurveyKind
from bot.playbook.numbers.achieved import Month
from bot.playbook.numbers.metrics import BY, By, Group, Metric
from bot.playbook.numbers.report import Numbers
from bot.playbook.scenarios import FINDINGS
from templates.figures import short_day
from templates.numbers.drawn import Bar, Fan, bars, fan
from templates.numbers.words import (
    BY_NAMES,
    COLUMNS,
    NAMELESS,
    STAGE_NAMES,
    SURVEYS,
    achievements,
    how_good,
    many,
    month_name,
    packages,
    revenue,
    scope,
    score,
    share,
    short,
    stage_conversion,
    told,
    unknown_volume,
    waiting,
)
from templates.pages.page import filled

MOST_GROUPS = 15
"""Groups of a table; more are counted."""

MOST_MONTHS = 6
"""Months of answers to surveys."""


def page(found: Numbers) -> str:
    """The page."""
    return filled(
        "numbers.html.j2",
        title="The numbers",
        scope=scope(found),
        metrics=[_card(found, place) for place in range(len(found.metrics))],
        leaking=leaking(found),
        fan=fan([Fan(one.days, one.committed, one.run_rate, one.expected, one.low, one.high) for one in found.forecast.horizons]),
        fan_words="Packages within the days ahead: the bar is what is expected, the line its interval; the marks stand at what is "
        "committed (|) and at what today's rate would bring (○).",
        horizons=list(_horizons(found)),
        how=" ".join(filter(None, (_how(found), unknown_volume(found.forecast)))),
        bottleneck=waiting(found.flow),
        stages=list(_stages(found)),
        months=bars([Bar(month_name(one.month), (one.loaded, one.arrived, -one.dropped)) for one in found.flow.months]),
        months_words="Committed packages a day by month: of deals that came in (blue), that came to their full volume (green), and that "
        "never launched (red).",
        achieved=achievements(found.achieved),
        surveys=_surveys(found),
        survey_names=list(SURVEYS.values()),
        scenarios=[
            (FINDINGS.get(one.scenario, one.scenario), one.raised, one.decided, share(one.precision)) for one in found.achieved.scenarios
        ],
        columns=list(COLUMNS.values()),
        groups=[(BY_NAMES[by], list(_groups(found.groups[by], by)), _more(found.groups[by])) for by in BY],
        footer=f"Jump-In, {found.today:%A}, {short_day(found.today)} {found.today.year}. Days are shipping days of each customer's "
        "calendar; a day without data counts as unknown, never as nought.",
    )


def leaking(found: Numbers) -> str:
    """Deals whose volume has fallen again after it was full."""
    if not found.leaked:
        return ""
    names = [found.customers[number] for number in found.leaked]
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"Fallen again after full volume: {', '.join(names[:8])}{more}"


def _card(found: Numbers, place: int) -> dict[str, object]:
    metric = found.metrics[place]
    one = told(metric)
    median = f"half within {many(round(metric.middle), 'day')}" if metric.middle is not None else ""
    of = ", ".join(filter(None, (one.of, median)))
    return {
        "title": one.title,
        "figure": short(metric),
        "on_target": one.on_target,
        "of": of,
        "target": one.target,
        "meaning": one.meaning,
        "left_out": one.left_out,
    }


def _horizons(found: Numbers) -> Iterator[dict[str, object]]:
    for one in found.forecast.horizons:
        span = f"{packages(one.low)} – {packages(one.high)}" if one.low is not None and one.high is not None else "no interval yet"
        expected = packages(one.expected) if one.expected is not None else "no data"
        figures = [packages(figure) for figure in (one.committed, one.said, one.run_rate)]
        yield {"days": one.days, "figures": [*figures, expected, span], "revenue": "; ".join(revenue(one))}


def _how(found: Numbers) -> str:
    curve = found.forecast.curve
    if curve is None:
        return "Too few deals have come past their ramp day to learn from: only what is agreed, said and running is shown."
    learned = f"Expected is how the {many(curve.deals, 'deal')} before went: their share of the ramp volume week by week after the ramp day"
    return f"{learned}, and the chance that a deal due begins at all. {how_good(found.forecast.checks[0])}"


def _stages(found: Numbers) -> Iterator[dict[str, object]]:
    for stop in found.flow.stops:
        usual = "" if stop.usual is None else f"{stop.usual:.0f}"
        age = "" if stop.age is None else f"{stop.age:.0f}"
        figures = [f"{stop.waiting:,}", f"{stop.per_day:,}", usual, age, stage_conversion(stop)]
        ends = [f"{count:,}" if count else "" for count in (len(stop.stuck), stop.dropped)]
        yield {"name": STAGE_NAMES[stop.stage], "figures": [*figures, *ends], "bottleneck": stop is found.flow.bottleneck}


def _surveys(found: Numbers) -> list[tuple[str, list[str]]]:
    """The last months with an answer to either: the score, and how many answered."""
    there = {kind: {month.month: month for month in found.surveys[kind]} for kind in SURVEYS}
    months = sorted({month for by_month in there.values() for month in by_month})[-MOST_MONTHS:]
    return [(month_name(month), [_answers(there[kind].get(month), kind) for kind in SURVEYS]) for month in months]


def _answers(one: Month | None, kind: SurveyKind) -> str:
    return f"{score(one, kind)} ({one.answers:,})" if one else ""


def _groups(there: Sequence[Group], by: By) -> Iterator[tuple[str, int, list[tuple[str, bool | None]]]]:
    shown = there[-MOST_GROUPS:] if by == "quarter" else there[:MOST_GROUPS]
    for group in shown:
        yield group.name or NAMELESS[by], group.deals, [(_cell(metric), metric.on_target) for metric in group.metrics]


def _cell(metric: Metric) -> str:
    """With a mark where the target is missed, for those who print without colours."""
    return "–" if metric.value is None else f"{short(metric)}{' ✗' if metric.on_target is False else ''}"


def _more(there: Sequence[Group]) -> str:
    return f"{len(there) - MOST_GROUPS} more are in the CSV." if len(there) > MOST_GROUPS else ""
