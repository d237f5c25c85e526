"""Stories of deals as data: what happened, and what the rep's work is on some days."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playbook.clock.due import due
from bot.playbook.clock.rehearsal import Scene, known_before
from store.sources.events_file import parse_events
from store.sources.plain import load
from templates.daily import figures, where
from tests.clock.deals import START, at, deal, on

PLACE = Path("tests/clock/stories.yml")
STORIES: Any = load(PLACE.read_text(encoding="utf-8"), PLACE.name)


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str) -> None:
    story = STORIES[name]
    of = deal(**story.get("deal", {}))
    events = parse_events(json.dumps(story.get("events", [])), "events.json", of)
    assert events.mistakes == ()
    scene = Scene(of, events.beats, since=START - timedelta(days=1))
    for number, expected in story["days"].items():
        today = on(int(number))
        there = due(of, *known_before(scene, today), at(today))
        told = {
            "items": [f"{item.state}: {item.title}" for item in there.items],
            "where": where(there),
            "figures": figures(there),
            "next": f"{there.next.title}, {there.next.due:%d %b}" if there.next else None,
            "ramp": f"{there.ramping.status}, rung {there.ramping.rung}",
        }
        assert {name: told[name] for name in expected} == expected, number
