"""Findings are recorded once, counted, changed with a trace, and withdrawn with their message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from math import inf

import pytest

from bot.playbook.finding import Raised
from store import channels, findings
from store.engine import Store
from store.findings import Step
from store.records import Origin, StoredFinding
from tests.store.samples import NOON, acme, after, finding_id, low, said, save


async def test_recorded_twice_is_one(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, new = await findings.record(s, deal, low(), said(thread_ts="1.2"), NOON)
        assert new
        assert first == StoredFinding(first.id, deal, low(), said(thread_ts="1.2"), "open", NOON, NOON)
        assert await findings.record(s, deal, low(), said(thread_ts="1.2"), after(hours=1)) == (first, False)
        assert await findings.get(s, first.id) == first
        assert await findings.get(s, first.id + 1) is None
        assert await findings.steps(s, first.id) == [Step(None, "open", None, NOON)]


async def test_subject_scenario_message_and_deal_each_make_another(store: Store) -> None:
    async with store.writing() as s:
        deal, other = (await save(s)).id, (await save(s, acme(customer="Beta"))).id
        kept = [
            (await findings.record(s, deal, low(), said(), NOON))[0].id,
            (await findings.record(s, deal, low(subject="test.duration"), said(), NOON))[0].id,
            (await findings.record(s, deal, low(scenario="volume-gap"), said(), NOON))[0].id,
            (await findings.record(s, deal, low(), said(2), NOON))[0].id,
            (await findings.record(s, other, low(), said(), NOON))[0].id,
        ]
        assert len(set(kept)) == 5


async def test_an_edit_with_another_figure_opens_it_again(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        await findings.change(s, one, "snoozed", by="URILEY", now=after(hours=1), until=after(hours=9))
        lower = low(said_per_day=(10.0, 12.0), said="10-12/day", quote="let's start with 10-12")
        deal = (await save(s)).id
        edited, new = await findings.record(s, deal, lower, said(), after(hours=2))
        assert new
        assert (edited.id, edited.finding, edited.state, edited.version) == (one, lower, "open", 3)
        assert (edited.raised_at, edited.changed_at, edited.changed_by, edited.until) == (NOON, after(hours=2), None, None)
        assert [step.after for step in await findings.steps(s, one)] == ["open", "snoozed", "open"]


async def test_an_edit_of_other_words_keeps_the_decision_and_takes_the_new_words(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        await findings.change(s, one, "used", by="URILEY", now=after(hours=1))
        deal = (await save(s)).id
        edited, new = await findings.record(s, deal, low(quote="Let's start with 15 a day!"), said(), after(hours=2))
        assert not new
        assert (edited.state, edited.version, edited.finding.quote) == ("used", 2, "Let's start with 15 a day!")


async def test_without_a_figure_the_words_said_decide(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        transit = low(scenario="contradiction", subject="service.transit", said_per_day=None, said="5 days")
        await findings.record(s, deal, transit, said(), NOON)
        assert not (await findings.record(s, deal, transit, said(), NOON))[1]
        longer = low(scenario="contradiction", subject="service.transit", said_per_day=None, said="7 days")
        assert (await findings.record(s, deal, longer, said(), NOON))[1]


async def test_said_again_counts_each_message_once(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s, ts=1)
        deal = (await save(s)).id
        assert await findings.repeat(s, deal, low(), said(1), after(hours=1)) is None
        again = await findings.repeat(s, deal, low(), said(2), after(hours=1))
        assert again is not None
        assert (again.id, again.count, again.changed_at, again.origin) == (one, 2, after(hours=1), said(1))
        assert await findings.repeat(s, deal, low(), said(2), after(hours=2)) is None
        assert await findings.repeat(s, deal, low(side="implementation"), said(3), NOON) is None
        assert await findings.repeat(s, deal, low(subject="other"), said(3), NOON) is None
        used = await findings.change(s, one, "used", by="URILEY", now=after(hours=2))
        again = await findings.repeat(s, deal, low(), said(4), after(hours=3))
        assert again == replace(used, count=3), "a decision stands, and when it was made"
        await findings.change(s, one, "resolved", by=None, now=after(hours=4))
        assert await findings.repeat(s, deal, low(), said(5), after(hours=5)) is None


async def test_a_repetition_taken_back_counts_no_more(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s, ts=1)
        deal = (await save(s)).id
        await findings.repeat(s, deal, low(), said(2), NOON)
        keep = frozenset({("volume-bait-and-switch", None)})
        assert await findings.withdraw(s, "CACME", said(2).ts, keep=keep, now=NOON) == []
        gone = await findings.withdraw(s, "CACME", said(2).ts, now=after(hours=1))
        assert [(found.id, found.count, found.state, found.version) for found in gone] == [(one, 1, "open", 2)]
        assert await findings.withdraw(s, "CACME", said(2).ts, now=after(hours=2)) == []


async def test_a_deleted_message_takes_its_findings_and_words_along(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        one = await finding_id(s)
        duration, _ = await findings.record(s, deal, low(scenario="contradiction", subject="test.duration"), said(), NOON)
        other = await finding_id(s, ts=2)
        keep = frozenset({("contradiction", "test.duration")})
        gone = await findings.withdraw(s, "CACME", said().ts, keep=keep, now=after(hours=1))
        assert [(found.id, found.state, found.finding.quote, found.version) for found in gone] == [(one, "withdrawn", "", 2)]
        assert [found.id for found in await findings.open_findings(s, deal)] == [duration.id, other]
        assert await findings.withdraw(s, "CACME", said().ts, keep=keep, now=after(hours=2)) == []
        assert [step.after for step in await findings.steps(s, one)] == ["open", "withdrawn"]


async def test_said_after_all(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        await findings.withdraw(s, "CACME", said().ts, now=after(hours=1))
        back, new = await findings.record(s, (await save(s)).id, low(), said(), after(hours=2))
        assert (back.id, back.state, back.finding, new) == (one, "open", low(), True)


async def test_decisions_leave_a_trace(store: Store) -> None:
    async with store.writing() as s:
        one = await finding_id(s)
        used = await findings.change(s, one, "used", by="URILEY", now=after(hours=1))
        assert (used.state, used.changed_by, used.changed_at, used.version) == ("used", "URILEY", after(hours=1), 2)
        assert await findings.change(s, one, "used", by="UOTHER", now=after(hours=2)) == used
        await findings.change(s, one, "not-an-issue", by="UOTHER", now=after(hours=3))
        assert await findings.steps(s, one) == [
            Step(None, "open", None, NOON),
            Step("open", "used", "URILEY", after(hours=1)),
            Step("used", "not-an-issue", "UOTHER", after(hours=3)),
        ]
        with pytest.raises(LookupError):
            await findings.change(s, one + 1, "used", by="URILEY", now=NOON)


async def test_snoozed_ones_come_due(store: Store) -> None:
    async with store.writing() as s:
        first, second, third = [await finding_id(s, ts=ts) for ts in (1, 2, 3)]
        await findings.change(s, first, "snoozed", by="URILEY", now=NOON, until=after(hours=2))
        await findings.change(s, second, "snoozed", by="URILEY", now=NOON, until=after(hours=1))
        await findings.change(s, third, "snoozed", by="URILEY", now=NOON, until=after(hours=3))
        assert [found.id for found in await findings.due_snoozes(s, after(hours=2))] == [second, first]
        await findings.change(s, second, "open", by="clock", now=after(hours=2))
        assert [found.id for found in await findings.due_snoozes(s, after(hours=2))] == [first]
        assert [found.id for found in await findings.open_findings(s, (await save(s)).id)] == [first, second, third]


async def test_what_was_raised(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        await finding_id(s, ts=2)
        await findings.record(s, deal, low(scenario="volume-gap", subject="a", said_per_day=None, said="later"), said(1), NOON)
        await findings.record(s, deal, low(scenario="signal", urgency="log"), said(3), NOON)
        await findings.record(s, deal, low(scenario="not-ramping", suppressed="muted"), said(5), NOON)
        settled = await finding_id(s, ts=6, scenario="volume-gap")
        await findings.change(s, settled, "resolved", by=None, now=NOON)
        gone = await finding_id(s, ts=4)
        await findings.withdraw(s, "CACME", said(4).ts, now=NOON)
        later, pair = Raised("volume-gap", "a", "customer", None, "later"), (15.0, 15.0)
        bait = Raised("volume-bait-and-switch", None, "customer", pair, "15/day")
        assert await findings.raised(s, deal) == [later, bait, Raised("signal", None, "customer", pair, "15/day")]
        assert await findings.raised(s, deal, besides=("CACME", said(3).ts)) == [later, bait]
        assert gone not in [found.id for found in await findings.open_findings(s, deal)]


async def test_latest_figures(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        for ts in (3, 1, 4, 2):
            await finding_id(s, ts=ts, said_per_day=(float(ts), inf))
        await findings.record(s, deal, low(said_per_day=None), said(9), NOON)
        await findings.withdraw(s, "CACME", said(4).ts, now=NOON)
        latest = await findings.latest_stated(s, deal, limit=2)
        assert [found.finding.said_per_day for found in latest] == [(3.0, inf), (2.0, inf)]


async def test_findings_move_with_their_channel(store: Store) -> None:
    async with store.writing() as s:
        deal, one = (await save(s)).id, await finding_id(s)
        await findings.repeat(s, deal, low(), said(2), NOON)
        await channels.rename(s, "CACME", "CNEW", NOON)
        assert await findings.repeat(s, deal, low(), said(2, channel="CNEW"), NOON) is None
        assert [found.id for found in await findings.withdraw(s, "CNEW", said().ts, now=NOON)] == [one]


async def test_the_address_comes_later_and_stays(store: Store) -> None:
    async with store.writing() as s:
        one, deal = await finding_id(s), (await save(s)).id
        await findings.note_permalink(s, one, "https://acme.slack.com/archives/CACME/p1")
        again, _ = await findings.record(s, deal, low(), said(), NOON)
        assert again.origin.permalink == "https://acme.slack.com/archives/CACME/p1"


@pytest.mark.parametrize("words", ["nul \x00 nul", "half \ud83d pair", "whole \U0001f4e6", "\u202e\u200b\x07'\"\\%s:x", ""])
async def test_any_words_can_be_stored(store: Store, words: str) -> None:
    async with store.writing() as s:
        one = await finding_id(s, quote=words, why=words)
        kept = await findings.get(s, one)
        assert kept is not None
        assert kept.finding.quote == words.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")


async def test_times_stay_aware_and_utc(store: Store) -> None:
    eastern = timezone(timedelta(hours=-5))
    spoken = datetime(2026, 11, 4, 12, 0, 0, 123456, tzinfo=eastern)
    async with store.writing() as s:
        deal = (await save(s)).id
        await findings.record(s, deal, low(), Origin("CACME", "1.0", "UDANA", spoken), spoken)
    async with store.reading() as s:
        [kept] = await findings.open_findings(s, deal)
        for time in (kept.origin.said_at, kept.raised_at, kept.changed_at):
            assert time == spoken
            assert time.tzinfo is UTC


async def test_naive_times_are_refused(store: Store) -> None:
    async def naive() -> None:
        async with store.writing() as s:
            await findings.record(s, (await save(s)).id, low(), said(), NOON.replace(tzinfo=None))

    with pytest.raises(Exception, match="time zone"):
        await naive()


async def test_signals_wait_for_nobody(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        await findings.record(s, deal, low(scenario="pickup-confirmed", urgency="log"), said(), NOON)
        assert await findings.open_findings(s, deal) == []
