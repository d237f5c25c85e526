"""What the bot did with a message, as spans for those who run it: ids, scenario names and counts. Silent unless traces are switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Protocol

Fact = str | int | None | Sequence[int] | Sequence[str]
"""What a span may tell: an id, a name of ours, a count, or several; never a word that was said, a name, or a figure of a deal."""

FACTS: Mapping[str, str] = {
    "call": "the call's number",
    "channel": "Slack's id of the channel",
    "deal": "the deal's number",
    "errand": "the number of the message to deliver",
    "file": "Slack's id of the file",
    "finding": "the finding's number",
    "findings": "numbers of the findings that were recorded",
    "found": "how many findings were read, also those that do not ring",
    "happening": "`said`, `edited`, `deleted`",
    "hook": "`transcripts`, `volumes`, `deals`: the address that a signed delivery came to",
    "kind": "`alert`, `update`, `post`, `notice`",
    "messages": "how many messages to people were left",
    "new": "how many rows are new",
    "outcome": "what came of it, as in the figures",
    "people": "how many people were asked for",
    "records": "how many records were read",
    "replaced": "how many rows took another's place",
    "request": "`block_actions`, `view_submission`, `deal-status`, …: what a request is, as Slack calls it",
    "scenarios": "names of their scenarios",
    "tries": "how often it was taken up",
    "ts": "Slack's ts of the message",
    "what": "what a notice is",
}
"""All facts that spans tell, and what each is; whatever has another name is left out."""

CAUSE: ContextVar[str | None] = ContextVar("cause", default=None)
"""The span that we are in, in the form of a `traceparent` (W3C Trace Context): errands take it along, for they are done later and
elsewhere. None where traces are off, or this one is not kept."""


class Span(Protocol):
    """Something that is being done."""

    def note(self, **facts: Fact) -> None:
        """Add what has become known meanwhile, by the names of FACTS."""


class Traces(Protocol):
    """Where spans go."""

    def span(self, name: str, /, cause: object = None, **facts: Fact) -> AbstractContextManager[Span]:
        """What is done within is a span, below the one that it is within. `cause`: what CAUSE was where it was asked for, a blank
        between several.
        """

    def close(self) -> None:
        """Send what has not been sent, for a few seconds at most."""


class Silence:
    """No traces: it costs next to nothing, and loads nothing."""

    def span(self, name: str, /, cause: object = None, **facts: Fact) -> Silence:  # noqa: ARG002 - as Traces has it
        """Nothing."""
        return self

    def note(self, **facts: Fact) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def __enter__(self) -> Silence:
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None) -> None:
        pass


SILENCE = Silence()
