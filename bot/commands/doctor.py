"""`jumpin doctor`: looks at everything the bot needs, and says what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import typer
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build_house
from bot.commands import checks
from bot.commands.checks import Check
from bot.commands.deal_checks import deal_people, linked_channels, workspace
from bot.commands.far_checks import crm_answers, volumes_answer
from bot.commands.scripts_check import scripts_work
from bot.commands.settings_check import settings_fit
from bot.commands.strong_check import strong_reader_answers
from bot.given import as_far_as_right
from bot.settings import Settings
from store.deals import all_deals
from store.engine import Store
from store.records import KnownDeal

_LOOKED_AT = {"crm_source": None, "reader": "local", "nudges_off": "", "nudge_gaps": ""}
"""What has been looked at by itself is not needed to look at deals, and may be wrong."""


def doctor() -> None:
    """Check settings, tokens, scopes, clock, database, channels, people, scripts, systems beside; exit status 1: something is wrong."""
    wrong = asyncio.run(_print_all(*as_far_as_right()))
    typer.echo(f"\n{wrong} to mend." if wrong else "\nAll is well.")
    raise typer.Exit(1 if wrong else 0)


async def _print_all(settings: Settings, mistakes: Mapping[str, str]) -> int:
    wrong = 0
    async for check in examine(settings, mistakes):
        wrong += check.mend is not None
        typer.echo(f"{'wrong' if check.mend else 'ok   '}  {check.what}: {check.mend or check.seen}")
    return wrong


async def examine(settings: Settings, mistakes: Mapping[str, str] = MappingProxyType({})) -> AsyncIterator[Check]:
    """All checks in turn; what one makes impossible is left out after it. `mistakes` are wrong settings, by name, with why."""
    for check in settings_fit(settings, mistakes):
        yield check
    store = None
    if "DATABASE_URL" not in mistakes:
        check, store = await checks.database(settings)
        yield check
    try:
        known = await _deals(store)
        for check in (*checks.time_zones(settings.timezone, known), *await asyncio.to_thread(lambda: list(scripts_work(settings)))):
            yield check
        yield await strong_reader_answers(settings, known)
        yield await volumes_answer(settings)
        yield await crm_answers(settings)
        async for check in _slack(settings, store, known):
            yield check
    finally:
        if store is not None:
            await store.close()


async def _slack(settings: Settings, store: Store | None, known: list[KnownDeal]) -> AsyncIterator[Check]:
    identity = None
    client = AsyncWebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, retry_handlers=[])
    if settings.slack_bot_token is not None:
        check, identity = await checks.bot_token(client)
        yield check
    if settings.mode is not None:
        yield await checks.way_in(settings, client, identity)
    if identity is None:
        return
    yield await checks.clock(identity, store, datetime.now(UTC))
    yield checks.scopes(identity)
    yield checks.post_for_me(settings, identity)
    if store is None:
        return
    house = build_house(settings.model_copy(update=_LOOKED_AT), store, identity)
    for look in (workspace, linked_channels, deal_people):
        async for check in look(house, known):
            yield check
    if not known:
        yield Check("deals", "none yet: `jumpin deals import FILE` brings them in")


async def _deals(store: Store | None) -> list[KnownDeal]:
    if store is None:
        return []
    async with store.reading() as s:
        return await all_deals(s)
