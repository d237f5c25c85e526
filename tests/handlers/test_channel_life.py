"""A deal's channel is archived, left, deleted, shared or given another id: its reps are told once, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from handlers.hearing import catch_up
from handlers.hearing.message import Change, Said
from handlers.house import House
from handlers.people import user_of
from handlers.telling.tell import Courier
from store import channels, deals, notes
from tests.handlers.doors import WHO
from tests.handlers.telling import PEOPLE, QUICK, Stage, acme, stage
from tests.live.block_kit import mistakes
from tests.live.fake_slack import Fault


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def told(at: Stage, user: str = "U3") -> list[str]:
    """What somebody has been told, once all that is due is delivered."""
    await Courier(at.house, at.slack.client(1), QUICK).drain()
    assert all(mistakes(dm["blocks"]) == [] for dm in at.slack.dms(user))
    return [str(dm["text"]) for dm in at.slack.dms(user)]


async def noted(at: Stage, channel: str = "C1") -> set[str]:
    async with at.house.store.reading() as s:
        return set(await notes.of_channel(s, channel))


async def caught_up(house: House) -> None:
    work = asyncio.create_task(catch_up.run(house))
    async with asyncio.timeout(10):
        await house.backlog.empty()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


HAPPENINGS: dict[str, tuple[dict[str, Any], str]] = {
    "archived": (
        {"type": "channel_archive", "user": "U4"},
        "<#C1>, a channel of *Acme Outfitters*, was archived by <@U4>. I stop listening there. If it is opened again, I go on",
    ),
    "private, archived": ({"type": "group_archive"}, "was archived. I stop listening there"),
    "thrown out": (
        {"type": "member_left_channel", "user": "UBOT"},
        "no longer has me in it, so I hear nothing there. To bring me back, type",
    ),
    "left": ({"type": "channel_left"}, "no longer has me in it"),
    "private, left": ({"type": "group_left"}, "no longer has me in it"),
    "deleted": ({"type": "channel_deleted"}, "was deleted. If the talk goes on elsewhere, invite me there and type `/deal-link`."),
    "private, deleted": ({"type": "group_deleted"}, "was deleted"),
}


@pytest.mark.parametrize("what", HAPPENINGS)
async def test_the_rep_is_told_once_and_the_link_stays(at: Stage, what: str) -> None:
    await at.know()
    event, words = HAPPENINGS[what]
    for stamp in ("5.0", "5.0", "6.0"):
        assert await at.event(**event, channel="C1", event_ts=stamp) == 200
    [text] = await told(at)
    assert words in text
    assert await told(at, "U4") == []
    async with at.house.store.reading() as s:
        assert len(await deals.deals_of_channel(s, "C1")) == 1


@pytest.mark.parametrize("event", [event for event, _ in HAPPENINGS.values()], ids=list(HAPPENINGS))
async def test_other_channels_other_people_and_deals_that_nobody_watches_are_no_news(at: Stage, event: dict[str, Any]) -> None:
    await at.know(acme(coverage="standard"))
    await at.event(**event, channel="C1", event_ts="5.0")
    await at.event(**event, channel="C9", event_ts="5.0")
    await at.event(type="member_left_channel", user="U2", channel="C1", event_ts="5.0")
    assert at.slack.count("chat.postMessage") == 0
    assert await told(at) == []


async def test_two_events_about_one_departure_are_one_message(at: Stage) -> None:
    await at.know()
    await at.event(type="member_left_channel", user="UBOT", channel="C1", event_ts="5.0")
    await at.event(type="channel_left", channel="C1", event_ts="5.1")
    assert len(await told(at)) == 1


async def test_a_channel_opened_again_is_caught_up_with_and_its_next_end_is_news(at: Stage) -> None:
    await at.know()
    await at.event(type="channel_archive", channel="C1", event_ts="5.0")
    assert len(await told(at)) == 1
    await at.event(type="channel_unarchive", channel="C1", event_ts="6.0")
    assert at.house.backlog.holds("C1")
    assert await noted(at) == set()
    await at.event(type="channel_archive", channel="C1", event_ts="7.0")
    assert len(await told(at)) == 2


async def test_archived_and_opened_again_before_anybody_was_told_is_no_news(at: Stage) -> None:
    await at.know()
    await at.event(type="channel_archive", channel="C1", event_ts="5.0")
    await at.event(type="channel_unarchive", channel="C1", event_ts="6.0")
    assert await told(at) == []


async def test_invited_again_it_listens_and_the_next_departure_is_news(at: Stage) -> None:
    await at.know()
    await at.event(type="member_left_channel", user="UBOT", channel="C1", event_ts="5.0")
    await told(at)
    await at.event(type="member_joined_channel", user="UBOT", channel="C1", inviter="U3", event_ts="6.0")
    assert at.house.backlog.holds("C1")
    assert await noted(at) == set()
    await at.event(type="member_left_channel", user="UBOT", channel="C1", event_ts="7.0")
    assert len(await told(at)) == 2


async def test_each_deal_of_a_channel_tells_its_own_people_only(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Secret Co", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}]))
    await at.event(type="channel_archive", channel="C1", event_ts="5.0")
    [ours], [theirs] = await told(at), await told(at, "U5")
    assert "Acme Outfitters" in ours
    assert "Secret" not in ours
    assert "Acme" not in theirs


@pytest.mark.parametrize("user", [user for user in WHO if user not in ("U1", "U2", "U5")])
async def test_nobody_from_outside_is_told_though_the_deal_names_them_as_its_rep(at: Stage, user: str) -> None:
    facts = {"UFOREIGN": {"team_id": "T2"}, "UGONE": {"deleted": True}, "UROBOT": {"is_bot": True}}.get(user, {"is_restricted": True})
    if user != "UNOBODY":
        at.slack.person(user, user, **facts)
    await at.know(acme(people=[*[one for one in PEOPLE if one["role"] != "rep"], {"id": user, "name": user, "role": "rep"}]))
    await at.event(type="channel_archive", channel="C1", event_ts="5.0")
    assert await told(at, user) == []
    assert at.slack.count("chat.postMessage") == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("not_in_channel", "no longer has me in it"),
        ("channel_not_found", "when a shared channel is disconnected"),
        ("is_archived", "was archived"),
    ],
)
async def test_what_happened_while_we_were_away_is_found_out_and_told_once(at: Stage, error: str, words: str) -> None:
    await at.know()
    async with at.house.store.writing() as s:
        await channels.note_seen(s, {"C1": "1793801000.000100"})
    for _ in range(2):
        at.slack.fail("conversations.history", Fault(error=error))
        at.house.backlog.add("C1")
        await caught_up(at.house)
    [text] = await told(at)
    assert words in text
    at.slack.say("U1", "C1", "good morning")
    at.house.backlog.add("C1")
    await caught_up(at.house)
    assert await noted(at) == set()


async def test_a_channel_that_was_never_heard_is_no_news(at: Stage) -> None:
    await at.know()
    at.slack.fail("conversations.history", Fault(error="not_in_channel"))
    at.house.backlog.add("C1")
    await caught_up(at.house)
    assert await told(at) == []


async def test_sharing_a_channel_asks_anew_who_its_people_are(at: Stage) -> None:
    await at.know()
    for user in ("U1", "U3", "UNKNOWN"):
        await user_of(at.house, user)
    await at.event(type="channel_shared", channel="C1", connected_team_id="T2", event_ts="5.0")
    assert {user for user in ("U1", "U3", "UNKNOWN") if at.house.users.get(user)} == {"U3"}
    assert await told(at) == []


async def test_a_channel_lost_by_the_end_of_sharing_is_told(at: Stage) -> None:
    await at.know()
    async with at.house.store.writing() as s:
        await channels.note_seen(s, {"C1": "1793811600.000100"})
    del at.slack.channels["C1"]
    await at.event(type="channel_unshared", channel="C1", previously_connected_team_id="T2", is_ext_shared=False, event_ts="5.0")
    await caught_up(at.house)
    [text] = await told(at)
    assert "is not shown to me by Slack any more" in text


async def test_all_that_is_remembered_of_a_channel_goes_with_its_new_id(at: Stage) -> None:
    known = await at.know()
    stored = await at.hear(known)
    house = at.house
    async with house.store.writing() as s:
        await channels.note_seen(s, {"C1": "1793811600.000100"})
    room = house.rooms.of("C1")
    failed = Change("said", Said("C1", "1793811700.000100", "hello", "U1"))
    house.seen.begin(failed)
    house.seen.failed(failed)
    house.handled.put(("C1", "1793811600.000100", ""), True)
    house.backlog.add("C1")
    at.slack.channel("C3", "impl-acme")
    assert await at.event(type="channel_id_changed", old_channel_id="C1", new_channel_id="C3", event_ts="5.0") == 200
    assert house.rooms.of("C3") is room
    assert house.handled.get(("C3", "1793811600.000100", ""))
    assert [change.said.channel for change in house.seen.again()] == ["C3"]
    assert house.seen.marks(lambda _: False) == {}
    assert (house.backlog.holds("C1"), house.backlog.holds("C3")) == (False, True)
    assert (await at.state(stored.id)).origin.channel == "C3"
    async with house.store.reading() as s:
        assert await channels.seen(s, "C3") == "1793811600.000100"
        assert await channels.seen(s, "C1") is None
    assert await at.event(type="channel_id_changed", old_channel_id="C3", new_channel_id="C1", event_ts="6.0") == 200
    async with house.store.reading() as s:
        assert await notes.current(s, "C3") == "C1"
        assert await notes.current(s, "C1") == "C1"
