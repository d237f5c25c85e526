"""Several matters in one message, the first in full, the others a line each: what was said while the bot was away, and in one message."""

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
    blocks: list[Block] = [header(head.removeprefix(deal.customer), of=deal.customer)]
    blocks += [lines("In the order in which they were said, as they stand now.")]
    blocks += [{"type": "divider"}, *full[0].blocks]
    return Message(f"{neutral(head)}: {_names(matters)}", _further(blocks, deal, full, matters, zone))


def at_once(deal: Deal, full: Sequence[Message], matters: Sequence[Behind], zone: str) -> Message:
    """What one message raised: the first of the matters as it would stand alone, the others below it; otherwise as `together`."""
    return Message(f"{full[0].text}\nAlso: {_names(matters[1:])}", _further(list(full[0].blocks), deal, full, matters, zone))


def _further(blocks: list[Block], deal: Deal, full: Sequence[Message], matters: Sequence[Behind], zone: str) -> list[Block]:
    """These blocks, which show the first matter, and below them the others."""
    shown = 1
    for one in full[1:]:
        if len(blocks) + 1 + len(one.blocks) > ROOM:
            break
        blocks = [*blocks, {"type": "divider"}, *one.blocks]
        shown += 1
    rest = matters[shown:]
    if rest:
        blocks = [*blocks, {"type": "divider"}, lines("Also:"), *(_line(one, deal, ZoneInfo(zone)) for one in rest[:MOST_SHORT])]
    more = len(rest) - MOST_SHORT
    return [*blocks, lines(f"… and {more} more, in `/deal-findings`")] if more > 0 else blocks


def _names(matters: Sequence[Behind]) -> str:
    return "; ".join(dict.fromkeys(title(one.finding.scenario) for one in matters))


def _line(one: Behind, deal: Deal, zone: ZoneInfo) -> Block:
    state, menu = state_words(one.state), behind_choices(one.finding_id, one.state)
    what = neutral(agreed_beside(one.finding, deal), 120)
    text = f"*{title(one.finding.scenario)}*: {what} — {said_words(one.words, zone)}{f' · {state}' if state else ''}"
    return section(text) | ({"accessory": menu} if menu else {})
