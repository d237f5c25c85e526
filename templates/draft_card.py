"""A draft to copy or to open in the mail program."""

from __future__ import annotations

from templates.draft_facts import Draft
from templates.drafts import TITLES, Prepared, mailto
from templates.kit import Message, copyable, header, lines
from templates.quote import escaped, neutral


def draft_card(customer: str, name: Draft, draft: Prepared) -> Message:
    """The draft as a block with its copy button, and a link that opens it as an email where it is one."""
    link = f"<{escaped(mailto(draft))}|Open it in your mail program>, or copy it here:" if draft.subject else "To copy:"
    what = f"{customer}: {TITLES[name]}"
    return Message(neutral(what), [header(what), lines(link), copyable(draft.whole)])
