"""The form in which boxes are ticked and a deal moves to its next stage, and what it says once that is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from bot.deal import Deal, Stage
from bot.playbook.clock.checklists import Checklist, Ticked
from templates.checklist import box_words, left_open_words
from templates.form import View, boxes_field, choice_field, modal, notice
from templates.kit import Block, section
from templates.new_form import STAGES
from templates.quote import neutral

CHECK_FORM = "jumpin-checklist"
LIST, STAGE = "list.", "stage"
"""Fields: one for the boxes of each list, and the stage."""


def check_form(deal_id: int, deal: Deal, lists: Sequence[Checklist]) -> View:
    """What the bot saw itself stands there as text; the rest can be ticked."""
    blocks: list[Block] = [choice_field(STAGE, "Stage", {stage: STAGES[stage] for stage in get_args(Stage)}, deal.stage)]
    ticked: list[str] = []
    for one in lists:
        seen = [box for box in one.boxes if box.seen]
        free = [box for box in one.boxes if not box.seen]
        if seen:
            blocks.append(section("\n".join([f"*{one.title}: seen by me*", *map(box_words, seen)])))
        if free:
            done = [box.box.key for box in free if box.done]
            ticked += done
            blocks.append(boxes_field(f"{LIST}{one.name}", one.title, {box.box.key: box.box.words for box in free}, done))
    kept = {"deal": deal_id, "stage": deal.stage, "ticked": ticked}
    return modal(CHECK_FORM, "Checklists", blocks, submit="Save", kept=kept)


def check_saved(deal: Deal, lists: Sequence[Checklist], left: Sequence[Ticked]) -> View:
    """What stands open now; `left` is what a change of stage left behind."""
    still = sum(len(one.open) for one in lists)
    told = (
        f"✅ *{neutral(deal.customer, 80)}*, {STAGES[deal.stage]}: {f'{still} open' if still else 'all done'} on the lists of this stage."
    )
    return notice("Checklists", told, *([left_open_words(left)] if left else []))
