"""Survey and NPS: an answer that the rep recorded is kept once, and told to leadership and the account managers of the deal."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.playbook.clock.survey import SCALES, Survey
from handlers.clock.answers import Pressed, kept, pressed, today_of
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import may_receive
from handlers.typed import Typed, typed
from handlers.which import deal_behind
from store import clock, deals, outbox
from store.records import Errand
from store.sources.values import Wrong, spoken_day
from templates.form import notice
from templates.kit import Message, section
from templates.status import refusal
from templates.survey import ANSWER, ANSWER_FORM, DAY, KIND_OF, SCORE, WHO, WORDS, answer_form, answer_message, trend
from templates.terms_form import shut, unanswered

WHAT = "survey"
"""What the errand of a shared answer is about."""

TOLD = ("leadership", "account-manager")
LONGEST = 2000
"""Characters of somebody's own words."""

OLDEST = timedelta(days=366)


def register(app: AsyncApp, house: House) -> None:
    """The button, the form, and what the shared answer shows."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        asked = await pressed(house, str(body["user"]["id"]), action)
        said = refusal() if asked is None else await in_time(house, _open(house, asked, body.get("trigger_id")))
        if said is not None:
            await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    async def say(errand: Errand) -> Message | None:
        return await message_of(house, errand)

    app.action(re.compile(rf"{re.escape(ANSWER)}(?::\d+)?$"))(on_press)
    app.view(ANSWER_FORM)(on_submit)
    house.notices[WHAT] = say


async def _open(house: House, asked: Pressed, trigger: Any) -> Message | None:
    kind = KIND_OF.get(asked.more)
    if kind is None:
        return Message(_OLD, [section(_OLD)])
    about = {**kept(asked), "kind": kind, "once": secrets.token_hex(8)}
    await show(house, trigger, answer_form(asked.known.deal.customer, kind, asked.today, about))
    return None


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: say what is kept, what is wrong, or that it is not open to this person."""
    given = typed(view)
    try:
        known = await deal_behind(house, user, given.kept.get("deal"))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    kind = next((one for one in SCALES if one == given.kept.get("kind")), None)
    if known is None or kind is None:
        house.log.info("form refused", user=user)
        return {"response_action": "update", "view": shut()}
    asked = Pressed(known, str(given.kept.get("key") or ""), "", user, today_of(house, known))
    wrong: dict[str, str] = {}
    answer = _read(given, kind, asked, wrong)
    if answer is None:
        return {"response_action": "errors", "errors": given.errors(wrong)}
    told = await _keep(house, asked, answer, str(given.kept.get("once") or "")[:64])
    return {"response_action": "update", "view": notice("Saved", f"✅ {told}")}


def _read(given: Typed, kind: str, asked: Pressed, wrong: dict[str, str]) -> Survey | None:
    low, high = next(ends for name, ends in SCALES.items() if name == kind)
    score, who, words = given.text(SCORE), " ".join(given.text(WHO).split()), " ".join(given.text(WORDS).split())
    if not (score.isascii() and score.isdigit() and len(score) < 3 and low <= int(score) <= high):
        wrong[SCORE] = f"choose a score from {low} to {high}"
    if not 0 < len(who) <= 200:
        wrong[WHO] = "write who answered, with at most 200 characters"
    if len(words) > LONGEST:
        wrong[WORDS] = f"is {len(words):,} characters long; write at most {LONGEST:,}"
    try:
        day = spoken_day(given.text(DAY), asked.today)
    except Wrong as reason:
        wrong[DAY] = str(reason)
        return None
    if not asked.today - OLDEST <= day <= asked.today:
        wrong[DAY] = f"{day.isoformat()} is not within the last year; write today or an earlier day"
    return None if wrong else Survey(kind, int(score), day, words, who)


async def _keep(house: House, asked: Pressed, answer: Survey, once: str) -> str:
    """Keep an answer and leave the notices, once for a form however often it is sent off; the trend, in words."""
    now, known = house.now(), asked.known
    async with house.store.writing() as s:
        number = await clock.record_survey(s, known.id, answer, f"form:{once}", by=asked.by, now=now)
        if number is not None:
            for person in known.deal.people:
                if person.role in TOLD and person.id != asked.by:
                    about = {"what": WHAT, "deal": known.id, "survey": number}
                    await outbox.notify(s, f"survey:{number}:{person.id}", person.id, about, now)
        found = (await clock.surveys(s, [known.id])).get(known.id, [])
    house.wake.set()
    house.log.info("survey", deal=known.id, user=asked.by, kind=answer.kind, new=number is not None)
    return trend(found)


async def message_of(house: House, errand: Errand) -> Message | None:
    """The shared answer, for those who may still see the deal."""
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, int(errand.about["deal"]))
        kept_answer = await clock.survey(s, int(errand.about["survey"]))
        if known is None or kept_answer is None or not await may_receive(house, known.deal, errand.recipient):
            return None
        found = (await clock.surveys(s, [known.id])).get(known.id, [])
    answer, by = kept_answer
    person = known.deal.person(by)
    before = [one for one in found if one.kind == answer.kind and one.day <= answer.day and one != answer]
    return answer_message(known.deal.customer, answer, before, person.name if person else "somebody of the team")


_OLD = "I know no such question any more; that message is an old one."
