"""What was heard becomes an event of the clock, or a finding that it knows to be open."""

from __future__ import annotations

import pytest

from bot.playbook.clock.history import Happened, OpenFinding
from bot.playbook.clock.signals import event_of, open_finding
from bot.playbook.scenarios import FINDINGS, SIGNALS
from tests.clock.deals import START
from tests.templates.samples import finding


@pytest.mark.parametrize(
    ("scenario", "event"),
    [
        ("pickup-confirmed", Happened("pickup", START, "10-15/day", 12.5, heard=True)),
        ("volume-confirmed", Happened("volume", START, "10-15/day", 12.5, heard=True)),
        ("ramp-confirmed", Happened("ramp-affirmed", START, "10-15/day", 12.5, heard=True)),
        *((scenario, None) for scenario in FINDINGS),
    ],
)
def test_signals_are_events_and_findings_are_not(scenario: str, event: Happened | None) -> None:
    assert event_of(finding(scenario, said="10-15/day"), START) == event


def test_every_signal_is_an_event() -> None:
    assert all(event_of(finding(scenario), START) for scenario in SIGNALS)


def test_what_is_arranged_before_the_test_is_no_pickup_yet() -> None:
    before = {scenario: event_of(finding(scenario, phase="before-test"), START) for scenario in SIGNALS}
    assert [scenario for scenario, event in before.items() if event] == ["ramp-confirmed"]


def test_a_finding_kept_for_the_digest_waits_until_it_is_told() -> None:
    kept = finding("new-stakeholder", urgency="digest", said_per_day=None, quote="procurement has to see it")
    assert open_finding("7", kept, START, told=False) == OpenFinding("7", "new-stakeholder", START, "procurement has to see it", waits=True)
    assert not open_finding("7", kept, START, told=True).waits
    assert not open_finding("7", finding("volume-gap"), START, told=False).waits
