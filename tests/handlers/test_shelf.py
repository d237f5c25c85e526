"""What is remembered of deals' findings is what a fresh count says, whatever has happened since."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import get_args

from bot.playbook.book import NOTHING
from handlers.findings.shelf import Shelf
from store import book, findings
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
