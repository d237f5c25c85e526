"""The modals of "Why / why not?" and "Check against deal", and the DMs about learning: within Slack's limits, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ears import Talk, hear
from bot.language.statement import Reading, Utterance
from bot.playbook.explanation import Explanation, of_utterance
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS
from bot.playbook.usefulness import Usefulness
from templates.check import Checked, CorrectionForm, correction_form, entry_words, moved, raised_view, recorded, result, which_deal
from templates.learned import fine, kept, rests_now, rings_again
from templates.why import Held, HeldBack, Kept, Speech, Why, why_rows, why_view
from tests.live.block_kit import mistakes, texts, view_mistakes
from tests.templates.samples import deal
from tests.templates.samples import finding as sample_finding

WORDS = (
    st.text(max_size=400) | st.just("<!channel> *bold* <https://x|y> @here 🚚 " * 30) | st.just("15 a day, 20 a week, 30 a month. " * 200)
)
START = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)
HELD: tuple[HeldBack, ...] = ("vetoed", "unsure", "muted", "rests", "chosen", "unwanted", "same-day", "nobody")


def finding() -> Finding:
    return sample_finding("volume-bait-and-switch")


def explanation(text: str) -> Explanation:
    said = Utterance(text, "customer", "U1", datetime(2026, 11, 4, 10), "1")
    heard = hear(deal(), Talk(), said)
    return of_utterance(deal(), said, heard.reading, heard.outcomes)


def why(text: str, **other: object) -> Why:
    values: dict[str, object] = {
        "customer": text,
        "agreed": text,
        "speaker": text,
        "said_at": START,
        "side": "customer",
        "explanation": None,
    }
    return Why(**(values | other))  # type: ignore[arg-type]


@settings(max_examples=25)
@given(WORDS)
def test_why_keeps_the_limits_and_pings_nobody(text: str) -> None:
    found = [
        Kept(finding(), "open", START, 3, "U3", ("U3",), ("U4",), ("U5",), tuple(Held(one, "U3", START, Usefulness(9, 20)) for one in HELD))
    ]
    view = why_view([(why(text, explanation=explanation(text), kept=found, edited=True, missed=True), "America/New_York")] * 5, text)
    assert view_mistakes(view) == []
    assert "<!channel>" not in "\n".join(texts([block for block in view["blocks"] if block["type"] != "rich_text"]))


def test_why_without_the_message_itself() -> None:
    speech = Speech(str, str)
    rows = why_rows(why("Acme", kept=[Kept(finding(), "withdrawn", START)]), speech)
    assert rows == [("recorded", "Lower starting volume: withdrawn, as its message was deleted or edited")]
    silent = why("Acme", explanation=Explanation("x", Reading(), silent="own-side"))
    assert why_rows(silent, speech) == [("nothing", "our own side is never judged"), ("recorded", "nothing: there was nothing to record")]


@settings(max_examples=25)
@given(WORDS, st.integers(0, 8))
def test_the_check_keeps_the_limits(text: str, many: int) -> None:
    entries = [{"scenario": "contradiction", "subject": "price", "said": text}] * many
    checked = Checked({"deal": 1}, text, text, explanation(text), [finding()] * many, entries, [text[:2000] or "…"])
    assert view_mistakes(result(checked)) == []
    form = correction_form(CorrectionForm({"deal": 1}, text, entries, {"said": text, "figure": text}, [moved(text, entries)]))
    assert view_mistakes(form) == []
    assert view_mistakes(recorded(text, entries, entries, [text[:500] or "…"])) == []
    assert view_mistakes(raised_view(text, [(finding(), True), (finding(), False)] * 3, ["U3"] * 3)) == []
    assert view_mistakes(raised_view(text, [(finding(), True)], [])) == []


@settings(max_examples=10)
@given(st.lists(WORDS, max_size=5))
def test_the_choice_of_a_deal_keeps_the_limits(names: list[str]) -> None:
    many = [(number, (names or ["Acme"])[number % max(1, len(names))]) for number in range(1, 1500)]
    assert view_mistakes(which_deal({}, many[:1], [])) == []
    assert view_mistakes(which_deal({}, [], many)) == []


@pytest.mark.parametrize("scenario", FINDINGS)
def test_what_is_told_of_learning(scenario: str) -> None:
    for message in (
        rests_now(scenario, Usefulness(0, 20), 10**15),
        rings_again(scenario, Usefulness(18, 20)),
        kept(scenario),
        fine(scenario),
    ):
        assert mistakes(message.blocks) == []
        assert message.text
    assert "none was of use (0%)" in rests_now(scenario, Usefulness(0, 20), 1).text


def test_entries_in_words() -> None:
    assert entry_words({"scenario": "volume-gap", "said_per_day": [10, 15.5]}) == "Volume below the agreement, 10-15.5 a day"
    assert entry_words({"scenario": "contradiction", "subject": "price", "said": "4.10"}) == "Contradicts an agreed term (price), 4.10"
    assert entry_words({"scenario": "a name of tomorrow"}) == "a name of tomorrow"
