"""The labelled message most like another: found by telling words, never by common ones, and not in its own conversation."""

from __future__ import annotations

import time

from bot.language.model.examples import ALIKE, Examples, Labelled, pack_examples, shipped_examples, unpack_examples
from tests.bench.talk import conversations
from tests.bench.train import examples

LABELLED = (
    Labelled("we are far too busy to ramp before the relaunch", ("objection-too-busy",), "a-1"),
    Labelled("let's wait and see how the first week goes", ("wait-and-see",), "a-2"),
    Labelled("truck gone at 16:14, bol 55-MS", ("pickup-confirmed",), "a-3"),
    Labelled("too busy", ("objection-too-busy",), "a-4"),
)


def test_the_likest_is_found_with_its_label() -> None:
    found = Examples(LABELLED).nearest("sorry, way too busy to ramp with the relaunch")
    assert found is not None
    assert found.example == LABELLED[0]
    assert ALIKE <= found.similarity <= 1


def test_its_own_conversation_tells_nothing() -> None:
    talk = Examples(LABELLED)
    assert talk.nearest(LABELLED[1].text, "a-2") is None
    found = talk.nearest(LABELLED[1].text)
    assert found is not None
    assert found.similarity > 0.9


def test_two_words_make_no_likeness() -> None:
    assert Examples(LABELLED).nearest("too busy") is None
    assert Examples(LABELLED).nearest("") is None
    assert Examples(()).nearest("too busy to ramp") is None


def test_packed_and_unpacked_they_are_the_same_but_cut() -> None:
    long = Labelled("word " * 100, ("wait-and-see",), "a-5")
    packed = pack_examples((*LABELLED, long))
    assert packed == pack_examples((*LABELLED, long))
    kept = unpack_examples(packed)
    assert tuple(kept[:4]) == LABELLED
    assert len(kept[4].text) == 160


def test_the_package_has_those_of_the_labelled_conversations() -> None:
    shipped = shipped_examples()
    assert shipped is not None
    assert [one.conversation for one in shipped.labelled] == [one.conversation for one in examples(conversations())], (
        "run `python -m tests.bench.train --examples`"
    )
    text = "sounds good, we would start with a handful of boxes a day and then build from there when the team is ready for it"
    began = time.process_time()
    for _ in range(20):
        shipped.nearest(text)
    assert (time.process_time() - began) / 20 < 0.030
