"""The shortcut "Check against deal": read now, raised by hand, corrected; shut to all others, and once however often it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from handlers.findings.check import SHORTCUT
from handlers.findings.checking import table
from handlers.hearing import watch
from handlers.hearing.message import Change, Said
from handlers.typed import typed
from store import examples, findings, looking_back
from store.examples import Example
from store.records import KnownDeal, StoredFinding
from templates.check import CORRECT, RAISE
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.handlers.test_why import LOW, hears, message, told
from tests.live.block_kit import view_mistakes
from tests.live.fake_slack import Fault

ODD = "we were thinking of a bit over a dozen each morning"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


@pytest_asyncio.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Stage]:
    name = f"checking_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield there


async def check(at: Stage, ts: str, user: str = "U3", channel: str = "C1") -> dict[str, Any]:
    """The modal as it stands once the message is read."""
    before = len(at.slack.views)
    await at.points(user, SHORTCUT, channel, message(at, channel, ts))
    return await view_after(at, before + 1)


async def view_after(at: Stage, before: int) -> dict[str, Any]:
    await until(lambda: len(at.slack.views) > before, within=20)
    view = at.slack.views[-1]
    assert view_mistakes(view) == []
    return view


async def form(at: Stage, ts: str, user: str = "U3") -> dict[str, Any]:
    """The form that corrects the reading."""
    view = await check(at, ts, user)
    before = len(at.slack.views)
    await at.press_in(user, view, CORRECT)
    return await view_after(at, before)


async def raises(at: Stage, view: dict[str, Any], user: str = "U3") -> str:
    before = len(at.slack.views)
    await at.press_in(user, view, RAISE)
    return told(await view_after(at, before))


async def of(at: Stage, known: KnownDeal, ts: str, channel: str = "C1") -> list[StoredFinding]:
    async with at.house.store.reading() as s:
        return await looking_back.of_message(s, channel, ts, known.id)


async def example_of(at: Stage, known: KnownDeal, ts: str, channel: str = "C1") -> Example | None:
    async with at.house.store.reading() as s:
        return await examples.get(s, known.id, channel, ts)


def actions(view: dict[str, Any]) -> list[str]:
    return [one["action_id"] for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]


async def test_a_message_is_read_and_raised_under_the_persons_name_once(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        ts = at.slack.say("U1", "C1", LOW)
        view = await check(at, ts, "U4")
        assert "15/day is 90% under the agreed 150/day." in told(view)
        assert "✅ Raised" in await raises(at, view, "U4")
        [stored] = await of(at, known, ts)
        assert (stored.finding.rule, stored.finding.urgency, stored.state) == ("by hand", "now", "open")
        async with at.house.store.reading() as s:
            assert [(step.before, step.after, step.by) for step in await findings.steps(s, stored.id)] == [(None, "open", "U4")]
        await until(lambda: at.slack.dms("U3"))
        assert "It stands already" in await raises(at, view, "U4")
        assert await hears(at, ts) == "finding"
        await at.told(stored.id)
        assert len(at.slack.dms("U3")) == 1
    assert len(await of(at, known, ts)) == 1


async def test_what_rang_already_is_said_to_have_and_cannot_be_raised_again(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        ts = at.slack.say("U1", "C1", LOW)
        await hears(at, ts)
        await at.told((await of(at, known, ts))[0].id)
        view = await check(at, ts, "U4")
    assert "💬 <@U3> has a direct message about it already." in told(view)
    assert actions(view) == [CORRECT]


async def test_what_waits_for_the_digest_rings_when_somebody_raises_it(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", "we ship 20 to Ohio in 5 days I think")
    await hears(at, ts)
    [before] = await of(at, known, ts)
    assert before.finding.urgency == "digest"
    assert "✅ Raised" in await raises(at, await check(at, ts))
    [now] = await of(at, known, ts)
    assert (now.id, now.finding.urgency) == (before.id, "now")
    assert [errand.recipient for errand in await at.errands(now.id)] == ["U3"]


async def test_a_correction_becomes_an_example_and_puts_the_finding_and_its_dm_right(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        ts = at.slack.say("U1", "C1", LOW)
        await hears(at, ts)
        await until(lambda: at.slack.dms("U3"))
        view = await form(at, ts)
        answer = await at.submit("U3", view, {"figure": "400-425", "per": "week", "scenario": "volume-gap"})
        assert "Heard: Lower starting volume, 15 a day" in told(answer["view"])
        assert "Right: *Volume below the agreement, 80-85 a day*" in told(answer["view"])
        [stored] = await of(at, known, ts)
        assert (stored.finding.scenario, stored.finding.said_per_day, stored.finding.agreed_per_day) == ("volume-gap", (80.0, 85.0), 150)
        assert stored.finding.why == "80-85/day is 45% under the agreed 150/day."
        assert stored.state == "open"
        await until(lambda: "80-85/day" in str(at.slack.dms("U3")[0]))
        assert len(at.slack.dms("U3")) == 1
    example = await example_of(at, known, ts)
    assert example is not None
    assert (example.text, example.side, example.by) == (LOW, "customer", "U3")
    assert example.heard == ({"scenario": "volume-bait-and-switch", "said_per_day": [15, 15]},)
    assert example.expected == ({"scenario": "volume-gap", "said_per_day": [80, 85]},)
    assert "<@U3> corrected it: it reads Volume below the agreement, 80-85 a day." in told(await check(at, ts, "U4"))


async def test_hearing_the_same_words_again_leaves_what_a_person_said(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await hears(at, ts)
    await at.submit("U3", await form(at, ts), {"figure": "50"})
    at.house.handled.clear()
    await hears(at, ts)
    [stored] = await of(at, known, ts)
    assert stored.finding.said_per_day == (50.0, 50.0)


async def test_nothing_here_is_not_an_issue_and_an_example_of_silence(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await hears(at, ts)
    answer = await at.submit("U3", await form(at, ts), {"scenario": "nothing"})
    assert "Right: *nothing here*" in told(answer["view"])
    assert "marked “Not an issue”" in told(answer["view"])
    [stored] = await of(at, known, ts)
    assert (stored.state, stored.changed_by) == ("not-an-issue", "U3")
    example = await example_of(at, known, ts)
    assert example is not None
    assert example.expected == ()


async def test_what_was_missed_can_be_named_and_raised(at: Stage) -> None:
    async with at.courier():
        known = await at.know()
        ts = at.slack.say("U1", "C1", ODD)
        typed_in = {"scenario": "contradiction", "subject": "price", "said": "4.10 a package", "raise": "yes"}
        answer = await at.submit("U3", await form(at, ts), typed_in)
        assert "the deal's reps get a direct message" in told(answer["view"])
        [stored] = await of(at, known, ts)
        assert (stored.finding.subject, stored.finding.said, stored.finding.agreed) == (
            "price",
            "4.10 a package",
            "Expedited 4.85 a package",
        )
        await until(lambda: at.slack.dms("U3"))
        assert stored.finding.quote == ODD


async def test_a_wrong_subject_is_changed_in_place_and_what_was_missed_is_added(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await hears(at, ts)
    await at.submit("U3", await form(at, ts), {"wrong": "missed", "scenario": "new-stakeholder", "figure": ""})
    view = await form(at, ts, "U4")
    await at.submit("U4", view, {"wrong": "1", "scenario": "wait-and-see"})
    example = await example_of(at, known, ts)
    assert example is not None
    assert [entry["scenario"] for entry in example.expected] == ["volume-bait-and-switch", "wait-and-see"]
    assert [entry["scenario"] for entry in example.heard] == ["volume-bait-and-switch"]
    assert [stored.finding.scenario for stored in await of(at, known, ts)] == ["volume-bait-and-switch"]


async def test_the_second_of_two_sees_what_the_first_said(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    one, other = await form(at, ts), await form(at, ts, "U4")
    await at.submit("U3", one, {"figure": "50"})
    answer = await at.submit("U4", other, {"scenario": "nothing"})
    assert "<@U3> corrected this message while you had it open: it now reads Lower starting volume, 50 a day." in told(answer["view"])
    example = await example_of(at, known, ts)
    assert example is not None
    assert example.by == "U3"
    assert "✅ Noted" in told((await at.submit("U4", answer["view"], {"scenario": "nothing"}))["view"])


async def test_of_many_at_once_on_postgresql_one_is_noted_and_a_double_click_is_no_other(on_postgres: Stage) -> None:
    at = on_postgres
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await hears(at, ts)
    view, other = await form(at, ts), await form(at, ts, "U4")
    sent = [at.submit("U3", view, {"figure": "50", "raise": "yes"}) for _ in range(3)]
    answers = [told(answer["view"]) for answer in await asyncio.gather(*sent, at.submit("U4", other, {"figure": "60"}))]
    assert sum("while you had it open" in answer for answer in answers) in (1, 3)
    [stored] = await of(at, known, ts)
    example = await example_of(at, known, ts)
    assert example is not None
    assert stored.finding.said_per_day == tuple(example.expected[0]["said_per_day"])
    assert [errand.kind for errand in await at.errands(stored.id)].count("alert") == 1


@pytest.mark.parametrize(
    ("typed_in", "field", "words"),
    [
        ({"figure": "lots 🚚"}, "figure", "is no figure"),
        ({"figure": "-5"}, "figure", "is no figure"),
        ({"figure": "1,2,3"}, "figure", "is no figure"),
        ({"figure": "15%"}, "figure", "is no figure"),
        ({"figure": "9" * 3000}, "figure", "no deal ships so many"),
        ({"scenario": "contradiction"}, "subject", "choose the term"),
        ({"scenario": None}, "scenario", "hoose what the message says"),
        ({"scenario": "no such"}, "scenario", "hoose what the message says"),
        ({"wrong": "9"}, "wrong", "hoose what is wrong"),
        ({"wrong": "missed", "scenario": "nothing"}, "wrong", "nothing was missed"),
        ({"per": "moon"}, "per", "hoose what the figure is per"),
        ({"said": "🚚" * 3000}, "said", "characters long"),
    ],
)
async def test_every_wrong_value_is_told_at_its_field(at: Stage, typed_in: dict[str, Any], field: str, words: str) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    answer = await at.submit("U3", await form(at, ts), typed_in)
    [(block, sentence)] = answer["errors"].items()
    assert block.startswith(f"{field}#")
    assert words.lower() in sentence.lower()
    assert await example_of(at, known, ts) is None


@pytest.mark.parametrize("metadata", ["", "[]", "null", '{"deal": 1}', '{"channel":"C1","ts":"1.0","deal":"1"}', "[" * 5000])
async def test_metadata_that_is_not_ours_is_refused(at: Stage, metadata: str) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    view = {**await form(at, ts), "private_metadata": metadata}
    assert "open only to our own people" in told((await at.submit("U3", view, {"figure": "50"}))["view"])


async def test_no_deal_or_several_are_asked_about(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C9", LOW)
    view = await check(at, ts, channel="C9")
    assert "linked to no deal of yours" in told(view)
    answer = await at.submit("U3", view, {"deal": str(known.id)})
    assert "15/day is 90% under" in told(answer["view"])
    assert "✅ Raised" in await raises(at, answer["view"])
    assert len(await of(at, known, ts, "C9")) == 1
    other = await at.know(acme(customer="Acme Second"))
    view = await check(at, at.slack.say("U1", "C1", LOW))
    assert "several deals of yours" in told(view)
    assert "15/day" in told((await at.submit("U3", view, {"deal": str(other.id)}))["view"])
    assert "open only to" in told((await at.submit("U3", view, {"deal": "999"}))["view"])


async def test_hundreds_of_deals_are_offered_in_groups(at: Stage) -> None:
    for number in range(120):
        await at.know(acme(customer=f"Customer {number:03d}", channels=[]))
    view = await check(at, at.slack.say("U1", "C9", LOW), channel="C9")
    groups = next(block for block in view["blocks"] if block["type"] == "input")["element"]["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 20]
    assert groups[1]["label"]["text"] == "Customer 100 - Customer 119"


async def test_a_channel_without_the_bot_is_read_from_what_the_shortcut_brings(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    at.slack.channels["C1"]["is_member"] = False
    view = await check(at, ts)
    assert "I am not in this channel" in told(view)
    assert "✅ Raised" in await raises(at, view)
    [stored] = await of(at, known, ts)
    assert (stored.finding.said_per_day, stored.origin.speaker) == ((15.0, 15.0), "U1")


async def test_our_own_words_standard_coverage_and_what_is_no_speech(at: Stage) -> None:
    await at.know(acme(coverage="standard"))
    ours = await check(at, at.slack.say("U3", "C1", LOW))
    assert "Our own side is never judged" in told(ours)
    assert actions(ours) == []
    theirs = await check(at, at.slack.say("U1", "C1", LOW))
    assert "The deal is on standard coverage: I read this because you ask." in told(theirs)
    assert actions(theirs) == [RAISE, CORRECT]
    assert "There are no words in that message" in told(await check(at, at.slack.say("U1", "C1", "")))
    notice = {"type": "message", "subtype": "channel_topic", "ts": "1793801760.000100", "text": "set the topic", "user": "U1"}
    before = len(at.slack.views)
    await at.points("U3", SHORTCUT, "C1", notice)
    assert "a notice about the channel" in told(await view_after(at, before + 1))


async def test_a_message_deleted_or_edited_meanwhile_is_not_recorded(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    view, corrected = await check(at, ts), await form(at, ts)
    message(at, "C1", ts)["text"] = "let's start with 150 packages a day"
    assert "The message was edited meanwhile" in await raises(at, view)
    assert "The message was edited meanwhile" in told((await at.submit("U3", corrected, {"figure": "50"}))["view"])
    at.slack.messages["C1"].clear()
    assert "it was deleted" in await raises(at, view)
    assert "it was deleted" in told((await at.submit("U3", corrected, {"figure": "50"}))["view"])
    assert await of(at, known, ts) == []
    assert await example_of(at, known, ts) is None


async def test_an_example_goes_with_its_message(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await at.submit("U3", await form(at, ts), {"figure": "50"})
    assert await example_of(at, known, ts) is not None
    await watch.take(at.house, Change("deleted", Said("C1", ts)))
    assert await example_of(at, known, ts) is None


async def test_what_was_raised_by_hand_stands_as_long_as_its_words_do(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", ODD)
    await at.submit("U3", await form(at, ts), {"scenario": "wait-and-see", "raise": "yes"})
    for later, text, state in ((1, f"{ODD}, and thank you", "open"), (2, "thanks, the driver was on time", "withdrawn")):
        await watch.take(at.house, Change("edited", Said("C1", ts, text, "U1", edited_ts=f"{float(ts) + later:.6f}")))
        [stored] = await of(at, known, ts)
        assert stored.state == state


async def test_an_expired_trigger_and_a_silent_slack_are_told(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await at.points("U3", SHORTCUT, "C1", message(at, "C1", ts), trigger="1.late")
    await until(lambda: at.slack.responses)
    assert at.slack.responses[-1]["text"] == "Slack closed this before the form could open. Please try again."
    view = await form(at, ts)
    at.slack.fail("conversations.history", Fault(hang=4))
    assert "nothing was saved" in told((await at.submit("U3", view, {"figure": "50"}))["view"])
    assert await example_of(at, known, ts) is None


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_every_door_is_shut_to_others(at: Stage, user: str) -> None:
    number = await with_outsiders(at)
    known = KnownDeal(number, acme())
    ts = at.slack.say("U1", "C1", LOW)
    view, corrected = await check(at, ts), await form(at, ts)
    shown = len(at.slack.views)
    if user != "U5":
        await at.points(user, SHORTCUT, "C1", message(at, "C1", ts))
        await until(lambda: at.slack.responses)
        assert "open only to our own people" in at.slack.responses[-1]["text"]
        assert len(at.slack.views) == shown
    else:
        choice = await check(at, ts, user)
        assert "Acme" not in str(choice)
        assert "open only to" in told((await at.submit(user, choice, {"deal": str(number)}))["view"])
    assert "open only to" in await raises(at, view, user)
    before = len(at.slack.views)
    await at.press_in(user, view, CORRECT)
    assert "open only to" in told(await view_after(at, before))
    answer = await at.submit(user, corrected, {"figure": "50"})
    assert "open only to" in told(answer["view"])
    assert "Acme" not in str([answer, at.slack.responses])
    assert await of(at, known, ts) == []
    assert await example_of(at, known, ts) is None


async def test_logs_tell_ids_and_no_words(at: Stage) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", f"{LOW} from the Danger warehouse")
    await at.submit("U3", await form(at, ts), {"figure": "50", "raise": "yes"})
    assert any(entry["event"] == "reading corrected" for entry in at.logged)
    assert "Danger" not in str(at.logged)
    assert "packages" not in str(at.logged)


async def test_words_too_many_to_carry_are_cut_and_never_too_long(at: Stage) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", LOW + " 🚚" * 5000)
    at.slack.channels["C1"]["is_member"] = False
    view = await check(at, ts)
    on = table(typed(view).kept)
    assert on is not None
    assert on.carried is not None
    assert on.carried.text.startswith(LOW)
