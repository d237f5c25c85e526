"""The DM: valid Block Kit for every input, and what it shows in each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.scenarios import FINDINGS, SUBJECTS
from templates import kit
from templates.blocks import AlertView, Behind, Muted, State, Words, alert
from templates.kit import SCRIPT
from templates.plain import plain
from templates.presses import MORE, NOT_AN_ISSUE, OPEN, REASON, REASONS, REOPEN, SNOOZE, TERMS_CHANGED, UNDO, USED
from templates.samples import DEALS
from templates.script_card import ScriptView, script_card, script_list, unknown_script
from templates.scripts import Scripts
from templates.shipped import sources
from templates.status import Said, StatusView, status, status_help, unknown
from templates.voice import TONES, Length, Tone, Voice
from tests.live.block_kit import mistakes, texts
from tests.templates.samples import MOMENTS, deal, finding

AT = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)
LINK = "https://carrier.slack.com/archives/C1/p1"


def view(**other: Any) -> AlertView:
    """Dana's 10-15 a day, as it comes to the rep; `other` replaces parts."""
    parts: dict[str, Any] = {
        "finding": finding("volume-bait-and-switch"),
        "deal": deal(),
        "finding_id": 42,
        "speaker_id": "U1",
        "speaker_name": "Dana Ortiz",
        "channel_id": "C1",
        "said_at": AT,
        "permalink": LINK,
    }
    return AlertView(**(parts | other))


