"""Learns from "not an issue": for whom a scenario rings, who is told when that changes, and how they decide themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Literal, get_args

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS
from bot.playbook.usefulness import LAST, Usefulness, rests
from handlers.house import House
from handlers.people import is_member, recipients
from handlers.which import id_of
from store import deals, demotions, outbox, preferences, usefulness
from store.demotions import Demotion
from store.records import Errand, KnownDeal, StoredFinding
from templates.kit import Message
from templates.learned import FINE, KEEP, fine, kept, rests_now, rings_again
from templates.status import refusal

Choice = Literal["learn", "dm", "digest"]
"""What a person has chosen for a scenario: as it turns out, always a DM, always the digest."""

RESTS, RINGS = "scenario-rests", "scenario-rings"
"""What the DMs are about in which a person is told."""

SCENARIOS = "scenarios"
"""The name among a person's preferences under which scenario -> choice is kept."""


def register(app: AsyncApp, house: House) -> None:
    """The two DMs and the two buttons."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await pressed(house, str(body["user"]["id"]), action)
        if answer is None:
            refused = refusal()
            await respond(text=refused.text, blocks=refused.blocks, response_type="ephemeral", replace_original=False)
        else:
            answer = house.dress(answer)
            await respond(text=answer.text, blocks=answer.blocks, replace_original=True)

    async def on_rest(errand: Errand) -> Message | None:
        return await _told_of_rest(house, errand)

    async def on_return(errand: Errand) -> Message | None:
        return await _told_of_return(house, errand)

    app.action(KEEP)(on_press)
    app.action(FINE)(on_press)
    house.notices[RESTS] = on_rest
    house.notices[RINGS] = on_return


async def ringing(house: House, s: AsyncSession, known: KnownDeal, finding: Finding) -> tuple[Finding, tuple[str, ...]]:
    """The finding with its urgency, and for whom of the deal's recipients it rings; where it rings for nobody it is one for the digest."""
    if finding.urgency != "now" or finding.suppressed not in (None, "repeat"):
        return finding, ()
    told = recipients(known.deal)
    rings = tuple([one for one in told if not await rests_for(house, s, one, finding.scenario)])
    return (replace(finding, urgency="digest") if told and not rings else finding), rings


async def decided(house: House, s: AsyncSession, stored: StoredFinding) -> None:
    """Somebody decided on a finding: look whether its scenario goes, or comes back, for those who get the deal's DMs."""
    known = await deals.deal_by_id(s, stored.deal_id)
    for owner in recipients(known.deal) if known else ():
        await rests_for(house, s, owner, stored.finding.scenario)


async def choice_of(s: AsyncSession, user_id: str, scenario: str) -> Choice:
    """What somebody has chosen for a scenario."""
    chosen = (await preferences.chosen(s, user_id)).get(SCENARIOS)
    choice = chosen.get(scenario) if isinstance(chosen, dict) else None
    return next((one for one in get_args(Choice) if one == choice), "learn")


async def prefer(house: House, s: AsyncSession, user_id: str, scenario: str, choice: Choice) -> None:
    """Keep what somebody chooses for a scenario. What waits for the digest comes back at once where they want the DMs."""
    chosen = (await preferences.choose(s, user_id, {}, house.now())).get(SCENARIOS)
    others = chosen if isinstance(chosen, dict) else {}
    await preferences.choose(s, user_id, {SCENARIOS: {**others, scenario: choice}}, house.now())
    if choice != "learn":
        for demotion in await _standing(s, user_id, scenario):
            await demotions.end(s, demotion.id, house.now())


async def pressed(house: House, user_id: str, action: dict[str, Any]) -> Message | None:
    """What the DM shows after a press; None where it is not this person's, or there is no such thing."""
    number = id_of(action.get("value"))
    if not await is_member(house, user_id):
        return None
    async with house.store.writing() as s:
        demotion = await demotions.get(s, number) if number is not None else None
        if demotion is None or demotion.owner != user_id or demotion.scenario not in FINDINGS:
            house.log.info("press refused", demotion=number, user=user_id)
            return None
        if action.get("action_id") != KEEP:
            return fine(demotion.scenario)
        await prefer(house, s, user_id, demotion.scenario, "dm")
    house.log.info("scenario kept", scenario=demotion.scenario, user=user_id)
    return kept(demotion.scenario)


