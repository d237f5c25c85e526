"""A deal whose every text is hostile, shown at every door: Slack takes all of it, and nothing in it links, pings, formats or runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.knocks import ROWS, Visit
from tests.handlers.telling import PEOPLE, stage
from tests.handlers.test_doors import SHUT, shown, visit
from tests.live.block_kit import home_mistakes, mistakes

MARKUP = "<!channel> <@UEVIL> <https://evil.example|your bank> *b* `c` {{ 7*7 }} {% for x in y %} @here &amp; \u202eabc\u200b =1+1 "
ROOM = '&<>"🙂' * 100
"""Grows where it is made harmless, and fills all there is room for."""

TOKEN = re.compile(r"<([^<>]*)>")
OURS = re.compile(r"@U(?!EVIL)[A-Z0-9]+|#C[A-Z0-9]+(\|[^|]*)?|!date\^[^|]*\|.*|https://carrier\.slack\.com/[^|]*\|[^|]*")
MARKED = re.compile(r"[\u200b\u202e]|\*b\*|`c`|@here")
REFUSED = frozenset({"invalid_blocks", "invalid_arguments", "no_text"})
"""What Slack says to what it does not take."""


def terms(text: str, many: int) -> dict[str, Any]:
    """All that somebody can write into a deal file, as long as it may be."""
    deal_words, notes = [f"{n} {text}"[:200] for n in range(many)], [f"{n} {text}"[:500] for n in range(many)]
    return {
        "customer": f"Acme Outfitters {text}"[:200].strip(),
        "people": [{**one, "name": f"{one['name']} {text}"[:200]} for one in PEOPLE],
        "services": [{"service": note, "lane": text[:500], "days": [1, 2], "note": text[:500]} for note in notes],
        "price": [{"service": note, "per_package": 4.85, "note": text[:500]} for note in notes],
        "pickup": {"days": text[:500], "time": "16:00"},
        "billing": text[:500],
        "brands": deal_words,
        "trade": text[:80],
        "state": "<!here>",
        "calls": [{"at": f"2026-11-{5 + n % 20:02}T15:00", "title": words} for n, words in enumerate(deal_words)],
        "test": {"volume_per_day": 150, "starts": "2026-11-02", "success": notes},
        "amendments": [{"term": "billing", "new": text[:500], "effective": "2026-11-01", "ours": text[:200], "theirs": text[:200]}],
    }


@pytest.mark.parametrize(("text", "many"), [(MARKUP, 3), (ROOM, 8), (MARKUP * 4, 200)], ids=["markup", "no room", "no end"])
async def test_every_door_shows_a_hostile_deal_as_it_is(tmp_path: Path, text: str, many: int) -> None:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        at = await visit(there, **terms(text, many))
        for person in there.slack.people.values():
            person["real_name"] = person["profile"]["real_name"] = f"{person['real_name']} {text}"[:80]
        there.house.users.clear()
        for scenario in ("contradiction", "strategic-question"):
            subject = "billing" if scenario == "contradiction" else None
            await there.hear(at.known, scenario, subject=subject, quote=text, why=text, said=text[:80], agreed=text[:80])
        told = [shown(at, None)]
        for row in ROWS:
            told.append(shown(at, await row.knock(at, "U3", True)))
            assert SHUT not in str(told[-1]), row
        for user in ("U3", "U4"):
            home = await there.opens_home(user)
            assert home_mistakes(home) == []
            told.append([home])
        async with there.courier() as courier:
            await courier.drain()
        told += said_by_us(at)
        assert [one for one in told if list(live(one))] == []
        assert [line for line in there.logged if line.get("exc_info") or line.get("error") in REFUSED] == []


def said_by_us(at: Visit) -> list[list[Any]]:
    """All messages of the bot."""
    messages = [one for channel in at.at.slack.messages.values() for one in channel if one.get("bot_id")]
    assert len(messages) >= 3
    for one in messages:
        assert mistakes(one["blocks"]) == []
    return [messages]


def live(part: Any) -> Iterator[str]:
    """What Slack would take for markup, though it is not ours; and what a template would have made of it."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn" or "blocks" in part:
            words = str(part.get("text", ""))
            yield from (one for one in TOKEN.findall(words) if not OURS.fullmatch(one))
            yield from MARKED.findall(words) if part.get("type") == "mrkdwn" else ()
        for value in part.values():
            yield from live(value)
    elif isinstance(part, list):
        for value in part:
            yield from live(value)
    elif isinstance(part, str) and re.search(r"\b49\b", part):
        yield part
