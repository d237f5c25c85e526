"""The trained reader: the same talk gives the same weights, weights survive their file, and unfamiliar talk is not shown to it."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.model.domain import AT_HOME_AT_FIRST, FOREIGN_AT_FIRST, Domain
from bot.language.model.features import BITS, Groups, feature_groups, features
from bot.language.model.figure import figure_features
from bot.language.model.guess import guess
from bot.language.model.hunch import (
    ANY,
    FIGURE,
    SUBJECT,
    SURE_OF,
    WORTH,
    Rows,
    Totals,
    Weights,
    chance,
    chance_of,
    hunch_of,
    joined,
    pack,
    shipped,
    unpack,
)
from bot.language.model.learn import Example, Window, learn, learn_domain
from bot.language.model.possible import possible
from bot.language.model.units import UNIT
from bot.language.read import read
from bot.language.statement import Reading, Utterance, Vocabulary
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS

DEAL = Vocabulary(test_per_day=150, committed_per_day=500, phase="test")
SHIPPING = (Utterance("the driver is at the dock with the pallets, labels are on", "implementation", "U2", key="0"),)
SNIPPET = """
from bot.language.model.features import features
from bot.language.statement import Reading, Utterance, Vocabulary
found = features(Utterance("we'd rather keep it small, 15 a day"), (), Vocabulary(), Reading())
print(sorted(found))
"""


def example(text: str, *labels: str) -> Example:
    return Example(features(Utterance(text, "customer"), (), DEAL, Reading()), frozenset(labels))


def groups_of(text: str) -> Groups:
    return feature_groups(Utterance(text, "customer"), (), DEAL, Reading())


TALK = [
    *[
        example(f"we are too busy with {what} right now", ANY, "objection-too-busy")
        for what in ("stocktake", "the move", "audits", "a launch")
    ],
    *[example(f"the printer in hall {place} works again", "other") for place in ("north", "south", "east", "west")],
]


def weighed(*labels: str) -> Weights:
    return joined([learn(TALK, labels)], Domain({"driver": 1.0}, -0.5))


def test_what_was_taught_is_heard_in_new_words() -> None:
    weights = weighed(ANY, "objection-too-busy")
    busy = hunch_of(groups_of("sorry, too busy with inventory"), weights)
    idle = hunch_of(groups_of("the printer in hall nine works"), weights)
    assert busy.any > 0.6
    assert idle.any < 0.4
    assert busy.labels["objection-too-busy"] > 0.6


@settings(max_examples=60)
@given(st.text("abcdefgh 0123456789?<>’é", max_size=300), st.text("abc de?", max_size=300))
def test_all_labels_at_once_say_what_each_says_by_itself(text: str, before: str) -> None:
    weights = shipped()
    assert weights is not None
    seen = (Utterance(text, "customer", key="2"), (Utterance(before, "customer", key="1"),), DEAL, Reading())
    totals, found = Totals(feature_groups(*seen), weights), features(*seen)
    for label in set(weights.labels) - set(weights.upper.labels):
        assert totals.chance(label) == pytest.approx(chance_of(label, found, weights), rel=1e-9)


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(-(2**7), 2**7 - 1), min_size=3, max_size=3), min_size=1, max_size=5))
def test_weights_of_any_size_add_up_without_running_into_each_other(rows: list[list[int]]) -> None:
    places = tuple(array("b", [*row, *([0] * ((1 << BITS) - 3))]) for row in rows)
    labels = tuple(f"label {number}" for number in range(len(rows)))
    weights = joined([Rows(labels, places, (1e-5,) * len(rows), (0.0,) * len(rows))], Domain({}, 0.0))
    assert weights.rows.places == places
    totals = Totals([(0.5, [0, 1] * 400), (2.0, [2])], weights)
    for label, row in zip(labels, rows, strict=True):
        assert totals.chance(label) == pytest.approx(chance(1e-5 * (200 * (row[0] + row[1]) + 2 * row[2])))


def test_the_same_talk_gives_the_same_file() -> None:
    assert pack(weighed(ANY)) == pack(joined([learn(list(TALK), [ANY])], Domain({"driver": 1.0}, -0.5)))


def test_weights_survive_their_file() -> None:
    weights = weighed(ANY, "objection-too-busy")
    again = unpack(pack(weights))
    assert (again.rows, again.table, again.domain.words) == (weights.rows, weights.table, weights.domain.words)
    assert (again.domain.words, again.domain.added) == (weights.domain.words, weights.domain.added)


def test_weights_of_other_features_are_refused() -> None:
    packed = pack(weighed(ANY))
    head, _, table = packed.partition(b"\n")
    for other in (head.replace(f'"bits": {BITS}'.encode(), b'"bits": 12') + b"\n" + table, packed[:-1]):
        with pytest.raises(ValueError, match="make train"):
            unpack(other)


def test_the_shipped_weights_are_mapped_and_not_copied() -> None:
    weights = shipped()
    assert weights is not None
    assert isinstance(weights.table, memoryview)
    assert isinstance(weights.table.obj, mmap.mmap)


def test_features_do_not_depend_on_the_process() -> None:
    def places(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", SNIPPET], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout

    assert places("1") == places("2") != ""


def test_the_shipped_weights_know_every_name() -> None:
    weights = shipped()
    assert weights is not None
    assert set(weights.upper.labels) == {ANY, *FINDINGS, *SIGNALS}
    assert {label for label in weights.labels if not label.startswith(UNIT)} == {
        ANY,
        FIGURE,
        WORTH,
        *FINDINGS,
        *SIGNALS,
        *(SUBJECT + subject for subject in SUBJECTS),
        *(SURE_OF + name for name in SIGNALS),
    }


NEUTRAL = "one two three four five six seven eight"
FILMS = (Utterance("the film was long and the music loud, what a film", "customer", "U1", key="0"),)


def test_without_weights_there_is_no_hunch_and_foreign_talk_is_told() -> None:
    weights = joined([learn(TALK, [ANY])], Domain({"driver": 3.0, "film": -3.0, "music": -3.0, **dict.fromkeys(NEUTRAL.split(), 0.0)}, 1.0))
    said = Utterance("sorry, we are too busy", "customer", "U1", key="1")

    def heard(*before: Utterance) -> Reading:
        return guess(said, before, DEAL, Reading(), weights=lambda: weights)

    assert guess(said, SHIPPING, DEAL, Reading(), weights=lambda: None).hunch is None
    at_home, foreign, unsure = (heard(*before).hunch for before in (SHIPPING * 3, FILMS, (Utterance(NEUTRAL),) * 3))
    assert at_home is not None
    assert foreign is not None
    assert unsure is not None
    assert not at_home.foreign
    assert foreign.foreign
    assert at_home.any > unsure.any > foreign.any == 0
    assert "the talk is not about shipping" in heard(*FILMS).notes


def test_at_the_beginning_of_a_talk_the_trained_reader_is_not_acquainted() -> None:
    said = Utterance("the courier is late again", "customer", "U1", key="1")
    words = " ".join(said.text for said in SHIPPING).replace(",", "").split()
    weights = joined([learn(TALK, [ANY])], Domain(dict.fromkeys(words, 0.1), 0.0))
    greetings = (Utterance("good morning", "customer", "U1", key="0"),)
    heard = [
        guess(said, before, DEAL, Reading(), weights=lambda: weights).hunch for before in ((), SHIPPING * 2, SHIPPING * 3, greetings * 3)
    ]
    assert [hunch.acquainted for hunch in heard if hunch] == [False, False, True, False]


def test_words_that_only_one_kind_of_talk_uses_tell_its_matter() -> None:
    ours = ["the driver has the parcels and the labels", "parcels are at the dock", "labels for the driver", "the dock and the parcels"]
    theirs = ["the film was long and the music loud", "music after the film", "the band and the music", "a film with the band"]
    taught = [Window(frozenset(text.split()), shipping) for texts, shipping in ((ours, True), (theirs, False)) for text in texts * 3]
    domain = learn_domain(taught)
    assert domain.score(Utterance("parcels for the driver"), ()) > 0 > domain.score(Utterance("the music of the band"), ())
    assert "the" not in domain.words


@pytest.mark.parametrize(
    ("text", "shipping"),
    [
        ("the truck took all parcels, manifest attached", True),
        ("i think the remote control needs fewer buttons and a nicer battery", False),
        ("sudo apt install the package, then reboot the kernel and mount the drive", False),
        ("labels are printed, the driver takes the cartons to the depot", True),
    ],
)
def test_the_shipped_words_know_shipping(text: str, shipping: bool) -> None:
    weights = shipped()
    assert weights is not None
    score = weights.domain.score(Utterance(text), ())
    assert score > AT_HOME_AT_FIRST if shipping else score < FOREIGN_AT_FIRST


def test_the_figure_that_is_meant_is_told_from_the_others() -> None:
    weights = shipped()
    assert weights is not None
    said = Utterance("trailer 4 is at door 2, and we would begin with 40 boxes a day if that is ok", "customer", "U1", key="1")
    marks = ("found now", "found volume-bait-and-switch", "perhaps volume-bait-and-switch")
    heard = guess(said, SHIPPING, DEAL, read(said, SHIPPING, DEAL), marks, weights=lambda: weights)
    assert heard.hunch is not None
    meant = max(heard.hunch.meant, key=lambda quantity: heard.hunch.meant[quantity] if heard.hunch else 0.0)
    assert meant.low == 40


def test_every_possible_volume_has_features_of_its_own() -> None:
    said = Utterance("monday 40, tuesday 60", "customer", "U1", key="1")
    reading = read(said, SHIPPING, DEAL)
    seen = list(figure_features(said, SHIPPING, DEAL, reading, possible(said, SHIPPING, DEAL, reading)))
    assert len(seen) == len({tuple(sorted(found.items())) for found in seen}) >= 2


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_has_features_within_bounds(text: str) -> None:
    found = features(Utterance(text), SHIPPING, DEAL, Reading())
    assert found
    assert all(0 <= place < 1 << BITS and value > 0 for place, value in found.items())
