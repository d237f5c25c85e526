"""The form for a new deal: every term, what discovery found, and above all what is converted or departs from the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from bot.deal import Deal, Stage
from templates.form import View, channels_field, choice_field, day_field, generation, modal, notice, people_field, text_field
from templates.kit import Block, Message, button, section
from templates.ledger import terms_fields
from templates.quote import neutral
from templates.terms_form import term_field

CALLBACK, FILL, SHORTCUT = "jumpin-deal-form", "jumpin-deal-fill", "jumpin-new-deal"
"""The form, the button that fills it from a pasted deal file, and the global shortcut."""

NAME_TAKEN = (
    "nothing was saved under this name. If the customer's deal is yours, change its terms with /deal-terms; "
    "otherwise whoever can help has been told and will come back to you"
)
"""Whoever asks gets the same sentence: it tells neither whose deal there is nor what it says."""

ROLES: Mapping[str, str] = {
    "customer": "Customer's people",
    "implementation": "Implementation team",
    "rep": "Reps: they get the messages",
    "account-manager": "Account managers",
    "leadership": "Leadership",
}
PERIODS: Mapping[str, str] = {
    "day": "per shipping day",
    "week": "per week",
    "month": "per month",
    "year": "per year",
}
STAGES: Mapping[str, str] = {
    "discovery": "02 Discovery",
    "rate-creation": "03 Rate creation",
    "proposal": "04 Proposal",
    "setup": "05 Setup documents",
    "implementation": "06 Implementation",
    "closed-won": "07 Closed-won",
}
_NOTES = 12


@dataclass(frozen=True, slots=True)
class NewForm:
    """What stands in the form: texts and chosen ids by field, notes above all, and what comes back with the submission.

    `seen` tells which notes have been confirmed by sending the form again; `more` are facts of a pasted file that have no field;
    `record` is the row id of the CRM's deal that the form was filled from.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    seen: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    record: int | None = None


def new_form(form: NewForm) -> View:
    """The modal."""
    top: list[Block] = []
    if form.notes:
        told = "\n".join(f"• {neutral(note, 200)}" for note in form.notes[:_NOTES])
        asked = "\nSend it again to save it so, or change it first." if form.seen else ""
        top.append(section(f"*Please look at this*\n{told}{asked}"))
    blocks = [*top, *generation([*_who(form), *_terms(form), *_discovery(form), *_paste(form)], form.number)]
    kept = {"seen": form.seen, "more": dict(form.more), "generation": form.number, "record": form.record}
    return modal(CALLBACK, "New deal", blocks, submit="Save as it is" if form.seen else "Save", kept=kept)


def saved(deal: Deal, channels: Sequence[str]) -> View:
    """What was saved."""
    invite = " ".join(f"<#{channel}>" for channel in channels) or "the customer's channel"
    told = f"✅ *{neutral(deal.customer, 80)}* is in the deal book. Invite me to {invite} with `/invite @Jump-In`, and I listen."
    return notice("New deal", told, terms_fields(deal), "Those named on our side see it with `/deal-terms` and `/deal-status`.")


def tried_again(customer: str, user_id: str) -> Message:
    """A DM to the people of a deal: somebody else tried to make one for their customer."""
    who = f"<@{user_id}>" if user_id.isalnum() else "Somebody"
    text = (
        f"{who} tried to write down a new deal for *{neutral(customer, 80)}*, which has one already. Nothing was changed, and "
        "they were shown nothing of it. If they belong on the deal, add them to its people; if not, talk to them."
    )
    return Message(text, [section(text)])


def members_only() -> View:
    """What guests and people of other companies see."""
    return notice("Jump-In", "Sorry, deals are made by full members of our own workspace.")


def _who(form: NewForm) -> list[Block]:
    made = [
        text_field("customer", "Customer", form.texts.get("customer", ""), example="Acme Outfitters", optional=False),
        choice_field("stage", "Stage", {stage: STAGES[stage] for stage in get_args(Stage)}, form.texts.get("stage") or "implementation"),
    ]
    for role, label in ROLES.items():
        made.append(people_field(f"people.{role}", label, form.chosen.get(f"people.{role}", ()), optional=role != "rep"))
    channels = form.chosen.get("channels", ())
    return [*made, channels_field("channels", "Channels to watch", channels, hint="I hear a channel once I am invited to it.")]


def _terms(form: NewForm) -> list[Block]:
    def plain(name: str) -> Block:
        return term_field(name, form.texts.get(name, "2" if name == "test.weeks" else ""))

    return [
        text_field("committed", "Committed volume, packages", form.texts.get("committed", ""), example="500", optional=False),
        choice_field("period", "That is", PERIODS, form.texts.get("period") or "day"),
        *map(plain, ("volume.shipping_days_per_week", "volume.annual", "volume.share_of_total", "test.volume_per_day")),
        day_field("test.starts", "Test start", form.texts.get("test.starts")),
        text_field("starts_words", "Or the test start in words", form.texts.get("starts_words", ""), example="next Monday"),
        *map(plain, ("test.weeks", "test.success", "ramp.to_per_day")),
        day_field("ramp_date", "Ramp date", form.texts.get("ramp_date")),
        *map(plain, ("ramp.days_after_test", "services", "price", "pickup.days", "pickup.time", "billing")),
    ]


def _discovery(form: NewForm) -> list[Block]:
    labels = {
        "discovery.claimed_annual": "Discovery: packages a year that the customer claims",
        "discovery.other_carriers": "Of these: committed to other carriers",
        "discovery.not_controlled": "Of these: not controlled by the customer",
        "discovery.not_serviceable": "Of these: not serviceable by us",
    }
    hint = "Less what follows, this is the realistic volume, to within 10%."
    return [
        text_field(name, label, form.texts.get(name, ""), hint=hint if name.endswith("annual") else "") for name, label in labels.items()
    ]


def _paste(form: NewForm) -> list[Block]:
    return [
        text_field("paste", "Or paste a deal file", form.texts.get("paste", ""), example="customer: Acme Outfitters", many_lines=True),
        {"type": "actions", "block_id": "fill", "elements": [button("Fill in from the deal file", FILL, "fill")]},
    ]


def realistic_words(claimed: int, realistic: int, per_day: int) -> str:
    """As "Realistic are 130,000 of the 180,000 packages a year claimed (117,000-143,000), about 500 a shipping day."."""
    low, high = round(realistic * 0.9), round(realistic * 1.1)
    return f"Realistic are {realistic:,} of the {claimed:,} packages a year claimed ({low:,}-{high:,}), about {per_day:,} a shipping day."
