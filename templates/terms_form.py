"""The form for "Terms have changed": every term as it stands, what was agreed about the change, and what others changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.deal import Deal, Term, plain_term
from bot.ledger import TERMS, changes
from templates.form import View, choice_field, day_field, generation, modal, notice, person_field, text_field
from templates.kit import Block, section
from templates.ledger import change_words
from templates.quote import neutral
from templates.term_words import price_words, promise_words

CALLBACK = "jumpin-terms-form"

FIELDS: tuple[str, ...] = tuple(name for term in TERMS for name in (("pickup.days", "pickup.time") if term == "pickup" else (term,)))
"""The fields that stand for terms."""

_LABELS: Mapping[str, str] = {
    "volume.committed_per_day": "Committed volume, packages per shipping day",
    "volume.annual": "Annual volume, packages",
    "volume.share_of_total": "Share of all that the customer ships",
    "volume.shipping_days_per_week": "Shipping days a week",
    "test.volume_per_day": "Test volume: packages per shipping day, or % of the commitment",
    "test.starts": "Test start",
    "test.weeks": "Test length in weeks",
    "test.success": "Success criteria, one a line",
    "ramp.to_per_day": "Ramp volume, packages per shipping day",
    "ramp.days_after_test": "Days between the test's last day and the ramp",
    "services": "Services and promises, one a line",
    "price": "Prices, one a line",
    "pickup.days": "Pickup days",
    "pickup.time": "Pickup time, 24 hours",
    "billing": "Billing",
}
_EXAMPLES: Mapping[str, str] = {
    "volume.committed_per_day": "500",
    "volume.annual": "130,000",
    "volume.share_of_total": "60%",
    "test.volume_per_day": "150 or 30%",
    "test.weeks": "2",
    "test.success": "transit times",
    "ramp.to_per_day": "500; empty: the committed volume",
    "ramp.days_after_test": "0: the next day",
    "services": "Expedited, Northeast, 2-3 days (a remark)",
    "price": "Expedited: 4.85",
    "pickup.days": "Mon-Fri",
    "pickup.time": "16:00",
    "billing": "weekly",
}
_MANY_LINES = frozenset({"test.success", "services", "price"})
_NEEDED = frozenset({"volume.committed_per_day", "test.volume_per_day", "test.starts"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What the form carries: the deal, the version of its terms and the length of its ledger that are shown, the day, and the finding."""

    deal: int
    version: int
    lines: int
    day: date
    finding: int | None = None
    generation: int = 0

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        short = {
            "deal": self.deal,
            "version": self.version,
            "lines": self.lines,
            "day": self.day.isoformat(),
            "generation": self.generation,
        }
        return short | ({"finding": self.finding} if self.finding is not None else {})


@dataclass(frozen=True, slots=True)
class TermsForm:
    """The form: the terms as shown, what is carried, fields with what was typed into them, who agreed, and notes above all."""

    shown: Deal
    kept: Kept
    given: Mapping[str, str] = field(default_factory=dict)
    ours: str | None = None
    theirs: str = ""
    link: str = ""
    effective: date | None = None
    notes: Sequence[str] = ()


def terms_form(form: TermsForm) -> View:
    """The modal."""
    agreed: list[Block] = [
        day_field("effective", "New terms hold from", (form.effective or form.kept.day).isoformat(), optional=False),
        person_field("ours", "Agreed on our side by", form.ours),
        text_field("theirs", "Agreed on the customer's side by", form.theirs, example="Dana Ortiz", optional=False),
        text_field("link", "Link to the message or email", form.link, example="https://…"),
    ]
    top: list[Block] = [section(note) for note in form.notes[:5]]
    told = f"*{neutral(form.shown.customer, 80)}*: change what was newly agreed and leave the rest. What held before stays in the history."
    top.append(section(told))
    fields = [term_field(name, form.given.get(name, field_text(form.shown, name))) for name in FIELDS]
    blocks = [*top, *generation([*agreed, *fields], form.kept.generation)]
    return modal(CALLBACK, "Terms have changed", blocks, submit="Record", kept=form.kept.plain())


def term_field(name: str, text: str) -> Block:
    """The input for one term, holding `text`."""
    label, example = _LABELS[name], _EXAMPLES.get(name, "")
    if name == "test.starts":
        return day_field(name, label, text or None, optional=False)
    if name == "volume.shipping_days_per_week":
        return choice_field(name, label, {str(number): str(number) for number in range(1, 8)}, text or "5")
    return text_field(name, label, text, example=example, optional=name not in _NEEDED, many_lines=name in _MANY_LINES)


def field_text(deal: Deal, name: str) -> str:
    """A term as the form shows it."""
    part, _, inner = name.partition(".")
    if part == "pickup":
        return str((plain_term(deal, "pickup") or {}).get(inner) or "")
    term: Term = next(term for term in TERMS if term == name)
    value = plain_term(deal, term)
    if value is None:
        return ""
    if name == "services":
        return "\n".join(map(promise_words, value))
    if name == "price":
        return "\n".join(map(price_words, value))
    if name == "test.success":
        return "\n".join(value)
    return f"{value * 100:.6g}%" if name == "volume.share_of_total" else str(value)


def moved_notes(shown: Deal, now: Deal, who: Sequence[str]) -> list[str]:
    """What somebody else changed while the form was open, for the top of it."""
    people = ", ".join(dict.fromkeys(f"<@{by}>" if by.isalnum() and by.isupper() else neutral(by, 60) for by in who)) or "Somebody"
    changed = [f"• {change_words(*one)}" for one in changes(shown, now)] or ["• a change that does not hold yet"]
    told = "\n".join(changed)
    return [
        f"⚠️ {people} changed these terms while you had them open. Nothing of yours is recorded yet.\n{told}\nLook it over and record again."
    ]


def recorded(customer: str, told: Sequence[tuple[Term, Any, Any]], effective: str, settled: int) -> View:
    """What was recorded."""
    changed = "\n".join(f"• {change_words(*one)}" for one in told)
    paragraphs = [f"✅ Recorded for *{neutral(customer, 80)}*, from {effective} on:\n{changed}"]
    if settled:
        open_before = "One open finding is" if settled == 1 else f"{settled} open findings are"
        paragraphs.append(f"{open_before} settled by this and marked so.")
    return notice("Terms have changed", *paragraphs)


def shut() -> View:
    """What somebody sees who may not, or whose deal is not there."""
    return notice("Jump-In", "Sorry, that is open only to our own people on the deal. If you are one of them, ask the rep to add you.")


def unanswered() -> View:
    """Slack or the store did not answer in time; nothing was done."""
    return notice("Jump-In", "Slack did not answer in time, so nothing was saved. Please try again.")
