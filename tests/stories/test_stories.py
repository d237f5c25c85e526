"""Short talks from start to end: what is told to the rep, in which words, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.deal import OWN_SIDE, Deal
from bot.ears import Hearing, Talk, hear
from bot.language.statement import Side, Utterance
from bot.playbook.finding import Finding, Raised
from bot.playbook.scenarios import FINDINGS
from templates.words import headline, script
from tests.said.sayings import standard_deal

HERE = Path(__file__).parent


def side_of(deal: Deal, speaker: str) -> Side:
    person = deal.person(speaker)
    if person is None:
        return "unknown"
    if person.role in OWN_SIDE:
        return "own"
    return "implementation" if person.role == "implementation" else "customer"


def utterance(deal: Deal, message: dict[str, Any]) -> Utterance:
    return Utterance(
        text=message["text"],
        side=side_of(deal, message["speaker"]),
        speaker=message["speaker"],
        at=datetime.fromisoformat(message["at"]),
        key=str(message["n"]),
        thread=str(message["thread"]) if "thread" in message else None,
    )


def hearings(deal: Deal, messages: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Hearing]]:
    """Each message with what was heard; what was raised grows, and an edit takes back what its message raised before."""
    talk, raised = Talk(), dict[str, list[Raised]]()
    for message in messages:
        said = utterance(deal, message)
        raised.pop(said.key, None)
        hearing = hear(deal, talk, said, [one for each in raised.values() for one in each])
        raised[said.key] = [
            Raised(one.scenario, one.subject, one.side, one.said_per_day, one.said) for one in hearing.findings if not one.suppressed
        ]
        yield message, hearing


def told(finding: Finding) -> str:
    return finding.suppressed or finding.urgency


@pytest.mark.parametrize("story", sorted(path.stem for path in HERE.glob("*.yaml")))
def test_story(story: str) -> None:
    content = yaml.safe_load((HERE / f"{story}.yaml").read_text(encoding="utf-8"))
    deal = standard_deal().model_copy(update=content.get("deal", {}))
    for message, hearing in hearings(deal, content["messages"]):
        expected = message.get("expect", [])
        found = [
            {
                "scenario": finding.scenario,
                "told": told(finding),
                **({"said_per_day": list(finding.said_per_day)} if finding.said_per_day else {}),
                "headline": headline(finding, deal),
            }
            for finding in hearing.findings
        ]
        assert found == expected, message["text"]
        own = "own-side" if side_of(deal, message["speaker"]) == "own" else None
        assert hearing.silent == message.get("silent", own)
        for finding in hearing.findings:
            words = script(finding, deal, "Dana Ortiz")
            assert bool(words) == (finding.scenario in FINDINGS)
            assert "Dana" in words or finding.scenario not in FINDINGS
