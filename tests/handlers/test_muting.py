"""A muted scenario rings for nobody until its day; what is found meanwhile is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.scenarios import FINDINGS
from store import mutes
from store.mutes import Mute
from templates.finding_list import MUTE_ON_DEAL
from templates.mute_form import CALLBACK, mute_form
from templates.presses import MORE, UNMUTE
from tests.handlers.dms import HIGHER, LOW, choose, element, heads, labels, replies, shown
from tests.handlers.telling import Stage, stage
from tests.live.block_kit import texts, view_mistakes

MUTE = "Mute this scenario here…"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def opened(at: Stage, user: str = "U3") -> dict[str, Any]:
    """The form, from the last DM of the rep."""
    await at.press(user, choose(element(at, MORE), MUTE))
    return dict(at.slack.views[-1])


async def kept(at: Stage) -> list[Mute]:
    async with at.house.store.reading() as s:
        return await mutes.of_deal(s, 1)


async def test_from_the_alert_until_the_day_chosen_and_then_it_rings_again(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        form = await opened(at)
        assert view_mistakes(form) == []
        assert form["blocks"][-1]["element"]["initial_date"] == "2026-11-18", "two weeks"
        answer = await at.submit("U3", form, {"until": "2026-11-11"})
        await at.settle()
        assert "🔕 “Lower starting volume” is muted on *Acme Outfitters* until <!date^" in "\n".join(texts(answer["view"]["blocks"]))
        assert "🔕 “Lower starting volume” on Acme Outfitters is muted until" in shown(at)
        assert "Undo the mute" in labels(at)
        at.clock.ahead(days=6)
        await at.says("U1", HIGHER)
        await at.settle()
        assert heads(at) == ["15/day said"]
        [_, quiet] = await at.all_found(known)
        assert (quiet.state, quiet.finding.suppressed) == ("suppressed", "muted")
        assert "🔕 muted" in str(await at.command("U3", "acme muted", name="/deal-findings"))
        at.clock.ahead(days=1)  # the day of the end, 9:16 in New York
        await at.says("U1", HIGHER)
        await at.settle()
    assert heads(at) == ["15/day said", "20/day said"], "what was said while it was muted makes no repetition of it"
    [mute] = await kept(at)
    assert (mute.scenario, mute.by, mute.ended_at) == ("volume-bait-and-switch", "U3", None)
    assert mute.until.isoformat() == "2026-11-11T14:00:00+00:00"


async def test_other_scenarios_ring_and_a_repetition_of_what_was_told_is_counted(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.submit("U3", await opened(at), {"scenario": "volume-gap"})
        at.clock.ahead(days=1)
        await at.says("U1", HIGHER)
        await at.settle()
        assert len(at.slack.dms("U3")) == 2
        await at.submit("U3", await opened(at))
        await at.says("U1", f"as I wrote, {HIGHER}")
        await at.settle()
    assert len(at.slack.dms("U3")) == 2
    assert "Said 2 times" in shown(at)
    assert {mute.scenario for mute in await kept(at)} == {"volume-gap", "volume-bait-and-switch"}


async def test_a_mute_is_undone_and_the_one_before_it_holds_again(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.submit("U3", await opened(at), {"until": "2026-11-30"})
        at.clock.ahead(hours=1)
        answer = await at.submit("U4", await opened(at), {"until": "2026-12-31"})
        assert "It takes the place of the mute by <@U3>." in list(texts(answer["view"]["blocks"]))
        await at.settle()
        button = element(at, UNMUTE)
        await at.press("U4", button)
        await at.settle()
        assert "until <!date^1796047200^" in shown(at)  # 30 November, 9:00 in New York
        await at.press("U4", button)
        assert replies(at) == ["That mute is over already; this scenario rings again."]
    first, second, again = await kept(at)
    assert (first.ended_by, second.ended_by, again.ended_by, again.until, again.by) == ("U4", "U4", None, first.until, "U3")


async def test_a_mute_is_ended_early_from_the_alert_and_from_the_list(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.submit("U3", await opened(at))
        at.clock.ahead(days=2)
        await at.says("U1", f"as I wrote, {LOW}")
        await at.settle()
        assert "End the mute" in labels(at)
        await at.press("U4", element(at, UNMUTE))
        await at.settle()
        assert "🔕" not in shown(at)
        await at.press("U3", {"action_id": MUTE_ON_DEAL, "value": "1"})
        form = at.slack.views[-1]
        await at.submit("U3", form, {"scenario": "volume-bait-and-switch"})
        at.clock.ahead(days=1)
        listed = await at.command("U3", "acme", name="/deal-findings")
        button = next(block["accessory"] for block in listed["blocks"] if "🔕" in str(block.get("text")))
        await at.press("U3", button)
        assert replies(at) == ["“Lower starting volume” rings again on *Acme Outfitters*."]
        await at.says("U1", HIGHER)
        await at.settle()
    assert heads(at)[-1] == "20/day said"
    assert [mute.ended_by for mute in await kept(at)] == ["U4", "U3"]


async def test_sent_twice_it_is_one_mute(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        form = await opened(at)
        first, second = await at.submit("U3", form), await at.submit("U3", form)
    assert first == second
    assert len(await kept(at)) == 1


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        ("2026-11-04", "choose tomorrow or later"),
        ("2025-01-01", "choose tomorrow or later"),
        ("2027-11-07", "choose an earlier day"),
        (None, "choose one"),
        ("soon", "choose one"),
        (7, "choose one"),
        ([], "choose one"),
    ],
)
async def test_a_day_that_cannot_be_is_told_at_the_field(at: Stage, day: Any, wrong: str) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        answer = await at.submit("U3", await opened(at), {"until": day})
    assert wrong in answer["errors"]["until"]
    assert await kept(at) == []


@pytest.mark.parametrize("values", [None, [], {"x": 1}, {"scenario": {"value": {"type": "static_select", "selected_option": 5}}}])
async def test_a_form_with_anything_in_it_mutes_nothing(at: Stage, values: Any) -> None:
    known = await at.know()
    form = mute_form("Acme", "volume-gap", at.clock.now().date(), {"deal": known.id})
    assert (await at.send("U3", form, values))["response_action"] == "update"
    assert await kept(at) == []


async def test_an_expired_trigger_is_told_in_words(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
    await at.press("U3", choose(element(at, MORE), MUTE), trigger="1.late")
    assert "Please try again" in replies(at)[0]


def test_the_form_keeps_slacks_limits() -> None:
    for scenario in (None, *FINDINGS):
        form = mute_form("🚚<&>*_`" * 60, scenario, date(2026, 11, 4), {"deal": 10**12, "finding": 10**12})
        assert view_mistakes(form) == []
        assert form["callback_id"] == CALLBACK
