"""Checklists as text: what is ticked, by whom or by what sign, what is open; and how far a rep's deals are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deal import Deal, Stage
from bot.playbook.clock.checklists import Checklist, RepSummary, Ticked
from templates.kit import Block, Message, button, header, lines, section
from templates.new_form import STAGES
from templates.quote import neutral

CHECK = "jumpin-clock-check"
"""Action id of the button that opens the form with the boxes."""

MOST_REPS = 8
"""Reps whose open boxes are listed."""

MOST_OPEN = 15
"""Open boxes that a summary names; the rest is counted."""


def checklist_message(deal: Deal, lists: Sequence[Checklist]) -> Message:
    """The lists of a deal."""
    blocks: list[Block] = [header(": checklists", of=deal.customer)]
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
    head = f"{name}: {_deals(of.deals)}, {of.done} of {of.boxes} done ({share})"
    rows = [f"⬜ *{neutral(customer, 60)}*: {box.words}" for customer, box in of.open[:MOST_OPEN]]
    more = [f"… and {len(of.open) - MOST_OPEN} more"] if len(of.open) > MOST_OPEN else []
    return Message(neutral(head), [header(head), section("\n".join([*rows, *more]) or "Nothing open.")])


def check_card(deal_id: int, deal: Deal, lists: Sequence[Checklist]) -> Message:
    """The lists of a deal, with the button that opens the form."""
    made = checklist_message(deal, lists)
    tick = button("Tick boxes, or change the stage …", CHECK, f"{deal_id}|")
    return Message(made.text, [*made.blocks, {"type": "actions", "block_id": f"checklist-{deal_id}", "elements": [tick]}])


def stage_message(deal_id: int, customer: str, after: Stage, boxes: Sequence[Ticked]) -> Message:
    """The warning that a deal has moved on and left something open."""
    head = f"{customer} is in {STAGES[after]} now"
    tick = button("Tick boxes …", CHECK, f"{deal_id}|")
    shown: list[Block] = [header(head.removeprefix(customer), of=customer), section(left_open_words(boxes))]
    return Message(neutral(head), [*shown, {"type": "actions", "block_id": f"stage-{deal_id}", "elements": [tick]}])


def team_message(reps: Sequence[tuple[RepSummary, str]]) -> Message:
    """All reps of a leader, those with most open boxes first; beyond the first few a line each."""
    blocks = [block for one, name in reps[:MOST_REPS] for block in summary_message(one, name).blocks]
    rest = [f"{neutral(name, 60)}: {one.done} of {one.boxes} done in {_deals(one.deals)}" for one, name in reps[MOST_REPS : MOST_REPS + 60]]
    more = len(reps) - MOST_REPS - len(rest)
    blocks += [section("\n".join(rest[begin : begin + 30])) for begin in range(0, len(rest), 30)]
    blocks += [lines(f"… and {more} more reps")] if more > 0 else []
    count = len(reps)
    text = f"Checklists of {count} rep{'' if count == 1 else 's'}" if count else "These deals name no rep."
    return Message(text, blocks or [section(text)])


def no_team() -> Message:
    """Whoever leads no deal has no summary."""
    text = "The summary is for leadership, and you are named as leadership in no deal. `/deal-checklist acme` shows the lists of a deal."
    return Message(text, [section(text)])


def checklist_help() -> Message:
    """How the command is used."""
    text = (
        "*/deal-checklist* — the lists of this channel's deal: its stage, and the partnership promise\n"
        "*/deal-checklist Acme* — those of another deal of yours\n"
        "*/deal-checklist team* — for leadership: how far each rep is on the deals that you lead\n"
        "What I saw myself is ticked, with what I saw. The rest you tick in the form, which also moves a deal to its next stage."
    )
    return Message(text, [section(text)])


def _deals(count: int) -> str:
    return f"{count} deal{'' if count == 1 else 's'}"
