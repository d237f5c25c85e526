"""Talk files of any kind into conversations: content says what a file is; folders and .zip files are looked through, never unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from store.sources.conversation import Found
from store.sources.conversation_file import parse_conversation, parse_lines
from store.sources.mail import is_mail, parse_mail
from store.sources.plain import NotReadable, decode, from_json
from store.sources.slack_export import DAY_FILE, Names, ids_of, names_of, parse_channel
from store.sources.transcript import parse_transcript
from store.sources.word import DOCUMENT, is_word, word_text

LARGEST = 100_000_000
"""Bytes of one file."""

HEAD = 65_536
"""Bytes in which an archive tells what it is."""

MOST_MEMBERS = 50_000
MOST_IN_ALL = 2_000_000_000
"""Bytes of all files of a folder or .zip together."""

TALK = frozenset({".json", ".jsonl", ".ndjson", ".vtt", ".srt", ".txt", ".docx", ".eml"})
"""Endings that are read inside folders and .zip files; a file named outright is read whatever its ending."""

_INDEXES = frozenset({"users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "org_users.json", "integration_logs.json"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a folder or .zip: its path inside, its size in bytes, and how to read it."""

    path: PurePosixPath
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """What helps to read a transcript: when the call began, and who may have taken part."""

    starts: datetime | None = None
    names: Sequence[str] = ()


def read_talk(path: Path, call: Call = Call()) -> Iterator[Found]:
    """Everything said in a file, folder or .zip, a conversation at a time. Never raises for what a file holds."""
    name = str(path)
    try:
        if path.is_dir():
            yield from _members(name, in_folder(path), call, path)
        elif not path.exists():
            yield Found(mistakes=(f"{name}: there is no such file",))
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                word = DOCUMENT in archive.namelist()
                if not word:
                    yield from _members(name, in_archive(archive), call, None)
            if word:
                yield _file(name, _member(path), call, {})
        elif path.suffix.lower() == ".zip":
            yield Found(mistakes=(f"{name}: is not a .zip, or only a part of one; download the export again",))
        else:
            yield _file(name, _member(path), call, _names_near(path))
    except OSError as refused:
        yield Found(mistakes=(f"{name}: cannot be read: {refused.strerror or refused}",))
    except (NotReadable, zipfile.BadZipFile) as reason:
        yield Found(mistakes=(f"{name}: {reason}",))


def read_file(data: bytes, name: str, call: Call = Call()) -> Found:
    """Everything said in one file that is at hand, by what it holds. Never raises for that."""
    return _file(name, Member(PurePosixPath(name), len(data), lambda: data), call, {})


def _member(path: Path) -> Member:
    return Member(PurePosixPath(path.name), path.stat().st_size, path.read_bytes)


def _file(name: str, member: Member, call: Call, names: Names) -> Found:
    try:
        text = text_of(member)
        stem = member.path.stem
        if member.path.suffix.lower() in (".jsonl", ".ndjson") or _is_lines(text):
            return parse_lines(text, name)
        if member.path.suffix.lower() == ".json" or text.lstrip()[:1] == "{":
            plain = from_json(text.removeprefix("\ufeff"))
            return parse_channel([(name, plain)], stem, names) if isinstance(plain, list) else parse_conversation(plain, name)
        if is_mail(text):
            return parse_mail(text, name)
        return parse_transcript(text, name, call.starts, call.names)
    except NotReadable as reason:
        return Found(mistakes=(f"{name}: {reason}",))
    except (OSError, RuntimeError, zipfile.BadZipFile, EOFError) as refused:
        return Found(mistakes=(f"{name}: cannot be read: {getattr(refused, 'strerror', None) or refused}",))


def _is_lines(text: str) -> bool:
    """Whether two objects stand one below the other: JSON lines under another ending."""
    first, _, rest = text.lstrip().partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")


