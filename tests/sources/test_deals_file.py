"""Deals in tables and lists: in and out with the same names, and the published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.deal import Deal
from store.records import KnownDeal
from store.sources.deal_schema import deal_schema, schema_text
from store.sources.deals_file import COLUMNS, export_list, export_table, parse_deals
from tests.templates.samples import deal as sample

SERVICES = '"[{""service"": ""Expedited"", ""days"": [2, 3]}]"'
LAST = "services"
CUSTOMERS = "U0DANA001 Dana Ortiz; U0OMAR001 Omar Haddad"
TABLE = f"""customer,stage,people.rep,people.customer,volume.committed_per_day,test.volume_per_day,test.starts,test.success,channels,{LAST}
Acme Outfitters,implementation,U0RILEY01 Riley Chen,{CUSTOMERS},"1,500",150,2026-11-16,transit; billing,#impl-acme,{SERVICES}
Zest,,U0RILEY01 Riley Chen,,80,30,2026-12-01,,,
"""


def known(*deals: Deal) -> list[KnownDeal]:
    return [KnownDeal(number, deal, ()) for number, deal in enumerate(deals, start=1)]


def mistakes(text: str, name: str = "deals.csv") -> list[str]:
    return [line for one in parse_deals(text, name) for line in one.mistakes]


def test_a_table_with_a_deal_a_row() -> None:
    acme, zest = (one.deal for one in parse_deals(TABLE, "deals.csv"))
    assert acme is not None
    assert zest is not None
    assert (acme.volume.committed_per_day, acme.test.success, acme.channels) == (1500, ("transit", "billing"), ("#impl-acme",))
    assert [(one.id, one.name, one.role) for one in acme.people] == [
        ("U0RILEY01", "Riley Chen", "rep"),
        ("U0DANA001", "Dana Ortiz", "customer"),
        ("U0OMAR001", "Omar Haddad", "customer"),
    ]
    assert acme.services[0].days == (2, 3)
    assert (zest.customer, zest.stage) == ("Zest", "implementation")


@pytest.mark.parametrize("change", [lambda text: text.replace(",stage", ";stage"), lambda text: "\ufeff" + text, lambda text: text.upper()])
def test_only_the_separator_of_the_first_line_counts(change: Any) -> None:
    assert isinstance(parse_deals(change(TABLE), "deals.csv"), list)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no column customer"),
        ("customer,test.volumes_per_day\nA,1\n", "did you mean test.volume_per_day?"),
        ("customer,customer\nA,B\n", "is there twice"),
        ("customer\n", "holds no deal"),
        (TABLE.replace(",80,", ",about 80,"), "deals.csv, line 3: volume.committed_per_day"),
        (TABLE.replace("U0RILEY01 Riley Chen,,", "U0RILEY01,,"), "no id with a name"),
        (TABLE.replace('"[{""service""', '"[{""services""'), "service"),
        (TABLE.replace(SERVICES, "Expedited"), "is no JSON list"),
        (TABLE + "Bolt,,,,,,,,,,,,,\n", "more cells than columns"),
        ('customer\n"A\n', "is no table"),
        ("customer,people,people.rep\nA,5,U0RILEY01 Riley Chen\n", "name everybody in one way"),
        ("customer,people.rep,people\nA,U0RILEY01 Riley Chen,[]\n", "name everybody in one way"),
        ("customer,services\nA,5\n", "is no JSON list"),
        ("customer,services\nA,[NaN]\n", "is no JSON list"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(text: str, said: str) -> None:
    assert any(said in line for line in mistakes(text)), mistakes(text)


def test_a_wrong_row_keeps_no_other_one_out() -> None:
    first, second = parse_deals(TABLE.replace(",80,", ",none,"), "deals.csv")
    assert first.deal is not None
    assert second.deal is None


@pytest.mark.parametrize("as_json", [False, True])
def test_a_list_goes_out_and_comes_back_the_same(as_json: bool) -> None:
    deals = [sample(), sample(customer="Zest; and [more]", channels=[])]
    text = export_list(known(*deals), as_json=as_json)
    assert [one.deal for one in parse_deals(text, "deals.json" if as_json else "deals.yml")] == deals


def test_a_table_goes_out_and_comes_back_the_same() -> None:
    deals = [sample(), sample(customer="=cmd|' /C calc'!A1", brands=["a; b", "[c]"], channels=[])]
    text = export_table(known(*deals))
    assert [one.deal for one in parse_deals(text, "deals.csv")] == deals
    assert "'=cmd" in text


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(customer=words, name=words, brands=st.lists(words, max_size=3, unique=True))
def test_any_words_come_back_from_a_table_as_they_were(customer: str, name: str, brands: list[str]) -> None:
    people = [{"id": "U0RILEY01", "name": name, "role": "rep"}, {"id": "U0DANA001", "name": "D", "role": "customer"}]
    deal = sample(customer=customer, brands=brands, people=people)
    [back] = parse_deals(export_table(known(deal)), "deals.csv")
    assert back.deal == deal, back.mistakes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"version": 2, "deals": []}', "version 2 is not known"),
        ('{"version": 1, "deals": {}}', "deals is no list"),
        ("[]", "holds no deal"),
        ("[1]", "deals.json, deal 1"),
        ("- customer: A\n- customer: B\n", "deal 2: volume"),
    ],
)
def test_what_is_wrong_in_a_list(text: str, said: str) -> None:
    assert any(said in line for line in mistakes(text, "deals.json" if text[0] in "[{" else "deals.yml")), mistakes(text, "deals.json")


def test_the_published_schema_is_the_one_of_the_deal() -> None:
    published = Path("docs/schema/deal.v1.json").read_text(encoding="utf-8")
    assert published == schema_text(), "run: jumpin deals schema > docs/schema/deal.v1.json"
    Draft202012Validator.check_schema(deal_schema())


def test_what_is_exported_fits_the_schema_and_what_no_deal_can_be_does_not() -> None:
    checker = Draft202012Validator(deal_schema())
    [whole] = json.loads(export_list(known(sample()), as_json=True))["deals"]
    assert list(checker.iter_errors(whole)) == []
    for wrong in (
        {**whole, "volumes": 1},
        {**whole, "stage": "won"},
        {**whole, "test": {}},
        {name: v for name, v in whole.items() if name != "people"},
    ):
        assert list(checker.iter_errors(wrong))


def test_every_field_of_the_schema_has_its_column() -> None:
    schema = deal_schema()
    for name, field in schema["properties"].items():
        assert name in COLUMNS or any(column.startswith(f"{name}.") for column in COLUMNS), (name, field)
