"""The answers of /deal-milestones: the time line with its buttons, what was added, and how to ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.playbook.clock.due import DealDay
from bot.playbook.clock.kinds import BY_KEY
from bot.playbook.clock.milestones import Milestone
from bot.playbook.clock.survey import Survey
from templates.daily import DRAFT, MARK
from templates.figures import short_day
from templates.kit import BUTTON, Block, Message, button, lines, section
from templates.quote import clean, neutral
from templates.survey import trend
from templates.timeline import timeline

ADD = "jumpin-clock-add"
"""Action id of the button that opens the form for a milestone of one's own."""

CALENDAR = "jumpin-clock-calendar"
"""Action id of the button that tells how to get the calendar file."""

MOST_MARKED = 12
"""Milestones in the menu, each to be done or postponed; the earliest first."""

OPTION_VALUE = 150
"""Characters that Slack takes of an option's value."""


def milestone_card(deal_id: int, day: DealDay, answers: Sequence[Survey] = ()) -> Message:
    """The time line, how the customer answered, a menu to mark what is done or postponed, and buttons to add, ask and take along."""
    made = timeline(day)
    elements = [
        button("Add a milestone", ADD, f"{deal_id}|"),
        button("Survey", f"{DRAFT}:0", f"{deal_id}|onboarding-survey|onboarding-survey"),
        button("NPS", f"{DRAFT}:1", f"{deal_id}|{_nps(day)}|nps"),
        button("Calendar file", CALENDAR, f"{deal_id}|"),
    ]
    options = [option for one in _markable(day) for option in _options(deal_id, one)]
    if options:
        placeholder = {"type": "plain_text", "text": "Mark as done or postpone …"}
        elements.insert(0, {"type": "static_select", "action_id": MARK, "placeholder": placeholder, "options": options})
    asked = [lines(trend(answers))] if answers else []
    return Message(made.text, [*made.blocks[:48], *asked, {"type": "actions", "block_id": f"milestones-{deal_id}", "elements": elements}])


def _nps(day: DealDay) -> str:
    """The key of the NPS question that is asked now, or next."""
    return next((one.key for one in day.line if one.kind == "nps" and one.state in ("overdue", "due", "next", "postponed")), "nps")


def calendar_help(customer: str) -> Message:
    """How to get the deal's dates into a calendar."""
    return _plain(
        f"The dates of *{neutral(customer, 80)}* as a calendar file (.ics): whoever runs me writes it with "
        "`jumpin deals calendar CUSTOMER --output FILE.ics`. A later file changes the same entries in the calendar."
    )


def added(customer: str, what: str, day: date, asks_on: date, *, new: bool) -> Message:
    """A milestone was added, or was there; `asks_on` is the first day from it on that people work there, and the daily message comes."""
    told = "Added to" if new else "Already among"
    closed = "" if asks_on == day else f" Nobody works there that day: I ask about it on {asks_on:%a} {short_day(asks_on)}."
    return _plain(f"{told} the milestones of *{neutral(customer, 80)}*: {neutral(what, 200)}, {day:%a} {short_day(day)}.{closed}")


def no_day(reason: str) -> Message:
    """What was typed is no milestone with a day."""
    return _plain(f"Nothing was added: {neutral(reason)}.")


def milestones_help() -> Message:
    """How to ask."""
    return _plain(
        "`/deal-milestones` shows the time line of this channel's deal, `/deal-milestones acme` that of another one of yours. "
        "`/deal-milestones acme add second pickup window review next Thursday` adds one of your own. "
        "*Survey* and *NPS* prepare the question to send, and take the answer. "
        "What is done or postponed you mark in the menu under the time line, or in the daily message."
    )


def _markable(day: DealDay) -> list[Milestone]:
    states = ("overdue", "due", "next", "postponed")
    return [one for one in day.line if one.state in states and one.asked and BY_KEY[one.kind].markable][:MOST_MARKED]


def _options(deal_id: int, one: Milestone) -> list[Block]:
    made: list[Block] = []
    for what, label in (("done", "Done"), ("postpone", "Postpone")):
        value = f"{what}|{deal_id}|{one.key}"
        if len(value) <= OPTION_VALUE:
            made.append({"text": {"type": "plain_text", "text": clean(f"{label}: {one.title}", BUTTON)}, "value": value})
    return made


def _plain(text: str) -> Message:
    return Message(text, [section(text)])
