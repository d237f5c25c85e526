"""What arithmetic says of a message, in a few names: the trained reader learns from them when words mean what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.language.statement import Statement
from bot.playbook.case import Case
from bot.playbook.contradiction import compared
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SIGNALS
from bot.playbook.volume import judge_volume


def marks(found: Sequence[Finding], latent: Sequence[Case], claimed: Sequence[Case]) -> frozenset[str]:
    """Names for what the rules found, for figures that may be meant, and for claims beside the terms that they may be about."""
    names = {f"found {finding.scenario} {finding.subject or ''} {finding.suppressed or ''}".strip() for finding in found}
    names |= {f"found {'signal' if finding.scenario in SIGNALS else finding.urgency}" for finding in found}
    names |= {name for case in latent for name in _meant(case)}
    names |= {f"{case.statement.act} {case.statement.about} {'differs' if compared(case) else 'agrees'}" for case in claimed}
    return frozenset(names or {"nothing found"})


def _meant(case: Case) -> Iterator[str]:
    for act in ("proposes-volume", "reports-volume"):
        finding = judge_volume(replace(case, statement=_as(case.statement, act)))
        if finding is not None:
            yield f"perhaps {finding.scenario}"


def _as(statement: Statement, act: str) -> Statement:
    return replace(statement, act=act)
