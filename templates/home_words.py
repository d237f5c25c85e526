"""What Home says of a deal, of the scenarios of a team, and of the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.playbook.book import Entry, Range, Ranked, Week, usefulness
from bot.playbook.clock.checklists import Checklist
from bot.playbook.scenarios import FINDINGS, SUBJECTS, title
from bot.playbook.terms import warnings
from templates.figures import rate, short_day
from templates.home_boxes import fold, home_boxes, unfold
from templates.kit import Block, lines, link, moment, section, usable
from templates.quote import neutral
from templates.status import Said, day_words, next_words

MOST_WARNINGS = 2


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal on the page: what was said last of its volume, the newest finding that waits, for a team whose deal it is, and its tick boxes.

    `boxes` is empty where they are not to stand there.
    """

    entry: Entry
    stated: Said | None = None
    newest: Said | None = None
    team: bool = False
    timezone: str = "America/New_York"
    boxes: Sequence[Checklist] = ()


def deal_blocks(line: DealLine) -> list[Block]:
    """A deal in two blocks; one's own with the button that brings its tick boxes, and with these."""
    deal, today = line.entry.deal, line.entry.today
    listened = "" if deal.coverage == "white-glove" else " · standard coverage, not monitored"
    told = [
        f"*{neutral(deal.customer, 80)}* — {day_words(deal, today)}{listened}",
        f"{_said(line)} · {next_words(deal, today)}",
        _open(line),
    ]
    small = [*([_reps(line)] if line.team else []), *_useful(line), *_warnings(line)]
    own = not line.team and deal.coverage == "white-glove"
    tick = {"accessory": (fold if line.boxes else unfold)(line.entry.id)} if own else {}
    boxes = home_boxes(line.entry.id, deal.stage, line.boxes) if own and line.boxes else []
    return [section("\n".join(told)) | tick, *([lines("\n".join(small))] if small else []), *boxes]


def ranked_words(scenarios: Sequence[Ranked]) -> str:
    """The scenarios of a team, the most at stake first."""
    told = [f"{number}. *{_title(one.scenario)}*: {_stake(one)}" for number, one in enumerate(scenarios, start=1)]
    return "\n".join(["*Where volume is at stake*", *told])


def week_words(week: Week) -> str:
    """What came of the talk since Monday."""
    came = f"{week.used} used, {week.not_an_issue} not an issue, {week.resolved} resolved"
    told = f"*This week* {_count(week.raised, 'finding')} raised, {came}."
    if not (week.raised or week.used or week.not_an_issue or week.resolved):
        return "*This week* nothing that was said left the agreed terms."
    return f"{told} Of what is new and still open, {per_day(week.stake)} are at stake." if week.stake and week.stake[1] > 0 else told


def useful_words(useful: Mapping[str, tuple[int, int]]) -> str:
    """How many of the findings decided on were of use, by scenario, those with the most decisions first."""
    in_order = sorted(useful.items(), key=lambda one: (-one[1][1], one[0]))
    told = [f"• {_title(scenario)}: {hits} of {decided} of use" for scenario, (hits, decided) in in_order]
    return "\n".join(["*How useful I have been so far*", *told])


def per_day(stake: Range) -> str:
    """As "135-140 packages a day", "137.5 packages a day"."""
    low, high = (f"{value:,.2f}".rstrip("0").rstrip(".") for value in stake)
    figure = low if low == high else f"{low}-{high}"
    return f"{figure} package{'' if figure == '1' else 's'} a day"


def _said(line: DealLine) -> str:
    agreed = line.entry.deal.agreed_on(line.entry.today).per_day
    figure = rate(line.stated.finding.said_per_day) if line.stated else None
    if line.stated is None or figure is None:
        return f"Agreed *{agreed:,}/day*, no figure said yet"
    day = short_day(line.stated.said_at.astimezone(ZoneInfo(line.timezone)).date())
    return f"Said *{figure}* ({day}), agreed *{agreed:,}/day*"


def _open(line: DealLine) -> str:
    waiting = line.entry.standing.waiting
    if not waiting or line.newest is None:
        return "Nothing open"
    finding, at = line.newest.finding, moment(line.newest.said_at, ZoneInfo(line.timezone))
    figure = rate(finding.said_per_day) or neutral(finding.said or "", 60)
    if finding.subject in SUBJECTS:
        figure = f"{SUBJECTS[finding.subject]}: {figure}" if figure else SUBJECTS[finding.subject]
    where = f" · {link(line.newest.permalink, 'message')}" if usable(line.newest.permalink) else ""
    snoozed = f", snoozed until {moment(line.newest.until, ZoneInfo(line.timezone))}" if line.newest.until else ""
    stake = line.entry.standing.stake
    missing = f", {per_day(stake)} at stake" if stake and stake[1] > 0 else ""
    newest = f"{_title(finding.scenario)}{f' ({figure})' if figure else ''}, {at}{snoozed}{where}"
    return f"🔔 *{waiting} open*{missing}{'. Newest' if waiting > 1 else ''}: {newest}"


def _reps(line: DealLine) -> str:
    names = [neutral(person.name, 40) for person in line.entry.deal.people if person.role == "rep"]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"Rep: {', '.join(names[:3])}{more}" if names else "No rep"


def _useful(line: DealLine) -> list[str]:
    found = usefulness(line.entry.standing.tallies)
    told = [f"{_title(scenario)} {hits} of {decided}" for scenario, (hits, decided) in found.items()]
    return [f"Of use here so far: {', '.join(told)}"] if told else []


def _warnings(line: DealLine) -> list[str]:
    found = warnings(line.entry.deal)
    more = [f"⚠️ {len(found) - MOST_WARNINGS} more under `/deal-status`"] if len(found) > MOST_WARNINGS else []
    return [*(f"⚠️ {neutral(one)}" for one in found[:MOST_WARNINGS]), *more]


def _stake(one: Ranked) -> str:
    where = f"{one.waiting} open in {_count(one.deals, 'deal')}"
    return f"{per_day(one.stake)}, {where}" if one.stake else f"no figure said, {where}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _title(scenario: str) -> str:
    """A scenario that a newer version wrote has its name for a title."""
    return title(scenario) if scenario in FINDINGS else neutral(scenario, 60)
