"""Readers for measuring: neither of their looks may have seen the authors that they are measured on."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.bench.folds import FOLDS, NEIGHBOURS, Fold, folds, neighbours
from tests.bench.talk import conversations

EVERY = folds(conversations())


def test_every_author_is_left_out_once() -> None:
    assert len(EVERY) == FOLDS
    assert sorted(chain.from_iterable(EVERY)) == sorted({talk.author for talk in conversations()})


@pytest.mark.parametrize("fold", EVERY)
def test_the_second_look_is_taught_by_others(fold: Fold) -> None:
    teachers = neighbours(fold, EVERY)
    assert len(set(teachers)) == 2 * NEIGHBOURS
    assert not set(fold) & set(chain.from_iterable(teachers))


def test_what_ships_is_taught_by_every_second_fold() -> None:
    assert neighbours((), EVERY) == EVERY[::2]
