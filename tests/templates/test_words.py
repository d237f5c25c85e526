"""Scripts: one for each scenario, with this deal's figures, and nothing of ours that a customer should not read."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Deal
from bot.playbook.deeds import FEED
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from templates.facts import first_name
from templates.shipped import scripts
from templates.words import agreed_beside, headline, next_step, script
from tests.templates.samples import MOMENTS, SAID, bare, deal, finding

INNER = re.compile(r"bait|white.?glove|red flag|objection|finding|scenario|escalat|enforce|stakeholder|jump.?in|contradict", re.IGNORECASE)
DEALS = [deal(), bare(), deal(ramp={"to_per_day": 450, "days_after_test": 7}, services=[], price=[], pickup=None, billing=None)]


def all_scripts(of: Deal) -> list[str]:
    """Every script that can be made of a deal."""
    made = []
    for scenario in FINDINGS:
        for subject in SUBJECTS if scenario == "contradiction" else [None]:
            for moment in MOMENTS.values():
                for side in ("customer", "implementation"):
                    for said in ({}, {"said_per_day": None, "said": SAID.get(subject or "")}):
                        what = finding(scenario, side=side, subject=subject, **(moment | said))
                        for speaker in ("Dana Ortiz", None):
                            made += [script(what, of, speaker), next_step(what, of, speaker) or "Hi"]
    return made


def test_every_scenario_has_its_script_and_no_script_is_without_a_scenario() -> None:
    assert {name.partition("-step-")[0] for name in scripts()} == set(FINDINGS)


def test_every_subject_of_a_contradiction_has_its_term() -> None:
    for subject in SUBJECTS:
        text = script(finding("contradiction", subject=subject, said=None, said_per_day=None), deal(), "Dana Ortiz")
        assert "What we outlined" in text or subject == "other"


@pytest.mark.parametrize("of", DEALS, ids=["full", "bare", "late ramp"])
def test_scripts_are_short_and_clean_in_every_situation(of: Deal) -> None:
    for text in all_scripts(of):
        assert len(text.split()) <= 95
        assert not INNER.search(text)
        assert "None" not in text
        assert "  " not in text
        assert not re.search(r"[?.!,;][A-Za-z]| [.,;?]|\.\.|,,", re.sub(r"\d[.,]\d", "", text))


def test_a_script_names_both_figures_and_the_speaker() -> None:
    text = script(finding("volume-bait-and-switch"), deal(), "Dana Ortiz")
    assert text.startswith("Hi Dana, ")
    assert "10-15 packages a day" in text
    assert "150 packages a day for two weeks, from Monday, November 2" in text


def test_without_a_figure_or_a_name_the_script_still_reads_well() -> None:
    text = script(finding("start-small-and-ramp", said_per_day=None), deal(), None)
    assert text.startswith("Hi all, ")
    assert "with a much smaller start" in text


def test_a_term_comes_with_its_scope_and_its_exception() -> None:
    text = script(
        finding("contradiction", subject="service.transit", said="1 day", quote="Expedited is next day", said_per_day=None), deal(), "Dana"
    )
    assert "since 1 day came up as the transit time" in text
    assert "Expedited is 2-3 days to the Northeast and next day only to the New York tri-state area (through our JFK facility)." in text
    assert "Ground" not in text


def test_dates_to_decide_are_business_days_ahead() -> None:
    text = script(finding("wait-and-see", phase="after-test", test_day=18), deal(), "Dana", today=date(2026, 11, 20))
    assert "30 minutes on Tuesday, November 24" in text
    assert "30 minutes on Friday, November 13" in script(finding("wait-and-see"), deal(), "Dana")


def test_an_answer_is_asked_for_before_the_agreed_day_has_passed() -> None:
    text = script(finding("avoiding-commitment", phase="before-test", test_day=0), deal(), "Dana")
    assert "150 packages a day from Monday, November 2" in text
    assert "an answer by Monday, November 2." in text


def test_the_ramp_has_a_second_step_and_others_have_none() -> None:
    assert "500 packages a day" in str(next_step(finding("not-ramping", **MOMENTS["after it"]), deal(), "Dana"))
    assert next_step(finding("volume-gap"), deal(), "Dana") is None


def test_signals_have_no_script() -> None:
    assert [script(finding(signal), deal(), "Dana") for signal in SIGNALS] == ["", "", ""]


@pytest.mark.parametrize(
    ("figures", "words"),
    [((15, 15), "15"), ((10, 15), "10-15"), ((1200, 1200), "1,200"), ((12.4, 12.4), "12"), ((2.5, 2.5), "2.5"), ((41.67, 83.33), "42-83")],
)
def test_figures_are_written_as_people_write_them(figures: tuple[float, float], words: str) -> None:
    said = finding("volume-gap", said_per_day=figures)
    assert f"running at {words} packages a day" in script(said, deal(), "Dana")
    assert headline(said, deal()).startswith(f"Acme Outfitters: {words}/day said, 150/day agreed")


def test_headlines_say_where_in_the_deal_we_are() -> None:
    said = {name: headline(finding("volume-bait-and-switch", **moment), deal()) for name, moment in MOMENTS.items()}
    assert said["before the test"] == "Acme Outfitters: 10-15/day said, 150/day agreed — test starts in 3 days"
    assert said["in the test"] == "Acme Outfitters: 10-15/day said, 150/day agreed — test day 3 of 14"
    assert said["after it"] == "Acme Outfitters: 300/day said, 500/day agreed — day 18, ramp due since 16 Nov"
    assert headline(finding("volume-bait-and-switch"), deal(), date(2026, 11, 9)).endswith("test day 3 of 14"), "when it was said"
    claim = finding("contradiction", subject="test.duration", said="four weeks", agreed="2 weeks", said_per_day=None)
    assert headline(claim, deal()).startswith("Acme Outfitters: test length four weeks said, 2 weeks agreed — ")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (date(2026, 11, 6), "test day 5 of 14"),
        (date(2026, 11, 15), "test day 14 of 14"),
        (date(2026, 11, 17), "test day 3 of 14"),
    ],
)
def test_what_was_shipped_is_told_by_the_day_of_telling_while_its_phase_lasts(told: date, words: str) -> None:
    short = finding("volume-gap", rule=FEED)
    assert headline(short, deal(), told).endswith(f" — {words}")
    assert f"day {words.split()[2]} of the 14-day test" in script(short, deal(), "Dana", told)


@pytest.mark.parametrize(
    ("scenario", "moment", "words"),
    [
        ("strategic-question", "in the test", "asks whether, not how (150/day agreed)"),
        ("objection-too-busy", "after it", "too busy to ramp (500/day agreed)"),
        ("objection-extend-test", "in the test", "wants a longer test (two weeks agreed)"),
        ("objection-peak-season", "in the test", "peak season first (500/day from 16 Nov agreed)"),
        ("wait-and-see", "before the test", "wait and see (500/day from 16 Nov agreed)"),
        ("wait-and-see", "after it", "wait and see (500/day agreed)"),
    ],
)
def test_without_a_figure_the_headline_says_what_it_is_about_and_what_was_agreed_of_that(scenario: str, moment: str, words: str) -> None:
    one = finding(scenario, **(MOMENTS[moment] | {"said_per_day": None}))
    assert headline(one, deal()).startswith(f"Acme Outfitters: {words} — ")
    assert words.endswith(f"({agreed_beside(one, deal())})")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Dana Ortiz", "Dana"),
        ("Ortiz, Dana", "Dana"),
        ("Dr. Dana Ortiz", "Dana"),
        ("dana.ortiz", "Dana"),
        ("dana_o", "Dana"),
        ("Dana (Acme)", "Dana"),
        ("", None),
        (None, None),
        ("🙂", None),
        ("\u200b", None),
        ("李 小龍", "李"),
    ],
)
def test_first_names(name: str | None, first: str | None) -> None:
    assert first_name(name) == first


@given(
    customer=st.text(min_size=1, max_size=200),
    speaker=st.text(max_size=200),
    said=st.text(max_size=50),
    scenario=st.sampled_from(sorted(FINDINGS)),
)
def test_any_words_in_a_deal_make_a_script(customer: str, speaker: str, said: str, scenario: str) -> None:
    what = finding(scenario, subject="billing", said=said)
    of = deal(customer=customer, billing=said or None)
    assert script(what, of, speaker)
    assert headline(what, of)
    assert "\n" not in headline(what, of)
