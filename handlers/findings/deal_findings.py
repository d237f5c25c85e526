"""/deal-findings: what was found on a deal, or on all of one's deals, with filters; for their own people only, and seen by nobody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, get_args
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.findings import buttons
from handlers.findings.finding_words import span, understood
from handlers.house import House
from handlers.links import Links
from handlers.people import is_member
from handlers.telling.dm import UNDO_WITHIN
from handlers.which import deal_meant
from store import deal_people, deals, finding_list, mutes
from store.finding_list import Wanted
from store.mutes import Mute
from store.records import FindingState, KnownDeal, StoredFinding
from templates.blocks import Muted, Words
from templates.finding_list import (
    EVERYWHERE,
    LISTED,
    MOST_MUTES,
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
    no_such_deal,
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
    theirs, here = await _theirs(house, user_id, channel)
    if not theirs:
        return refusal()
    typed = understood(text, list(theirs.values()))
    deal = here[0] if len(here) == 1 and not typed.everywhere else None
    meant = await deal_meant(house, user_id, channel, typed.customer, theirs) if typed.customer else None
    if isinstance(meant, Message):
        return no_such_deal(meant)
    deal = meant.id if meant else deal
    asked = Filter(deal, typed.state, typed.scenario, typed.period)
    return await _page(house, links, Asker(user_id, frozenset(theirs)), asked, meant)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the ids of the deals that they may see."""

    user_id: str
    deals: frozenset[int]


async def _shown(house: House, links: Links, user_id: str, wanted: Filter) -> Message:
    theirs, _ = await _theirs(house, user_id, "")
    if not theirs or (wanted.deal is not None and wanted.deal not in theirs):
        house.log.info("list refused", user=user_id, deal=wanted.deal)
        return refusal()
    return await _page(house, links, Asker(user_id, frozenset(theirs)), wanted)


async def _theirs(house: House, user_id: str, channel: str) -> tuple[dict[int, str], list[int]]:
    """The deals that somebody may see: id -> name, and those of the channel; none for whoever is no full member of our own team."""
    if not await is_member(house, user_id):
        return {}, []
    async with house.store.reading() as s:
        return await deal_people.names(s, user_id), await deal_people.in_channel(s, user_id, channel)


async def _page(house: House, links: Links, asker: Asker, asked: Filter, one: KnownDeal | None = None) -> Message:
    """`one`: the deal asked for, where it has just been read."""
    scope = asker.deals if asked.deal is None else frozenset((asked.deal,))
    async with house.store.reading() as s:
        if one is None and asked.deal is not None:
            one = await deals.deal_by_id(s, asked.deal)
        zone = (one.deal.timezone if one else None) or house.timezone
        since, before = span(asked.period, house.now(), ZoneInfo(zone))
        wanted = Wanted(scope, _state(asked.state), asked.scenario or None, since, before)
        found, count = await finding_list.page(s, wanted, first=asked.page * PAGE, most=PAGE)
        holding = list((await mutes.active(s, scope, house.now())).values())
        needed = {stored.deal_id for stored in found} | {mute.deal_id for mute in holding[:MOST_MUTES]}
        found_deals = [one] if one is not None else await deals.deals_by_id(s, sorted(needed))
        known = {deal.id: deal for deal in found_deals if deal.deal.may_see(asker.user_id)}
    listed = await asyncio.gather(*(_listed(links, stored, known[stored.deal_id]) for stored in found if stored.deal_id in known))
    quiet = [_mute_listed(house, mute, known[mute.deal_id]) for mute in holding[:MOST_MUTES] if mute.deal_id in known]
    whose = one.deal.customer if one else None
    return words(ListView(asked, whose, len(asker.deals), count, listed, quiet, len(holding) - len(quiet), zone))


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
