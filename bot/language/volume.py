"""Statements about our volume: what each weighed number says, whether it is proposed or runs, and what was set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.language import cues, meant
from bot.language.clauses import Clause, clause_at
from bot.language.evidence import DAILY, NEEDED, SPAN_TOTAL, Scene, Weighed, is_rate, weigh
from bot.language.quantities import found_before
from bot.language.statement import PERHAPS, Aside, Quantity, Stance, Statement, Utterance
from bot.language.wording import words

_NOTED = {
    "small": cues.SMALL,
    "average": words("average*, avg, tally, sums, overall, in total, all told, all in, weeks in, weeks done, recap"),
}
"""What the judge wants to know of the whole message: whether a small start is sold, whether the figure sums up a period."""

WEIGHED = "volume: weighed words"
"""The rule of figures that are volume by the words around them."""

_MOVES_RAMP = re.compile(
    r"(?:[,;]|\b(?:and|but|then|plus|also)\b)\s*(?:[\w'’]+\s+){0,4}?"
    r"(?:push|postpon|delay|defer|mov|shift|slid|start|begin)\w{0,5}\s+(?:[\w'’]+\s+){0,3}?ramp",
    re.IGNORECASE,
)
"""A message goes on from a figure to when the ramp is to come."""

_REFERS = words("of that, of it, of this, of those, that, it, this, those")

NEARBY = 200
"""Characters before "that" in which its figure is looked for first."""

MAY_BE_MEANT = 6
"""Figures of a message that are kept as perhaps meant; more make a table."""

ASKED_WITHIN = 2
"""A question about volume counts as asked when it stands among so many utterances before."""


@dataclass(frozen=True, slots=True)
class Volumes:
    """What became of a message's figures."""

    stated: tuple[Statement, ...]
    latent: tuple[Statement, ...]
    asides: tuple[Aside, ...]


def asked_for_volume(before: Sequence[Utterance], speaker: str) -> bool:
    """Whether one of the last utterances by somebody else asks for a volume."""
    for utterance in reversed(before[-ASKED_WITHIN:]):
        if utterance.speaker != speaker and "?" in utterance.text:
            last = utterance.text[: utterance.text.rfind("?")]
            question = last[max(last.rfind(mark) for mark in ".!?\n") + 1 :]
            if cues.VOLUME_QUESTION.search(question) and not cues.SUPPLIES.search(question):
                return True
    return False


def volumes(pieces: list[Clause], quantities: Sequence[Quantity], scene: Scene) -> Volumes:
    """Statements about our volume with stance and figure, those that may be some, and what was set aside and why."""
    found, latent, unsure, asides = list[Statement](), list[Statement](), list[Statement](), list[Aside]()
    added = {part.start: (whole, parts[0] is part) for whole, parts in meant.sites(quantities, scene.text) for part in parts}
    of_days = {part.start for run in meant.listed(quantities, scene) for part in run}
    for said in quantities:
        clause = clause_at(pieces, said.start)
        whole, first = added.get(said.start, (replace(said, per="day") if said.start in of_days else said, True))
        if clause is None or not first:
            continue
        quantity = _resolved(whole, scene)
        weighed = weigh(quantity, clause, scene)
        if not weighed.aside:
            found.append(_statement(weighed, scene))
            continue
        asides.append(Aside(quantity, weighed.aside))
        if weighed.latent and len(latent) < MAY_BE_MEANT:
            latent.append(replace(_statement(weighed, scene), act="latent-volume", sure=0.3))
        elif meant.doubted(quantity, weighed.aside, scene.vocabulary):
            unsure.append(_perhaps(quantity, clause, scene))
    together = [
        _perhaps(quantity, clause, scene) for quantity in meant.composed(quantities, scene) if (clause := clause_at(pieces, quantity.start))
    ]
    return Volumes(tuple(found), (*together[:MAY_BE_MEANT], *latent, *unsure[:MAY_BE_MEANT]), tuple(asides))


