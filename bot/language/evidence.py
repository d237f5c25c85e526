"""Weighs the words around a number: is it our own volume, how surely, or why is it set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.language import cues
from bot.language.clauses import Clause
from bot.language.statement import Quantity, Vocabulary
from bot.language.wording import Wording, Wordings, words

NEEDED = 2.5
"""Evidence that makes a number our volume: two or three cues (unit, rate, verb, question asked, deal figure)."""

TOO_LITTLE = "too little says that this is volume"

SHORT = 48
"""Characters of an answer that is nothing but an answer ("yep, 15")."""

PERIODS = ("day", "week", "fortnight", "month", "quarter", "year")
SPAN_TOTAL = re.compile(
    r"\b(?:this|last|the|whole|full|per|for the|first|second|weekly)\s+(?:\w+\s+)?(week|month)\b"
    r"|\bweek (?:one|two|three|1|2|3)\b|\bweekly\b",
    re.IGNORECASE,
)
"""A whole period that a total is told for."""

DAILY = words("adv, daily, a day, per day, each day, volume, volumes, count, the truck, forecast, run rate, pieces")
_STRONG_UNITS = words("packages, package, parcels, parcel, pcs, pieces, pkgs, shipments, consignments, colli")
_OF_VOLUME = words(
    """
    volume, volumes, parcels, packages, orders, shipments, commit*, contract*, agreed, stuff, quantity, number, figure, test,
    pilot, trial, it, that, flow, total, what we, our
    """
)
_NO_SHARE = words(
    """
    on time, on-time, ontime, damage*, rate, accuracy, scan*, exception*, residential, discount, surcharge, below, under,
    success, deliver*, margin, off, sure, done, complete*, zone*
    """
)
_MORE = words("extra, additional, on top, another, remaining, left, more")
_MORE_BEFORE = words("extra, additional, another, remaining")
_COUNTED = re.compile(r"\d{1,3}(?:\.\d+)? (?:day|week)s?")
_NO_NOUN = words(
    """
    yours, ours, this, plus, across, thus, mondays, tuesdays, wednesdays, thursdays, fridays, saturdays, sundays, weekdays,
    works, goes, comes, ships, gets, does, sounds, seems
    """
)
_LINKS = "us|you|it|me|off|out|over|there|up|just|only|with|at|on|in|to|for|from|like|about|around|maybe|say|closer"
_VERBS = (
    r"(?:start|begin|open|kick|launch|go|run|com|stick|stay|hold|do|plan|set|cap|expect|forecast|send|hand|giv|tender|ship|mov|rout|load|tak|averag)\w{0,4}"
    r"|came|did|done|be|down|gave|sent|took|up|back|scanned|collected|inducted|picked|pencil\w*|comfortable|manifested|ramp\w*"
)
_HANDING = re.compile(rf"\b(?:{_VERBS})(?: (?:{_LINKS})){{0,4}} $", re.IGNORECASE)
_START = re.compile(rf"\b(?:start|begin|open|kick|launch)\w{{0,4}}(?: (?:{_LINKS})){{1,4}} $", re.IGNORECASE)
_HANDED = re.compile(
    r" (?:\w+ )?(?:(?:were |was |got |have been )?(?:scanned|picked up|collected|tendered|inducted|shipped|handed over|loaded|manifested)"
    r"|went out|going out|gone out|came in|on the (?:truck|van|trailer)|out the door|today|yesterday|all in|all told)\b",
    re.IGNORECASE,
)
_CUES = (*(cue for cue in vars(cues).values() if isinstance(cue, Wording)), DAILY, _MORE, _MORE_BEFORE, _NO_SHARE)
_PLACES = {cue: place for place, cue in enumerate(_CUES)}
_AT_ONCE = Wordings([cue.pattern for cue in _CUES])
_SHARES_AND_COUNTS = frozenset(("number", "percent", "fraction"))
_STILL_VOLUME = frozenset({"count of labels or lines"})
"""What the grammar sets aside and the trade still counts in: scans and labels are parcels when they have the deal's size."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around the numbers of a message: its text, whether a volume was asked for, the deal's words and figures.

    `spoken` are the texts said just before, oldest first.
    """

    text: str
    asked: bool
    vocabulary: Vocabulary
    spoken: tuple[str, ...] = ()
    _known: dict[tuple[re.Pattern[str], str], bool] = field(default_factory=dict)
    _heard: dict[str, frozenset[int]] = field(default_factory=dict)

    @property
    def answer(self) -> bool:
        """Whether the message is a short answer to a question about volume."""
        return self.asked and len(self.text) < SHORT

    def has(self, cue: Wording | re.Pattern[str], words: str) -> bool:
        """Whether the cue stands in these words of the message; all cues are looked up at once, however many numbers share the words."""
        place = _PLACES.get(cue) if isinstance(cue, Wording) else None
        if place is not None:
            heard = self._heard.get(words)
            if heard is None:
                heard = self._heard[words] = frozenset(_AT_ONCE.which(words))
            return place in heard
        if isinstance(cue, Wording):
            return cue.search(words)
        known = self._known.get((cue, words))
        if known is None:
            known = self._known[cue, words] = cue.search(words) is not None
        return known


@dataclass(frozen=True, slots=True)
class Weighed:
    """A number after weighing: the evidence, and the reason it was set aside (None: it counts)."""

    quantity: Quantity
    clause: Clause
    evidence: float
    aside: str | None

    @property
    def latent(self) -> bool:
        """Whether nothing speaks against its being volume, only too little for it."""
        return self.aside == TOO_LITTLE


def may_be_volume(quantity: Quantity) -> bool:
    """Whether the words around the quantity decide; other kinds, and numbers that have a role already, are no volume whatever is said."""
    return quantity.kind in _SHARES_AND_COUNTS and (not quantity.role or quantity.role in _STILL_VOLUME)


def is_rate(quantity: Quantity) -> bool:
    """Whether the figure is said for a stretch of time: per day, a week, over 13 days."""
    return quantity.per in PERIODS or bool(quantity.per and _COUNTED.fullmatch(quantity.per))


def weigh(quantity: Quantity, clause: Clause, scene: Scene) -> Weighed:
    """Evidence for `quantity` being our own volume, or why it is not."""
    aside = _aside(quantity, clause, scene)
    if aside:
        return Weighed(quantity, clause, 0.0, aside)
    governed = _governed(quantity, clause, scene.text)
    evidence = _unit(quantity, clause, scene.text) + _rate(quantity, clause, scene) + _verbs(clause, scene) + (1.2 if governed else 0.0)
    evidence += 0.8 if _plausible(quantity, clause, scene) else 0.0
    evidence += 0.6 if scene.has(DAILY, clause.text) else 0.0
    evidence += _answers(clause, scene)
    evidence += (
        1.0 if quantity.kind == "number" and quantity.low in (scene.vocabulary.test_per_day, scene.vocabulary.committed_per_day) else 0.0
    )
    evidence -= 0.8 if _counts_something(quantity, clause, scene.text) else 0.0
    known = scene.answer or _starts_with(quantity, clause, scene.text)
    needed = NEEDED + (1.0 if _is_tiny(quantity, scene.vocabulary) and not known else 0.0)
    if evidence < needed:
        return Weighed(quantity, clause, evidence, TOO_LITTLE)
    less = (quantity.low or 0) < 0 or (quantity.high or 0) < 0
    return Weighed(quantity, clause, evidence, "a difference, not a level" if less else None)


def _answers(clause: Clause, scene: Scene) -> float:
    """A bare figure is a volume when a volume was asked for: surely in a short answer, perhaps in a longer one."""
    if not scene.asked:
        return 0.0
    return 2.6 if scene.answer else 1.4 if clause.sentence_start == 0 else 0.7


def _unit(quantity: Quantity, clause: Clause, text: str) -> float:
    if quantity.kind in ("percent", "fraction"):
        of = (quantity.of or "") + " " + text[quantity.end : clause.end]
        return 1.6 if _OF_VOLUME.search(of) else 0.0
    if quantity.unit and cues.PARCELS.search(quantity.unit):
        return 1.6 if _STRONG_UNITS.search(quantity.unit) else 1.2
    return 0.0


def _rate(quantity: Quantity, clause: Clause, scene: Scene) -> float:
    if is_rate(quantity):
        return 1.6
    return 1.0 if scene.has(SPAN_TOTAL, clause.sentence) else 0.0


def _verbs(clause: Clause, scene: Scene) -> float:
    def told(words: str) -> bool:
        return scene.has(cues.PROPOSE, words) or scene.has(cues.REPORT, words)

    here = 1.0 if told(clause.text) else 0.4 if scene.has(cues.PERHAPS, clause.text) else 0.0
    return here + (0.4 if told(clause.sentence) else 0.0)


def _governed(quantity: Quantity, clause: Clause, text: str) -> bool:
    """Whether a verb of handing over stands beside the figure ("start with 15", "152 scanned"), or it is a share of a figure."""
    before = " ".join(text[max(clause.sentence_start, quantity.start - 30) : quantity.start].split()) + " "
    if _HANDED.match(text[quantity.end : quantity.end + 40]):
        return True
    return bool(_HANDING.search(before)) or (quantity.kind == "number" and quantity.of is not None)


def _starts_with(quantity: Quantity, clause: Clause, text: str) -> bool:
    """Whether the figure is what somebody starts with ("start with 15"): small then, and volume all the same."""
    before = " ".join(text[max(clause.sentence_start, quantity.start - 30) : quantity.start].split()) + " "
    return bool(_START.search(before))


def _counts_something(quantity: Quantity, clause: Clause, text: str) -> bool:
    """Whether a noun that is no unit of ours stands behind the number ("thirty repairs", "680 phones a night")."""
    if quantity.unit is not None or quantity.kind != "number":
        return False
    inside = quantity.span.split()
    following = (inside[1:] if quantity.per else []) + text[quantity.end : clause.end].split()[:1]
    noun = following[0].strip(".,;:!?)\"'").lower() if following else ""
    return len(noun) > 3 and noun.isalpha() and noun.endswith("s") and not _NO_NOUN.search(noun)


def _plausible(quantity: Quantity, clause: Clause, scene: Scene) -> bool:
    """Whether a count has the size of this deal's volume: from a twelfth of the test level to half above the commitment."""
    vocabulary = scene.vocabulary
    high = quantity.high if quantity.high is not None else quantity.low
    if quantity.kind != "number" or high is None or not vocabulary.test_per_day or not vocabulary.committed_per_day:
        return False
    week = vocabulary.shipping_days_per_week
    days = {"week": week, "fortnight": 2 * week, "month": 52 / 12 * week, "quarter": 13 * week, "year": 52 * week}
    per = "week" if quantity.per is None and scene.has(SPAN_TOTAL, clause.sentence) else quantity.per or "day"
    if _COUNTED.fullmatch(per):
        number, unit = per.split()
        days[per] = float(number) * (week if unit.startswith("week") else 1)
    return vocabulary.test_per_day / 12 <= high / days.get(per, 1.0) <= 1.5 * vocabulary.committed_per_day


