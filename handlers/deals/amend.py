""" "Terms have changed": the form, from an alert or from /deal-terms, and what comes of its submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import OWN_SIDE, Deal, Term, plain_term
from bot.ledger import TERMS, Agreement
from bot.playbook.settled import settled
from handlers.findings import learning
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.ringing import changed
from handlers.house import House
from handlers.links import Links
from handlers.modals import in_time, show
from handlers.people import is_own, user_of
from handlers.telling.dm import name_of, zone_of
from handlers.typed import Typed, read_field, typed, volume_of_test
from handlers.which import deal_behind, id_of
from store import deals, findings
from store.deals import Amended, Entry, Wish
from store.records import KnownDeal, StoredFinding
from store.sources.amendments import MUST, as_plain
from store.sources.values import Wrong, words
from templates.blocks import TERMS_CHANGED
from templates.form import TEXT, View
from templates.kit import Message
from templates.ledger import CHANGE
from templates.status import refusal
from templates.term_words import long_day
from templates.terms_form import CALLBACK, FIELDS, Kept, TermsForm, field_text, moved_notes, recorded, shut, terms_form, unanswered

OVER = frozenset({"withdrawn", "resolved", "terms-changed"})
_WHO, _WHERE = words("who agreed, by name", 200), words("the address of the message or email", 2000)


@dataclass(frozen=True, slots=True)
class Asked:
    """A submission that can be used so far: the deal, what the form showed, what was typed, by whom."""

    known: KnownDeal
    shown: Deal
    kept: Kept
    typed: Typed
    by: str


def register(app: AsyncApp, house: House) -> None:
    """The two buttons and the submission."""
    links = Links(house.slack)

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await in_time(house, open_form(house, links, body, action))
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    app.action(CHANGE)(on_press)
    app.action(TERMS_CHANGED)(on_press)
    app.view(CALLBACK)(on_submit)


async def open_form(house: House, links: Links, body: Mapping[str, Any], action: Mapping[str, Any]) -> Message | None:
    """Open the form for the deal behind a button; what to answer where that cannot be."""
    user, value = str(body["user"]["id"]), action.get("value")
    stored: StoredFinding | None = None
    if action.get("action_id") == TERMS_CHANGED:
        number = id_of(value)
        async with house.store.reading() as s:
            stored = await findings.get(s, number) if number is not None else None
        value = stored.deal_id if stored else None
    known = await deal_behind(house, user, value)
    if known is None:
        house.log.info("terms refused", user=user)
        return refusal()
    form = await fresh_form(house, known)
    if stored is not None:
        kept = replace(form.kept, finding=stored.id)
        link = stored.origin.permalink or await links.of(stored.origin.channel, stored.origin.ts) or ""
        speaker = await name_of(house, known.deal, stored.origin.speaker) if stored.finding.side == "customer" else None
        form = replace(form, kept=kept, link=link, theirs=speaker or "")
    await show(house, body.get("trigger_id"), terms_form(replace(form, ours=user)))
    return None


async def fresh_form(house: House, known: KnownDeal) -> TermsForm:
    """The form with the terms in force today."""
    async with house.store.reading() as s:
        version = await deals.terms_version(s, known.id)
    day = _today(house, known.deal)
    return TermsForm(known.deal.on(day), Kept(known.id, version, len(known.deal.amendments), day))


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: show errors, show it again with what others changed, or say what was recorded."""
    given = typed(view)
    try:
        known = await deal_behind(house, user, given.kept.get("deal"))
        kept = _kept(given)
        if known is None or kept is None:
            house.log.info("terms refused", user=user)
            return {"response_action": "update", "view": shut()}
        async with house.store.reading() as s:
            before = await deals.terms_at(s, known.id, kept.version)
        shown = (before or known.deal).model_copy(update={"amendments": known.deal.amendments[: kept.lines]}).on(kept.day)
        asked = Asked(known, shown, kept, given, user)
        values, agreed, wrong = await _read(house, asked)
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    if wrong or agreed is None:
        return {"response_action": "errors", "errors": given.errors(wrong)}
    return await _record(house, asked, values, agreed)


async def _record(house: House, asked: Asked, values: dict[Term, Any], agreed: Agreement) -> dict[str, Any]:
    entry = Entry(asked.by, "slack", house.now())
    try:
        async with house.store.writing() as s:
            made = await deals.amend(s, asked.known.id, Wish(values, agreed, asked.kept.version), entry)
            closed = await _settle(house, s, asked, made.known, agreed.effective) if made.changed else 0
    except ValueError as wrong:
        return {"response_action": "errors", "errors": asked.typed.errors({_field_of(str(wrong)): str(wrong)})}
    if made.moved:
        return {"response_action": "update", "view": await _again(house, asked, made)}
    if made.changed:
        house.deals.clear()
        house.wake.set()
        house.log.info("terms changed", deal=asked.known.id, user=asked.by, terms=len(values), settled=closed)
    elif asked.kept.lines == len(made.known.deal.amendments):
        return {"response_action": "errors", "errors": asked.typed.errors({"effective": "Nothing differs from the terms of that day."})}
    told = [(term, plain_term(asked.shown, term), value) for term, value in values.items()]
    return {"response_action": "update", "view": recorded(made.known.deal.customer, told, long_day(agreed.effective), closed)}


