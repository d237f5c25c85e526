"""/deal-status: the card for the deal's own people, and nothing at all for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import mistakes, texts


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def shown(answer: dict[str, Any]) -> str:
    """All that is shown; every answer is for the asker's eyes only, and one that Slack takes."""
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    return "\n".join([answer["text"], *texts(answer["blocks"])])


async def test_in_a_linked_channel_the_rep_sees_the_card(at: Stage) -> None:
    await at.hear(await at.know())
    card = shown(await at.command("U3", channel="C1"))
    for fact in (
        "Acme Outfitters — test day 3 of 14",
        "06 Implementation",
        "150/day for two weeks",
        "500/day",
        "130,000 packages",
        "60% of the total",
    ):
        assert fact in card
    assert "*10-15/day* — Dana Ortiz" in card
    assert "*Lower starting volume*: 10-15/day" in card
    assert "test ends 15 Nov, in 11 days" in card
    assert "https://carrier.slack.com/archives/C1/" in card


@pytest.mark.parametrize("text", ["Acme Outfitters", "acme", "  ACME outfitters ", "<#C1|impl-acme>"])
async def test_a_deal_is_found_by_its_name_a_part_of_it_or_its_channel(at: Stage, text: str) -> None:
    await at.know()
    assert "150/day for two weeks" in shown(await at.command("U4", text))


async def test_names_with_special_characters_are_found_as_slack_sends_them(at: Stage) -> None:
    await at.know(acme(customer="Thistle & Thread"))
    assert "150/day" in shown(await at.command("U3", "thistle &amp; thread"))


async def test_an_unknown_name_brings_the_closest_of_ones_own(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Acne Studio", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}], channels=[]))
    answer = shown(await at.command("U3", "acmee outfiters"))
    assert "Did you mean *Acme Outfitters*?" in answer
    assert "Acne" not in answer
    assert "*Acme Outfitters*" in shown(await at.command("U3", "acne"))


async def test_an_ambiguous_name_brings_the_choice(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Acme West", channels=["C2"]))
    answer = shown(await at.command("U3", "acme"))
    assert "*Acme Outfitters*" in answer
    assert "*Acme West*" in answer
    assert "150" not in answer


async def test_without_a_deal_in_the_channel_ones_own_are_listed(at: Stage) -> None:
    await at.know()
    answer = shown(await at.command("U3", channel="C9"))
    assert "Your deals: *Acme Outfitters*" in answer


async def test_another_reps_deal_looks_like_none(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Secret Co", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}], channels=["C2"]))
    real, invented = shown(await at.command("U3", "Secret Co")), shown(await at.command("U3", "Sekret Zo"))
    assert real.replace("Secret Co", "x") == invented.replace("Sekret Zo", "x")
    assert shown(await at.command("U3", channel="C2")) == shown(await at.command("U3", channel="C9"))


async def test_help_is_for_everybody(at: Stage) -> None:
    assert "/deal-status help" in shown(await at.command("U6", "help"))


@pytest.mark.parametrize("text", ["<!channel>", "*", "🙂" * 500, "\u202e", "x" * 4000, "%_[]", "'; drop table deal; --"])
async def test_any_text_gets_an_answer(at: Stage, text: str) -> None:
    await at.know()
    assert "<!channel>" not in shown(await at.command("U3", text))
