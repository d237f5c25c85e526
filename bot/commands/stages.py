"""A deal that moves to another stage on the command line: what is left open is told there, and to its reps by a message."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Stage
from bot.playbook.clock.checklists import checklists, left_open
from bot.playbook.clock.due import due
from bot.playbook.clock.patience import Habits
from handlers.clock import stages
from store import deals, volumes
from store.clock_history import histories


async def left_behind(s: AsyncSession, before: Stage, deal_id: int, habits: Habits, now: datetime) -> str | None:
    """What the stages from `before` on leave open, in words, and a message to the reps left for the bot to send; None where nothing is."""
    known = await deals.deal_by_id(s, deal_id)
    if known is None or known.deal.stage == before:
        return None
    await stages.announce(s, before, known, now)
    history = (await histories(s, [known], habits.zone))[known.id]
    shipped = await volumes.of_deal(s, known.id)
    boxes = left_open(before, known.deal.stage, checklists(due(known.deal, history, shipped, now, habits), history))
    if not boxes:
        return None
    return f"stage {known.deal.stage}: still open from {before} on: {'; '.join(box.box.words for box in boxes)}"
