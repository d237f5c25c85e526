"""Which customer a channel's name is like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.names import LIKELY, likeness, suggested

BOOK = [
    "Acme Outfitters",
    "Northwind Traders",
    "Blue Ridge Coffee",
    "Summit Outfitters",
    "Zest & Co.",
    "Müller Söhne GmbH",
    "3M Company",
    "The Harbor House",
    "Lumen Kids, Inc.",
    "L'Oréal",
    "Wide World Importers",
    "Pacific Northwest Trading Group",
    "株式会社アクメ",
    "🦊🦊🦊",
    "Gap",
]
NAMED = [(number, (name,)) for number, name in enumerate(BOOK)]


def first(channel: str, topic: str = "") -> list[str]:
    return [BOOK[number] for number in suggested(channel, topic, NAMED, 3)]


@pytest.mark.parametrize(
    ("channel", "customer"),
    [
        ("impl-acme", "Acme Outfitters"),
        ("acme-outfitters-onboarding", "Acme Outfitters"),
        ("ext-acme-shipping", "Acme Outfitters"),
        ("proj_acme2", "Acme Outfitters"),
        ("acmeoutfitters", "Acme Outfitters"),
        ("acmeoutfitters-2026-ramp", "Acme Outfitters"),
        ("2026-11-acme-test", "Acme Outfitters"),
        ("shared-acme-carrier", "Acme Outfitters"),
        ("impl-acmee", "Acme Outfitters"),
        ("northwind", "Northwind Traders"),
        ("ext-nothwind-impl", "Northwind Traders"),
        ("northwindtraders-launch", "Northwind Traders"),
        ("impl-blueridge", "Blue Ridge Coffee"),
        ("blue-ridge-coffee-x-carrier", "Blue Ridge Coffee"),
        ("brc-onboarding", "Blue Ridge Coffee"),
        ("summit-impl", "Summit Outfitters"),
        ("ext-zest", "Zest & Co."),
        ("impl-muller-sohne", "Müller Söhne GmbH"),
        ("impl-mueller-soehne", "Müller Söhne GmbH"),
        ("impl-müller", "Müller Söhne GmbH"),
        ("3m-impl", "3M Company"),
        ("harborhouse-shipping", "The Harbor House"),
        ("lumen-kids-pilot", "Lumen Kids, Inc."),
        ("impl-loreal", "L'Oréal"),
        ("wwi-rollout", "Wide World Importers"),
        ("pacific-northwest-impl", "Pacific Northwest Trading Group"),
        ("株式会社アクメ", "株式会社アクメ"),
        ("gap-onboarding", "Gap"),
    ],
)
def test_the_customer_of_a_channel_comes_first(channel: str, customer: str) -> None:
    assert first(channel)[:1] == [customer]


@pytest.mark.parametrize(
    "channel", ["general", "random", "outfitters", "impl", "shipping-ops", "team-carrier", "standup", "ext-globex", "", "🦊", "123", "a"]
)
def test_a_channel_like_no_customer_brings_no_suggestion(channel: str) -> None:
    assert first(channel) == []


def test_what_is_less_like_by_far_is_left_out_and_what_is_like_comes_in_order() -> None:
    book = [(1, ("Acme West",)), (2, ("Acme East",)), (3, ("Acme",)), (4, ("Beta",))]
    assert suggested("impl-acme", "", book, 3) == [3, 1, 2]
    assert suggested("impl-acme-west", "", book, 3)[0] == 1
    assert suggested("impl-acme", "", book, 1) == [3]


def test_brands_and_the_topic_speak_for_a_customer_too() -> None:
    book = [(1, ("Harbor Holdings", "Zest", "Tidewater")), (2, ("Acme",))]
    assert suggested("impl-tidewater", "", book, 3) == [1]
    assert suggested("proj-orion", "Onboarding for Acme (rep: <@U3>)", book, 3) == [2]
    assert suggested("impl-zest", "moved from Acme", book, 3)[0] == 1
    assert suggested("proj-orion", "<https://acme.example|tracker>", book, 3) == []


def test_the_likely_ones_are_those_over_the_bar() -> None:
    assert likeness("impl-acme", "", ("Acme Outfitters",)) >= LIKELY
    assert likeness("impl-outfitters", "", ("Acme Outfitters",)) < LIKELY


@given(st.text(max_size=120), st.text(max_size=300), st.lists(st.text(max_size=200), max_size=4))
def test_any_names_have_a_likeness(channel: str, topic: str, names: list[str]) -> None:
    assert 0 <= likeness(channel, topic, names) <= 1


def test_the_longest_names_are_compared_all_the_same() -> None:
    assert likeness("x" * 3000, "y " * 3000, ("z" * 200, "x" * 200)) <= 1
