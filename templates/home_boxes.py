"""The tick boxes of one deal, standing in Home under the deal's line."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from bot.deal import Stage
from bot.playbook.clock.checklists import Checklist
from templates.checklist import CHECK, box_words
from templates.form import box_options
from templates.kit import Block, button, section
from templates.new_form import STAGES

UNFOLD, FOLD, TICK = "jumpin-home-unfold", "jumpin-home-fold", "jumpin-home-tick"
"""Action ids: a deal's boxes are to stand there (the value is the deal's number), they are to go, one of them was ticked or cleared."""

_BLOCK = "home-boxes"


def unfold(deal_id: int) -> Block:
    """The button beside a deal whose boxes do not stand there."""
    return button("Checklist ▾", UNFOLD, str(deal_id))


def fold(deal_id: int) -> Block:
    """The button beside a deal whose boxes stand there."""
    return button("Hide checklist", FOLD, str(deal_id))


def home_boxes(deal_id: int, stage: Stage, lists: Sequence[Checklist]) -> list[Block]:
    """The lists of a deal's stage: what the bot saw itself as text, the rest to tick, and the button that opens the form with the stage."""
    blocks: list[Block] = []
    for one in lists:
        seen = [box for box in one.boxes if box.seen]
        free = [box for box in one.boxes if not box.seen]
        blocks.append(section("\n".join([f"*{one.title}*", *map(box_words, seen)])))
        if free:
            done = [box.box.key for box in free if box.done]
            element = {"type": "checkboxes", "action_id": TICK, **box_options({box.box.key: box.box.words for box in free}, done)}
            blocks.append({"type": "actions", "block_id": _block_id(deal_id, one.name, done), "elements": [element]})
    stages = button(f"In {STAGES[stage]}: change …", CHECK, f"{deal_id}|")
    return [*blocks, {"type": "actions", "block_id": f"home-stage-{deal_id}", "elements": [stages]}]


def deal_of_block(block_id: object) -> str:
    """The number of the deal whose boxes a block holds, as text; "" of a block that is none of these."""
    parts = str(block_id).split(".")
    return parts[1] if len(parts) == 4 and parts[0] == _BLOCK else ""


def _block_id(deal_id: int, name: str, done: Sequence[str]) -> str:
    # Slack keeps what somebody has ticked for as long as the block keeps its id: so the id goes with what is ticked
    return f"{_BLOCK}.{deal_id}.{name}.{crc32(' '.join(sorted(done)).encode()):08x}"
