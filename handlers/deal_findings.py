"""/deal-findings: what was found on a deal, or on all of one's deals, with filters; for their own people only, and seen by nobody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any, get_args
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers import buttons
from handlers.dm import UNDO_WITHIN
from handlers.finding_words import span, understood
from handlers.house import House
from handlers.links import Links
from handlers.people import is_member
from handlers.which import deal_meant
from store import deals, finding_list, mutes
from store.finding_list import Wanted
from store.mutes import Mute
from store.records import FindingState, KnownDeal, StoredFinding
from templates.blocks import Muted, Words
from templates.finding_list import (
    EVERYWHERE,
    LISTED,
    NEWER,
    OLDER,
    PAGE,
    PERIOD,
    SCENARIO,
    STATE,
    Filter,
    Listed,
    ListView,
    MuteListed,
    chosen_value,
    findings_help,
)
from templates.finding_list import finding_list as words
from templates.kit import Message
from templates.status import refusal

COMMAND = "/deal-findings"


def register(app: AsyncApp, house: House) -> None:
    """The slash command, the filters, the pages, and what can be decided from the list."""
    links = Links(house.slack)

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        asked = str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or "")
        answer = house.dress(await answer_to(house, links, *asked))
        await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    async def on_change(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        wanted = _wanted(action)
        await _replace(respond, await _shown(house, links, str(body["user"]["id"]), wanted) if wanted else refusal())

    async def on_decision(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        user, wanted = str(body["user"]["id"]), Filter.unpacked(str(action.get("block_id") or "").partition("|")[2])
        said = await buttons.press(house, user, action)
        if said is not None:
            await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)
        if wanted is not None:
            await _replace(respond, await _shown(house, links, user, wanted))

    async def _replace(respond: AsyncRespond, answer: Message) -> None:
        shown = house.dress(answer)
        await respond(text=shown.text, blocks=shown.blocks, response_type="ephemeral", replace_original=True)

    app.command(COMMAND)(on_command)
    for action_id in (STATE, SCENARIO, PERIOD, NEWER, OLDER, EVERYWHERE):
        app.action(action_id)(on_change)
    app.action(re.compile(f"{LISTED}-.*"))(on_decision)


async def answer_to(house: House, links: Links, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-findings text` in a channel. Deals that the asker may not see do not exist for them."""
    text = unescape(text).strip()
    if text.casefold() in ("help", "?"):
        return findings_help()
    theirs = await _deals_of(house, user_id)
    if not theirs:
        return refusal()
    typed = understood(text, [known.deal.customer for known in theirs.values()])
    here = [known.id for known in theirs.values() if channel in known.channels]
    deal = here[0] if len(here) == 1 and not typed.everywhere else None
    if typed.customer:
        meant = await deal_meant(house, user_id, channel, typed.customer)
        if isinstance(meant, Message):
            return meant
        deal = meant.id
    return await _page(house, links, theirs, Filter(deal, typed.state, typed.scenario, typed.period))


async def _shown(house: House, links: Links, user_id: str, wanted: Filter) -> Message:
    theirs = await _deals_of(house, user_id)
    if not theirs or (wanted.deal is not None and wanted.deal not in theirs):
        house.log.info("list refused", user=user_id, deal=wanted.deal)
        return refusal()
    return await _page(house, links, theirs, wanted)


async def _deals_of(house: House, user_id: str) -> dict[int, KnownDeal]:
    """The deals that somebody may see, by id; none for whoever is no full member of our own team."""
    async with house.store.reading() as s:
        theirs = {known.id: known for known in await deals.deals_of_person(s, user_id)}
    return theirs if theirs and await is_member(house, user_id) else {}


async def _page(house: House, links: Links, theirs: Mapping[int, KnownDeal], asked: Filter) -> Message:
    one = theirs[asked.deal] if asked.deal is not None else None
    scope = [asked.deal] if asked.deal is not None else list(theirs)
    zone = (one.deal.timezone if one else None) or house.timezone
    since, before = span(asked.period, house.now(), ZoneInfo(zone))
    wanted = Wanted(scope, _state(asked.state), asked.scenario or None, since, before)
    async with house.store.reading() as s:
        found, count = await finding_list.page(s, wanted, first=asked.page * PAGE, most=PAGE)
        holding = await mutes.active(s, scope, house.now())
    listed = await asyncio.gather(*(_listed(links, stored, theirs[stored.deal_id]) for stored in found))
    quiet = [_mute_listed(house, mute, theirs[mute.deal_id]) for mute in holding.values()]
    return words(ListView(asked, one.deal.customer if one else None, len(theirs), count, listed, quiet, zone))


async def _listed(links: Links, stored: StoredFinding, known: KnownDeal) -> Listed:
    origin, person = stored.origin, known.deal.person(stored.origin.speaker)
    link = None if stored.state == "withdrawn" else origin.permalink or await links.of(origin.channel, origin.ts)
    said = Words(stored.finding.quote, origin.speaker, person.name if person else None, origin.said_at, link)
    return Listed(stored.id, stored.finding, known.deal, said, stored.state, stored.count, stored.changed_by, stored.until, stored.reason)


def _mute_listed(house: House, mute: Mute, known: KnownDeal) -> MuteListed:
    fresh = house.now() - mute.at <= UNDO_WITHIN
    return MuteListed(Muted(mute.id, mute.until, mute.by, fresh=fresh), known.deal.customer, mute.scenario)


def _state(name: str) -> FindingState | None:
    return next((state for state in get_args(FindingState) if state == name), None)


def _wanted(action: Mapping[str, Any]) -> Filter | None:
    """The filter after a press: a menu changes one field, a button carries the whole."""
    menu = str(action.get("action_id"))
    if menu not in (STATE, SCENARIO, PERIOD):
        return Filter.unpacked(str(action.get("value") or ""))
    there = Filter.unpacked(str(action.get("block_id") or "").partition("|")[2])
    option = action.get("selected_option")
    if there is None or not isinstance(option, dict):
        return None
    value = chosen_value(str(option.get("value")))
    changed = {
        STATE: replace(there, state=value, page=0),
        SCENARIO: replace(there, scenario=value, page=0),
        PERIOD: replace(there, period=value, page=0),
    }
    return Filter.unpacked(changed[menu].packed())
