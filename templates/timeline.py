"""The time line of a deal: what is late, due, ahead and done, with days, owners and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.playbook.clock.due import DealDay
from bot.playbook.clock.milestones import Milestone
from templates.daily import figures, where
from templates.figures import short_day
from templates.kit import Block, Message, header, lines, section
from templates.quote import neutral

MOST_AHEAD = 12
"""Milestones ahead that are shown; reviews go on as long as the deal does."""

_OWNERS = {
    "rep": "rep",
    "leadership": "leadership",
    "account-manager": "account manager",
    "implementation": "implementation",
    "customer": "customer",
    "guest": "guest",
}
_ROWS = 20


def timeline(day: DealDay) -> Message:
    """The message for /deal-milestones."""
    head = f"{day.deal.customer} — {where(day)}"
    blocks: list[Block] = [header(f"— {where(day)}", of=day.deal.customer), lines(figures(day))]
    groups = (
        ("🟠 *Overdue*", _of(day, "overdue")),
        ("🔵 *Due today*", _of(day, "due")),
        ("▫️ *Next*", _of(day, "next", "postponed")[:MOST_AHEAD]),
        ("☑️ *Done*", _of(day, "done")),
        ("*Not seen, and no longer asked for*", _of(day, "missed")),
    )
    for name, rows in groups:
        blocks += _group(name, list(_folded(rows)))
    hidden = len(_of(day, "next", "postponed")) - MOST_AHEAD
    if hidden > 0:
        blocks.append(lines(f"… and {hidden} further reviews, audits and questions"))
    nearest = f"{day.next.title}, {short_day(day.next.due)}" if day.next else "nothing ahead"
    return Message(f"{neutral(head)}; next: {neutral(nearest)}", blocks)


def _of(day: DealDay, *states: str) -> list[Milestone]:
    return [one for one in day.line if one.state in states]


def _group(name: str, rows: Sequence[str]) -> Iterator[Block]:
    for begin in range(0, len(rows), _ROWS):
        head = [name] if begin == 0 else []
        yield section("\n".join([*head, *rows[begin : begin + _ROWS]]))


def _folded(rows: Sequence[Milestone]) -> Iterator[str]:
    """A row each; pickups of following days in one."""
    pickups = [one for one in rows if one.key.startswith("pickup-")]
    for one in rows:
        if one not in pickups or len(pickups) == 1:
            yield _row(one)
        elif one is pickups[0]:
            numbers = ", ".join(one.key.removeprefix("pickup-") for one in pickups)
            yield f"• {_span(pickups)}  Pickups of shipping days {numbers}"


def _row(one: Milestone) -> str:
    told = f"• {short_day(one.done or one.due)}  {neutral(one.title, 100)}"
    owner = f" ({_OWNERS[one.owner]})" if one.owner != "rep" and one.state != "done" else ""
    evidence = f" — {neutral(one.evidence, 120)}" if one.evidence else ""
    moved = one.planned is not None and one.planned != one.due and one.state != "done"
    postponed = f", moved from {short_day(one.planned)}" if moved and one.planned else ""
    reason = f": {neutral(one.reason, 120)}" if one.reason and one.state != "done" else ""
    return f"{told}{owner}{evidence}{postponed}{reason}"


def _span(rows: Sequence[Milestone]) -> str:
    return f"{short_day(rows[0].due)} - {short_day(rows[-1].due)}"
