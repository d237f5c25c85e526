"""The numbers in words, as a page and as a table: honest about what is not known, and harmless whatever customers are called."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deal import Person
from bot.playbook.clock.survey import Survey
from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.numbers.metrics import Metric
from bot.playbook.numbers.report import Numbers, numbers
from templates.numbers.data import COLUMNS, as_csv, as_plain, cell
from templates.numbers.page import page
from templates.numbers.words import achievements, duration, expectation, how_good, many, packages, share, told, waiting
from tests.bench.portfolio import TODAY, portfolio
from tests.numbers.deals import deal, seen, ships

LIVE = ("=", "+", "-", "@", "\t", "\r", "|", "%")


@pytest.fixture(scope="module")
def figures() -> list[Facts]:
    return [facts(one.source) for one in portfolio(100)]


@pytest.fixture(scope="module")
def found(figures: list[Facts]) -> Numbers:
    return numbers(figures, TODAY)


class Page(HTMLParser):
    """What a page shows, and whether its tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(" ".join(data.split()))


def read(text: str) -> Page:
    there = Page()
    there.feed(text)
    there.close()
    assert there.open == []
    return there


def test_a_metric_in_words() -> None:
    line = told(Metric("conversion", 799, 1000, tuple(range(1000)), tuple(range(799)), ((1, "no-data"), (2, "no-data"), (3, "standard"))))
    assert (line.value, line.of, line.target, line.on_target) == ("79.9%", "799 of 1,000 deals", "target over 80%", False)
    assert line.left_out == "2 no volume data, 1 standard coverage"
    line = told(Metric("time-to-full", 41, 2, (1, 2), middle=20.5))
    assert (line.value, line.of, line.target) == ("20 days on average, half of them within 20.5", "2 deals", "")
    line = told(Metric("variance-90", 10, 100, (1,), net=-0.1))
    assert (line.value, line.of, line.on_target) == ("10%", "1 deal, all together 10% under", True)
    for nothing in (told(Metric("drop-rate", 0, 0)), told(Metric("time-to-full", 0, 0)), told(Metric("variance-30", 0, 0))):
        assert (nothing.value, nothing.of) == ("no data", "")
    assert told(Metric("drop-rate", 0, 3, (1, 2, 3))).value == "0%", "a nought that was counted is one"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (packages(0), "0"),
        (packages(951.4), "951"),
        (packages(12_449), "12,400"),
        (packages(999_499), "999,000"),
        (packages(999_500), "1 million"),
        (packages(3_370_000), "3.37 million"),
        (duration(1.42), "1.4 seconds"),
        (duration(59), "59 seconds"),
        (duration(90), "2 minutes"),
        (duration(3_600), "1 hour"),
        (duration(200_000), "2 days"),
        (share(None), "no data"),
        (share(0.1496, 0.15), "15.0%"),
        (many(1, "deal"), "1 deal"),
    ],
)
def test_figures_as_people_read_them(told: str, words: str) -> None:
    assert told == words


def test_little_is_said_of_little() -> None:
    nothing = numbers([], TODAY)
    assert achievements(nothing.achieved) == ["Nothing has been found yet."]
    assert waiting(nothing.flow) == "No stage in which volume waits longer than usual."
    assert expectation(nothing.forecast.horizons[0]) == "no data"
    assert how_good(nothing.forecast.checks[0]) == "Not tried on earlier days yet: too little history."
    words = read(page(nothing)).words
    assert words.count("no data") == 6 + 3
    assert "Too few deals have come past their ramp day to learn from: only what is agreed, said and running is shown." in words
    rows = list(csv.DictReader(io.StringIO(as_csv(nothing))))
    shares = [row for row in rows if row["unit"] == "share"]
    assert len(shares) >= 6
    assert all(row["value"] == "" for row in shares), "no data is not nought"


