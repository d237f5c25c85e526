"""Slack exports made of labelled conversations, with deal files for them: for the tests and the figures of back-tests."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CONVERSATIONS = Path(__file__).parents[1] / "conversations"
ZONE = ZoneInfo("America/New_York")
OURS, THEIRS = "T0OURS", "T0THEIRS"


@dataclass
class Made:
    """An export in the making: day files by path, people, channels, and deals."""

    files: dict[str, list[Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: list[dict[str, str]] = field(default_factory=list)
    deals: list[dict[str, Any]] = field(default_factory=list)

    def say(self, channel: str, at: datetime, user: str, text: str, **more: Any) -> str:
        """A message, at a local time; its ts."""
        there = at.replace(tzinfo=ZONE)
        day = self.files.setdefault(f"{channel}/{there.astimezone(ZoneInfo('UTC')):%Y-%m-%d}.json", [])
        ts = f"{there.timestamp():.6f}"
        while any(message["ts"] == ts for message in day):
            ts = f"{float(ts) + 0.000002:.6f}"
        day.append({"type": "message", "user": user, "text": text, "ts": ts, **more})
        return ts

    def zip(self, path: Path, *, root: str = "") -> Path:
        """The export as a .zip."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, plain in {**self.files, "users.json": list(self.users.values()), "channels.json": self.channels}.items():
                archive.writestr(root + name, json.dumps(plain))
        return path

    def write_deals(self, folder: Path) -> Path:
        """The deal files."""
        folder.mkdir(exist_ok=True)
        for number, deal in enumerate(self.deals):
            (folder / f"deal-{number:03}.json").write_text(json.dumps(deal), encoding="utf-8")
        return folder


def talks(names: Iterable[str] | None = None, *, every: int = 1) -> list[dict[str, Any]]:
    """Labelled conversations in chat, by name or every so many-th."""
    paths = [CONVERSATIONS / f"{name}.json" for name in names] if names else sorted(CONVERSATIONS.glob("*.json"))[::every]
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [talk for talk in found if talk["medium"] == "slack"]


def export_of(found: Sequence[dict[str, Any]]) -> Made:
    """An export with a channel and a deal for each conversation."""
    made = Made()
    for number, talk in enumerate(found):
        name = f"impl-{talk['id']}"
        made.channels.append({"id": f"C{number:04}", "name": name})
        made.deals.append({**talk["deal"], "customer": f"{talk['deal']['customer']} {talk['id']}", "channels": [f"#{name}"]})
        ids = {person["id"]: f"U{number:04}{place}" for place, person in enumerate(talk["deal"]["people"])}
        made.deals[-1]["people"] = [{**person, "id": ids[person["id"]]} for person in talk["deal"]["people"]]
        for person in made.deals[-1]["people"]:
            team = THEIRS if person["role"] in ("customer", "guest") else OURS
            made.users[person["id"]] = {"id": person["id"], "team_id": team, "profile": {"real_name": person["name"]}}
        stamps: dict[Any, str] = {}
        for message in talk["messages"]:
            parent = {"thread_ts": stamps[message["thread"]]} if message.get("thread") in stamps else {}
            speaker = ids.get(message["speaker"], message["speaker"])
            stamps[message["n"]] = made.say(name, datetime.fromisoformat(message["at"]), speaker, message["text"], **parent)
    made.users["U0BOSS"] = {"id": "U0BOSS", "team_id": OURS, "profile": {"real_name": "Somebody Else"}}
    return made
