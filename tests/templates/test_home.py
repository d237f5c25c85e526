"""Home: blocks that Slack takes whatever is in the deals, and what it carries read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import example as tried
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.book import Entry, Gap, Ranked, Standing, Tally, Week, at_stake, by_urgency, ranked, those, week_of
from bot.playbook.scenarios import FINDINGS
from templates.example import example
from templates.home import FILTERS, PAGE, HomeView, Steps, Where, closed, deal_of, home, name_of, page_of, where_of
from templates.home_words import DealLine, per_day
from templates.scripts import Scripts
from templates.shipped import sources
from templates.status import Said
from templates.voice import Voice
from tests.live.block_kit import home_mistakes, mistakes, texts
from tests.templates.samples import deal, finding

AT = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)
FIGURES = st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 10**7).map(float)
GAPS = st.builds(Gap, st.sampled_from(sorted(FINDINGS)), st.none() | st.tuples(FIGURES, FIGURES), st.none() | FIGURES, st.booleans())


@settings(max_examples=80)
@given(
    words=st.text(min_size=1, max_size=200),
    said=st.text(max_size=3000),
    gaps=st.lists(GAPS, max_size=5),
    many=st.integers(0, PAGE),
    where=st.builds(Where, st.sampled_from(["mine", "team"]), st.sampled_from(sorted(FILTERS)), st.integers(0, 60), st.text(max_size=80)),
    name=st.text(max_size=3000),
    link=st.none() | st.text(max_size=200) | st.just("https://carrier.slack.com/archives/C1/p1"),
)
def test_every_home_is_one_that_slack_takes(
    *, words: str, said: str, gaps: list[Gap], many: int, where: Where, name: str, link: str | None
) -> None:
    people = [{"id": f"U{number}", "name": words, "role": "rep"} for number in range(9)]
    odd = deal(customer=words, people=people, test={"volume_per_day": 1, "starts": "2026-11-02", "weeks": 52}, ramp={})
    tallies = tuple(Tally(scenario, 1, 1, 1, 1, 1, 1, 2) for scenario in (*FINDINGS, name[:200]))
    entry = Entry(1, odd, date(2026, 11, 4), Standing(tallies, tuple(gaps), 1, 2))
    told = Said(finding("contradiction", subject="billing", said=said, said_per_day=None), "U1", name, AT, link, 3, AT)
    view = HomeView(
        Where(where.tab, where.which, where.page, name_of(where.named)),
        ("mine", "team"),
        [DealLine(entry, told, told, team=True)] * many,
        500,
        500,
        dict.fromkeys(FILTERS, 500),
        [Ranked(scenario, 10**6, 500, at_stake(gaps)) for scenario in FINDINGS],
        Week(10**6, 1, 1, 1, at_stake(gaps)),
        dict.fromkeys(FINDINGS, (1, 2)),
        said[:600].strip(),
        Steps(deal=True, invited=False, told=False),
    )
    made = home(view)
    assert home_mistakes(made) == []
    assert where_of(made["private_metadata"]).tab == where.tab
    assert "<!channel>" not in "\n".join(texts(made["blocks"]))


def test_a_home_of_the_longest_realistic_texts_is_small() -> None:
    long = deal(customer="🚚 Northern Lakes Outdoor Apparel and Footwear Distribution Company of America " * 2)
    line = DealLine(Entry(1, long, date(2026, 11, 4), Standing()), None, None, team=True)
    made = home(HomeView(Where(), ("mine", "team"), [line] * PAGE, 500, 500, steps=Steps(deal=False, invited=False, told=False)))
    assert len(made["blocks"]) <= 50
    assert home_mistakes(made) == home_mistakes(closed()) == []


@tried(Where(named="0 …"))
@tried(Where(named="……"))
@given(where=st.builds(Where, st.sampled_from(["mine", "team"]), st.sampled_from(sorted(FILTERS)), st.integers(0, 999_999), st.text()))
def test_what_a_view_carries_reads_back_the_same(where: Where) -> None:
    where = Where(where.tab, where.which, where.page, name_of(where.named))
    assert where_of(where.plain()) == where


@given(carried=st.text() | st.none() | st.integers())
def test_anything_else_is_the_beginning(carried: Any) -> None:
    assert where_of(carried).page >= 0


@given(said=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000)), min_size=1, max_size=50), agreed=st.integers(1, 1000))
def test_what_is_at_stake_of_a_deal_is_what_lacks_most_and_never_more_than_was_agreed(said: list[tuple[int, int]], agreed: int) -> None:
    gaps = [Gap("volume-gap", (low / 8, high / 8), float(agreed)) for low, high in said]
    stake = at_stake(gaps)
    assert stake is not None
    assert stake in [gap.stake for gap in gaps]
    assert stake[1] == max(max(0, 8 * agreed - min(pair)) for pair in said) / 8 <= agreed
    assert at_stake([Gap("wait-and-see", None, 150.0), Gap("volume-gap", (float("nan"), 1.0), 150.0)]) is None


def test_tenths_add_up_as_people_expect() -> None:
    tenth = Standing(gaps=(Gap("volume-gap", (0.1, 0.1), 0.2, fresh=True),))
    assert week_of([Entry(number, deal(), date(2026, 11, 4), tenth) for number in range(10)]).stake == (1.0, 1.0)
    assert per_day((137.5, 137.5)) == "137.5 packages a day"
    assert (per_day((1, 1)), per_day((0, 1200.0)), per_day((10.0, 20.0))) == (
        "1 package a day",
        "0-1,200 packages a day",
        "10-20 packages a day",
    )


def test_ranks_filters_and_order() -> None:
    today = date(2026, 11, 4)

    def entry(number: int, starts: str, *gaps: Gap) -> Entry:
        tallies = tuple(Tally(gap.scenario, waiting=1) for gap in gaps)
        return Entry(number, deal(customer=f"C{number}", test={"volume_per_day": 150, "starts": starts}), today, Standing(tallies, gaps))

    few, none, more = Gap("volume-gap", (100.0, 120.0), 150.0), Gap("wait-and-see", None, 150.0), Gap("not-ramping", (200.0, 200.0), 500.0)
    book = [
        entry(1, "2026-11-20"),
        entry(2, "2026-11-02", few),
        entry(3, "2026-10-20", few, more),
        entry(4, "2026-01-05", none),
        entry(5, "2025-01-06"),
    ]
    assert [one.id for one in by_urgency(book)] == [3, 2, 4, 1, 5]
    assert [one.id for one in those(book, "open")] == [2, 3, 4]
    assert [one.id for one in those(book, "test")] == [2]
    assert [one.id for one in those(book, "ramp")] == [3]
    assert [one.id for one in those(book, "all", " c2 ")] == [2]
    assert ranked(book) == [
        Ranked("not-ramping", 1, 1, (300.0, 300.0)),
        Ranked("volume-gap", 2, 2, (60.0, 100.0)),
        Ranked("wait-and-see", 1, 1, None),
    ]


def test_the_example_is_one_that_slack_takes_in_every_language() -> None:
    for language in sources():
        message = example(Scripts(Voice(language)))
        assert mistakes(message.blocks) == []
        assert any("*Dana Ortiz* (customer) in #impl-acme, " in text for text in texts(message.blocks))


def test_deals_have_larger_numbers_than_pages() -> None:
    """A deal book on a shared database passes a million rows; a page of that number is a mistake."""
    assert [deal_of(value) for value in ("7", "1234567", 12345678901234567, "9" * 18, "-1", "١", None, "1.5")] == [
        *(7, 1234567, 12345678901234567),
        *(0, 0, 0, 0, 0),
    ]
    assert [page_of(value) for value in ("7", "1234567")] == [7, 0]
