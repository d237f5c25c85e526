"""Names stay at home; every passage of what is sent leads back to the true words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.strong import redact
from bot.strong.redact import Names

WORDS = Path(redact.__file__).parent / "words.txt"


def names() -> Names:
    return Names(["Dana Ortiz", "Will Baker", "Zoë Müller-Lüdenscheidt"], ["Acme Outfitters"], ["Expedited", "New York tri-state"])


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Dana Ortiz here, dana says so, DANA too", "[Person1] here, [Person1] says so, [Person1] too"),
        ("acme outfitters' volume; Acme's dock", "[Company1]' volume; [Company1]'s dock"),
        ("we will start when Will is back", "we will start when [Person2] is back"),
        ("zoë and Zoë Müller-Lüdenscheidt agree", "[Person3] and [Person3] agree"),
        ("Hi Priya, Omar will join", "Hi [Name1], [Name2] will join"),
        ("Omar will join. So will Priya Nair", "[Name1] will join. So will [Name2] [Name3]"),
        ("ask HSBC or mark, not Mark", "ask [Name1] or mark, not [Name2]"),
        ("UPS and fedex take the rest, Bolt Freight Inc too", "[Company2] and [Company3] take the rest, [Company4] too"),
        ("mail dana@acme.com, see https://acme.com/x?y=1 or acme.com", "mail [Mail1], see [Link1] or [Link2]"),
        ("@dana in #impl-acme", "[Mention1] in [Mention2]"),
        ("call 212-555-0199 or +1 (212) 555 0199", "call [Number1] or [Number2]"),
        ("tracking 1Z999AA10123456784, BOL 1234567890123", "tracking [Number1], BOL [Number2]"),
    ],
)
def test_names_and_addresses_are_taken_out(text: str, sent: str) -> None:
    assert names().redact(text).text == sent


@pytest.mark.parametrize(
    "text",
    [
        "Don't worry. We'll do 15 a day, Monday to Friday, Expedited to New York",
        "Test Volume Is Low: 150 200 300 400 500, 1,500,000 a year, 130000 annual, 60%",
        "NOT NOW. OK? The CFO and our VP want a BOL by EOD",
        "",
        "🎉 15 ביום 每天15",
    ],
)
def test_words_and_figures_stay(text: str) -> None:
    assert names().redact(text).text == text


def test_the_same_name_is_the_same_placeholder_in_all_texts() -> None:
    known = names()
    assert known.redact("ask Priya").text == "ask [Name1]"
    assert known.redact("so does Omar, like Priya").text == "so does [Name2], like [Name1]"
    assert known.of("Dana Ortiz") == "[Person1]"
    assert known.of("Somebody Else") == known.of("Somebody Else") == "[Person4]"


def test_a_passage_leads_back_to_the_true_words() -> None:
    text = "Dana here: start with 15, tell Priya and go"
    sent = names().redact(text)
    for quote, true in [
        ("start with 15, tell [Name1]", "start with 15, tell Priya"),
        ("[Person1] here", "Dana here"),
        ("ame1] and go", "Priya and go"),
        ("[Per", "Dana"),
        ("go", "go"),
    ]:
        at = sent.text.index(quote)
        start, end = sent.origin(at, at + len(quote))
        assert text[start:end] == true


PARTS = ["Dana", "Ortiz", "Acme", "15", "a day", "Priya", "@x", ". ", "\n", "[Person1]", "UPS", "x@y.com", "é", "Will"]


@given(st.lists(st.sampled_from(PARTS)))
def test_every_passage_of_any_text_leads_back(parts: list[str]) -> None:
    text = " ".join(parts)
    sent = names().redact(text)
    inside = [(here, end) for here, end, _, _ in sent.places]
    for start in range(len(sent.text)):
        first, last = sent.origin(start, start + 1)
        assert 0 <= first < last <= len(text)
        if not any(here <= start < end for here, end in inside):
            assert text[first:last] == sent.text[start]
    for name in ("Dana", "Ortiz", "Acme", "Priya", "UPS", "x@y.com"):
        assert name not in sent.text


@pytest.mark.parametrize("text", ["a." * 1200, "A " * 1200, "a@" * 1200, "1" * 2400, "Aa" * 1200, "a-" * 1200, "+1 " * 800, "@" * 2400])
def test_odd_texts_take_no_time(text: str) -> None:
    names().redact(text)


def test_the_word_list_holds_no_names_of_the_labelled_talk() -> None:
    words, people = set(WORDS.read_text(encoding="utf-8").split()), set[str]()
    for file in Path("tests/conversations").glob("*.json"):
        for person in json.loads(file.read_text(encoding="utf-8"))["deal"]["people"]:
            people |= {part.casefold() for part in re.findall(r"[A-Za-z]{3,}", person["name"])}
    also_words = """
            app bell bill brand cross day dev digest fee field flood hall hill hook hope jun kit lane long may max miles nov oms ops park
            price said scale stone storm van will wms august june min west cant even father let mrs ones per rate running sister skip
            stamp two adv chase jan lake packer sharp uncle banner bent big cope crisp fell fine glass guy hand hub lady little lock mats
            memo page parks pool quick ran sale sample spike stack summer tally tell thu watt wood boat post bit deep sweet green keys ate
            aud best black blue cat chance dial frame gates hrs kiss lot low main march miss pop sir sow sun sunday tree wax way winter
            card cook north ora rush
        """
    assert words & people <= set(also_words.split())
