"""One name through the house: a scenario's rules, templates and sayings bear its name, and nothing else does."""

from __future__ import annotations

from pathlib import Path

from bot.language.rules import RULEBOOK
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS, title
from templates.shipped import FOLDERS, sources
from tests.said.sayings import sayings, stems

TEMPLATES = Path(__file__).parents[1] / "templates" / "en"


def test_every_scenario_has_its_sayings() -> None:
    assert set(stems()) == {*FINDINGS, *SIGNALS, "silence"}


def test_every_finding_has_its_script() -> None:
    scripts = {path.stem.removesuffix("-step-2") for folder in FOLDERS for path in (TEMPLATES / folder).glob("*.j2")}
    assert scripts == set(FINDINGS)


def test_every_finding_has_its_words_after_a_call() -> None:
    for language in sources():
        there = {path.stem for path in (TEMPLATES.parent / language / "after_call").glob("*.j2")}
        assert there == {*FINDINGS, "message", "email"}


def test_every_subject_has_its_words() -> None:
    assert {path.stem for path in (TEMPLATES / "terms").glob("*.j2")} == set(SUBJECTS)


def test_rules_speak_of_scenarios() -> None:
    assert {rule.act for rule in RULEBOOK} <= {*FINDINGS, *SIGNALS}


def test_contradictions_said_are_of_known_subjects() -> None:
    said = {saying.subject for kind in ("heard", "not_yet") for saying in sayings("contradiction", kind)}
    assert said <= set(SUBJECTS)


def test_every_name_has_a_title() -> None:
    assert all(title(scenario) for scenario in (*FINDINGS, *SIGNALS))
    assert not set(FINDINGS) & set(SIGNALS)
