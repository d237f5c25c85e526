"""/deal-script: any script for the deal's own people, and nothing at all for others; and the company's own scripts in DMs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.scenarios import FINDINGS, SUBJECTS
from handlers.findings.deal_script import understood
from templates.scripts import Scripts
from templates.voice import Voice
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def shown(answer: dict[str, Any]) -> str:
    """All that is shown; every answer is for the asker's eyes only, beside what stands there, and one that Slack takes."""
    assert answer["response_type"] == "ephemeral"
    assert answer["replace_original"] is False
    assert mistakes(answer["blocks"]) == []
    return "\n".join([answer["text"], *texts(answer["blocks"])])


async def test_in_a_linked_channel_the_rep_gets_any_script_with_the_deals_figures(at: Stage) -> None:
    await at.know()
    for scenario in FINDINGS:
        text = shown(await at.asks("U3", f"{scenario} price" if scenario == "contradiction" else scenario, channel="C1"))
        assert FINDINGS[scenario] in text
        assert "Hi all, " in text
        assert "Acme Outfitters" in text
    assert "Once they confirm that:" in shown(await at.asks("U3", "not-ramping", channel="C1"))


@pytest.mark.parametrize("text", ["objection-too-busy acme", "Too Busy ACME outfitters", "too busy to ramp acme", "too-busy <#C1|impl>"])
async def test_in_a_direct_message_the_deal_is_found_by_its_name(at: Stage, text: str) -> None:
    await at.know()
    answer = shown(await at.asks("U4", text, channel="DU4"))
    assert "500 packages a day can start on Monday, November 16 as planned" in answer


async def test_what_was_really_said_is_answered_by_name(at: Stage) -> None:
    await at.hear(await at.know())
    answer = shown(await at.asks("U3", "volume-bait-and-switch", channel="C1"))
    assert "Answers what was heard: figure 10, maybe 15 boxes a day from us" in answer
    assert "Hi Dana, quick pause so that we're working from the same plan, since I see 10-15 packages a day mentioned." in answer
    at.clock.ahead(days=20)
    assert "Day 23, ramp due since 16 Nov" in shown(await at.asks("U3", "volume-bait-and-switch", channel="C1"))


async def test_a_contradiction_asks_for_its_term(at: Stage) -> None:
    known = await at.know()
    assert "Which term? Name it" in shown(await at.asks("U3", "contradiction", channel="C1"))
    assert "Expedited at 4.85 per package" in shown(await at.asks("U3", "contradiction price acme"))
    assert "2-3 days to the Northeast" in shown(await at.asks("U3", "contradiction transit", channel="C1"))
    await at.hear(known, "contradiction", subject="billing", said="monthly invoices", said_per_day=None)
    assert "monthly invoices came up for billing" in shown(await at.asks("U3", "contradiction", channel="C1"))


async def test_without_a_script_all_are_listed(at: Stage) -> None:
    for text in ("", "help", "list", "  "):
        answer = shown(await at.asks("U5", text))
        assert all(f"`{scenario}`" in answer for scenario in FINDINGS)
        assert "Acme Outfitters" not in answer


@pytest.mark.parametrize("text", ["", "help", "bait", "price", "contradiction prize", "volume-gap"])
@pytest.mark.parametrize("user", ["U1", "U7", "U6"], ids=["the customer", "a guest", "nobody known"])
async def test_the_customer_and_guests_learn_not_even_what_scripts_there_are(at: Stage, user: str, text: str) -> None:
    at.slack.person("U7", "Pat Guest", is_restricted=True)
    answer = shown(await at.asks(user, text, channel="C1"))
    assert "open only to our own people" in answer
    assert not any(name in answer for name in (*FINDINGS, "script", "contradiction"))


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("price", "Did you mean `contradiction price`?"),
        ("transit", "Did you mean `contradiction service.transit`?"),
        ("contradiction prize acme", "I know no term “prize”. Did you mean `/deal-script contradiction price`?"),
        ("contradiction xyzzy", "I know no deal of yours named “xyzzy”. My *Home* tab lists your deals."),
        ("too-bussy acme", "Did you mean `objection-too-busy`?"),
        ("peak", "Did you mean `objection-peak-season`?"),
        ("wait and sea Acme", "Did you mean `wait-and-see`?"),
        ("xyzzy", "`/deal-script` lists them all."),
    ],
)
async def test_an_unknown_script_brings_the_closest(at: Stage, text: str, offered: str) -> None:
    await at.know()
    answer = shown(await at.asks("U3", text, channel="C1"))
    assert offered in answer


