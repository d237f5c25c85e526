"""What was said about one deal while the bot was away, as one message: the first matters in full, the others a line each."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.playbook.scenarios import title
from templates.blocks import Behind, said_words
from templates.decided import state_words
from templates.kit import Block, Message, header, lines, section
from templates.presses import behind_choices
from templates.quote import neutral
from templates.words import agreed_beside

MOST_FULL, MOST_SHORT = 3, 10
"""Matters shown with their script and buttons, and matters with a line and a menu; the rest is counted."""

ROOM = 36
"""Blocks for those in full; Slack takes 50 in all."""


def together(deal: Deal, full: Sequence[Message], matters: Sequence[Behind], zone: str) -> Message:
    """The message as it should look now; `full` are the first of the matters, each as it would stand alone. In the order said."""
    head = f"{deal.customer}: {len(matters)} things were said while I was away"
    blocks: list[Block] = [header(head), lines("In the order in which they were said, as they stand now.")]
    shown = 0
    for one in full:
        if shown and len(blocks) + 1 + len(one.blocks) > ROOM:
            break
        blocks += [{"type": "divider"}, *one.blocks]
        shown += 1
    rest = matters[shown:]
    if rest:
        blocks += [{"type": "divider"}, lines("Also:"), *(_line(one, deal, ZoneInfo(zone)) for one in rest[:MOST_SHORT])]
    if len(rest) > MOST_SHORT:
        blocks.append(lines(f"… and {len(rest) - MOST_SHORT} more, in `/deal-findings`"))
    names = "; ".join(dict.fromkeys(title(one.finding.scenario) for one in matters))
    return Message(f"{neutral(head)}: {names}", blocks)


def _line(one: Behind, deal: Deal, zone: ZoneInfo) -> Block:
    state, menu = state_words(one.state), behind_choices(one.finding_id, one.state)
    what = neutral(agreed_beside(one.finding, deal), 120)
    text = f"*{title(one.finding.scenario)}*: {what} — {said_words(one.words, zone)}{f' · {state}' if state else ''}"
    return section(text) | ({"accessory": menu} if menu else {})
