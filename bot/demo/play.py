"""Plays a conversation into the emulated workspace at reading speed and tells what reaches the rep."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from bot.demo.emulator import LocalSlack
from bot.demo.sample import CHANNEL_NAME, Sample

Tell = Callable[[str], None]

SHORTEST = 0.5
"""Seconds between two messages at any speed: enough for a direct message to arrive in between."""

LOOKS_EVERY = 0.05
"""Seconds between two looks into the rep's direct messages."""

_MARKED = re.compile(r"<([^<>]+)>")
"""Slack's marked parts of a text: links, channels, dates."""

_STRONG = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")

SETTLES = 3.0
"""Seconds for a last direct message to arrive after the last message was said."""


@dataclass(frozen=True, slots=True)
class Direct:
    """A direct message that the rep got, and the seconds from the word to it."""

    message: Mapping[str, Any]
    after: float


async def play(slack: LocalSlack, sample: Sample, tell: Tell, speed: float) -> list[Direct]:
    """Say every message of the sample, waiting as long as a person reads it (divided by `speed`); returns the rep's direct messages."""
    rep = _Rep(slack, sample, tell)
    for said in sample.said:
        tell(f"#{CHANNEL_NAME}  {sample.names[said.speaker]}: {said.text}")
        began = monotonic()
        await slack.post(said.speaker, sample.channel, said.text)
        await rep.look(began, max(SHORTEST, reading_seconds(said.text) / speed))
    await rep.look(monotonic(), SETTLES)
    return rep.got


def reading_seconds(text: str) -> float:
    """How long a person takes to read a chat message."""
    return min(6.0, 1.5 + 0.25 * len(text.split()))


@dataclass(slots=True)
class _Rep:
    slack: LocalSlack
    sample: Sample
    tell: Tell
    got: list[Direct] = field(default_factory=list)

    async def look(self, began: float, seconds: float) -> None:
        """Look into the direct messages again and again for some seconds; `began` is when the last message was said."""
        ends = monotonic() + seconds
        while True:
            for message in (await self.slack.dms(self.sample.rep))[len(self.got) :]:
                self.got.append(Direct(message, monotonic() - began))
                name = self.sample.names[self.sample.rep]
                headline = str(message.get("text", "")).partition("\n")[0]
                self.tell(f"    -> DM to {name} after {self.got[-1].after:.2f} s: {headline}")
            if monotonic() >= ends:
                return
            await asyncio.sleep(LOOKS_EVERY)


def readable(message: Mapping[str, Any]) -> str:
    """A direct message as plain lines: every text in its blocks, in order, without Slack's marks."""
    texts = list(_texts(message.get("blocks") or []))
    shown = _MARKED.sub(_plain, "\n".join(texts or [str(message.get("text", ""))]))
    return "\n".join(_STRONG.sub(r"\1", line.strip("`")) for line in shown.split("\n"))


def _plain(marked: re.Match[str]) -> str:
    target, _, label = marked.group(1).partition("|")
    if target.startswith("#"):
        return f"#{CHANNEL_NAME}"
    return f"{label}: {target}" if label and target.startswith("http") else label or target


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _texts(item)
    elif isinstance(part, dict):
        if part.get("type") == "actions":
            yield "  ".join(f"[{label}]" for label in _texts(part.get("elements")))
            return
        text = part.get("text")
        if isinstance(text, str):
            yield text
        for key in ("text", "elements", "fields", "accessory"):
            if not isinstance(part.get(key), str):
                yield from _texts(part.get(key))