async def rests_for(house: House, s: AsyncSession, owner: str, scenario: str) -> bool:
    """Whether a scenario does not ring for somebody now: by their choice, else by what came of its last findings."""
    choice = await choice_of(s, owner, scenario)
    if choice != "learn" or not house.learning:
        return choice == "digest"
    decided, rested = await usefulness.decided_naming(s, owner, scenario)
    episodes = await demotions.of(s, owner, scenario) if rested else []
    before = [one for one in episodes if one.ended_at is None]
    # fewer than these cannot change anything; which of the deals are theirs is told by the terms of each
    lately = await _lately(s, owner, scenario) if decided >= LAST else Usefulness()
    after = rests(bool(before), lately)
    if after and not before:
        await _begin(house, s, (owner, scenario, len(episodes)), lately)
    elif before and not after:
        await _end(house, s, before[0])
    return after


async def resting(house: House, s: AsyncSession, people: Collection[str]) -> dict[str, frozenset[str]]:
    """The scenarios that do not ring now for each of several people, as rests_for() last had it."""
    chosen = await preferences.chosen_by(s, people)
    found: dict[str, set[str]] = {person: set() for person in people}
    for one in await demotions.standing(s, people) if house.learning else ():
        found[one.owner].add(one.scenario)
    for person, all_chosen in chosen.items():
        choices = all_chosen.get(SCENARIOS)
        for scenario, choice in choices.items() if isinstance(choices, dict) else ():
            if choice == "digest":
                found[person].add(scenario)
            elif choice == "dm":
                found[person].discard(scenario)
    return {person: frozenset(scenarios) for person, scenarios in found.items()}


async def _begin(house: House, s: AsyncSession, which: tuple[str, str, int], lately: Usefulness) -> None:
    """The errand's key decides between rivals: it names owner, scenario and episode, and there is one of each."""
    owner, scenario, episode = which
    about = {"what": RESTS, "scenario": scenario}
    if await outbox.notify(s, f"rests:{owner}:{scenario}:{episode}", owner, about, house.now()):
        await demotions.begin(s, owner, scenario, lately, house.now())
        house.log.info("scenario rests", scenario=scenario, user=owner, useful=lately.useful, decided=lately.decided)


async def _end(house: House, s: AsyncSession, demotion: Demotion) -> None:
    if await demotions.end(s, demotion.id, house.now()):
        about = {"what": RINGS, "scenario": demotion.scenario, "demotion": demotion.id}
        await outbox.notify(s, f"rings:{demotion.owner}:{demotion.id}", demotion.owner, about, house.now())
        house.log.info("scenario rings again", scenario=demotion.scenario, user=demotion.owner)


async def _told_of_rest(house: House, errand: Errand) -> Message | None:
    """None where it has come back, or they have decided, before they could be told."""
    async with house.store.reading() as s:
        there = await _standing(s, errand.recipient, str(errand.about.get("scenario")))
    return rests_now(there[0].scenario, there[0].usefulness, there[0].id) if there and house.learning else None


async def _told_of_return(house: House, errand: Errand) -> Message | None:
    """None where it has gone again, or they have decided, before they could be told."""
    scenario = str(errand.about.get("scenario"))
    async with house.store.reading() as s:
        if scenario not in FINDINGS or await _standing(s, errand.recipient, scenario):
            return None
        if await choice_of(s, errand.recipient, scenario) != "learn":
            return None
        return rings_again(scenario, await _lately(s, errand.recipient, scenario))


async def _standing(s: AsyncSession, owner: str, scenario: str) -> list[Demotion]:
    return [one for one in await demotions.standing(s, (owner,)) if one.scenario == scenario]


async def _lately(s: AsyncSession, owner: str, scenario: str) -> Usefulness:
    """Of the last decided findings of a scenario, over all deals whose DMs this person gets."""
    theirs = [number for number, deal in await usefulness.deals_naming(s, owner) if owner in recipients(deal)]
    return (await usefulness.lately(s, theirs, scenario)).get(scenario, Usefulness())
