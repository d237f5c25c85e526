"""Deal files: what is plain is understood, what is wrong is named with field, value and what would be right."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.deal import Call, Deal, Person, Pickup, Price, Promise, Ramp, Test, Volume
from store.sources.deal_file import LARGEST, export_deal, parse_deal

DEALS = Path(__file__).parent / "data" / "deals"
SHORT = """\
customer: Acme
people: [{{id: U1, name: Dana, role: customer}}]
volume: {{committed_per_day: {committed}}}
test: {{volume_per_day: {test}, starts: {starts}}}
{more}
"""


def _read(name: str) -> str:
    return (DEALS / name).read_text(encoding="utf-8")


def _mistakes(committed: str = "500", test: str = "150", starts: str = "2026-11-02", more: str = "") -> tuple[str, ...]:
    return parse_deal(SHORT.format(committed=committed, test=test, starts=starts, more=more), "acme.yml").mistakes


def test_the_sample_deal() -> None:
    found = parse_deal(_read("acme.yml"), "acme.yml")
    assert found.mistakes == ()
    assert found.deal is not None
    assert found.deal.test.starts == date(2026, 11, 2)
    assert found.deal.volume.share_of_total == 0.6
    assert found.deal.services[1].days == (1, 1)
    assert found.deal.pickup == Pickup(days="Mon-Fri", time="16:00")
    assert found.deal.channels == ("#impl-acme",)


def test_plain_meaning_is_understood() -> None:
    found = parse_deal(_read("as-people-write.yml"), "as-people-write.yml")
    assert found.mistakes == ()
    deal = found.deal
    assert deal is not None
    assert (deal.customer, deal.coverage, deal.people[0]) == ("3M", "white-glove", Person(id="007", name="No", role="account-manager"))
    assert (deal.volume.committed_per_day, deal.volume.share_of_total, deal.test.volume_per_day) == (1500, 0.6, 600)
    assert [promise.days for promise in deal.services] == [(2, 3), (1, 1)]
    assert deal.pickup is not None
    assert deal.pickup.time == "09:30"
    assert deal.channels == ("#impl-3m", "C0123456789")


def test_every_mistake_is_named_at_once() -> None:
    found = parse_deal(_read("every-mistake.yml"), "every-mistake.yml")
    assert found.deal is None
    assert list(found.mistakes) == _read("every-mistake.txt").splitlines()


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("lots", 'acme.yml: test.volume_per_day: "lots" is not a whole number; write packages per shipping day, such as 150'),
        ("150/day", 'acme.yml: test.volume_per_day: "150/day" is not a whole number; write packages per shipping day, such as 150'),
        ("1.2k", 'acme.yml: test.volume_per_day: "1.2k" is not a whole number; write packages per shipping day, such as 1200'),
        ("12.5", "acme.yml: test.volume_per_day: 12.5 is not a whole number; write packages per shipping day, such as 150"),
        ("0", "acme.yml: test.volume_per_day: 0 is not between 1 and 10,000,000; write packages per shipping day, such as 150"),
        ("-3", "acme.yml: test.volume_per_day: -3 is not between 1 and 10,000,000; write packages per shipping day, such as 150"),
        ("9" * 6000, None),
        ("501", "acme.yml: test.volume_per_day: 501 is more than volume.committed_per_day (500); "
                "a test is a part of the commitment: write at most 500, or raise the commitment"),
    ],
)  # fmt: skip
def test_volumes_that_cannot_be(given_value: str, expected: str | None) -> None:
    found = _mistakes(test=given_value)
    assert len(found) == 1
    assert expected is None or found[0] == expected


@pytest.mark.parametrize(
    ("given_value", "hint"),
    [
        ("11/02/2026", "2026-11-02 or 2026-02-11"),
        ("13.11.2026", "2026-11-13"),
        ("2026-02-30", "is not a day of the calendar"),
        ("Nov 2", "year-month-day"),
        ("20261102", "year-month-day"),
        ("2026-11-02T00:00", "year-month-day"),
        ("1026-11-02", "between the years"),
    ],
)
def test_dates_in_iso_form_only(given_value: str, hint: str) -> None:
    (line,) = _mistakes(starts=given_value)
    assert line.startswith(f"acme.yml: test.starts: {given_value if given_value.isdigit() else json.dumps(given_value)} ")
    assert hint in line


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("coverge: standard", "acme.yml: coverge: is not a field of a deal file; did you mean coverage?"),
        ("timezone: America/NewYork", "write a name such as America/New_York"),
        ("timezone: ../../etc/passwd", "is not a known time zone"),
        ("stage: 06", "write one of discovery, rate-creation"),
        ("services: [{service: Air, days: [3, 2]}]", "write fewest and most: [2, 3]"),
        ("services: [{service: Air, days: [1, 2, 3]}]", "write fewest and most, such as [2, 3]"),
        ("price: [{service: Air, per_package: $4.85}]", "without currency, such as 4.85"),
        ("pickup: 16:00", 'pickup: "16:00" is not a mapping; write its fields under it (days, time)'),
        ("channels:\n  - #impl-acme", "a name that starts with # needs quotes"),
        ("brands: Zest", 'brands: "Zest" is not a list; write for instance [Zest, Harbor Kids]'),
        ("brands: [Zest, '']", "brands, entry 2: is blank"),
        (f"brands: [{'z' * 201}]", "at most 200"),
        ("customer: Other", 'line 5, column 1: "customer" stands twice'),
        ("billing: {every: week}", "billing: a mapping is not text"),
        ("country: USA", 'country: "USA" is not a country whose holidays are known; write its two-letter code, such as US, CA or MX'),
        ("state: New York", 'state: "New York" is not a state or province of US; write one of AK, AL'),
        ("country: AQ\nstate: XX", '"XX" cannot be used: no holidays of single states are known for AQ; leave state out'),
        ("closed: 2026-12-24", 'closed: "2026-12-24" is not a list; write for instance [2026-12-24, 2026-12-31]'),
        ("closed: [12/24/2026]", 'closed, entry 1: "12/24/2026" is not a date that is clear everywhere'),
        ("closed: [2026-11-27]\nopen: [2026-11-27]", "open: 2026-11-27 is also among the closed days; leave it in one of the two lists"),
        ("signed: 2026-10-20\nkickoff: 2026-10-01", "kickoff: 2026-10-01 is before the agreement was signed (2026-10-20)"),
        ("signed: last week", 'signed: "last week" is not a date that is clear everywhere'),
        (
            "calls: [{at: tomorrow, title: status}]",
            'calls, entry 1: at: "tomorrow" is not a day with a local time; write for instance 2026-11-04T15:00',
        ),
        ("calls: [{at: 2026-11-04T15:00}]", "calls, entry 1: title: is missing; write for instance title: weekly status"),
    ],
)
def test_other_fields(more: str, expected: str) -> None:
    (line,) = _mistakes(more=more)
    assert expected in line
    assert "\n" not in line


def test_a_comma_inside_braces() -> None:
    assert "without commas, such as 1500" in _mistakes(committed="1,500", test="1")[0]


HOSTILE = {
    "empty": "",
    "only a comment": "# nothing",
    "a list": "- a",
    "a word": "deal",
    "deep list": "[" * 100_000,
    "deep mapping": '{"a":' * 100_000,
    "deep block": "- " * 5000,
    "alias bomb": "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "python tag": "customer: !!python/object/apply:os.system [echo]",
    "merge key": "<<: {customer: A}",
    "two documents": "customer: A\n---\ncustomer: B",
    "control character": "customer: \x07",
    "tab": "\tcustomer: A",
    "mapping as a key": "? {a: b}\n: c",
    "unclosed": "people: [",
    "huge": "a: " + "b" * LARGEST,
    "not a number": '{"customer": NaN}',
    "endless number": '{"customer": ' + "9" * 9999 + "}",
    "half a surrogate": '{"customer": "\\ud800"}',
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", ["acme.yml", "acme.json"])
def test_hostile_files_give_short_lines(what: str, name: str) -> None:
    found = parse_deal(HOSTILE[what], name)
    assert found.deal is None
    assert found.mistakes
    for line in found.mistakes:
        assert line.startswith(f"{name}: ")
        assert len(line) < 400
        line.encode()


KEYS = st.sampled_from(["customer", "people", "volume", "test", "id", "role", "starts", "days", "channels", "ramp", "success"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        KEYS, st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)
    )
)
def test_any_json_gives_a_deal_or_mistakes(plain: object) -> None:
    found = parse_deal(json.dumps(plain), "any.json")
    assert (found.deal is None) == bool(found.mistakes)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(lambda text: text == " ".join(text.split()))
PER_DAY = st.integers(1, 10_000_000)


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CALENDARS = st.tuples(st.sampled_from([("US", None), ("US", "NY"), ("CA", "ON"), ("MX", None)]), st.sets(DAYS, max_size=4)).map(
    lambda drawn: {
        "country": drawn[0][0],
        "state": drawn[0][1],
        "closed": tuple(sorted(drawn[1]))[:2],
        "open": tuple(sorted(drawn[1]))[2:],
    }
)
AGREED = st.tuples(DAYS, DAYS).map(lambda days: {"signed": min(days), "kickoff": max(days)})
CALLS = st.lists(
    st.builds(
        Call, at=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)), title=WORDS
    ),
    max_size=2,
)


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    committed, other = draw(PER_DAY), draw(PER_DAY)
    ids = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    roles = st.sampled_from(["customer", "implementation", "rep", "leadership", "account-manager", "guest"])
    transit = st.tuples(st.integers(0, 90), st.integers(0, 90)).map(lambda days: (min(days), max(days)))
    return Deal(
        customer=draw(WORDS),
        stage=draw(st.sampled_from(["discovery", "rate-creation", "proposal", "setup", "implementation", "closed-won"])),
        coverage=draw(st.sampled_from(["white-glove", "standard"])),
        people=tuple(Person(id=one, name=draw(WORDS), role=draw(roles)) for one in ids),
        volume=Volume(
            committed_per_day=max(committed, other),
            annual=draw(st.none() | st.integers(1, 2_000_000_000)),
            share_of_total=draw(st.none() | st.floats(0.001, 1)),
            shipping_days_per_week=draw(st.integers(1, 7)),
        ),
        test=Test(
            volume_per_day=min(committed, other),
            starts=draw(st.dates(date(2000, 1, 1), date(2099, 12, 31))),
            weeks=draw(st.integers(1, 52)),
            success=tuple(draw(st.lists(WORDS, max_size=3))),
        ),
        ramp=Ramp(to_per_day=draw(st.none() | PER_DAY), days_after_test=draw(st.integers(0, 365))),
        services=tuple(
            draw(
                st.lists(
                    st.builds(Promise, service=WORDS, lane=st.none() | WORDS, days=st.none() | transit, note=st.none() | WORDS), max_size=3
                )
            )
        ),
        price=tuple(
            draw(st.lists(st.builds(Price, service=WORDS, per_package=st.floats(0.001, 99_999), note=st.none() | WORDS), max_size=2))
        ),
        pickup=draw(st.none() | st.builds(Pickup, days=WORDS, time=st.none() | st.times().map(lambda time: time.strftime("%H:%M")))),
        billing=draw(st.none() | WORDS),
        channels=tuple(draw(st.lists(st.sampled_from(["#impl-acme", "C0123456789", "#größe"]), unique=True))),
        brands=tuple(draw(st.lists(WORDS, max_size=3, unique=True))),
        trade=draw(st.none() | WORDS.filter(lambda words: len(words) <= 80)),
        timezone=draw(st.none() | st.sampled_from(["America/New_York", "Asia/Kolkata", "UTC"])),
        calls=tuple(draw(CALLS)),
        **draw(CALENDARS),
        **draw(st.just({}) | AGREED),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deals(), st.booleans())
def test_an_exported_deal_reads_back_the_same(deal: Deal, as_json: bool) -> None:
    found = parse_deal(export_deal(deal, as_json=as_json), "acme.json" if as_json else "acme.yml")
    assert found.mistakes == ()
    assert found.deal == deal


def test_a_date_in_words_is_answered_with_the_day_it_means() -> None:
    read = parse_deal(
        "customer: Acme\npeople: [{id: U1, name: Dana, role: customer}]\nvolume: {committed_per_day: 500}\n"
        "test: {volume_per_day: 150, starts: 2 Nov 2026}\n",
        "acme.yml",
    )
    assert read.deal is None
    assert read.mistakes == (
        'acme.yml: test.starts: "2 Nov 2026" is not a date that is clear everywhere; write year-month-day, such as 2026-11-02',
    )
