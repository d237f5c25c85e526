"""What people say: each scenario is heard in its sayings and not in their look-alikes, and ordinary talk raises nothing."""

from __future__ import annotations

import pytest

from tests.said.sayings import DAYS, Saying, account, cases, heard, say, sayings, standard_deal


@pytest.mark.parametrize(("scenario", "saying"), cases("heard"))
def test_is_heard(scenario: str, saying: Saying) -> None:
    assert heard(scenario, saying), account(saying)


@pytest.mark.parametrize(("scenario", "saying"), cases("not_yet"))
def test_is_not_heard_yet(scenario: str, saying: Saying) -> None:
    """A plain reader hears these, the bot does not; whoever teaches it one moves the saying up to `heard`."""
    assert not heard(scenario, saying), f"is heard now, move it to heard: {account(saying)}"


@pytest.mark.parametrize(("scenario", "saying"), cases("silent"))
def test_look_alike_is_silent(scenario: str, saying: Saying) -> None:
    assert scenario not in {finding.scenario for finding in say(saying)}, account(saying)


@pytest.mark.parametrize(("scenario", "saying"), cases("not_yet_silent"))
def test_look_alike_is_not_silent_yet(scenario: str, saying: Saying) -> None:
    """These raise the scenario wrongly; whoever stops that moves the saying to `silent`."""
    assert scenario in {finding.scenario for finding in say(saying)}, f"is silent now, move it to silent: {account(saying)}"


@pytest.mark.parametrize(("_silence", "saying"), cases("silent", silence=True))
def test_raises_nothing(_silence: str, saying: Saying) -> None:
    assert not say(saying), account(saying)


@pytest.mark.parametrize(("_silence", "saying"), cases("not_yet", silence=True))
def test_raises_something_wrongly(_silence: str, saying: Saying) -> None:
    """These raise a finding or signal that no reader would; whoever stops that moves the saying to `silent`."""
    assert say(saying), f"is silent now, move it to silent: {account(saying)}"


def test_days_lie_where_their_names_say() -> None:
    deal = standard_deal()
    phases = {name: deal.phase(at.date()) for name, at in DAYS.items()}
    assert phases == {"before": "before-test", "test": "test", "end": "test", "after": "after-test"}


def test_silence_is_long_enough_to_mean_something() -> None:
    assert len(sayings("silence", "silent")) >= 60
