"""/deal-call: the brief now, calls noted once, the next step asked for afterwards, and the follow-up that waits for the morning."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.deal import Call
from bot.playbook.clock.patience import Habits
from handlers.clock import daily
from store import calls, deals
from store.clock_history import histories
from store.records import KnownDeal
from templates.call_card import CALL
from templates.daily import DRAFT, NEXT
from templates.draft_card import SENT, WAIT
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import mistakes, texts, view_mistakes

WEDNESDAY = datetime(2026, 11, 4, 14, 30, tzinfo=UTC)  # 9:30 in New York, day 3 of the test
REP = "U3"
TYPED = {"title": "Weekly status with Dana", "day": "tomorrow", "time": "3 pm"}
NOTED = Call(at=datetime(2026, 11, 5, 15, 0), title="Weekly status with Dana")


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        to(there, WEDNESDAY)
        yield there


def to(at: Stage, moment: datetime) -> None:
    at.clock.ahead(seconds=(moment - at.clock.now()).total_seconds())


async def asks(at: Stage, text: str = "acme", user: str = REP) -> dict[str, Any]:
    answer = await at.command(user, text, name="/deal-call")
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    return answer


def said(answer: dict[str, Any]) -> str:
    return "\n".join(texts(answer["blocks"] if "blocks" in answer else answer["view"]["blocks"]))


def elements(answer: dict[str, Any], action: str) -> dict[str, Any]:
    """The button with this action."""
    return next(
        one for block in answer["blocks"] if block["type"] == "actions" for one in block["elements"] if one["action_id"].startswith(action)
    )


async def opened(at: Stage, known: KnownDeal) -> dict[str, Any]:
    await at.press(REP, {"action_id": CALL, "value": f"{known.id}|"})
    assert view_mistakes(at.slack.views[-1]) == []
    return at.slack.views[-1]


async def there(at: Stage, known: KnownDeal) -> KnownDeal:
    async with at.house.store.reading() as s:
        found = await deals.deal_by_id(s, known.id)
    assert found is not None
    return found


async def sent(at: Stage, user: str = REP) -> list[str]:
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


async def test_the_brief_now_with_what_one_does_before_and_after(at: Stage) -> None:
    await at.know()
    answer = await asks(at)
    shown = said(answer)
    assert "Acme Outfitters: call" in shown
    assert "Dana Ortiz (customer)" in shown
    assert "Next step to propose" in shown
    assert {elements(answer, name)["text"]["text"] for name in (CALL, DRAFT, NEXT)} == {"Note a call …", "Follow-up draft", "Next step …"}


async def test_a_call_is_noted_once_and_the_deal_is_otherwise_as_it_was(at: Stage) -> None:
    known = await at.know()
    view = await opened(at, known)
    answers = await asyncio.gather(*(at.submit(REP, view, TYPED) for _ in range(3)))
    assert all("Weekly status with Dana, Thu 5 Nov, 15:00. The brief comes an hour before it." in said(one) for one in answers)
    assert sum("✅ Noted" in said(one) for one in answers) == 1
    assert (await there(at, known)).deal == known.deal.model_copy(update={"calls": (NOTED,)})
    await at.submit(REP, await opened(at, known), {**TYPED, "title": "Docks", "day": "2026-11-03"})
    assert [one.title for one in (await there(at, known)).deal.calls] == ["Docks", "Weekly status with Dana"]


async def test_a_noted_call_is_briefed_then_its_next_step_is_asked_for_and_settled(at: Stage) -> None:
    known = await at.know()
    await at.submit(REP, await opened(at, known), TYPED)
    to(at, datetime(2026, 11, 5, 13, 0, tzinfo=UTC))
    assert "Weekly status with Dana, 15:00" in said(await asks(at))
    at.slack.people[REP]["tz"] = "Pacific/Auckland"
    to(at, datetime(2026, 11, 5, 19, 0, 1, tzinfo=UTC))
    for _ in range(2):
        await daily.tick(at.house)
    assert len([one for one in await sent(at) if "Weekly status with Dana, 15:00" in one]) == 1
    at.slack.people[REP]["tz"] = "America/New_York"
    at.house.users.clear()
    to(at, datetime(2026, 11, 6, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    told = (await sent(at))[-1]
    assert "Follow up on the call of Thu 5 Nov: Weekly status with Dana" in told
    daily_dm = at.slack.dms(REP)[-1]
    await at.press(REP, elements(daily_dm, NEXT))
    await at.submit(REP, at.slack.views[-1], {"what": "send the integration guide", "day": "Monday"})
    assert "☑️ ~Follow up on the call of Thu 5 Nov: Weekly status with Dana~" in (await sent(at))[-1]
    async with at.house.store.reading() as s:
        history = (await histories(s, [known], "America/New_York"))[known.id]
    assert [(one.title, one.day) for one in history.own] == [("send the integration guide", date(2026, 11, 9))]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"title": " "}, "Write what it is about"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"day": "11/5"}, "different day in different countries"),
        ({"day": "2026-10-01"}, "neither within the last week"),
        ({"time": "3"}, "is not a time of day"),
        ({"time": "25:00"}, "is not a time of day"),
        ({"time": "13 pm"}, "is not a time of day"),
    ],
)
async def test_what_is_wrong_is_said_on_its_field_and_nothing_is_noted(at: Stage, typed: dict[str, str], wrong: str) -> None:
    known = await at.know()
    answer = await at.submit(REP, await opened(at, known), {**TYPED, **typed})
    assert answer["response_action"] == "errors"
    [(block, sentence)] = answer["errors"].items()
    assert block == next(iter(typed))
    assert wrong in sentence
    assert (await there(at, known)).deal.calls == ()


async def test_the_link_of_a_meeting_ties_what_streams_from_it_to_the_deal(at: Stage) -> None:
    known = await at.know()
    link = {"meeting": "https://us02web.zoom.us/j/8123456789?pwd=x"}
    assert "✅ Noted" in said(await at.submit(REP, await opened(at, known), TYPED | link))
    async with at.house.store.reading() as s:
        assert await calls.meeting(s, "8123456789") == known.id
    sam = [{"id": "U5", "name": "Sam Stone", "role": "rep"}]
    other = await at.know(acme(customer="Other", people=sam, channels=["C9"]))
    form = await opened(at, known)
    form["private_metadata"] = form["private_metadata"].replace(f'"deal":{known.id}', f'"deal":{other.id}')
    answer = await at.submit("U5", form, TYPED | {"meeting": "812 345 6789"})
    assert answer["errors"] == {"meeting": "This meeting is noted for a call that is not of this deal"}


async def test_a_follow_up_waits_for_the_morning_once_and_is_written_then(at: Stage) -> None:
    known = await at.know(acme(calls=[Call(at=datetime(2026, 11, 6, 10, 0), title="Dock hours")]))
    to(at, datetime(2026, 11, 6, 20, 0, tzinfo=UTC))  # Friday afternoon
    await at.press(REP, {"action_id": f"{DRAFT}:0", "value": f"{known.id}|after:2026-11-06T10:00|post-call"})
    draft = at.slack.responses[-1]
    assert "Dock hours" in said(draft)
    for _ in range(2):
        await at.press(REP, elements(draft, WAIT))
    assert "comes back to you on Monday at 09:00" in at.slack.responses[-1]["text"]
    assert await sent(at) == []
    to(at, datetime(2026, 11, 9, 14, 0, 1, tzinfo=UTC))
    [told] = await sent(at)
    assert "Follow-up to the call" in told
    assert "Dock hours" in told
    assert elements(at.slack.dms(REP)[-1], SENT)


async def test_a_draft_that_waits_reaches_nobody_who_may_not_see_the_deal_any_more(at: Stage) -> None:
    known = await at.know()
    await at.press(REP, {"action_id": WAIT, "value": f"{known.id}|after:|post-call"})
    await at.know(acme(people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}]))
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    assert await sent(at) == []


async def test_an_email_that_was_sent_turns_its_milestone_done_with_the_evidence(at: Stage) -> None:
    known = await at.know()
    to(at, datetime(2026, 10, 28, 14, 0, tzinfo=UTC))
    await at.press(REP, {"action_id": f"{DRAFT}:0", "value": f"{known.id}|pre-kickoff-email|pre-kickoff"})
    for _ in range(2):
        await at.press(REP, elements(at.slack.responses[-1 if _ == 0 else -2], SENT))
    assert [one["text"].split(":")[0] for one in at.slack.responses[-2:]] == ["Noted", "Already noted"]
    answer = await at.command(REP, "acme", name="/deal-milestones")
    assert "Pre-kickoff email sent — sent by Riley Chen" in "\n".join(texts(answer["blocks"]))


async def test_no_brief_is_promised_where_none_comes(at: Stage) -> None:
    at.house.habits = Habits(off=frozenset({"call-brief"}))
    known = await at.know()
    view = await opened(at, known)
    assert "brief" not in "\n".join(texts(view["blocks"]))
    assert "brief" not in said(await at.submit(REP, view, TYPED))


async def test_help(at: Stage) -> None:
    assert "*Note a call …* keeps a call" in said(await asks(at, "help"))


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_the_door_is_shut_for_others(at: Stage, user: str) -> None:
    number = await with_outsiders(at)
    async with at.house.store.reading() as s:
        known = await deals.deal_by_id(s, number)
    assert known is not None
    shown = said(await asks(at, "acme", user))
    assert "Outfitters" not in shown
    assert "150" not in shown
    for action, more in ((CALL, ""), (WAIT, "|post-call"), (SENT, "|pre-kickoff")):
        await at.press(user, {"action_id": action, "value": f"{number}|{more}"})
        assert "only to our own people" in at.slack.responses[-1]["text"]
    assert at.slack.views == []
    view = await opened(at, known)
    assert "only to our own people" in said(await at.submit(user, view, TYPED))
    assert (await there(at, known)).deal.calls == ()
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    assert await sent(at, user) == []
