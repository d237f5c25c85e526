"""Where the deal book and the CRM differ: the rep takes the CRM's values over, keeps the book's, or follows another deal of the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.ledger import TERMS
from handlers.clock import stages
from handlers.crm import notices
from handlers.crm.compared import CUSTOMER
from handlers.deals.amend import fresh_form
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import may_receive
from handlers.which import id_of
from store import crm as rows
from store import deals
from store.crm import Difference, Known
from store.deals import Entry
from store.records import KnownDeal
from store.sources.crm.mapped import nested, text_of
from store.sources.deal_file import read_term
from store.sources.values import Wrong
from templates.crm import FOLLOW, KEEP, TAKE, told
from templates.kit import Message
from templates.status import refusal
from templates.terms_form import FIELDS, terms_form


def register(app: AsyncApp, house: House) -> None:
    """The buttons, and what the messages show."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await in_time(house, pressed(house, body, action))
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    for name in (TAKE, KEEP, FOLLOW):
        app.action(name)(on_press)
    notices.register(house)


async def pressed(house: House, body: Mapping[str, Any], action: Mapping[str, Any]) -> Message | None:
    """What a press does; what to say where there is something to say."""
    user = str(body["user"]["id"])
    number = id_of(action.get("value"))
    async with house.store.reading() as s:
        known = await rows.by_id(s, number) if number is not None else None
        there = await deals.deal_by_id(s, known.deal_id) if known is not None and known.deal_id else None
        found = await rows.differences(s, known.id) if known is not None else []
    if known is None or there is None or not await may_receive(house, there.deal, user):
        house.log.info("crm deal refused", user=user)
        return refusal()
    name = action.get("action_id")
    if name == FOLLOW:
        return await follow(house, known, user)
    if not found:
        return told("There is no difference any more.")
    return await (_keep(house, known, user) if name == KEEP else _take(house, known, there, found, body))


async def _keep(house: House, known: Known, user: str) -> Message | None:
    """The deal book is right: what the CRM says now is known, and our values may go back there."""
    async with house.store.writing() as s:
        now_known = await rows.hold(s, known.id)
        open_now = await rows.differences(s, known.id)
        assert now_known is not None
        await rows.decide(s, known.id, [one.term for one in open_now], ("ours", user), house.now())
        base = {**now_known.base, **{one.term: one.theirs for one in open_now}}
        await rows.change(s, known.id, base=base, version=now_known.version + 1)
        await notices.show_again(house, s, known.id, now_known.version + 1)
    house.wake.set()
    house.log.info("crm values kept out", record=known.id, user=user, terms=len(open_now))
    return None


async def _take(house: House, known: Known, there: KnownDeal, found: list[Difference], body: Mapping[str, Any]) -> Message | None:
    """Agreed terms go through the form that asks who agreed, and from which day; all else is taken over at once."""
    user = str(body["user"]["id"])
    beside = [one for one in found if one.term not in TERMS and not one.term.startswith("pickup.")]
    if beside:
        refused = await _take_beside(house, known, there, beside, user)
        if refused is not None:
            return refused
    agreed = {one.term: text_of(one.term, one.theirs) for one in found if one not in beside}
    if agreed:
        form = await fresh_form(house, there)
        typed = {name: value.replace("; ", "\n") if name == "test.success" else value for name, value in agreed.items() if name in FIELDS}
        await show(house, body.get("trigger_id"), terms_form(replace(form, given=typed, ours=user, link=known.url or "")))
    return None


async def _take_beside(house: House, known: Known, there: KnownDeal, beside: list[Difference], user: str) -> Message | None:
    entry = Entry(user, f"{known.source} {known.external}", house.now())
    async with house.store.writing() as s:
        now_known = await rows.hold(s, known.id)
        assert now_known is not None
        if not await _renamed(s, there, beside):
            return told(
                "Another deal has that customer's name already. Merge the two by hand: keep one, and unlink the channels of the other."
            )
        try:
            altered = await deals.alter(s, there.id, lambda deal: _with(deal, beside), entry)
        except ValueError as wrong:
            return told(f"That cannot be taken over: {str(wrong)[:200]}")
        base = {**now_known.base, **{one.term: one.theirs for one in beside}}
        await rows.decide(s, known.id, [one.term for one in beside], ("theirs", user), house.now())
        await rows.change(s, known.id, base=base, version=now_known.version + 1)
        await notices.show_again(house, s, known.id, now_known.version + 1)
        if altered is not None:
            await stages.announce(s, altered.before.deal.stage, altered.after, house.now(), but=user)
    house.deals.clear()
    house.wake.set()
    return None


async def _renamed(s: AsyncSession, there: KnownDeal, beside: list[Difference]) -> bool:
    """Give the deal the customer's new name; False where another deal has it."""
    name = next((one.theirs for one in beside if one.term == CUSTOMER), None)
    return name is None or await deals.rename(s, there.id, str(name))


def _with(deal: Deal, beside: list[Difference]) -> Deal:
    """The deal with what the CRM says beside the terms; the old name stays as one under which it is talked of."""
    given: dict[str, Any] = {}
    for one in beside:
        try:
            given[one.term] = read_term(one.term, one.theirs)
        except Wrong as reason:
            raise ValueError(f"{one.term}: {reason}") from None
    if CUSTOMER in given and given[CUSTOMER].casefold() != deal.customer.casefold():
        given["brands"] = tuple(dict.fromkeys((*deal.brands, deal.customer)))
    return Deal.model_validate({**deal.model_dump(), **nested(given)})


async def follow(house: House, known: Known, user: str) -> Message | None:
    """From now on the deal follows this record, and the other one is left alone."""
    async with house.store.writing() as s:
        now_known = await rows.hold(s, known.id)
        if now_known is None or now_known.state != "second" or now_known.deal_id is None:
            return told("That was decided meanwhile; nothing was changed.")
        await deals.hold(s, now_known.deal_id)
        before = await rows.of_deal(s, now_known.deal_id)
        if before is not None:
            await rows.change(s, before.id, state="left", deal_id=None, by=user, at=house.now(), version=before.version + 1)
        await rows.change(s, known.id, state="linked", by=user, at=house.now(), version=now_known.version + 1)
        await notices.show_again(house, s, known.id, now_known.version + 1)
    if house.crm is not None:
        house.crm.wake.set()
    house.wake.set()
    return told("I follow that one from now on.")