def test_the_page_has_all_of_it_and_loads_nothing(found: Numbers) -> None:
    text = page(found)
    there = read(text)
    told = " ".join(there.words)
    for words in (
        "100 deals · as of 4 Nov 2026",
        "Test-to-ramp conversion",
        "target over 80%",
        "target under 15%",
        "Bottleneck: 06 Implementation",
        "Direct message to the rep's answer: ",
        "Fallen again after full volume: ",
        "On 24 earlier days it was off by ",
        "trade not given",
        "2026 Q3",
        "What each number means",
    ):
        assert words in told, words
    assert not [one for one in there.attributes if one[1] in ("src", "href", "onload", "onclick")]
    assert "<script" not in text
    assert not re.search(r"https?:|url\(|@import", text)


def test_the_table_and_the_data_say_the_same(found: Numbers) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert tuple(rows[0]) == COLUMNS
    plain = json.loads(json.dumps(as_plain(found)))
    for metric in plain["metrics"]:
        [row] = [row for row in rows if row["what"].lower().startswith(_what(metric["name"])) and row["by"] == ""]
        assert float(row["value"]) == pytest.approx(metric["value"], abs=1e-6)
        assert int(row["deals"]) == metric["deals"] == len(metric["counted"])
    for by, groups in plain["groups"].items():
        for group in groups:
            named = [row for row in rows if row["by"].lower() == by and row["group"] == (group["name"] or f"{by} not given")]
            assert len(named) == 6
            assert [row["deals"] for row in named] == [str(one["deals"]) for one in group["metrics"]]
    [expected] = [row for row in rows if row["what"] == "Expected" and row["group"] == "30"]
    assert float(expected["value"]) == pytest.approx(plain["forecast"]["horizons"][0]["expected"], rel=1e-6)


def _what(name: str) -> str:
    names = {"conversion": "test-to-ramp", "time-to-full": "time to full", "drop-rate": "drop rate"}
    return names.get(name, f"variance at day {name[-2:]}")


def test_narrowed_down(figures: list[Facts]) -> None:
    found = numbers(figures, TODAY, {"rep": "Sam Okafor", "size": "500 to 1,999 a day"})
    assert 1 < found.deals < 13
    assert [one.name for one in found.groups["rep"]] == ["Sam Okafor"]
    assert f"{found.deals} deals of 100: rep Sam Okafor, size 500 to 1,999 a day" in " ".join(read(page(found)).words)
    assert len(found.choices["rep"]) == 8


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_cell_is_live(text: str) -> None:
    made = cell(text)
    assert isinstance(made, str)
    assert not made.lstrip(' "').startswith(LIVE)
    assert "\n" not in made


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", '"=1', "＝1", "%0A=1", "|calc"])
def test_names_that_a_spreadsheet_would_run_stand_as_text(name: str) -> None:
    assert str(cell(name)).startswith("'")
    assert (cell(-3), cell(0.5), cell(None)) == (-3, 0.5, "")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@settings(max_examples=25)
def test_names_of_others_do_nothing(name: str) -> None:
    people = (Person(id="U3", name=name, role="rep"),)
    leaks = ships((10, 150), (30, 500), (60, 100))
    there = [seen(deal(customer=name, trade=name, people=people), leaks, id=1, surveys=(Survey("nps", 3, date(2026, 5, 1), name),))]
    found = numbers(there, date(2026, 8, 3))
    assert found.leaked == (1,)
    read(page(found))
    for row in csv.reader(io.StringIO(as_csv(found))):
        assert len(row) == len(COLUMNS)
        assert not any(text.startswith(LIVE) and not re.fullmatch(r"-?[\d.e+-]+", text) for text in row if text)


def test_markup_in_a_name_is_shown_as_typed() -> None:
    name = "<script>alert(1)</script>&amp;"
    there = [seen(deal(customer=name, trade=name), ships((10, 150), (30, 500), (60, 100)))]
    text = page(numbers(there, date(2026, 8, 3)))
    assert "<script" not in text
    assert name in " ".join(read(text).words)
