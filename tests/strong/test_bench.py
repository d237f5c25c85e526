"""The measuring of a strong reader runs from end to end; what it would measure is for whoever has one."""

from __future__ import annotations

import json
from typing import Any

from bot.strong.reader import StrongReader
from tests.bench.strong import measured
from tests.bench.talk import conversations
from tests.strong.fake_endpoint import Reply, fake_endpoint, says


def agreeing(asked: dict[str, Any]) -> Reply:
    """An endpoint that confirms whatever it is asked."""
    question = json.loads(asked["messages"][1]["content"])
    candidates = [{"id": one["id"], "verdict": "confirm", "quote": question["message"]["text"]} for one in question["candidates"]]
    return says({"candidates": candidates, "findings": []})


async def test_it_measures() -> None:
    talks = conversations()[:12]
    async with fake_endpoint() as endpoint:
        endpoint.always = agreeing
        strong = StrongReader(endpoint.address)
        found = await measured(talks, lambda _author: None, strong)
        await strong.close()
    summary = found.summary()
    assert summary["exchanges"]["answered"] == len(endpoint.asked) > 0
    assert summary["rulings"].keys() <= {"confirmed", "unchanged"}
    ids = {talk.id for talk in talks}
    assert all(json.loads(line)["conversation"] in ids for line in found.lines)
    assert not any(json.loads(line)["urgency"] == "digest" for line in found.lines) or summary["rulings"].get("unchanged")
