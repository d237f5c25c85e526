"""A CSV file as a CRM: whatever system writes it is read as one, and what goes back is put into a file of lines beside it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store.sources.crm.plain import Away, Change, CrmTrouble, Field, Outgoing, Page, Record, RecordGone, Step, Wanted
from store.sources.plain import NotReadable, decode

BASIC = ("id", "customer", "stage", "owner", "modified", "modified_by", "url", "deleted")
"""Columns with a meaning of their own; all others are fields."""
LARGEST = 100_000_000
PAGE = 1000


class CrmFile:
    """Deals in a CSV file, one a row. It is read again when it has changed; what goes back is a JSON line in NAME.out.jsonl."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._out = path.with_suffix(".out.jsonl")
        self._seen: tuple[float, int] | None = None
        self._rows: dict[str, dict[str, str]] = {}
        self._names: tuple[str, ...] = ()
        self._at = datetime.min.replace(tzinfo=UTC)

    async def fields(self) -> list[Field]:
        """The columns that hold no basic fact."""
        await asyncio.to_thread(self._read)
        return [Field(name, name) for name in self._names if name not in BASIC]

    async def steps(self) -> list[Step]:
        """The stages that stand in the file."""
        await asyncio.to_thread(self._read)
        return [Step(stage, stage) for stage in dict.fromkeys(row.get("stage", "") for row in self._rows.values()) if stage]

    async def page(self, wanted: Wanted, after: str | None) -> Page:
        """The next rows by id, as text."""
        await asyncio.to_thread(self._read)
        ids = sorted(one for one in self._rows if after is None or one > after)
        found = [self._record(one) for one in ids[:PAGE]]
        changed = tuple(one for one in found if wanted.since is None or one.modified >= wanted.since)
        return Page(changed, ids[PAGE - 1] if len(ids) > PAGE else None)

    async def get(self, record: str, fields: Sequence[str]) -> Record:  # noqa: ARG002 - a row has them all
        """One row."""
        await asyncio.to_thread(self._read)
        if record not in self._rows:
            raise RecordGone(f"{self._path.name} has no row {record!r} any more.")
        return self._record(record)

    async def who(self, record: str, fields: Sequence[str]) -> Mapping[str, Change]:
        """What the column modified_by says."""
        found = await self.get(record, fields)
        by = self._rows[record].get("modified_by") or None
        return {name: Change(by, found.modified) for name in fields if name in self._names}

    async def send(self, out: Outgoing) -> str:
        """Add a line, unless there is one with this key."""
        return await asyncio.to_thread(self._write, out)

    async def find(self, out: Outgoing) -> str | None:
        """Whether there is a line with this key."""
        return await asyncio.to_thread(self._line, out.key)

    async def close(self) -> None:
        """Nothing is held open."""

    def _record(self, number: str) -> Record:
        row = self._rows[number]
        return Record(
            id=number,
            customer=row.get("customer", ""),
            stage=row.get("stage", ""),
            modified=_moment(row.get("modified", "")) or self._at,
            url=row.get("url") or None,
            owner=row.get("owner", "").casefold() or None,
            fields={name: value for name, value in row.items() if name not in BASIC and value},
            gone=row.get("deleted", "").casefold() in ("true", "yes", "1"),
        )

    def _read(self) -> None:
        try:
            found = self._path.stat()
            if (found.st_mtime, found.st_size) == self._seen:
                return
            if found.st_size > LARGEST:
                raise CrmTrouble(f"{self._path.name} is larger than {LARGEST:,} bytes; give the deals that matter alone.")
            text = decode(self._path.read_bytes())
        except OSError as missing:
            raise Away(f"{self._path.name} cannot be read: {missing.strerror or missing}.") from None
        except NotReadable as reason:
            raise CrmTrouble(f"{self._path.name} {reason}.") from None
        self._names, self._rows = _rows(text, self._path.name)
        self._seen, self._at = (found.st_mtime, found.st_size), datetime.fromtimestamp(found.st_mtime, UTC)

    def _write(self, out: Outgoing) -> str:
        there = self._line(out.key)
        if there is not None:
            return there
        told: dict[str, Any] = {"key": out.key, "record": out.record, "kind": out.kind}
        told |= {name: value for name, value in {"title": out.title, "text": out.text, "fields": dict(out.fields)}.items() if value}
        told |= {"day": out.day.isoformat()} if out.day else {}
        try:
            with self._out.open("a+b") as file:
                half = file.tell() > 0 and (file.seek(-1, 2), file.read(1))[1] != b"\n"  # a process was killed within its line
                file.write(b"\n" * half + json.dumps(told, ensure_ascii=False).encode() + b"\n")
        except OSError as refused:
            raise Away(f"{self._out.name} cannot be written: {refused.strerror or refused}.") from None
        return out.key

    def _line(self, key: str) -> str | None:
        try:
            with self._out.open(encoding="utf-8") as file:
                return key if any(_key(line) == key for line in file) else None
        except FileNotFoundError:
            return None
        except OSError as refused:
            raise Away(f"{self._out.name} cannot be read: {refused.strerror or refused}.") from None


def _rows(text: str, name: str) -> tuple[tuple[str, ...], dict[str, dict[str, str]]]:
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = tuple((column or "").strip().casefold().replace(" ", "_") for column in reader.fieldnames or ())
    for needed in ("id", "customer", "stage"):
        if needed not in names:
            raise CrmTrouble(f"{name} has no column “{needed}”; the first line names the columns, such as id,customer,stage,owner.")
    rows: dict[str, dict[str, str]] = {}
    try:
        for row in reader:
            values = {kind: (row.get(given) or "").strip() for kind, given in zip(names, reader.fieldnames or (), strict=True)}
            if values["id"]:
                rows[values["id"]] = values
    except csv.Error as wrong:
        raise CrmTrouble(f"{name}, line {reader.line_num}: {wrong}.") from None
    return names, rows


def _key(line: str) -> str | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None  # the last line of a process that was killed while writing
    return told.get("key") if isinstance(told, dict) else None


def _moment(told: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
