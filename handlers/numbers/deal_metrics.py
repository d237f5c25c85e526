"""/deal-metrics: the numbers of one's own deals, narrowed down by what is typed or chosen; seen by nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from html import unescape
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.metrics import By
from handlers.house import House
from handlers.numbers.figures import Figures
from handlers.numbers.narrowed import Narrowed, choices_of, chosen_by, understood
from templates.kit import Message, section
from templates.numbers.card import GROUP, MENUS, Wanted, metrics_card, metrics_help, no_such, vanished
from templates.status import refusal

COMMAND = "/deal-metrics"

_WRONG = "Sorry, that went wrong on my side. Please try again."


def register(app: AsyncApp, house: House) -> None:
    """The command, answered by its response_url (many deals take some seconds), and the menus under the numbers."""
    figures = Figures(house)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    async def answer(command: dict[str, Any], respond: AsyncRespond) -> None:
        asked = answer_to(figures, str(command["user_id"]), str(command.get("text") or ""))
        await _say(respond, asked, replace=False)

    async def turn(body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await _say(respond, turned(figures, str(body["user"]["id"]), action), replace=True)

    async def _say(respond: AsyncRespond, asked: Awaitable[Message], *, replace: bool) -> None:
        try:
            said = await asked
        except Exception as failed:
            house.log.warning("numbers not given", exc_info=failed)
            said, replace = Message(_WRONG, [section(_WRONG)]), False
        shown = house.dress(said)
        await respond(text=shown.text, blocks=shown.blocks, response_type="ephemeral", replace_original=replace)

    app.command(COMMAND)(ack=acknowledge, lazy=[answer])
    for action_id in (GROUP, *MENUS.values()):
        app.action(action_id)(ack=acknowledge, lazy=[turn])


async def answer_to(figures: Figures, user_id: str, text: str) -> Message:
    """The answer to `/deal-metrics text`."""
    asked = " ".join(unescape(text).split())
    if asked.casefold() in ("help", "?"):
        return metrics_help()
    there = await figures.of(user_id)
    if there is None:
        return refusal()
    wanted = understood(asked, choices_of(there), there[0].today)
    return no_such(wanted.unknown, choices_of(there)) if wanted.unknown else await _shown(figures, there, wanted)


async def turned(figures: Figures, user_id: str, action: Mapping[str, Any]) -> Message:
    """The numbers after a choice in a menu; what comes back from Slack may be anything."""
    there = await figures.of(user_id)
    if there is None:
        return refusal()
    option = action.get("selected_option")
    before = Wanted.unpacked(str(action.get("block_id") or ""))
    value = option.get("value") if isinstance(option, dict) else None
    wanted = chosen_by(before.turned(str(action.get("action_id")), str(value)), choices_of(there))
    return vanished() if wanted is None else await _shown(figures, there, wanted)


async def _shown(figures: Figures, there: Sequence[Facts], wanted: Narrowed) -> Message:
    by: By = wanted.by or ("rep" if len(choices_of(there)["rep"]) > 1 else "quarter")
    return metrics_card(await figures.numbers(there, wanted.chosen), by)
