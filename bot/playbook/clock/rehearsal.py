"""A rehearsal: every message that would go out for a deal, day by day, if things happened as they are written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.deal import Call, Deal, Role
from bot.playbook.clock.calls import BEFORE, Brief, brief, starts
from bot.playbook.clock.daily import Daily, Mine, Reader, daily, hour_of
from bot.playbook.clock.due import DealDay, due
from bot.playbook.clock.history import Actual, Actuals, Delay, Happened, History, Mark, OpenFinding, Own, RungMark, Stated, Tick, Told
from bot.playbook.clock.patience import Habits


@dataclass(frozen=True, slots=True)
class Closed:
    """Findings of a scenario that were settled."""

    scenario: str


T = TypeVar("T")
Value = Happened | Mark | Own | Delay | RungMark | OpenFinding | Closed | Stated | Tick | Actual


@dataclass(frozen=True, slots=True)
class Beat:
    """Something that the bot learns on a day; the next morning's message knows it."""

    day: date
    value: Value


@dataclass(frozen=True, slots=True)
class Scene:
    """A deal, what comes to pass, who reads (each with the role in the deal), and days on which the bot was down."""

    deal: Deal
    beats: tuple[Beat, ...] = ()
    readers: tuple[tuple[Reader, Role], ...] = ()
    down: frozenset[date] = frozenset()
    since: date | None = None
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that would go out: to whom, when (UTC), and the daily message or the brief before a call."""

    to: str
    at: datetime
    daily: Daily | None = None
    brief: Brief | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The nudges in it, in their order."""
        if self.daily is None:
            return ("call-brief",)
        return tuple(line.item.nudge for deal in self.daily.deals for line in deal.lines)


def rehearse(scene: Scene, first: date, last: date) -> Iterator[Sent]:
    """All messages from `first` to `last` (days of each reader's calendar), in order."""
    told: list[Told] = []
    asked: dict[str, date] = {}
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if day in scene.down:
            continue
        for who, role in scene.readers:
            reader = Reader(who.id, who.zone, who.country, who.state, asked.get(who.id))
            now = hour_of(reader, day, scene.habits)
            made = daily(reader, [Mine("deal", role, day_of(scene, now, day, told), tuple(told))], now, scene.habits)
            if reader.days.works(day):
                asked[reader.id] = day
            if made is not None:
                told += [one for _, one in made.told]
                yield Sent(reader.id, now, made)
            if role == "rep":
                yield from _briefs(scene, reader, day)


def day_of(scene: Scene, now: datetime, day: date, told: Sequence[Told] = ()) -> DealDay:
    """The deal's day at `now`, by all that was learnt before `day`; what was told does not wait any more."""
    history, actuals = known_before(scene, day)
    heard = {one.key for one in told}
    findings = (replace(one, waits=one.waits and f"heard:{one.key}" not in heard) for one in history.findings)
    history = replace(history, findings=tuple(findings))
    return due(scene.deal, history, actuals, now, scene.habits)


def known_before(scene: Scene, day: date) -> tuple[History, Actuals | None]:
    """History and volume feed as they were known on the morning of `day`."""
    values = [beat.value for beat in scene.beats if beat.day < day]
    history = History(
        since=scene.since,
        happened=_of(values, Happened),
        marks=_of(values, Mark),
        own=_of(values, Own),
        delays=tuple({one.key: one for one in _of(values, Delay)}.values()),
        rungs=_of(values, RungMark),
        findings=_findings(scene, day),
        stated=next(reversed(_of(values, Stated)), None),
        ticks=_of(values, Tick),
    )
    fed = _of(values, Actual)
    return history, Actuals(fed) if fed else None


def _of(values: Sequence[Value], kind: type[T]) -> tuple[T, ...]:
    return tuple(one for one in values if isinstance(one, kind))


def _findings(scene: Scene, day: date) -> tuple[OpenFinding, ...]:
    still: list[OpenFinding] = []
    for beat in scene.beats:
        if beat.day < day and isinstance(beat.value, OpenFinding):
            still.append(beat.value)
        elif beat.day < day and isinstance(beat.value, Closed):
            still = [one for one in still if one.scenario != beat.value.scenario]
    return tuple(still)


def _briefs(scene: Scene, reader: Reader, day: date) -> Iterator[Sent]:
    calls: list[Call] = [call for call in scene.deal.calls if call.at.date() == day and "call-brief" not in scene.habits.off]
    for call in calls:
        at = starts(call, scene.deal, scene.habits.zone) - BEFORE
        yield Sent(reader.id, at, brief=brief(day_of(scene, at, day), call))
