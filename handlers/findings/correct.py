"""What comes of the form that corrects a reading: an example, and a finding put right; two people at once see each other's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.language.statement import Side
from bot.playbook import by_hand as meant
from bot.playbook.by_hand import Correction, Entry, entry_of, expected, finding_of, key_of
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from handlers.findings import learning
from handlers.findings.checking import Table, checked, look, table, words_of
from handlers.findings.raising import raise_by_hand
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.context import utterance
from handlers.hearing.message import Said
from handlers.hearing.recording import origin_of
from handlers.hearing.reread import NotRead
from handlers.hearing.ringing import changed
from handlers.house import House
from handlers.modals import WITHIN
from handlers.people import side_of
from handlers.typed import Typed, typed
from handlers.which import deal_behind
from store import by_hand, examples, looking_back
from store.examples import Example
from store.records import KnownDeal, StoredFinding
from store.sources.slack_text import plain_text
from store.sources.values import Wrong, words
from templates.check import MISSED, NO_SUBJECT, NOTHING, PER, CorrectionForm, correction_form, edited, moved, recorded
from templates.form import View, notice
from templates.terms_form import shut, unanswered

_WORDS = words("what was said about it", 100)
_KEPT = ("wrong", "scenario", "subject", "figure", "per", "said", "raise")

Done = Literal["corrected", "dismissed", "raised", "there"]
_TOLD: dict[Done, str] = {
    "corrected": "The finding is put right, and direct messages about it change.",
    "dismissed": "The finding is marked “Not an issue”.",
    "raised": "It is raised: the deal's reps get a direct message.",
    "there": "It was raised before: nobody is told a second time.",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: which entry is wrong (None: something was missed), what is right (None: nothing), and whether to raise it."""

    wrong: tuple[str, str | None] | None
    right: Correction | None
    raises: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction that can be recorded: the deal, the message, whose side spoke, what the form showed, and by whom."""

    known: KnownDeal
    said: Said
    side: Side
    on: Table
    wish: Wish
    by: str


async def submitted(house: House, user_id: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: show errors, show it again with what others said, or say what was noted."""
    given = typed(view)
    try:
        async with asyncio.timeout(WITHIN):
            return await _submitted(house, user_id, given)
    except NotRead as reason:
        return _update(notice("Jump-In", f"{reason} Nothing was noted."))
    except UNANSWERED:
        return _update(unanswered())


async def _submitted(house: House, user_id: str, given: Typed) -> dict[str, Any]:
    on = table(given.kept)
    known = await deal_behind(house, user_id, on.deal) if on is not None else None
    if on is None or known is None:
        house.log.info("check refused", user=user_id)
        return _update(shut())
    wish, wrong = _wish(given, on)
    if wish is None or wrong:
        return {"response_action": "errors", "errors": given.errors(wrong)}
    said, _ = await look(house, on)
    if words_of(said) != on.words:
        return _update(await checked(house, known, on, edited()))
    asked = Asked(known, said, await side_of(house, known.deal, said) or "unknown", on, wish, user_id)
    if wish.right is not None and meant.figure(wish.right, known.deal) is None and wish.right.quantity is not None:
        return {
            "response_action": "errors",
            "errors": given.errors({"figure": "no deal ships so many packages; write the figure as meant"}),
        }
    return await _recorded(house, asked, given)


async def _recorded(house: House, asked: Asked, given: Typed) -> dict[str, Any]:
    on = asked.on
    right = _right(house, asked, None)
    after = expected(on.now, asked.wish.wrong, entry_of(right) if right else None)
    done: list[Done] = []
    async with house.store.writing() as s:
        # the example is held from here on: of two people, or two clicks, the second sees what the first has done
        mine = await examples.put(s, _example(house, asked, after), on.now if on.had else None)
        other = None if mine else await examples.get(s, asked.known.id, on.channel, on.ts)
        if mine:
            done = await _applied(house, s, asked)
    if other is not None:
        return _update(_again(asked, given, other))
    house.wake.set()
    house.log.info("reading corrected", deal=asked.known.id, channel=on.channel, ts=on.ts, user=asked.by, done=list(done))
    return _update(recorded(asked.known.deal.customer, on.now, after, [_TOLD[one] for one in done]))


