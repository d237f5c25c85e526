"""The daily message of a rep: per deal the day, the figures, what is due or late, what is confirmed, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from bot.playbook.arithmetic import shown
from bot.playbook.clock.daily import Daily, DealLines, Line
from bot.playbook.clock.due import DealDay
from bot.playbook.clock.items import Item
from bot.playbook.clock.milestones import upcoming
from bot.playbook.scenarios import FINDINGS, title
from templates.draft_facts import Draft
from templates.drafts import TITLES
from templates.figures import days, rate, short_day
from templates.kit import Block, Message, button, choices, header, lines, section
from templates.quote import clean, neutral

MOST_FULL = 12
"""Deals shown with their items and buttons, the most urgent first; the others get a line each."""

MOST_SHORT = 60
"""Deals with a line of their own; Slack takes 50 blocks."""

MOST_ITEMS = 6
"""Items of a deal that are shown; the rest is counted."""

MOST_BUTTONS = 4
"""Buttons of a deal; Slack would take more, readers do not."""

SCRIPT, DRAFT = "jumpin-clock-script", "jumpin-clock-draft"
RAMPED, SHORT, SATISFIED, NEXT = "jumpin-clock-ramped", "jumpin-clock-short", "jumpin-clock-satisfied", "jumpin-clock-next"
PICKED_UP, TAKEN, MARK = "jumpin-clock-picked-up", "jumpin-clock-taken", "jumpin-clock-mark"
"""Action ids of the buttons. A button's value is "<deal>|<item's key>", a choice's "done|…" or "postpone|…" before that."""

_SIGNS = {"red": "🔴", "overdue": "🟠", "due": "🔵", "ask": "❓", "ahead": "▫️", "confirmed": "✅"}
_FIGURE = re.compile(r"[\d.,-]+/day")
_PICKUP = "confirmed:pickup-"
_FINDINGS = ("heard", "open-finding")
_RAMP = ("ramp-step", "agree-next", "leadership")
_OFFICE = {"leadership": "leadership", "account-manager": "account manager", "implementation": "implementation"}


def daily_message(daily: Daily) -> Message:
    """The message as it should look now; done items are struck through."""
    full, rest = daily.deals[:MOST_FULL], daily.deals[MOST_FULL:]
    blocks: list[Block] = [header(_headline(daily))]
    if daily.away:
        blocks.append(lines(f"I was away for {_business(daily.away)}; this is everything in one, as it stands today."))
    if any(line.item.soft and line.item.state != "red" for deal in full for line in deal.lines):
        blocks.append(lines("The quarter is ending: what leads to the customer can wait a few days unless it is red."))
    for deal in full:
        blocks += _deal(deal)
    blocks += _shortly(rest)
    return Message(f"{_headline(daily)}. {neutral(_first(daily), 200)}", blocks)


def figures(day: DealDay) -> str:
    """As "said 10-15/day · agreed 150/day · actual 120/day"; what nobody knows is not shown as nothing."""
    parts = [f"said {rate(day.stated.per_day)}" if day.stated and rate(day.stated.per_day) else "", f"agreed {day.agreed.per_day:,}/day"]
    parts.append(f"actual {shown((round(day.actual),) * 2)}/day" if day.actual is not None else "actual not known")
    return " · ".join(part for part in parts if part)


def where(day: DealDay) -> str:
    """Day N of M: "test starts in 3 days", "test day 3 of 14", "day 23, ramp since 16 Nov"."""
    if day.number < 1:
        return "test starts tomorrow" if day.number == 0 else f"test starts in {days(1 - day.number)}"
    if day.number <= day.of:
        return f"test day {day.number} of {day.of}"
    ramp = day.plan.ramp
    if day.today >= ramp and day.ramping.status == "as-planned":
        return f"day {day.number}, ramping as planned since {short_day(day.ramping.since or ramp)}"
    when = "today" if day.today == ramp else f"{'since' if day.today > ramp else 'on'} {short_day(ramp)}"
    return f"day {day.number}, ramp due {when}"


