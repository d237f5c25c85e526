"""Hears the channels that belong together, message by message in the order said, as the live bot would have."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.backtest.bell import Bell
from bot.backtest.hits import Hit, Part
from bot.deal import Deal, Person
from bot.ears import Talk, hear, side_of_role
from bot.language.statement import Utterance
from bot.playbook.by_hand import entry_of
from bot.playbook.pace import BusinessDays
from bot.playbook.which_deal import Deals, WhichDeal
from bot.speakers import Speaker, faces
from store.sources.conversation import Turn
from store.sources.export import Room

LONGEST = 2_400
"""Characters of a message that are kept with what was heard in it; more are not read either."""

THREADS = 500
"""Threads of a channel of which it is remembered which deal they are about, as the live bot does."""

STEP = 256
"""Messages between two words about how far it is."""

Step = Callable[[int, int], None]
"""Hears how many messages, and how many bytes of the export, were done since the last time."""

_NOBODY: Deals = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """Channels and the deals they belong to: what was said in one channel of a deal bears on what is raised in another."""

    rooms: tuple[Room, ...]
    deals: tuple[Deal, ...]

    @property
    def size(self) -> int:
        """Bytes of its day files."""
        return sum(room.size for room in self.rooms)


def groups(rooms: Sequence[Room], deals: Sequence[Deal]) -> list[Group]:
    """The channels that have a deal, with those deals; whatever shares a deal, directly or through others, stands together."""
    made: list[tuple[list[Room], list[Deal]]] = []
    for deal in deals:
        theirs = [room for room in rooms if _belongs(deal, room)]
        if not theirs:
            continue
        joined = ([*theirs], [deal])
        for other in [one for one in made if any(room in one[0] for room in theirs)]:
            made.remove(other)
            joined = ([*other[0], *(room for room in joined[0] if room not in other[0])], [*other[1], *joined[1]])
        made.append(joined)
    return [Group(tuple(rooms), tuple(theirs)) for rooms, theirs in made]


def hear_group(group: Group, zone: ZoneInfo, step: Step = lambda _messages, _bytes: None) -> Part:
    """Everything that would have been raised in a group. `zone` holds for deals that name none."""
    read = [(room, *room.read()) for room in group.rooms]
    tables = [_Table(number, deal, ZoneInfo(deal.timezone) if deal.timezone else zone) for number, deal in enumerate(group.deals)]
    boards = [_Board(room, [one for one in tables if _belongs(one.deal, room)], turns) for room, turns, _ in read]
    said = heapq.merge(*(board.said() for board in boards), key=itemgetter(0, 1))
    total, messages, hits = sum(len(board.turns) for board in boards), Counter[str](), list[Hit]()
    for number, (_, _, board, turn) in enumerate(said, start=1):
        meant = board.meant(turn)
        for table in meant.tables:
            messages[table.deal.customer] += 1
            hits += _hear(table, board, turn, ambiguous=not meant.clear)
        if number % STEP == 0:
            step(STEP, group.size * STEP // total)
    step(total % STEP, group.size - group.size * STEP // total * (total // STEP) if total else group.size)
    bells = {table.deal.customer: table.bell for table in tables}
    ends = [turn for board in boards for turn in (*board.turns[:1], *board.turns[-1:])]
    days = [turn.at.astimezone(tables[0].zone).date() for turn in ends if turn.at]
    return Part(
        tuple(room.name for room in group.rooms),
        dict(messages),
        tuple(bells[hit.customer].settled(hit) for hit in hits),
        tuple(line for _, _, mistakes in read for line in mistakes),
        min(days, default=None),
        max(days, default=None),
    )


@dataclass(slots=True)
class _Table:
    """A deal as it is heard: its number in the group, its zone, what is raised, and what rings."""

    number: int
    deal: Deal
    zone: ZoneInfo
    bell: Bell = field(init=False)

    def __post_init__(self) -> None:
        self.bell = Bell(BusinessDays.of(self.deal, self.zone.key))


@dataclass(frozen=True, slots=True)
class _Meant:
    """The deals that a message is about; not `clear` where it may be about only some of them."""

    tables: Sequence[_Table]
    clear: bool = True


class _Board:
    """A channel as it is heard: its talk by deal, who speaks in it, and which deal each thread is about."""

    def __init__(self, room: Room, tables: Sequence[_Table], turns: Sequence[Turn]) -> None:
        self.room, self.tables, self.turns = room, tables, turns
        self.talks = {table.number: Talk() for table in tables}
        self._which = WhichDeal((table.number, table.deal) for table in tables) if len(tables) > 1 else None
        self._threads: dict[str, Deals] = {}
        called = list(dict.fromkeys(_called(turn) for turn in turns if not turn.bot))
        self._faces = {table.number: faces(table.deal, map(Speaker, called)) for table in tables}

    def said(self) -> Iterator[tuple[float, str, _Board, Turn]]:
        """Its turns in the order said, with what to order those of several channels by."""
        return ((float(turn.key), turn.key, self, turn) for turn in self.turns)

    def meant(self, turn: Turn) -> _Meant:
        """The deals that a message is about."""
        if self._which is None:
            return _Meant(self.tables)
        thread = self._threads.get(turn.thread, _NOBODY) if turn.thread else _NOBODY
        meant = self._which.meant(turn.text, [turn.speaker], thread)
        decided = meant.deals if meant.told else _NOBODY
        if turn.thread is None:
            self._threads[turn.key] = decided
        elif not thread:
            self._threads[turn.thread] = decided if meant.clear else _NOBODY
        if len(self._threads) > THREADS:
            del self._threads[next(iter(self._threads))]
        return _Meant([table for table in self.tables if table.number in meant.deals], meant.clear)

    def person(self, table: _Table, turn: Turn) -> Person | None:
        """Whom of the deal's people a message is from, by id, else by name."""
        face = None if turn.bot else self._faces[table.number].get(_called(turn))
        return table.deal.person(turn.speaker) or (face.person if face else None)


