"""The first three steps in Home: ticked by what has happened, hidden for good, and an example that only our own people can ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store import channels, outbox, preferences
from templates import home
from tests.handlers.doors import WHO, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.handlers.test_home import MORGAN, buttons, customers, shown
from tests.live.block_kit import texts


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def test_the_first_steps_are_ticked_by_what_has_happened(at: Stage) -> None:
    view = await at.opens_home("U3")
    assert "You have no deals yet." in shown(view)
    assert "1.  *Make a deal*" in shown(view)
    await at.know()
    view = await at.presses_home("U3", view, action_id=home.CLEAR)
    assert "✅  *Make a deal*" in shown(view)
    assert "2.  *Invite me to its channel*" in shown(view)
    async with at.house.store.writing() as s:
        await channels.note_seen(s, {"C1": "1793801760.000001"})
    view = await at.presses_home("U3", view, action_id=home.CLEAR)
    assert "✅  *Invite me to its channel*" in shown(view)
    async with at.courier():
        press = buttons(view)["Send me an example"]
        await at.presses_home("U3", view, **press)
        await at.presses_home("U3", view, **press)
        await until(lambda: at.slack.dms("U3"))
        await at.courier_done()
    [message] = at.slack.dms("U3")
    assert "An example" in message["text"]
    assert "invented" in "\n".join(texts(message["blocks"]))
    assert [block for block in message["blocks"] if block["type"] == "actions"] == []
    assert "Welcome" not in shown(await at.opens_home("U3"))
    await at.know(acme(people=[MORGAN]))
    view = await at.opens_home("U3")
    assert "Welcome" not in shown(view)
    assert "You have no deals yet. Press _New deal_" in shown(view)


async def waiting(at: Stage) -> int:
    async with at.house.store.reading() as s:
        return await outbox.waiting(s)


async def test_hidden_steps_do_not_come_back(at: Stage) -> None:
    await at.know()
    view = await at.opens_home("U3")
    assert "Welcome to Jump-In" in shown(view)
    view = await at.presses_home("U3", view, **buttons(view)["Hide these steps"])
    assert customers(view) == ["Acme Outfitters"]
    assert "Welcome" not in shown(view)
    assert "Welcome" not in shown(await at.opens_home("U3"))
    assert "Welcome to Jump-In" in shown(await at.opens_home("U4"))


async def test_the_example_comes_in_the_language_that_one_has_chosen(at: Stage) -> None:
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U5", {"settings": {"language": "es"}}, at.clock.now())
    async with at.courier():
        await at.presses_home("U5", await at.opens_home("U5"), action_id=home.EXAMPLE, value="example")
        await until(lambda: at.slack.dms("U5"))
    assert "Hola Dana" in "\n".join(texts(at.slack.dms("U5")[0]["blocks"]))


@pytest.mark.parametrize("user", [user for user in WHO if user not in ("U2", "U5")])
async def test_no_example_is_sent_to_others(at: Stage, user: str) -> None:
    await with_outsiders(at)
    await at.presses_home(user, {}, action_id=home.EXAMPLE, value="example")
    assert await waiting(at) == 0
