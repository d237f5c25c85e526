"""POST /hooks/volumes: another system says what was shipped; each delivery counts once, and a later one corrects what it said before."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from slack_bolt.async_app import AsyncApp

from handlers.house import Hook, House
from handlers.signed import Answer, Delivery
from store import volume_accounts, volumes
from store.volume_records import MOST, Came, Counts, Line

NAME = "volumes"
DEFAULT_SOURCE = "webhook"
MOST_LINES = 50_000
"""Lines of one delivery."""

_SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class Sent(BaseModel):
    """One line as it is sent. Shares are 0-1; `source` tells one sending system from another; `id` is the sender's own and not used."""

    model_config = ConfigDict(extra="forbid")

    account: Annotated[str, Field(min_length=1, max_length=200)]
    date: date
    packages: Annotated[int, Field(ge=0, le=MOST)]
    source: Annotated[str, Field(max_length=40)] = DEFAULT_SOURCE
    id: str | int | None = None
    on_time: Annotated[float, Field(ge=0, le=1)] | None = None
    billed_right: Annotated[float, Field(ge=0, le=1)] | None = None
    disputes: Annotated[int, Field(ge=0)] | None = None
    transit_days: Annotated[float, Field(ge=0, le=60)] | None = None


_BODY: TypeAdapter[list[Sent]] = TypeAdapter(Annotated[list[Sent], Field(min_length=1, max_length=MOST_LINES)])


def register(_app: AsyncApp | None, house: House) -> None:
    """Open the door; it needs a secret to be seen."""

    async def take(delivery: Delivery) -> Answer:
        return await taken(house, delivery)

    house.hooks[NAME] = Hook(take)


async def taken(house: House, delivery: Delivery) -> Answer:
    """Take a delivery in as a whole or not at all; the answer counts what became of its lines and names accounts without a deal."""
    try:
        sent = await asyncio.to_thread(_BODY.validate_json, delivery.body)
        by_source = await asyncio.to_thread(_lines, sent, house.now().date() + timedelta(days=1))
    except ValidationError as wrong:
        return _refused(_first(wrong))
    except ValueError as wrong:
        return _refused(str(wrong))
    counts = Counts()
    for source, lines in by_source.items():
        came = Came(f"hook:{source}", delivery.id, NAME, house.now(), f"hook:{source}:{delivery.id}")
        counts += (await volumes.take(house.store, came, lines)).counts
    async with house.store.reading() as s:
        names = sorted({one.account for one in sent})
        unknown = [one.account for one in await volume_accounts.waiting(s, names)] if counts.waiting else []
    house.log.info("volumes sent", delivery=delivery.id, new=counts.new, replaced=counts.replaced, same=counts.same, waiting=counts.waiting)
    told = {name: getattr(counts, name) for name in ("new", "replaced", "same", "waiting", "ignored")}
    return Answer(200, {"ok": True, **told, "unknown_accounts": unknown[:50]})


def _lines(sent: Sequence[Sent], last: date) -> Mapping[str, list[Line]]:
    """The lines by their source. Raises ValueError, in words, for what cannot be."""
    found: dict[str, list[Line]] = {}
    for number, one in enumerate(sent):
        source = one.source.strip().lower() or DEFAULT_SOURCE
        if not _SOURCE.fullmatch(source):
            raise ValueError(f"entry {number}: source: use letters, digits, dots and hyphens, such as wms")
        if one.date > last:
            raise ValueError(f"entry {number}: date: {one.date} lies ahead")
        billed = one.billed_right
        if billed is None and one.disputes is not None and one.packages:
            billed = max(0.0, 1 - one.disputes / one.packages)
        line = Line(one.account, one.date, one.packages, one.on_time, billed, one.transit_days)
        found.setdefault(source, []).append(line)
    return found


def _first(wrong: ValidationError) -> str:
    """The first mistake: where it is and what would be right, never what stood there."""
    first: Any = wrong.errors(include_url=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]]
    where = f"entry {place[0]}: {': '.join(place[1:])}: " if len(place) > 1 else ""
    return f"{where}{first['msg'][:1].lower()}{first['msg'][1:]}"


def _refused(why: str) -> Answer:
    shape = 'send a list such as [{"account": "Acme", "date": "2026-11-16", "packages": 160}]'
    return Answer(400, {"ok": False, "error": why, "help": shape})
