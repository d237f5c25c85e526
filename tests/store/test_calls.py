"""Calls in the store: known once by their words, their turns in order and forgotten in time, names and meetings remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

from store import calls
from store.calls import New
from store.engine import Store
from store.sources.conversation import Conversation, Turn
from tests.store.samples import NOON, acme, save

TURNS = tuple(
    Turn(str(n), words, "Dana", datetime(2026, 11, 4, 9, n), name="Dana Ortiz", moment=f"{n}:00", email="dana@acme.example")
    for n, words in enumerate(("We start with 15", "a day", "no more\x00"), start=1)
)
CALL = Conversation("kickoff", "call", TURNS)


async def deal(store: Store) -> int:
    async with store.writing() as s:
        return (await save(s, acme())).id


async def test_a_call_is_known_once_and_its_turns_come_back_as_they_were(store: Store) -> None:
    key = calls.mark_of(CALL)
    assert key == calls.mark_of(Conversation("again", "call", (Turn("1", "we start  with 15 a day no more\x00"),)))
    for fresh in (True, False):
        async with store.writing() as s:
            call, new = await calls.bring(s, key, CALL, New("U3", "C1", "1.0", NOON, ("line 3: is no time",)), NOON)
        assert new is fresh
        assert (call.state, call.notes, call.place) == ("asked", ("line 3: is no time",), f"call:{call.id}")
    async with store.reading() as s:
        assert await calls.turns(s, call.id) == TURNS
        assert await calls.with_key(s, key) == await calls.get(s, call.id) == call
        assert await calls.get(s, call.id + 1) is None


async def test_whose_it_is_is_said_once(store: Store) -> None:
    number = await deal(store)
    async with store.writing() as s:
        call, _ = await calls.bring(s, "k", CALL, New("U3", None, None, NOON), NOON)
        assert await calls.settle(s, call.id, number)
        assert not await calls.settle(s, call.id, number)
        assert not await calls.settle(s, 99_999, number)
        settled = await calls.get(s, call.id)
    assert settled is not None
    assert settled.deal_id == number


async def test_a_message_that_is_edited_is_the_same_call_with_other_words(store: Store) -> None:
    other = Conversation("kickoff", "call", TURNS[:1])
    brought = New("U3", "C1", "1.0", NOON, ("line 3: is no time",))
    number = await deal(store)
    async with store.writing() as s:
        first, _ = await calls.bring(s, "k1", CALL, brought, NOON, again=True)
        await calls.settle(s, first.id, number)
        await calls.change(s, first.id, state="heard")
        elsewhere, _ = await calls.bring(s, "k0", CALL, New("U3", "C1", "2.0", NOON), NOON, again=True)
        again, fresh = await calls.bring(s, "k2", other, New("U3", "C1", "1.0", NOON), NOON, again=True)
        assert (again.id, again.key, again.state, again.deal_id, again.notes, fresh) == (first.id, "k2", "asked", number, (), False)
        assert await calls.turns(s, first.id) == TURNS[:1]
        assert await calls.turns(s, elsewhere.id) == TURNS
        known, _ = await calls.bring(s, "k0", CALL, brought, NOON, again=True)
        assert known.id == elsewhere.id  # its words are another call's already: both stay as they are
        assert await calls.turns(s, first.id) == TURNS[:1]
        await calls.change(s, first.id, state="left")
        _, fresh = await calls.bring(s, "k3", CALL, brought, NOON, again=True)
        assert fresh  # what was left alone stays so


async def test_words_are_forgotten_in_time_and_long_calls_fit(store: Store) -> None:
    long = Conversation("long", "call", tuple(Turn(str(n), f"word {n}") for n in range(1_234)))
    async with store.writing() as s:
        old, _ = await calls.bring(s, "old", CALL, New("U3", None, None, NOON), NOON - timedelta(days=8))
        new, _ = await calls.bring(s, "new", long, New("U3", None, None, NOON), NOON)
        assert await calls.drop_words(s, NOON - timedelta(days=7)) == 3
        assert await calls.turns(s, old.id) == ()
        assert [turn.key for turn in await calls.turns(s, new.id)] == [str(n) for n in range(1_234)]
        assert await calls.add_turns(s, new.id, [Turn("7", "other"), Turn("x", "more")], first=2_000) == 1
        await calls.drop_words_of(s, new.id)
        assert await calls.turns(s, new.id) == ()


async def test_names_and_meetings_are_remembered_the_latest_word_counting(store: Store) -> None:
    number = await deal(store)
    async with store.writing() as s:
        await calls.name(s, number, {"conf room 4b": "customer", "dan": "U1"}, "U3", NOON)
        await calls.name(s, number, {"dan": "U2"}, "U3", NOON)
        await calls.tie(s, "zoom:123", number, "U3", NOON)
        await calls.tie(s, "zoom:123", number, "U4", NOON)
        assert await calls.names(s, number) == {"conf room 4b": "customer", "dan": "U2"}
        assert await calls.meeting(s, "zoom:123") == number
        assert await calls.meeting(s, "zoom:124") is None
