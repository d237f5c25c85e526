"""What is said around a call: whose it is, who spoke, the report with its buttons, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import get_args

from bot.calls.belongs import Belonging
from bot.deal import Deal, Role
from bot.names import told
from bot.speakers import Face
from templates.call import EMAIL_HEADING, CallView, call_report
from templates.call_letter import letter
from templates.form import View, choice_field, modal
from templates.kit import Block, Message, button, copyable, lines, section, select
from templates.quote import clean, neutral

FOR: tuple[str, ...] = ("jumpin-call-1", "jumpin-call-2", "jumpin-call-3")
OTHER, LEAVE = "jumpin-call-other", "jumpin-call-leave"
"""Action ids of the question whose a call is. The value is "<call>|<deal>"; of LEAVE the call alone."""

WHO, EMAIL, WHO_FORM = "jumpin-call-who", "jumpin-call-email", "jumpin-call-who-form"
"""The buttons under a report, and the form of the first; the value is the call."""

MOST_SPEAKERS = 10
"""Speakers asked about in one form."""

UNKNOWN = "?"
"""The answer that somebody does not know."""

_SIDES: Mapping[str, str] = {"customer": "Somebody of the customer", "implementation": "Somebody of implementation", "rep": "One of us"}
_DOUBTS = {
    "another-customer": "it names {other}, and nobody and nothing of {customer}",
    "nobody-known": "nobody who speaks is among the people of {customer}",
    "no-names": "it names no speakers, and never {customer}",
    "not-about-shipping": "it is hardly about shipping, and never names {customer}",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deal that a call may be of: its id, the customer, and what speaks against it."""

    deal_id: int
    customer: str
    doubt: Belonging


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with its buttons: the call's id, lines that could not be read, and who may be somebody else."""

    call: CallView
    call_id: int
    notes: Sequence[str] = ()
    strangers: int = 0


def whose_card(call_id: int, name: str, candidates: Sequence[Candidate], noun: str = "call") -> Message:
    """The question whose a call is, before it is read against anybody's terms; the likeliest deals come first."""
    called = f"“{neutral(name, 80)}”"
    if not candidates:
        return _said(f"I cannot tell whose {noun} {called} is: you are on no deal that I know. Nothing was read.")
    doubtful = next((one for one in candidates if one.doubt.doubt is not None), None)
    sure = [one for one in candidates if not one.doubt.asks]
    if doubtful is None or doubtful.doubt.doubt is None or len(sure) > 1:
        why = "it could be of more than one of your deals"
    else:
        alike = {one.doubt.doubt for one in candidates} == {doubtful.doubt.doubt} and len(candidates) > 1
        other, customer = neutral(doubtful.doubt.other or "", 60), "any of your deals" if alike else neutral(doubtful.customer, 60)
        why = _DOUBTS[doubtful.doubt.doubt].format(other=other, customer=customer)
    head = f"Whose {noun} is {called}? I have not read it yet: {why}."
    near, more = candidates[: len(FOR)], candidates[len(FOR) :]
    made = [button(clean(one.customer, 60), action, f"{call_id}|{one.deal_id}") for one, action in zip(near, FOR, strict=False)]
    made += [select(OTHER, "Another deal", {f"{call_id}|{one.deal_id}": one.customer for one in more})] if more else []
    made += [button("None of them", LEAVE, str(call_id))]
    return Message(head, [section(head), {"type": "actions", "block_id": f"call-{call_id}", "elements": made}])


def reading(customer: str, noun: str = "call") -> Message:
    """Somebody said whose call, or email, it is."""
    comes = "The report comes in a moment." if noun == "call" else "I read it now."
    return _said(f"✅ {'A call' if noun == 'call' else 'An email'} with {neutral(customer, 80)}. {comes}")


def left_alone() -> Message:
    """It is nobody's call."""
    return _said("☑️ I leave it alone. Nothing of it is kept.")


def settled_already() -> Message:
    """Somebody else was first."""
    return _said("It has been said already whose this is.")


def unreadable(name: str, reasons: Sequence[str]) -> Message:
    """A transcript of which nothing could be read."""
    why = "; ".join(neutral(one.removeprefix(f"{name}: "), 300) for one in reasons[:5])
    return _said(f"I could not read “{neutral(name, 80)}”: it {why.removesuffix('.')}.")


def known_already(name: str, customer: str | None) -> Message:
    """The same words were handed in before."""
    whose = f", as a call with {neutral(customer, 80)}" if customer else ""
    return _said(f"I have read “{neutral(name, 80)}” already{whose}; nothing is counted twice.")


def report_message(view: ReportView) -> Message:
    """The report with what could not be read, and its buttons."""
    made = call_report(view.call, email=False)
    notes = [neutral(f"Not read: {note}", 300) for note in view.notes[:5]]
    buttons = [button("Follow-up email", EMAIL, str(view.call_id))]
    buttons += [button("Who is who …", WHO, str(view.call_id))] if view.strangers else []
    actions: Block = {"type": "actions", "block_id": f"call-{view.call_id}", "elements": buttons}
    return Message(made.text, [*made.blocks[:47], *([lines(*notes)] if notes else []), actions])


def email_message(view: CallView) -> Message:
    """The follow-up email to copy."""
    text = f"*{EMAIL_HEADING}*"
    return Message(EMAIL_HEADING, [section(text), copyable(letter(view.report, view.deal, view.today, view.scripts))])


def stalled(moment: str | None) -> str:
    """What is told under the report of a call whose stream stopped without an end."""
    at = f" after {moment}" if moment else ""
    return f"anything{at}: the stream stopped there. If the call went on, drop its transcript here."


def forgotten() -> Message:
    """The words of a call are kept for some days only."""
    return _said("What was said on this call is no longer kept, so I cannot read it again. Drop its transcript once more if you need it.")


def words_deleted() -> Message:
    """In place of a report whose transcript was deleted."""
    return _said("The message with this call's transcript was deleted: I have forgotten what was said, and taken back what it raised.")


@dataclass(frozen=True, slots=True)
class Unsure:
    """Somebody who is nobody for sure: the number of turns, and what they said that tells most."""

    face: Face
    turns: int
    said: str = ""


def who_form(deal: Deal, unsure: Sequence[Unsure], call_id: int) -> View:
    """Who spoke under names that are nobody's for sure; each with a piece of what they said, by which one knows people."""
    options = {UNKNOWN: "I don't know"} | {one.id: f"{one.name} ({one.role.replace('-', ' ')})" for one in deal.people[:90]} | dict(_SIDES)
    fields = [section(f"*{neutral(deal.customer, 80)}*: who is who? I remember it for this deal's calls, and read this one again.")]
    for one in unsure[:MOST_SPEAKERS]:
        face = one.face
        likely = face.candidates[0].id if face.candidates else UNKNOWN
        label = f"“{clean(face.speaker.name, 100)}”, {one.turns} turn{'' if one.turns == 1 else 's'}"
        hint = f"“{clean(one.said, 140)}”" if one.said else ""
        fields.append(choice_field(field_of(face.speaker.name), label, options, likely, hint=hint))
    return modal(WHO_FORM, "Who is who", fields, submit="Save", kept={"call": call_id})


def field_of(name: str) -> str:
    """The field of a speaker in the form."""
    return f"who-{sha256(told(name).encode('utf-8', 'replace')).hexdigest()[:12]}"


def is_answer(deal: Deal, answer: str) -> bool:
    """Whether an answer of the form says who somebody is."""
    return deal.person(answer) is not None or answer in get_args(Role)


def _said(text: str) -> Message:
    return Message(text, [section(text)])