def item_words(item: Item, today: date) -> str:
    """One item in a line, said the more plainly the later it is."""
    if item.state == "overdue" and item.nudge == "open-finding":
        return _still_unanswered(item)
    what = _what(item)
    if item.state in {"red", "ask"} or item.nudge in _RAMP:
        return what + (f"{', ' if item.state == 'red' else ' — open '}for {days(item.late)}" if item.late > 2 else "")
    if item.state == "overdue":
        then = "Find out today" if item.answer == "pickup" else "Do it today, or postpone it and say why"
        since = f": open since {short_day(item.day)}. {then}"
        return what + ["", f": was due {short_day(item.day)}", f": {days(item.late)} late", since][item.tone]
    if item.state == "due":
        if item.nudge == "call-follow-up":
            return what
        return f"Today: {what}" if item.day == today else f"{what} (since {short_day(item.day)})"
    return f"{item.day:%a} {short_day(item.day)}: {what}" if item.state == "ahead" else what


def _still_unanswered(item: Item) -> str:
    """A finding that nobody has decided on, as "Still open since 4 Nov: Too busy to ramp (“no hands left”)"."""
    since = f" since {short_day(item.day)}"
    begun = item.title + ["", since, f", {days(item.late)} late", since][item.tone]
    then = ". Answer it today, or snooze it in `/deal-findings`" if item.tone == 3 else ""
    return f"{begun}: {_called(item)}{_said(item)}{then}"


def _what(item: Item) -> str:
    """The item's own words; texts of other people are made harmless."""
    if item.nudge in _FINDINGS:
        return f"{item.title}: {_called(item)}{_said(item)}"
    detail = f" ({neutral(item.detail, 160)})" if item.detail else ""
    return f"{neutral(item.title, 160)}{detail}"


def _said(item: Item) -> str:
    """What was said, as " (15/day)" or " (“no hands left”)"."""
    if not item.detail:
        return ""
    words = neutral(item.detail, 80)
    return f" ({words})" if _FIGURE.fullmatch(item.detail) else f" (“{words}”)"


def _called(item: Item) -> str:
    return title(item.script) if item.script in FINDINGS else clean(item.script or "", 60)


def _headline(daily: Daily) -> str:
    count = len(daily.deals)
    open_lines = [line for deal in daily.deals for line in deal.lines if not line.done]
    red = sum(line.item.state == "red" for line in open_lines)
    late = sum(line.item.state == "overdue" for line in open_lines)
    notes = [f"{red} red" if red else "", f"{late} overdue" if late else ""]
    told = ", ".join(note for note in notes if note) or ("all done" if not open_lines else "")
    day = f"{daily.day:%A}, {daily.day.day} {daily.day:%B}"
    return f"{day}: {count} deal{'' if count == 1 else 's'}{f', {told}' if told else ''}"


def _first(daily: Daily) -> str:
    deal = daily.deals[0]
    return f"{deal.day.deal.customer}: {deal.lines[0].item.title}"


def _deal(deal: DealLines) -> list[Block]:
    day = deal.day
    told = [f"*{neutral(day.deal.customer, 80)}* — {where(day)}", f"_{figures(day)}_"]
    shown_lines = [_line(line, day.today) for line in _folded(deal.lines)]
    told += shown_lines[:MOST_ITEMS]
    hidden = len(shown_lines) - MOST_ITEMS
    blocks = [section("\n".join(told))]
    elements = _buttons(deal)
    if elements:
        blocks.append({"type": "actions", "block_id": f"clock-{deal.id}"[:255], "elements": elements})
    small = [f"… and {hidden} more" if hidden > 0 else "", _still_open(deal.more), _next(deal)]
    if any(small):
        blocks.append(lines(" · ".join(part for part in small if part)))
    return blocks


