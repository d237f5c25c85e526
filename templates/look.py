"""Looks at scripts before anybody needs them: every text of every file with sample deals, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from bot.playbook.scenarios import SUBJECTS
from templates import folder as own
from templates.cage import caged
from templates.draft_facts import DRAFTS
from templates.draft_samples import draft_samples
from templates.job import Job, Wrong, do
from templates.kit import SCRIPT
from templates.language import Language
from templates.samples import after_call, samples
from templates.scripts import AFTER_CALL
from templates.shipped import WORDS, Unfit, language, sources
from templates.voice import BLOCKS

MOST_WORDS = 150
"""A longer text is not pasted but skipped; ours have 95 at most, and a contradiction's its term besides."""

Files = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Looked:
    """One file: its path in the folder, how many texts it has, the words of the longest, and all that is wrong. `same`: a copy of ours."""

    file: str
    texts: int = 0
    longest: int = 0
    wrong: tuple[Wrong, ...] = ()
    same: bool = False


def look(folder: Path | None) -> Iterator[Looked]:
    """Every file of the folder, or of ours without one. Theirs are rendered in the cage."""
    if folder is None:
        for code in sources():
            yield from (_looked(code, path, sources()) for path in sorted(sources()[code]) if path != WORDS)
        return
    found = own.read(folder)
    for wrong in found.wrong:
        yield Looked(wrong.file, wrong=(wrong,))
    for copy in found.same:
        yield Looked(copy, same=True)
    for code, files in sorted(found.sources.items()):
        for path in sorted(files):
            yield _words(code, files[WORDS]) if path == WORDS else _looked(code, path, found.sources)


def _words(code: str, text: str) -> Looked:
    try:
        language(code, text)
    except Unfit as unfit:
        return Looked(f"{code}/{WORDS}", wrong=(Wrong("words", str(unfit), f"{code}/{WORDS}"),))
    return Looked(f"{code}/{WORDS}", texts=1)


def _looked(code: str, path: str, files: Files) -> Looked:
    name, theirs = f"{code}/{path}", files is not sources()
    texts = {other: text for other, text in {**sources().get(code, {}), **files[code]}.items() if other != WORDS}
    job = Job(texts, path, BLOCKS, _facts(path, code, files[code].get(WORDS)), look=True)
    done = caged(job) if theirs else do(job)
    wrong = [Wrong(one.kind, one.words, f"{code}/{one.file or path}", one.line) for one in done.wrong]
    longest = max((len(text.split()) for _, text in done.texts), default=0)
    wrong += [one for block in dict.fromkeys(block for block, _ in done.texts) if (one := _too_long(name, block, done.texts))]
    return Looked(name, len({block for block, _ in done.texts}), longest, tuple(wrong))


def _too_long(file: str, block: str, texts: Sequence[tuple[str, str]]) -> Wrong | None:
    made = max((text for name, text in texts if name == block), key=len)
    which = f"its text {block} " if block else "it "
    if len(made) > SCRIPT:
        return Wrong("too-long", f"{which}makes {len(made):,} characters; a message takes {SCRIPT:,}", file)
    words = len(made.split())
    return Wrong("too-long", f"{which}makes {words} words; people paste {MOST_WORDS} at most", file) if words > MOST_WORDS else None


def _facts(path: str, code: str, theirs: str | None) -> Sequence[Mapping[str, object]]:
    stem = path.rpartition("/")[2].removesuffix(".j2")
    if path.startswith(DRAFTS):
        return _drafts(code, theirs)
    if stem in SUBJECTS and path.startswith("terms/"):
        return _situations(code, theirs, "contradiction", stem)
    common = _situations(code, theirs, "contradiction" if stem.partition("-step-")[0] == "contradiction" else "wait-and-see")
    return [one | after_call(_language(code, theirs)) for one in common] if path.startswith(AFTER_CALL) else common


@lru_cache(maxsize=32)
def _situations(code: str, theirs: str | None, scenario: str, subject: str | None = None) -> list[dict[str, object]]:
    """The sample deals' facts; made once for all scripts of a language, since they tell nothing of their scenario but a contradiction's."""
    return [asdict(one) for one in samples(scenario, _language(code, theirs), subject)]


@lru_cache(maxsize=8)
def _drafts(code: str, theirs: str | None) -> list[dict[str, object]]:
    return draft_samples(_language(code, theirs))


@lru_cache(maxsize=8)
def _language(code: str, theirs: str | None) -> Language:
    """Read once for all files of a language."""
    try:
        return language(code, theirs)
    except Unfit:
        return language(code)
