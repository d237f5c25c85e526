"""The numbers in words: what each is called and means, its value, its target, and why deals are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.playbook.clock.survey import SurveyKind
from bot.playbook.numbers.achieved import Achieved, Month, Times
from bot.playbook.numbers.facts import Missing
from bot.playbook.numbers.flow import Flow, Stop
from bot.playbook.numbers.forecast import FEWEST, Check, Forecast, Horizon
from bot.playbook.numbers.lives import WITHIN
from bot.playbook.numbers.metrics import LAUNCH_GRACE, RAMP_GRACE, TARGETS, By, Key, Metric
from bot.playbook.numbers.report import Numbers
from templates.figures import short_day

NO_DATA = "no data"

TITLES: dict[Key, str] = {
    "conversion": "Test-to-ramp conversion",
    "time-to-full": "Time to full volume",
    "variance-30": "Variance at day 30",
    "variance-60": "Variance at day 60",
    "variance-90": "Variance at day 90",
    "drop-rate": "Drop rate",
}

_VARIANCE = (
    "How far the packages a shipping day in the week up to day {} (day 1 is the first shipment) lie from the agreed figure, up or down, "
    "over all deals together, as a share of what was agreed."
)
DEFINITIONS: dict[Key, str] = {
    "conversion": "Of the deals whose test ended with shipments and is not under review, those that came to within 10% of the committed "
    f"volume over a week. A deal has {RAMP_GRACE} days from its ramp day before it counts as not ramped.",
    "time-to-full": "Calendar days from the first shipment to the first day on which the week's packages a shipping day came to within "
    "10% of the committed volume, over the deals that did.",
    "variance-30": _VARIANCE.format(30),
    "variance-60": _VARIANCE.format(60),
    "variance-90": _VARIANCE.format(90),
    "drop-rate": f"Of the committed deals that have started, or were to start more than {LAUNCH_GRACE} days ago, those that never shipped "
    "anything.",
}

WHY_LEFT_OUT: dict[Missing, str] = {
    "standard": "standard coverage",
    "no-data": "no volume data",
    "not-launched": "not shipping yet",
    "test-runs": "test still running",
    "review-open": "test under review",
    "ramp-ahead": "ramp due later",
    "too-early": "too early to tell",
    "not-due": "start not due, or only just",
}

COLUMNS: dict[Key, str] = {
    "conversion": "conversion",
    "time-to-full": "full after",
    "variance-30": "day 30",
    "variance-60": "day 60",
    "variance-90": "day 90",
    "drop-rate": "drops",
}
"""Heads of a table."""

_IN_SHORT: dict[Key, str] = {
    "conversion": "ramped after the test",
    "time-to-full": "to full volume",
    "variance-90": "off at day 90",
    "drop-rate": "never launched",
}

SURVEYS: dict[SurveyKind, str] = {"survey": "Onboarding survey", "nps": "NPS"}

BY_NAMES: dict[By, str] = {"rep": "Rep", "trade": "Trade", "size": "Size", "quarter": "Quarter"}
NAMELESS: dict[By, str] = {"rep": "no rep", "trade": "trade not given", "size": "", "quarter": ""}

STAGE_NAMES = {
    "discovery": "02 Discovery",
    "rate-creation": "03 Rate creation",
    "proposal": "04 Proposal",
    "setup": "05 Setup",
    "implementation": "06 Implementation",
    "closed-won": "07 Closed-won",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A metric in words: its value, what it is made of, its target ("" without one), and the deals left out."""

    title: str
    value: str
    of: str
    target: str
    on_target: bool | None
    left_out: str
    meaning: str


def told(metric: Metric) -> Told:
    """A metric in words."""
    target = TARGETS.get(metric.key)
    goal = f"target {target[0]} {target[1]:.0%}" if target else ""
    value, of = _value(metric), _of(metric)
    return Told(TITLES[metric.key], value, of, goal, metric.on_target, left_out(why for _, why in metric.left_out), DEFINITIONS[metric.key])


def scope(found: Numbers) -> str:
    """Which deals, on which day."""
    chosen = ", ".join(f"{BY_NAMES[by].lower()} {name or NAMELESS[by]}" for by, name in found.chosen.items())
    which = f"{many(found.deals, 'deal')} of {found.known:,}: {chosen}" if chosen else many(found.deals, "deal")
    return f"{which} · as of {short_day(found.today)} {found.today.year}, data up to the day before"


