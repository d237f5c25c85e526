"""The numbers as data: rows for a spreadsheet, whose cells can do nothing there, and plain values for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot.cells import LIVE, safe_cell
from bot.playbook.numbers.metrics import TARGETS, Metric
from bot.playbook.numbers.report import Numbers
from bot.playbook.scenarios import FINDINGS
from templates.numbers.words import BY_NAMES, NAMELESS, TITLES, left_out
from templates.quote import clean

COLUMNS = ("what", "by", "group", "value", "unit", "numerator", "denominator", "target", "on target", "deals", "left out")


def cell(value: object) -> object:
    """A cell that a spreadsheet shows as it stands: text that it would run gets an apostrophe before it, as people type it."""
    if value is None or isinstance(value, (int, float)):
        return "" if value is None else round(value, 6)
    text = clean(str(value), 1_000)
    return f"'{text}" if LIVE.match(str(value)) else safe_cell(text)


def as_csv(found: Numbers) -> str:
    """The numbers as a table, one figure a line; nothing where there is no value, never a nought."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(found):
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def as_plain(found: Numbers) -> dict[str, Any]:
    """Plain values for JSON; shares are 0 to 1, times in seconds, volumes in packages per shipping day or packages in all."""
    return {
        "day": found.today.isoformat(),
        "deals": found.deals,
        "of": found.known,
        "chosen": dict(found.chosen),
        "metrics": [_metric(one, found) for one in found.metrics],
        "groups": {
            by: [{"name": group.name, "deals": group.deals, "metrics": [_brief(one) for one in group.metrics]} for group in there]
            for by, there in found.groups.items()
        },
        "achieved": asdict(found.achieved),
        "surveys": {kind: [asdict(month) for month in months] for kind, months in found.surveys.items()},
        "flow": {
            "stages": [{**asdict(stop), "conversion": stop.conversion} for stop in found.flow.stops],
            "bottleneck": found.flow.bottleneck.stage if found.flow.bottleneck else None,
            "months": [asdict(month) for month in found.flow.months],
        },
        "forecast": {
            "horizons": [asdict(one) for one in found.forecast.horizons],
            "tried": [{name: value for name, value in asdict(one).items() if name != "ratios"} for one in found.forecast.checks],
            "deals": len(found.forecast.counted),
            "unknown": list(found.forecast.unknown),
            "priced": found.forecast.priced,
        },
        "customers": {str(number): name for number, name in found.customers.items()},
        "leaking": [{"deal": number, "customer": found.customers[number]} for number in found.leaked],
    }


def _brief(metric: Metric) -> dict[str, Any]:
    target = TARGETS.get(metric.key)
    return {
        "name": metric.key,
        "value": metric.value,
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "median": metric.middle,
        "net": metric.net,
        "target": f"{target[0]} {target[1]:g}" if target else None,
        "on_target": metric.on_target,
        "deals": len(metric.counted),
    }


def _metric(metric: Metric, found: Numbers) -> dict[str, Any]:
    left = [{"deal": number, "customer": found.customers[number], "why": why} for number, why in metric.left_out]
    return {**_brief(metric), "counted": list(metric.counted), "hits": list(metric.hits), "left_out": left}


Cells = tuple[object, ...]


def _rows(found: Numbers) -> Iterator[Cells]:
    yield ("Day", "", "", found.today.isoformat(), "", "", "", "", "", found.deals, "")
    for metric in found.metrics:
        yield _row(metric, "", "")
    for by, there in found.groups.items():
        for group in there:
            for metric in group.metrics:
                yield _row(metric, BY_NAMES[by], group.name or NAMELESS[by])
    yield from _achieved(found)
    yield from _surveys(found)
    yield from _flow(found)
    yield from _ahead(found)


def _surveys(found: Numbers) -> Iterator[Cells]:
    for kind, months in found.surveys.items():
        title, unit = ("NPS", "-100 to 100") if kind == "nps" else ("Onboarding survey", "1 to 5")
        for month in months:
            yield (title, "Month", month.month, month.score, unit, "", month.answers, "", "", "", "")


def _ahead(found: Numbers) -> Iterator[Cells]:
    for one in found.forecast.horizons:
        names = (("Committed", one.committed), ("As said", one.said), ("At today's rate", one.run_rate), ("Expected", one.expected))
        for name, value in (*names, ("Expected, low end", one.low), ("Expected, high end", one.high)):
            yield (name, "Next days", one.days, value, "packages", "", "", "", "", len(found.forecast.counted), "")
        for country, ends in sorted(one.revenue.items()):
            for name, value in zip(("Expected revenue, low end", "Expected revenue, high end"), ends, strict=True):
                yield (name, f"Next {one.days} days", country, value, "money there", "", "", "", "", found.forecast.priced, "")


def _row(metric: Metric, by: str, group: str) -> Cells:
    target = TARGETS.get(metric.key)
    unit = {"time-to-full": "days"}.get(metric.key, "share")
    met = "" if metric.on_target is None else "yes" if metric.on_target else "no"
    return (
        TITLES[metric.key],
        by,
        group,
        metric.value,
        unit,
        metric.numerator if metric.denominator else None,
        metric.denominator or None,
        f"{target[0]} {target[1]:g}" if target else "",
        met,
        len(metric.counted),
        left_out(why for _, why in metric.left_out),
    )


def _achieved(found: Numbers) -> Iterator[Cells]:
    there = found.achieved
    for name, count in (("Findings", there.raised), ("Told in a direct message", there.told), ("Used", there.used)):
        yield (name, "", "", count, "findings", "", "", "", "", "", "")
    right = there.right / there.judged if there.judged else None
    yield ("Volume right within 14 days", "", "", right, "share", there.right, there.judged, "", "", "", "")
    yield ("Recovered", "", "", there.recovered, "packages a day", "", there.sized, "", "", "", "")
    for name, taken in (("Statement to direct message", there.to_dm), ("Direct message to answer", there.to_answer)):
        if taken is not None:
            yield (f"{name}, median", "", "", taken.middle, "seconds", "", taken.cases, "", "", "", "")
            yield (f"{name}, nine of ten within", "", "", taken.nine_of_ten, "seconds", "", taken.cases, "", "", "", "")
    for one in there.scenarios:
        name = FINDINGS.get(one.scenario, one.scenario)
        yield ("Findings of use", "Scenario", name, one.precision, "share", one.useful, one.decided, "", "", "", "")


def _flow(found: Numbers) -> Iterator[Cells]:
    for stop in found.flow.stops:
        yield ("Deals in the stage", "Stage", stop.stage, stop.waiting, "deals", "", "", "", "", stop.waiting, "")
        yield ("Packages a day in the stage", "Stage", stop.stage, stop.per_day, "packages a day", "", "", "", "", stop.waiting, "")
        yield ("Usual time in the stage", "Stage", stop.stage, stop.usual, "days", "", stop.timed, "", "", "", "")
        yield ("Moved on", "Stage", stop.stage, stop.conversion, "share", stop.moved_on, "", "", "", "", "")
        yield ("Stuck", "Stage", stop.stage, len(stop.stuck), "deals", "", "", "", "", "", "")
    for month in found.flow.months:
        for name, figure in (("Came in", month.loaded), ("Came to full volume", month.arrived), ("Never launched", month.dropped)):
            yield (name, "Month", month.month, figure, "packages a day", "", "", "", "", "", "")
