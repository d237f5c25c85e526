"""What a second opinion does to a finding that waits: it becomes one for a direct message, or is suppressed. People's decisions stand."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import MUTED, Finding
from store.finding_rows import key_values, stored
from store.findings import Turn, turn
from store.records import FindingState, Origin, StoredFinding
from store.statements import held
from store.tables import FindingRow

BY = "strong reader"
"""Who decided, in a finding's history."""


async def settle(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, now: datetime) -> StoredFinding | None:
    """Bring the waiting finding of this message to the urgency, or the suppression, that `finding` has now.

    None where it does not wait any more: it was withdrawn, changed by an edit, decided by somebody, or told already.
    """
    same = select(FindingRow).filter_by(**key_values(deal_id, finding, origin))
    row = (await s.exec(held(same))).first()
    if row is None or row.state not in ("open", "suppressed") or (row.urgency, row.quote) != ("digest", finding.quote):
        return None
    if row.suppressed == MUTED:
        return None
    row.urgency, row.rule, row.suppressed = finding.urgency, finding.rule, finding.suppressed
    state: FindingState = "suppressed" if finding.suppressed else "open"
    if row.state != state:
        turn(s, row, Turn(state, BY), now)
    s.add(row)
    await s.flush()
    return stored(row)


async def raise_again(s: AsyncSession, waiting: StoredFinding) -> StoredFinding:
    """A finding that waits was said again and surely: it is one for a direct message now."""
    row = await s.get(FindingRow, waiting.id, with_for_update=True)
    if row is None or (row.state, row.urgency) != ("open", "digest"):
        return waiting
    row.urgency = "now"
    s.add(row)
    await s.flush()
    return stored(row)


async def still_said(s: AsyncSession, channel: str, ts: str, rules: Collection[str], text: str) -> frozenset[tuple[str, str | None]]:
    """The findings (scenario, subject) by these rules of a message whose quote stands in its new text word for word."""
    return await _whose_quote_stands(s, channel, ts, text, col(FindingRow.rule).in_(rules))


async def heard_so(s: AsyncSession, channel: str, ts: str, edited: datetime, text: str) -> frozenset[tuple[str, str | None]]:
    """The findings (scenario, subject) of a message that came up since it was edited (UTC), in words that stand in its text.

    Another process has heard it as it is now, and may have known more of what was said before.
    """
    return await _whose_quote_stands(s, channel, ts, text, col(FindingRow.changed_at) >= edited)


async def _whose_quote_stands(
    s: AsyncSession, channel: str, ts: str, text: str, which: ColumnElement[bool]
) -> frozenset[tuple[str, str | None]]:
    of_message = select(FindingRow).where(FindingRow.channel == channel, FindingRow.ts == ts, which)
    rows = (await s.exec(of_message.where(col(FindingRow.state) != "withdrawn"))).all()
    return frozenset((row.scenario, row.subject or None) for row in rows if row.quote and _stands_in(text, row.quote))


def _stands_in(text: str, quote: str) -> bool:
    """Whole: "start with 15" does not stand in "start with 150", nor in "start with 15,000"."""
    return re.search(rf"(?<![\w.,]){re.escape(quote)}(?![\w%]|[.,]\d)", text) is not None
