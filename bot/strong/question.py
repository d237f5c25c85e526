"""The question: which messages are worth one, and what is sent, without names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bot.deal import Deal
from bot.ears import Hearing
from bot.language.statement import Utterance
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS
from bot.strong.redact import Names, Redacted

ASKED = 0.10
"""From this chance at the second look on a quiet message is worth a question: of the talk of authors not seen a quarter of what is quiet,
and with it 68 % of the findings that the local reader misses there."""

TALK, SPOKEN_AT_MOST, SENT_AT_MOST = 8, 600, 2_400
"""Earlier messages that are sent along, characters of each, and characters of the message itself (all that the local reader reads)."""

_COUNTED = frozenset({"number", "percent", "fraction"})


@dataclass(frozen=True, slots=True)
class Asking:
    """A message that was heard, as material for a question. `names` are the speakers' names by id, as far as known."""

    deal: Deal
    utterance: Utterance
    before: Sequence[Utterance]
    hearing: Hearing
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def candidates(self) -> tuple[Finding, ...]:
        """What the local reader is unsure of: findings that wait, and are no repetition."""
        found = self.hearing.findings
        return tuple(one for one in found if one.urgency == "digest" and one.suppressed is None and one.scenario in FINDINGS)


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent (`system`, `content`), how the message reads in it, and a summary for people: counts only."""

    system: str
    content: str
    message: Redacted
    summary: str

    @property
    def characters(self) -> int:
        """What it costs."""
        return len(self.system) + len(self.content)


def why_not(asking: Asking) -> str | None:
    """Why a message is not worth a question, or None: it holds what the local reader is unsure of, or may have missed."""
    if asking.deal.reader != "both":
        return "not switched on for this deal"
    if asking.hearing.silent:
        return asking.hearing.silent
    if asking.candidates:
        return None
    if any(finding.scenario in FINDINGS for finding in asking.hearing.findings):
        return "the local reader is sure"
    reading = asking.hearing.reading
    if reading.hunch is not None:
        chance = reading.hunch.any if reading.hunch.worth is None else reading.hunch.worth
        return None if chance >= ASKED else "hardly a finding"
    figures = any(quantity.kind in _COUNTED and not quantity.role for quantity in reading.quantities)
    return None if figures or reading.statements or reading.latent else "not about the deal"


def question(asking: Asking) -> Question:
    """The question about a message; the same message with the same context makes the same question."""
    deal = asking.deal
    services = [*(promise.service for promise in deal.services), *(price.service for price in deal.price)]
    known = [*services, *(promise.lane for promise in deal.services if promise.lane)]
    names = Names((*(person.name for person in deal.people), *asking.names.values()), (deal.customer,), known)
    message = names.redact(asking.utterance.text[:SENT_AT_MOST])
    said = asking.before[-TALK:]
    plain = {
        "deal": _terms(asking, names),
        "talk": [{**_speaker(one, asking, names), "text": names.redact(one.text[:SPOKEN_AT_MOST]).text} for one in said],
        "message": {**_speaker(asking.utterance, asking, names), "text": message.text},
        "candidates": [_candidate(number, one, names) for number, one in enumerate(asking.candidates, start=1)],
    }
    content = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    counts = (f"{len(content):,} characters", _many(len(said), "earlier message"), _many(len(asking.candidates), "candidate"))
    return Question(prompt(), content, message, ", ".join((*counts, f"{_many(len(names), 'name')} known or taken out")))


@cache
def prompt() -> str:
    """What the strong reader is told to do; the same for every question."""
    return files("bot.strong").joinpath("prompt.md").read_text(encoding="utf-8")


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of its answer."""
    plain: dict[str, Any] = json.loads(files("bot.strong").joinpath("answer.schema.json").read_text(encoding="utf-8"))
    return plain


def _terms(asking: Asking, names: Names) -> dict[str, Any]:
    """The deal's terms without who they were agreed with; words of people in them go through the same redaction."""
    deal, day = asking.deal, asking.utterance.at.date() if asking.utterance.at else asking.deal.test.starts
    terms = deal.model_dump(mode="json", exclude_none=True, include={"volume", "test", "ramp", "services", "price", "pickup", "billing"})
    terms |= {"test_ends": str(deal.test_ends), "ramp_starts": str(deal.ramp_starts), "ramp_per_day": deal.ramp_per_day}
    said = {"said_on": str(day), "phase": deal.phase(day), "test_day": deal.test_day(day)}
    redacted: dict[str, Any] = _redacted(terms, names)
    return redacted | said


def _redacted(plain: Any, names: Names) -> Any:
    if isinstance(plain, dict):
        return {key: _redacted(value, names) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_redacted(value, names) for value in plain]
    return names.redact(plain).text if isinstance(plain, str) else plain


def _speaker(said: Utterance, asking: Asking, names: Names) -> dict[str, str]:
    person = asking.deal.person(said.speaker)
    name = person.name if person else asking.names.get(said.speaker) or said.speaker
    return {"side": said.side, "speaker": names.of(name)} if name else {"side": said.side}


def _candidate(number: int, finding: Finding, names: Names) -> dict[str, Any]:
    subject = {"subject": finding.subject} if finding.subject else {}
    return {"id": number, "scenario": finding.scenario, **subject, "quote": names.redact(finding.quote).text}


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
