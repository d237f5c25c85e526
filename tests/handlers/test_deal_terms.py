"""/deal-terms: the terms in force, the ledger, the deal as a file; and nothing at all for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.deal import Amendment
from bot.ledger import Agreement, amended
from store.sources.deal_file import export_known, parse_deal
from templates.ledger import EXPORT, Entered, TermsView, file_message, terms_card
from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import mistakes, texts


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def shown(answer: dict[str, Any]) -> str:
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    return "\n".join([answer["text"], *texts(answer["blocks"])])


def later(**values: Any) -> Any:
    """Acme's deal, amended from 9 November on; it is the 4th."""
    link = "https://carrier.slack.com/archives/C1/p1"
    agreed = Agreement(date(2026, 11, 9), "Riley Chen", "Dana Ortiz", link, "U3", datetime(2026, 11, 4, 15, 0, tzinfo=UTC))
    return amended(acme(), {name.replace("__", "."): value for name, value in values.items()}, agreed)


async def test_the_rep_sees_the_terms_in_force_what_comes_and_the_history(at: Stage) -> None:
    await at.know()
    await at.know(later(test__volume_per_day=120, billing=None))
    card = shown(await at.command("U3", channel="C1", name="/deal-terms"))
    for fact in (
        "In force on 4 Nov 2026",
        "*Test volume*\n150/day",
        "*Billing*\nweekly",
        "Expedited, Northeast, 2-3 days",
        "*Agreed, but not in force yet*\n• from 9 Nov 2026: *Test volume* 150/day → 120/day — Riley Chen with Dana Ortiz",
        "<https://carrier.slack.com/archives/C1/p1|where it was said>",
        "recorded by <@U3>",
        "*Billing* weekly → not agreed",
        "first terms: test, test",
    ):
        assert fact in card
    at.clock.ahead(days=7)
    card = shown(await at.command("U4", "acme", name="/deal-terms"))
    assert "*Test volume*\n120/day" in card
    assert "not in force yet" not in card


async def test_a_correction_is_told_as_one(at: Stage) -> None:
    await at.know()
    await at.know(acme(billing="monthly"))
    card = shown(await at.command("U3", channel="C1", name="/deal-terms"))
    assert "corrected, for all days: *Billing* weekly → monthly" in card


async def test_the_card_of_the_day_shows_the_terms_of_the_day(at: Stage) -> None:
    await at.know(later(test__volume_per_day=120))
    assert "150/day for two weeks" in shown(await at.command("U3", channel="C1"))
    at.clock.ahead(days=7)
    assert "120/day for two weeks" in shown(await at.command("U3", channel="C1"))


async def test_the_deal_file_says_the_same(at: Stage) -> None:
    known = await at.know(later(test__volume_per_day=120))
    await at.press("U3", {"action_id": EXPORT, "value": str(known.id)})
    [answer] = at.slack.responses
    assert answer["replace_original"] is False
    file = "".join(texts(answer["blocks"][1:]))
    assert file == export_known(known)
    deal = parse_deal(file, "acme.yml").deal
    assert deal is not None
    assert deal.model_copy(update={"channels": known.deal.channels}) == known.deal


@pytest.mark.parametrize("value", ["", "x", "9" * 40, "-1", "١", None])
async def test_a_value_that_is_not_ours_is_refused(at: Stage, value: Any) -> None:
    assert (await at.press("U3", {"action_id": EXPORT, "value": value})).status == 200
    assert "open only to our own people" in str(at.slack.responses)


async def test_help_tells_how(at: Stage) -> None:
    assert "/deal-terms Acme" in shown(await at.command("U5", "help", name="/deal-terms"))


def test_the_longest_terms_and_history_keep_slacks_limits() -> None:
    name = "🚚<&>*_`" * 25
    long = [{"service": name, "lane": name, "days": [1, 90], "note": name}] * 200
    deal = acme(customer=name[:200], services=long, billing=name)
    line = {
        "term": "services",
        "old": long,
        "new": long,
        "effective": "2026-12-01",
        "ours": name,
        "theirs": name,
        "link": "https://x.y/" + "z" * 1900,
    }
    deal = deal.model_copy(update={"amendments": (Amendment(**line, by=name, at=datetime(2026, 11, 4, tzinfo=UTC)),) * 300})
    entered = [Entered(acme(billing=f"{name} {number}"), name, name, datetime(2026, 11, 4, tzinfo=UTC)) for number in range(300)]
    assert mistakes(terms_card(TermsView(deal, 1, date(2026, 11, 4), entered)).blocks) == []
    assert mistakes(file_message(name, "x" * 100_000 + "\n" + name * 50_000).blocks) == []
