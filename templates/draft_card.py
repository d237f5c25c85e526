"""A draft to copy or to open in the mail program, and what one says of it afterwards."""

from __future__ import annotations

from templates.draft_facts import Draft
from templates.drafts import TITLES, Prepared, mailto
from templates.kit import Block, Message, button, copyable, header, lines, section
from templates.quote import escaped, neutral
from templates.survey import ANSWER, KIND_OF

SENT, WAIT = "jumpin-clock-sent", "jumpin-clock-wait"
"""Action ids: the email has been sent; the draft had better come tomorrow morning. The value is "<deal>|<item's key>|<draft>"."""

CAN_WAIT: tuple[Draft, ...] = ("post-call",)
"""Drafts that are read with more pleasure the next morning."""


def draft_card(customer: str, name: Draft, draft: Prepared, about: str = "") -> Message:
    """The draft as a block with its copy button, and a link that opens it as an email where it is one.

    `about` is "<deal>|<item's key>", for the buttons.
    """
    link = f"<{escaped(mailto(draft))}|Open it in your mail program>, or copy it here:" if draft.subject else "To copy:"
    what = f"{customer}: {TITLES[name]}"
    head = header(f": {TITLES[name]}", of=customer)
    return Message(neutral(what), [head, lines(link), copyable(draft.whole), *_buttons(name, draft, about)])


def sent_noted(title: str, *, new: bool) -> Message:
    """That an email was sent is kept."""
    text = f"{'Noted' if new else 'Already noted'}: “{title}” was sent today."
    return Message(text, [section(text)])


def _buttons(name: Draft, draft: Prepared, about: str) -> list[Block]:
    value = f"{about}|{name}"
    made = [("I've sent it", SENT)] if draft.subject else []
    made += [("It can wait until tomorrow morning", WAIT)] if name in CAN_WAIT else []
    made += [("Record an answer …", ANSWER)] if name in KIND_OF else []
    elements = [button(label, action, value) for label, action in made]
    return [{"type": "actions", "block_id": f"draft-{name}", "elements": elements}] if about and elements else []
