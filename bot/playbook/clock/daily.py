"""The daily message of one person: which items of which deals, on which business day, at which hour, and when none at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.deal import Role
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.due import DealDay
from bot.playbook.clock.history import Told
from bot.playbook.clock.items import Item
from bot.playbook.clock.patience import BY_NAME, Habits


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets the message: id, time zone, place, the day on which the clock last asked for this person (None: never), the time at
    which they want it (None: the team's), and the scenarios that do not ring for them but wait for it.
    """

    id: str
    zone: str = "America/New_York"
    country: str = "US"
    state: str | None = None
    last_asked: date | None = None
    at: time | None = None
    rests: frozenset[str] = frozenset()

    @property
    def days(self) -> WorkingDays:
        """The person's business days."""
        return WorkingDays(5, self.country, self.state)


@dataclass(frozen=True, slots=True)
class Mine:
    """One of a person's deals: its id, what the person is in it, its day, and what was told of it."""

    id: str
    role: Role
    day: DealDay
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An item in the message; `done` once it is no longer open."""

    item: Item
    done: bool = False


@dataclass(frozen=True, slots=True)
class DealLines:
    """One deal in the message, with its lines; `more`: things that are open and were told often enough."""

    id: str
    day: DealDay
    lines: tuple[Line, ...]
    more: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Daily:
    """A person's message of a day. `away`: business days before it on which the clock did not run."""

    reader: str
    day: date
    deals: tuple[DealLines, ...]
    away: int = 0

    @property
    def told(self) -> tuple[tuple[str, Told], ...]:
        """What is to be kept once it is sent: deal id and item, so that patience knows of it."""
        return tuple((deal.id, Told(line.item.told_as, self.day, self.reader)) for deal in self.deals for line in deal.lines)


def hour_of(reader: Reader, day: date, habits: Habits) -> datetime:
    """When a day's message is due, UTC: the hour in the person's own zone, whatever the clocks do that night."""
    return datetime.combine(day, reader.at or time(habits.hour), ZoneInfo(reader.zone)).astimezone(UTC)


def next_hour(reader: Reader, after: datetime, habits: Habits) -> datetime:
    """The next moment after `after` at which the clock is to ask for this person, UTC."""
    day = after.astimezone(ZoneInfo(reader.zone)).date()
    while not (reader.days.works(day) and hour_of(reader, day, habits) > after):
        day += timedelta(days=1)
    return hour_of(reader, day, habits)


def is_time(reader: Reader, now: datetime, habits: Habits) -> bool:
    """Whether the clock should ask for this person now: a business day, the hour has come, and it has not asked today."""
    day = now.astimezone(ZoneInfo(reader.zone)).date()
    asked = reader.last_asked is not None and reader.last_asked >= day
    return not asked and reader.days.works(day) and now >= hour_of(reader, day, habits)


def daily(reader: Reader, deals: Sequence[Mine], now: datetime, habits: Habits | None = None) -> Daily | None:
    """The message for this person now; None where it is not the time, or there is nothing worth an interruption.

    Items told often enough or too lately are left out; those that can wait come along with others, and alone only once they have waited.
    """
    habits = habits or Habits()
    if not is_time(reader, now, habits):
        return None
    day = now.astimezone(ZoneInfo(reader.zone)).date()
    chosen = [(mine, _timely(reader, mine, day, habits)) for mine in deals]
    if not any(_by_itself(reader, mine.told, item, day) for mine, items in chosen for item in items):
        return None
    made = [DealLines(mine.id, mine.day, tuple(map(Line, items)), tuple(_more(reader, mine, items))) for mine, items in chosen if items]
    return Daily(reader.id, day, tuple(sorted(made, key=_order)), _away(reader, day))


def refreshed(sent: Daily, now: Mapping[str, DealDay]) -> Daily:
    """A message already sent, with what is no longer open marked as done; deals that are not in `now` stay as they are."""
    return replace(sent, deals=tuple(_refreshed(deal, now[deal.id]) if deal.id in now else deal for deal in sent.deals))


def _refreshed(deal: DealLines, now: DealDay) -> DealLines:
    still = {item.key for item in now.items}
    done = {one.key for one in now.line if one.state in ("done", "postponed")}

    def settled(item: Item) -> bool:
        return item.state != "confirmed" and (item.key in done or item.key not in still)

    return replace(deal, day=now, lines=tuple(replace(line, done=line.done or settled(line.item)) for line in deal.lines))


def _timely(reader: Reader, mine: Mine, day: date, habits: Habits) -> list[Item]:
    return [item for item in mine.day.items if _concerns(reader, mine, item) and _may(reader, mine.told, item, day, habits)]


def _concerns(reader: Reader, mine: Mine, item: Item) -> bool:
    """Whether an item is this person's; an account manager stands in where the deal has no rep."""
    if item.only:
        return reader.id in item.only and item.script in reader.rests
    people = mine.day.deal.people
    stands_in = mine.role == "account-manager" and not any(person.role == "rep" for person in people)
    return ("rep" if stands_in else mine.role) in BY_NAME[item.nudge].to


def _may(reader: Reader, told: Sequence[Told], item: Item, day: date, habits: Habits) -> bool:
    nudge = BY_NAME[item.nudge]
    if nudge.name in habits.off:
        return False
    before = [one.day for one in told if one.to == reader.id and one.key == item.told_as]
    if not before:
        return True
    if item.state == "ahead" or (nudge.most is not None and len(before) >= nudge.most):
        return False
    return reader.days.since(max(before), day) >= habits.gap(nudge, soft=item.soft)


def _by_itself(reader: Reader, told: Sequence[Told], item: Item, day: date) -> bool:
    """Whether an item is worth a message of its own: it cannot wait, or has waited for company long enough and was never told."""
    nudge = BY_NAME[item.nudge]
    if nudge.urgency == "can-wait" and any(one.to == reader.id and one.key in (item.key, f"{item.key}:ahead") for one in told):
        return False
    wait = nudge.rides * 2 if item.soft else nudge.rides
    return nudge.urgency != "can-wait" or reader.days.since(item.since, day) >= wait


def _more(reader: Reader, mine: Mine, items: Sequence[Item]) -> Iterator[Item]:
    """What is late or red and not said again today."""
    said = {item.key for item in items}
    pressing = (item for item in mine.day.items if item.key not in said and item.state in ("red", "overdue", "ask"))
    return (item for item in pressing if _concerns(reader, mine, item))


def _order(deal: DealLines) -> tuple[int, str]:
    order = ("red", "overdue", "due", "ask", "ahead", "confirmed")
    return min(order.index(line.item.state) for line in deal.lines), deal.day.deal.customer.casefold()


def _away(reader: Reader, day: date) -> int:
    if reader.last_asked is None:
        return 0
    return max(0, reader.days.since(reader.last_asked, day) - 1)
