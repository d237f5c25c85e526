"""Post for me: from an alert to the script in the customer's thread, after its rep has seen who reads along; where it is switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.hearing.asking import UNANSWERED
from handlers.home.preferences import scripts_for
from handlers.house import House
from handlers.links import Links
from handlers.modals import in_time, show
from handlers.people import may_receive
from handlers.telling import audience
from handlers.telling.dm import name_of, standing, zone_of
from handlers.telling.posting import NOT_POSTED, why_not
from handlers.typed import Typed, typed
from handlers.which import id_of
from store import deals, findings, posts
from store.posts import Posted
from store.records import Errand, KnownDeal, StoredFinding
from templates.form import TEXT, View
from templates.kit import Message
from templates.post_form import (
    CALLBACK,
    PostForm,
    looking,
    not_posted,
    nothing_to_post,
    on_its_way,
    on_its_way_already,
    place,
    post_form,
    switched_off,
    there_already,
    told,
    unanswered,
)
from templates.presses import POST
from templates.quote import as_typed
from templates.status import refusal

LOOK_WITHIN, LOOK_AGAIN_WITHIN = 8.0, 1.5
"""Seconds for Slack to tell who is in the channel: while the form says that it looks, and when the form is sent off."""

OLD = timedelta(days=2)
"""A message this old is pointed out as such."""

_CHANGED = "⚠️ Who will see it has changed since you opened this. Nothing is posted yet: look again, then post."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A finding whose script this person may have posted now."""

    stored: StoredFinding
    known: KnownDeal
    by: str


def register(app: AsyncApp, house: House) -> None:
    """The button, the submission, and the notice where a script could not be posted."""
    links = Links(house.slack)

    async def on_press(ack: AsyncAck) -> None:
        await ack()

    async def open_form(body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        answer = await pressed(house, links, body, action)
        if answer is not None:
            answer = house.dress(answer)
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, links, str(body["user"]["id"]), view))

    app.action(POST)(ack=on_press, lazy=[open_form])
    app.view(CALLBACK)(on_submit)

    async def say(errand: Errand) -> Message | None:
        return await failed(house, errand)

    house.notices[NOT_POSTED] = say


async def pressed(house: House, links: Links, body: Mapping[str, Any], action: Mapping[str, Any]) -> Message | None:
    """Open the form, first without and then with who will see it; what to answer where that cannot be."""
    opened: list[tuple[Wanted, str]] = []

    async def first() -> Message | None:
        wanted = await _wanted(house, links, str(body["user"]["id"]), action.get("value"))
        if isinstance(wanted, Message):
            return wanted
        opened.append((wanted, await show(house, body.get("trigger_id"), looking())))
        return None

    answer = await in_time(house, first())
    for wanted, view_id in opened:
        await _fill(house, links, wanted, view_id)
    return answer