async def _settle(house: House, s: AsyncSession, asked: Asked, known: KnownDeal, since: date) -> int:
    """Mark the finding that brought the form, and all whose figure is the agreed one by now. How many others there were."""
    others = 0
    for stored in await findings.open_findings(s, known.id):
        said_on = _local(house, known.deal, stored.origin.said_at)
        if stored.id != asked.kept.finding and settled(stored.finding, said_on, known.deal, since):
            await _close(house, s, known, stored.id, asked.by)
            others += 1
    pressed = await findings.get(s, asked.kept.finding) if asked.kept.finding is not None else None
    if pressed is not None and pressed.deal_id == known.id and pressed.state not in OVER:
        await _close(house, s, known, pressed.id, asked.by)
    return others


async def _close(house: House, s: AsyncSession, known: KnownDeal, finding_id: int, by: str) -> None:
    closed = await findings.change(s, finding_id, "terms-changed", by=by, now=house.now())
    await learning.decided(house, s, closed)
    await changed(house, s, known, closed)


async def _again(house: House, asked: Asked, made: Amended) -> View:
    """The form once more: the terms as others left them, what was typed here, and who changed what."""
    form = await fresh_form(house, made.known)
    given = asked.typed
    typed_here = {name: given.text(name) for name in FIELDS if given.text(name) != field_text(asked.shown, name)}
    try:
        effective = date.fromisoformat(given.text("effective"))
    except ValueError:
        effective = form.kept.day
    return terms_form(
        TermsForm(
            form.shown,
            replace(form.kept, finding=asked.kept.finding, generation=asked.kept.generation + 1),
            typed_here,
            given.text("ours") or asked.by,
            given.text("theirs"),
            given.text("link"),
            effective,
            moved_notes(asked.shown, form.shown, [terms.by for terms in made.moved]),
        )
    )


async def _read(house: House, asked: Asked) -> tuple[dict[Term, Any], Agreement | None, dict[str, str]]:
    """The terms that were changed in the form, what was agreed about them, and what is wrong, by field."""
    given, wrong = asked.typed, dict[str, str]()
    changed = [name for name in FIELDS if name in given.blocks and _is_changed(given.text(name), field_text(asked.shown, name))]
    values: dict[Term, Any] = {}
    for name in changed:
        try:
            if name == "test.volume_per_day":
                committed = values.get("volume.committed_per_day", asked.shown.volume.committed_per_day)
                values["test.volume_per_day"] = volume_of_test(given.text(name), committed)
            elif name.startswith("pickup."):
                values["pickup"] = _pickup(given)
            else:
                values[_term(name)] = as_plain(read_field(name, given.text(name)))
        except Wrong as reason:
            wrong[name] = str(reason)
    for term in MUST:
        if values.get(_term(term), ...) is None:
            wrong[term] = "is needed; there is no deal without it"
    agreed = await _agreement(house, asked, wrong)
    if not changed and not wrong:
        wrong["effective"] = "Nothing was changed below; change the terms that were newly agreed."
    return values, agreed, wrong


def _is_changed(typed_text: str, shown: str) -> bool:
    """What was too long for the form to show stands as it is when its field was left empty."""
    return typed_text != shown and (bool(typed_text) or len(shown) <= TEXT)


async def _agreement(house: House, asked: Asked, wrong: dict[str, str]) -> Agreement | None:
    given = asked.typed
    found: dict[str, Any] = {}
    for name, read in {"effective": _day, "theirs": _WHO, "link": _where}.items():
        try:
            found[name] = read(given.text(name))
        except Wrong as reason:
            wrong[name] = str(reason)
    ours = await _ours(house, asked.known.deal, given.text("ours"))
    if ours is None:
        wrong["ours"] = "must be somebody of our own side: a full member of this workspace"
    if wrong or ours is None:
        return None
    return Agreement(found["effective"], ours, found["theirs"], found["link"], asked.by, house.now())


async def _ours(house: House, deal: Deal, user_id: str) -> str | None:
    """The name of somebody of our own side."""
    person = deal.person(user_id)
    if not user_id or (person is not None and person.role not in OWN_SIDE):
        return None
    user = await user_of(house, user_id)
    if not is_own(house, user) or user.guest or user.bot:
        return None
    return (person.name if person else user.name or user_id)[:200]


def _pickup(given: Typed) -> dict[str, Any] | None:
    parts = {name: read_field(f"pickup.{name}", given.text(f"pickup.{name}")) for name in ("days", "time")}
    return {name: value for name, value in parts.items() if value is not None} or None


def _term(name: str) -> Term:
    return next(term for term in TERMS if term == name)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong("is not a day of the calendar; choose one") from None


def _where(text: str) -> str | None:
    return str(_WHERE(text)) if text else None


def _field_of(reason: str) -> str:
    """The field that a sentence about the whole deal is shown at."""
    named = [name for name in FIELDS if name in reason]
    return min(named, key=reason.index, default="effective")


def _kept(given: Typed) -> Kept | None:
    kept = given.kept
    try:
        finding = kept.get("finding")
        day = date.fromisoformat(str(kept["day"]))
        numbers = [int(kept[name]) for name in ("deal", "version", "lines", "generation")]
        return Kept(numbers[0], numbers[1], numbers[2], day, int(finding) if finding is not None else None, numbers[3])
    except (KeyError, ValueError, TypeError):
        return None


def _today(house: House, deal: Deal) -> date:
    return _local(house, deal, house.now())


def _local(house: House, deal: Deal, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone_of(house, deal))).date()
