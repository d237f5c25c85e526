"""Two processes of which each takes some of a channel's messages: what is said to one is read with what was said to the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from handlers.hearing import catch_up
from handlers.house import House
from store import channels, deals
from store.records import KnownDeal
from tests.handlers.dms import LOW
from tests.handlers.telling import Stage, acme, stage
from tests.handlers.test_away_on_postgresql import beside, database_for
from tests.handlers.test_pasted_calls import PASTED
from tests.live.fake_slack import Fault, rate_limited
from tests.store.test_others import gone

ASKED = "The test is planned at 150 packages a day. Does that still work for you?"
HALF = "We would do half of that for now."
"""By itself worth a line in the digest; after what was asked a direct message."""

BEFORE = (("U1", "Are we all set for tomorrow's labels?"), ("U2", "Yes, the pickup is booked for 4 pm."))
PICKUP = "The driver comes at four. Does that still work for you?"

CHAT = (
    *("she loves the new guitar, her band played a song by the beatles", "the movie was great, best actor in years"),
    *("my server crashed, python says the file is missing", "did you install the linux kernel on the laptop?"),
    *("the referee was blind, they lost the game and the season", "I cooked pasta with garlic, the kids loved it"),
    *("the doctor says her knee is fine", "we watched the moon over the lake, what a night", "he plays chess and reads poems"),
    *("the dog ate my shoes", "their wedding is in june, in a castle"),
)


@dataclass
class Both:
    """Two processes in one workspace, on one database."""

    one: Stage
    other: Stage

    async def asked(self, text: str = ASKED, thread: str | None = None) -> str:
        """Implementation asks, and the one hears it; the ts."""
        ts = await hears(self.one, "U2", text, thread)
        self.one.slack.calls.clear()
        return ts

    async def answered(self, text: str = HALF, thread: str | None = None) -> str:
        """The customer answers, and the other hears it; the ts."""
        return await hears(self.other, "U1", text, thread)

    async def deal(self) -> KnownDeal:
        """The deal that they hear of."""
        async with self.one.house.store.reading() as s:
            [known] = await deals.deals_of_channel(s, "C1")
        return known

    def looks(self) -> list[str]:
        """What Slack's history was asked for."""
        return [call.method for call in self.one.slack.calls if call.method in ("conversations.history", "conversations.replies")]

    async def told(self) -> list[str]:
        """What the rep was told."""
        async with self.one.courier(), self.other.courier():
            await self.one.courier_done()
        return [str(dm["blocks"]) for dm in self.one.slack.dms("U3")]


@pytest_asyncio.fixture
async def both(postgres_url: str) -> AsyncIterator[Both]:
    """Both have heard what was said so far."""
    url = await database_for(postgres_url)
    async with stage(url) as one, beside(one, url) as other:
        await one.know()
        for user, text in BEFORE:
            ts = one.slack.say(user, "C1", text)
            for at in (one, other):
                await at.message_event(channel="C1", user=user, text=text, ts=ts)
        for at in (one, other):
            await at.house.replicas.look(at.house.store, at.house.now)
            at.house.replicas.patience = 30  # a machine in a hurry is not what is tested
        one.slack.calls.clear()
        yield Both(one, other)


async def hears(at: Stage, user: str, text: str, thread: str | None = None) -> str:
    """Somebody says something, and this process alone hears it; the ts."""
    ts = at.slack.say(user, "C1", text, thread)
    await at.message_event(channel="C1", user=user, text=text, ts=ts, **({"thread_ts": thread} if thread else {}))
    return ts


def stop(at: Stage, after: float = 0) -> None:
    """The process's clock stands still, so many seconds from now, however long a test takes."""
    moment = at.clock.now() + timedelta(seconds=after)
    at.house.now = lambda: moment


async def test_an_answer_is_read_with_the_question_that_another_heard(both: Both) -> None:
    await both.asked()
    await both.answered()
    [told] = await both.told()
    assert "75" in told


async def test_so_is_one_in_a_thread(both: Both) -> None:
    await both.asked("Anything new from the warehouse?")
    thread = await both.asked("A question on the test.")
    await both.answered("Sure, ask away.", thread)
    await both.asked(ASKED, thread)
    await both.answered(HALF, thread)
    [told] = await both.told()
    assert "75" in told


@pytest.mark.parametrize("known", [False, True])
async def test_so_is_one_in_a_thread_of_hundreds_of_replies(both: Both, *, known: bool) -> None:
    thread = await both.asked("A question on the test.")
    for number in range(210):
        both.one.slack.say("U3", "C1", f"The labels for pallet {number} are printed.", thread)
    if known:
        await both.answered("Sure, ask away.", thread)
    await both.asked(ASKED, thread)
    await both.answered(HALF, thread)
    assert len(await both.told()) == 1