def _folded(found: Sequence[Line]) -> Iterator[Line]:
    """The lines, with further pickups that were confirmed in one."""
    pickups = [line for line in found if line.item.key.startswith(_PICKUP)]
    for line in found:
        if line not in pickups or len(pickups) == 1:
            yield line
        elif line is pickups[0]:
            numbers = ", ".join(each.item.key.removeprefix(_PICKUP) for each in pickups)
            yield replace(line, item=replace(line.item, title=f"Pickups of shipping days {numbers} confirmed", detail=""))


def _line(line: Line, today: date) -> str:
    words = item_words(line.item, today)
    return f"☑️ ~{words}~" if line.done else f"{_SIGNS[line.item.state]} {words}"


def _still_open(more: Sequence[Item]) -> str:
    names = [_called(item) if item.nudge in _FINDINGS else neutral(item.title, 50) for item in more[:3]]
    return f"also open: {', '.join(names)}{' …' if len(more) > 3 else ''}" if more else ""


def _next(deal: DealLines) -> str:
    """What comes next and is not said above already."""
    said = {line.item.key for line in deal.lines}
    coming = upcoming(deal.day.line, deal.day.today, said)
    if coming is None:
        return ""
    office = f" ({_OFFICE[coming.owner]})" if coming.owner in _OFFICE else ""
    return f"next: {neutral(coming.title, 80)}{office}, {coming.due:%a} {short_day(coming.due)}"


def _buttons(deal: DealLines) -> list[Block]:
    """A few buttons, the most urgent items' first, and a menu to mark what can be done or postponed."""
    open_items = [line.item for line in deal.lines[:MOST_ITEMS] if not line.done]
    several = len({item.script for item in open_items if item.script}) > 1
    found = [one for item in open_items for one in _of_item(deal.id, item, several=several)][:MOST_BUTTONS]
    elements = [button(label, f"{action}:{number}", value) for number, (label, action, value) in enumerate(found)]
    markable = [item for item in open_items if item.answer == "done" and item.state != "confirmed"][:2]
    options = {
        f"{what}|{deal.id}|{item.key}"[:150]: f"{label}: {item.title}"
        for item in markable
        for what, label in (("done", "Done"), ("postpone", "Postpone"))
    }
    return [*elements, choices(MARK, options)] if options else elements


def _of_item(deal: str, item: Item, *, several: bool) -> Iterator[tuple[str, str, str]]:
    """Label, action and value of each button of an item; of several scripts each says which it is."""
    value = f"{deal}|{item.key}"
    if item.script:
        yield f"Script: {_called(item)}" if several else "Script", SCRIPT, f"{value}|{item.script}"
    if item.draft:
        yield TITLES[cast("Draft", item.draft)], DRAFT, f"{value}|{item.draft}"
    answers = {
        "volume": [("It runs as agreed", RAMPED), ("Not yet", SHORT)],
        "performance": [("They are satisfied", SATISFIED), ("I'm on it", TAKEN)],
        "next": [("Next milestone …", NEXT)],
        "pickup": [("Pickup was …", PICKED_UP)],
    }
    for label, action in answers.get(item.answer or "", []):
        yield label, action, value


def _shortly(rest: Sequence[DealLines]) -> Iterator[Block]:
    """The deals for which there is no room, a line each."""
    told = [_short_line(deal) for deal in rest[:MOST_SHORT]]
    if rest:
        yield lines(f"And {len(rest)} more deal{'' if len(rest) == 1 else 's'}; `/deal-milestones` shows each:")
    if len(rest) > MOST_SHORT:
        told.append(f"… and {len(rest) - MOST_SHORT} that can wait longest")
    for begin in range(0, len(told), 12):
        yield section("\n".join(told[begin : begin + 12]))


def _short_line(deal: DealLines) -> str:
    first, more = deal.lines[0], len(deal.lines) - 1
    customer = neutral(deal.day.deal.customer, 50)
    return f"{_SIGNS[first.item.state]} *{customer}*: {item_words(first.item, deal.day.today)[:120]}" + (
        f" and {more} more" if more else ""
    )


def _business(count: int) -> str:
    return f"{count} business day{'' if count == 1 else 's'}"
