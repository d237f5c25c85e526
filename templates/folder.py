"""A company's own scripts: what lies in its playbook folder, and what there cannot be used."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from os.path import commonpath
from pathlib import Path

from templates.job import Wrong
from templates.shipped import HOME, sources

LARGEST = 20_000
"""Bytes of one file; ours are a tenth of that."""

MOST = 2_000
"""Entries looked at: a folder with more is some other folder."""

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
"""How a language's folder may be called."""

_NOT_MEANT = re.compile(r"\..*|.*~|#.*#|README.*|.*\.md|Thumbs\.db", re.IGNORECASE)
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Own:
    """`sources`: language -> path within it -> text, as in shipped.sources(). `wrong` names files by their path in the folder.

    `same` are copies of ours that nobody has changed: they are taken for ours.
    """

    sources: Mapping[str, Mapping[str, str]]
    wrong: tuple[Wrong, ...] = ()
    same: tuple[str, ...] = ()


def read(folder: Path) -> Own:
    """What lies in the folder, read anew each time: it is small, and an edited script counts from the next message on."""
    found: dict[str, dict[str, str]] = {}
    wrong: list[Wrong] = []
    try:
        root = folder.resolve(strict=True)
        for number, path in enumerate(_files(root, root, wrong, 1)):
            if number >= MOST:
                wrong.append(Wrong("too-many", f"there are more than {MOST:,} files here; the rest is not looked at", "."))
                break
            _take(root, path, found, wrong)
    except (OSError, RuntimeError) as refused:
        wrong.append(Wrong("unreadable", f"the folder cannot be read ({_reason(refused)})", "."))
    same = [f"{code}/{path}" for code, files in found.items() for path, text in files.items() if sources().get(code, {}).get(path) == text]
    changed = {code: {path: text for path, text in files.items() if f"{code}/{path}" not in same} for code, files in found.items()}
    return Own({code: files for code, files in changed.items() if files}, tuple(wrong), tuple(same))


def known_names() -> frozenset[str]:
    """What a file within a language's folder may be called."""
    return frozenset(sources()[HOME])


def _files(folder: Path, root: Path, wrong: list[Wrong], depth: int) -> Iterator[Path]:
    """Files, in order of their names; links are followed as long as they stay within the folder."""
    for path in sorted(folder.iterdir()):
        if _NOT_MEANT.fullmatch(path.name):
            continue
        name = path.relative_to(root).as_posix()
        try:
            if not path.resolve(strict=True).is_relative_to(root):
                wrong.append(Wrong("climbs-out", "it is a link that leads out of the folder", name))
            elif not path.is_dir():
                yield path
            elif depth < _DEEPEST:
                yield from _files(path, root, wrong, depth + 1)
            else:
                wrong.append(_unknown(f"{name}/"))
        except (OSError, RuntimeError) as refused:
            wrong.append(Wrong("unreadable", f"it cannot be read ({_reason(refused)})", name))


def _take(root: Path, path: Path, found: dict[str, dict[str, str]], wrong: list[Wrong]) -> None:
    name = path.relative_to(root).as_posix()
    language, _, within = name.partition("/")
    if within not in known_names() or not LANGUAGE.fullmatch(language):
        wrong.append(_unknown(name))
        return
    try:
        text = _text(path)
    except UnicodeDecodeError:
        wrong.append(Wrong("unreadable", "it is not saved as UTF-8 text", name))
    except (OSError, ValueError) as refused:
        wrong.append(Wrong("unreadable", f"it cannot be used ({_reason(refused)})", name))
    else:
        found.setdefault(language, {})[within] = text


def _text(path: Path) -> str:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("no plain file")
    if about.st_size > LARGEST:
        raise ValueError(f"{about.st_size:,} bytes, {LARGEST:,} at most")
    with path.open("rb") as file:
        return file.read(LARGEST + 1).decode("utf-8-sig")


def _unknown(name: str) -> Wrong:
    language = name.partition("/")[0] if LANGUAGE.fullmatch(name.partition("/")[0]) else HOME
    known = {f"{language}/{within}": within.rpartition("/")[2] for within in known_names()}
    last = name.rstrip("/").rpartition("/")[2].lower()
    close = get_close_matches(last, known.values(), n=1, cutoff=0.7)
    alike = [path for path, own in known.items() if close and own == close[0]]
    meant = max(alike, key=lambda path: len(commonpath((path, f"{language}/{name.removeprefix(f'{language}/')}"))), default=None)
    return Wrong("unknown-name", "no script of ours is called that" + (f"; did you mean {meant}?" if meant else ""), name)


def _reason(refused: Exception) -> str:
    return refused.strerror or type(refused).__name__ if isinstance(refused, OSError) else str(refused)[:120]
