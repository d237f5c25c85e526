"""The shortcut "Check against deal": reads a message now, shows what it comes to, raises it, or lets its reading be corrected."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.findings.checking import Table, checked, first_table, look, table, words_of
from handlers.findings.correct import submitted
from handlers.findings.pointed import Pointed, made, pointed, put, shown
from handlers.findings.raising import raise_by_hand
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.recording import tell
from handlers.hearing.reread import NotRead, read_again
from handlers.house import House
from handlers.modals import WITHIN
from handlers.people import recipients
from handlers.typed import typed
from handlers.which import deal_behind
from store.records import KnownDeal
from templates.check import (
    CORRECT,
    CORRECTION,
    RAISE,
    WHICH_DEAL,
    CorrectionForm,
    correction_form,
    edited,
    raised_view,
    reading,
    which_deal,
)
from templates.form import View, notice
from templates.terms_form import shut, unanswered

SHORTCUT = "jumpin-check"


def register(app: AsyncApp, house: House) -> None:
    """The message shortcut, the choice of a deal, the two buttons, and the form."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    async def on_shortcut(body: dict[str, Any], respond: AsyncRespond) -> None:
        at = pointed(body)

        async def read(theirs: list[KnownDeal]) -> View:
            return await first(house, at, theirs)

        await shown(house, at, respond, read, reading())

    async def on_choice(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(response_action="update", view=await chosen(house, str(body["user"]["id"]), view))

    async def on_raise(body: dict[str, Any]) -> None:
        view = body.get("view") or {}
        await put(house, str(view.get("id")), await made(house, raise_it(house, str(body["user"]["id"]), view)))

    async def on_correct(body: dict[str, Any]) -> None:
        view = body.get("view") or {}
        await put(house, str(view.get("id")), await made(house, form(house, str(body["user"]["id"]), view)))

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    app.shortcut(SHORTCUT)(ack=acknowledge, lazy=[on_shortcut])
    app.view(WHICH_DEAL)(on_choice)
    app.action(RAISE)(ack=acknowledge, lazy=[on_raise])
    app.action(CORRECT)(ack=acknowledge, lazy=[on_correct])
    app.view(CORRECTION)(on_submit)


async def first(house: House, at: Pointed, theirs: list[KnownDeal]) -> View:
    """The reading where the channel has one deal of theirs, else the question which deal is meant. Raises NotRead."""
    on = first_table(at)
    here = [known for known in theirs if at.channel in known.channels]
    if len(here) == 1:
        return await checked(house, here[0], on)
    others = [known for known in theirs if known not in here]
    there, rest = ([(known.id, known.deal.customer) for known in some] for some in (here, others))
    return which_deal(on.plain(), there, rest)


async def chosen(house: House, user_id: str, view: Mapping[str, Any]) -> View:
    """The reading against the deal that was chosen."""
    given = typed(view)
    on = table(given.kept)
    try:
        async with asyncio.timeout(WITHIN):
            known = await deal_behind(house, user_id, given.text("deal"))
            return await checked(house, known, on) if known is not None and on is not None else shut()
    except NotRead as reason:
        return notice("Jump-In", str(reason))
    except UNANSWERED:
        return unanswered()


async def raise_it(house: House, user_id: str, view: Mapping[str, Any]) -> View:
    """Record what the message says under this person's name, and tell the deal's recipients who have not been told."""
    on, known = await behind(house, user_id, view)
    if on is None or known is None:
        return shut()
    said, readable = await look(house, on)
    if words_of(said) != on.words:
        return await checked(house, known, on, edited())
    reread = await read_again(house, known, said, asked=True, alone=not readable)
    if not reread.raised:
        return await checked(house, known, on)
    async with house.store.writing() as s:
        raised = [await raise_by_hand(house, s, known, finding, said, user_id) for finding in reread.raised]
    news = [stored for stored, new in raised if new]
    tell(house, news, waiting=bool(news))
    house.log.info("raised by hand", deal=known.id, findings=[stored.id for stored in news], user=user_id)
    return raised_view(known.deal.customer, [(stored.finding, new) for stored, new in raised], recipients(known.deal))


async def form(house: House, user_id: str, view: Mapping[str, Any]) -> View:
    """The form that corrects the reading."""
    on, known = await behind(house, user_id, view)
    if on is None or known is None:
        return shut()
    on = replace(on, generation=on.generation + 1)
    return correction_form(CorrectionForm(on.plain(), known.deal.customer, on.now))


async def behind(house: House, user_id: str, view: Mapping[str, Any]) -> tuple[Table | None, KnownDeal | None]:
    """What a modal is about, and its deal if this person may see it."""
    on = table(typed(view).kept)
    known = await deal_behind(house, user_id, on.deal) if on is not None else None
    if known is None:
        house.log.info("check refused", user=user_id)
    return on, known
