"""Every script makes the moves of the process: it restates what was agreed, asks for the reason, and leaves no open end."""

from __future__ import annotations

from datetime import date

import pytest

from bot.deal import Deal, Person, Volume
from bot.deal import Test as Trial
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS
from templates.scripts import Scripts
from templates.voice import TONES, Voice

DEAL = Deal(
    customer="Acme",
    people=(Person(id="U3", name="Riley Chen", role="rep"),),
    volume=Volume(committed_per_day=500, annual=130_000),
    test=Trial(volume_per_day=150, starts=date(2026, 11, 2), success=("transit times", "billing accuracy")),
)
TEST, RAMP, SAID, DAY, CRITERIA = "150 ", "500 ", "40 ", "5", "transit times|tiempos de tránsito"
DATE = "November|noviembre"

MOVES = {
    "volume-bait-and-switch": (TEST, SAID, "?"),
    "start-small-and-ramp": (TEST, SAID, CRITERIA, "?"),
    "volume-gap": (DAY, SAID, TEST, "?"),
    "not-ramping": (RAMP, CRITERIA, DATE, "?|hear how|saber cómo"),
    "objection-too-busy": (RAMP, DATE, "?"),
    "objection-extend-test": (CRITERIA, DATE, "?"),
    "objection-volume-unavailable": (RAMP, DATE, "?"),
    "objection-peak-season": (RAMP, DATE),
    "wait-and-see": (RAMP, DATE, "?"),
    "avoiding-commitment": (TEST, DATE, "?"),
    "new-stakeholder": (TEST, RAMP, CRITERIA, DATE, "?"),
    "strategic-question": (TEST, RAMP, CRITERIA, "?"),
    "contradiction": (TEST, DATE, "?"),
}
"""What stands in the long text of each scenario in every tone: the agreed figure with the one said, the criteria, a date, a question."""


def said(scenario: str) -> Finding:
    """On day 5 of the test: 40 a day; a contradiction is about the test's volume."""
    subject = "volume.test" if scenario == "contradiction" else None
    figures = (40.0, 40.0)
    return Finding(
        scenario, "q", "w", "now", "customer", "test", 5, subject=subject, said_per_day=figures, said="40/day", agreed_per_day=150
    )


def test_every_scenario_has_its_moves() -> None:
    assert set(MOVES) == set(FINDINGS)


@pytest.mark.parametrize("scenario", MOVES)
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_script_makes_its_moves(scenario: str, tone: str, language: str) -> None:
    text = Scripts(Voice(language, tone)).script(said(scenario), DEAL, "Dana Ortiz")  # type: ignore[arg-type]
    for move in MOVES[scenario]:
        assert any(one in text for one in move.split("|")), (move, text)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("length", ["long", "short"])
def test_the_second_step_of_the_ramp_asks_what_prevents_it_and_by_when_it_ends(tone: str, language: str, length: str) -> None:
    text = Scripts(Voice(language, tone, length)).next_step(said("not-ramping"), DEAL, None)  # type: ignore[arg-type]
    assert text is not None
    assert RAMP in text
    assert "?" in text
    assert any(month in text for month in DATE.split("|"))


@pytest.mark.parametrize("scenario", MOVES)
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_short_text_names_what_was_agreed_or_a_day(scenario: str, tone: str, language: str) -> None:
    text = Scripts(Voice(language, tone, "short")).script(said(scenario), DEAL, "Dana Ortiz")  # type: ignore[arg-type]
    assert any(one in text for one in (TEST, RAMP, *DATE.split("|")))
    assert len(text.split()) <= 90