async def test_an_old_thread_is_completed_however_much_was_said_since(both: Both) -> None:
    thread = await both.asked("A question on the test.")
    await both.answered("Sure, ask away.", thread)
    await both.asked(ASKED, thread)
    for number in range(50):
        await hears(both.other, "U3", f"The labels for pallet {number} are printed.")
    await both.answered(HALF, thread)
    assert len(await both.told()) == 1


async def test_a_question_is_known_as_it_was_edited(both: Both) -> None:
    ts = await both.asked(PICKUP)
    await hears(both.other, "U2", "(in the thread if you like)")
    both.other.slack.messages["C1"][-2].update(text=ASKED, edited={"user": "U2", "ts": f"{float(ts) + 1:.6f}"})
    await both.one.edits(ts, "U2", PICKUP, ASKED)
    await both.answered()
    assert len(await both.told()) == 1


async def test_a_question_is_known_as_it_was_edited_where_the_old_words_were_heard(both: Both) -> None:
    ts = await hears(both.other, "U2", ASKED)
    both.other.slack.messages["C1"][-1].update(text=PICKUP, edited={"user": "U2", "ts": f"{float(ts) + 1:.6f}"})
    await both.one.edits(ts, "U2", ASKED, PICKUP)
    await both.answered()
    assert await both.told() == []


@pytest.mark.parametrize("threaded", [False, True])
async def test_what_was_deleted_is_context_no_more(both: Both, threaded: bool) -> None:
    thread = await hears(both.other, "U2", "A question on the test.") if threaded else None
    ts = await hears(both.other, "U2", ASKED, thread)
    both.other.slack.messages["C1"].pop()
    await both.one.deletes(ts)
    await both.answered(HALF, thread)
    assert await both.told() == []


async def test_what_is_not_worth_reading_is_not_worth_a_look(both: Both) -> None:
    await hears(both.other, "U3", ASKED)
    await hears(both.other, "U1", "Good morning! How was your weekend?")
    assert both.looks() == []
    await both.answered()
    assert both.looks() == ["conversations.history"]


async def test_an_answer_amid_talk_of_something_else_is_worth_a_look(both: Both) -> None:
    for line in CHAT:
        await hears(both.other, "U1", line)
    await both.asked()
    await both.answered()
    assert both.looks() == ["conversations.history"]


async def test_whoever_is_alone_asks_for_what_the_other_may_have_heard_and_for_no_more(postgres_url: str) -> None:
    url = await database_for(postgres_url)
    async with stage(url) as one:
        await one.know()
        await hears(one, *BEFORE[0])
        async with beside(one, url) as other:
            await hears(other, "U2", ASKED)
            await one.house.replicas.look(one.house.store, one.house.now)
        assert await gone(one.house.store)
        await one.house.replicas.look(one.house.store, one.house.now)
        one.slack.calls.clear()
        both = Both(one, one)
        await both.answered()
        assert both.looks() == ["conversations.history"]
        thread = await both.answered("The printer works again.")
        await both.answered("So do the labels.", thread)
        assert both.looks() == ["conversations.history"]
        async with one.courier():
            await one.courier_done()
        assert len(one.slack.dms("U3")) == 1


async def test_slack_is_not_waited_for(both: Both) -> None:
    await both.asked()
    both.one.slack.fail("conversations.history", Fault(hang=60))
    both.other.house.replicas.patience = 0.2
    stop(both.other)
    await both.answered()
    [found] = await both.one.all_found(await both.one.know())
    assert (found.finding.urgency, both.looks()) == ("digest", ["conversations.history"])
    await both.answered("Sorry, who picks up?")
    assert both.looks() == ["conversations.history"]
    both.other.house.replicas.patience = 30
    stop(both.other, after=6)
    await both.answered()
    assert len(await both.told()) == 1


async def test_slack_is_asked_again_when_it_allows_that(both: Both) -> None:
    await both.asked()
    both.one.slack.fail("conversations.history", rate_limited(30))
    stop(both.other)
    for _ in range(2):
        await both.answered()
        assert both.looks() == ["conversations.history"]
    stop(both.other, after=31)
    await both.answered()
    assert both.looks() == ["conversations.history"] * 2
    assert len(await both.told()) == 1


async def test_an_answer_that_comes_late_is_read_with_what_was_said_before_it(both: Both) -> None:
    await both.asked()
    late = both.one.slack.say("U1", "C1", HALF)
    await hears(both.other, "U2", "Shall I book the pickup too?")
    await both.other.message_event(channel="C1", user="U1", text=HALF, ts=late)
    assert len(await both.told()) == 1
    [talk] = both.other.house.rooms.of("C1").talks.values()
    assert [one.text for one in talk.within(None)][-3:] == [ASKED, HALF, "Shall I book the pickup too?"]


