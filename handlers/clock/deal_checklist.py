"""/deal-checklist: the lists of a deal's stage, ticked in a form, for the deal's own people; and for leadership how far each rep is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.deal import Person, Stage
from bot.playbook.clock.boxes import BOXES
from bot.playbook.clock.checklists import left_open, lists_of, summary
from bot.playbook.clock.history import Tick
from handlers.clock import daily, stages
from handlers.clock.answers import pressed, today_of
from handlers.clock.lists import lists_now
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import is_member
from handlers.typed import Typed, typed
from handlers.which import deal_behind, deal_meant
from store import clock, deals
from store.deals import Entry
from store.records import KnownDeal
from templates.check_form import CHECK_FORM, LIST, STAGE, check_form, check_saved
from templates.checklist import CHECK, check_card, checklist_help, no_team, team_message
from templates.kit import Message, section
from templates.status import refusal
from templates.terms_form import shut, unanswered

COMMAND = "/deal-checklist"

BOX_KEYS = frozenset(box.key for boxes in BOXES.values() for box in boxes)
"""All boxes there are."""


def register(app: AsyncApp, house: House) -> None:
    """The command, answered by its response_url (a team's lists take a moment), the button under it, and the form."""

    async def on_command(ack: AsyncAck) -> None:
        await ack()

    async def answer(command: dict[str, Any], respond: AsyncRespond) -> None:
        try:
            said = await answer_to(house, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or ""))
        except Exception as failed:
            house.log.warning("checklist not given", exc_info=failed)
            said = Message(_WRONG, [section(_WRONG)])
        said = house.dress(said)
        await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

    async def on_check(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        asked = await pressed(house, str(body["user"]["id"]), action)
        said = refusal() if asked is None else await in_time(house, _open(house, asked.known, body.get("trigger_id")))
        if said is not None and body.get("response_url"):  # Home has none: there the button only does nothing
            await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    app.command(COMMAND)(ack=on_command, lazy=[answer])
    app.action(CHECK)(on_check)
    app.view(CHECK_FORM)(on_submit)


async def answer_to(house: House, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-checklist text` in a channel: a customer, nothing, or "team"."""
    asked = unescape(text).strip()
    if asked.casefold() in ("help", "?"):
        return checklist_help()
    if asked.casefold() == "team":
        return await team(house, user_id)
    meant = await deal_meant(house, user_id, channel, asked)
    if not isinstance(meant, KnownDeal):
        return meant
    async with house.store.reading() as s:
        lists = (await lists_now(house, s, [meant]))[meant.id]
    return check_card(meant.id, meant.deal, lists_of(meant.deal.stage, lists))


async def team(house: House, user_id: str) -> Message:
    """How far each rep is, over the deals that this person leads."""
    if not await is_member(house, user_id):
        return refusal()
    async with house.store.reading() as s:
        led = [
            known for known in await deals.deals_of_person(s, user_id) if _leads(known, user_id) and known.deal.coverage == "white-glove"
        ]
        lists = await lists_now(house, s, led)
    if not led:
        return no_team()
    reps: dict[str, tuple[Person, list[KnownDeal]]] = {}
    for known in led:
        for person in known.deal.people:
            if person.role == "rep":
                reps.setdefault(person.id, (person, []))[1].append(known)
    made = [(summary(person.id, [(one.deal, lists[one.id]) for one in theirs]), person.name) for person, theirs in reps.values()]
    return team_message(sorted(made, key=lambda one: -len(one[0].open)))


def _leads(known: KnownDeal, user_id: str) -> bool:
    person = known.deal.person(user_id)
    return person is not None and person.role == "leadership"


async def _open(house: House, known: KnownDeal, trigger: Any) -> Message | None:
    async with house.store.reading() as s:
        lists = (await lists_now(house, s, [known]))[known.id]
    await show(house, trigger, check_form(known.id, known.deal, lists_of(known.deal.stage, lists)))
    return None


@dataclass(frozen=True, slots=True)
class Changes:
    """What somebody changes of what was shown: boxes by key, ticked or cleared, and the stage (None: it stays)."""

    boxes: Mapping[str, bool]
    stage: Stage | None


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: say what was entered and what is open, or that it is not open to this person."""
    given = typed(view)
    try:
        known = await deal_behind(house, user, given.kept.get("deal"))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    if known is None:
        house.log.info("form refused", user=user)
        return {"response_action": "update", "view": shut()}
    changes = _changes(given)
    after = await enter(house, known, user, changes)
    async with house.store.reading() as s:
        lists = (await lists_now(house, s, [after]))[after.id]
    left = left_open(known.deal.stage, after.deal.stage, lists)
    return {"response_action": "update", "view": check_saved(after.deal, lists_of(after.deal.stage, lists), left)}


async def enter(house: House, known: KnownDeal, user: str, changes: Changes) -> KnownDeal:
    """All of it in one transaction with the DMs that change; the deal as it stands then."""
    now, today, after, new = house.now(), today_of(house, known), known, 0
    async with house.store.writing() as s:
        for key, done in changes.boxes.items():
            new += await clock.tick(s, known.id, Tick(key, today, done, user), now)
        if changes.stage is not None:
            stage = changes.stage
            moved = await deals.alter(s, known.id, lambda deal: deal.model_copy(update={"stage": stage}), Entry(user, "slack", now))
            if moved is not None:
                after = moved.after
                await stages.announce(s, moved.before.deal.stage, after, now, but=user)
        await daily.refresh(s, known, now)
    house.deals.clear()
    house.wake.set()
    house.log.info("checklist", deal=known.id, user=user, changed=new, moved=after.deal.stage != known.deal.stage)
    return after


def _changes(given: Typed) -> Changes:
    """Only what differs from what the form showed: somebody else may have ticked other boxes meanwhile."""
    shown = given.kept.get("ticked")
    before = {str(key) for key in shown} if isinstance(shown, list) else set()
    chosen = {key for name in given.blocks if name.startswith(LIST) for key in given.chosen.get(name, ())}
    boxes = {key: key in chosen for key in sorted(chosen ^ before) if key in BOX_KEYS}
    stage = next((one for one in stages.STAGES if one == given.text(STAGE)), None)
    return Changes(boxes, stage if stage != given.kept.get("stage") else None)


_WRONG = "Sorry, that went wrong on my side. Please try again."