def short(metric: Metric) -> str:
    """The value alone."""
    if metric.key == "time-to-full" and metric.value is not None:
        return many(round(metric.value), "day")
    return _value(metric)


def left_out(reasons: Iterable[Missing]) -> str:
    """As "12 no volume data, 4 standard coverage", the most frequent first."""
    return ", ".join(f"{count} {WHY_LEFT_OUT[why]}" for why, count in Counter(reasons).most_common())


def in_short(found: Numbers) -> str:
    """A few lines for Home: what is known of the four metrics, the next 30 days, and where deals wait."""
    signs = {True: "✅ ", False: "🔴 ", None: ""}
    there = [(one, _IN_SHORT[one.key]) for one in found.metrics if one.key in _IN_SHORT and one.value is not None]
    known = [f"{signs[one.on_target]}{short(one)} {what}" for one, what in there]
    ahead = found.forecast.horizons[0]
    to_come = [] if ahead.expected is None else [f"Next 30 days: {expectation(ahead)}, committed {packages(ahead.committed)}"]
    stuck = [waiting(found.flow)] if found.flow.bottleneck else []
    lines = [" · ".join(known) or "No volume data yet.", *to_come, *stuck, "More: `/deal-metrics`"]
    return "\n".join(["*The numbers*", *lines])


def share(value: float | None, target: float | None = None) -> str:
    """As "84%"; with a decimal where rounding would hide on which side of a target it lies."""
    if value is None:
        return NO_DATA
    return f"{value:.1%}" if target is not None and abs(value - target) < 0.01 else f"{value:.0%}"


def many(count: int, what: str) -> str:
    """As "1 deal", "1,200 deals"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def packages(count: float) -> str:
    """As "950", "12,400", "3.4 million": a forecast is no more exact than that."""
    if abs(count) >= 999_500:
        return f"{count / 1e6:,.2f} million".replace(".00 ", " ")
    rounded = float(f"{count:.3g}")
    return f"{rounded:,.0f}"


def duration(seconds: float) -> str:
    """As "1.4 seconds", "14 minutes", "3 hours", "2 days"."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return many(round(seconds / size), name)
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{seconds:.0f} seconds"


def times(taken: Times | None) -> str:
    """As "1.4 seconds in half of 360 cases, nine of ten within 2.3 seconds"."""
    if taken is None:
        return NO_DATA
    middle, most = duration(taken.middle), duration(taken.nine_of_ten)
    return f"{middle} ({many(taken.cases, 'case')}, nine of ten within {most})"


def achievements(found: Achieved) -> list[str]:
    """What the bot achieved, in a few lines."""
    if not found.raised:
        return ["Nothing has been found yet."]
    lines = [f"{many(found.raised, 'finding')}: {found.told:,} told in a direct message, {found.used:,} used"]
    if found.judged:
        won = "" if found.recovered is None else f": {packages(found.recovered)} packages a day recovered"
        lines.append(f"After {found.right:,} of {many(found.judged, 'used finding')} the volume came right within {WITHIN} days{won}")
    lines += [f"Statement to direct message: {times(found.to_dm)}"] if found.to_dm else []
    lines += [f"Direct message to the rep's answer: {times(found.to_answer)}"] if found.to_answer else []
    return lines


def waiting(there: Flow) -> str:
    """Where deals wait longest, in a sentence."""
    stop = there.bottleneck
    if stop is None or stop.usual is None:
        return "No stage in which volume waits longer than usual."
    count = len(stop.stuck)
    stuck = f" {many(count, 'deal')} with {stop.stuck_per_day:,} packages a day {'is' if count == 1 else 'are'} stuck there."
    usual = f"usually {many(round(stop.usual), 'day')}"
    now = f", those there now {many(round(stop.age), 'day')} so far" if stop.age is not None else ""
    return f"Bottleneck: {STAGE_NAMES[stop.stage]} ({usual}{now}).{stuck if count else ''}"


def stages(there: Flow) -> list[str]:
    """As "06 Implementation: 28 deals, 24,870 a day, usually 37 days, 88% move on, 18 stuck"; stages without deals are left out."""
    found = []
    for stop in there.stops:
        parts = [f"{many(stop.waiting, 'deal')}, {stop.per_day:,} a day"] if stop.waiting else []
        parts += [f"usually {many(round(stop.usual), 'day')}"] if stop.usual is not None else []
        parts += [f"{stage_conversion(stop)} move on"] if stop.conversion is not None else []
        parts += [f"{count:,} {what}" for count, what in ((len(stop.stuck), "stuck"), (stop.dropped, "never launched")) if count]
        found += [f"{STAGE_NAMES[stop.stage]}: {', '.join(parts)}"] if parts else []
    return found


