"""The brief before a call: a DM to the deal's reps an hour before it begins, and on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from slack_bolt.async_app import AsyncApp

from bot.deal import Call
from bot.playbook.clock.calls import BEFORE, brief, starts, to_brief
from handlers.clock.days import days_of
from handlers.house import House
from handlers.people import may_receive, recipients
from store import deals, outbox
from store.records import Errand, KnownDeal
from templates.call_brief import brief_message
from templates.kit import Message

BRIEF = "call-brief"
"""The nudge."""

WHAT = "brief"
"""What the errand of a brief is about."""


def register(_app: AsyncApp, house: House) -> None:
    """Say what a brief shows when it is sent."""

    async def say(errand: Errand) -> Message | None:
        """None where Slack was away until the call had begun."""
        async with house.store.reading() as s:
            known = await deals.deal_by_id(s, int(errand.about["deal"]))
        if known is None or not await may_receive(house, known.deal, errand.recipient):
            return None
        at = datetime.fromisoformat(str(errand.about["at"]))
        call = next((one for one in known.deal.calls if one.at == at), None)
        if call is None or starts(call, known.deal, house.timezone) <= house.now():
            return None
        return await brief_of(house, known, call)

    house.notices[WHAT] = say


async def brief_of(house: House, known: KnownDeal, call: Call | None = None) -> Message:
    """The brief for a call of a deal, as things stand now."""
    now = house.now()
    async with house.store.reading() as s:
        days = await days_of(house, s, [known], now)
    return brief_message(brief(days[known.id], call))


async def ask(house: House, running: Iterable[KnownDeal], now: datetime) -> datetime | None:
    """Leave the briefs whose hour has come, each once; when the next one is due (UTC)."""
    coming: list[datetime] = []
    due: list[tuple[KnownDeal, Call]] = []
    for known in running if BRIEF not in house.habits.off else ():
        due += [(known, call) for call in to_brief(known.deal, now, house.timezone)]
        coming += [at for call in known.deal.calls if (at := starts(call, known.deal, house.timezone) - BEFORE) > now]
    if due:
        async with house.store.writing() as s:
            await outbox.notify_all(s, [one for known, call in due for one in _notices(known, call, now)])
        house.wake.set()
    return min(coming, default=None)


def _notices(known: KnownDeal, call: Call, now: datetime) -> Iterator[outbox.Notice]:
    about = {"what": WHAT, "deal": known.id, "at": call.at.isoformat()}
    for person in recipients(known.deal):
        yield outbox.Notice(f"brief:{known.id}:{call.at.isoformat()}:{person}", person, about, now)