@pytest.mark.parametrize(("words", "threaded"), [(None, False), ("we'll start with 150 packages a day", True)])
async def test_what_comes_after_its_deletion_or_edit_was_heard_by_another_is_not_heard_in_its_old_words(
    both: Both, words: str | None, threaded: bool
) -> None:
    thread = await hears(both.other, "U2", "A question on the test.") if threaded else None
    ts = both.one.slack.say("U1", "C1", LOW, thread)
    both.one.clock.ahead(seconds=60)
    if words is None:
        both.one.slack.messages["C1"].pop()
        await both.one.deletes(ts)
    else:
        both.one.slack.messages["C1"][-1].update(text=words, edited={"user": "U1", "ts": f"{float(ts) + 1:.6f}"})
        await both.one.edits(ts, "U1", LOW, words)
    more = {"thread_ts": thread} if thread else {}
    await both.other.message_event(channel="C1", user="U1", text=LOW, ts=ts, **more)
    assert await both.told() == []


async def test_what_was_said_this_moment_is_heard_though_the_history_does_not_show_it_yet(both: Both) -> None:
    stop(both.other)
    ts = both.one.slack.say("U1", "C1", LOW)
    both.one.slack.messages["C1"].pop()
    await both.other.message_event(channel="C1", user="U1", text=LOW, ts=ts)
    assert len(await both.told()) == 1


async def test_an_answer_is_read_so_too_once_it_is_edited(both: Both) -> None:
    await both.asked()
    ts = await both.answered("Let me see.")
    both.other.slack.messages["C1"][-1].update(text=HALF)
    await both.other.edits(ts, "U1", "Let me see.", HALF)
    assert len(await both.told()) == 1


@pytest.mark.parametrize(
    ("hear_again", "threaded", "looks"),
    [(catch_up.overlooked, False, 1), (catch_up.overlooked, True, 2), (catch_up.catch_up, False, 2), (catch_up.catch_up, True, 4)],
)
async def test_what_never_came_is_read_with_what_the_history_showed_before_it(
    both: Both, hear_again: Callable[[House, str], Awaitable[int]], threaded: bool, looks: int
) -> None:
    """Nothing is asked for but the history, page by page; and a thread whose beginning was not heard here, once."""
    thread = await both.asked("A question on the test.") if threaded else None
    await both.asked(ASKED, thread)
    both.one.slack.say("U1", "C1", HALF, thread)
    await both.asked("Thanks.", thread)
    for parent in [one for one in both.one.slack.messages["C1"] if one["ts"] == thread]:
        parent["reply_count"] = 3
    await hears(both.other, "U2", "Shall I book the pickup too?")
    async with both.one.house.store.writing() as s:
        await channels.note_seen(s, {"C1": thread or "1.0"})
    both.one.slack.calls.clear()
    await hear_again(both.other.house, "C1")
    assert len(await both.told()) == 1
    assert len(both.looks()) == looks


@pytest.mark.parametrize(("user", "channel"), [("U2", "C1"), ("U3", "DU3")])
async def test_a_paste_that_slack_cuts_in_two_is_one_call_whoever_takes_which_part(both: Both, user: str, channel: str) -> None:
    filler = "\n".join(f"Riley Chen: and so on, number {n}, nothing of weight in it\nIvan Petrov: right, fine with us" for n in range(60))
    parts = (f"{filler}\n{PASTED}\nDana Ortiz: as I said,", "let's start with 15 packages a day")
    for at, part in zip((both.one, both.other), parts, strict=True):
        await at.says(user, part, channel=channel)
    both.one.clock.ahead(seconds=4)
    [told] = await both.told()
    assert "Call with Acme Outfitters" in told
    [found] = await both.one.all_found(await both.deal())
    assert found.origin.channel.startswith("call:")


async def test_a_thread_belongs_to_the_deal_that_a_reply_named_to_another(both: Both) -> None:
    await both.one.know(acme(customer="Bolt Bikes", channels=["C1"]))
    for at in (both.one, both.other):
        at.house.deals.clear()
        at.house.deals_stamp.clear()
    thread = await both.asked("A question on the test.")
    await hears(both.other, "U2", "(here, please)", thread)
    await both.asked("This is about Bolt Bikes.", thread)
    await both.asked(ASKED, thread)
    await both.answered(HALF, thread)
    [told] = await both.told()
    assert "Bolt Bikes" in told
