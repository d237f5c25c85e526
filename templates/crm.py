"""What the CRM's deals look like to their reps: terms to confirm, differences with both values, and what does not work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from bot.deal import Term
from templates.kit import Block, Message, button, header, lines, link, moment, section
from templates.quote import neutral
from templates.term_words import LABELS, long_day, term_words

CONFIRM, MEND, LEAVE, LOOK = "jumpin-crm-confirm", "jumpin-crm-mend", "jumpin-crm-leave", "jumpin-crm-look"
TAKE, KEEP, FOLLOW = "jumpin-crm-take", "jumpin-crm-keep", "jumpin-crm-follow"
"""Action ids; a button's value is the record's row id."""

NAMES: Mapping[str, str] = {"hubspot": "HubSpot", "salesforce": "Salesforce", "file": "the CRM's file"}
"""What people call where a record comes from."""

MOST = 20
"""Deals that one message lists."""

_MORE: Mapping[str, str] = {
    "pickup.days": "Pickup days",
    "pickup.time": "Pickup time",
    "signed": "Signed",
    "kickoff": "Kickoff",
    "timezone": "Time zone",
    "country": "Country",
    "state": "State",
    "stage": "Stage",
    "customer": "Customer's name",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A deal of the CRM that waits for its rep: its terms (plain, by name), how texts were read, what is missing and what is unclear.

    `outcome`: what became of it and by whom (Slack id), when it waits no more. `ownerless`: its owner has no account in Slack.
    """

    record_id: int
    source: str
    customer: str
    stage: str
    url: str | None
    terms: Mapping[str, Any]
    notes: Sequence[str] = ()
    missing: Sequence[str] = ()
    unclear: Sequence[str] = ()
    outcome: tuple[str, str | None] | None = None
    ownerless: str | None = None


@dataclass(frozen=True, slots=True)
class Differs:
    """A term with both values, who set them and when, and whether both sides have changed it; `decided`: what became of it."""

    term: str
    ours: Any
    theirs: Any
    ours_by: str | None = None
    ours_at: datetime | None = None
    theirs_by: str | None = None
    theirs_at: datetime | None = None
    both: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A term that still differs, since somebody (Slack id) decided that the deal book is right."""

    term: str
    ours: Any
    theirs: Any
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Differing:
    """All open differences of a record's deal, and those of which it was decided that they stay."""

    record_id: int
    source: str
    customer: str
    url: str | None
    found: Sequence[Differs]
    goes_back: bool = False
    kept: Sequence[Kept] = ()
    timezone: str = "America/New_York"
    labels: Mapping[str, str] = field(default_factory=dict)


def label(name: str) -> str:
    """What people call a term."""
    known: dict[str, str] = {str(term): words_ for term, words_ in LABELS.items()} | dict(_MORE)
    return known.get(name, name)


def words(name: str, value: Any) -> str:
    """A term's value in a line, neutral for mrkdwn."""
    if value is None:
        return "nothing"
    term = next((one for one in get_args(Term) if one == name), None)
    if term is not None:
        return neutral(term_words(term, value), 200)
    try:
        return long_day(date.fromisoformat(str(value)))
    except ValueError:
        return neutral(str(value), 200)


def waiting_card(view: Waiting) -> Message:
    """The DM about one deal that waits."""
    where, who = NAMES.get(view.source, view.source), neutral(view.customer, 80)
    if view.outcome is not None:
        how, by = view.outcome
        return Message(f"{who}: {how}", [section(f"*{who}* — {how}{f' by <@{by}>' if by else ''} · {_there(view.url, where)}")])
    blocks: list[Block] = [header(": confirm what was agreed", of=view.customer)]
    at = f"{_there(view.url, who)} is at *{neutral(view.stage, 80)}* in {where}."
    blocks.append(section(f"{at} Until you confirm its terms, I compare nothing with them."))
    if view.ownerless:
        blocks.append(
            section(f"Its owner there, {neutral(view.ownerless, 120)}, has no account here. Pick its rep under *Change or fill in …*.")
        )
    if view.terms:
        blocks.append(section("\n".join(f"*{label(name)}* {words(name, value)}" for name, value in sorted(view.terms.items(), key=_place))))
    if view.notes:
        blocks.append(section("How I read it:\n" + "\n".join(f"• {_called(note, 250)}" for note in view.notes[:8])))
    asked = [f"• {_called(sentence, 300)}" for sentence in view.unclear[:8]] + [f"• {label(name)} is missing" for name in view.missing]
    if asked:
        blocks.append(section("⚠️ *Please tell me*\n" + "\n".join(asked)))
    value = str(view.record_id)
    confirm = [] if asked or view.ownerless else [button("Confirm these terms", CONFIRM, value, style="primary")]
    buttons = [*confirm, button("Change or fill in …", MEND, value), button("Leave it alone", LEAVE, value)]
    blocks.append({"type": "actions", "block_id": f"crm-{value}", "elements": buttons})
    return Message(f"{who}: please confirm what was agreed", blocks)


def _place(term: tuple[str, Any]) -> int:
    """Where a term stands: as in the deal's terms, all else after them."""
    order = [str(one) for one in LABELS]
    return order.index(term[0]) if term[0] in order else len(order)


