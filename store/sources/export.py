"""A whole Slack export, opened without unpacking it: its channels, each with what it takes to read it, and who is on which side."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from bot.language.statement import Side
from store.sources.conversation import Turn, shortened
from store.sources.files import MOST_IN_ALL, MOST_MEMBERS, Member, in_archive, in_folder, text_of
from store.sources.plain import NotReadable, from_json
from store.sources.slack_export import DAY_FILE, ids_of, names_of, turn_of

_INDEXES = ("users.json", "channels.json", "groups.json")


@dataclass(frozen=True, slots=True)
class Sides:
    """On which side people of an export speak where no deal names them: by their team, as Slack tells it, and never guests of ours."""

    own_team: str | None = None
    teams: Mapping[str, str] = field(default_factory=dict)
    guests: frozenset[str] = frozenset()
    bots: frozenset[str] = frozenset()

    def of(self, message: Mapping[str, Any]) -> Side | None:
        """The side of a message's author; None where nothing tells."""
        user = str(message.get("user") or "")
        team = self.teams.get(user) or message.get("user_team") or message.get("team")
        if self.own_team is None or not team:
            return None
        return "implementation" if team == self.own_team and user not in self.guests else "customer"


@dataclass(frozen=True, slots=True)
class Room:
    """One channel of an export: its names ("#name", id), bytes of its day files, and a mark that changes when they do.

    `read` gives its turns in the order said, and a sentence for each thing that could not be read.
    """

    channel: tuple[str, ...]
    size: int
    stamp: str
    read: Callable[[], tuple[list[Turn], tuple[str, ...]]]

    @property
    def name(self) -> str:
        """As "#impl-acme"."""
        return self.channel[0]


@dataclass(frozen=True, slots=True)
class _People:
    """What an export's own lists tell: names by user id, and sides."""

    names: Mapping[str, str]
    sides: Sides


@dataclass(frozen=True, slots=True)
class Export:
    """An open export: its channels by name, and what was left out of it, a sentence each."""

    rooms: tuple[Room, ...]
    mistakes: tuple[str, ...] = ()


@contextmanager
def open_export(path: Path) -> Iterator[Export]:
    """A Slack export, a .zip or a folder. Raises NotReadable, in one sentence, for anything else."""
    try:
        if path.is_dir():
            yield _export(str(path), in_folder(path))
        elif not path.exists():
            raise NotReadable("there is no such file")
        elif not zipfile.is_zipfile(path):
            raise NotReadable("is not a .zip; give a Slack export as it was downloaded, or the folder that it was unpacked to")
        else:
            with zipfile.ZipFile(path) as archive:
                yield _export(str(path), in_archive(archive))
    except zipfile.BadZipFile as broken:
        raise NotReadable(f"is a damaged .zip ({broken}); download it again") from None
    except OSError as refused:
        raise NotReadable(f"cannot be read: {refused.strerror or refused}") from None


def _export(name: str, members: Iterator[Member]) -> Export:
    indexes: dict[PurePosixPath, Member] = {}
    days: dict[PurePosixPath, list[Member]] = {}
    mistakes: list[str] = []
    count = size = 0
    for member in members:
        if member.path.suffix.lower() != ".json" or any(part.startswith("__MACOSX") for part in member.path.parts):
            continue
        if member.path.is_absolute() or ".." in member.path.parts:
            mistakes.append(f"{name}: {member.path} points outside of the export and was left out")
            continue
        count, size = count + 1, size + member.size
        if count > MOST_MEMBERS or size > MOST_IN_ALL:
            raise NotReadable(f"holds more than {MOST_MEMBERS:,} files or {MOST_IN_ALL:,} bytes; export fewer channels or months at a time")
        if member.path.name in _INDEXES:
            indexes[member.path] = member
        elif DAY_FILE.fullmatch(member.path.name) and member.path.parent.name:
            days.setdefault(member.path.parent, []).append(member)
    if not days:
        raise NotReadable(
            "holds no channel; a Slack export has a folder for each channel, with a file such as 2026-11-02.json for each day"
        )
    top = next(iter(days)).parent
    users = _index(name, indexes.get(top / "users.json"), mistakes)
    people = _People(names_of(users), sides_of(users))
    ids: dict[str, str] = {}
    for index in ("channels.json", "groups.json"):
        ids |= ids_of(_index(name, indexes.get(top / index), mistakes))
    rooms = [_room(name, place, files, ids, people) for place, files in days.items()]
    return Export(tuple(sorted(rooms, key=lambda room: room.name)), shortened(mistakes, name))


def sides_of(users: object) -> Sides:
    """Who is of our own team by a users.json: the team of most of its people."""
    teams, guests, bots = {}, set(), set()
    for user in users if isinstance(users, list) else []:
        if isinstance(user, dict) and isinstance(user.get("id"), str):
            if isinstance(user.get("team_id"), str):
                teams[user["id"]] = user["team_id"]
            if user.get("is_restricted") or user.get("is_ultra_restricted"):
                guests.add(user["id"])
            if user.get("is_bot"):
                bots.add(user["id"])
    most = Counter(teams.values()).most_common(1)
    return Sides(most[0][0] if most else None, teams, frozenset(guests), frozenset(bots))


def _index(name: str, member: Member | None, mistakes: list[str]) -> object:
    if member is None:
        return None
    try:
        return from_json(text_of(member))
    except NotReadable as reason:
        mistakes.append(f"{name}/{member.path}: {reason}; people and channels are known by their ids alone")
    except (OSError, RuntimeError, zipfile.BadZipFile, EOFError) as refused:
        mistakes.append(f"{name}/{member.path}: cannot be read: {refused}; people and channels are known by their ids alone")
    return None


def _room(name: str, place: PurePosixPath, files: list[Member], ids: Mapping[str, str], people: _People) -> Room:
    called = place.name
    stamp = sha256("\n".join(f"{member.path} {member.size}" for member in files).encode()).hexdigest()[:16]
    channel = tuple(part for part in (f"#{called}", ids.get(called)) if part)

    def read() -> tuple[list[Turn], tuple[str, ...]]:
        mistakes: list[str] = []
        turns = {turn.key: turn for turn in _turns(name, files, people, mistakes)}
        return sorted(turns.values(), key=lambda turn: float(turn.key)), shortened(mistakes, f"{name}: #{called}")

    return Room(channel, sum(member.size for member in files), stamp, read)


def _turns(name: str, files: Iterable[Member], people: _People, mistakes: list[str]) -> Iterator[Turn]:
    for member in files:
        where = f"{name}/{member.path}"
        try:
            plain = from_json(text_of(member))
        except NotReadable as reason:
            mistakes.append(f"{where}: {reason}")
            continue
        except (OSError, RuntimeError, zipfile.BadZipFile, EOFError) as refused:
            mistakes.append(f"{where}: cannot be read: {getattr(refused, 'strerror', None) or refused}")
            continue
        if not isinstance(plain, list):
            mistakes.append(f"{where}: is not a day of a Slack export; it should be a JSON list of messages")
            continue
        for number, message in enumerate(plain, start=1):
            turn = turn_of(message, people.names) if isinstance(message, dict) else None
            if turn is not None:
                yield replace(turn, side=people.sides.of(message), bot=turn.bot or turn.speaker in people.sides.bots)
            elif not isinstance(message, dict) or "ts" not in message:
                mistakes.append(f"{where}: message {number}: has no ts and is left out")