def _is_tiny(quantity: Quantity, vocabulary: Vocabulary) -> bool:
    """A bare number far under the test volume counts mostly something else: it needs more evidence."""
    high = quantity.high if quantity.high is not None else quantity.low
    if quantity.kind != "number" or quantity.per or high is None or vocabulary.test_per_day is None:
        return False
    return high < 0.12 * vocabulary.test_per_day


def _aside(quantity: Quantity, clause: Clause, scene: Scene) -> str | None:
    """Why the number is surely not our running volume."""
    if not may_be_volume(quantity):
        return quantity.role or quantity.kind
    if quantity.kind == "number" and quantity.per is None and quantity.of is None and quantity.low != round(quantity.low or 0):
        return "no whole count"
    text = scene.text
    following = " ".join(text[quantity.end : min(quantity.end + 40, clause.end)].split()[:3])
    preceding = text[max(clause.start, quantity.start - 24) : quantity.start]
    return next(_by_neighbours(quantity, preceding, following, scene), None) or next(_by_clause(clause, scene), None)


def _by_neighbours(quantity: Quantity, preceding: str, following: str, scene: Scene) -> Iterator[str]:
    """The reasons that the words beside the number give."""
    unit, has = quantity.unit or "", scene.has
    if has(cues.TROUBLE, f"{quantity.span} {following}") or (not quantity.per and has(cues.TROUBLE, preceding)):
        yield "mishaps"
    if has(cues.SUPPLIES, f"{unit} {following}" if unit else following) and not has(cues.PARCELS, unit):
        yield "supplies or people"
    if has(_MORE, following) or has(_MORE_BEFORE, preceding):
        yield "an addition, not a level"
    if not quantity.per and has(cues.CAPACITY, preceding):
        yield "capacity"
    if has(cues.NEGATION, preceding):
        yield "negated"
    if quantity.per is not None and not is_rate(quantity):
        yield "a rate that is not time"
    if quantity.kind in ("percent", "fraction") and has(_NO_SHARE, f"{preceding} {following} {quantity.of or ''}"):
        yield "a share of something else"


def _by_clause(clause: Clause, scene: Scene) -> Iterator[str]:
    """The reasons that its clause, its sentence or the whole message gives."""
    here, sentence, has = clause.text, clause.sentence, scene.has
    if has(cues.OTHER_CARRIER, here):
        yield "another carrier's volume"
    if has(cues.PAST, sentence):
        yield "past volume"
    if has(cues.ELSEWHERE, sentence) or has(cues.THEY, here):
        yield "somebody else's volume"
    if has(cues.HEARSAY, sentence):
        yield "hearsay"
    if has(cues.DISOWNED, scene.text):
        yield "disowned"
    if has(cues.ONE_OFF, here):
        yield "one-off"
    if has(cues.HYPOTHETICAL, here):
        yield "hypothetical"
    if has(cues.JOKE, sentence):
        yield "joke"
