"""A channel of several deals: names, speakers and threads decide whose talk it is, and what nothing decides is said to be open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.deal import Person
from handlers.hearing import catch_up
from store import channels, deals
from store.records import StoredFinding
from templates.blocks import AlertView, alert
from tests.handlers.conftest import PEOPLE, Bot, acme, ts
from tests.live.block_kit import texts

LOW = "let's start with 15 a day"
SAM = Person(id="USAM", name="Sam", role="rep")
BEA = Person(id="UBEA", name="Bea", role="customer")
LEE = Person(id="ULEE", name="Lee", role="customer")
LINE = "This channel belongs to more than one deal, and the message does not say which is meant."


@pytest.fixture
async def two(bot: Bot) -> Bot:
    """Acme of Riley's, and Bolt of Sam's, in one channel; Dana speaks for Acme, Bea for Bolt, Lee for both."""
    for user in ("UBEA", "ULEE"):
        bot.web.users[user] = {"team_id": "TBOTH"}
    bot.web.users["USAM"] = {"team_id": "TOWN"}
    await bot.import_deal(acme(people=(*PEOPLE, LEE)))
    await bot.import_deal(acme(customer="Bolt Bikes", people=(SAM, BEA, LEE, PEOPLE[1]), brands=("Pedalo",)))
    return bot


async def found(bot: Bot) -> dict[str, list[bool]]:
    """Customer -> whether each of its findings is ambiguous."""
    both = {customer: await bot.findings(customer) for customer in ("Acme", "Bolt Bikes")}
    return {customer: [one.finding.ambiguous for one in theirs] for customer, theirs in both.items() if theirs}


async def asked(bot: Bot) -> set[str]:
    return {errand.recipient for errand in await bot.errands() if errand.kind == "alert"}


@pytest.mark.parametrize(
    ("user", "text", "whose"),
    [
        ("UDANA", LOW, {"Acme": [False]}),
        ("UBEA", LOW, {"Bolt Bikes": [False]}),
        ("ULEE", f"For Acme {LOW}", {"Acme": [False]}),
        ("ULEE", f"Bolt Bikes: {LOW}", {"Bolt Bikes": [False]}),
        ("ULEE", f"For Pedalo {LOW}", {"Bolt Bikes": [False]}),
        ("ULEE", LOW, {"Acme": [True], "Bolt Bikes": [True]}),
        ("UFOREIGN", f"For Acme {LOW}", {"Acme": [False]}),
        ("UFOREIGN", LOW, {"Acme": [True], "Bolt Bikes": [True]}),
    ],
)
async def test_whose_talk_it_is(two: Bot, user: str, text: str, whose: dict[str, list[bool]]) -> None:
    assert await two.says(user, text) == 200
    assert await found(two) == whose
    assert await asked(two) == {{"Acme": "URILEY", "Bolt Bikes": "USAM"}[customer] for customer in whose}


async def test_a_thread_keeps_the_deal_of_its_parent(two: Bot) -> None:
    await two.says("UIVAN", "Bolt Bikes: how many a day at first?", at=-900)
    await two.says("ULEE", LOW, thread_ts=ts(-900))
    assert await found(two) == {"Bolt Bikes": [False]}


async def test_a_thread_is_looked_up_when_its_parent_was_not_heard(two: Bot) -> None:
    two.web.said["CACME"] = [{"ts": ts(-900), "user": "UIVAN", "text": "Bolt Bikes: how many a day at first?", "reply_count": 1}]
    await two.says("ULEE", LOW, thread_ts=ts(-900))
    await two.says("ULEE", "sorry, 12 a day at first", at=30, thread_ts=ts(-900))
    assert set(await found(two)) == {"Bolt Bikes"}


async def test_a_thread_that_slack_does_not_show_leaves_it_open(two: Bot) -> None:
    two.web.fail("conversations.replies", error="fatal_error")
    await two.says("ULEE", LOW, thread_ts=ts(-900))
    assert await found(two) == {"Acme": [True], "Bolt Bikes": [True]}


async def test_another_name_in_a_thread_leaves_it_between_both(two: Bot) -> None:
    await two.says("UIVAN", "Bolt Bikes: how many a day at first?", at=-900)
    await two.says("ULEE", f"Acme as well, {LOW}", thread_ts=ts(-900))
    assert await found(two) == {"Acme": [True], "Bolt Bikes": [True]}


async def test_an_edit_that_names_the_deal_takes_it_off_the_other(two: Bot) -> None:
    await two.says("ULEE", LOW)
    assert set(await found(two)) == {"Acme", "Bolt Bikes"}
    await two.edits("ULEE", LOW, f"Bolt Bikes: {LOW}")
    assert await found(two) == {"Bolt Bikes": [False]}
    changed = {errand.recipient for errand in await two.errands() if errand.kind == "update"}
    assert "URILEY" in changed


async def test_an_edit_in_one_deal_leaves_the_other_deals_finding_of_the_same_kind_alone(two: Bot) -> None:
    await two.says("UDANA", LOW, at=-60)
    await two.says("UBEA", LOW)
    await two.edits("UBEA", LOW, "let's start with 150 a day")
    assert await found(two) == {"Acme": [False]}


async def test_what_is_said_of_one_deal_is_no_context_of_the_other(two: Bot) -> None:
    await two.says("UIVAN", "Acme: fine so far", at=-20)
    await two.says("UIVAN", "Bolt Bikes: how many packages a day will you start with?", at=-10)
    await two.says("UDANA", "thanks", at=-5)
    async with two.house.store.reading() as s:
        first, second = [known.id for known in await deals.deals_of_channel(s, "CACME")]
    held = {number: [one.text for one in talk._said.values()] for number, talk in two.house.rooms.of("CACME").talks.items()}
    assert held[first] == ["Acme: fine so far", "thanks"]
    assert held[second] == ["Bolt Bikes: how many packages a day will you start with?"]


async def test_context_fetched_after_a_restart_is_sorted_the_same(two: Bot) -> None:
    two.web.said["CACME"] = [
        {"ts": ts(-20), "user": "UIVAN", "text": "Acme: fine so far"},
        {"ts": ts(-10), "user": "UIVAN", "text": "Bolt Bikes: how many a day?"},
        {"ts": ts(-8), "user": "UIVAN", "text": "morning all"},
    ]
    await two.says("ULEE", "hello")
    held = [[one.text for one in talk._said.values()] for talk in two.house.rooms.of("CACME").talks.values()]
    assert held == [["Acme: fine so far", "morning all", "hello"], ["Bolt Bikes: how many a day?", "morning all", "hello"]]


async def test_missed_messages_are_sorted_too(two: Bot) -> None:
    async with two.house.store.writing() as s:
        await channels.note_seen(s, {"CACME": ts(-60)})
    two.web.said["CACME"] = [
        {
            "ts": ts(-30),
            "user": "UIVAN",
            "text": "Bolt Bikes: how many at first?",
            "thread_ts": ts(-30),
            "reply_count": 1,
            "latest_reply": ts(-10),
        },
        {"ts": ts(-10), "user": "ULEE", "text": LOW, "thread_ts": ts(-30)},
    ]
    assert await catch_up.catch_up(two.house, "CACME") == 2
    assert await found(two) == {"Bolt Bikes": [False]}


async def test_a_deal_alone_in_its_channel_asks_nothing_and_sorts_nothing(bot: Bot) -> None:
    await bot.says("UFOREIGN", f"Bolt Bikes: {LOW}")
    (only,) = await bot.findings()
    assert only.finding.ambiguous is False
    assert bot.house.rooms.of("CACME").sorter is None


async def test_said_again_clearly_it_is_open_no_more(two: Bot) -> None:
    await two.says("ULEE", LOW)
    await two.says("ULEE", f"for Acme {LOW}", at=60)
    assert (await found(two))["Acme"] == [False]


async def test_a_deleted_message_of_a_channel_unlinked_since_takes_its_words_along(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    await bot.import_deal(acme(channels=()))
    assert await bot.deletes() == 200
    assert await bot.findings() == []
    assert await bot.deletes(at=5) == 200
    assert bot.counted("deleted") == 1
    assert bot.counted("unlinked") == 1


def shown(stored: StoredFinding, **other: Any) -> Iterator[str]:
    view = AlertView(stored.finding, acme(), stored.id, "ULEE", "Lee", "CACME", stored.origin.said_at, **other)
    return texts(alert(view).blocks)


async def test_the_dm_says_that_it_is_open_and_names_no_other_customer(two: Bot) -> None:
    await two.says("ULEE", LOW)
    (ours,) = await two.findings("Acme")
    told = list(shown(ours))
    assert LINE in told
    assert "Bolt" not in " ".join(told)
    await two.says("UBEA", "we will do 12 a day for now", at=60)
    (theirs,) = [one for one in await two.findings("Bolt Bikes") if not one.finding.ambiguous]
    assert LINE not in list(shown(theirs))
