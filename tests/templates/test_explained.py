"""The rows of an explanation as a sales-operations person reads them: one for each way in which something is raised, or is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.deal import Deal
from bot.language.model.examples import Labelled, Nearest
from bot.language.statement import Aside, Hunch, Quantity, Reading, Statement, Utterance
from bot.playbook.account import Meant, account
from bot.playbook.explanation import Explanation
from bot.playbook.finding import Finding
from bot.playbook.judge import outcomes
from bot.playbook.outcome import Outcome
from templates.explained import rows
from templates.verdicts import VERDICTS
from tests.playbook.cases import claims, number, proposes, reports, standard_deal, statement

SAID = Utterance("as said", "customer", "U1", datetime(2026, 11, 5, 10), "1")
FIGURE = number(20)


def explained(*statements: Statement, hunch: Hunch | None = None, deal: Deal | None = None, **other: Any) -> list[tuple[str, str]]:
    deal = deal or standard_deal()
    reading = Reading(statements=statements, hunch=hunch, quantities=tuple(one.quantity for one in statements if one.quantity))
    found = outcomes(deal, reading, SAID, ())
    return rows(Explanation(SAID.text, reading, account(deal, reading, SAID), found, **other))


def told(about: str, found: list[tuple[str, str]]) -> list[str]:
    return [sentence for label, sentence in found if label == about]


def finding(scenario: str = "not-ramping", urgency: str = "now", **other: Any) -> Finding:
    values: dict[str, Any] = {"quote": "x", "why": "x", "side": "customer", "phase": "test", "test_day": 4}
    return Finding(scenario=scenario, urgency=urgency, **(values | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (
            proposes(20),
            "proposes a volume = 20 packages a shipping day, 87% under the agreed test volume 150/day (2 Nov - 15 Nov). "
            "Rule “by hand”, 90% sure.",
        ),
        (reports(152), "reports a volume = 152 packages a shipping day, meets the agreed test volume 150/day (2 Nov - 15 Nov). "),
        (
            proposes(160, stance="asked"),
            "proposes a volume (as a question) = 160 packages a shipping day, only asked about, and enough for the agreed test volume",
        ),
        (proposes(20, stance="rejected"), "proposes a volume (denied) = 20 packages a shipping day, not counted, for it is denied."),
        (proposes(20_000), "proposes a volume = 20,000 packages a shipping day, not counted: too small or too large beside the deal"),
        (statement("wait-and-see", rule="no date, no decision"), "Wait and see. Rule “no date, no decision”, 90% sure."),
        (statement("not-ramping", when=None), "Not ramping, not counted, for the ramp is far off: such talk counts from a week before"),
    ],
)
def test_a_statement_beside_the_deal(made: Statement, sentence: str) -> None:
    (said,) = told("said", explained(made))
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (
            claims("volume.test", number(40)),
            "speaks of the test volume: differs: 40/day was said, agreed is 150/day. Rule “by hand”, 90% sure.",
        ),
        (
            claims("volume.test", number(150)),
            "speaks of the test volume: no material difference from what is agreed: 150/day (2 Nov - 15 Nov).",
        ),
        (statement("claims-term", about="billing", notes=("monthly",)), "speaks of the billing: "),
    ],
)
def test_a_claim_beside_its_term(made: Statement, sentence: str) -> None:
    (claim,) = told("claim", explained(made))
    assert claim.startswith(sentence)


def test_a_claim_about_a_term_that_the_deal_has_not() -> None:
    bare = standard_deal().model_copy(update={"billing": None})
    (claim,) = told("claim", explained(statement("claims-term", about="billing", notes=("monthly",)), deal=bare))
    assert claim.startswith("speaks of the billing: the deal has no such term.")


def test_figures_and_why_they_were_set_aside() -> None:
    boxes, day = number(300, unit="boxes", span="300 boxes", start=4, end=13, per=None), Quantity("9am", 20, 23, "time", None, None)
    reading = Reading(quantities=(boxes, replace(day, role="time of day")), asides=(Aside(boxes, "another carrier's volume"),))
    assert told("figure", rows(Explanation("…", reading))) == ["“300 boxes”, set aside: another carrier's volume", "“9am”, a time of day"]


def test_what_the_trained_reader_thinks() -> None:
    hunch = Hunch(0.62, {"contradiction": 0.5, "wait-and-see": 0.2, "subject price": 0.8, "subject billing": 0.1})
    found = explained(hunch=hunch, meant=(Meant(FIGURE, (20, 20), 0.71), Meant(replace(number(30), span=""), (30, 30), 0.09)))
    assert told("reader", found) == [
        "trained reader: 62% that the rep must know of it; most like Contradicts an agreed term (price) 50%, then Wait and see 20%; "
        "the volume meant may be 20 a day by “20” (71%) or 30 a day (9%)"
    ]


def test_a_chance_that_sank_for_the_talk_around() -> None:
    found = explained(hunch=Hunch(0.12, {"wait-and-see": 0.8}, alone=0.9))
    assert told("reader", found) == [
        "trained reader: 12% that the rep must know of it (90% by its words, lowered as the last messages are hardly about shipping); "
        "most like Wait and see 80%"
    ]


@pytest.mark.parametrize(
    ("outcome", "about", "sentence"),
    [
        (
            Outcome("not-ramping", finding(), "both", 0.71, 0.55),
            "raised",
            "Not ramping, direct message now: the rules hear it and the trained reader agrees (71%; a direct message needs 55%)",
        ),
        (
            Outcome("volume-gap", finding(urgency="digest"), "both", 0.3, 0.55),
            "raised",
            "Not ramping, daily digest: the rules hear it, but the trained reader is not sure enough to ring (30%; a direct message needs "
            "55%); the rules called it Volume below the agreement, the trained reader is far surer of this name",
        ),
        (
            Outcome("not-ramping", finding(urgency="digest"), "rules", 0.6, 0.75),
            "raised",
            "Not ramping, daily digest: the rules are not sure enough to ring (60%; a direct message needs 75%)",
        ),
        (
            Outcome("contradiction", finding("contradiction", subject="price"), "heard", 0.999, 0.9),
            "raised",
            "Contradicts an agreed term (price), direct message now: the trained reader alone is very sure (over 99%; a direct message "
            "needs 90%)",
        ),
        (
            Outcome("not-ramping", finding(suppressed="repeat"), "both", 0.71, 0.55),
            "held",
            "Not ramping: the same side said it before, and its finding stands; there is no second message",
        ),
        (
            Outcome("not-ramping", None, "unlikely", 0.02, 0.15),
            "dropped",
            "Not ramping: the rules hear it, but the trained reader gives it 2% only (15% needed)",
        ),
        (
            Outcome("not-ramping", None, "foreign", 0.9, 1.0),
            "dropped",
            "Not ramping: the rules hear it, but this and the last messages are not about shipping by their words",
        ),
        (
            Outcome("volume-gap", finding("volume-gap", "digest"), "heard", 0.3, 0.5, second=True),
            "raised",
            "Volume below the agreement, daily digest: only the trained reader hears it, and is not sure enough to ring (30% at a second "
            "look; a direct message needs 50%)",
        ),
        (
            Outcome("volume-gap", None, "refuted", 0.8, 0.9),
            "dropped",
            "Volume below the agreement: the trained reader thinks of it (80%), but the figures of the message meet what is agreed",
        ),
        (
            Outcome("volume-confirmed", finding("volume-confirmed", "log"), "rules", 0.8, 0.0),
            "signal",
            "Volume confirmed, on the deal card: the rules hear it",
        ),
        (
            Outcome("wait-and-see", None, "not-heard", 0.12, 0.4),
            "nothing",
            "no rule finds anything in it, and the trained reader gives it 12% (40% needed)",
        ),
        (
            Outcome("wait-and-see", None, "not-heard", 0.22, 0.3, second=True),
            "nothing",
            "no rule finds anything in it, and the trained reader gives it 22% at a second look (30% needed)",
        ),
    ],
)
def test_each_verdict(outcome: Outcome, about: str, sentence: str) -> None:
    assert rows(Explanation("…", Reading(), outcomes=(outcome,))) == [(about, sentence)]
    assert about in VERDICTS


def test_why_the_trained_reader_was_not_asked() -> None:
    (nothing,) = told("nothing", rows(Explanation("…", Reading(), unasked="not about shipping")))
    assert nothing == (
        "no rule finds anything in it; the trained reader was not asked, as this and the last messages are not about shipping by their "
        "words: then nothing is raised"
    )
    (nothing,) = told("nothing", rows(Explanation("…", Reading(), unasked="no weights")))
    assert nothing.endswith("not asked, as its weights are not installed")


def test_the_judge_gives_the_reasons_that_are_told() -> None:
    likely = Hunch(0.99, {"volume-bait-and-switch": 0.99})
    assert told("raised", explained(proposes(20, sure=0.9), hunch=likely))[0].startswith(
        "Lower starting volume, direct message now: the rules"
    )
    assert told("dropped", explained(proposes(20, sure=0.6), hunch=Hunch(0.01, {})))[0].startswith(
        "Lower starting volume: the rules hear it"
    )
    assert told("dropped", explained(reports(152), hunch=Hunch(0.99, {"volume-gap": 0.99})))[0].startswith("Volume below the agreement")


def test_the_example_is_shown_where_there_is_something_to_compare() -> None:
    near = Nearest(Labelled("we'll stay at forty", ("not-ramping", "contradiction ramp.volume"), "a-001"), 0.412)
    found = explained(statement("wait-and-see"), example=near)
    assert told("like", found) == [
        "labelled Not ramping and Contradicts an agreed term (ramp volume), 41% alike: “we'll stay at forty” (a-001)"
    ]
    assert told("like", explained(hunch=Hunch(0.01, {}), example=near)) == []


def test_quoted_lines_that_are_answered_are_told() -> None:
    text = "> let's start with 15 a day\nno, we agreed 150"
    (quoted,) = told("quoted", rows(Explanation(text, Reading())))
    assert quoted == "“let's start with 15 a day”, which this answers: somebody else's words, taken as said before"
