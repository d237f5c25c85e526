"""A manager's weekly message: what is at risk and by how much, who needs help and why, what moved, and which data are missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.playbook.weekly import Help, Lack, Move, Risk, Weekly
from templates.figures import short_day
from templates.kit import Block, Message, button, header, lines, section
from templates.new_form import STAGES
from templates.quote import neutral

NOTE = "jumpin-workshop-note"
"""Action id of the button that opens the form for a plus or a delta."""

MOST_RISKS, MOST_MOVES, MOST_HELPS, MOST_LACKS = 12, 12, 5, 8
"""Lines of each kind; the rest is counted."""

MOST_NAMED = 6
"""Deals named for each thing that is missing."""


def weekly_message(week: Weekly) -> Message:
    """The message; it wants a deal that runs, at least."""
    head = headline(week)
    blocks: list[Block] = [header(head)]
    blocks += _part(
        "At risk, by packages a day at stake", [risk_line(one) for one in week.risks], MOST_RISKS, no_risk(week), unknown_line(week)
    )
    if week.helps:
        blocks += _part("Who could use help", [help_line(one) for one in week.helps], MOST_HELPS)
    blocks += _part("What moved", [move_line(one) for one in week.moves], MOST_MOVES, "Nothing this week.")
    if week.lacks:
        blocks += _part("Data to mend", lack_lines(week.lacks), MOST_LACKS)
    blocks.append({"type": "actions", "block_id": "weekly", "elements": [button("Note a plus or a delta …", NOTE, "note")]})
    blocks.append(lines("A plus works, a delta is to change: notes come up at the managers' workshop. `/deal-metrics` has all numbers."))
    return Message(head, blocks)


def headline(week: Weekly) -> str:
    """As "Week of 2 Nov: 14 deals run, 3 at risk with 420 packages a day, 2 not known"."""
    deals = f"{week.deals} {'deal runs' if week.deals == 1 else 'deals run'}"
    risk = f"{len(week.risks)} at risk with {_packages(week.stake)} a day" if week.risks else "none at risk"
    unknown = f", {len(week.unknown)} not known" if week.unknown else ""
    return f"Week of {short_day(week.day - timedelta(days=7))}: {deals}, {risk}{unknown}"


def no_risk(week: Weekly) -> str:
    """What is said where no deal is known to be at risk."""
    return "Nothing that is known to be under the agreement." if week.unknown else "Nothing under the agreement."


def unknown_line(week: Weekly) -> str:
    """As "Not known, without fresh volume data: *Acme*, *Beta*": they may be at risk all the same. Empty where there are none."""
    return f"Not known, without fresh volume data: {_named([f'*{neutral(one, 60)}*' for one in week.unknown])}" if week.unknown else ""


def risk_line(risk: Risk) -> str:
    """As "*Acme*: 110 a day short (40 of 150) — Riley Chen"."""
    reps = ", ".join(neutral(name, 40) for _, name in risk.reps) or "no rep"
    now = f"{risk.now:,.0f} of {risk.agreed:,.0f}"
    what = {
        "under": f"{risk.stake:,.0f} a day short ({now})",
        "fell": f"{risk.stake:,.0f} a day short ({now}), and it had been full",
        "nothing": f"nothing shipped yet of {risk.agreed:,.0f} a day",
        "said": f"{risk.stake:,.0f} a day short by what was said ({now}); no fresh volume data",
    }[risk.why]
    return f"*{neutral(risk.customer, 60)}*: {what} — {reps}"


def help_line(one: Help) -> str:
    """Why, in a sentence: the rep's share beside everybody else's, and what waits for an answer."""
    parts = []
    if one.at_risk:
        beside = f" (everybody else: {one.others_at_risk} of {one.others})" if one.others else ""
        parts.append(f"{one.at_risk} of {one.deals} deals at risk{beside}, with {_packages(one.stake)} a day at stake")
    if one.unanswered:
        waits = "finding has" if one.unanswered == 1 else "findings have"
        parts.append(f"{one.unanswered} {waits} waited for an answer for over 3 days")
    return f"*{neutral(one.rep[1], 60)}*: {'; '.join(parts)}"


def move_line(move: Move) -> str:
    """As "3 Nov *Acme*: first packages"."""
    what = {
        "new": f"new, in {STAGES.get(move.stage or '', move.stage)}",
        "stage": f"now in {STAGES.get(move.stage or '', move.stage)}",
        "first": "first packages",
        "test-ended": "the test ended",
        "full": "reached the committed volume 🎉",
    }[move.kind]
    return f"{short_day(move.day)} *{neutral(move.customer, 60)}*: {what}"


def lack_lines(lacks: Sequence[Lack]) -> list[str]:
    """A line for each thing that is missing, with the deals that lack it: what most of them lack comes first, after the volume data.

    As "No volume data: *Acme* since 2 Nov, *Beta* none at all", "No ramp is written down. 21 deals: *Acme*, *Beta* and 19 more".
    """
    silent = [f"*{_called(one)}* {f'since {short_day(one.since)}' if one.since else 'none at all'}" for one in lacks if one.silent]
    by_term: dict[str, list[str]] = {}
    for one in lacks:
        for term in one.terms:
            by_term.setdefault(term, []).append(f"*{_called(one)}*")
    told = [f"No volume data: {_named(silent)}"] if silent else []
    for term, deals in sorted(by_term.items(), key=lambda item: (-len(item[1]), item[0])):
        told.append(f"{neutral(term, 200)} {'1 deal' if len(deals) == 1 else f'{len(deals)} deals'}: {_named(deals)}")
    return told


def _called(one: Lack) -> str:
    return neutral(one.customer, 60)


def _named(deals: Sequence[str]) -> str:
    more = len(deals) - MOST_NAMED
    return ", ".join(deals[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _part(title: str, told: list[str], most: int, nothing: str = "", last: str = "") -> list[Block]:
    shown = [f"• {line}" for line in told[:most]]
    shown += [f"… and {len(told) - most} more"] if len(told) > most else []
    return [section("\n".join([f"*{title}*", *(shown or [nothing]), *([last] if last else [])]))]


def _packages(count: float) -> str:
    return f"{count:,.0f} package{'' if round(count) == 1 else 's'}"
