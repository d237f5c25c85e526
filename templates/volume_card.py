"""The messages about a volume file that somebody dropped: what was understood, with buttons; what became of it; whose an account is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from templates.kit import Block, Message, button, lines, section, select
from templates.quote import clean, neutral
from templates.volume_words import Understood, oddities, summary

TAKE, LEAVE, FOR, WHOSE = "jumpin-volumes-take", "jumpin-volumes-leave", "jumpin-volumes-for", "jumpin-volumes-whose"
"""Action ids: import; not now; import for a deal that is chosen; whose an account is."""

MOST_ASKED = 8
"""Accounts that are asked about one by one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An account to be mapped: a mark that stands for it, its name, days and packages."""

    mark: str
    account: str
    days: int
    packages: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What to do with a file: `take` is the value of the button; None where a deal must be chosen from `deals` (id → customer) first.

    `why`: why it cannot be imported, in a sentence; `change`: what it changes of what is known, in sentences.
    """

    view: Understood
    take: str | None
    leave: str
    deals: Mapping[str, str]
    why: str | None = None
    change: Sequence[str] = ()


def offer(made: Offer) -> Message:
    """The DM to whoever dropped a file: nothing is kept before they say so."""
    name = _file(made.view.name)
    told = [neutral(line, 400) for line in summary(made.view)]
    blocks: list[Block] = [section(f"*Volumes in {name}*\n" + "\n".join(told))]
    odd = [*made.change, *oddities(made.view.odd)]
    blocks += [lines(*(f"⚠️ {neutral(line, 250)}" for line in odd[:9]))] if odd else []
    if made.why is not None:
        blocks.append(section(neutral(made.why, 500)))
        return Message(f"Volumes in {name}: {told[0]}", blocks)
    elements: list[Block] = []
    if made.take is not None:
        elements.append(button("Import", TAKE, made.take, style="primary"))
    elif made.deals:
        elements.append(select(FOR, "Import for…", made.deals))
    elements.append(button("Not now", LEAVE, made.leave))
    blocks += [
        lines("Nothing is kept before you say so."),
        {"type": "actions", "block_id": f"volumes-{made.leave}"[:255], "elements": elements},
    ]
    return Message(f"Volumes in {name}: {told[0]}", blocks)


def taken(
    name: str, became: str, asked: Sequence[Asked], deals: Mapping[str, str], belongs: tuple[Sequence[str], str] | None = None
) -> Message:
    """What became of a file, and whose the accounts are that nobody knows; `belongs`: accounts that are a customer's from now on."""
    text = f"Volumes in {_file(name)} are in: {became}."
    if belongs is not None:
        accounts, customer = belongs
        named = ", ".join(f"“{neutral(clean(one, 80))}”" for one in accounts[:3])
        text += f" {named} belong{'s' if len(accounts) == 1 else ''} to {neutral(customer, 80)} from now on."
    return Message(text, [section(text), *_questions(asked, deals)])


def unreadable(name: str, why: str) -> Message:
    """A file that cannot be used, with how to mend it."""
    text = f"{_file(name)} {neutral(why, 500)}. Nothing of it was kept."
    return Message(text, [section(text)])


def left() -> Message:
    """Not now was pressed."""
    text = "Left alone: nothing was kept. Drop the file again when you want it."
    return Message(text, [section(text)])


def mapped(account: str, customer: str, became: str) -> Message:
    """An account has a deal."""
    text = f"“{neutral(clean(account, 80))}” → *{neutral(customer, 80)}*: {became}."
    return Message(text, [section(text)])


def not_mapped() -> Message:
    """An account that nobody asks about any more, or that is another deal's."""
    text = "That account has its deal already. If it is the wrong one, whoever runs Jump-In can change it: `jumpin volumes map`."
    return Message(text, [section(text)])


def gone(name: str) -> Message:
    """A file that was deleted before it could be imported."""
    text = f"{_file(name)} is not in Slack any more. Drop it again, and press Import."
    return Message(text, [section(text)])


def _questions(asked: Sequence[Asked], deals: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for one in asked[:MOST_ASKED] if deals else ():
        text = f"Whose account is “{neutral(clean(one.account, 80))}”? {one.packages:,} packages on {one.days:,} days wait."
        blocks.append({**section(text), "block_id": f"{WHOSE}|{one.mark}", "accessory": select(WHOSE, "Choose the deal", deals)})
    more = len(asked) - MOST_ASKED
    return blocks + ([lines(f"… and {more} more accounts wait.")] if more > 0 and deals else [])


def _file(name: str) -> str:
    return f"“{neutral(clean(name, 80))}”"
