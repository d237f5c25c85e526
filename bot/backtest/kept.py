"""The folder that a back-test keeps its work in: what was heard so far, so that it can go on where it stopped, and what was judged by hand.

Both files are lines of JSON that are only added; a line cut off by a crash is passed over. They hold customers' words: only their owner may
read them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.backtest.hearing import Group
from bot.backtest.hits import PARTS, Hit, Opinion, Part
from bot.language.model.hunch import shipped_file

_FORMAT = 1


class Kept:
    """One back-test's folder. Raises OSError where it cannot be made or written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._parts = {str(line["mark"]): line["part"] for line in _lines(folder / "heard.jsonl") if "mark" in line and "part" in line}

    def part(self, mark: str) -> Part | None:
        """What was heard in a group before, if its files and its deals are still the same."""
        try:
            return PARTS.validate_python(self._parts[mark]) if mark in self._parts else None
        except ValidationError:
            return None

    def keep(self, mark: str, part: Part) -> None:
        """A group has been heard."""
        _add(self.folder / "heard.jsonl", {"mark": mark, "part": PARTS.dump_python(part, mode="json")})

    def judged(self) -> dict[str, Opinion]:
        """What was made of hits, by their ids; the last word counts."""
        judged: dict[str, Opinion] = {}
        for line in _lines(self.folder / "judged.jsonl"):
            said = line.get("said")
            if said in ("useful", "not", "skip"):
                judged[str(line.get("hit"))] = said
            elif said is None:
                judged.pop(str(line.get("hit")), None)
        return judged

    def judge(self, hit: Hit, said: Opinion | None) -> None:
        """Keep what somebody makes of a hit; None takes it back."""
        _add(self.folder / "judged.jsonl", {"hit": hit.id, "said": said})

    def write(self, name: str, text: str) -> Path:
        """Put a file beside, whole or not at all; its path."""
        path = self.folder / name
        beside = path.with_name(f".{name}.part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
        return path


def mark_of(group: Group, zone: str) -> str:
    """What a part's worth depends on: the day files, the deals' terms, the time zone, and the reader that heard them."""
    made = {
        "format": _FORMAT,
        "rooms": sorted((room.name, room.stamp) for room in group.rooms),
        "deals": sorted(deal.model_dump_json() for deal in group.deals),
        "zone": zone,
        "reader": _reader(),
    }
    return sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:24]


@cache
def _reader() -> str:
    weights = shipped_file()
    return sha256(weights.read_bytes()).hexdigest()[:16] if weights.is_file() else "rules alone"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a file; none where it is not there yet."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                plain = json.loads(line)
            except ValueError:
                continue  # cut off when the program was stopped: that group is heard again
            if isinstance(plain, dict):
                yield plain


def _add(path: Path, line: dict[str, Any]) -> None:
    """One more line; a line cut off before it is ended first, so that it spoils nothing."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            cut = file.read(1) != b"\n"
            file.seek(0, os.SEEK_END)
            if cut:
                file.write(b"\n")
        file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
