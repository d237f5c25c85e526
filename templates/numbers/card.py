"""The answer of /deal-metrics: the numbers of one's deals, with menus to narrow them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from bot.playbook.numbers.metrics import BY, By, Group, Metric
from bot.playbook.numbers.report import Numbers
from bot.playbook.scenarios import FINDINGS
from templates.kit import Block, Message, header, lines, section, select
from templates.numbers.words import (
    BY_NAMES,
    COLUMNS,
    DEFINITIONS,
    NAMELESS,
    TITLES,
    achievements,
    ahead,
    how_good,
    in_and_out,
    many,
    scope,
    share,
    short,
    stages,
    surveys,
    told,
    unknown_volume,
    waiting,
)
from templates.quote import neutral

GROUP = "jumpin-numbers-by"
MENUS: Mapping[By, str] = {by: f"jumpin-numbers-{by}" for by in BY}
"""Action ids. What is shown travels in the block id, names as marks: what somebody is called would not fit."""

MOST = 12
"""Groups shown; more are counted."""

_ANY, _BLOCK = "any", "numbers"


def mark(name: str) -> str:
    """What stands for a name in a menu."""
    return sha256(name.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Wanted:
    """By what the numbers are grouped, and the marks of what they are narrowed down to."""

    by: By | None = None
    marks: dict[By, str] = field(default_factory=dict)

    def packed(self) -> str:
        """As a block id."""
        return "|".join((_BLOCK, self.by or "", *(self.marks.get(by, "") for by in BY)))

    @classmethod
    def unpacked(cls, text: str) -> Wanted:
        """What packed() made; everything where it is none of ours."""
        parts = text.split("|")
        if len(parts) != len(BY) + 2 or parts[0] != _BLOCK:
            return cls()
        grouped = next((by for by in BY if by == parts[1]), None)
        return cls(grouped, {by: part for by, part in zip(BY, parts[2:], strict=True) if part})

    def turned(self, action: str, value: str) -> Wanted:
        """After a choice in a menu."""
        if action == GROUP:
            return replace(self, by=next((by for by in BY if by == value), self.by))
        kind = next((by for by in BY if MENUS[by] == action), None)
        if kind is None:
            return self
        others = {by: one for by, one in self.marks.items() if by != kind}
        return replace(self, marks=others if value == _ANY else {**others, kind: value})


def metrics_card(found: Numbers, by: By) -> Message:
    """The numbers, one group of figures a block."""
    where = neutral(scope(found), 300)
    blocks: list[Block] = [header("The numbers"), lines(where), _menus(found, by), _metrics(found.metrics)]
    left = [f"Not counted in {TITLES[one.key]}: {told(one).left_out}" for one in (found.metrics[0], found.metrics[-1]) if one.left_out]
    blocks += [lines(*left)] if left else []
    if len(found.groups[by]) > 1:
        blocks.append(section(_groups(found.groups[by], by)))
    blocks += [section(_list("What I achieved", achievements(found.achieved))), *_precision(found)]
    blocks.append(section(_list("Where deals wait", [waiting(found.flow), *_leaking(found)])))
    blocks.append(section(_list("The pipeline", [*stages(found.flow), *in_and_out(found.flow)])))
    blocks.append(section(_list("The volume to come", [ahead(one) for one in found.forecast.horizons])))
    small = [how_good(found.forecast.checks[0]), unknown_volume(found.forecast)] if found.forecast.curve else []
    blocks += [lines(*small)] if small else []
    said = surveys(found)
    blocks += [section(_list("What customers say", said))] if said else []
    blocks.append(lines("What each number means: `/deal-metrics help`"))
    return Message(f"The numbers, {where}", blocks)


def metrics_help() -> Message:
    """How the command is used, and what the numbers mean."""
    use = (
        "*/deal-metrics* — the numbers of all your deals, shown to you alone\n"
        "*/deal-metrics Riley 2026 Q3* — only a rep's, a trade's, a size's or a quarter's; several together narrow it down\n"
        "*/deal-metrics by trade* — side by side by rep, trade, size or quarter; also `this quarter`, `last quarter`"
    )
    meaning = "\n".join(f"*{TITLES[key]}*: {words}" for key, words in DEFINITIONS.items() if key not in ("variance-30", "variance-60"))
    note = "Days 30 and 60 are counted as day 90 is. A day without data counts as unknown, never as nought."
    return Message("How to use /deal-metrics", [section(use), section(meaning), lines(note)])


def no_such(asked: str, choices: Mapping[By, Sequence[str]]) -> Message:
    """Typed words that are nothing of the asker's deals, and what there would be."""
    text = f"I know no rep, trade, size or quarter “{neutral(asked, 80)}” among your deals."
    there = [neutral(name, 60) for name in (*choices["rep"], *choices["trade"]) if name][:8]
    more = f" There is, for instance: {', '.join(there)}." if there else ""
    return Message(text, [section(f"{text}{more} See `/deal-metrics help`.")])


