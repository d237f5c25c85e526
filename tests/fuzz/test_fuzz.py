"""The short form of `make fuzz`: whatever comes in by any door is read or refused, and never breaks anything."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import SECRET, TARGETS, seeds

MUTATIONS = {"message": 250, "blocks": 150, "stream": 500, "form": 200, "webhook": 2_000}
"""How many changes of what a target takes are tried; of the others 60."""


@pytest.mark.parametrize("name", TARGETS)
def test_what_it_takes_and_small_changes_of_it(name: str) -> None:
    start = seeds(name)
    for data in (*start[:: max(1, len(start) // 40)], *islice(mutated(start, 1), MUTATIONS.get(name, 60))):
        TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25)
@given(data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_anything_at_all(name: str, data: bytes) -> None:
    TARGETS[name](data)


def test_a_broken_target_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        TARGETS["webhook"](_signed())


def _signed() -> bytes:
    """A delivery that is signed rightly, which the target takes for a forgery that was believed."""
    now = datetime.now(UTC)
    return f"msg_1\n{int(now.timestamp())}\n{Webhook(SECRET).sign('msg_1', now, '{}')}\n{{}}".encode()
