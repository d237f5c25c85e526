"""Which deal of its channel a message is about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.which_deal import WhichDeal
from tests.templates.samples import deal

REP = {"id": "UREP", "name": "Riley", "role": "rep"}
BOTH = {"id": "UBOTH", "name": "Lee", "role": "customer"}
TEAM = {"id": "UTEAM", "name": "Ivan", "role": "implementation"}


def of(customer: str, *customers: str, brands: tuple[str, ...] = ()) -> Any:
    people = [REP, TEAM, *({"id": one, "name": one, "role": "customer"} for one in customers)]
    return deal(customer=customer, people=people, brands=brands)


ACME, BOLT, HARBOR, GAP, US, EU = range(1, 7)
CHANNEL = WhichDeal(
    [
        (ACME, of("Acme Outfitters", "UACME", "UBOTH")),
        (BOLT, of("Bolt Cycles Inc.", "UBOLT", "UBOTH")),
        (HARBOR, of("Harbor Holdings", brands=("Zest", "Tidewater Kids"))),
        (GAP, of("Gap")),
        (US, of("Kestrel US")),
        (EU, of("Kestrel Europe")),
    ]
)
ALL = {ACME, BOLT, HARBOR, GAP, US, EU}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Acme will start with 15 a day", {ACME}),
        ("for acme outfitters we'd do 15 a day", {ACME}),
        ("ACME's first week: 15 a day", {ACME}),
        ("let's do #acme first, 15 a day", {ACME}),
        ("bolt cycles is at 15", {BOLT}),
        ("Bolt Cycles, Inc. is at 15", {BOLT}),
        ("the billing cycles are long", set(ALL)),
        ("what about Cycles, 15?", {BOLT}),
        ("bolt it to the dock", set(ALL)),
        ("zest only has 15 a day", {HARBOR}),
        ("Only Zest: 15 a day", {HARBOR}),
        ("Tidewater does 15 a day", {HARBOR}),
        ("tidewater kids does 15 a day", {HARBOR}),
        ("the gap to 150 is big", set(ALL)),
        ("Gap to 150: 135", set(ALL)),
        ("we said that Gap does 15", {GAP}),
        ("GAP does 15", {GAP}),
        ("Kestrel starts with 15", {US, EU}),
        ("Kestrel Europe starts with 15", {EU}),
        ("Kestrel Europe starts with 15, so Kestrel is fine", {EU}),
        ("Acme does 150, and Bolt Cycles 15", {ACME, BOLT}),
        ("let's start with 15 a day", set(ALL)),
        ("outfitters in general start with 15", set(ALL)),
        ("the acmeists start with 15", set(ALL)),
        ("", set(ALL)),
        ("🦊", set(ALL)),
    ],
)
def test_names_decide(text: str, meant: set[int]) -> None:
    found = CHANNEL.meant(text, ["UTEAM"])
    assert found.deals == meant
    assert found.clear is (len(meant) == 1)
    assert found.told is (meant != ALL)


@pytest.mark.parametrize(
    ("speaker", "text", "thread", "meant"),
    [
        ("UACME", "let's start with 15 a day", set(), {ACME}),
        ("UACME", "Bolt does it too, we start with 15", set(), {ACME}),
        ("UACME", "let's start with 15 a day", {BOLT}, {ACME}),
        ("UBOTH", "let's start with 15 a day", set(), {ACME, BOLT}),
        ("UBOTH", "Bolt Cycles starts with 15 a day", set(), {BOLT}),
        ("UBOTH", "Gap would say 15", set(), {ACME, BOLT}),
        ("UBOTH", "let's start with 15 a day", {ACME}, {ACME}),
        ("UTEAM", "let's start with 15 a day", {ACME}, {ACME}),
        ("UREP", "let's start with 15 a day", {ACME}, {ACME}),
        ("USTRANGER", "let's start with 15 a day", {ACME}, {ACME}),
        ("UTEAM", "Acme: 15 a day", {ACME}, {ACME}),
        ("UTEAM", "unlike Bolt Cycles, 15 a day", {ACME}, {ACME, BOLT}),
        ("UTEAM", "Kestrel Europe: 15 a day", {US, EU}, {EU}),
        ("UTEAM", "Kestrel: 15 a day", {EU}, {EU}),
    ],
)
def test_the_speaker_the_names_and_the_thread_decide(speaker: str, text: str, thread: set[int], meant: set[int]) -> None:
    assert CHANNEL.meant(text, [speaker], frozenset(thread)).deals == meant


def test_a_name_that_is_part_of_another_means_either() -> None:
    channel = WhichDeal([(1, of("Acme")), (2, of("Acme West")), (3, of("Bolt"))])
    assert channel.meant("Acme: 15 a day", ["UTEAM"]).deals == {1, 2}
    assert channel.meant("Acme West: 15 a day", ["UTEAM"]).deals == {2}
    assert channel.meant("Acme West is like Acme", ["UTEAM"]).deals == {2}


@pytest.mark.parametrize(
    ("text", "meant"), [("the best buy is 15 a day", {1, 2}), ("Best Buy starts with 15 a day", {1}), ("best Buy", {1, 2})]
)
def test_names_of_everyday_words_must_be_written_as_names(text: str, meant: set[int]) -> None:
    assert WhichDeal([(1, of("Best Buy")), (2, of("Acme"))]).meant(text, ["UTEAM"]).deals == meant


def test_a_customer_of_two_deals_is_told_apart_by_the_deals_alone() -> None:
    channel = WhichDeal([(1, of("Nimbus Air", "UX")), (2, of("Nimbus Sea", "UX"))])
    assert channel.meant("15 a day", ["UX"]).deals == {1, 2}
    assert channel.meant("Nimbus Sea: 15 a day", ["UX"]).deals == {2}


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=4))
def test_any_names_and_texts_mean_some_deal(text: str, names: list[str]) -> None:
    channel = WhichDeal([(number, of(name)) for number, name in enumerate(names)])
    found = channel.meant(text, ["UX"])
    assert found.deals
    assert found.deals <= set(range(len(names)))
