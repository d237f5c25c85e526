"""Between findings and their rows."""

from __future__ import annotations

from typing import Any

from bot.playbook.finding import Finding
from store.records import Origin, StoredFinding
from store.tables import FindingRow


def key_values(deal_id: int, finding: Finding, origin: Origin) -> dict[str, Any]:
    """What makes a finding the same finding: deal, message, scenario, subject."""
    return {
        "deal_id": deal_id,
        "channel": origin.channel,
        "ts": origin.ts,
        "scenario": finding.scenario,
        "subject": finding.subject or "",
    }


def values_of(finding: Finding, origin: Origin) -> dict[str, Any]:
    """All that an edit of the message may change."""
    low, high = finding.said_per_day or (None, None)
    return {
        "thread_ts": origin.thread_ts,
        "speaker": origin.speaker,
        "said_at": origin.said_at,
        "permalink": origin.permalink,
        "side": finding.side,
        "phase": finding.phase,
        "test_day": finding.test_day,
        "urgency": finding.urgency,
        "quote": finding.quote,
        "why": finding.why,
        "said_low": low,
        "said_high": high,
        "agreed_per_day": finding.agreed_per_day,
        "said": finding.said,
        "agreed": finding.agreed,
        "rule": finding.rule,
        "sure": finding.sure,
        "suppressed": finding.suppressed,
    }


def finding_of(row: FindingRow) -> Finding:
    """The finding as judged."""
    return Finding(
        scenario=row.scenario,
        quote=row.quote,
        why=row.why,
        urgency=row.urgency,
        side=row.side,
        phase=row.phase,
        test_day=row.test_day,
        subject=row.subject or None,
        said_per_day=said_pair(row.said_low, row.said_high),
        agreed_per_day=row.agreed_per_day,
        said=row.said,
        agreed=row.agreed,
        rule=row.rule,
        sure=row.sure,
        suppressed=row.suppressed,
    )


def said_pair(low: float | None, high: float | None) -> tuple[float, float] | None:
    """Packages per shipping day, fewest and most, where a figure was said."""
    return None if low is None or high is None else (low, high)


def stored(row: FindingRow) -> StoredFinding:
    """The finding with what became of it."""
    assert row.id is not None
    return StoredFinding(
        id=row.id,
        deal_id=row.deal_id,
        finding=finding_of(row),
        origin=Origin(row.channel, row.ts, row.speaker, row.said_at, row.thread_ts, row.permalink),
        state=row.state,
        raised_at=row.raised_at,
        changed_at=row.changed_at,
        count=row.count,
        changed_by=row.changed_by,
        until=row.until,
        version=row.version,
        reason=row.reason,
        link=row.link,
    )


def same_figure(before: Finding, now: Finding) -> bool:
    """Whether an edited message still says the same: by the figure where there is one, else by what was said."""
    if before.said_per_day is not None or now.said_per_day is not None:
        return before.said_per_day == now.said_per_day
    return before.said == now.said