async def _applied(house: House, s: AsyncSession, asked: Asked) -> list[Done]:
    """What becomes of the findings of the message, each step at most once however often the form is sent."""
    now, done = house.now(), list[Done]()
    found = await looking_back.of_message(s, asked.on.channel, asked.on.ts, asked.known.id)
    there = {key_of(entry_of(one.finding)): one for one in found if one.state != "withdrawn"}
    old = there.get(asked.wish.wrong) if asked.wish.wrong else None
    right = _right(house, asked, old)
    stands = there.get(key_of(entry_of(right))) if right else None
    if old is not None and (right is None or right.scenario in SIGNALS or (stands is not None and stands.id != old.id)):
        gone = await by_hand.dismiss(s, old.id, asked.by, now)
        if gone is not None:
            done.append("dismissed")
            await learning.decided(house, s, gone)
            await changed(house, s, asked.known, gone)
        old = None
    if right is None or right.scenario in SIGNALS:
        return done
    stands = stands or old
    if stands is not None and (entry_of(stands.finding) != entry_of(right) or stands.finding.rule != right.rule):
        stands = await by_hand.correct(s, stands.id, replace(right, urgency=stands.finding.urgency, suppressed=stands.finding.suppressed))
        assert stands is not None
        done.append("corrected")
        await changed(house, s, asked.known, stands)
    if asked.wish.raises:
        _, news = await raise_by_hand(house, s, asked.known, stands.finding if stands else right, asked.said, asked.by)
        done.append("raised" if news else "there")
    return done


def _right(house: House, asked: Asked, old: StoredFinding | None) -> Finding | None:
    if asked.wish.right is None:
        return None
    said = utterance(house, asked.known.deal, asked.said, asked.side)
    return finding_of(asked.known.deal, said, asked.wish.right, old.finding if old else None)


def _example(house: House, asked: Asked, after: tuple[Entry, ...]) -> Example:
    text = plain_text(asked.said.text)
    return Example(asked.known.id, origin_of(asked.said), asked.side, text, asked.on.heard, after, asked.by, house.now())


def _again(asked: Asked, given: Typed, other: Example) -> View:
    """The form once more: what somebody else said meanwhile, and what was typed here."""
    on = replace(asked.on, now=other.expected, had=True, generation=asked.on.generation + 1)
    typed_here = {name: given.text(name) for name in _KEPT if given.text(name)}
    typed_here.pop("wrong", None)  # it named an entry of what was heard before
    form = CorrectionForm(on.plain(), asked.known.deal.customer, other.expected, typed_here, [moved(other.by, other.expected)])
    return correction_form(form)


def _wish(given: Typed, on: Table) -> tuple[Wish | None, dict[str, str]]:
    wrong: dict[str, str] = {}
    which = given.text("wrong") or MISSED
    number = int(which) if which.isascii() and which.isdigit() and len(which) < 4 else None
    key = key_of(on.now[number]) if number is not None and number < len(on.now) else None
    if which != MISSED and key is None:
        wrong["wrong"] = "choose what is wrong"
    scenario = given.text("scenario")
    if scenario == NOTHING:
        if on.now and key is None:
            wrong["wrong"] = "choose what is wrong: nothing was missed where nothing is said"
        return Wish(key, None, raises=False), wrong
    if scenario not in FINDINGS and scenario not in SIGNALS:
        wrong["scenario"] = "choose what the message says"
    right = Correction(scenario, _subject(given, scenario, wrong), _figure(given, wrong), _said(given, wrong))
    return Wish(key, right, raises=given.text("raise") == "yes"), wrong


def _subject(given: Typed, scenario: str, wrong: dict[str, str]) -> str | None:
    subject = given.text("subject")
    if scenario != "contradiction":
        return None
    if subject not in SUBJECTS or subject == NO_SUBJECT:
        wrong["subject"] = "choose the term that it contradicts"
    return subject


def _figure(given: Typed, wrong: dict[str, str]) -> Any:
    text, per = given.text("figure"), given.text("per")
    if not text:
        return None
    if per not in PER:
        wrong["per"] = "choose what the figure is per"
        return None
    quantity = meant.quantity_of(text, per)
    if quantity is None:
        wrong["figure"] = "that is no figure; write a number or a range, such as 15 or 10-15"
    return quantity


def _said(given: Typed, wrong: dict[str, str]) -> str | None:
    text = given.text("said")
    if not text:
        return None
    try:
        return str(_WORDS(text))
    except Wrong as reason:
        wrong["said"] = str(reason)
        return None


def _update(view: View) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