def _called(note: str, most: int) -> str:
    """A note on a term without what its figure counts, which the note says: "Test volume: "~150/day" was read as …"."""
    name, colon, rest = note.partition(": ")
    name = name.partition(", ")[0] if colon else name
    return neutral(f"{name[:1].upper()}{name[1:]}{colon}{rest}", most)


def many_card(source: str, shown: Sequence[tuple[int, str, str]], more: int) -> Message:
    """The DM about several deals that wait: row id, customer and stage of each, and how many come after these."""
    where = NAMES.get(source, source)
    head = f"{len(shown) + more} deals of yours in {where} wait for you"
    blocks: list[Block] = [section(f"*{head}*. I compare nothing with their terms until you have confirmed them.")]
    for number, customer, stage in shown[:MOST]:
        line = section(f"*{neutral(customer, 80)}* · {neutral(stage, 60)}")
        blocks.append({**line, "accessory": button("Look at it", LOOK, str(number))})
    if more:
        blocks.append(lines(f"… and {more} more: they come when you have been through these."))
    return Message(head, blocks)


def second_card(record_id: int, source: str, customer: str, here: str | None, there: str | None) -> Message:
    """The DM about a second deal of the CRM for one customer; `here` is the link of the one that is followed."""
    where, who = NAMES.get(source, source), neutral(customer, 80)
    followed = f"I follow {link(here, 'this one')}" if here else "The deal book has its terms already"
    text = f"*{who}* has two deals in {where}. {followed} and leave {link(there, 'the other one')} alone."
    buttons = [button("Follow the other one", FOLLOW, str(record_id)), button("Leave it so", LEAVE, str(record_id))]
    return Message(
        f"{who} has two deals in {where}", [section(text), {"type": "actions", "block_id": f"crm-{record_id}", "elements": buttons}]
    )


def differs_card(view: Differing) -> Message:
    """The DM with both values of each term that differs."""
    where, who = NAMES.get(view.source, view.source), neutral(view.customer, 80)
    if not view.found and view.kept:
        return _kept_card(view, where, who)
    if not view.found:
        return Message(f"{who}: no difference", [section(f"*{who}*: the deal book and {where} are the same now.")])
    zone = ZoneInfo(view.timezone)
    told = [section(_difference(one, where, zone)) for one in view.found[:MOST]]
    value = str(view.record_id)
    back = f"*Keep the deal book's* writes them to {where}." if view.goes_back else f"*Keep the deal book's* leaves {where} as it is."
    hint = f"Nothing is changed until you choose. *Take them over …* asks who agreed and from which day. {back}"
    buttons = [button("Take them over …", TAKE, value), button("Keep the deal book's", KEEP, value)]
    head = section(f"{_there(view.url, who)}: {where} and the deal book do not say the same.")
    actions: Block = {"type": "actions", "block_id": f"crm-{value}", "elements": buttons}
    return Message(f"{who}: {where} says something else", [head, *told, lines(hint), actions])


def _kept_card(view: Differing, where: str, who: str) -> Message:
    """What is left of the DM once somebody has kept the deal book's terms: both values, since the CRM may still have its own."""
    by = next((one.by for one in reversed(view.kept) if one.by), None)
    decided = f", decided by <@{by}>" if by else ""
    told = [
        f"{label(one.term)}: deal book *{words(one.term, one.ours)}*, {where} *{words(one.term, one.theirs)}*" for one in view.kept[:MOST]
    ]
    then = f"The deal book's are written to {where}." if view.goes_back else f"{where} stays as it is, and I do not ask again about this."
    text = f"*{who}* — ✅ keeps the deal book's terms{decided} · {_there(view.url, where)}"
    return Message(f"{who}: the deal book's terms are kept", [section("\n".join([text, *told])), lines(then)])


def gone_card(source: str, customer: str) -> Message:
    """The DM about a record that was deleted."""
    where = NAMES.get(source, source)
    text = f"*{neutral(customer, 80)}* was deleted in {where}. Its deal stays in the deal book; nothing is written to {where} any more."
    return Message(text, [section(text)])


def trouble_card(source: str, sentences: Sequence[str]) -> Message:
    """The DM to those who look after the connection."""
    where = NAMES.get(source, source)
    told = "\n".join(f"• {neutral(one, 400)}" for one in sentences[:10])
    return Message(
        f"The connection with {where} needs somebody",
        [section(f"*The connection with {where} needs somebody*\n{told}\nNothing is lost meanwhile. `jumpin crm status` tells more.")],
    )


def told(text: str) -> Message:
    """One sentence to whoever pressed."""
    return Message(text, [section(text)])


def _there(url: str | None, words_: str) -> str:
    return link(url, words_)


def _difference(one: Differs, where: str, zone: ZoneInfo) -> str:
    changed = " · changed on both sides" if one.both else ""
    ours = f"deal book: *{words(one.term, one.ours)}*{_who(one.ours_by, one.ours_at, zone)}"
    theirs = f"{where}: *{words(one.term, one.theirs)}*{_who(one.theirs_by, one.theirs_at, zone)}"
    return f"*{label(one.term)}*{changed}\n{ours}\n{theirs}"


def _who(by: str | None, at: datetime | None, zone: ZoneInfo) -> str:
    who = (f"<@{by}>" if by.isalnum() and by.isupper() and by[:1] in "UW" else neutral(by, 60)) if by else ""
    when = moment(at, zone) if at else ""
    return f" ({', '.join(part for part in (who, when) if part)})" if who or when else ""
