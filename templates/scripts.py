"""A finding's script in an installation's voice: the company's own where there is one that works, else ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Protocol

from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS
from templates import folder as own
from templates.cage import caged
from templates.facts import facts
from templates.job import Job, Wrong
from templates.kit import SCRIPT
from templates.language import Language
from templates.letter import Letter, bulleted
from templates.render import environment, filled
from templates.shipped import WORDS, Unfit, language, scripts, sources
from templates.voice import Voice

TERMS = "terms/"
AFTER_CALL = "after_call/"
AGAIN = 3600.0
"""Seconds until a script is tried again that took too long: perhaps the machine was busy. An edited one is tried at once."""


def _nobody(_wrong: Wrong) -> None:
    """Nobody wants to know."""


class Occasion(Protocol):
    """What a text is made for."""

    def facts(self, words: Language) -> dict[str, object]:
        """Everything that may be filled in, in words of a language."""
        ...


@dataclass(frozen=True)
class Scripts:
    """Scripts in one voice. `folder` holds the company's own; `tell` hears, once each, why one of them was left out."""

    voice: Voice = field(default_factory=Voice)
    folder: Path | None = None
    tell: Callable[[Wrong], None] = _nobody
    _told: set[Wrong] = field(default_factory=set)
    _endless: dict[tuple[str, str], float] = field(default_factory=dict)

    def script(self, finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str:
        """The filled-in text to paste, addressed to the speaker's first name; dates in it count from `today` (default: the finding's day).

        Empty for a signal: there is nothing to answer.
        """
        return self._said(finding.scenario, _Occasion(finding, deal, speaker, today)) if finding.scenario in FINDINGS else ""

    def next_step(self, finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str | None:
        """What to say once the first script is answered; None where the scenario has one step only."""
        name = f"{finding.scenario}-step-2"
        return self._said(name, _Occasion(finding, deal, speaker, today)) if name in scripts() else None

    def on_behalf(self, name: str) -> str:
        """The line above what is posted for somebody, as "On behalf of Riley Chen"."""
        return self.words().phrase("on_behalf", name=name)

    def point(self, finding: Finding, deal: Deal, speaker: str | None, today: date | None = None) -> str:
        """What to say of a finding after a call is over, without greeting; empty for a signal."""
        if finding.scenario not in FINDINGS:
            return ""
        return self.text(f"{AFTER_CALL}{finding.scenario}.j2", _Occasion(finding, deal, speaker, today))

    def note(self, findings: Sequence[Finding], deal: Deal, speaker: str | None, called: date, today: date) -> str:
        """The note to whoever said these things, on `today`, after the call of the day `called`; empty where all are signals."""
        words = "\n\n".join(point for finding in findings if (point := self.point(finding, deal, speaker, today)))
        if not words:
            return ""
        return self.text(f"{AFTER_CALL}message.j2", _Occasion(findings[0], deal, speaker, today, {"words": words}, called))

    def email(self, deal: Deal, letter: Letter, called: date, today: date) -> str:
        """The follow-up email after a call; `letter` is what was covered on it."""
        here = Finding("wait-and-see", "", "", "log", "customer", deal.phase(called), deal.test_day(called))
        return bulleted(self.text(f"{AFTER_CALL}email.j2", _Occasion(here, deal, None, today, asdict(letter), called)))

    def words(self) -> Language:
        """The figures, dates and phrases of the voice's language."""
        theirs = self.theirs()
        return self._language(next(code for code in self.voice.languages if code in sources() or code in theirs), theirs)

    def _said(self, name: str, occasion: Occasion) -> str:
        return self.text(scripts()[name], occasion)

    def text(self, file: str, occasion: Occasion) -> str:
        """The text of a file within a language, of which English has every one, filled in for an occasion. Raises KeyError."""
        theirs = self.theirs()
        for code in self.voice.languages:
            if _is_theirs(file, code, theirs):
                text = self._caged(file, code, theirs, occasion)
                if text is not None:
                    return text
            if file in sources().get(code, {}):
                return self._ours(file, code, theirs, occasion)
        raise KeyError(file)  # English has every script

    def _caged(self, file: str, code: str, theirs: Mapping[str, Mapping[str, str]], occasion: Occasion) -> str | None:
        """Their text; None, and told, where it does not work."""
        texts = {path: text for path, text in {**sources().get(code, {}), **theirs[code]}.items() if path != WORDS}
        key = (f"{code}/{file}", texts[file])
        if monotonic() < self._endless.get(key, 0):
            return None
        done = caged(Job(texts, file, self.voice.blocks, [occasion.facts(self._language(code, theirs))]))
        for wrong in done.wrong:
            self._hear(Wrong(wrong.kind, wrong.words, f"{code}/{wrong.file or file}", wrong.line))
            if wrong.kind == "too-slow":
                self._endless[key] = monotonic() + AGAIN
        if not done.texts:
            return None
        text = done.texts[0][1]
        if len(text) > SCRIPT:
            self._hear(Wrong("too-long", f"it makes {len(text):,} characters; a message takes {SCRIPT:,}", f"{code}/{file}"))
            return None
        return text

    def _ours(self, file: str, code: str, theirs: Mapping[str, Mapping[str, str]], occasion: Occasion) -> str:
        return filled(_environment(code), file, self.voice.blocks, occasion.facts(self._language(code, theirs)))

    def _language(self, code: str, theirs: Mapping[str, Mapping[str, str]]) -> Language:
        try:
            return language(code, theirs.get(code, {}).get(WORDS))
        except Unfit as unfit:
            self._hear(Wrong("words", str(unfit), f"{code}/{WORDS}"))
            return language(code)

    def theirs(self) -> Mapping[str, Mapping[str, str]]:
        """The company's own files by language, as they are now."""
        if self.folder is None:
            return {}
        found = own.read(self.folder)
        for wrong in found.wrong:
            self._hear(wrong)
        return found.sources

    def _hear(self, wrong: Wrong) -> None:
        if wrong not in self._told:
            if len(self._told) > 1_000:
                self._told.clear()
            self._told.add(wrong)
            self.tell(wrong)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What a script answers, to whom, and on which day."""

    finding: Finding
    deal: Deal
    speaker: str | None
    today: date | None
    more: Mapping[str, object] = field(default_factory=dict)
    called: date | None = None

    def facts(self, words: Language) -> dict[str, object]:
        known = asdict(facts(self.finding, self.deal, self.speaker, self.today, words)) | dict(self.more)
        if self.called and self.today:
            known["call_day"] = words.call_day(self.called, self.today)
        return known


def _is_theirs(file: str, code: str, theirs: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether any of the text is theirs: the script itself, or a term that ours includes."""
    files = theirs.get(code, {})
    if file in files:
        return True
    return TERMS in sources().get(code, {}).get(file, "") and any(path.startswith(TERMS) for path in files)


@cache
def _environment(code: str) -> ImmutableSandboxedEnvironment:
    return environment(sources()[code])


OURS = Scripts()
"""Our own scripts, in English, plain and long."""
