"""What is newly confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.playbook.clock.items import Item
from bot.playbook.clock.known import Known
from bot.playbook.clock.milestones import Milestone

FRESH = timedelta(days=6)
"""For so long something is new; a deal taken in later is not told its own past."""


def news(known: Known, line: tuple[Milestone, ...]) -> Iterator[Item]:
    """Items for what was confirmed lately."""
    fresh = known.today - FRESH
    for one in line:
        if one.state == "done" and one.done and one.done >= fresh:
            if one.key == "test-start":
                yield Item(
                    "confirmed:test-start", "confirmed", "confirmed", "First pickup confirmed", one.done, one.done, detail=one.evidence
                )
            elif one.key.startswith("pickup-"):
                title = f"{one.title} confirmed"
                yield Item(f"confirmed:{one.key}", "confirmed-too", "confirmed", title, one.done, one.done, detail=one.evidence)
    for event in known.history.happened:
        if event.kind in ("volume", "ramp-affirmed") and fresh <= event.day <= known.today:
            title = "Volume confirmed" if event.kind == "volume" else "Ramp affirmed"
            key = f"confirmed:{event.kind}:{event.day}"
            yield Item(key, "confirmed-too", "confirmed", title, event.day, event.day, detail=event.evidence)
