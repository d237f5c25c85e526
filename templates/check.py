""" "Check against deal": the modal that shows a message's reading, the choice of a deal, the form that corrects it, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playbook.explanation import Explanation
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from templates.explained import rows
from templates.form import View, choice_field, generation, modal, notice, text_field
from templates.kit import Block, button, lines, quoted, section
from templates.quote import clean, neutral
from templates.verdicts import VERDICTS, name

TITLE = "Check against deal"
WHICH_DEAL, RESULT, CORRECTION = "jumpin-check-which", "jumpin-check-result", "jumpin-check-correction"
"""Callback ids of the three modals."""

RAISE, CORRECT = "jumpin-check-raise", "jumpin-check-correct"
"""Action ids."""

MISSED, NOTHING, NO_SUBJECT = "missed", "nothing", "none"
"""What is wrong: something was missed; what is right: nothing here; a scenario without a subject."""

GROUP, MOST_DEALS = 100, 1000
"""Slack's limit of options in a group; deals that are offered."""

PER = {
    "day": "a shipping day",
    "week": "a week",
    "fortnight": "two weeks",
    "month": "a month",
    "quarter": "a quarter",
    "year": "a year",
    "%commitment": "% of the committed volume",
    "%test": "% of the test volume",
}
"""What a figure may be per -> how it is called."""

