"""The form that mutes a scenario on a deal, and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.playbook.scenarios import FINDINGS, title
from templates.form import View, choice_field, day_field, modal, notice
from templates.kit import moment, section
from templates.quote import neutral

CALLBACK = "jumpin-mute-form"


def mute_form(customer: str, scenario: str | None, until: date, kept: dict[str, int]) -> View:
    """The modal: which scenario, and until which day."""
    told = f"While it is muted, findings of this scenario on *{neutral(customer, 80)}* are kept under `/deal-findings`, and nobody is told."
    hint = "It rings again from 9:00 of that day, by the customer's clock."
    day = day_field("until", "Until", until.isoformat(), hint=hint, optional=False)
    return modal(
        CALLBACK,
        "Mute a scenario",
        [section(told), choice_field("scenario", "Scenario", FINDINGS, scenario), day],
        submit="Mute",
        kept=kept,
    )


def muted(customer: str, scenario: str, until: datetime, zone: ZoneInfo, replaced_by: str | None) -> View:
    """What was muted; `replaced_by` is who had muted it before."""
    said = f"🔕 “{title(scenario)}” is muted on *{neutral(customer, 80)}* until {moment(until, zone)}. It ends by itself."
    before = [f"It takes the place of the mute by <@{replaced_by}>."] if replaced_by and replaced_by.isalnum() else []
    return notice("Mute a scenario", said, *before)
