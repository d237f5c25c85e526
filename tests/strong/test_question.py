"""The question: who is asked about what, that no name leaves, and that prompt, schema and our own lists say the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.ears import Hearing
from bot.language.statement import Hunch, Reading
from bot.playbook.scenarios import FINDINGS, SUBJECTS
from bot.strong.answer import Answer, CandidateVerdict, NamedFinding
from bot.strong.question import Asking, prompt, question, schema, why_not
from tests.strong.samples import acme, heard, said, suspected, waiting


def test_prompt_and_schema_name_our_scenarios_and_subjects_and_no_others() -> None:
    finding = schema()["properties"]["findings"]["items"]["properties"]
    assert set(finding["scenario"]["enum"]) == set(FINDINGS)
    assert set(finding["subject"]["enum"]) == {None, *SUBJECTS}
    assert set(re.findall(r"^- `([a-z-]+)`: ", prompt().partition("Scenarios:")[2], re.MULTILINE)) == set(FINDINGS)
    assert set(re.findall(r"`([a-z.]+)`", prompt().partition("Subjects of a contradiction:")[2])) == set(SUBJECTS)


def test_schema_and_our_own_reading_of_an_answer_ask_for_the_same_fields() -> None:
    for model, plain in ((Answer, schema()), (CandidateVerdict, _items("candidates")), (NamedFinding, _items("findings"))):
        assert set(model.model_fields) == set(plain["properties"]) == set(plain["required"])
        assert plain["additionalProperties"] is False


def _items(name: str) -> dict[str, Any]:
    items: dict[str, Any] = schema()["properties"][name]["items"]
    return items


def test_no_name_and_no_id_leaves() -> None:
    before = [said("Riley, ask Omar at Globex (omar@globex.com) about @priya", "URILEY", "own", key="1"), said("who?", "U0XAVIER", key="2")]
    about = heard(said("Dana from Acme: Sam Stone says 15 a day, call 212-555-0199"), before)
    about = replace(about, names={"U0XAVIER": "Xavier Quill"})
    asked = question(about)
    secrets = "Dana Ortiz Acme Outfitters Riley Omar Globex priya Priya Nair Sam Stone Xavier Quill UDANA U0XAVIER 0199"
    for secret in secrets.split():
        assert secret not in asked.content, secret
    plain = json.loads(asked.content)
    assert [one["side"] for one in plain["talk"]] == ["own", "customer"]
    assert plain["message"]["text"] == "[Person1] from [Company1]: [Name1] [Name2] says 15 a day, call [Number1]"
    assert plain["deal"]["test"]["volume_per_day"] == 150
    assert plain["deal"]["phase"] == "test"
    assert "customer" not in plain["deal"]
    assert "people" not in plain["deal"]
    assert not re.search(r"Dana|Acme", asked.summary)


def test_the_same_message_makes_the_same_question_and_a_long_one_is_cut() -> None:
    long = said("15 a day " * 2_000)
    before = [said("so " * 1_000, "UIVAN", "implementation", key=str(number)) for number in range(30)]
    first, second = question(heard(long, before)), question(heard(long, before))
    assert first == second
    assert len(first.content) < 10_000
    assert len(json.loads(first.content)["talk"]) == 8


def test_candidates_go_along_with_their_numbers() -> None:
    about = suspected(said("not sure when Dana can ramp"), "wait-and-see")
    (candidate,) = json.loads(question(about).content)["candidates"]
    assert candidate == {"id": 1, "scenario": "wait-and-see", "quote": "not sure when [Person1] can ramp"}


@pytest.mark.parametrize(
    ("text", "chance", "found", "reason"),
    [
        ("hm", None, ("digest",), None),
        ("hm", 0.02, ("digest", "now"), None),
        ("hm", 0.9, ("now",), "the local reader is sure"),
        ("hm", 0.5, (), None),
        ("hm", 0.02, (), "hardly a finding"),
        ("let's see 15 here", None, (), None),
        ("thanks, see you", None, (), "not about the deal"),
    ],
)
def test_what_is_worth_a_question(text: str, chance: float | None, found: tuple[str, ...], reason: str | None) -> None:
    about = heard(said(text))
    findings = tuple(
        replace(waiting("wait-and-see", "hm"), urgency=urgency, scenario=name) for urgency, name in zip(found, FINDINGS, strict=False)
    )  # type: ignore[arg-type]
    hunch = None if chance is None else Hunch(chance, {})
    reading = Reading(about.hearing.reading.quantities, hunch=hunch)
    assert why_not(Asking(about.deal, about.utterance, (), Hearing(reading, findings))) == reason


def test_nothing_is_asked_of_our_own_words_nor_for_a_deal_that_did_not_say_so() -> None:
    own = heard(said("let's start with 15 a day", "URILEY", "own"))
    assert why_not(own) == "own-side"
    off = suspected(said("let's wait"), "wait-and-see", deal=acme(reader="local"))
    assert why_not(off) == "not switched on for this deal"
    assert why_not(heard(said("start with 15"), deal=acme(coverage="standard"))) == "standard-coverage"
    repeated = suspected(said("let's wait"), "wait-and-see")
    repeated = replace(repeated, hearing=Hearing(Reading(), (replace(waiting("wait-and-see", "let's wait"), suppressed="repeat"),)))
    assert why_not(repeated) == "the local reader is sure"
