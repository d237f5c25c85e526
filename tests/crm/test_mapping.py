"""A record into terms: amounts in text fields, dates, what is missing, what must be asked; and the mapping's file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.sources.crm.mapped import nested, terms_of, text_of
from store.sources.crm.mapping import TERMS, CrmMap, MapMistake, Term, read_map, trouble, write_map
from store.sources.crm.plain import Field, Record, Step
from store.sources.deal_file import check_deal

MAP = CrmMap(
    "hubspot",
    stages={"7": "setup", "8": "implementation"},
    names={"7": "Contract out", "8": "Launch", "1": "Quote"},
    terms={
        "volume.committed_per_day": Term("committed"),
        "volume.annual": Term("annual"),
        "volume.share_of_total": Term("share"),
        "volume.shipping_days_per_week": Term("days"),
        "test.volume_per_day": Term("test"),
        "test.starts": Term("starts"),
        "test.weeks": Term("weeks", default="2"),
        "test.success": Term("success"),
        "ramp.to_per_day": Term("ramp", per="week"),
        "pickup.time": Term("pickup"),
    },
)


def record(**fields: str) -> Record:
    return Record("1", "Acme Outfitters", "7", datetime(2026, 11, 1, tzinfo=UTC), fields=fields)


@pytest.mark.parametrize(
    ("name", "fields", "value"),
    [
        ("volume.committed_per_day", {"committed": "500"}, 500),
        ("volume.committed_per_day", {"committed": "500.0"}, 500),
        ("volume.committed_per_day", {"committed": "1,500"}, 1500),
        ("volume.committed_per_day", {"committed": "~500/day"}, 500),
        ("volume.committed_per_day", {"committed": "about 500 pkgs per day"}, 500),
        ("volume.committed_per_day", {"committed": "2,500/wk"}, 500),
        ("volume.committed_per_day", {"committed": "3000 a week", "days": "6"}, 500),
        ("volume.committed_per_day", {"committed": "130000 / year"}, 500),
        ("volume.annual", {"annual": "130,000"}, 130_000),
        ("volume.annual", {"annual": "500 a day"}, 130_000),
        ("volume.share_of_total", {"share": "60%"}, 0.6),
        ("volume.share_of_total", {"share": "60"}, 0.6),
        ("volume.share_of_total", {"share": "0.6"}, 0.6),
        ("test.volume_per_day", {"committed": "500", "test": "30%"}, 150),
        ("test.volume_per_day", {"committed": "500", "test": "150 boxes daily"}, 150),
        ("test.starts", {"starts": "2026-11-16"}, date(2026, 11, 16)),
        ("test.starts", {"starts": "2026-11-16T00:00:00Z"}, date(2026, 11, 16)),
        ("test.starts", {"starts": "1794787200000"}, date(2026, 11, 16)),
        ("test.weeks", {"weeks": "2 weeks"}, 2),
        ("test.weeks", {"weeks": "3.0"}, 3),
        ("test.weeks", {}, 2),
        ("test.success", {"success": "transit times; billing"}, ["transit times", "billing"]),
        ("ramp.to_per_day", {"ramp": "2500"}, 500),
        ("pickup.time", {"pickup": "16:00"}, "16:00"),
    ],
)
def test_what_is_understood(name: str, fields: dict[str, str], value: Any) -> None:
    terms = terms_of(record(**fields), MAP)
    assert terms.values[name] == value
    assert name not in terms.unclear


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("committed", "400-600 per day", "a range"),
        ("committed", "500+", "an open end"),
        ("committed", "up to 500/day", "an open end"),
        ("committed", "500/day, 150 in the test", "2 figures"),
        ("committed", "TBD", "no volume"),
        ("committed", "$4.85", "no volume"),
        ("committed", "500 per pallet", "no volume by time"),
        ("committed", "99999999999", "between 1 and"),
        ("test", "30%", "of what"),
        ("starts", "11/02/2026", "2026-11-02 or 2026-02-11"),
        ("starts", "early November", "year-month-day"),
        ("weeks", "10 days", "whole number of weeks"),
        ("pickup", "4ish", "time of day"),
    ],
)
def test_what_has_more_than_one_meaning_is_asked(name: str, text: str, said: str) -> None:
    terms = terms_of(record(**{name: text}), MAP)
    [sentence] = terms.unclear.values()
    assert said in sentence
    assert not terms.complete


def test_how_a_text_was_read_is_told_and_a_plain_figure_is_not() -> None:
    assert terms_of(record(committed="~500/day"), MAP).notes == (
        'committed volume, packages per shipping day: "~500/day" was read as 500 packages per shipping day',
    )
    assert terms_of(record(committed="1,500", test="150", starts="2026-11-16"), MAP).notes == ()


def test_missing_terms_are_listed_and_a_test_over_the_commitment_is_asked() -> None:
    assert terms_of(record(), MAP).missing == ("volume.committed_per_day", "test.volume_per_day", "test.starts")
    assert terms_of(record(committed="500", test="150", starts="2026-11-16"), MAP).complete
    assert "more than the committed 500" in terms_of(record(committed="500", test="600"), MAP).unclear["test.volume_per_day"]


def test_a_stage_that_is_not_mapped_is_none() -> None:
    assert terms_of(record(), MAP).stage == "setup"
    assert terms_of(Record("1", "", "99", datetime.now(UTC)), MAP).stage is None
    assert terms_of(Record("1", " ", "99", datetime.now(UTC)), MAP).customer == "Deal 1"


@given(st.dictionaries(st.sampled_from([term.field or "" for term in MAP.terms.values()]), st.text(max_size=60)))
def test_no_field_is_ever_taken_for_what_a_deal_cannot_have(fields: dict[str, str]) -> None:
    plain = nested(terms_of(record(**fields), MAP).values)
    checked = check_deal({"customer": "Acme", "people": [{"id": "U1", "name": "R", "role": "rep"}], **plain})
    assert [line for line in checked.wrong if "is missing" not in line] == []


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("test.volume_per_day", 150, "150"),
        ("volume.share_of_total", 0.6, "0.6"),
        ("test.success", ["a", "b"], "a; b"),
        ("billing", None, ""),
    ],
)
def test_a_term_goes_back_as_text(name: str, value: Any, text: str) -> None:
    assert text_of(name, value) == text


def test_the_mapping_is_written_and_read_back() -> None:
    whole = CrmMap(
        "salesforce",
        MAP.stages,
        MAP.names,
        {**MAP.terms, "billing": Term(None, "weekly")},
        {"leadership": ("morgan@carrier.example",)},
        ("U0OPS0001",),
        frozenset({"findings", "terms"}),
        quotes=True,
    )
    assert read_map(write_map(whole), "crm.yml") == whole
    assert read_map("version: 1\nsource: file\nstages: []\n", "crm.yml").send == {"amendments", "milestones"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no mapping"),
        ("version: 9\nsource: file\nstages: []", "version: 9 is not known"),
        ("version: 1\nsource: zoho\nstages: []", "no CRM that is known"),
        ("version: 1\nsource: file\nstages: [{id: a, is: launch}]", "is no stage"),
        ("version: 1\nsource: file\nstages: []\nterms: {test.volumes_per_day: x}", "did you mean test.volume_per_day?"),
        ("version: 1\nsource: file\nstages: []\nterms: {test.weeks: {per: fortnight, field: x}}", "no period"),
        ("version: 1\nsource: file\nstages: []\nterms: {test.weeks: {}}", "name of a field"),
        ("version: 1\nsource: file\nstages: []\nsend: {findings: maybe}", "neither on nor off"),
        ("version: 1\nsource: file\nstages: []\ntell: ops", "no list"),
        ("version: 1\nsource: file\nstages: []\npeople: {rep: [U1]}", "people.rep"),
    ],
)
def test_mistakes_in_the_mapping_are_said_with_their_place(text: str, said: str) -> None:
    with pytest.raises(MapMistake) as wrong:
        read_map(text, "crm.yml")
    assert any(said in line and line.startswith("crm.yml") for line in wrong.value.lines), wrong.value.lines


def test_fields_and_stages_that_changed_in_the_crm_are_told() -> None:
    fields = [Field(name or "", "") for name in {term.field for term in MAP.terms.values()} - {"test"}] + [Field("tests", "")]
    steps = [Step("7", "Contract signed"), Step("1", "Quote"), Step("9", "Pilot")]
    told = "\n".join(trouble(MAP, fields, steps))
    assert 'The field "test" (test.volume_per_day) is not there any more; tests is.' in told
    assert 'The stage "Launch" (implementation) is not there any more.' in told
    assert '"Contract out" is called "Contract signed" now; it still counts as setup.' in told
    assert 'New stages are not mapped, and deals at them are left alone: "Pilot".' in told


def test_every_term_of_a_mapping_is_one_that_a_deal_has() -> None:
    for name in TERMS:
        part, _, inner = name.partition(".")
        known = check_deal({part: {inner: "?"} if inner else "?"})
        assert not [line for line in known.unknown if name in line], name
