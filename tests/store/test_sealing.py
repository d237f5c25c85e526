"""Words are encrypted where the installation has a key: nothing of them stands in the database, and keys can be changed over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from store import deals, examples, findings, installation, life, places
from store.clock_history import histories
from store.engine import Store, open_store
from store.locks import new_key
from store.reseal import reseal, sealed_columns
from store.sealing import NO_KEY, UNSEALED, WRONG_KEY, Seal, Unsealable
from store.tables import FindingRow
from tests.store.full import SAID, fill
from tests.store.raw import bytes_in
from tests.store.samples import NOON, low, said

KEY, NEXT = new_key(), new_key()


@pytest.fixture
async def sealed(url: str) -> AsyncIterator[Store]:
    """An open store with a key and everything in it."""
    store = open_store(url, [KEY])
    async with store.writing() as s:
        assert await installation.check_key(s, store.seal, NOON)
    await fill(store)
    yield store
    await store.close()


async def standing(store: Store) -> set[str]:
    """The places whose words can be found in the database as it lies there."""
    there = await asyncio.to_thread(bytes_in, store.url)
    return {place for place, words in SAID.items() if words.encode() in there}


async def first_quote(store: Store) -> str:
    async with store.reading() as s:
        return (await s.exec(select(FindingRow.quote).order_by(col(FindingRow.id)))).first() or ""


async def test_without_a_key_words_are_plain_and_with_one_none_can_be_found(store: Store, sealed: Store) -> None:
    assert await standing(sealed) == set()
    assert await first_quote(sealed) == SAID["quote"]


async def test_all_places_are_filled_by_the_sample(store: Store) -> None:
    await fill(store)
    assert await standing(store) == set(SAID)
    async with store.reading() as s:
        connection = await s.connection()
        for table in places.tables():
            for column in sealed_columns(table):
                assert (await connection.execute(select(column))).first(), f"{column} has no words in the sample"


async def test_what_looks_at_words_looks_at_the_opened_ones(sealed: Store) -> None:
    async with sealed.writing() as s:
        [known] = await deals.all_deals(s)
        [stored] = await findings.open_findings(s, known.id)
        [waiting] = (await histories(s, [known], "America/New_York"))[known.id].findings
        assert waiting.said == (stored.finding.said or stored.finding.quote[:120])
        assert await life.counted(s, known.id, low(quote=SAID["echo"]), said(2.0))
        assert not await life.counted(s, known.id, low(quote="other words"), said(2.0))
        echo = await life.latest_echo(s, stored.id)
        assert echo is not None
        assert echo.quote == SAID["echo"]
        [example] = await examples.of_deals(s)
        await examples.forget(s, example.origin.channel, example.origin.ts, unless=SAID["example"])
        assert await examples.of_deals(s) == [example]
        await examples.forget(s, example.origin.channel, example.origin.ts, unless="other words")
        assert await examples.of_deals(s) == []


async def test_a_comparison_that_would_be_wrong_in_sql_is_refused(store: Store) -> None:
    with pytest.raises(TypeError, match="compare them in Python"):
        select(FindingRow).where(FindingRow.quote == "words")
    select(FindingRow).where(FindingRow.quote != "")


async def test_old_rows_are_encrypted_and_made_plain_again(store: Store) -> None:
    await fill(store)
    with_key = open_store(store.url, [KEY])
    assert await first_quote(with_key) == SAID["quote"]
    assert await reseal(with_key, with_key.seal, NOON) > len(SAID)
    await store.flush_traces()
    assert await standing(with_key) == set()
    assert await first_quote(with_key) == SAID["quote"]
    assert await reseal(with_key, with_key.seal, NOON) == 0
    assert await reseal(with_key, UNSEALED, NOON) > len(SAID)
    assert await standing(store) == set(SAID)
    assert await first_quote(store) == SAID["quote"]
    await with_key.close()


async def test_a_key_is_changed_over(sealed: Store) -> None:
    both, new = open_store(sealed.url, [NEXT, KEY]), open_store(sealed.url, [NEXT])
    async with both.writing() as s:
        assert not await installation.check_key(s, both.seal, NOON)
    async with new.reading() as s:
        with pytest.raises(Unsealable, match="another key"):
            await installation.key_fits(s, new.seal)
    await reseal(both, both.seal, NOON)
    async with new.reading() as s:
        assert await installation.key_fits(s, new.seal)
    assert await first_quote(new) == SAID["quote"]
    for store in (both, new):
        await store.close()


@pytest.mark.parametrize(("keys", "sentence"), [([], NO_KEY), ([NEXT], WRONG_KEY)])
async def test_a_missing_or_wrong_key_is_told_in_one_sentence(sealed: Store, keys: list[str], sentence: str) -> None:
    other = open_store(sealed.url, keys)
    async with other.writing() as s:
        with pytest.raises(Unsealable) as refused:
            await installation.check_key(s, other.seal, NOON)
    assert str(refused.value) == sentence
    with pytest.raises(Unsealable, match="JUMPIN_KEY"):
        await first_quote(other)
    await other.close()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_words_come_back_as_they_were(words: str) -> None:
    for seal in (Seal(), Seal([KEY])):
        kept = seal.close(words)
        assert seal.open(kept) == words
        assert bool(kept) == bool(words)
        assert seal.is_current(kept)


@pytest.mark.parametrize("words", ["sealed:1:gAAAAAB", "sealed:0:x", "sealed:", "sealed:2:y"])
def test_words_that_look_sealed_are_only_words(words: str) -> None:
    for seal in (Seal(), Seal([KEY])):
        assert seal.open(seal.close(words)) == words


def test_a_key_stands_in_no_repr() -> None:
    assert KEY not in repr(Seal([KEY]))