def text_of(member: Member) -> str:
    """A member's text. Raises NotReadable, in words, for what is none or too large, and what reading a file or .zip may raise."""
    if member.size > LARGEST:
        raise NotReadable(f"is {member.size:,} bytes large; at most {LARGEST:,} are read")
    data = member.read()
    if is_word(data):
        return word_text(data)
    if data[:4] == b"PK\x03\x04" and b"word/" in data[:HEAD]:
        raise NotReadable("is a damaged or locked Word document; save it as plain text")
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise NotReadable("is an office document or archive; save it as plain text")
    return decode(data)


def in_folder(root: Path) -> Iterator[Member]:
    """The files of a folder and of the folders in it, by path; links are not followed."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield Member(PurePosixPath(path.relative_to(root).as_posix()), path.stat().st_size, path.read_bytes)


def in_archive(archive: zipfile.ZipFile) -> Iterator[Member]:
    """The files of a .zip; a member that unpacks to more than it declares is cut off there by the reader, and its CRC tells."""
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        if not info.is_dir():
            yield Member(PurePosixPath(info.filename), info.file_size, lambda info=info: archive.read(info))  # type: ignore[misc]


def _members(name: str, found: Iterator[Member], call: Call, folder: Path | None) -> Iterator[Found]:
    members: list[Member] = []
    size = 0
    for member in found:
        hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in member.path.parts)
        if hidden or member.path.suffix.lower() not in TALK:
            continue
        members.append(member)
        size += member.size
        if len(members) > MOST_MEMBERS or size > MOST_IN_ALL:
            raise NotReadable(f"holds more than {MOST_MEMBERS:,} files or {MOST_IN_ALL:,} bytes; give its parts one by one")
    indexes = {member.path: member for member in members if member.path.name in _INDEXES}
    days: dict[PurePosixPath, list[Member]] = {}
    for member in members:
        if DAY_FILE.fullmatch(member.path.name):
            days.setdefault(member.path.parent, []).append(member)
    if not members:
        yield Found(mistakes=(f"{name}: holds no file that could be read ({', '.join(sorted(TALK))})",))
    for place, files in days.items():
        yield _channel(name, place, files, indexes, folder)
    for member in members:
        if member.path.parent not in days and member.path not in indexes:
            yield _file(f"{name}/{member.path}", member, call, {})


def _channel(name: str, place: PurePosixPath, files: list[Member], indexes: dict[PurePosixPath, Member], folder: Path | None) -> Found:
    """One channel folder of an export; its names come from the users.json beside or above it."""
    mistakes: list[str] = []
    whole = len(place.parts) > 0
    names: Names = _index(indexes.get(place.parent / "users.json")) if whole else _names_near(folder / "any") if folder else {}
    ident = place.name if whole else Path(name).resolve().name.removesuffix(".zip")
    ids = {key: value for index in ("channels.json", "groups.json") for key, value in _ids(indexes.get(place.parent / index)).items()}
    channel = tuple(part for part in (f"#{ident}", ids.get(ident)) if part) if whole else ()

    def day_files() -> Iterator[tuple[str, object]]:
        for member in files:
            where = f"{name}/{member.path}"
            try:
                yield where, from_json(text_of(member))
            except NotReadable as reason:
                mistakes.append(f"{where}: {reason}")
            except (OSError, RuntimeError, zipfile.BadZipFile, EOFError) as refused:
                mistakes.append(f"{where}: cannot be read: {getattr(refused, 'strerror', None) or refused}")

    found = parse_channel(day_files(), ident, names, channel)
    return replace(found, mistakes=(*found.mistakes, *mistakes))


def _plain_index(member: Member | None) -> object:
    if member is None:
        return None
    try:
        return from_json(text_of(member))
    except (NotReadable, OSError, RuntimeError, zipfile.BadZipFile, EOFError):
        return None  # an export without names is still an export


def _index(member: Member | None) -> Names:
    return names_of(_plain_index(member))


def _ids(member: Member | None) -> dict[str, str]:
    return ids_of(_plain_index(member))


def _names_near(path: Path) -> Names:
    """The users.json of the export that a day file or channel folder was taken from."""
    for folder in (path.parent, path.parent.parent):
        users = folder / "users.json"
        if users.is_file():
            return _index(Member(PurePosixPath("users.json"), users.stat().st_size, users.read_bytes))
    return {}
