"""What is remembered of deals and their findings is what a fresh look says, whatever has happened since."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import get_args

from bot.ledger import Agreement
from bot.playbook.book import NOTHING, Entry
from handlers.findings.shelf import Shelf
from store import book, deals, findings
from store.records import FindingState
from tests.handlers.telling import acme, stage


async def test_it_says_what_a_fresh_count_says(tmp_path: Path) -> None:
    chance = random.Random(4)
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as at:
        known = [await at.know(acme(customer=f"Customer {number}", channels=[])) for number in range(4)]
        ids, shelf, since = [one.id for one in known], Shelf(), at.clock.now() - timedelta(days=1)
        raised = []
        for step in range(40):
            if step % 2 or not raised:
                raised.append(await at.hear(chance.choice(known), said_per_day=(float(step), float(step + 5))))
            else:
                async with at.house.store.writing() as s:
                    state = chance.choice(get_args(FindingState))
                    await findings.change(s, chance.choice(raised).id, state, by="U3", now=at.clock.now())
            if step == 30:
                since = at.clock.now()
            asked = ids if step % 3 else ids[:2]
            async with at.house.store.reading() as s:
                fresh = await book.standings(s, asked, since)
                remembered = await shelf.standings(s, asked, since)
            assert remembered == {number: fresh.get(number, NOTHING) for number in asked}


async def test_terms_that_have_changed_show_at_once_and_what_has_not_changed_is_kept(tmp_path: Path) -> None:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as at:
        shelf, today = Shelf(), at.clock.now().date()
        known, other = [await at.know(acme(customer=name, channels=[])) for name in ("Customer", "Other")]

        async def entries(user: str = "U3") -> dict[int, Entry]:
            async with at.house.store.reading() as s:
                found = await shelf.deals_of_person(s, user)
                fresh = {one.id: one.deal for one in await deals.deals_of_person(s, user)}
            assert found == fresh
            return {number: shelf.entry(number, deal, today, NOTHING) for number, deal in found.items()}

        before = await entries()
        changed = acme(customer="Customer", channels=[], test={"volume_per_day": 120, "starts": "2026-11-02", "weeks": 3})
        async with at.house.store.writing() as s:
            await deals.save_deal(s, changed, by="U3", source="test", now=at.clock.now())
        after = await entries()
        assert (before[known.id].deal.test_days, after[known.id].deal.test_days) == (14, 21)
        assert after[other.id] is before[other.id]
        async with at.house.store.writing() as s:
            version = await deals.terms_version(s, other.id)
            wish = deals.Wish({"billing": "monthly"}, Agreement(today, "Riley", "Dana"), version)
            await deals.amend(s, other.id, wish, deals.Entry("U3", "test", at.clock.now()))
        assert (await entries())[other.id].deal.billing == "monthly"
        without = [person for person in changed.people if person.id != "U3"]
        async with at.house.store.writing() as s:
            gone = changed.model_copy(update={"people": tuple(without)})
            await deals.save_deal(s, gone, by="U3", source="test", now=at.clock.now())
        assert set(await entries()) == {other.id}
