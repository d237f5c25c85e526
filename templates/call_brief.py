"""The brief before a call, on one screen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deal import Person
from bot.playbook.clock.calls import Brief
from bot.playbook.clock.history import Stated
from bot.playbook.scenarios import FINDINGS, title
from templates.daily import figures, where
from templates.figures import rate, short_day
from templates.kit import Block, Message, header, lines, section
from templates.quote import neutral

MOST = 6
"""Lines of each part."""


def brief_message(brief: Brief) -> Message:
    """Who, what was said, what is open, what to reach, what to ask, and the step to propose."""
    day = brief.day
    what = f"{brief.call.title}, {brief.call.at:%H:%M}" if brief.call else "call"
    head = f"{day.deal.customer}: {what}"
    blocks: list[Block] = [header(f": {what}", of=day.deal.customer), lines(f"{where(day)} · {figures(day)}")]
    blocks.append(section(f"*Who*\n{_people('theirs', brief.theirs)}\n{_people('ours', brief.ours)}"))
    said = [f"• {_stated(brief.stated)}"] if brief.stated else []
    for one in brief.open[:MOST]:
        called = title(one.scenario) if one.scenario in FINDINGS else neutral(one.scenario, 60)
        said.append(f"• open: {called}{f' ({neutral(one.said, 80)})' if one.said else ''}, {short_day(one.since)}")
    blocks.append(section("*What was said*\n" + ("\n".join(said) or "Nothing stated, nothing open.")))
    blocks.append(section(f"*To reach*\n{_listed(brief.goals)}\n*Worth asking*\n{_listed(brief.questions)}"))
    blocks.append(section(f"*Next step to propose*\n{neutral(brief.step)}"))
    return Message(f"{neutral(head)}: {neutral(brief.step)}", blocks)


def _people(side: str, people: Sequence[Person]) -> str:
    names = ", ".join(f"{neutral(one.name, 60)} ({one.role.replace('-', ' ')})" for one in people[:8]) or "nobody named in the deal"
    return f"{side}: {names}"


def _listed(sentences: Sequence[str]) -> str:
    return "\n".join(f"• {neutral(one)}" for one in sentences[:MOST])


def _stated(stated: Stated) -> str:
    """As "15/day — Dana Ortiz, 4 Nov"."""
    by = f"{neutral(stated.by, 60)}, " if stated.by else ""
    return f"{rate(stated.per_day)} — {by}{short_day(stated.day)}"