async def test_an_unknown_or_ambiguous_customer_brings_ones_own(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Acme West", channels=["C2"]))
    await at.know(acme(customer="Acme Secret", people=[{"id": "U5", "name": "Sam", "role": "rep"}], channels=["C3"]))
    for text, offered in (("volume-gap acme", "*Acme Outfitters* or *Acme West*"), ("volume-gap", "*Acme Outfitters*, *Acme West*")):
        answer = shown(await at.asks("U3", text, channel="DU3"))
        assert offered in answer
        assert "Secret" not in answer
        assert "150" not in answer
    assert "*Acme Outfitters*" in shown(await at.asks("U3", "volume-gap acmee outfiters"))


@pytest.mark.parametrize("text", ["<!channel>", "volume-gap <!channel>", "*", "🙂" * 500, "\u202e", "x" * 4000, "volume-gap " + "y" * 4000])
async def test_any_text_gets_an_answer(at: Stage, text: str) -> None:
    await at.know()
    assert "<!channel>" not in shown(await at.asks("U3", text))


async def test_trouble_of_ours_is_one_sentence_and_logged(at: Stage) -> None:
    await at.know()
    await at.house.store.close()
    at.house.store = None  # type: ignore[assignment]
    assert "That didn't work just now" in shown(await at.asks("U3", "volume-gap", channel="C1"))
    assert any(line["event"] == "script not given" for line in at.logged)


async def test_a_dm_speaks_in_the_companys_voice_and_words(at: Stage, tmp_path: Path) -> None:
    own = tmp_path / "playbook" / "es" / "jump_in" / "volume-bait-and-switch.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ hello }}, lo acordado son {{ test }}.", encoding="utf-8")
    told: list[str] = []
    at.house.scripts = Scripts(Voice("es", "warm", "short"), tmp_path / "playbook", lambda wrong: told.append(wrong.kind))
    known = await at.know()
    async with at.courier():
        await at.told((await at.hear(known)).id)
        assert "Hola Dana, lo acordado son 150 paquetes al día." in texts(at.slack.dms("U3")[0]["blocks"])
        await at.told((await at.hear(known, "volume-gap")).id)
        await until(lambda: len(at.slack.dms("U3")) == 2)
        assert any(text.startswith("Hola Dana, qué bueno ver paquetes") for text in texts(at.slack.dms("U3")[1]["blocks"]))
    assert told == []


async def test_a_script_without_end_delays_a_dm_a_little_and_silences_none(at: Stage, tmp_path: Path) -> None:
    own = tmp_path / "playbook" / "en" / "jump_in" / "volume-bait-and-switch.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ 7 ** (9 ** 9) }}", encoding="utf-8")
    told: list[str] = []
    at.house.scripts = Scripts(Voice(), tmp_path / "playbook", lambda wrong: told.append(wrong.kind))
    known = await at.know()
    begun = monotonic()
    assert "Hi all, quick pause" in shown(await at.asks("U3", "volume-bait-and-switch", channel="C1"))
    assert at.acknowledged_in < (monotonic() - begun) / 2
    stored = await at.hear(known)
    async with at.courier():
        await until(lambda: at.slack.dms("U3"), within=30)
        assert any(text.startswith("Hi Dana, quick pause") for text in texts(at.slack.dms("U3")[0]["blocks"]))
        await at.told(stored.id)
    assert told == ["too-slow"]


@pytest.mark.parametrize("subject", sorted(set(SUBJECTS)))
def test_every_term_can_be_named(subject: str) -> None:
    asked = understood(["Contradiction", subject, "Acme", "Outfitters"])
    assert asked is not None
    assert (asked.scenario, asked.subject, asked.customer) == ("contradiction", subject, "Acme Outfitters")
