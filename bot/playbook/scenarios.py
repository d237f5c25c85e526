"""The one list of scenario names (spec: scenarios.md) with what each is called in front of people."""

from __future__ import annotations

FINDINGS: dict[str, str] = {
    "volume-bait-and-switch": "Lower starting volume",
    "start-small-and-ramp": "Start small and build",
    "volume-gap": "Volume below the agreement",
    "not-ramping": "Not ramping",
    "wait-and-see": "Wait and see",
    "objection-too-busy": "Too busy to ramp",
    "objection-extend-test": "Wants a longer test",
    "objection-volume-unavailable": "Volume not available",
    "objection-peak-season": "Peak season first",
    "avoiding-commitment": "Avoids naming a volume",
    "new-stakeholder": "New stakeholder",
    "strategic-question": "Asks whether, not how",
    "contradiction": "Contradicts an agreed term",
}
"""Scenario -> title. The rep must know these; each has a script in templates/."""

SIGNALS: dict[str, str] = {
    "pickup-confirmed": "Pickup confirmed",
    "volume-confirmed": "Volume confirmed",
    "ramp-confirmed": "Ramp confirmed",
}
"""Scenario -> title. Logged and shown on the deal card, never an alarm."""

SUBJECTS: dict[str, str] = {
    "volume.committed": "committed volume",
    "volume.annual": "annual volume",
    "volume.share": "share of volume",
    "volume.test": "test volume",
    "test.duration": "test length",
    "test.start": "test start",
    "test.criteria": "success criteria",
    "ramp.timing": "ramp date",
    "ramp.volume": "ramp volume",
    "service.transit": "transit time",
    "service.coverage": "service coverage",
    "price": "price",
    "pickup": "pickup",
    "billing": "billing",
    "other": "agreed terms",
}
"""Subject of a contradiction -> what it is called in a sentence."""


def title(scenario: str) -> str:
    """The scenario's name for people; raises KeyError for a name that is not in the list."""
    return FINDINGS.get(scenario) or SIGNALS[scenario]
