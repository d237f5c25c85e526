"""Learning from "not an issue": a scenario of little use goes to its owner's digest, who is told once and may say no; and it returns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.usefulness import Usefulness
from handlers.findings import learning
from handlers.hearing import watch
from handlers.hearing.message import Change, Said
from store import demotions, findings, looking_back, outbox, preferences
from store.records import KnownDeal, Origin, StoredFinding
from templates.blocks import NOT_AN_ISSUE, USED
from templates.learned import FINE, KEEP
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.templates.samples import finding

BAIT = "volume-bait-and-switch"
LOW = "let's start with 15 packages a day"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def past(at: Stage, known: KnownDeal, useful: int, useless: int, first: int = 0) -> None:
    """So many findings that somebody decided on, the useless ones last."""
    async with at.house.store.writing() as s:
        for number in range(useful + useless):
            at.clock.ahead(seconds=1)
            origin = Origin("C1", f"16000000{first + number:02d}.000100", "U1", at.clock.now())
            stored, _ = await findings.record(s, known.id, finding(BAIT), origin, at.clock.now())
            state: Any = "used" if number < useful else "not-an-issue"
            await findings.change(s, stored.id, state, by="U3", now=at.clock.now())


async def says(at: Stage, text: str = LOW) -> StoredFinding:
    """The customer says something, and the live bot records it."""
    ts = at.slack.say("U1", "C1", text)
    assert await watch.take(at.house, Change("said", Said("C1", ts, text, "U1"))) == "finding"
    async with at.house.store.reading() as s:
        [stored] = await looking_back.of_message(s, "C1", ts)
    return stored


async def press(at: Stage, user: str, action: str, value: str) -> None:
    await at.press(user, {"action_id": action, "value": value})


def buttons(dm: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in dm["blocks"] if block["type"] == "actions" for one in block["elements"]]


async def test_the_press_that_makes_it_too_little_use_sends_it_to_the_digest_and_tells_once(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        await past(at, known, useful=11, useless=8)
        stored = await at.hear(known, BAIT)
        await at.told(stored.id)
        await asyncio.gather(*(press(at, "U3", NOT_AN_ISSUE, str(stored.id)) for _ in range(3)))
        await until(lambda: len(at.slack.dms("U3")) == 2)
        told = at.slack.dms("U3")[1]
        assert mistakes(told["blocks"]) == []
        words = "\n".join(texts(told["blocks"]))
        assert "“Lower starting volume” goes to your digest from now on" in words
        assert "Of the last 20 of these in your deals, 11 were of use (55%)" in words
        assert [button["text"]["text"] for button in buttons(told)] == ["Keep the DMs anyway", "Fine"]
        now = await says(at)
        assert (now.finding.urgency, now.state) == ("digest", "open")
        assert await at.errands(now.id) == []
        async with at.house.store.reading() as s:
            assert [one.id for one in await findings.open_findings(s, known.id)] == [now.id]
        assert len(at.slack.dms("U3")) == 2


async def test_it_returns_above_the_upper_bar_and_tells_so(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        await past(at, known, useful=11, useless=9)
        assert (await says(at)).finding.urgency == "digest"
        await until(lambda: at.slack.dms("U3"))
        await past(at, known, useful=17, useless=0, first=30)
        resting = await says(at, "we will start with 40 packages a day")
        assert resting.finding.urgency == "digest"
        await press(at, "U3", USED, str(resting.id))
        await until(lambda: len(at.slack.dms("U3")) == 2)
        assert "“Lower starting volume” rings again." in at.slack.dms("U3")[1]["text"]
        assert "18 were of use (90%)" in "\n".join(texts(at.slack.dms("U3")[1]["blocks"]))
        back = await says(at, "we start with 80 packages a day")
        assert back.finding.urgency == "now"
        await until(lambda: len(at.slack.dms("U3")) == 3)


async def test_keep_the_dms_anyway(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        await past(at, known, useful=5, useless=15)
        await says(at)
        await until(lambda: at.slack.dms("U3"))
        keep, fine = buttons(at.slack.dms("U3")[0])
        await press(at, "U3", FINE, fine["value"])
        assert "waits in your digest" in at.slack.responses[-1]["text"]
        assert at.slack.responses[-1]["replace_original"] is True
        for _ in range(2):
            await press(at, "U3", KEEP, keep["value"])
            assert at.slack.responses[-1]["text"] == "Done: “Lower starting volume” keeps coming to you as direct messages."
            assert mistakes(at.slack.responses[-1]["blocks"]) == []
        now = await says(at, "we will start with 40 packages a day")
        assert now.finding.urgency == "now"
        async with at.house.store.reading() as s:
            assert await preferences.chosen(s, "U3") == {"scenarios": {BAIT: "dm"}}
            assert await demotions.standing(s, ["U3"]) == []
        await until(lambda: len(at.slack.dms("U3")) == 2)


async def test_always_the_digest_and_the_switch_for_all(at: Stage) -> None:
    known = await at.know()
    await past(at, known, useful=0, useless=20)
    at.house.learning = False
    assert (await says(at)).finding.urgency == "now"
    async with at.house.store.writing() as s:
        await learning.prefer(at.house, s, "U3", BAIT, "digest")
        await learning.prefer(at.house, s, "U3", "volume-gap", "dm")
    assert (await says(at, "we will start with 40 packages a day")).finding.urgency == "digest"
    async with at.house.store.reading() as s:
        assert await preferences.chosen(s, "U3") == {"scenarios": {BAIT: "digest", "volume-gap": "dm"}}
        assert await outbox.waiting(s) == 1
    async with at.house.store.writing() as s:
        await learning.prefer(at.house, s, "U3", BAIT, "learn")
    assert (await says(at, "we will start with 60 packages a day")).finding.urgency == "now"


async def test_it_rests_for_one_and_rings_for_another(at: Stage) -> None:
    people = [*acme().model_dump()["people"], {"id": "U5", "name": "Sam Stone", "role": "rep"}]
    known = await at.know(acme(people=people))
    async with at.house.store.writing() as s:
        await learning.prefer(at.house, s, "U3", BAIT, "digest")
    stored = await says(at)
    assert stored.finding.urgency == "now"
    assert [errand.recipient for errand in await at.errands(stored.id)] == ["U5"]
    assert known.id == stored.deal_id


async def test_what_rests_does_not_ring_by_being_said_again(at: Stage) -> None:
    await at.know()
    async with at.house.store.writing() as s:
        await learning.prefer(at.house, s, "U3", BAIT, "digest")
    first = await says(at)
    ts = at.slack.say("U1", "C1", "as I said: we start with 15 packages a day")
    said = Said("C1", ts, "as I said: we start with 15 packages a day", "U1")
    assert await watch.take(at.house, Change("said", said)) == "repeat"
    assert (await at.state(first.id)).count == 2
    assert await at.errands(first.id) == []


async def test_only_deals_whose_dms_somebody_gets_count_for_them(at: Stage) -> None:
    known = await at.know()
    other = await at.know(acme(customer="Other", people=[{"id": "U3", "name": "Riley", "role": "leadership"}, *REP], channels=["C9"]))
    await past(at, other, useful=0, useless=20)
    stored = await says(at)
    assert (stored.deal_id, stored.finding.urgency) == (known.id, "now")


REP = [{"id": "U5", "name": "Sam Stone", "role": "rep"}]


@pytest.mark.parametrize("user", [*WHO, "U4"], ids=[*WHY, "leadership of the deal"])
async def test_the_buttons_are_their_owners_alone(at: Stage, user: str) -> None:
    number = await with_outsiders(at)
    await past(at, KnownDeal(number, acme()), useful=0, useless=20)
    async with at.house.store.writing() as s:
        demotion = await demotions.begin(s, "U3", BAIT, Usefulness(0, 20), at.clock.now())
    for value in (str(demotion.id), "999", "x", ""):
        for action in (KEEP, FINE):
            await press(at, user, action, value)
            assert "open only to our own people" in at.slack.responses[-1]["text"]
            assert at.slack.responses[-1]["replace_original"] is False
    async with at.house.store.reading() as s:
        assert await preferences.chosen(s, user) == {}
        assert len(await demotions.standing(s, ["U3"])) == 1
