"""`jumpin why`: any message by channel and ts or by its link, from Slack or from the store, and each refusal in one sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.commands.trouble import Trouble
from bot.commands.why import Place, place_of
from tests.commands.conftest import Jumpin, Ran
from tests.handlers.telling import Stage, stage
from tests.handlers.test_why import LOW, everything, hears
from tests.live.fake_slack import TOKEN, Fault


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


Why = Callable[..., Awaitable[Ran]]


@pytest.fixture
def why(at: Stage, jumpin: Jumpin) -> Why:
    async def run(*words: str, token: str = TOKEN) -> Ran:
        surroundings = {"DATABASE_URL": at.house.store.url, "SLACK_BOT_TOKEN": token, "SLACK_API_URL": at.slack.base_url}
        return await asyncio.to_thread(jumpin, "why", *words, **surroundings)

    return run


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("C0123ABC", "1793811600.000100"), Place("C0123ABC", "1793811600.000100")),
        (("C0123ABC", "p1793811600000100"), Place("C0123ABC", "1793811600.000100")),
        (("https://x.slack.com/archives/C1/p1793811600000100", None), Place("C1", "1793811600.000100")),
        (
            ("https://x.slack.com/archives/C1/p1793811600000100?thread_ts=1793811500.000200&cid=C1", None),
            Place("C1", "1793811600.000100", "1793811500.000200"),
        ),
    ],
)
def test_a_message_is_named_by_its_ts_or_its_link(words: tuple[str, str | None], place: Place) -> None:
    assert place_of(*words) == place


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("impl-acme", "1793811600.000100"), "impl-acme is not a channel's id: it looks like C0123ABC"),
        (("C1", "yesterday"), "yesterday is not a message's ts: it looks like 1793811600.000100"),
        (("C1", "1793811600"), "1793811600 is not a message's ts"),
        (("C1", None), "Name the message by its channel's id and its ts"),
        (("https://x.slack.com/", None), "Name the message by its channel's id and its ts"),
        (("https://x.slack.com/archives/C1/p17", None), "p17 is not a message's ts"),
    ],
)
def test_what_names_no_message_is_told_in_a_sentence(words: tuple[str, str | None], sentence: str) -> None:
    with pytest.raises(Trouble, match=sentence.replace("(", r"\(")):
        place_of(*words)


async def test_a_message_is_explained_as_it_stands_with_what_came_of_it_and_nothing_is_changed(at: Stage, why: Why) -> None:
    await at.know()
    parent = at.slack.say("U2", "C1", "how many packages a day will you start with?")
    ts = at.slack.say("U1", "C1", LOW, thread_ts=parent)
    await hears(at, ts)
    before = await everything(at)
    ran = await why("C1", ts)
    assert (ran.status, ran.err) == (0, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0].startswith("Acme Outfitters · Dana Ortiz (customer) · Wed 4 Nov 2026 09:16")
    assert lines[1] == LOW
    whole = " ".join(lines)
    assert "said proposes a volume = 15 packages a shipping day, 90% under the agreed test volume 150/day" in whole
    assert "raised Lower starting volume, direct message now" in whole
    assert "terms held against: test volume 150/day (2 Nov - 15 Nov)" in whole
    assert "recorded Lower starting volume: it is open a direct message is on its way to Riley Chen (U3)" in whole
    assert await everything(at) == before
    link = f"https://carrier.slack.com/archives/C1/p{ts.replace('.', '')}?thread_ts={parent}&cid=C1"
    assert (await why(link)).out == ran.out


async def test_without_a_token_or_a_message_what_was_recorded_is_told(at: Stage, why: Why) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await hears(at, ts)
    ran = await why("C1", ts, token="")
    assert ran.status == 0
    assert "SLACK_BOT_TOKEN is missing" in ran.err
    assert "Lower starting volume: it is open" in ran.out
    at.slack.messages["C1"].clear()
    ran = await why("C1", ts)
    assert (ran.status, "it was deleted" in ran.err, "Lower starting volume: it is open" in ran.out) == (0, True, True)


async def test_what_cannot_be_told_is_one_sentence_with_the_next_step(at: Stage, why: Why) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    for words, token, sentence in (
        (("C9", ts), TOKEN, "C9 is linked to no deal"),
        (("C1", "1500000000.000100"), TOKEN, "That message is not there"),
        (("C1", ts), "", "SLACK_BOT_TOKEN is missing"),
        (("C1", ts), "xoxb-wrong", "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)"),
    ):
        ran = await why(*words, token=token)
        assert (ran.status, ran.out) == (2, "")
        assert sentence in ran.err
    at.slack.fail("conversations.history", Fault(status=503), Fault(status=503))
    assert "Slack did not answer" in (await why("C1", ts)).err
    at.slack.channels["C1"]["is_member"] = False
    assert "type /invite @Jump-In there" in (await why("C1", ts)).err