def _belongs(deal: Deal, room: Room) -> bool:
    """Whether the deal lists the channel, by its name with or without the #, or by its id."""
    return not {channel.lstrip("#") for channel in deal.channels}.isdisjoint(name.lstrip("#") for name in room.channel)


def _called(turn: Turn) -> str:
    return (turn.name or turn.speaker)[:200]


def _hear(table: _Table, board: _Board, turn: Turn, *, ambiguous: bool) -> Iterator[Hit]:
    person = board.person(table, turn)
    if (turn.bot and person is None) or turn.at is None:
        return
    side = side_of_role(person.role) if person else turn.side or "unknown"
    there = turn.at.astimezone(table.zone).replace(tzinfo=None)
    speaker = person.id if person else turn.speaker
    said = Utterance(turn.text, side, speaker, there, turn.key, turn.thread)
    found = hear(table.deal, board.talks[table.number], said, table.bell.raised).findings
    found = tuple(replace(one, ambiguous=ambiguous) for one in found if one.suppressed in (None, "repeat"))
    heard = tuple(entry_of(finding) for finding in found)
    for number, finding in enumerate(found):
        yield table.bell.of(
            Hit(
                id=f"{board.room.channel[-1]}:{turn.key}:{table.number}:{number}",
                customer=table.deal.customer,
                channel=board.room.name,
                key=turn.key,
                at=turn.at.astimezone(UTC),
                day=there.date(),
                speaker=speaker,
                name=person.name if person else turn.name,
                side=side,
                text=turn.text[:LONGEST],
                finding=finding,
                came="digest",
                thread=turn.thread,
                heard=heard,
            )
        )


def without_channel(deals: Sequence[Deal], found: Sequence[Group]) -> list[Deal]:
    """The deals of which no channel is in the export."""
    heard = {deal.customer for group in found for deal in group.deals}
    return [deal for deal in deals if deal.customer not in heard]