async def submitted(house: House, links: Links, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: show errors, show it again when others would see it, or say that it is on its way."""
    given = typed(view)
    try:
        wanted = await _wanted(house, links, user, given.kept.get("finding"))
        if isinstance(wanted, Message):
            return _update(told(wanted))
        text = as_typed(given.text("script"))
        if not text or len(text) > TEXT:
            wrong = f"is longer than {TEXT:,} characters; shorten it" if text else "write what is to be posted"
            return {"response_action": "errors", "errors": given.errors({"script": wrong})}
        room = await audience.look(house, wanted.known.deal, wanted.stored.origin.channel, LOOK_AGAIN_WITHIN)
        if room.shut:
            return _update(told(nothing_to_post(room.shut, _place(room))))
        if audience.mark(room.audience) != given.kept.get("seen"):
            form = await _form(house, wanted, room, text)
            return _update(post_form(_again(form, given)))
        return _update(await _leave(house, links, wanted, room, text))
    except UNANSWERED:
        return _update(unanswered())


async def failed(house: House, errand: Errand) -> Message | None:
    """The notice that a script was not posted; None where it has been by now, or where its deal is not this person's any more."""
    finding_id = id_of(errand.about.get("finding"))
    async with house.store.reading() as s:
        stored = await findings.get(s, finding_id) if finding_id is not None else None
        known = await deals.deal_by_id(s, stored.deal_id) if stored else None
        post = await posts.of_finding(s, stored.id) if stored else None
    if known is None or post is None or post.by != errand.recipient or post.state != "failed":
        return None
    if not await may_receive(house, known.deal, errand.recipient):
        return None
    return not_posted(known.deal.customer, place(post.channel), str(errand.about.get("error")), post.text)


async def _wanted(house: House, links: Links, user: str, value: Any) -> Wanted | Message:
    """The finding behind a button or form, or what to say instead; to everybody else the same as if there were none."""
    number = id_of(value)
    async with house.store.reading() as s:
        stored = await findings.get(s, number) if number is not None else None
        known = await deals.deal_by_id(s, stored.deal_id) if stored else None
        post = await posts.of_finding(s, stored.id) if stored else None
    if stored is None or known is None or not await may_receive(house, known.deal, user):
        house.log.info("post refused", finding=number, user=user)
        return refusal()
    if post is not None and post.state != "failed":
        return await _second(house, links, known, post, user)
    wrong = await why_not(house, stored, known, user)
    if wrong == "switched-off":
        return switched_off()
    return nothing_to_post(wrong, place(stored.origin.channel)) if wrong else Wanted(stored, known, user)


async def _second(house: House, links: Links, known: KnownDeal, post: Posted, user: str) -> Message:
    """Somebody was first."""
    there = await standing(links, post)
    return there_already(there, zone_of(house, known.deal)) if there else on_its_way_already(post.by, user)


async def _fill(house: House, links: Links, wanted: Wanted, view_id: str) -> None:
    """Put the script, and who will see it, into the form that is open."""
    origin, deal = wanted.stored.origin, wanted.known.deal
    try:
        room = await audience.look(house, deal, origin.channel, LOOK_WITHIN)
        if room.shut:
            view = told(nothing_to_post(room.shut, _place(room)))
        else:
            link = origin.permalink or await links.of(origin.channel, origin.ts)
            view = post_form(await _form(house, wanted, room, await _script(house, wanted), link))
        await house.slack.views_update(view_id=view_id, view=view)
    except UNANSWERED as silence:
        house.log.warning("form not filled", finding=wanted.stored.id, error=type(silence).__name__)


async def _script(house: House, wanted: Wanted) -> str:
    """The script as the alert shows it."""
    deal = wanted.known.deal
    today = house.now().astimezone(ZoneInfo(zone_of(house, deal))).date()
    speaker = await name_of(house, deal, wanted.stored.origin.speaker)
    scripts = await scripts_for(house, wanted.by)
    return await asyncio.to_thread(scripts.script, wanted.stored.finding, deal.on(today), speaker, today)


async def _form(house: House, wanted: Wanted, room: audience.Room, text: str, link: str | None = None) -> PostForm:
    stored, deal = wanted.stored, wanted.known.deal
    rep = await name_of(house, deal, wanted.by) or wanted.by
    return PostForm(
        finding_id=stored.id,
        text=text,
        rep=await asyncio.to_thread((await scripts_for(house, wanted.by)).on_behalf, rep),
        audience=room.audience,
        speaker=await name_of(house, deal, stored.origin.speaker),
        permalink=link or stored.origin.permalink,
        said_at=stored.origin.said_at if house.now() - stored.origin.said_at > OLD else None,
        timezone=zone_of(house, deal),
        seen=audience.mark(room.audience),
    )


async def _leave(house: House, links: Links, wanted: Wanted, room: audience.Room, text: str) -> View:
    """Leave the script for the courier, unless somebody was first."""
    stored, origin = wanted.stored, wanted.stored.origin
    wish = Posted(stored.id, wanted.by, house.now(), text, origin.channel, origin.thread_ts or origin.ts)
    async with house.store.writing() as s:
        before = await posts.leave(s, wish)
    if before is None:
        house.log.info("post confirmed", finding=stored.id, user=wanted.by)
        house.wake.set()
    elif (before.by, before.text) != (wanted.by, text):
        return told(await _second(house, links, wanted.known, before, wanted.by))
    return on_its_way(_place(room), await name_of(house, wanted.known.deal, origin.speaker))


def _again(form: PostForm, given: Typed) -> PostForm:
    """The form once more, with what was typed, and the people who would see it now."""
    number = given.kept.get("generation")
    after = number + 1 if isinstance(number, int) and 0 <= number < 10**6 else 1
    return replace(form, note=_CHANGED, generation=after)


def _place(room: audience.Room) -> str:
    return place(room.audience.channel, room.audience.name)


def _update(view: View) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
