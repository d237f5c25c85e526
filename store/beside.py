"""What there is to look for beside a finding, all told in one question: most findings have nothing beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists
from sqlalchemy import select as sa_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from store.clock import MILESTONE
from store.clock_tables import HappenedRow, MarkRow
from store.mutes import still_holds
from store.records import StoredFinding
from store.tables import FindingRow, MuteRow, PostRow, PreferencesRow, metadata
from store.tellings import fits

_VOLUMES = metadata.tables["volumes"].c
_DEAL: BindParameter[int] = bindparam("deal")
_FIRST: BindParameter[date] = bindparam("first")
_TODAY: BindParameter[date] = bindparam("today")
_NOW: BindParameter[datetime] = bindparam("now")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside a finding: `others` of its matter that may stand behind it, a mute of its scenario, a script `posted`;
    `begun`: whether something may tell of a first pickup; `chosen`: what the recipient of its DM has chosen.
    """

    others: bool
    muted: bool
    posted: bool
    begun: bool
    chosen: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Days:
    """When (UTC) the business day of a finding began, and the calendar days between which a first pickup begins the test."""

    since: datetime
    first: date
    today: date


def _pickup() -> ColumnElement[bool]:
    """Whether something may tell of a first pickup between two days: an event, a signal, a mark, or packages in the volume feed."""
    happened = (col(HappenedRow.deal_id) == _DEAL, col(HappenedRow.kind).in_(("pickup", "ramped")), col(HappenedRow.day) >= _FIRST)
    signal = (col(FindingRow.deal_id) == _DEAL, col(FindingRow.scenario) == "pickup-confirmed")
    marked = (col(MarkRow.deal_id) == _DEAL, col(MarkRow.what) == MILESTONE, col(MarkRow.key) == "test-start")
    shipped = (_VOLUMES.deal_id == _DEAL, _VOLUMES.day >= _FIRST, _VOLUMES.day <= _TODAY, _VOLUMES.packages > 0)
    return exists().where(*happened) | exists().where(*signal) | exists().where(*marked) | exists().where(*shipped)


_MUTED = (col(MuteRow.deal_id) == _DEAL, col(MuteRow.scenario) == bindparam("scenario"), still_holds(_NOW))
_ASKED = sa_select(
    exists().where(and_(*fits()), col(FindingRow.id) != bindparam("finding")),
    exists().where(*_MUTED),
    exists().where(col(PostRow.finding_id) == bindparam("finding")),
    _pickup(),
    sa_select(col(PreferencesRow.chosen)).where(col(PreferencesRow.user_id) == bindparam("recipient")).scalar_subquery(),
)


async def beside(s: AsyncSession, found: StoredFinding, recipient: str, days: Days, now: datetime) -> Beside:
    """What there is beside a finding at a time (UTC), for the recipient (Slack id) of a DM about it; "" for nobody in particular."""
    matter = {"deal": found.deal_id, "scenario": found.finding.scenario, "subject": found.finding.subject or ""}
    asked = {**matter, "finding": found.id, "recipient": recipient, "now": now}
    when = {"since": days.since, "first": days.first, "today": days.today}
    others, muted, posted, begun, chosen = (await (await s.connection()).execute(_ASKED, {**asked, **when})).one()
    return Beside(others, muted, posted, begun, chosen if isinstance(chosen, dict) else {})
