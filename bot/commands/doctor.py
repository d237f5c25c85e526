"""`jumpin doctor`: looks at everything the bot needs, and says what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import typer
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build_house
from bot.commands import checks
from bot.commands.checks import Check
from bot.commands.far_checks import crm_answers, volumes_answer
from bot.commands.opening import settings_for_running
from bot.commands.scripts_check import scripts_work
from bot.commands.strong_check import strong_reader_answers
from bot.settings import Settings
from store.deals import all_deals
from store.engine import Store
from store.records import KnownDeal


def doctor() -> None:
    """Check tokens, scopes, database, channels, people, zones, scripts and the systems beside; exit status 1 when something is wrong."""
    settings = settings_for_running()
    wrong = asyncio.run(_print_all(settings))
    typer.echo(f"\n{wrong} to mend." if wrong else "\nAll is well.")
    raise typer.Exit(1 if wrong else 0)


async def _print_all(settings: Settings) -> int:
    wrong = 0
    async for check in examine(settings):
        wrong += check.mend is not None
        typer.echo(f"{'wrong' if check.mend else 'ok   '}  {check.what}: {check.mend or check.seen}")
    return wrong


async def examine(settings: Settings) -> AsyncIterator[Check]:
    """All checks in turn; what one makes impossible is left out after it."""
    check, store = await checks.database(settings)
    yield check
    try:
        known = await _deals(store)
        for zone in checks.time_zones(settings.timezone, known):
            yield zone
        for check in await asyncio.to_thread(lambda: list(scripts_work(settings))):
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
    client = AsyncWebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, retry_handlers=[])
    check, identity = await checks.bot_token(client)
    yield check
    yield await checks.way_in(settings)
    if identity is None:
        return
    yield checks.scopes(identity)
    yield checks.post_for_me(settings, identity)
    if store is None:
        return
    house = build_house(settings.model_copy(update={"crm_source": None}), store, identity)  # the CRM has been looked at
    async for check in checks.linked_channels(house, known):
        yield check
    async for check in checks.deal_people(house, known):
        yield check
    if not known:
        yield Check("deals", "none yet: `jumpin deals import FILE` brings them in")


async def _deals(store: Store | None) -> list[KnownDeal]:
    if store is None:
        return []
    async with store.reading() as s:
        return await all_deals(s)
