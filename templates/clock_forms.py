"""The small forms of the clock: the next milestone, when the pickup was, what was postponed to when, a milestone of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from templates.form import View, modal, text_field
from templates.kit import section
from templates.quote import neutral

NEXT_FORM, PICKUP_FORM, POSTPONE_FORM, OWN_FORM = "jumpin-clock-next", "jumpin-clock-pickup", "jumpin-clock-postpone", "jumpin-clock-own"
"""Callback ids of the forms. What they are about comes back as "deal" and "key"."""

WHAT, DAY, REASON = "what", "day", "reason"
"""Fields."""

_EXAMPLE = "in two weeks, next Thursday, or 2026-11-19"


def next_form(customer: str, kept: Mapping[str, Any]) -> View:
    """What comes next after an objection, a delay or a call, and when."""
    asked = section(f"*{neutral(customer, 80)}*: what was agreed to come next, and when? Nothing stays open without a date.")
    fields = [
        text_field(WHAT, "Next milestone or decision", example="Decision on the full volume with Dana and her CFO", optional=False),
        text_field(DAY, "Day", example=_EXAMPLE, optional=False),
    ]
    return modal(NEXT_FORM, "Next milestone", [asked, *fields], submit="Save", kept=kept)


def pickup_form(customer: str, today: date, kept: Mapping[str, Any]) -> View:
    """When the first pickup was."""
    asked = section(f"*{neutral(customer, 80)}*: on which day was the first pickup? The test's end and the ramp move with it.")
    return modal(
        PICKUP_FORM,
        "First pickup",
        [asked, text_field(DAY, "Day", today.isoformat(), example="today, yesterday, or 2026-11-03", optional=False)],
        submit="Save",
        kept=kept,
    )


def postpone_form(customer: str, title: str, kept: Mapping[str, Any]) -> View:
    """To which day a milestone moves, and why."""
    asked = section(f"*{neutral(customer, 80)}*: {neutral(title, 160)}")
    fields = [
        text_field(DAY, "New day", example=_EXAMPLE, optional=False),
        text_field(REASON, "Why", example="Dana is away this week", optional=False),
    ]
    return modal(POSTPONE_FORM, "Postpone", [asked, *fields], submit="Save", kept=kept)


def own_form(customer: str, kept: Mapping[str, Any], what: str = "") -> View:
    """A milestone of one's own."""
    asked = section(f"*{neutral(customer, 80)}*: what else is to happen, and when? It is reminded of like all others.")
    fields = [
        text_field(WHAT, "Milestone", what, example="Review of the second pickup window", optional=False),
        text_field(DAY, "Day", example=_EXAMPLE, optional=False),
    ]
    return modal(OWN_FORM, "Add a milestone", [asked, *fields], submit="Add", kept=kept)
