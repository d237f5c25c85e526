"""The scripts and words that come with this package, by language: all of them known good."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

import yaml

from templates.language import Language

HOME = "en"
"""The language that has every script, and that others fall back to."""

FOLDERS = ("jump_in", "objections", "ramp", "red_flags")
"""Where scripts lie: <language>/<folder>/<scenario>.j2, and <scenario>-step-2.j2 for what to say next. Terms lie in terms/."""

WORDS = "words.yml"
_HERE = Path(__file__).parent
_LONGEST_PHRASE, _MOST_ENTRIES = 200, 1_000


class Unfit(ValueError):
    """A words.yml that cannot be used; the text says why."""


@cache
def sources() -> Mapping[str, Mapping[str, str]]:
    """Language -> path within it ("objections/objection-too-busy.j2", "words.yml") -> text."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(_HERE.glob("*/**/*")):
        if file.suffix in (".j2", ".yml"):
            language, _, path = file.relative_to(_HERE).as_posix().partition("/")
            found.setdefault(language, {})[path] = file.read_text(encoding="utf-8")
    return {language: files for language, files in found.items() if WORDS in files}


@cache
def scripts() -> Mapping[str, str]:
    """Script name (file stem) -> path within a language."""
    paths = (PurePosixPath(path) for path in sources()[HOME])
    return {path.stem: str(path) for path in paths if path.parts[0] in FOLDERS}


def language(code: str, theirs: str | None = None) -> Language:
    """A language's words: English, over it ours for `code`, over it `theirs`, a words.yml of which any line may be left out.

    Raises Unfit when `theirs` cannot be used.
    """
    if theirs is not None:
        return _put_together([*_layers(code), theirs])
    return _ours(code)


@cache
def _ours(code: str) -> Language:
    return _put_together(_layers(code))


def _layers(code: str) -> list[str]:
    return [sources()[one][WORDS] for one in dict.fromkeys((HOME, code)) if one in sources()]


def _put_together(layers: list[str]) -> Language:
    phrases: dict[str, str] = {}
    lists: dict[str, dict[str, str]] = {"came_up_as": {}, "glossary": {}}
    for number, layer in enumerate(layers):
        for name, value in _parsed(layer).items():
            if number and name not in phrases and name not in lists:
                raise Unfit(f"there is no phrase {name!r}")
            if name in lists:
                lists[name] |= _entries(name, value)
            else:
                phrases[name] = _line(name, value)
    return _whole(Language(phrases, **lists))


def _parsed(text: str) -> dict[str, object]:
    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        raise Unfit(f"this is no YAML{f', see line {mark.line + 1}' if mark else ''}") from None
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise Unfit("it must have lines such as hello: Hi {name}")
    return {str(name)[:60]: value for name, value in read.items()}


def _line(name: str, value: object) -> str:
    if not isinstance(value, str | int) or not 0 < len(str(value)) <= _LONGEST_PHRASE:
        raise Unfit(f"{name} must be a text of at most {_LONGEST_PHRASE} characters")
    return str(value)


def _entries(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > _MOST_ENTRIES:
        raise Unfit(f"{name} must be a list of lines such as weekly: semanal")
    return {str(key): _line(f"{name}: {str(key)[:40]}", entry) for key, entry in value.items() if str(key).strip()}


def _whole(made: Language) -> Language:
    for name, count in (("weekdays", 7), ("months", 12)):
        if len(made.phrases[name].split()) != count:
            raise Unfit(f"{name} must be {count} words")
    if not [part for part in made.usual_criteria if part]:
        raise Unfit("usual_criteria names nothing")
    return made
