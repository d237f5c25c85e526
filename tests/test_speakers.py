"""Names as meeting programs show them against a deal's people: sure, unsure between whom, or unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Deal
from bot.names import names_customer, told
from bot.speakers import Face, Speaker, face, faces

PEOPLE = [
    {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
    {"id": "U2", "name": "Ivan Petrov", "role": "implementation"},
    {"id": "U3", "name": "Riley Chen", "role": "rep"},
    {"id": "U4", "name": "Robert O'Neil", "role": "customer"},
    {"id": "U5", "name": "María José Núñez", "role": "customer"},
]
TWINS = [
    {"id": "T1", "name": "Chris Lee", "role": "customer"},
    {"id": "T2", "name": "Chris Lee", "role": "implementation"},
    {"id": "T3", "name": "Sam Hale", "role": "customer"},
    {"id": "T4", "name": "Sam Ortega", "role": "customer"},
]
EMAILS = {"U1": "dana.ortiz@acme.test", "U2": "ivan@carrier.test", "U3": "riley@carrier.test"}


def _deal(people: list[dict[str, str]]) -> Deal:
    return Deal.model_validate(
        {
            "customer": "Acme Outfitters",
            "people": people,
            "volume": {"committed_per_day": 500},
            "test": {"volume_per_day": 150, "starts": "2026-11-02"},
        }
    )


DEAL = _deal(PEOPLE)


def _who(name: str, deal: Deal = DEAL, email: str | None = None) -> str:
    found = face(deal, Speaker(name, email), EMAILS)
    return found.person.id if found.person else found.sureness


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Dana Ortiz", "U1"), ("DANA ORTIZ", "U1"), ("dana ortiz", "U1"), ("Ortiz, Dana", "U1"), ("Ortiz, Dana (Acme)", "U1"),
        ("Dana (Acme)", "U1"), ("Dana", "U1"), ("Ms. Ortiz", "U1"), ("dana.o", "U1"), ("dana.ortiz", "U1"), ("danaortiz", "U1"),
        ("dortiz", "U1"), ("d.ortiz", "U1"), ("Dana O.", "U1"), ("D. Ortiz", "U1"), ("D.O.", "U1"), ("DO", "U1"), ("Dana M. Ortiz", "U1"),
        ("Dana Ortiz (she/her)", "U1"), ("Dana Ortiz | Acme Outfitters", "U1"), ("Dana Ortiz - Acme", "U1"), ("Dana's iPhone", "U1"),
        ("Dana Ortis", "U1"), ("Danna Ortiz", "U1"), ("Dana Ortiz-Vega", "U1"), ("Dana from Acme", "U1"), ("Dana Ortiz Vega", "U1"),
        ("Dana Ortiz (Northwind)", "U1"), ("Dana (Northwind)", "unsure"), ("Dan", "unsure"), ("Dana Smith", "unknown"),
        ("Bob O'Neil", "U4"), ("Rob Oneil", "U4"), ("ONeil, Bob", "U4"), ("Bob", "unsure"),
        ("Maria Jose Nunez", "U5"), ("María Núñez", "U5"), ("M. Núñez", "U5"), ("Nuñez, María José", "U5"), ("mnunez", "U5"),
        ("Iwan Petrov", "U2"), ("Petrov", "U2"), ("Riley Chen (Host)", "U3"), ("Dr. Riley Chen, PhD", "U3"),
        ("Conf Room 4B", "unknown"), ("Speaker 1", "unknown"), ("Unknown Speaker", "unknown"), ("+1 555 0100 22", "unknown"),
        ("Priya Natarajan", "unknown"), ("U2", "U2"), ("", "unknown"), ("…", "unknown"), ("12", "unknown"), ("(Acme)", "unknown"),
    ],
)  # fmt: skip
def test_a_name_among_the_people(name: str, who: str) -> None:
    assert _who(name) == who


def test_two_people_of_the_same_name_are_never_guessed() -> None:
    twins = _deal(TWINS)
    both = face(twins, Speaker("Chris Lee"))
    assert (both.sureness, [person.id for person in both.candidates], both.role) == ("unsure", ["T1", "T2"], None)
    sams = face(twins, Speaker("Sam"))
    assert (sams.sureness, [person.id for person in sams.candidates], sams.role) == ("unsure", ["T3", "T4"], "customer")
    assert _who("Sam H.", twins) == "T3"
    assert _who("Sam Ortega", twins) == "T4"


def test_a_room_of_the_customer_speaks_for_the_customer() -> None:
    room = face(DEAL, Speaker("Conf Room 4B (Acme)"))
    assert (room.sureness, room.shared, room.role) == ("unknown", True, "customer")
    assert face(DEAL, Speaker("Acme Boardroom")).role == "customer"
    assert face(DEAL.model_copy(update={"brands": ("Peak Gear",)}), Speaker("Lee (Peak Gear)")).role == "customer"
    assert face(DEAL, Speaker("Boardroom")) == Face(Speaker("Boardroom"), "unknown", shared=True)
    assert face(DEAL, Speaker("Lee Wong (Acme Outfitters)")).role == "customer"
    assert not face(DEAL, Speaker("Lee Wong (Acme Outfitters)")).shared


def test_addresses() -> None:
    assert _who("Somebody", email="Dana.Ortiz@acme.test") == "U1"
    assert _who("iPad", email="ivan.petrov@elsewhere.test") == "unknown"
    assert _who("Ivan", email="ivan.petrov@elsewhere.test") == "U2"
    assert face(DEAL, Speaker("Lee Wong", "lee@acme.test"), EMAILS).role == "customer"
    assert face(DEAL, Speaker("Lee Wong", "lee@carrier.test"), EMAILS).role == "implementation"


def test_what_was_answered_before_is_remembered() -> None:
    known = {told("Conf Room 4B"): "customer", told(" DAN "): "U1", told("Chris Lee"): "T2", told("Ghost"): "U99"}
    assert face(DEAL, Speaker("Conf  Room 4b"), known=known).role == "customer"
    dan = face(DEAL, Speaker("Dan"), known=known).person
    assert dan is not None
    assert dan.id == "U1"
    lee = face(_deal(TWINS), Speaker("Chris Lee"), known=known).person
    assert lee is not None
    assert lee.id == "T2"
    assert face(DEAL, Speaker("Ghost"), known=known).sureness == "unknown"


def test_half_a_name_beside_the_whole_one_is_somebody_else_perhaps() -> None:
    found = faces(DEAL, [Speaker("Dana Ortiz"), Speaker("Dana"), Speaker("Ivan"), Speaker("Ortiz, Dana (Acme)")])
    assert [one.sureness for one in found.values()] == ["sure", "unsure", "sure", "sure"]
    assert [person.id for person in found["Dana"].candidates] == ["U1"]
    assert found["Dana"].role == "customer"


@pytest.mark.parametrize(
    ("customer", "words", "named"),
    [
        ("Acme Outfitters", "the Acme kickoff", True),
        ("Acme Outfitters", "acme-weekly.vtt", True),
        ("The Northern Lakes Company", "Northern", True),
        ("The Northern Lakes Company", "the company", False),
        ("Blue Harbor Goods", "BHG sync", True),
        ("Acme Outfitters", "outfitters", False),
        ("Acme Outfitters", "", False),
    ],
)
def test_whether_a_customer_is_named(customer: str, words: str, named: bool) -> None:
    assert names_customer(customer, words) == named


@given(st.text(max_size=40), st.text(max_size=40) | st.none())
def test_any_name_is_somebody_or_nobody(name: str, email: str | None) -> None:
    found = face(DEAL, Speaker(name, email), EMAILS)
    assert (found.person is not None) == (found.sureness == "sure")
    assert (found.sureness == "unsure") <= bool(found.candidates)


def test_the_deals_own_addresses_tell_people_and_companies() -> None:
    people = [one | ({"email": EMAILS[one["id"]]} if one["id"] in EMAILS else {}) for one in PEOPLE]
    known = _deal(people)
    assert face(known, Speaker("D", "dana.ortiz@acme.test")).person == known.person("U1")
    assert [face(known, Speaker("Somebody", f"desk@{where}.test")).role for where in ("acme", "carrier", "nowhere")] == [
        "customer",
        "implementation",
        None,
    ]
    ours = _deal([one for one in people if one["id"] != "U2"])
    assert face(ours, Speaker("Somebody", "desk@carrier.test")).role == "rep"
