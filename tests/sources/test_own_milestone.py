"""A milestone in words: what stands at the end is its day, the rest its title."""

from __future__ import annotations

from datetime import date

import pytest

from store.sources.own_milestone import own_milestone
from store.sources.values import Wrong

TODAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ("second pickup window review next Thursday", "second pickup window review", date(2026, 11, 12)),
        ("dock two opened in two weeks", "dock two opened", date(2026, 11, 18)),
        ("talk to procurement by 9 Nov", "talk to procurement", date(2026, 11, 9)),
        ("decision on lanes, on 2026-12-01", "decision on lanes", date(2026, 12, 1)),
        ("call Dana tomorrow", "call Dana", date(2026, 11, 5)),
        ("review of phase 2 on Monday", "review of phase 2", date(2026, 11, 9)),
    ],
)
def test_title_and_day(text: str, title: str, day: date) -> None:
    assert own_milestone(text, TODAY) == (title, day)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("window review", '"window review" names no day at its end; write for instance: window review next Thursday'),
        ("next Thursday", '"next Thursday" names no day at its end; write for instance: window review next Thursday'),
        ("", '"" names no day at its end; write for instance: window review next Thursday'),
        ("review Feb 30", '"Feb 30" is not a day that I understand; write for instance next Monday or 9 Nov'),
        (
            "review on 31st of November",
            '"31st of November" is not a day that I understand; write for instance next Monday or 9 Nov',
        ),
        ("review 11/2", '"11/2" is a different day in different countries; write for instance 9 Nov'),
    ],
)
def test_what_cannot_be_used(text: str, mistake: str) -> None:
    with pytest.raises(Wrong) as wrong:
        own_milestone(text, TODAY)
    assert str(wrong.value) == mistake
