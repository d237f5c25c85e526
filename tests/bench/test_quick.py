"""The quick learner: what it learns is what the plain one learns, to the last bit."""

from __future__ import annotations

from math import isclose

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.model.domain import Domain
from bot.language.model.hunch import chance_of, joined
from bot.language.model.learn import Choice, Example, learn, learn_choice
from tests.bench import quick

LABELS = tuple("abcd")
examples = st.lists(
    st.builds(
        Example,
        # few places, so that examples share them; more of them in one example than are added up at once anywhere
        st.dictionaries(st.integers(0, 60), st.floats(0.01, 2.0), min_size=1, max_size=40),
        st.frozensets(st.sampled_from(LABELS)),
    ),
    min_size=1,
    max_size=40,
)

seen = st.dictionaries(st.integers(0, 60), st.floats(0.01, 2.0), min_size=1, max_size=40)
choices = st.lists(
    st.lists(seen, min_size=1, max_size=6).flatmap(
        lambda volumes: st.builds(Choice, st.just(volumes), st.frozensets(st.integers(0, len(volumes) - 1)))
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=6, deadline=None)
@given(examples, st.integers(1, len(LABELS)), st.integers(0, 3))
def test_all_labels_at_once_are_each_by_itself_to_the_last_bit(taught: list[Example], count: int, seed: int) -> None:
    labels = LABELS[:count]
    assert quick.learn(quick.table(taught), labels, seed=seed, rounds=3) == learn(taught, labels, seed=seed, rounds=3)


@settings(max_examples=6, deadline=None)
@given(choices, st.integers(0, 3))
def test_volumes_are_chosen_as_by_the_plain_learner_to_the_last_bit(taught: list[Choice], seed: int) -> None:
    assert quick.learn_choice(quick.choices(taught), "f", seed=seed, rounds=3) == learn_choice(taught, "f", seed=seed, rounds=3)


@settings(max_examples=15, deadline=None)
@given(st.lists(choices, max_size=3))
def test_choices_are_joined_without_loss(parts: list[list[Choice]]) -> None:
    joined_, whole = quick.joined_choices(map(quick.choices, parts)), quick.choices(one for part in parts for one in part)
    assert (joined_.ends.tolist(), joined_.right) == (whole.ends.tolist(), whole.right)
    assert joined_.volumes.places.tolist() == whole.volumes.places.tolist()
    assert joined_.volumes.starts.tolist() == whole.volumes.starts.tolist()


@settings(max_examples=5, deadline=None)
@given(examples)
def test_chances_are_those_that_the_bot_gives(taught: list[Example]) -> None:
    rows = quick.learn(quick.table(taught), LABELS[:2], rounds=2)
    weights = joined([rows], Domain({}, 0.0))
    for one, told in zip(taught, quick.chances(quick.table(taught), weights, ("b", "a")), strict=True):
        assert all(isclose(told[label], chance_of(label, one.features, weights), rel_tol=1e-9) for label in "ab")


@settings(max_examples=15, deadline=None)
@given(st.lists(examples, max_size=2), st.data())
def test_tables_are_cut_and_joined_without_loss(parts: list[list[Example]], data: st.DataObject) -> None:
    every = [one for part in parts for one in part]
    wanted = data.draw(st.lists(st.booleans(), min_size=len(every), max_size=len(every)))
    kept = quick.joined_tables([quick.table(part) for part in parts]).only(wanted)
    same = quick.table(one for one, want in zip(every, wanted, strict=True) if want)
    assert kept.labels == same.labels
    assert [column.tolist() for column in (kept.starts, kept.places, kept.values)] == [
        column.tolist() for column in (same.starts, same.places, same.values)
    ]
