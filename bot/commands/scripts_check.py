"""The doctor's look at the scripts: those of the playbook folder are rendered with sample deals."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.checks import Check
from bot.settings import Settings
from templates import folder as own
from templates.look import look
from templates.shipped import HOME, sources
from templates.voice import Voice

_MEANWHILE = "Until it is mended, our own script takes its place."


def scripts_work(settings: Settings) -> Iterator[Check]:
    """Whether the language is there, and every file of the playbook works."""
    voice = Voice(settings.language, settings.tone, settings.script_length)
    folder = settings.playbook
    theirs = own.read(folder).sources if folder else {}
    there = next(code for code in voice.languages if code in sources() or code in theirs)
    if there == HOME and voice.language.partition("-")[0] != HOME:
        known = " or ".join(sorted({*sources(), *theirs}))
        yield Check("scripts", mend=f"there are none in {voice.language}, English is used: JUMPIN_LANGUAGE may be {known}.")
    else:
        yield Check("scripts", f"{there}, {voice.tone}, {voice.length}{'' if folder else '; none of your own (docs/scripts.md)'}")
    if folder is None:
        return
    looked = list(look(folder))
    for one in looked:
        if one.wrong:
            words = "; ".join(f"line {wrong.line}: {wrong.words}" if wrong.line else wrong.words for wrong in one.wrong)
            yield Check(f"playbook {one.file}", mend=f"{words}. {_MEANWHILE}")
    good = sum(not one.wrong for one in looked)
    yield Check("playbook", f"{good} file{'' if good == 1 else 's'} of your own in use")
