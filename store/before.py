"""What there is from before that bears on a finding to be recorded, all told in one question: most messages find nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists
from sqlalchemy import select as sa_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from bot.playbook.settled import SIGNALS_THAT_SETTLE
from store.clock_tables import ToldRow
from store.life import is_signal_after
from store.mutes import still_holds
from store.records import Origin
from store.tables import EchoRow, ExampleRow, FindingRow, MuteRow
from store.tellings import of_matter

_SIGNALS = sorted(SIGNALS_THAT_SETTLE)
_DEAL: BindParameter[int] = bindparam("deal")


@dataclass(frozen=True, slots=True)
class Before:
    """Whether a message was `heard` before (it raised or repeated something, or somebody corrected it), its matter `came_up` before, its
    scenario is `muted`, a signal that may settle it was said `after` it, and daily messages have `told` of the deal lately.
    """

    heard: bool
    came_up: bool
    muted: bool
    after: bool
    told: bool


@dataclass(frozen=True, slots=True)
class When:
    """The time now and when the message came to its words (both UTC), and the first day whose daily messages may still change."""

    now: datetime
    said: datetime
    since: date


def _of_message(row: type[FindingRow] | type[EchoRow] | type[ExampleRow], *also: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(row.channel) == bindparam("channel"), col(row.ts) == bindparam("ts"), *also)


_ASKED = sa_select(
    _of_message(FindingRow) | _of_message(EchoRow) | _of_message(ExampleRow, col(ExampleRow.deal_id) == _DEAL),
    exists().where(*of_matter()),
    exists().where(col(MuteRow.deal_id) == _DEAL, col(MuteRow.scenario) == bindparam("scenario"), still_holds(bindparam("now"))),
    exists().where(*is_signal_after()),
    exists().where(col(ToldRow.deal_id) == _DEAL, col(ToldRow.day) >= bindparam("since")),
)


async def before(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, when: When) -> Before:
    """What there is before a finding of a message is recorded."""
    matter = {"deal": deal_id, "scenario": finding.scenario, "subject": finding.subject or ""}
    said = {"channel": origin.channel, "ts": origin.ts, "after": when.said, "scenarios": _SIGNALS}
    asked = {**matter, **said, "now": when.now, "since": when.since}
    return Before(*(await (await s.connection()).execute(_ASKED, asked)).one())
