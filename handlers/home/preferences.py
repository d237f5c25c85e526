"""What people have chosen for themselves, put to use: how scripts sound to them, and when a finding reaches them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from bot.playbook.preferences import SETTINGS, ZONE, Preferences, free_at, preferences_of, rings_at, zone_name
from handlers.house import House
from store import preferences
from templates.scripts import Scripts
from templates.shipped import sources
from templates.voice import Voice


async def preferences_now(house: House, user_id: str) -> Preferences:
    """A person's preferences. Their time zone goes with them: where Slack has told another one since, that is kept from now on."""
    async with house.store.reading() as s:
        chosen = await preferences.chosen(s, user_id)
    return await _as_now(house, user_id, chosen)


async def _as_now(house: House, user_id: str, chosen: Mapping[str, Any]) -> Preferences:
    user = house.users.get(user_id)
    zone = zone_name(user.zone) if user else None
    if zone is not None and SETTINGS in chosen and chosen.get(ZONE) != zone:
        async with house.store.writing() as s:
            await preferences.choose(s, user_id, {ZONE: zone}, house.now())
    return preferences_of(dict(chosen) | ({ZONE: zone} if zone else {}), house.timezone, time(house.habits.hour))


async def scripts_for(house: House, user_id: str, chosen: Mapping[str, Any] | None = None) -> Scripts:
    """The installation's scripts as this person wants to read them; `chosen`: what they have chosen, where that was asked already."""
    return voiced(house.scripts, await (preferences_now(house, user_id) if chosen is None else _as_now(house, user_id, chosen)))


def voiced(scripts: Scripts, chosen: Preferences) -> Scripts:
    """The scripts in the language, tone and length chosen; the installation's where nothing is."""
    usual = scripts.voice
    voice = Voice(chosen.language or usual.language, chosen.tone or usual.tone, chosen.length or usual.length)
    return scripts if voice == usual else replace(scripts, voice=voice)


def languages(scripts: Scripts) -> list[str]:
    """The languages that there are scripts in: ours, and those of the company's own folder. May take a moment."""
    return sorted({*sources(), *scripts.theirs()})


async def rings(s: AsyncSession, people: Collection[str], finding: Finding, now: datetime) -> dict[str, datetime]:
    """Who of these people gets a direct message about a finding, and when (UTC)."""
    chosen = await preferences.chosen_by(s, people)
    due = {person: rings_at(preferences_of(chosen.get(person, {})), finding, now) for person in people}
    return {person: at for person, at in due.items() if at is not None}


async def free_for(s: AsyncSession, person: str, at: datetime) -> datetime:
    """The first moment from `at` on that is not quiet for this person."""
    return free_at(preferences_of(await preferences.chosen(s, person)), at)
