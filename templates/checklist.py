"""Checklists as text: what is ticked, by whom or by what sign, what is open; and how far a rep's deals are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deal import Deal
from bot.playbook.clock.checklists import Checklist, RepSummary, Ticked
from templates.kit import Block, Message, header, lines, section
from templates.quote import neutral

MOST_OPEN = 15
"""Open boxes that a summary names; the rest is counted."""


def checklist_message(deal: Deal, lists: Sequence[Checklist]) -> Message:
    """The lists of a deal."""
    blocks: list[Block] = [header(f"{deal.customer}: checklists")]
    blocks += [section("\n".join([f"*{one.title}*", *map(box_words, one.boxes)])) for one in lists]
    still = sum(len(one.open) for one in lists)
    blocks.append(lines(f"{still} open. What I saw myself is ticked, with what I saw." if still else "All done."))
    return Message(f"{neutral(deal.customer)}: {still} open on the checklists", blocks)


def box_words(one: Ticked) -> str:
    """As "☑️ Watched the first pickups, days 3-5 — all 5 confirmed"."""
    evidence = one.evidence if one.evidence.startswith("ticked by <@") else neutral(one.evidence, 120)
    return f"{'☑️' if one.done else '⬜'} {one.box.words}" + (f" — {evidence}" if evidence else "")


def left_open_words(boxes: Sequence[Ticked]) -> str:
    """The warning at a change of stage; empty where nothing is left open."""
    if not boxes:
        return ""
    told = "1 item of the stage so far is" if len(boxes) == 1 else f"{len(boxes)} items of the stages so far are"
    listed = "\n".join(f"⬜ {box.box.words}" for box in boxes[:MOST_OPEN])
    more = f"\n… and {len(boxes) - MOST_OPEN} more" if len(boxes) > MOST_OPEN else ""
    return f"⚠️ {told} open:\n{listed}{more}"


def summary_message(of: RepSummary, name: str) -> Message:
    """A rep's deals on the lists of their stages, for leadership."""
    share = f"{of.done / of.boxes:.0%}" if of.boxes else "nothing to do"
    head = f"{name}: {of.deals} deal{'' if of.deals == 1 else 's'}, {of.done} of {of.boxes} done ({share})"
    rows = [f"⬜ *{neutral(customer, 60)}*: {box.words}" for customer, box in of.open[:MOST_OPEN]]
    more = [f"… and {len(of.open) - MOST_OPEN} more"] if len(of.open) > MOST_OPEN else []
    return Message(neutral(head), [header(head), section("\n".join([*rows, *more]) or "Nothing open.")])
