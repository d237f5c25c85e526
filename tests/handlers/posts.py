"""Posting for the rep: the house where it is switched on, the form, and what came of it; for the tests of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest_asyncio
from sqlalchemy.engine import make_url

from store.records import StoredFinding
from templates.presses import POST
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts, view_mistakes

TWO_REPS = [
    {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
    {"id": "U3", "name": "Riley Chen", "role": "rep"},
    {"id": "U5", "name": "Sam Stone", "role": "rep"},
    {"id": "U4", "name": "Morgan Lee", "role": "leadership"},
]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield switched_on(there)


@pytest_asyncio.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Stage]:
    name = f"posting_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield switched_on(there)


def switched_on(at: Stage) -> Stage:
    """Posting is on, and in #impl-acme are Dana of the customer, Ivan, Riley and the bot."""
    at.house.post_for_me = True
    at.slack.channel("C1", "impl-acme", is_private=True, members=["U1", "U2", "U3", "UBOT"])
    return at


async def told(at: Stage, **deal: Any) -> StoredFinding:
    """A finding whose DM has been sent."""
    stored = await at.hear(await at.know(acme(**deal)))
    await at.told(stored.id)
    return stored


async def form(at: Stage, stored: StoredFinding, user: str = "U3", trigger: str = "1.ok") -> dict[str, Any]:
    """The form as somebody gets it."""
    before = len(at.slack.views)
    await at.press(user, {"action_id": POST, "value": str(stored.id)}, trigger)
    await until(lambda: len(at.slack.views) == before + 2)
    looking, view = at.slack.views[before:]
    assert "submit" not in looking
    return view


async def answer(at: Stage, user: str, value: str, trigger: str = "1.ok") -> str:
    """What a press is answered where no form opens."""
    before = len(at.slack.responses)
    await at.press(user, {"action_id": POST, "value": value}, trigger)
    await until(lambda: len(at.slack.responses) > before)
    said = at.slack.responses[-1]
    assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)
    assert mistakes(said["blocks"]) == []
    return str(said["text"])


def shown(view: dict[str, Any]) -> str:
    assert view_mistakes(view) == []
    return "\n".join(texts(view["blocks"]))


def script(view: dict[str, Any]) -> Any:
    return next(block["element"].get("initial_value") for block in view["blocks"] if block.get("block_id", "").startswith("script"))


def in_channel(at: Stage, channel: str = "C1") -> list[dict[str, Any]]:
    """What the bot has posted into the channel."""
    return [one for one in at.slack.messages[channel] if one.get("bot_id")]


def dm_says(at: Stage, user: str, words: str) -> bool:
    return any(words in text for dm in at.slack.dms(user) for text in texts(dm["blocks"]))


async def confirmed(at: Stage, stored: StoredFinding, text: str = "Hi Dana, 150 a day is what we agreed.", user: str = "U3") -> str:
    return shown((await at.submit(user, await form(at, stored, user), {"script": text}))["view"])
