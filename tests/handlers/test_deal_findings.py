"""/deal-findings: what was found, with filters in words and menus, a page at a time; and nothing at all for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.finding import Finding
from handlers.findings.finding_words import Typed, span, understood
from store import findings
from store.records import KnownDeal, Origin
from templates.blocks import Muted, Words
from templates.finding_list import (
    EVERYWHERE,
    NEWER,
    OLDER,
    PERIOD,
    PERIODS,
    SCENARIO,
    STATE,
    STATES,
    Filter,
    Listed,
    ListView,
    MuteListed,
    finding_list,
)
from tests.handlers.dms import choose
from tests.handlers.doors import with_outsiders
from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import mistakes, texts
from tests.templates.samples import deal as sample_deal
from tests.templates.samples import finding

COMMAND = "/deal-findings"
NOW = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def found(at: Stage, known: KnownDeal, number: int, scenario: str = "volume-gap", **facts: Any) -> int:
    """A finding of so many minutes ago."""
    made: Finding = finding(scenario, **({"said_per_day": (float(number), float(number))} | facts))
    moment = at.clock.now() - timedelta(minutes=number)
    async with at.house.store.writing() as s:
        stored, _ = await findings.record(s, known.id, made, Origin("C1", f"{moment.timestamp():.6f}", "U1", moment), moment)
    return stored.id


async def asked(at: Stage, text: str = "", user: str = "U3", channel: str = "C9") -> str:
    answer = await at.command(user, text, channel=channel, name=COMMAND)
    assert answer["response_type"] == "ephemeral"
    return read(answer)


def read(answer: dict[str, Any]) -> str:
    """The summary and the lines of an answer, without its menus."""
    assert mistakes(answer["blocks"]) == []
    return "\n".join([answer["text"], *texts([block for block in answer["blocks"] if block["type"] != "actions"])])


async def pressed(at: Stage, answer: dict[str, Any], action_id: str, label: str | None = None, user: str = "U3") -> dict[str, Any]:
    """A press in the answer; the answer that takes its place."""
    block, one = next(
        (block, one)
        for block in answer["blocks"]
        for one in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if str(one.get("action_id", "")).startswith(action_id)
    )
    await at.press(user, (choose(one, label) if label else one) | {"block_id": block["block_id"]})
    return dict(at.slack.responses[-1])


async def test_each_line_says_when_who_said_against_agreed_state_and_where(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", "as said")
    async with at.house.store.writing() as s:
        origin = Origin("C1", ts, "U1", at.clock.now())
        stored, _ = await findings.record(s, known.id, finding("volume-gap"), origin, at.clock.now())
        await findings.repeat(s, known.id, finding("volume-gap"), Origin("C1", "9.0", "U1", at.clock.now()), at.clock.now())
        await findings.change(s, stored.id, "not-an-issue", by="U4", now=at.clock.now(), reason="other")
    answer = await asked(at, "acme")
    assert "Findings — Acme Outfitters" in answer
    assert "*Volume below the agreement* — 10-15/day said, 150/day agreed\nDana Ortiz, <!date^" in answer
    assert f", said 2 times · <https://carrier.slack.com/archives/C1/p{ts.replace('.', '')}|message>" in answer
    assert "☑️ not an issue by <@U4> — other" in answer


async def test_words_filter_in_any_order(at: Stage) -> None:
    known = await at.know()
    beta = await at.know(acme(customer="Beta Works", channels=["C9"]))
    used, gap, old, theirs = (
        await found(at, known, 11, "wait-and-see"),
        await found(at, known, 12),
        await found(at, known, 13 + 60 * 24 * 8),
        await found(at, beta, 14),
    )
    async with at.house.store.writing() as s:
        await findings.change(s, used, "used", by="U3", now=at.clock.now())
        await findings.change(s, theirs, "snoozed", by="U3", now=at.clock.now(), until=at.clock.now() + timedelta(hours=1))
    assert gap != old
    for text, count in {
        "everywhere": 4,
        "acme": 3,
        "ACME open": 2,
        "open acme outfitters last 7 days": 1,
        "used": 0,  # of this channel's deal
        "everywhere used": 1,
        "snoozed": 1,
        "snoozed everywhere": 1,
        "acme volume-gap": 2,
        "acme volume below the agreement last 30 days open": 2,
        "acme wait and see today": 1,
        "beta": 1,
        "": 1,
    }.items():
        assert f": {count} finding" in (await asked(at, text)), text
    assert ": 4 findings" in await asked(at, channel="C77")


async def test_pages_and_menus_keep_the_filter(at: Stage) -> None:
    known = await at.know()
    for number in range(1, 24):
        await found(at, known, number)
    await found(at, known, 99, "wait-and-see")
    first = await at.command("U3", "acme", name=COMMAND)
    assert "24 findings, 1 to 10 shown, newest first" in read(first)
    chosen = await pressed(at, first, SCENARIO, "Volume below the agreement")
    assert chosen["replace_original"] is True
    assert "any state, volume below the agreement" in read(chosen).lower()
    second = await pressed(at, chosen, OLDER)
    third = await pressed(at, second, OLDER)
    assert "23 findings, 21 to 23 shown" in read(third)
    assert [f"— {number}/day said" in read(third) for number in (20, 21, 22, 23)] == [False, True, True, True]
    assert "23 findings, 11 to 20 shown" in read(await pressed(at, third, NEWER))
    assert "23 findings, 1 to 10" in read(await pressed(at, third, STATE, "Open"))
    nothing = await pressed(at, third, STATE, "Used")
    assert "Nothing of this kind." in read(nothing)
    assert ": 0 findings" in read(await pressed(at, third, PERIOD, "Yesterday"))
    assert "your deal" in read(await pressed(at, third, EVERYWHERE))


async def test_what_is_neither_a_deal_nor_a_filter_gets_both_answers(at: Stage) -> None:
    await at.know()
    told = await asked(at, "acme last 7 weeks")
    assert "Did you mean *Acme Outfitters*?" in told
    assert told.endswith("narrow a list: `/deal-findings help`")


async def test_where_nothing_was_found_there_is_nothing_else_to_choose(at: Stage) -> None:
    await at.know()
    assert "Nothing has been found here yet." in await asked(at, "acme")
    assert "Nothing of this kind." in await asked(at, "acme open")


async def test_what_is_decided_in_the_list_shows_at_once(at: Stage) -> None:
    known = await at.know()
    number = await found(at, known, 5)
    answer = await at.command("U3", "acme open", name=COMMAND)
    after = await pressed(at, answer, "jumpin-listed-", "Used it")
    assert ": 0 findings" in read(after)
    assert (await at.state(number)).state == "used"
    stale = await pressed(at, answer, "jumpin-listed-", "Not an issue", user="U4")
    assert ": 0 findings" in read(stale)
    assert "<@U3> marked it as used in the meantime" in read(at.slack.responses[-2])
    assert (await at.state(number)).state == "used"


async def test_the_deal_of_another_is_unknown(at: Stage) -> None:
    await with_outsiders(at)
    assert await asked(at, "acme", user="U5") == await asked(at, "acme", user="U5", channel="C1")
    assert "I know no deal of yours named “acme”" in await asked(at, "acme", user="U5")
    assert "I know no deal of yours named “nonsense”" in await asked(at, "nonsense open", user="U5")


@pytest.mark.parametrize("value", ["", "x", "1|open", "1|open|||-1", "1|mine|||0", "||||99999999999", "1||nonsense||0", None, 5])
async def test_a_filter_that_is_none_of_ours_is_refused(at: Stage, value: Any) -> None:
    await at.know()
    await at.press("U3", {"action_id": OLDER, "value": value, "block_id": "turn"})
    await at.press("U3", {"action_id": STATE, "type": "static_select", "selected_option": {"value": "x"}, "block_id": f"filter|{value}"})
    assert [("open only to our own people" in str(response)) for response in at.slack.responses] == [True, True]


async def test_help_tells_how(at: Stage) -> None:
    assert "/deal-findings acme open" in await asked(at, "help", user="U9")


def test_a_customers_whole_name_means_nothing_else() -> None:
    names = ["Open Fields", "Used Books Ltd", "Acme"]
    assert understood("open fields open", names) == Typed(state="open", customer="Open Fields")
    assert understood("Used Books Ltd", names) == Typed(customer="Used Books Ltd")
    assert understood("acm not an issue last week", names) == Typed(state="not-an-issue", period="7-days", customer="acm")
    assert understood("all my deals too busy", names) == Typed(scenario="objection-too-busy", everywhere=True)


@pytest.mark.parametrize(
    ("period", "since", "before"),
    [
        ("", None, None),
        ("today", "2026-11-04T05:00", None),
        ("yesterday", "2026-11-03T05:00", "2026-11-04T05:00"),
        ("7-days", "2026-10-29T04:00", None),  # before the clocks changed
        ("nonsense", None, None),
    ],
)
def test_periods_are_whole_days(period: str, since: str | None, before: str | None) -> None:
    ends = [datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None for moment in (since, before)]
    assert list(span(period, NOW, ZoneInfo("America/New_York"))) == ends


@given(
    st.builds(
        Filter,
        st.none() | st.integers(1, 999_999_999),
        st.sampled_from(sorted(STATES)),
        st.sampled_from(["", "volume-gap", "contradiction"]),
        st.sampled_from(sorted(PERIODS)),
        st.integers(0, 99_999),
    )
)
def test_a_filter_travels_unchanged(asked: Filter) -> None:
    assert Filter.unpacked(asked.packed()) == asked


@settings(max_examples=60)
@given(words=st.text(max_size=400), state=st.sampled_from([state for state in STATES if state]), many=st.integers(0, 10))
def test_every_page_is_one_that_slack_takes(words: str, state: Any, many: int) -> None:
    what = finding("contradiction", subject="billing", said=words, agreed=words, said_per_day=None)
    customer = words[:200] or "A"
    said = Words(words, words, words or None, NOW, f"https://x/{'y' * 1500}")
    listed = [Listed(number, what, sample_deal(customer=customer), said, state, 5, words, NOW, "other") for number in range(1, many + 1)]
    quiet = [MuteListed(Muted(number, NOW, words), customer, "volume-gap") for number in range(many)]
    for deal in (None, 999_999_999):
        asked = Filter(deal, "terms-changed", "objection-volume-unavailable", "90-days", 99_999)
        message = finding_list(ListView(asked, customer if deal else None, 500, 10_000_000, listed, quiet))
        assert mistakes(message.blocks) == []
        assert len(message.text) < 4000
