"""One message for all that was said while the bot was away: the rest in a line each, which says what and against what."""

from __future__ import annotations

from typing import Any

from templates.blocks import Behind, Words, alert
from templates.together import together
from tests.live.block_kit import mistakes, texts
from tests.templates.samples import deal, finding
from tests.templates.test_blocks import AT, view


def matter(number: int, scenario: str, **facts: Any) -> Behind:
    return Behind(number, finding(scenario, **facts), Words(f"words {number}", "U1", "Dana Ortiz", AT))


def test_the_rest_says_its_figures_and_names_are_told_apart() -> None:
    matters = [
        matter(1, "volume-bait-and-switch"),
        matter(2, "strategic-question", said_per_day=None),
        matter(3, "contradiction", subject="pickup", said="18:00", agreed="16:00", said_per_day=None),
        matter(4, "objection-peak-season", said_per_day=None),
    ]
    message = together(deal(), [alert(view())], matters, "America/New_York")
    assert mistakes(message.blocks) == []
    shown = list(texts(message.blocks))
    assert shown[0] == "Acme Outfitters: 4 things were said while I was away"
    assert any(line.startswith("*Asks whether, not how*: 150/day agreed — Dana Ortiz, ") for line in shown)
    assert any(line.startswith("*Contradicts an agreed term*: pickup 18:00 said, 16:00 agreed — Dana Ortiz, ") for line in shown)
    assert any(line.startswith("*Peak season first*: 500/day from 16 Nov agreed — Dana Ortiz, ") for line in shown)
    assert message.text.endswith("Lower starting volume; Asks whether, not how; Contradicts an agreed term; Peak season first")