def vanished() -> Message:
    """A choice that is not among the asker's deals, or not any more."""
    text = "That is not among your deals any more. Type `/deal-metrics` for the numbers as they are now."
    return Message(text, [section(text)])


def _menus(found: Numbers, by: By) -> Block:
    marks = {kind: mark(name) for kind, name in found.chosen.items()}
    grouped: dict[str, str] = {kind: f"By {BY_NAMES[kind].lower()}" for kind in BY}
    elements = [select(GROUP, "Side by side", grouped, by)]
    for kind in BY:
        names = found.choices[kind]
        chosen = found.chosen.get(kind)
        shown = [*([chosen] if chosen is not None else []), *(name for name in names if name != chosen)]
        options = {_ANY: f"Any {BY_NAMES[kind].lower()}"} | {mark(name): name or NAMELESS[kind] for name in shown[:99]}
        if len(names) > 1 or chosen is not None:
            elements.append(select(MENUS[kind], BY_NAMES[kind], options, marks.get(kind, _ANY)))
    return {"type": "actions", "block_id": Wanted(by, marks).packed(), "elements": elements}


def _metrics(there: Sequence[Metric]) -> Block:
    """Two columns on a desk, one on a phone."""
    texts = []
    for metric in there:
        one = told(metric)
        sign = {True: "✅ ", False: "🔴 ", None: ""}[one.on_target]
        texts.append("\n".join(filter(None, (f"*{one.title}*", f"{sign}{one.value}", " · ".join(filter(None, (one.of, one.target)))))))
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts]}


def _groups(there: Sequence[Group], by: By) -> str:
    shown = there[-MOST:] if by == "quarter" else there[:MOST]
    told = [f"• *{neutral(one.name or NAMELESS[by], 60)}* ({many(one.deals, 'deal')}): {_figures(one.metrics)}" for one in shown]
    more = [f"… and {len(there) - MOST} more, in the menu above"] if len(there) > MOST else []
    return "\n".join([f"*By {BY_NAMES[by].lower()}*", *told, *more])


def _figures(there: Sequence[Metric]) -> str:
    """As "conversion 71% 🔴, full after 28 days, day 90 16% 🔴, drops 4%"; what is not known is left out."""
    known = [one for one in there if one.value is not None and one.key not in ("variance-30", "variance-60")]
    signs = {True: "", False: " 🔴", None: ""}
    return ", ".join(f"{COLUMNS[one.key]} {short(one)}{signs[one.on_target]}" for one in known) or "no data"


def _precision(found: Numbers) -> list[Block]:
    decided = [one for one in found.achieved.scenarios if one.decided]
    if not decided:
        return []
    told = [f"{FINDINGS.get(one.scenario, neutral(one.scenario, 60))} {share(one.precision)} of {one.decided:,}" for one in decided]
    return [lines(f"Of use, of those decided: {', '.join(told)}")]


def _leaking(found: Numbers) -> list[str]:
    names = [neutral(found.customers[number], 60) for number in found.leaked]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return [f"Fallen again after full volume: {', '.join(names[:5])}{more}"] if names else []


def _list(title: str, told: Sequence[str]) -> str:
    return "\n".join([f"*{title}*", *(f"• {one}" for one in told)])
