"""A file that somebody of our own dropped in a deal's channel or in the bot's direct messages, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from store.records import KnownDeal
from templates.kit import Message

HEAD = 65_536
"""Bytes of a file that tell what it is."""

LARGEST = 100_000_000
"""Bytes of a file that is fetched."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A file at hand. `path` is a temporary file, gone when it has been taken: what is to be kept of it must be kept by then.

    `file` is Slack's id, `kind` Slack's name for its type ("csv", "email" ...; a hint, no promise), `by` a full member of our own team.
    `deals` are the deals of `channel` that this person may see; none in a direct message (`in_dm`). `ts` is the message, where known.
    """

    file: str
    name: str
    path: Path
    size: int
    head: bytes
    kind: str
    by: str
    channel: str
    ts: str | None
    deals: tuple[KnownDeal, ...]

    @property
    def in_dm(self) -> bool:
        """Whether it was dropped in the bot's direct messages, where it is meant for us."""
        return self.channel.startswith("D")

    @property
    def deal(self) -> KnownDeal | None:
        """The deal that the channel belongs to, where it is one alone."""
        return self.deals[0] if len(self.deals) == 1 else None


class Taker(Protocol):
    """Somebody who is interested in files; put one into `house.file_takers`."""

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether a file is for this taker, by what it holds; its name may tell anything. Runs in a thread.

        `head`: its first HEAD bytes; of an archive also its last ones, where the names of its members stand.
        """
        ...

    async def take(self, drop: Drop) -> Message | None:
        """Do what is to be done; what to tell whoever dropped it, if anything is to be told at once.

        The same drop may come again after a crash: whatever is written must be known by `drop.file`. What is slow goes to a thread, and all
        of it together must be done within a minute.
        """
        ...
