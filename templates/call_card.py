"""/deal-call: the brief with its buttons, the form for a call, and how to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.deal import Call
from bot.playbook.clock.items import after_call
from templates.daily import DRAFT, NEXT
from templates.figures import short_day
from templates.form import View, modal, text_field
from templates.kit import Message, button, section
from templates.quote import neutral

CALL, CALL_FORM = "jumpin-clock-call", "jumpin-clock-call-form"
"""The button that opens the form for a call, and the form."""

TITLE, DAY, TIME, MEETING = "title", "day", "time", "meeting"
"""Fields."""


def call_card(deal_id: int, brief: Message, call: Call | None) -> Message:
    """The brief and what one does before and after a call."""
    key = after_call(call) if call else "after:"
    elements = [
        button("Note a call …", CALL, f"{deal_id}|"),
        button("Follow-up draft", f"{DRAFT}:0", f"{deal_id}|{key}|post-call"),
        button("Next step …", NEXT, f"{deal_id}|{key}"),
    ]
    return Message(brief.text, [*brief.blocks[:49], {"type": "actions", "block_id": f"call-{deal_id}", "elements": elements}])


def call_form(customer: str, kept: Mapping[str, Any], *, briefed: bool = True) -> View:
    """A call: what it is about, and when; `briefed`: whether its brief is sent."""
    comes = "I send the brief an hour before it, and ask for the next step the day after." if briefed else "which call is it?"
    told = section(f"*{neutral(customer, 80)}*: {comes}")
    fields = [
        text_field(TITLE, "What it is about, or with whom", example="Weekly status with Dana", optional=False),
        text_field(DAY, "Day", example="tomorrow, next Thursday, or 2026-11-19", optional=False),
        text_field(TIME, "Time, where the customer is", example="15:00 or 3 pm", optional=False),
        text_field(MEETING, "Its link or number, if it streams to me", example="https://zoom.us/j/8123456789"),
    ]
    return modal(CALL_FORM, "Note a call", [told, *fields], submit="Save", kept=kept)


def call_noted(customer: str, call: Call, *, briefed: bool, new: bool) -> str:
    """What was noted; `briefed`: whether its brief is still to come."""
    day = f"{call.at:%a} {short_day(call.at.date())}, {call.at:%H:%M}"
    noted = f"{'✅ Noted' if new else '✅ Already noted'}: *{neutral(customer, 80)}*, {neutral(call.title, 200)}, {day}."
    return f"{noted} The brief comes an hour before it." if briefed else noted


def draft_waits(title: str, at: datetime) -> Message:
    """A draft that comes back in the morning; `at` is the reader's local time."""
    text = f"It can wait: “{title}” comes back to you on {at:%A} at {at:%H:%M}, with the figures of that morning."
    return Message(text, [section(text)])


def call_help() -> Message:
    """How the command is used."""
    text = (
        "*/deal-call* — the brief for a call of this channel's deal: who may be there, what was said, what to reach and to ask\n"
        "*/deal-call Acme* — for another deal of yours\n"
        "*Note a call …* keeps a call: its brief comes an hour before it, and the day after I ask for the next step."
    )
    return Message(text, [section(text)])
