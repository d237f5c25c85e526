"""What a deal's terms lack is said in one sentence each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.deal import Deal
from bot.playbook.terms import warnings

USUAL: dict[str, Any] = {
    "customer": "Acme",
    "people": [{"id": "U1", "name": "Riley Chen", "role": "rep"}],
    "volume": {"committed_per_day": 500},
    "test": {"volume_per_day": 150, "starts": date(2026, 11, 2), "success": ["transit times"]},
    "ramp": {"to_per_day": 500},
}


def test_a_usual_deal_has_none() -> None:
    assert warnings(Deal.model_validate(USUAL)) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"test": USUAL["test"] | {"volume_per_day": 149}}, "The test is 29.8% of the committed volume, below the usual 30-50%."),
        ({"test": USUAL["test"] | {"volume_per_day": 251}}, "The test is 50.2% of the committed volume, above the usual 30-50%."),
        ({"test": USUAL["test"] | {"weeks": 1}}, "The test runs 1 week; 2 are usual."),
        ({"test": USUAL["test"] | {"weeks": 4}}, "The test runs 4 weeks; 2 are usual."),
        ({"test": USUAL["test"] | {"success": []}}, "No success criteria"),
        ({"ramp": {}}, "No ramp is written down"),
        ({"ramp": {"to_per_day": 400}}, "The ramp stops 100 packages a day short of the committed volume."),
        ({"people": [{"id": "U1", "name": "Dana", "role": "customer"}]}, "No rep is named"),
        (
            {"volume": {"committed_per_day": 40}, "test": USUAL["test"] | {"volume_per_day": 15}, "ramp": {"to_per_day": 40}},
            "40 packages a day",
        ),
    ],
)
def test_each_departure(change: dict[str, Any], said: str) -> None:
    (sentence,) = warnings(Deal.model_validate(USUAL | change))
    assert sentence.startswith(said)
