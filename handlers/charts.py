"""Charts of volume in Slack: the course of a deal, whether this Slack draws it itself, and the picture that a button sends.

A picture goes to the direct messages of whoever pressed, and may be seen by those alone who may see the deal.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.course import Course, course
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.which import deal_behind
from store import findings, volumes
from store.records import KnownDeal
from templates.charts.blocks import PICTURE, Volume, sample
from templates.charts.words import alt
from templates.kit import Message, section
from templates.status import refusal

DAYS = 20
"""Shipping days that a chart in a message shows: Slack's own takes no more."""

BACK = timedelta(days=60)
"""How far back they are looked for."""

SAYINGS = 20
"""Stated figures that are marked."""

ASK_WITHIN = 1.0
"""Seconds in which Slack is to say whether it draws charts: whoever waits for a card is not to wait for that."""

SENT = Message("Chart sent.", [section("The chart is in your messages with me.")])
NO_DATA = Message("No volume data.", [section("There are no volume data of this deal yet.")])
NOT_SENT = Message("The chart could not be sent.", [section("Slack did not take the picture just now. Please try again in a minute.")])


def register(app: AsyncApp, house: House) -> None:
    """The button for a picture."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        user = str(body["user"]["id"])
        known = await deal_behind(house, user, action.get("value"))
        said = house.dress(refusal() if known is None else await _send(house, known, user))
        await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

    app.action(PICTURE)(on_press)


async def volume_of(house: House, s: AsyncSession, known: KnownDeal) -> Volume | None:
    """What a message shows of a deal's volume; None where there are no data of the last weeks. Ask before whether its reader may see it."""
    made = await course_of(house, s, known)
    return Volume(known.id, made, drawn=await draws(house)) if made is not None else None


async def course_of(house: House, s: AsyncSession, known: KnownDeal) -> Course | None:
    """The last shipping days of a deal, with the figures stated on them."""
    zone = ZoneInfo(known.deal.timezone or house.timezone)
    today = house.now().astimezone(zone).date()
    actuals = await volumes.of_deal(s, known.id, today - BACK, today)
    if actuals is None:
        return None
    stated = await findings.latest_stated(s, known.id, SAYINGS)
    said = [(one.origin.said_at.astimezone(zone).date(), one.finding.said_per_day) for one in reversed(stated)]
    return course(known.deal, actuals, today, [(day, figure) for day, figure in said if figure], most=DAYS)


async def draws(house: House) -> bool:
    """Whether this Slack draws charts itself: asked once in a while, with a chart of nobody. Where that is unclear it does not."""
    known = house.draws.get("charts")
    if known is not None:
        return known
    try:
        async with asyncio.timeout(ASK_WITHIN):
            await house.slack.api_call("blocks.validate", json={"blocks": sample()})
    except SlackApiError:
        return house.draws.put("charts", False)
    except UNANSWERED:
        return False  # it was not asked: the next one asks again
    return house.draws.put("charts", True)


def _picture(made: Course) -> bytes | None:
    from templates.charts.png import png  # noqa: PLC0415 - the drawing library is large, and few ever ask for a picture

    return png(made)


async def _send(house: House, known: KnownDeal, user: str) -> Message:
    async with house.store.reading() as s:
        made = await course_of(house, s, known)
    picture = await asyncio.to_thread(_picture, made) if made is not None else None
    if made is None or picture is None:
        return NO_DATA
    told = alt(made)
    try:
        opened = await house.slack.conversations_open(users=user)
        channel = str(opened["channel"]["id"])
        await house.slack.files_upload_v2(channel=channel, content=picture, filename="volume.png", title=told[:200], alt_txt=told[:1000])
    except UNANSWERED as failed:
        house.log.warning("chart not sent", deal=known.id, user=user, error=type(failed).__name__)
        return NOT_SENT
    house.log.info("chart sent", deal=known.id, user=user)
    return SENT
