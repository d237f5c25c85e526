"""What is made ready after a start, so that the first message does not wait for it."""

from __future__ import annotations

import pytest

from bot.language.quantities.grammar import cascade
from handlers.hearing.warming import rehearse
from templates import scripts
from templates.voice import Voice


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_message_is_read_and_a_direct_message_written(language: str) -> None:
    cascade.cache_clear()
    scripts._environment.cache_clear()
    written = rehearse(Voice(language))
    assert len(written) == 1
    assert "15" in written[0].text
    assert cascade.cache_info().currsize == 1
    assert scripts._environment.cache_info().currsize == 1
