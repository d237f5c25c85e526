"""The numbers in a few lines for Home: counted beside it, once an hour for those who have it open, for Home itself must not wait."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.house import House
from handlers.numbers.figures import Figures
from store import deal_people
from templates.numbers.words import in_short


async def count(house: House, people: Sequence[str]) -> bool:
    """Count anew for those of these people whose numbers are not known, or too old; whether there were any."""
    figures = Figures(house)
    new = False
    for user_id in people:
        async with house.store.reading() as s:
            key = user_id, tuple(sorted(await deal_people.names(s, user_id)))
        if not key[1] or house.short.get(key) is not None:
            continue
        there = await figures.of(user_id)
        if there is not None:
            house.short.put(key, in_short(await figures.numbers(there, {})))
            new = True
    return new
