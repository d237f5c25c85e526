"""The trained reader: the same talk gives the same weights, weights survive their file, and unfamiliar talk is not shown to it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.model.domain import about_shipping
from bot.language.model.features import BITS, features
from bot.language.model.hunch import ANY, SUBJECT, hunch_of, pack, shipped, unpack
from bot.language.model.learn import Example, learn
from bot.language.read import read
from bot.language.statement import Utterance, Vocabulary
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS

DEAL = Vocabulary(test_per_day=150, committed_per_day=500, phase="test")
SHIPPING = (Utterance("the driver is at the dock with the pallets, labels are on", "implementation", "U2", key="0"),)
SNIPPET = """
from bot.language.model.features import features
from bot.language.statement import Utterance, Vocabulary
found = features(Utterance("we'd rather keep it small, 15 a day"), (), Vocabulary(), (), ())
print(sorted(found))
"""


def example(text: str, *labels: str) -> Example:
    return Example(features(Utterance(text, "customer"), (), DEAL, (), ()), frozenset(labels))


TALK = [
    *[
        example(f"we are too busy with {what} right now", ANY, "objection-too-busy")
        for what in ("stocktake", "the move", "audits", "a launch")
    ],
    *[example(f"the printer in hall {place} works again", "other") for place in ("north", "south", "east", "west")],
]


def test_what_was_taught_is_heard_in_new_words() -> None:
    weights = learn(TALK, [ANY, "objection-too-busy"])
    busy = hunch_of(example("sorry, too busy with inventory").features, weights)
    idle = hunch_of(example("the printer in hall nine works").features, weights)
    assert busy.any > 0.6
    assert idle.any < 0.4
    assert busy.labels["objection-too-busy"] > 0.6


def test_the_same_talk_gives_the_same_file() -> None:
    assert pack(learn(TALK, [ANY])) == pack(learn(list(TALK), [ANY]))


def test_weights_survive_their_file() -> None:
    weights = learn(TALK, [ANY, "objection-too-busy"])
    assert unpack(pack(weights)) == weights


def test_weights_of_other_features_are_refused() -> None:
    packed = pack(learn(TALK, [ANY]))
    head, _, body = gzip.decompress(packed).partition(b"\n")
    other = gzip.compress(head.replace(str(BITS).encode(), b"12") + b"\n" + body)
    with pytest.raises(ValueError, match="make train"):
        unpack(other)


def test_features_do_not_depend_on_the_process() -> None:
    def places(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", SNIPPET], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout

    assert places("1") == places("2") != ""


def test_the_shipped_weights_know_every_name() -> None:
    weights = shipped()
    assert weights is not None
    assert set(weights.labels) == {ANY, *FINDINGS, *SIGNALS, *(SUBJECT + subject for subject in SUBJECTS)}


def test_without_weights_and_without_shipping_there_is_no_hunch() -> None:
    said = Utterance("the courier is late again", "customer", "U1", key="1")
    assert read(said, SHIPPING, DEAL).hunch is not None
    assert read(said, SHIPPING, DEAL, weights=lambda: None).hunch is None
    assert read(Utterance("let us talk about films", "customer", "U1", key="1"), (), DEAL).hunch is None


@pytest.mark.parametrize(
    ("text", "shipping"),
    [
        ("the truck took all parcels, manifest attached", True),
        ("which film did you see on Sunday?", False),
        ("install the package with apt, then run the test", False),
        ("labels are printed, the driver takes the cartons to the depot", True),
    ],
)
def test_talk_about_shipping_touches_several_matters(text: str, shipping: bool) -> None:
    assert about_shipping(Utterance(text), ()) is shipping


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_has_features_within_bounds(text: str) -> None:
    found = features(Utterance(text), SHIPPING, DEAL, (), ())
    assert found
    assert all(0 <= place < 1 << BITS and value > 0 for place, value in found.items())
