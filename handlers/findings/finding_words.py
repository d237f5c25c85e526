"""What was typed after /deal-findings: a state, a scenario and a time in any order; the rest names the deal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.playbook.scenarios import FINDINGS
from templates.finding_list import PERIODS, STATES

_NO_WORD = re.compile(r"[^\w]+")
_LONGEST = 5
EVERYWHERE = frozenset({"everywhere", "all-deals", "all-my-deals"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The filters understood ("" where none was named), whether all deals are meant, and the rest, which names a customer."""

    state: str = ""
    scenario: str = ""
    period: str = ""
    everywhere: bool = False
    customer: str = ""


def understood(text: str, customers: Sequence[str]) -> Typed:
    """What was typed. A customer's whole name is taken first, so that words in it mean nothing else."""
    folded, found = text.casefold(), dict[str, str]()
    there = (name for name in customers if name.casefold() in folded)
    whole = sorted((name for name in there if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded)), key=len)
    if whole:
        at = folded.index(whole[-1].casefold())
        text = f"{text[:at]} {text[at + len(whole[-1]) :]}"
    rest, everywhere, words = list[str](), False, text.split()
    while words:
        count, kind, value = _longest(words)
        if kind is None:
            rest.append(words[0])
        elif kind == "everywhere":
            everywhere = True
        else:
            found[kind] = value
        words = words[count:]
    customer = whole[-1] if whole else " ".join(rest)
    return Typed(found.get("state", ""), found.get("scenario", ""), found.get("period", ""), everywhere, customer)


def span(period: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From when and up to when (UTC) a period lasts, in whole days of the zone."""
    if period not in PERIODS or not period:
        return None, None
    today = now.astimezone(zone).date()
    back = {"today": 0, "yesterday": 1}.get(period)
    first = today - timedelta(days=int(period.partition("-")[0]) - 1 if back is None else back)
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    return begins, datetime.combine(today, time(), zone).astimezone(UTC) if period == "yesterday" else None


def _longest(words: Sequence[str]) -> tuple[int, str | None, str]:
    """The longest beginning that means something: how many words, of which kind, and what; one word of no kind where none does."""
    for count in range(min(_LONGEST, len(words)), 0, -1):
        name = _folded(" ".join(words[:count]))
        if name in EVERYWHERE:
            return count, "everywhere", ""
        for kind, known in _KINDS.items():
            if name in known:
                return count, kind, known[name]
    return 1, None, ""


def _folded(name: str) -> str:
    return _NO_WORD.sub("-", name.casefold()).strip("-")


_STATES = {_folded(called): state for state, label in STATES.items() if state for called in (state, label)} | {
    "no-issue": "not-an-issue",
    "dismissed": "not-an-issue",
    "settled": "resolved",
    "deleted": "withdrawn",
    "any-state": "",
}
_SCENARIOS = {
    _folded(called): scenario for scenario, label in FINDINGS.items() for called in (scenario, scenario.removeprefix("objection-"), label)
} | {"contradictions": "contradiction"}
_PERIODS = {_folded(called): period for period, label in PERIODS.items() if period for called in (period, label)} | {
    "last-week": "7-days",
    "this-week": "7-days",
    "week": "7-days",
    "last-month": "30-days",
    "this-month": "30-days",
    "month": "30-days",
    "quarter": "90-days",
    "last-quarter": "90-days",
    "any-time": "",
}
_KINDS: Mapping[str, Mapping[str, str]] = {"state": _STATES, "scenario": _SCENARIOS, "period": _PERIODS}
