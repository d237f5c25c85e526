"""The doctor's look at the settings: each that is wrong, missing or mistyped, and those that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.commands.checks import Check
from bot.commands.clock_settings import habits
from bot.commands.trace_settings import traces
from bot.given import missing, unknown
from bot.mistake import SettingsMistake
from bot.settings import Settings


def settings_fit(settings: Settings, wrong: Mapping[str, str]) -> Iterator[Check]:
    """Whether all that is needed is there, and all that is given is known; `wrong` ones by name, with why."""
    faults = [*_wrong(wrong), *_missing(settings, wrong), *_unknown(), *_unfit(settings)]
    yield from faults or [Check("settings", f"{len(settings.model_fields_set)} given, all known")]


def _wrong(wrong: Mapping[str, str]) -> Iterator[Check]:
    for name, why in wrong.items():
        yield Check(name, mend=why)


def _missing(settings: Settings, wrong: Mapping[str, str]) -> Iterator[Check]:
    for names, step in missing(settings):
        if not wrong.keys() & set(names.split(" or ")):
            yield Check(names, mend=f"missing: {step}")


def _unknown() -> Iterator[Check]:
    for name, meant in unknown().items():
        step = f"write {meant}" if meant else "docs/configuration.md has all that there are; take it away"
        yield Check(name, mend=f"there is no such setting, so it does nothing: {step}.")


def _unfit(settings: Settings) -> Iterator[Check]:
    made: Mapping[str, Callable[[Settings], Any]] = {"nudges": habits, "traces": lambda given: traces(given).close()}
    for what, make in made.items():
        try:
            make(settings)
        except SettingsMistake as mistake:
            yield Check(what, mend=str(mistake))