def actions(blocks: list[dict[str, Any]]) -> list[str]:
    """The action ids of the buttons shown."""
    return [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


def copied(blocks: list[dict[str, Any]]) -> list[str]:
    """What the copy buttons copy."""
    parts = [part for block in blocks if block["type"] == "rich_text" for part in block["elements"]]
    return [part["elements"][0]["text"] for part in parts if part["type"] == "rich_text_preformatted"]


def test_the_dm_says_all_at_a_glance() -> None:
    message = alert(view())
    shown = list(texts(message.blocks))
    assert shown[0] == "Acme Outfitters: 10-15/day said, 150/day agreed — test day 3 of 14"
    assert shown[1] == (
        f"*Dana Ortiz* (customer) in <#C1>, <!date^1793801760^{{date_short_pretty}} at {{time}}|4 Nov 09:16 EST> · <{LINK}|message>"
    )
    assert "figure 10, maybe 15 boxes a day from us" in shown
    assert "Why: 10-15/day is 92% under the agreed 150/day." in shown
    assert copied(message.blocks)[0].startswith("Hi Dana, quick pause")
    assert actions(message.blocks) == [OPEN, USED, NOT_AN_ISSUE, TERMS_CHANGED, SNOOZE, MORE]
    assert message.text.startswith("Acme Outfitters: 10-15/day said, 150/day agreed — test day 3 of 14\nDana Ortiz: ")


def test_a_customer_of_right_to_left_letters_turns_nothing_else() -> None:
    name = "شركة النور للتجارة"
    told = alert(view(deal=deal(customer=name)))
    assert told.blocks[0]["text"]["text"].startswith(f"\u2068{name}\u2069: 10-15/day said, 150/day agreed")
    assert told.text.startswith(f"\u2068{name}\u2069: 10-15/day said, 150/day agreed")


def test_a_long_customer_cuts_nothing_else_off() -> None:
    name = "Alpine Trails Outdoor Supply Incorporated of North America " * 3
    card = status(StatusView(deal(customer=name), date(2026, 11, 4)))
    line = card.blocks[0]["text"]["text"]
    assert len(line) <= 150
    assert line.endswith("… — test day 3 of 14")
    also = alert(view(deal=deal(customer=name), below="other words")).blocks[0]["text"]["text"]
    assert also.startswith("*Also: 10-15/day said, 150/day agreed")


def test_a_repetition_is_counted() -> None:
    assert "Said 3 times" in list(texts(alert(view(count=3)).blocks))


def test_after_a_press_the_dm_says_who_and_when_and_offers_what_is_left() -> None:
    used = alert(view(state="used", changed_by="U3", changed_at=AT))
    assert any(text.startswith("✅ Used by <@U3>, <!date^") for text in texts(used.blocks))
    assert actions(used.blocks) == [OPEN, NOT_AN_ISSUE, TERMS_CHANGED, MORE]
    snoozed = alert(view(state="snoozed", changed_by="U3", changed_at=AT, until=AT))
    assert any(text.startswith("💤 Snoozed by <@U3> until <!date^") for text in texts(snoozed.blocks))
    assert actions(snoozed.blocks) == [OPEN, USED, NOT_AN_ISSUE, TERMS_CHANGED, MORE]
    dismissed = alert(view(state="not-an-issue", changed_by="U3", changed_at=AT))
    assert actions(dismissed.blocks) == [*(f"{REASON}-{why}" for why in REASONS), OPEN, USED, MORE]
    assert copied(dismissed.blocks) == []
    explained = alert(view(state="not-an-issue", changed_by="U3", changed_at=AT, reason="wrong-figure"))
    assert actions(explained.blocks) == [OPEN, USED, MORE]
    assert any(text.endswith("— wrong figure read") for text in texts(explained.blocks))
    escalated = alert(view(state="escalated", changed_by="U3", changed_at=AT, undo=7))
    assert actions(escalated.blocks) == [OPEN, USED, NOT_AN_ISSUE, TERMS_CHANGED, MORE, UNDO]
    resolved = alert(view(state="resolved", settled=Words("150 works", "U1", "Dana Ortiz", AT, LINK)))
    assert actions(resolved.blocks) == [OPEN, REOPEN]
    assert copied(resolved.blocks) == []
    settled = "✅ Resolved by what came later: Dana Ortiz, <!date^1793801760^{date_short_pretty} at {time}|4 Nov 09:16 EST>: “150 works”"
    assert f"{settled} · <{LINK}|message>" in list(texts(resolved.blocks))


def test_what_stands_behind_is_named_by_its_day() -> None:
    one = Behind(7, finding("volume-bait-and-switch", said_per_day=(20.0, 20.0)), Words("20 then", "U1", "Dana Ortiz", AT))
    for today, said in ((date(2026, 11, 4), "Also today:"), (date(2026, 11, 5), "Also that day:")):
        assert said in list(texts(alert(view(behind=[one], today=today)).blocks))
    other = replace(one, words=replace(one.words, at=AT + timedelta(days=1)))
    assert "Also said:" in list(texts(alert(view(behind=[one, other], today=date(2026, 11, 6))).blocks))


def test_those_to_whom_it_was_escalated_see_who_did_it_first_and_no_script() -> None:
    shown = list(texts(alert(view(state="escalated", changed_by="U3", changed_at=AT, short=True)).blocks))
    assert shown[1].startswith("📣 Escalated to leadership by <@U3>")
    assert "Jump in with:" not in shown


def test_a_withdrawn_dm_is_struck_and_keeps_nothing_of_the_words() -> None:
    message = alert(view(state="withdrawn"))
    shown = list(texts(message.blocks))
    assert message.blocks[0]["elements"][0]["elements"][0]["style"] == {"strike": True}
    assert "The message was deleted or edited; nothing to do." in shown
    assert not any("figure 10" in text for text in [*shown, message.text])
    assert actions(message.blocks) == []


def test_the_ramp_comes_with_both_steps() -> None:
    message = alert(view(finding=finding("not-ramping", phase="after-test", test_day=18)))
    assert len(copied(message.blocks)) == 2
    assert "Once they confirm that:" in list(texts(message.blocks))


@pytest.mark.parametrize("link", [None, "", "javascript:alert(1)", "https://x/|>", "https://x " + "a" * 10, "https://" + "a" * 4000])
def test_a_bad_link_is_left_out(link: str | None) -> None:
    message = alert(view(permalink=link))
    assert mistakes(message.blocks) == []
    assert OPEN not in actions(message.blocks)


@pytest.mark.parametrize("text", ["&" * 10_000, "word " * 2_000, "line\n" * 2_000, "\u05e9" * 10_000, ""])
def test_each_piece_keeps_within_slacks_limits_whatever_is_put_in(text: str) -> None:
    pieces = [kit.header(text), kit.header(text, text)]
    pieces += [make(text) for make in (kit.section, kit.struck, kit.quoted, kit.copyable, kit.literal)]
    assert mistakes([*pieces, *([kit.lines(*[text] * 20)] if text else [])]) == []
    assert mistakes([{"type": "actions", "elements": [kit.select("a", text, {"1": text}), kit.choices("b", {"1": text or "…"})]}]) == []


LONG = st.sampled_from([piece * (4000 // len(piece)) for piece in ("&", "<>", "a", "🙂", "a.b", "\u05e9", "<!channel> ", "word ")])
"""What fills all there is room for, and grows where it is made harmless."""


@settings(max_examples=150)
@given(
    words=st.text(max_size=4000) | LONG,
    name=st.none() | st.text(max_size=300) | LONG,
    customer=st.text(min_size=1, max_size=200) | LONG.map(lambda text: text[:200]),
    figures=st.none() | st.tuples(st.floats(), st.floats()),
    scenario=st.sampled_from(sorted(FINDINGS)),
    subject=st.none() | st.sampled_from(sorted(SUBJECTS)),
    state=st.sampled_from(get_args(State)),
    day=st.integers(-1000, 1000),
    ident=st.text(max_size=80),
    many=st.integers(0, 5),
)
def test_every_input_makes_a_message_that_slack_takes(
    *,
    words: str,
    name: str | None,
    customer: str,
    figures: tuple[float, float] | None,
    scenario: str,
    subject: str | None,
    state: State,
    day: int,
    ident: str,
    many: int,
) -> None:
    what = finding(scenario, subject=subject, quote=words, why=words, said=words, agreed=words, said_per_day=figures, test_day=day)
    services = [{"service": f"S{n} {words[:200]}", "lane": words[:300] or None, "days": [1, n], "note": words[:500]} for n in range(1, 9)]
    message = alert(
        view(
            finding=what,
            deal=deal(customer=customer, services=services),
            speaker_name=name,
            speaker_id=ident,
            channel_id=ident or "C",
            state=state,
            count=many,
            again=Words(words, ident, name, AT, words),
            behind=[Behind(number, what, Words(words, ident, name, AT, LINK), state) for number in range(many)],
            settled=Words(words, ident, name, AT, LINK) if many else None,
            muted=Muted(many, AT, ident, fresh=True) if many else None,
            undo=many or None,
            changed_by=ident,
            changed_at=AT,
            reason=words if many else None,
        )
    )
    assert mistakes(message.blocks) == []
    assert message.text.strip()
    assert len(message.text) < 4000


@settings(max_examples=60)
@given(words=st.text(min_size=1, max_size=200), name=st.none() | st.text(max_size=300), many=st.integers(0, 30))
def test_every_deal_card_is_one_that_slack_takes(words: str, name: str | None, many: int) -> None:
    said = [Said(finding("contradiction", subject="billing", said=words, said_per_day=None), "U1", name, AT, LINK, 3, AT)] * many
    assert mistakes(status(StatusView(deal(customer=words), date(2026, 11, 4), said, said)).blocks) == []
    assert mistakes(unknown(words, [words] * 3).blocks) == []
    assert mistakes(unknown("", []).blocks) == []


def test_the_deal_card() -> None:
    said = Said(finding("volume-bait-and-switch"), "U1", "Dana Ortiz", AT, LINK, count=2)
    card = status(StatusView(deal(), date(2026, 11, 4), [said], [said]))
    shown = list(texts(card.blocks))
    assert shown[0] == "Acme Outfitters — test day 3 of 14"
    assert {
        "*Stage*\n06 Implementation",
        "*Next*\ntest ends 15 Nov, in 11 days",
        "*Test*\n150/day for two weeks, 2 Nov - 15 Nov",
        "*Ramp*\n500/day from 16 Nov",
        "*Committed*\n500/day",
        "*Annual*\n130,000 packages",
        "*Share*\n60% of the total",
    } <= set(shown)
    assert any("• *10-15/day* — Dana Ortiz" in text for text in shown)
    assert any("• *Lower starting volume*: 10-15/day — Dana Ortiz" in text and "said 2 times" in text for text in shown)
    assert not any("⚠️" in text for text in shown)


def test_the_deal_card_says_what_departs_from_the_process() -> None:
    odd = deal(test={"volume_per_day": 450, "starts": "2026-11-02", "weeks": 4}, ramp={})
    shown = list(texts(status(StatusView(odd, date(2026, 11, 30))).blocks))
    assert sum("⚠️" in text for text in shown) >= 3
    assert "*Next*\nramp due today" in shown


@pytest.mark.parametrize("state", get_args(State))
def test_a_look_alike_gets_simple_blocks_with_the_same_words(state: State) -> None:
    full = alert(view(state=state, changed_by="U3", changed_at=AT, until=AT, deal=deal(customer="B & B")))
    simple = plain(full)
    assert mistakes(simple.blocks) == []
    assert {block["type"] for block in simple.blocks} <= {"header", "section", "context", "actions"}
    assert "<!date" not in str(simple)
    assert "&amp;" not in str(simple)
    assert actions(simple.blocks) == actions(full.blocks)


@pytest.mark.parametrize("language", sources())
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("length", ["long", "short"])
def test_the_longest_realistic_texts_fit_in_every_voice(language: str, tone: Tone, length: Length) -> None:
    voice = Scripts(Voice(language, tone, length))
    long = DEALS[-1]
    for scenario in FINDINGS:
        for subject in SUBJECTS if scenario == "contradiction" else [None]:
            for moment in MOMENTS.values():
                what = finding(scenario, subject=subject, quote="word " * 400, said="word " * 30, agreed="word " * 60, **moment)
                name = "Maximiliana Wolfeschlegelsteinhausenbergerdorff"
                for message in (
                    alert(view(finding=what, deal=long, speaker_name=name, scripts=voice)),
                    script_card(ScriptView(what, long, date(2026, 11, 4), voice, name, heard=True)),
                ):
                    assert mistakes(message.blocks) == []
                    assert all(len(text) < SCRIPT for text in copied(message.blocks)), "no script is cut"
    assert mistakes(script_list().blocks) == []
    assert mistakes(unknown_script("x" * 4000, ["a"] * 3).blocks) == []


def test_help_and_next_dates() -> None:
    assert "/deal-status help" in status_help().text
    assert unknown("acme", ["Acme Outfitters", "Acme Retail", "Acme West"]).text.endswith(
        "Did you mean *Acme Outfitters*, *Acme Retail* or *Acme West*?"
    )
    assert unknown("", ["Acme", "Bolt"], 2).text.endswith("*Acme*, *Bolt* and 2 more, which my *Home* tab lists.")
    assert unknown_script("ramp", ["a", "b", "c"]).text.endswith("Did you mean `a`, `b` or `c`?")
    assert unknown("", ["Acme", "Bolt"]).text == "This channel is linked to no deal of yours. Your deals: *Acme*, *Bolt*."
    assert unknown("acme", []).text == "I know no deal of yours named “acme”. My *Home* tab lists your deals."
    card = replace(StatusView(deal(), date(2026, 12, 1)))
    assert "*Next*\nramp due since 16 Nov" in list(texts(status(card).blocks))