def in_and_out(there: Flow) -> list[str]:
    """The last full month, and this one so far."""
    told = []
    for month, when in zip(there.months[-2:], ("", " so far"), strict=True):
        what = f"{month.loaded:,} packages a day came in, {month.arrived:,} came to full volume, {month.dropped:,} never launched"
        told.append(f"{month_name(month.month)}{when}: {what}")
    return told


def surveys(found: Numbers) -> list[str]:
    """The last three months of each survey, as "NPS: Sep 2026 +75 (4 answers), Oct 2026 +29 (7 answers)"."""
    return [
        f"{SURVEYS[kind]}: {', '.join(month_words(one, kind) for one in months[-3:])}" for kind, months in found.surveys.items() if months
    ]


def stage_conversion(stop: Stop) -> str:
    """The share that moved on."""
    return "" if stop.conversion is None else f"{stop.conversion:.0%}"


def expectation(one: Horizon) -> str:
    """As "2.8 million packages (2.49 to 3.37 million)"."""
    if one.expected is None:
        return NO_DATA
    span = f" ({packages(one.low)} to {packages(one.high)})" if one.low is not None and one.high is not None else ""
    return f"{packages(one.expected)} packages{span}"


def ahead(one: Horizon) -> str:
    """A horizon in a line: what is expected, beside what is committed, said and running, and what it earns where prices are known."""
    beside = f"committed {packages(one.committed)}, as said {packages(one.said)}, at today's rate {packages(one.run_rate)}"
    earns = f", revenue {'; '.join(revenue(one))}" if one.revenue else ""
    return f"{one.days} days: {'no forecast yet' if one.expected is None else expectation(one)}; {beside}{earns}"


def how_good(check: Check | None) -> str:
    """How the forecast did on earlier days."""
    if check is None or not check.tries:
        return "Not tried on earlier days yet: too little history."
    few = "" if check.tries >= FEWEST else " That is too few for an interval."
    beside = f"{check.error_run_rate:.1%} for “what runs goes on”, {check.error_committed:.1%} for “what is committed comes”"
    return f"On {many(check.tries, 'earlier day')} it was off by {check.error:.1%} on average ({beside}).{few}"


def unknown_volume(there: Forecast) -> str:
    """Deals that the forecast cannot count."""
    return f"{many(len(there.unknown), 'deal')} left out: shipping, but without data lately." if there.unknown else ""


def revenue(one: Horizon) -> list[str]:
    """As "12.1 to 13.2 million"; with the country behind it where there are several, since each has its own money."""
    spans = {
        country: packages(low) if packages(low) == packages(high) else f"{packages(low)} to {packages(high)}"
        for country, (low, high) in one.revenue.items()
    }
    return [f"{span} ({country})" if len(spans) > 1 else span for country, span in sorted(spans.items())]


def month_name(month: str) -> str:
    """As "Nov 2026", of "2026-11"."""
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"


def score(one: Month, kind: SurveyKind) -> str:
    """As "+33", "4.2 of 5"."""
    return f"{one.score:.1f} of 5" if kind == "survey" else f"{round(one.score):+d}" if round(one.score) else "0"


def month_words(one: Month, kind: SurveyKind) -> str:
    """As "Oct 2026 +33 (6 answers)"."""
    return f"{month_name(one.month)} {score(one, kind)} ({many(one.answers, 'answer')})"


def _value(metric: Metric) -> str:
    target = TARGETS.get(metric.key)
    if metric.key != "time-to-full":
        return share(metric.value, target[1] if target else None)
    if metric.value is None or metric.middle is None:
        return NO_DATA
    return f"{many(round(metric.value), 'day')} on average, half of them within {metric.middle:g}"


def _of(metric: Metric) -> str:
    if metric.value is None:
        return ""
    count = len(metric.counted)
    if metric.key in ("conversion", "drop-rate"):
        return f"{len(metric.hits):,} of {many(count, 'deal')}"
    if metric.net is None:
        return many(count, "deal")
    beside = "as agreed" if abs(metric.net) < 0.005 else f"{abs(metric.net):.0%} {'over' if metric.net > 0 else 'under'}"
    return f"{many(count, 'deal')}, all together {beside}"