_CALLED = {subject: called.capitalize() for subject, called in SUBJECTS.items()}

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """A message read against a deal: what is carried along, the words, the reading, what it comes to, and notes above all.

    Without anything to carry (it would be more than Slack takes) there is nothing to press. `told`: who has a message about it already.
    """

    kept: Mapping[str, Any]
    customer: str
    text: str
    explanation: Explanation
    raised: Sequence[Finding] = ()
    entries: Sequence[Entry] = ()
    notes: Sequence[str] = ()
    told: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The form: what is carried along, what is heard as it stands, what was typed before, and notes above all."""

    kept: Mapping[str, Any]
    customer: str
    entries: Sequence[Entry] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def reading() -> View:
    """Shown while the message is read."""
    return notice(TITLE, "Reading it now …")


def which_deal(kept: Mapping[str, Any], there: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]) -> View:
    """Which deal the message is to be held against: those of the channel first; many are in groups that Slack can search."""
    known = [*there, *others][:MOST_DEALS]
    field = choice_field("deal", "Deal", {str(number): customer for number, customer in known[:GROUP]})
    if len(known) > GROUP:
        options = [{"text": _plain(customer), "value": str(number)} for number, customer in known]
        groups = [options[first : first + GROUP] for first in range(0, len(options), GROUP)]
        field["element"].pop("options")
        field["element"]["option_groups"] = [{"label": _plain(_span(group)), "options": group} for group in groups]
    told = "This channel belongs to several deals of yours." if there else "This channel is linked to no deal of yours."
    return modal(WHICH_DEAL, TITLE, [section(f"{told} Against which one shall I read it?"), field], submit="Read it", kept=kept)


def result(checked: Checked) -> View:
    """What was read, what it comes to, and what may be done about it."""
    blocks: list[Block] = [section(note) for note in checked.notes[:5]]
    blocks += [section(f"*{neutral(checked.customer, 80)}*"), quoted(checked.text)]
    found = rows(checked.explanation)
    verdict = [neutral(told, 600) for about, told in found if about in VERDICTS]
    detail = [neutral(told, 600) for about, told in found if about in ("quoted", "figure", "said", "claim", "reader", "note")]
    blocks.append(_listed("Verdict", [*verdict, *(neutral(one.why, 300) for one in checked.raised)]))
    if detail:
        blocks.append(_listed("What I read", detail))
    elements: list[Block] = []
    if checked.explanation.silent is None and checked.kept:
        if checked.raised and not checked.told:
            elements.append(button("Raise it", RAISE, "raise", style="primary"))
        elements.append(button("Correct the reading", CORRECT, "correct"))
        blocks.append({"type": "actions", "block_id": "check", "elements": elements})
    if checked.told:
        people = ", ".join(f"<@{one}>" for one in sorted(checked.told) if one.isalnum())
        blocks.append(section(f"💬 {people} {'has' if len(checked.told) == 1 else 'have'} a direct message about it already."))
    raises = " “Raise it” sends the deal's reps a direct message, unless they have it already." if len(elements) > 1 else ""
    blocks.append(lines(f"Only you see this.{raises}"))
    return modal(RESULT, TITLE, blocks, submit=None, kept=checked.kept)


def correction_form(form: CorrectionForm) -> View:
    """What was wrong, and what is right."""
    typed = form.typed
    heard = {str(number): entry_words(entry) for number, entry in enumerate(form.entries)}
    fields: list[Block] = []
    if heard:
        fields.append(choice_field("wrong", "What is wrong?", {**heard, MISSED: "Something was missed"}, typed.get("wrong", "0")))
    scenarios = {NOTHING: "Nothing here", **FINDINGS, **SIGNALS}
    first = str(form.entries[0].get("scenario")) if form.entries else None
    fields += [
        choice_field("scenario", "What does the message say?", scenarios, typed.get("scenario", first)),
        choice_field("subject", "About which term, if it contradicts one?", {NO_SUBJECT: "None", **_CALLED}, _subject(form)),
        text_field("figure", "The figure, as it was meant", typed.get("figure", _figure(form)), example="15 or 10-15"),
        choice_field("per", "Packages per", PER, typed.get("per", "day")),
        text_field("said", "In words, where it is no volume", typed.get("said", _said(form)), example="3 days"),
        choice_field(
            "raise",
            "If the deal's reps have no message about it",
            {"no": "Note the correction only", "yes": "Send them one now"},
            typed.get("raise", "no" if heard else "yes"),
        ),
    ]
    told = (
        f"*{neutral(form.customer, 80)}*: say what the message means. It is kept as an example from which the reader can learn, and a "
        "finding that stands is put right."
    )
    top = [*(section(note) for note in form.notes[:5]), section(told)]
    number = int(form.kept.get("generation", 0))
    return modal(CORRECTION, TITLE, [*top, *generation(fields, number)], submit="Record", kept=form.kept)


def entry_words(entry: Entry) -> str:
    """One thing heard, in words: "Lower starting volume, 10-15 a day"."""
    scenario, subject, figures = str(entry.get("scenario")), entry.get("subject"), entry.get("said_per_day")
    called = name(scenario, subject) if scenario in FINDINGS or scenario in SIGNALS else clean(scenario, 40)
    if isinstance(figures, (list, tuple)) and len(figures) == 2:
        return f"{called}, {_exact(figures)} a day"
    return f"{called}, {clean(str(entry['said']), 60)}" if entry.get("said") else called


def raised_view(customer: str, told: Sequence[tuple[Finding, bool]], recipients: Sequence[str]) -> View:
    """What was raised now (True), and what stood already."""
    people = ", ".join(f"<@{one}>" for one in recipients)
    paragraphs = []
    for finding, new in told:
        called = neutral(name(finding.scenario, finding.subject), 80)
        if new:
            nobody = "nobody of the deal can get direct messages, so it only waits there"
            to = f"a direct message is on its way to {people}" if people else nobody
            paragraphs.append(f"✅ Raised for *{neutral(customer, 80)}*: {called}; {to}.")
        else:
            paragraphs.append(f"It stands already for *{neutral(customer, 80)}*: {called}. Nobody is told a second time.")
    return notice(TITLE, *paragraphs)


def recorded(customer: str, before: Sequence[Entry], after: Sequence[Entry], done: Sequence[str]) -> View:
    """What is noted, and what became of a finding that stood."""
    return notice(
        TITLE,
        f"✅ Noted for *{neutral(customer, 80)}*.\nHeard: {entries_words(before)}\nRight: *{entries_words(after)}*",
        *done,
        "It is kept as an example: `jumpin examples export` writes it for those who train the reader.",
    )


def moved(by: str, now: Sequence[Entry]) -> str:
    """Somebody else corrected the same message while the form was open."""
    who = f"<@{by}>" if by.isalnum() else neutral(by, 60)
    return f"⚠️ {who} corrected this message while you had it open: it now reads {entries_words(now)}. Nothing of yours is recorded yet."


def edited() -> str:
    """The message has other words by now."""
    return "⚠️ The message was edited meanwhile; this is how it reads now. Nothing is recorded yet."


def entries_words(entries: Sequence[Entry]) -> str:
    """All that is heard, in words fit for mrkdwn."""
    return neutral("; ".join(map(entry_words, entries)) or "nothing here", 600)


def _exact(figures: Sequence[Any]) -> str:
    """A figure or range as it is, unrounded: "15", "10-15.5"."""
    low, high = (f"{float(figure):.9g}" for figure in figures)
    return low if low == high else f"{low}-{high}"


def _said(form: CorrectionForm) -> str:
    return str(form.entries[0].get("said") or "") if len(form.entries) == 1 else ""


def _figure(form: CorrectionForm) -> str:
    """The figure as it stands, a shipping day; none where it is not clear of which entry."""
    figures = form.entries[0].get("said_per_day") if len(form.entries) == 1 else None
    if not isinstance(figures, (list, tuple)) or len(figures) != 2:
        return ""
    return _exact(figures)


def _subject(form: CorrectionForm) -> str:
    first = form.entries[0].get("subject") if form.entries else None
    return form.typed.get("subject") or (str(first) if first in SUBJECTS else NO_SUBJECT)


def _listed(title: str, told: Sequence[str]) -> Block:
    return section("\n".join([f"*{title}*", *(f"• {one[:1].upper()}{one[1:]}" for one in told)]))


def _span(group: Sequence[Block]) -> str:
    first, last = (str(group[end]["text"]["text"])[:30] for end in (0, -1))
    return f"{first} - {last}"


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": clean(text, 75) or "…", "emoji": False}
