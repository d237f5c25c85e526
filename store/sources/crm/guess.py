"""A first guess at the mapping, by what people call the stages and fields of their CRM; whoever connects it corrects it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.deal import Stage
from store.sources.crm.mapping import TERMS, CrmMap, Term
from store.sources.crm.plain import Field, Step

_STAGES: Sequence[tuple[str, Stage | None]] = (
    (r"\blost|dead|disqualif|on hold|churn", None),
    (r"\bwon\b|live customer|active customer", "closed-won"),
    (r"implement|launch|onboard|pilot|\btest|go.?live|ramp", "implementation"),
    (r"set.?up|contract|signed|signature|paperwork|document|agreement", "setup"),
    (r"propos|quote|negotiat|decision|presentation", "proposal"),
    (r"\brate|pricing|\bprice", "rate-creation"),
    (r"discover|qualif|appointment|needs|prospect|analysis|\blead", "discovery"),
)
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "volume.committed_per_day": (r"commit.*(day|daily|volume|packages|parcels)", r"(daily|per day).*(volume|packages|parcels)"),
    "volume.annual": (r"(annual|yearly|per year).*(volume|packages|parcels)", r"(volume|packages|parcels).*(annual|year)"),
    "volume.share_of_total": (r"share.*(total|wallet|volume)", r"wallet share"),
    "volume.shipping_days_per_week": (r"shipping days", r"days.*(per|a) week"),
    "test.volume_per_day": (r"\b(test|pilot|trial)\b.*(volume|packages|parcels|per day|daily)",),
    "test.starts": (r"\b(test|pilot|trial)\b.*(start|begin|first day|date)",),
    "test.weeks": (r"\b(test|pilot|trial)\b.*(weeks|length|duration)",),
    "test.success": (r"success criteria", r"criteria"),
    "ramp.to_per_day": (r"\bramp\b.*(volume|packages|parcels|per day|level|to)",),
    "pickup.days": (r"pick.?up days",),
    "pickup.time": (r"pick.?up time",),
    "billing": (r"billing (cycle|frequency|terms)", r"invoice (cycle|frequency)"),
    "signed": (r"(contract|agreement).*(signed|signature).*", r"(signed|signature) (on|date)"),
    "kickoff": (r"kick.?off",),
}


def stage_of(label: str) -> Stage | None:
    """Our stage of one that people call so; None for one that seems to be none of ours."""
    said = label.casefold()
    return next((stage for pattern, stage in _STAGES if re.search(pattern, said)), None)


def field_of(term: str, fields: Iterable[Field]) -> str | None:
    """The field that seems to hold a term."""
    there = list(fields)
    for pattern in _FIELDS.get(term, ()):
        for field in there:
            name = re.sub(r"[_\W]+", " ", field.name.removesuffix("__c"))
            if any(re.search(pattern, said.casefold()) for said in (field.label, name)):
                return field.name
    return None


def guess(source: str, fields: Sequence[Field], steps: Sequence[Step], before: CrmMap | None = None) -> CrmMap:
    """The mapping, with what was mapped before as it was, as far as it is still there."""
    there = {field.name for field in fields}
    kept = before or CrmMap(source)
    stages = {step.id: kept.stages.get(step.id) if step.id in kept.names else stage_of(step.label) for step in steps}
    terms: dict[str, Term] = {}
    taken: set[str] = set()
    for name in TERMS:
        old = kept.terms.get(name)
        if old is not None and (old.field is None or old.field in there):
            terms[name] = old
        elif before is None or old is not None:
            found = field_of(name, [field for field in fields if field.name not in taken])
            if found is not None:
                terms[name] = Term(found, old.default if old else None, old.per if old else "day")
        taken |= {terms[name].field or ""} if name in terms else set()
    if before is None and "test.weeks" not in terms:
        terms["test.weeks"] = Term(None, "2")
    names = {step.id: step.label for step in steps}
    mapped = {one: stage for one, stage in stages.items() if stage is not None}
    return CrmMap(source, mapped, names, terms, kept.also, kept.tell, kept.send, kept.quotes)
