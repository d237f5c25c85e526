"""Every script in every language, tone and length: made from every sample without a gap, short, and about this deal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest

from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SUBJECTS
from templates.scripts import Scripts
from templates.shipped import sources
from templates.voice import TONES, Length, Tone, Voice
from tests.templates.samples import MOMENTS, SAID, bare, deal, finding

LATE = deal(ramp={"to_per_day": 450, "days_after_test": 7}, services=[], price=[], pickup=None, billing=None)
DEALS = (deal(), bare(), LATE)
SCRIPTS = [(scenario, None) for scenario in FINDINGS if scenario != "contradiction"] + [("contradiction", subject) for subject in SUBJECTS]
VOICES = [Voice(language, tone, length) for language in sources() for tone in TONES for length in ("long", "short")]
WORDS: dict[Length, int] = {"long": 95, "short": 60}
GREETING = {"en": re.compile(r"Hi |Thanks"), "es": re.compile(r"Hola |Gracias")}
INNER = {
    "en": re.compile(
        r"bait|white.?glove|red flag|objection|finding|scenario|escalat|enforce|stakeholder|jump.?in|contradict|too little|fault|blam",
        re.IGNORECASE,
    ),
    "es": re.compile(r"cebo|guante|bandera|objeci|hallazgo|escenario|escala[rd]|incumpl|contradic|culpa|interesad", re.IGNORECASE),
}
ENGLISH = re.compile(r"\b(?:the|and|packages?|day|weeks?|you|from|agreed|January|November|Monday|Friday)\b", re.IGNORECASE)


def situations() -> Iterator[tuple[Deal, Finding, str | None]]:
    """Every scenario and term, before, in and after the test, from both sides, with and without a figure and a name."""
    for (scenario, subject), of, moment, side in product(SCRIPTS, DEALS, MOMENTS.values(), ("customer", "implementation")):
        if subject is None or moment["test_day"] in (3, 18):
            for said in ({}, {"said_per_day": None, "said": SAID.get(subject or "")}):
                yield of, finding(scenario, side=side, subject=subject, **(moment | said)), "Dana Ortiz" if said else None


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.language}-{voice.tone}-{voice.length}")
def test_scripts_are_short_and_clean_in_every_situation(voice: Voice) -> None:
    scripts = Scripts(voice)
    for of, what, speaker in situations():
        made = [scripts.script(what, of, speaker), scripts.next_step(what, of, speaker)]
        for text in filter(None, made):
            assert GREETING[voice.language].match(text), text
            assert len(text.split()) <= WORDS[voice.length] + (35 if what.scenario == "contradiction" else 0), text
            assert not INNER[voice.language].search(text), text
            assert not re.search(r"None|  |\{|\}|Undefined", text), text
            assert not re.search(r"[?.!,;:][A-Za-zÁÉÍÓÚáéíóú]| [.,;?:]|\.\.|,,", re.sub(r"\d[.,:]\d", "", text)), text
            if voice.language == "es":
                assert text.count("¿") == text.count("?"), text
                foreign = ENGLISH.search(re.sub(r"\(.*?\)|New York.*?area|Expedited|Ground", "", text))
                assert not foreign, (foreign, text)


@pytest.mark.parametrize("language", sources())
def test_tones_and_lengths_differ_and_short_is_shorter(language: str) -> None:
    for scenario in FINDINGS:
        made: dict[tuple[Tone, Length], str] = {}
        what = finding(scenario, subject="test.duration" if scenario == "contradiction" else None)
        for tone in TONES:
            for length in WORDS:
                made[tone, length] = Scripts(Voice(language, tone, length)).script(what, deal(), "Dana Ortiz")
            assert len(made[tone, "short"]) < len(made[tone, "long"]), (scenario, tone)
        assert len(set(made.values())) == len(made), scenario


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.language}-{voice.tone}-{voice.length}")
def test_where_a_figure_is_agreed_the_script_says_it(voice: Voice) -> None:
    for scenario in ("volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "avoiding-commitment"):
        assert "150 pa" in Scripts(voice).script(finding(scenario), deal(), "Dana")
    for scenario in ("not-ramping", "objection-too-busy", "objection-peak-season", "wait-and-see"):
        assert "500 pa" in Scripts(voice).script(finding(scenario, **MOMENTS["after it"]), deal(), "Dana")


@pytest.mark.parametrize("language", sources())
def test_every_language_has_the_same_files(language: str) -> None:
    assert set(sources()[language]) == set(sources()["en"])
