"""Files dropped in Slack: only our own people's, fetched once and from Slack alone, and offered to the takers in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from handlers.files.dropped import LARGEST, Drop
from handlers.files.fetch import Unfetched, facts_of, fetched, is_slacks
from templates.dropped import WANTED
from templates.kit import Message, section
from tests.handlers.doors import SHUT_OUT, with_outsiders
from tests.handlers.telling import Stage, stage
from tests.live.block_kit import mistakes, texts

REP = "U3"


@dataclass
class Taker:
    """Takes whatever begins with a word of its own; tells what it was given."""

    word: bytes = b"MINE"
    taken: list[tuple[Drop, bytes]] = field(default_factory=list)
    fails: int = 0

    def recognises(self, head: bytes, name: str) -> bool:
        return head.startswith(self.word)

    async def take(self, drop: Drop) -> Message | None:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("stumbled")
        self.taken.append((drop, await asyncio.to_thread(drop.path.read_bytes)))
        return Message("Taken", [section("Taken")]) if drop.in_dm else None


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        await there.know()
        yield there


@pytest.fixture
def taker(at: Stage) -> Taker:
    made = Taker()
    at.house.file_takers[:] = [Taker(b"OTHER"), made]
    return made


async def drops(at: Stage, user: str = REP, channel: str = "C1", file: str = "F1", **more: Any) -> None:
    """Somebody shares a file, and Slack sends both of its events."""
    ts = at.slack.say(user, channel, "")
    shared = {"subtype": "file_share", "files": [{"id": file, "mode": "file_access", "file_access": "check_file_info"}], **more}
    await at.message_event(channel=channel, user=user, text="", ts=ts, **shared)
    assert await at.event(type="file_shared", channel_id=channel, file_id=file, user_id=user, event_ts=ts) == 200


async def told(at: Stage, user: str = REP) -> list[str]:
    """All that the courier has to say to somebody."""
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


async def test_a_file_is_taken_once_whatever_events_come(at: Stage, taker: Taker) -> None:
    at.slack.file("F1", "kickoff.txt", b"MINE 15 a day")
    for _ in range(2):
        await drops(at)
    assert await told(at) == []
    [(drop, content)] = taker.taken
    assert content == b"MINE 15 a day"
    assert (drop.name, drop.by, drop.channel, drop.size) == ("kickoff.txt", REP, "C1", 13)
    assert [known.deal.customer for known in drop.deals] == ["Acme Outfitters"]
    assert not drop.path.exists()
    assert at.slack.fetched == ["Bearer xoxb-fake"]


async def test_in_the_direct_messages_the_taker_answers(at: Stage, taker: Taker) -> None:
    at.slack.file("F1", "kickoff.txt", b"MINE")
    await drops(at, channel="DU3")
    assert await told(at) == ["Taken"]
    [(drop, _)] = taker.taken
    assert drop.deals == ()


async def test_what_nobody_takes_is_told_in_direct_messages_and_passed_over_in_channels(at: Stage, taker: Taker) -> None:
    at.slack.file("F1", "holiday.txt", b"a poem")
    await drops(at)
    assert await told(at) == []
    await drops(at, channel="DU3")
    [answer] = await told(at)
    assert answer.startswith("I can't use “holiday.")
    assert WANTED in answer


async def test_whoever_writes_to_the_bot_is_told_once_a_day_what_it_answers_to(at: Stage) -> None:
    for user in (REP, "U1"):
        for text in ("hi", "are you there?"):
            await at.says(user, text, f"D{user}")
    [answer] = await told(at)
    assert answer.startswith("I answer to commands and files, not to chat.")
    assert await told(at, "U1") == []
    at.clock.ahead(days=1)
    await at.says(REP, "hello", "DU3")
    assert len(await told(at)) == 2


@pytest.mark.parametrize("mime", ["image/png", "video/mp4", "audio/mp4"])
async def test_pictures_and_recordings_are_not_even_fetched(at: Stage, taker: Taker, mime: str) -> None:
    at.slack.file("F1", "call.mp4", b"MINE", mimetype=mime)
    await drops(at)
    await drops(at, channel="DU3")
    assert len(await told(at)) == 1
    assert at.slack.fetched == []


@pytest.mark.parametrize("user", [user for user, _ in SHUT_OUT.values()], ids=list(SHUT_OUT))
@pytest.mark.parametrize("channel", ["C1", "D"])
async def test_files_of_others_are_left_alone(at: Stage, taker: Taker, user: str, channel: str) -> None:
    await with_outsiders(at)
    at.slack.file("F1", "kickoff.txt", b"MINE")
    await drops(at, user, channel if channel == "C1" else f"D{user}")
    answers = await told(at, user)
    if channel == "D" and user in ("U2", "U5"):  # our own, and their own direct messages
        assert answers == ["Taken"]
        return
    assert answers == []
    assert taker.taken == []
    assert at.slack.count("files.info") == 0


async def test_whoever_leaves_the_company_before_the_file_is_fetched_is_not_served(at: Stage, taker: Taker) -> None:
    at.slack.file("F1", "kickoff.txt", b"MINE")
    await drops(at)
    at.slack.person(REP, "Riley Chen", deleted=True)
    at.house.asked_lately.clear()
    assert await told(at) == []
    assert taker.taken == []


async def test_a_file_in_a_channel_of_no_deal_is_nobodys_business(at: Stage, taker: Taker) -> None:
    at.slack.file("F1", "kickoff.txt", b"MINE")
    await drops(at, channel="C9")
    assert await told(at) == []
    assert at.slack.count("files.info") == 0


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"size": LARGEST + 140_000_000}, "is 240 MB large; I read files of up to 100 MB"),
        ({"url_private_download": "https://evil.example/files/F1"}, "lies with another service"),
        ({"moved": "https://evil.example/files/F1"}, "lies with another service"),
        ({"is_external": True}, "lies with another service"),
        ({"mode": "tombstone"}, "was deleted before I could read it"),
        ({"moved": "/files/F9"}, "was deleted before I could read it"),
        ({"moved": "/files/F1"}, "Slack does not let me open"),
    ],
)
async def test_what_cannot_be_had_is_said_in_one_sentence_and_the_token_goes_nowhere_else(
    at: Stage, taker: Taker, facts: dict[str, Any], said: str
) -> None:
    at.slack.file("F1", "kickoff.vtt", b"MINE", **facts)
    await drops(at)
    [answer] = await told(at)
    assert said in answer
    assert taker.taken == []
    assert set(at.slack.fetched) <= {"Bearer xoxb-fake"}


async def test_a_file_larger_than_it_declares_is_cut_off(at: Stage) -> None:
    at.slack.file("F1", "kickoff.vtt", b"MINE" * 300, size=10)
    facts = await facts_of(at.house, "F1", "C1")
    with pytest.raises(Unfetched, match="too-large"):
        async with fetched(at.house, facts, largest=1_000):
            pytest.fail("it was let in")


async def test_a_taker_that_stumbles_gets_another_try_and_then_it_is_said(at: Stage, taker: Taker) -> None:
    taker.fails = 3
    at.slack.file("F1", "kickoff.txt", b"MINE")
    await drops(at)
    answers = []
    for _ in range(3):
        answers = await told(at)
        at.clock.ahead(seconds=200)
    assert ["Something went wrong while I read" in one for one in answers] == [True]
    assert taker.taken == []


async def test_no_direct_message_waits_for_a_file(at: Stage, taker: Taker) -> None:
    waits, goes_on = asyncio.Event(), asyncio.Event()

    class Slow(Taker):
        async def take(self, drop: Drop) -> Message | None:
            waits.set()
            await goes_on.wait()
            return None

    at.house.file_takers[:] = [Slow()]
    at.slack.file("F1", "kickoff.txt", b"MINE")
    await drops(at)
    async with at.courier(), asyncio.timeout(20):
        await waits.wait()
        stored = await at.hear(await at.know())
        assert [errand.state for errand in await at.told(stored.id)] == ["sent"]
        goes_on.set()


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.vtt", True),
        ("https://carrier.slack.com/files/x", True),
        ("https://files.slack-gov.com/x", True),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com:8443/x", False),
        ("https://files.slack.com@evil.example/x", False),
        ("https://me@files.slack.com/x", False),
        ("https://evilslack.com/x", False),
        ("https://slack.com.evil.example/x", False),
        ("https://169.254.169.254/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
async def test_the_token_goes_to_slacks_own_hosts_alone(at: Stage, url: str, ours: bool) -> None:
    at.house.slack = AsyncWebClient(token="x", base_url="https://slack.com/api/")
    assert is_slacks(at.house, url) is ours
