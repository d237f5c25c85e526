"""Reads the sayings and says them to the bot: the standard deal, four fixed days, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from bot.deal import Deal
from bot.ears import Talk, hear
from bot.language.statement import Side, Utterance
from bot.playbook.finding import Finding

HERE = Path(__file__).parent
DAYS = {
    "before": datetime(2026, 10, 28, 10, 0),
    "test": datetime(2026, 11, 5, 10, 0),
    "end": datetime(2026, 11, 13, 10, 0),
    "after": datetime(2026, 11, 18, 10, 0),
}
"""When a saying is said: days before the test of two weeks, on its fourth day, two days before its end, and after it."""

List = Literal["heard", "not_yet", "silent", "not_yet_silent"]


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said on one of the DAYS, after the messages `before`; `said` is the figure meant, in packages per shipping day."""

    text: str
    day: str
    side: Side = "customer"
    before: tuple[tuple[Side, str], ...] = ()
    said: tuple[float, float] | None = None
    subject: str | None = None
    coverage: str = "white-glove"


@cache
def standard_deal() -> Deal:
    """The deal that all sayings are about."""
    return Deal.model_validate(yaml.safe_load((HERE / "deal.yml").read_text(encoding="utf-8")))


def stems() -> list[str]:
    """The scenarios that have a file of sayings, and "silence"."""
    return sorted(path.stem for path in HERE.glob("*.yaml"))


def sayings(stem: str, kind: List) -> list[Saying]:
    """The sayings of one list of a file."""
    return [_saying(dict(entry)) for entry in _lists(stem).get(kind, ())]


@cache
def _lists(stem: str) -> dict[str, list[dict[str, Any]]]:
    """The lists of a file, read once."""
    lists: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / f"{stem}.yaml").read_text(encoding="utf-8"))
    return lists


def cases(kind: List, *, silence: bool = False) -> list[Any]:
    """A test parameter (scenario, saying) for everything in this list of all scenario files, or of silence.yaml."""
    files = ["silence"] if silence else [stem for stem in stems() if stem != "silence"]
    return [pytest.param(stem, saying, id=f"{stem}-{saying.text[:50]}") for stem in files for saying in sayings(stem, kind)]


def say(saying: Saying) -> tuple[Finding, ...]:
    """Everything that the bot finds in it: findings and signals."""
    deal = standard_deal().model_copy(update={"coverage": saying.coverage})
    talk, at = Talk(), DAYS[saying.day]
    for number, (side, text) in enumerate(saying.before):
        hear(deal, talk, Utterance(text, side, side, at - timedelta(minutes=30 - number), str(number)))
    return hear(deal, talk, Utterance(saying.text, saying.side, saying.side, at, "said")).findings


def heard(scenario: str, saying: Saying) -> bool:
    """Whether the bot hears the scenario in it, of the right subject and with the right figure."""
    return any(
        finding.scenario == scenario
        and (saying.subject is None or finding.subject == saying.subject)
        and (saying.said is None or finding.said_per_day == pytest.approx(saying.said, rel=0.01))
        for finding in say(saying)
    )


def account(saying: Saying) -> str:
    """The saying and what was found in it, for a failing test."""
    found = [(finding.scenario, finding.subject, finding.said_per_day, finding.rule) for finding in say(saying)]
    return f"{saying} -> {found}"


def _saying(entry: dict[str, Any]) -> Saying:
    before = tuple((message.get("side", "customer"), message["text"]) for message in entry.pop("before", ()))
    said = entry.pop("said", None)
    return Saying(**entry, before=before, said=tuple(map(float, said)) if said else None)
