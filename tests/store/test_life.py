"""A finding is settled, taken up again, and decisions are taken back; its history only grows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store import deals, findings, life
from store.engine import Store
from store.findings import Step
from tests.store.samples import NOON, after, finding_id, low, said, save


async def test_a_decision_is_taken_back_and_both_steps_are_kept(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        before = await findings.get(s, one)
        assert before is not None
        await findings.change(s, one, "not-an-issue", by="URILEY", now=after(hours=1))
        await findings.change(s, one, "not-an-issue", by="URILEY", now=after(hours=1, seconds=5), reason="other")
        assert await life.can_undo(s, one)
        back = await life.go_back(s, one, by="UMORGAN", reason=life.UNDONE, now=after(hours=1, seconds=20))
        assert back == replace(before, version=4)
        assert not await life.can_undo(s, one)
        assert await findings.steps(s, one) == [
            Step(None, "open", None, NOON),
            Step("open", "not-an-issue", "URILEY", after(hours=1)),
            Step("not-an-issue", "not-an-issue", "URILEY", after(hours=1, seconds=5), reason="other"),
            Step("not-an-issue", "open", "UMORGAN", after(hours=1, seconds=20), reason="undone"),
        ]


async def test_going_back_to_a_snooze_brings_its_end_and_who_wanted_it(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        snoozed = await findings.change(s, one, "snoozed", by="URILEY", now=after(hours=1), until=after(hours=9))
        await findings.change(s, one, "used", by="UMORGAN", now=after(hours=2))
        back = await life.go_back(s, one, by="UMORGAN", reason=life.UNDONE, now=after(hours=2, seconds=3))
        assert back == replace(snoozed, version=4)
        await findings.change(s, one, "used", by="UMORGAN", now=after(hours=8, minutes=59, seconds=30))
        over = await life.go_back(s, one, by="UMORGAN", reason=life.UNDONE, now=after(hours=9))
        assert over is not None
        assert (over.state, over.until, over.changed_by) == ("open", None, None)


async def test_going_back_twice_shows_who_had_decided_and_not_who_went_back(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        used = await findings.change(s, one, "used", by="URILEY", now=after(hours=1))
        for hours, state in ((2, "not-an-issue"), (3, "escalated")):
            await findings.change(s, one, state, by="UMORGAN", now=after(hours=hours))  # type: ignore[arg-type]
            back = await life.go_back(s, one, by="UMORGAN", reason=life.UNDONE, now=after(hours=hours, seconds=9))
            assert back is not None
            assert replace(back, version=2) == used


async def test_what_is_new_has_nothing_to_go_back_to(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        assert not await life.can_undo(s, one)
        assert await life.go_back(s, one, by="URILEY", reason=life.UNDONE, now=NOON) is None
        assert await life.go_back(s, one + 1, by="URILEY", reason=life.UNDONE, now=NOON) is None


async def test_what_can_be_settled_comes_with_when_it_was_said_last(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first = await finding_id(s, ts=1)
        await findings.repeat(s, deal, low(), said(20), NOON)
        used = await finding_id(s, ts=2, scenario="volume-gap")
        await findings.change(s, used, "used", by="URILEY", now=NOON)
        for ts, state in ((3, "not-an-issue"), (4, "resolved"), (5, "terms-changed")):
            other = await finding_id(s, ts=ts, scenario="not-ramping")
            await findings.change(s, other, state, by="URILEY", now=NOON)  # type: ignore[arg-type]
        await findings.record(s, deal, low(scenario="volume-confirmed", urgency="log"), said(6), NOON)
        await findings.record(s, deal, low(scenario="wait-and-see", suppressed="muted"), said(7), NOON)
        assert [(found.id, last) for found, last in await life.live(s, deal)] == [(first, after(seconds=20)), (used, after(seconds=2))]
        assert await life.live(s, deal + 1) == []


async def test_a_signal_settles_and_is_found_again(store: Store) -> None:
    async with store.writing() as s:
        deal, one = (await save(s)).id, await finding_id(s, ts=1)
        signals = [(await findings.record(s, deal, low(scenario="volume-confirmed", urgency="log"), said(ts), NOON))[0] for ts in (5, 9)]
        assert await life.signals_after(s, deal, {"volume-confirmed"}, after(seconds=1)) == signals
        assert await life.signals_after(s, deal, {"volume-confirmed"}, after(seconds=5)) == signals[1:]
        assert await life.signals_after(s, deal, {"ramp-confirmed"}, after(seconds=1)) == []
        link = life.settled_by(signals[0].id)
        settled = await findings.change(s, one, "resolved", by=None, now=after(hours=1), link=link)
        assert (settled.link, life.signal_of(settled)) == (link, signals[0].id)
        assert await life.settled_with(s, deal, signals[0].id) == [settled]
        assert await life.settled_with(s, deal, signals[1].id) == []
        assert not await life.can_undo(s, one)
        back = await life.go_back(s, one, by=None, reason=life.TAKEN_BACK, now=after(hours=2))
        assert back is not None
        assert (back.state, back.link, life.signal_of(back)) == ("open", None, None)
        by_hand = await findings.change(s, one, "resolved", by="URILEY", now=after(hours=3))
        assert life.signal_of(by_hand) is None


async def test_the_last_words_of_a_repetition(store: Store) -> None:
    async with store.writing() as s:
        deal, one = (await save(s)).id, await finding_id(s, ts=1)
        assert await life.latest_echo(s, one) is None
        for ts in (2, 9, 5):
            await findings.repeat(s, deal, low(quote=f"fifteen, {ts}"), said(ts), NOON)
        latest = await life.latest_echo(s, one)
        assert latest == life.Echo("fifteen, 9", "UDANA", after(seconds=9), "CACME", said(9).ts)
        await findings.repeat(s, deal, low(quote="15!"), said(9), NOON)
        latest = await life.latest_echo(s, one)
        assert latest is not None
        assert latest.quote == "15!", "an edit brings the new words"
        await findings.withdraw(s, "CACME", said(9).ts, now=after(hours=1))
        latest = await life.latest_echo(s, one)
        assert latest is not None
        assert latest.quote == "fifteen, 5", "a deleted message takes its words along"


async def test_words_that_were_counted_are_no_news(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        await finding_id(s, ts=1)
        await findings.repeat(s, deal, low(), said(2), NOON)
        assert await life.counted(s, deal, low(), said(2))
        assert not await life.counted(s, deal, low(), said(1))
        assert not await life.counted(s, deal, low(), said(3))
        assert not await life.counted(s, deal, low(quote="let's start with 5 a day"), said(2))
        assert not await life.counted(s, deal, low(scenario="volume-gap"), said(2))
        assert not await life.counted(s, deal + 1, low(), said(2))


async def test_the_same_words_while_muted_stay_muted(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        muted, _ = await findings.record(s, deal, low(suppressed="muted"), said(), NOON)
        assert muted.state == "suppressed"
        again, new = await findings.record(s, deal, low(), said(), after(hours=1))
        assert (again.state, again.finding.suppressed, new) == ("suppressed", "muted", False)
        assert await findings.find(s, deal, low(), said()) == again
        assert await findings.find(s, deal, low(), said(2)) is None
        edited, new = await findings.record(s, deal, low(said_per_day=(5.0, 5.0)), said(), after(hours=2))
        assert (edited.state, edited.finding.suppressed, new) == ("open", None, True)


async def test_the_deals_of_a_message(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        await finding_id(s, ts=1)
        await findings.repeat(s, deal, low(), said(2), NOON)
        assert [await findings.deals_of(s, "CACME", said(ts).ts) for ts in (1, 2, 3)] == [[deal], [deal], []]
        await deals.hold(s, deal, deal + 1)


@pytest.mark.parametrize("link", [None, "", "finding:", "https://x/finding:1"])
async def test_a_link_that_names_no_signal(store: Store, link: str | None) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        found = await findings.change(s, one, "used", by="URILEY", now=NOON)
        assert life.signal_of(replace(found, link=link)) is None
