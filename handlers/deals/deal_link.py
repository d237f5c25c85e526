"""/deal-link and the buttons about whose a channel is: for full members of our own team, and for deals that they may see."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.deals.deal_new import open_form
from handlers.deals.whose import link, options_for, room_soon, say_no_deal, unlink, view_of
from handlers.house import House
from handlers.modals import in_time
from handlers.people import is_member
from handlers.which import deal_behind, deal_meant
from store import notes
from store.records import KnownDeal
from templates.kit import Message, select_options
from templates.linking import ALSO, ASK_AGAIN, BLOCK, CHOOSE, HERE, LIKELY, NEW, NO_DEAL, SHOWN, UNLINK, link_card, link_help, not_here
from templates.status import refusal

COMMAND = "/deal-link"
_VALUE = re.compile(r"([CG][A-Z0-9]{1,30})(?::(\d{1,17}))?", re.ASCII)

Press = Callable[[str, str, Any], Awaitable[Message | None]]
"""What a button does for a person with a channel and a deal's id; what to answer where it may not be."""


def register(app: AsyncApp, house: House) -> None:
    """The command, the buttons and the options of the selects."""

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        work = answer_to(house, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or ""))
        answer = house.dress(await in_time(house, work) or refusal())
        await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    async def on_options(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=select_options(await options(house, body)))

    app.command(COMMAND)(on_command)
    for action_id in (CHOOSE, ALSO):
        app.options(action_id)(on_options)
    for action_id, do in _buttons(house).items():
        app.action(action_id)(_pressed(house, do))
    app.action(NEW)(_new(house))


def _pressed(house: House, do: Press) -> Callable[..., Awaitable[None]]:
    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        user = str(body["user"]["id"])
        answer = await in_time(house, _press(house, do, user, action))
        again = answer is None and is_ephemeral(body)
        if again:  # a message that only this person sees cannot be changed by the courier
            answer = await in_time(house, _card(house, _target(action)[0], user))
        if answer is not None:
            said = house.dress(answer)
            await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=again)

    return on_press


def _new(house: House) -> Callable[..., Awaitable[None]]:
    async def work(body: dict[str, Any], action: dict[str, Any]) -> Message | None:
        channel, _ = _target(action)
        async with house.store.reading() as s:
            channel = await notes.current(s, channel)
        return await open_form(house, str(body["user"]["id"]), body, channel) if channel else refusal()

    async def on_new(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await in_time(house, work(body, action))
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    return on_new


async def answer_to(house: House, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-link text` in a channel."""
    if text.strip().casefold() in ("help", "?"):
        return link_help()
    if not await is_member(house, user_id):
        return refusal()
    if not _VALUE.fullmatch(channel):
        return not_here()
    if text.strip():
        meant = await deal_meant(house, user_id, channel, text)
        if not isinstance(meant, KnownDeal):
            return meant
        await link(house, channel, meant, user_id, also=True)
    return await _card(house, channel, user_id)


async def options(house: House, body: Mapping[str, Any]) -> dict[str, str]:
    """The deals that a person may choose from, by what they have typed; none for others."""
    user = str((body.get("user") or {}).get("id") or "")
    target = _VALUE.fullmatch(str(body.get("block_id") or "").removeprefix(BLOCK))
    if target is None or not await is_member(house, user):
        return {}
    async with house.store.reading() as s:
        channel = await notes.current(s, target[1])
    return await options_for(house, channel, user, str(body.get("value") or "")[:200])


def is_ephemeral(body: Mapping[str, Any]) -> bool:
    """Whether the button stands in a message that only this person sees."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


async def _press(house: House, do: Press, user: str, action: Mapping[str, Any]) -> Message | None:
    channel, deal_id = _target(action)
    if not channel or not await is_member(house, user):
        house.log.info("link refused", user=user)
        return refusal()
    async with house.store.reading() as s:
        channel = await notes.current(s, channel)
    return await do(user, channel, deal_id)


def _buttons(house: House) -> dict[str, Press]:
    """What each button does, by its action id."""

    async def linking(user: str, channel: str, deal_id: Any, *, also: bool = False) -> Message | None:
        known = await deal_behind(house, user, deal_id)
        if known is None:
            return refusal()
        await link(house, channel, known, user, also=also)
        return None

    async def linking_too(user: str, channel: str, deal_id: Any) -> Message | None:
        return await linking(user, channel, deal_id, also=True)

    async def unlinking(user: str, channel: str, deal_id: Any) -> Message | None:
        known = await deal_behind(house, user, deal_id)
        if known is None:
            return refusal()
        await unlink(house, channel, known, user)
        return None

    async def no_deal(user: str, channel: str, _deal: Any) -> Message | None:
        await say_no_deal(house, channel, user, holds=True)
        return None

    async def again(user: str, channel: str, _deal: Any) -> Message | None:
        await say_no_deal(house, channel, user, holds=False)
        return None

    async def look(user: str, channel: str, _deal: Any) -> Message | None:
        return await _card(house, channel, user)

    link_buttons = dict.fromkeys((*LIKELY, CHOOSE), linking)
    unlink_buttons = {f"{UNLINK}-{place}": unlinking for place in range(1, SHOWN + 1)}
    return {**link_buttons, **unlink_buttons, ALSO: linking_too, NO_DEAL: no_deal, ASK_AGAIN: again, HERE: look}


async def _card(house: House, channel: str, user: str) -> Message:
    return link_card(await view_of(house, channel, user, await room_soon(house, channel)))


def _target(action: Mapping[str, Any]) -> tuple[str, str | None]:
    """The channel and the deal's id that a button or a choice carries; "" where it is not one of ours."""
    target = _VALUE.fullmatch(str((action.get("selected_option") or action).get("value") or ""))
    return (target[1], target[2]) if target else ("", None)
