"""Notes for the managers' workshop in the store."""

from __future__ import annotations

from datetime import date

from bot.playbook.workshop import Note
from store import workshop
from store.engine import Store
from tests.store.samples import NOON

DAY = date(2026, 11, 2)


async def test_notes_of_a_form_are_kept_once_and_read_by_day(store: Store) -> None:
    plus, delta = Note("plus", "works", DAY, "U4"), Note("delta", "late data \x00", date(2026, 11, 5), "U7")
    for fresh in (2, 0):
        async with store.writing() as s:
            assert await workshop.note(s, [plus, delta], "form:1", NOON) == fresh
    async with store.writing() as s:
        assert await workshop.note(s, [plus], "form:2", NOON) == 1
        assert await workshop.note(s, [], "form:3", NOON) == 0
    async with store.reading() as s:
        assert await workshop.notes(s, DAY, DAY) == [plus, plus]
        assert [one.words.strip("\ufffd \x00") for one in await workshop.notes(s, date(2026, 11, 3), date(2026, 11, 5))] == ["late data"]
