"""What is newly confirmed, and how the volume compares on days 30, 60 and 90."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.playbook.arithmetic import materially_below
from bot.playbook.clock.evidence import mean
from bot.playbook.clock.items import Item
from bot.playbook.clock.known import Known
from bot.playbook.clock.milestones import Milestone

FRESH = timedelta(days=6)
"""For so long something is new; a deal taken in later is not told its own past."""


def news(known: Known, line: tuple[Milestone, ...]) -> Iterator[Item]:
    """Items for what was confirmed lately, and for variances that fall short."""
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
            elif one.key.startswith("variance-"):
                yield from _variance(known, one)
    for event in known.history.happened:
        if event.kind in ("volume", "ramp-affirmed") and fresh <= event.day <= known.today:
            title = "Volume confirmed" if event.kind == "volume" else "Ramp affirmed"
            key = f"confirmed:{event.kind}:{event.day}"
            yield Item(key, "confirmed-too", "confirmed", title, event.day, event.day, detail=event.evidence)


def _variance(known: Known, one: Milestone) -> Iterator[Item]:
    actual = mean(known, one.due - timedelta(days=1))
    if actual is not None and materially_below((actual, actual), known.plan.agreed_on(one.due).per_day):
        yield Item(one.key, "variance", "red", one.title, one.due, one.due, detail=one.evidence, draft="performance-summary")
