"""What a person says that a message means: held against the deal by our own arithmetic, and noted as a label for the reader to learn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.deal import Agreed, Deal
from bot.language.rates import Range, days_in
from bot.language.statement import Quantity, Statement, Utterance
from bot.playbook.agreed import term
from bot.playbook.arithmetic import below, materially_below, meets, per_day, shown
from bot.playbook.case import Case
from bot.playbook.contradiction import agreed_per_day
from bot.playbook.finding import Finding
from bot.playbook.judge import day_of
from bot.playbook.scenarios import SIGNALS, SUBJECTS, title
from bot.playbook.talk import WHY

BY_HAND = "by hand"
"""The rule of what a person named."""

QUOTED = 220
"""Characters of the message that are quoted where no clause stands out."""

MOST = 10_000_000.0
"""Packages per shipping day that no deal exceeds."""

PERIODS = ("day", "week", "fortnight", "month", "quarter", "year")
"""What a figure may be per; shares are of the commitment or of the test."""

_FIGURE = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?)\s*(?:(?:-|–|—|to)\s*(\d[\d,]*(?:\.\d+)?))?\s*%?\s*", re.IGNORECASE | re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")

Entry = dict[str, Any]
"""One thing heard, as `expect` of a conversation file has it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a message means: a scenario, for a contradiction its subject, the figure as said, or what was said where it is no volume."""

    scenario: str
    subject: str | None = None
    quantity: Quantity | None = None
    said: str | None = None


def quantity_of(text: str, per: str) -> Quantity | None:
    """A typed figure, "15" or "10-15", per one of PERIODS, or as "% of the commitment" or "% of the test"; None where it is no figure."""
    found = _FIGURE.fullmatch(text)
    if found is None or not all(_THOUSANDS.fullmatch(end) for end in found.groups() if end):
        return None
    low, high = sorted(float((end or found[1]).replace(",", "")) for end in found.groups())
    share = per.removeprefix("%") if per.startswith("%") else None
    if (share is None and "%" in text) or low < 0:
        return None
    made = Quantity(text.strip(), 0, len(text), "number" if share is None else "percent", low, high, rule=BY_HAND)
    return replace(made, of=share) if share is not None else replace(made, per=None if per == "day" else per)


def figure(correction: Correction, deal: Deal) -> Range | None:
    """The figure in packages per shipping day of this deal, exactly; None where none was said, or none that a deal could have."""
    said = per_day(correction.quantity, deal) if correction.quantity else None
    return said if said is not None and said[1] <= MOST else None


def finding_of(deal: Deal, said: Utterance, correction: Correction, heard: Finding | None = None) -> Finding:
    """What a person says that a message means, as a finding; `heard`: what stands in its place, whose quote and side of the deal stay."""
    day = day_of(deal, said)
    there = deal.on(day)
    quote = heard.quote if heard and heard.quote else quoted(said.text)
    case = Case(there, Statement("heard", quote, 0, len(said.text), 1.0, BY_HAND, correction.quantity), said.side, day)
    figures = figure(correction, there)
    if correction.scenario in SIGNALS:
        return case.signal(correction.scenario, f"{title(correction.scenario)}, says a person.", said=figures)
    if correction.scenario == "contradiction":
        return _contradiction(case, correction, figures)
    agreed = _agreed(case, correction.scenario)
    made = case.finding(correction.scenario, _why(correction, figures, agreed.per_day), said=figures, agreed=agreed)
    if heard is None or heard.scenario != correction.scenario or heard.agreed_per_day is None:
        return made
    # the message may speak of another day than its own: which figure it is held against stays as it was read
    why = _why(correction, figures, heard.agreed_per_day)
    return replace(made, why=why, agreed=heard.agreed, agreed_per_day=heard.agreed_per_day)


def by_hand(finding: Finding) -> Finding:
    """A finding as a person raises it: sure, and for a direct message."""
    return replace(finding, urgency="now", sure=1.0, rule=BY_HAND, suppressed=None)


def quoted(text: str) -> str:
    """The beginning of a message, whole words only, so that the quote stands in it as it is."""
    text = text.strip()
    return text if len(text) <= QUOTED else text[:QUOTED].rpartition(" ")[0] or text[:QUOTED]


def entry_of(finding: Finding) -> Entry:
    """A finding or signal as an entry of `expect`."""
    entry: Entry = {"scenario": finding.scenario}
    if finding.said_per_day is not None:
        entry["said_per_day"] = [_number(end) for end in finding.said_per_day]
    if finding.subject is not None:
        entry["subject"] = finding.subject
    if finding.said is not None and finding.said_per_day is None:
        entry["said"] = finding.said
    return entry


def key_of(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    """What makes an entry the same: scenario and subject."""
    return str(entry.get("scenario")), entry.get("subject")


def expected(before: Sequence[Entry], wrong: tuple[str, str | None] | None, right: Entry | None) -> tuple[Entry, ...]:
    """What is to be heard in a message: `before` without the entry that was `wrong` (None: something was missed), with the right one."""
    taken = {wrong, key_of(right) if right else None}
    place = next((number for number, one in enumerate(before) if key_of(one) in taken), len(before))
    kept = [one for one in before if key_of(one) not in taken]
    place = min(place, len(kept))
    return (*kept[:place], *((right,) if right else ()), *kept[place:])


def _contradiction(case: Case, correction: Correction, figures: Range | None) -> Finding:
    subject = correction.subject or "other"
    agreed = term(subject, case.deal)
    words = correction.said or _volume(subject, figures, case.deal)
    held = f"; agreed is {agreed}" if agreed else ""
    why = (
        f"The {SUBJECTS[subject]} was given as {words}{held}."
        if words
        else f"Something else than agreed was said about the {SUBJECTS[subject]}."
    )
    made = case.finding("contradiction", why, said=figures)
    return replace(made, subject=subject, said=words, agreed=agreed, agreed_per_day=agreed_per_day(subject, case.deal))


def _volume(subject: str, figures: Range | None, deal: Deal) -> str | None:
    if figures is None:
        return None
    days = days_in("year", deal.volume.shipping_days_per_week) if subject == "volume.annual" else None
    return f"{shown((figures[0] * days, figures[1] * days))} a year" if days else f"{shown(figures)}/day"


def _agreed(case: Case, scenario: str) -> Agreed:
    days = {"not-ramping": case.deal.ramp_starts, "start-small-and-ramp": case.deal.test.starts}
    return case.deal.agreed_on(days.get(scenario, case.day))


def _why(correction: Correction, figures: Range | None, agreed: float) -> str:
    if correction.scenario in WHY:
        return WHY[correction.scenario]
    if figures is None:
        return f"{title(correction.scenario)}, without a figure; agreed is {agreed:,.0f}/day."
    return below(figures, agreed) if materially_below(figures, agreed) else meets(figures, agreed)


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 6)