def perhaps(quantity: Quantity, pieces: list[Clause], scene: Scene) -> Statement:
    """A figure that may be meant, in the clause where it stands or else the first one (there is one); its rule says that the words of the
    message do not carry it."""
    return _perhaps(quantity, clause_at(pieces, quantity.start) or pieces[0], scene)


def _perhaps(quantity: Quantity, clause: Clause, scene: Scene) -> Statement:
    return replace(_statement(Weighed(quantity, clause, 0.0, None), scene), act="latent-volume", sure=0.3, rule=PERHAPS)


def _statement(weighed: Weighed, scene: Scene) -> Statement:
    clause, quantity = weighed.clause, _with_period(weighed.quantity, weighed.clause, scene)
    stance = _stance(clause, scene)
    act = "reports-volume" if stance == "stated" else "proposes-volume"
    sure = min(0.95, 0.55 + 0.12 * (weighed.evidence - NEEDED) + (0.1 if quantity.per else 0.0))
    sentence = clause.sentence[: max(0, moves_on(scene.text, quantity.end) - clause.sentence_start)]
    about = "test" if scene.has(cues.DURING_TEST, sentence) else "ramp" if scene.has(cues.RAMP, sentence) else None
    notes = tuple(name for name, cue in _NOTED.items() if scene.has(cue, scene.text))
    quote, start, end = clause.quoted(scene.text, quantity.start, quantity.end)
    return Statement(act, quote, start, end, sure, WEIGHED, quantity, about, stance, notes=notes)


def moves_on(text: str, end: int) -> int:
    """Where the words after a figure that ends at `end` turn to moving the ramp ("15 a day, and push the ramp to May"); else its end.

    What stands from there on is said of the ramp, and not of the figure.
    """
    found = _MOVES_RAMP.search(text, end)
    return found.start() if found else len(text)


def _resolved(quantity: Quantity, scene: Scene) -> Quantity:
    """The number that "half of that" means: of the last volume-like figure said before, in this message or the ones before it."""
    if quantity.kind not in ("fraction", "percent") or quantity.low is None or quantity.high is None:
        return quantity
    if not _REFERS.search(f"{quantity.of or ''} {scene.text[quantity.end : quantity.end + 12]}"):
        return quantity
    scale = 100 if quantity.kind == "percent" else 1
    for text in (scene.text[max(0, quantity.start - NEARBY) : quantity.start], *reversed(scene.spoken)):
        figure = next((found for found in reversed(found_before(text)) if _may_be_meant(found, scene)), None)
        if figure is not None and figure.low is not None and figure.high is not None:
            low, high = figure.low * quantity.low / scale, figure.high * quantity.high / scale
            return replace(quantity, kind="number", low=low, high=high, unit=figure.unit, per=figure.per, of=figure.span)
    return quantity


def _may_be_meant(figure: Quantity, scene: Scene) -> bool:
    if figure.kind != "number" or figure.role or figure.low is None or figure.high is None:
        return False
    return is_rate(figure) or figure.low in scene.vocabulary.figures or bool(figure.unit and cues.PARCELS.search(figure.unit))


def _with_period(quantity: Quantity, clause: Clause, scene: Scene) -> Quantity:
    """A total said for a week or month ("361 parcels, week one") is that period's rate."""
    if quantity.per is None and quantity.kind == "number":
        match = SPAN_TOTAL.search(clause.sentence) if scene.has(SPAN_TOTAL, clause.sentence) else None
        if match and not scene.has(DAILY, clause.text):
            return replace(quantity, per=(match[1] or "week").lower())
    return quantity


def _stance(clause: Clause, scene: Scene) -> Stance:
    """Whether the figure is proposed, asked for or announced, or "stated" as running; a bare statement is the latter."""
    if clause.question:
        return "asked"
    if scene.has(cues.REPORT, clause.text) and not scene.has(cues.PROPOSE, clause.text):
        return "stated"
    return "proposed" if scene.has(cues.PROPOSE, clause.sentence) or scene.has(cues.PERHAPS, clause.sentence) else "stated"
