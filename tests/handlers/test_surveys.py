"""Survey and NPS: prepared to send, an answer recorded once, shared with leadership and account managers, and shown as a trend."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.clock.survey import Survey
from store import clock, deals
from store.clock_history import histories
from store.records import KnownDeal
from templates.daily import DRAFT
from templates.draft_card import SENT
from templates.survey import ANSWER, trend
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import PEOPLE, Stage, acme, stage
from tests.live.block_kit import mistakes, texts, view_mistakes

TODAY = date(2026, 12, 2)
REP, LEADER, MANAGER = "U3", "U4", "U5"
TYPED = {"score": "4", "who": "Dana Ortiz", "words": "Drivers are great <@U1>", "day": "today"}


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.clock.ahead(seconds=(datetime(2026, 12, 2, 15, 0, tzinfo=UTC) - there.clock.now()).total_seconds())
        yield there


async def managed(at: Stage) -> KnownDeal:
    return await at.know(acme(people=[*PEOPLE, {"id": MANAGER, "name": "Sam Stone", "role": "account-manager"}]))


async def opened(at: Stage, known: KnownDeal, kind: str = "onboarding-survey") -> dict[str, Any]:
    await at.press(REP, {"action_id": ANSWER, "value": f"{known.id}|{kind}|{kind}"})
    assert view_mistakes(at.slack.views[-1]) == []
    return at.slack.views[-1]


async def kept(at: Stage, known: KnownDeal) -> list[Survey]:
    async with at.house.store.reading() as s:
        return (await clock.surveys(s, [known.id])).get(known.id, [])


async def sent(at: Stage, user: str) -> list[str]:
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


def said(answer: dict[str, Any]) -> str:
    return "\n".join(texts(answer["blocks"] if "blocks" in answer else answer["view"]["blocks"]))


async def test_from_the_time_line_to_the_prepared_message_and_its_answer(at: Stage) -> None:
    known = await managed(at)
    card = await at.command(REP, "acme", name="/deal-milestones")
    [actions] = [block for block in card["blocks"] if block["type"] == "actions"]
    for label, title in (("Survey", "Onboarding survey"), ("NPS", "NPS question")):
        await at.press(REP, next(one for one in actions["elements"] if one.get("text", {}).get("text") == label))
        draft = at.slack.responses[-1]
        assert f"Acme Outfitters: {title}" in said(draft)
        assert [one["action_id"] for one in draft["blocks"][-1]["elements"]] == [SENT, ANSWER]
        await at.press(REP, draft["blocks"][-1]["elements"][1])
        assert view_mistakes(at.slack.views[-1]) == []
    assert len(at.slack.views) == 2
    assert known.id


async def test_an_answer_is_kept_once_and_shared_once_with_those_who_lead(at: Stage) -> None:
    known = await managed(at)
    view = await opened(at, known)
    answers = await asyncio.gather(*(at.submit(REP, view, TYPED) for _ in range(3)))
    assert all("Survey 4 of 5 (2 Dec)" in said(one) for one in answers)
    assert await kept(at, known) == [Survey("survey", 4, TODAY, "Drivers are great <@U1>", "Dana Ortiz")]
    for person in (LEADER, MANAGER):
        [told] = await sent(at, person)
        assert "Acme Outfitters: Survey 4 of 5" in told
        assert "Drivers are great" in told
        assert "<@U1>" not in told, "nobody is pinged by what somebody said"
        assert "Recorded by Riley Chen." in told
    assert await sent(at, REP) == []
    assert await sent(at, "U1") == []


async def test_the_trend_stands_on_the_deal_card_and_the_time_line(at: Stage) -> None:
    known = await managed(at)
    await at.submit(REP, await opened(at, known), TYPED)
    await at.submit(REP, await opened(at, known, "nps"), {**TYPED, "score": "7", "day": "2026-06-01"})
    await at.submit(REP, await opened(at, known, "nps"), {**TYPED, "score": "9"})
    for name in ("/deal-status", "/deal-milestones"):
        assert "Survey 4 of 5 (2 Dec), NPS 9 (2 Dec; before: 7 on 1 Jun)" in said(await at.command(REP, "acme", name=name))
    assert "So far: NPS 7 (1 Jun)" in (await sent(at, LEADER))[-1]


async def test_a_question_that_was_sent_is_done(at: Stage) -> None:
    known = await managed(at)
    at.clock.ahead(days=180)
    card = await at.command(REP, "acme", name="/deal-milestones")
    await at.press(REP, next(one for one in card["blocks"][-1]["elements"] if one["action_id"] == f"{DRAFT}:1"))
    await at.press(REP, at.slack.responses[-1]["blocks"][-1]["elements"][0])
    assert "was sent today" in at.slack.responses[-1]["text"]
    async with at.house.store.reading() as s:
        history = (await histories(s, [known], "America/New_York"))[known.id]
    [mark] = history.marks
    assert (mark.key.partition("-")[0], mark.state, mark.by) == ("nps", "done", REP)


@pytest.mark.parametrize(
    ("kind", "typed", "field", "wrong"),
    [
        ("onboarding-survey", {"score": "6"}, "score", "Choose a score from 1 to 5"),
        ("onboarding-survey", {"score": "0"}, "score", "Choose a score from 1 to 5"),
        ("nps", {"score": "11"}, "score", "Choose a score from 0 to 10"),
        ("nps", {"score": "-1"}, "score", "Choose a score from 0 to 10"),
        ("nps", {"who": " "}, "who", "Write who answered"),
        ("nps", {"words": "x" * 2001}, "words", "write at most 2,000"),
        ("nps", {"day": "2026-12-03"}, "day", "not within the last year"),
        ("nps", {"day": "2020-12-03"}, "day", "not within the last year"),
        ("nps", {"day": "12/3"}, "day", "different day in different countries"),
    ],
)
async def test_what_is_wrong_is_said_on_its_field_and_nothing_is_kept(
    at: Stage, kind: str, typed: dict[str, str], field: str, wrong: str
) -> None:
    known = await managed(at)
    answer = await at.submit(REP, await opened(at, known, kind), {**TYPED, **typed})
    assert wrong in answer["errors"][field]
    assert await kept(at, known) == []


def test_no_answers_have_no_trend() -> None:
    assert trend([]) == ""


@pytest.mark.parametrize(
    "user", [one for one in WHO if one != MANAGER], ids=[why for one, why in zip(WHO, WHY, strict=True) if one != MANAGER]
)
async def test_the_door_is_shut_for_others(at: Stage, user: str) -> None:
    number = await with_outsiders(at)
    async with at.house.store.reading() as s:
        known = await deals.deal_by_id(s, number)
    assert known is not None
    await at.press(user, {"action_id": ANSWER, "value": f"{number}|nps|nps"})
    assert "only to our own people" in at.slack.responses[-1]["text"]
    assert at.slack.views == []
    view = await opened(at, known, "nps")
    assert "only to our own people" in said(await at.submit(user, view, TYPED))
    assert await kept(at, known) == []


async def test_it_is_shut_for_a_member_of_another_deal_and_whoever_lost_the_deal_is_not_told(at: Stage) -> None:
    known = await managed(at)
    view = await opened(at, known)
    await at.submit(REP, view, TYPED)
    await at.know()
    assert await sent(at, MANAGER) == []
    await at.press(MANAGER, {"action_id": ANSWER, "value": f"{known.id}|nps|nps"})
    assert "only to our own people" in at.slack.responses[-1]["text"]
