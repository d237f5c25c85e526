"""A second opinion moves a finding that waits, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playbook.finding import Finding
from store import findings, opinions
from store.engine import Store
from store.findings import Step
from tests.store.samples import NOON, after, low, said, save


def waiting() -> Finding:
    return low(urgency="digest", rule="trained reader")


def confirmed() -> Finding:
    return replace(waiting(), urgency="now", rule="trained reader, confirmed")


def vetoed() -> Finding:
    return replace(waiting(), suppressed="vetoed")


async def test_confirmed_it_is_one_for_a_direct_message(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        before, _ = await findings.record(s, deal, waiting(), said(), NOON)
        now = await opinions.settle(s, deal, confirmed(), said(), after(seconds=2))
        assert now is not None
        assert (now.finding, now.state, now.version) == (confirmed(), "open", before.version)
        assert await opinions.settle(s, deal, vetoed(), said(), after(seconds=3)) is None


async def test_vetoed_it_is_as_if_never_raised_until_another_opinion(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, _ = await findings.record(s, deal, waiting(), said(), NOON)
        assert await opinions.settle(s, deal, vetoed(), said(), after(seconds=2)) is not None
        assert await findings.raised(s, deal) == []
        assert await findings.open_findings(s, deal) == []
        assert await findings.latest_stated(s, deal) == []
        assert (await findings.record(s, deal, waiting(), said(), after(seconds=3)))[1] is False
        now = await opinions.settle(s, deal, confirmed(), said(), after(seconds=4))
        assert now is not None
        assert (now.state, now.finding.urgency) == ("open", "now")
        steps = await findings.steps(s, first.id)
        assert steps[1] == Step("open", "suppressed", "strong reader", after(seconds=2))
        assert steps[2] == Step("suppressed", "open", "strong reader", after(seconds=4))


@pytest.mark.parametrize("state", ["used", "not-an-issue", "snoozed", "resolved"])
async def test_what_people_decided_stands(store: Store, state: str) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, _ = await findings.record(s, deal, waiting(), said(), NOON)
        await findings.change(s, first.id, state, by="U1", now=NOON)  # type: ignore[arg-type]
        assert await opinions.settle(s, deal, confirmed(), said(), NOON) is None
        assert await opinions.settle(s, deal, vetoed(), said(), NOON) is None
        assert await opinions.settle(s, deal, confirmed(), said(2), NOON) is None


async def test_said_again_and_surely_a_waiting_one_rings(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, _ = await findings.record(s, deal, waiting(), said(), NOON)
        assert (await opinions.raise_again(s, first)).finding.urgency == "now"
        other, _ = await findings.record(s, deal, replace(waiting(), scenario="volume-gap"), said(), NOON)
        decided = await findings.change(s, other.id, "used", by="U1", now=NOON)
        assert (await opinions.raise_again(s, decided)).finding.urgency == "digest"


async def test_what_an_edited_message_still_says(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        finding = replace(waiting(), rule="strong reader", quote="start with 15")
        await findings.record(s, deal, finding, said(), NOON)
        await findings.record(s, deal, replace(waiting(), scenario="volume-gap", quote="start with 15"), said(), NOON)
        where = (said().channel, said().ts, ("strong reader",))
        assert await opinions.still_said(s, *where, "ok, start with 15 then") == {(finding.scenario, None)}
        for changed in ("ok, start with 150", "ok, start with 15,000", "ok, start with 15% then", "restart with 15", "start with 50"):
            assert await opinions.still_said(s, *where, changed) == frozenset()


async def test_what_another_process_heard_of_a_message_as_it_is_now(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        finding = replace(waiting(), quote="start with 15")
        await findings.record(s, deal, finding, said(), NOON)
        where, text = (said().channel, said().ts), "ok, start with 15 then"
        assert await opinions.heard_so(s, *where, NOON, text) == {(finding.scenario, None)}
        assert await opinions.heard_so(s, *where, NOON + timedelta(seconds=1), text) == frozenset()
        assert await opinions.heard_so(s, *where, NOON, "ok, start with 150 then") == frozenset()
