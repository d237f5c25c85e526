"""What came back: read strictly as the schema says, or not at all; and the place in the message that a quote and a figure stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.language.statement import Quantity, Reading
from bot.strong.redact import Redacted

MOST = 8
"""Entries of each list; a longer answer is no answer."""

Words = Annotated[str, Field(max_length=2_400)]
Name = Annotated[str, Field(max_length=64)]


class Unusable(Exception):
    """The endpoint gave no answer that can be used; the text is a reason of ours, never its words."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CandidateVerdict(_Strict):
    """What it says of a candidate."""

    id: int
    verdict: Literal["confirm", "veto"]
    quote: Words | None


class NamedFinding(_Strict):
    """What it heard itself."""

    scenario: Name
    subject: Name | None
    quote: Words
    figure: Name | None


class Answer(_Strict):
    """The whole answer."""

    candidates: Annotated[tuple[CandidateVerdict, ...], Field(max_length=MOST, strict=False)]
    findings: Annotated[tuple[NamedFinding, ...], Field(max_length=MOST, strict=False)]


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]


def content_of(body: bytes) -> str:
    """The assistant's words in a chat completion; raises Unusable."""
    try:
        choice = _Completion.model_validate_json(body).choices[0]
    except ValidationError:
        raise Unusable("no chat completion") from None
    if choice.finish_reason == "length":
        raise Unusable("cut off at its length limit")
    return choice.message.content


def answer_of(content: str) -> Answer:
    """The answer in the assistant's words; raises Unusable where they are not exactly the JSON that was asked for."""
    try:
        return Answer.model_validate_json(content)
    except ValidationError:
        raise Unusable("not the JSON asked for") from None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the true message."""

    text: str
    start: int
    end: int


def passage(quote: str | None, sent: Redacted, text: str) -> Passage | None:
    """Where the quote stands in the message, in the message's own words; None where it does not, or where the speaker only quotes."""
    wanted = (quote or "").strip()
    at = sent.text.find(wanted) if any(character.isalnum() for character in wanted) else -1
    if at < 0:
        return None
    start, end = sent.origin(at, at + len(wanted))
    line = text[text.rfind("\n", 0, start) + 1 :]
    return None if line.lstrip().startswith(">") else Passage(text[start:end], start, end)


def figure_in(figure: str, quote: Passage, sent: Redacted, reading: Reading) -> Quantity | None:
    """The quantity of our grammar that the figure stands for: said inside the quote, and read by us; None where either fails."""
    wanted, at = figure.strip(), -1
    while wanted and (at := sent.text.find(wanted, at + 1)) >= 0:
        start, end = sent.origin(at, at + len(wanted))
        if quote.start <= start and end <= quote.end:
            found = _read_at(start, end, reading)
            if found is not None:
                return found
    return None


def _read_at(start: int, end: int, reading: Reading) -> Quantity | None:
    made = [one.quantity for one in (*reading.statements, *reading.latent) if one.quantity is not None]
    over: Sequence[Quantity] = [one for one in (*reading.quantities, *made) if one.start < end and start < one.end]
    counted = [one for one in over if one.role is None]
    return next(iter(counted or over), None)
