"""What people answer under the daily DM: entered once, by those who may, with the DMs changed in place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.clock.history import Delay, History, Next
from handlers.clock import daily
from store.clock_history import histories
from store.records import KnownDeal
from templates.clock_forms import PICKUP_FORM, POSTPONE_FORM
from templates.daily import DRAFT, MARK, NEXT, PICKED_UP, RAMPED, SATISFIED, SCRIPT, SHORT, TAKEN
from tests.handlers.telling import Stage, stage
from tests.live.block_kit import mistakes, texts, view_mistakes

DAY_16 = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)
RAMP_KEY = "ramp:1:2026-11-16:objection:finding:7"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.clock.ahead(seconds=(DAY_16 - there.clock.now()).total_seconds())
        yield there


async def history(at: Stage, known: KnownDeal) -> History:
    async with at.house.store.reading() as s:
        return (await histories(s, [known], "America/New_York"))[known.id]


async def press(
    at: Stage, known: KnownDeal, name: str, *, key: str = "ramp-check", more: str = "", user: str = "U3", before: str = ""
) -> None:
    value = f"{before}{known.id}|{key}" + (f"|{more}" if more else "")
    action: dict[str, Any] = {"action_id": f"{name}:0", "value": value}
    if name == MARK:
        action = {"action_id": MARK, "type": "overflow", "selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}
    await at.press(user, action)


async def test_it_runs_or_not_is_an_event_of_today_and_once(at: Stage) -> None:
    known = await at.know()
    for _ in range(2):
        await press(at, known, RAMPED)
    await press(at, known, SATISFIED, key="criteria-review")
    found = (await history(at, known)).happened
    assert [(one.kind, one.day, one.evidence) for one in found] == [
        ("ramped", date(2026, 11, 17), "Riley Chen said so"),
        ("performance", date(2026, 11, 17), "Riley Chen said so"),
    ]


async def test_not_yet_makes_the_dm_ask_for_the_first_step(at: Stage) -> None:
    known = await at.know()
    await daily.tick(at.house)
    async with at.courier() as courier:
        await courier.drain()
        [before] = ["\n".join(texts(message["blocks"])) for message in at.slack.dms("U3")]
        assert "Is it ramping?" in before
        await press(at, known, SHORT)
        await courier.drain()
    [after] = ["\n".join(texts(message["blocks"])) for message in at.slack.dms("U3")]
    assert "☑️ ~" in after
    assert at.slack.count("chat.update") >= 1


async def test_im_on_it_takes_the_rung_that_stands(at: Stage) -> None:
    known = await at.know()
    await press(at, known, SHORT)
    await press(at, known, TAKEN, key=RAMP_KEY)
    [rung] = (await history(at, known)).rungs
    assert (rung.what, rung.rung, rung.by, rung.day) == ("acknowledged", 1, "U3", date(2026, 11, 17))


async def test_done_and_postponed_with_a_reason(at: Stage) -> None:
    known = await at.know()
    await press(at, known, MARK, key="criteria-review", before="done|")
    await press(at, known, MARK, key="review-30", before="postpone|")
    [view] = at.slack.views
    assert view["callback_id"] == POSTPONE_FORM
    assert view_mistakes(view) == []
    assert "30-day business review" in "\n".join(texts(view["blocks"]))
    assert await at.submit("U3", view, {"day": "next Thursday", "reason": "Dana is away"}) == {}
    marks = (await history(at, known)).marks
    assert [(one.key, one.state, one.day, one.reason) for one in marks] == [
        ("criteria-review", "done", date(2026, 11, 17), ""),
        ("review-30", "postponed", date(2026, 11, 26), "Dana is away"),
    ]


async def test_a_delay_gets_its_next_milestone_with_a_date(at: Stage) -> None:
    known = await at.know()
    heard = await at.hear(known, "objection-too-busy")
    await press(at, known, NEXT, key=f"ramp:1:2026-11-17:objection:finding:{heard.id}")
    await at.submit("U3", at.slack.views[-1], {"what": "call with their CFO", "day": "in two weeks"})
    [delay] = (await history(at, known)).delays
    assert delay == Delay(
        f"finding:{heard.id}",
        "objection-too-busy",
        date(2026, 11, 17),
        Next("call with their CFO", date(2026, 12, 1)),
        finding=f"finding:{heard.id}",
    )


async def test_a_ramp_that_falls_short_without_an_objection_gets_one_too(at: Stage) -> None:
    known = await at.know()
    await press(at, known, NEXT, key="ramp:1:2026-11-17:step-2:")
    await at.submit("U3", at.slack.views[-1], {"what": "numbers with Dana", "day": "2026-11-20"})
    [delay] = (await history(at, known)).delays
    assert (delay.scenario, delay.next) == ("not-ramping", Next("numbers with Dana", date(2026, 11, 20)))


async def test_after_a_call_the_next_step_is_a_milestone(at: Stage) -> None:
    known = await at.know()
    await press(at, known, NEXT, key="after:call-2026-11-16")
    await at.submit("U3", at.slack.views[-1], {"what": "send the integration guide", "day": "tomorrow"})
    [own] = (await history(at, known)).own
    assert (own.title, own.day) == ("send the integration guide", date(2026, 11, 18))


async def test_the_first_pickup_was_on_a_day(at: Stage) -> None:
    known = await at.know()
    await press(at, known, PICKED_UP, key="test-start")
    view = at.slack.views[-1]
    assert view["callback_id"] == PICKUP_FORM
    assert await at.submit("U3", view, {"day": "2026-11-04"}) == {}
    [event] = (await history(at, known)).happened
    assert (event.kind, event.day) == ("pickup", date(2026, 11, 4))


@pytest.mark.parametrize(
    ("form", "typed", "wrong"),
    [
        (NEXT, {"what": "call", "day": "11/19"}, "different day in different countries"),
        (NEXT, {"what": "call", "day": "2026-11-01"}, "1 Nov 2026 has passed"),
        (NEXT, {"what": "call", "day": "2031-01-01"}, "1 Jan 2031 is more than a year away"),
        (NEXT, {"what": "  ", "day": "tomorrow"}, "Write a few words"),
        (NEXT, {"what": "x" * 300, "day": "tomorrow"}, "300 characters"),
        (PICKED_UP, {"day": "2026-11-20"}, "20 Nov 2026 has not come yet"),
        (PICKED_UP, {"day": "whenever 🤷"}, "not a day that I understand"),
    ],
)
async def test_what_is_wrong_is_said_on_its_field_and_nothing_is_entered(at: Stage, form: str, typed: dict[str, str], wrong: str) -> None:
    known = await at.know()
    await press(at, known, form, key=RAMP_KEY)
    answer = await at.submit("U3", at.slack.views[-1], typed)
    assert answer["response_action"] == "errors"
    assert wrong in " ".join(answer["errors"].values())
    assert await history(at, known) == History(since=date(2026, 11, 17))


async def test_a_script_and_a_draft_are_shown_to_whoever_asked_alone(at: Stage) -> None:
    known = await at.know()
    await press(at, known, SCRIPT, key="heard:finding:1", more="not-ramping")
    await press(at, known, DRAFT, key="ramp-day", more="ramp-confirmation")
    await press(at, known, DRAFT, key="ramp-day", more="no-such-draft")
    script, draft, none = at.slack.responses[-3:]
    assert all(one["response_type"] == "ephemeral" for one in (script, draft, none))
    assert "500" in "\n".join(texts(script["blocks"]))
    shown = "\n".join(texts(draft["blocks"]))
    assert "Ramp confirmation" in shown
    assert "mailto:?subject=" in shown
    assert "Riley" in shown
    assert mistakes(draft["blocks"]) == []
    assert "no such draft" in none["text"]


@pytest.mark.parametrize("value", ["", "x", "|", "999|ramp-check", "-1|a|b|c", "1" * 30, "done|", "postpone|x|y"])
async def test_a_value_that_is_none_of_ours_opens_nothing(at: Stage, value: str) -> None:
    await at.know()
    for name in (RAMPED, DRAFT, NEXT):
        await at.press("U3", {"action_id": f"{name}:0", "value": value})
        assert "only to our own people" in at.slack.responses[-1]["text"]
