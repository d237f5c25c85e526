"""A deal of the CRM that waits: its rep confirms the terms with one click, changes or fills them in, or leaves it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from handlers.crm import notices
from handlers.crm.compared import compare
from handlers.crm.owners import may_confirm, slack_id
from handlers.deals.pasted import prefilled
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import is_member, is_slack_id, user_of
from handlers.which import id_of
from store import crm as rows
from store import deals
from store.crm import Known
from store.sources.crm.mapped import nested
from store.sources.deal_file import build, check_deal
from templates.crm import CONFIRM, LEAVE, LOOK, MEND, told
from templates.kit import Message
from templates.new_form import new_form
from templates.status import refusal

NOT_YET = "Some of its terms are missing or not clear: *Change or fill in …* opens the form."
TAKEN = "That customer has a deal in the deal book already, so nothing was saved. Whoever can help has been told."


def register(app: AsyncApp, house: House) -> None:
    """The buttons."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await in_time(house, pressed(house, body, action))
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    for name in (CONFIRM, MEND, LEAVE, LOOK):
        app.action(name)(on_press)

    async def on_saved(s: AsyncSession, record: Any, deal_id: int, user: str) -> None:
        await saved_by_form(house, s, record, deal_id, user)

    house.saved = on_saved


async def pressed(house: House, body: Mapping[str, Any], action: Mapping[str, Any]) -> Message | None:
    """What a press does; what to say where there is something to say."""
    user = str(body["user"]["id"])
    known = await confirmable(house, user, action.get("value"))
    if known is None:
        house.log.info("crm deal refused", user=user)
        return refusal()
    name = action.get("action_id")
    if name == CONFIRM:
        return await confirm(house, known, user)
    if name == MEND:
        return await _open(house, known, user, body)
    return await (_leave if name == LEAVE else _show)(house, known, user)


async def confirmable(house: House, user: str, value: Any) -> Known | None:
    """The record with the id that a button or form carries; None where there is none, or none for this person: they cannot tell which."""
    number = id_of(value)
    async with house.store.reading() as s:
        known = await rows.by_id(s, number) if number is not None else None
        there = await deals.deal_by_id(s, known.deal_id) if known is not None and known.deal_id else None
    if known is None:
        return None
    if there is not None and known.state == "second" and there.deal.may_see(user):
        return known if await is_member(house, user) else None
    return known if await may_confirm(house, known, user) else None


async def confirm(house: House, known: Known, user: str) -> Message | None:
    """Save the deal as the record has it; once, whoever is first."""
    if known.state != "waiting":
        return told("It waits no more; nothing was changed.")
    deal = await _deal(house, known, user)
    if deal is None:
        return told(NOT_YET)
    async with house.store.writing() as s:
        now_known = await rows.hold(s, known.id)
        if now_known is None or now_known.state != "waiting" or now_known.version != known.version:
            return told("It has just changed. Please look at it once more.")
        if await deals.deal_named(s, deal.customer) is not None:
            return told(TAKEN)
        saved = await deals.save_deal(s, deal, by=user, source=f"{known.source} {known.external}", now=house.now())
        await linked(house, s, now_known, saved.id, user)
    house.deals.clear()
    house.wake.set()
    house.log.info("crm deal confirmed", record=known.id, deal=saved.id, user=user)
    return None


async def linked(house: House, s: AsyncSession, known: Known, deal_id: int, user: str) -> None:
    """The record's deal is in the book: from now on they are compared by what they have in common."""
    there = await deals.deal_by_id(s, deal_id)
    assert there is not None
    said = dict(known.terms.get("values", {}))
    found = compare(there.deal, said, {})
    # What somebody put right in the form was looked at beside what the CRM says: its present value is no news.
    base = {**found.same, **{name: theirs for name, (_, theirs) in found.differing.items()}}
    values = {"state": "linked", "deal_id": deal_id, "base": base, "by": user, "at": house.now(), "version": known.version + 1}
    await rows.change(s, known.id, **values)
    await notices.show_again(house, s, known.id, known.version + 1)


async def saved_by_form(house: House, s: AsyncSession, record: Any, deal_id: int, user: str) -> None:
    """The form that was opened from a record has made its deal."""
    number = id_of(record)
    known = await rows.hold(s, number) if number is not None else None
    if known is not None and known.state == "waiting" and await may_confirm(house, known, user):
        await linked(house, s, known, deal_id, user)


async def _deal(house: House, known: Known, user: str) -> Deal | None:
    if known.terms.get("missing") or known.terms.get("unclear"):
        return None
    plain = await plain_deal(house, known, user)
    checked = check_deal(plain)
    return None if checked.wrong or checked.unknown else build(checked)


async def plain_deal(house: House, known: Known, user: str) -> dict[str, Any]:
    """The record as a deal file has it, with its people."""
    values = {name: value for name, value in known.terms.get("values", {}).items() if value is not None}
    people: dict[str, str] = {known.rep or user: "rep"}
    for role, who in (house.crm.mapping.also if house.crm else {}).items():
        for one in who:
            person = one if is_slack_id(one) or house.crm is None else await slack_id(house, house.crm, one.casefold())
            if person is not None:
                people.setdefault(person, role)
    named = [{"id": person, "name": ((await user_of(house, person)).name or person)[:200], "role": role} for person, role in people.items()]
    return {**nested(values), "customer": known.customer, "people": named}


async def _open(house: House, known: Known, user: str, body: Mapping[str, Any]) -> Message | None:
    """The form for a new deal, filled with what the record says."""
    if known.state != "waiting":
        return told("It waits no more; change its terms with `/deal-terms`.")
    form = prefilled(await plain_deal(house, known, user), tuple(known.terms.get("unclear", ())), known.id)
    await show(house, body.get("trigger_id"), new_form(form))
    return None


async def _leave(house: House, known: Known, user: str) -> Message | None:
    async with house.store.writing() as s:
        now_known = await rows.hold(s, known.id)
        if now_known is not None and now_known.state in ("waiting", "second"):
            await rows.change(s, known.id, state="left", by=user, at=house.now(), version=now_known.version + 1)
            await notices.show_again(house, s, known.id, now_known.version + 1)
    house.wake.set()
    return None if known.state == "waiting" else told("Left as it is.")


async def _show(house: House, known: Known, user: str) -> Message | None:
    """The DM about one of many."""
    async with house.store.writing() as s:
        await notices.tell_one(house, s, known, user)
    house.wake.set()
    return None
