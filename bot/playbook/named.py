"""What somebody else's reading names (a scenario, a quote, a figure as said), held against the deal by our own arithmetic and dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.deal import Deal
from bot.language.statement import Quantity, Reading, Side, Stance, Statement
from bot.playbook.case import Case
from bot.playbook.contradiction import comparable, judge_claim
from bot.playbook.finding import Finding
from bot.playbook.ramp import judge_ramp
from bot.playbook.scenarios import FINDINGS, SUBJECTS
from bot.playbook.talk import TALK, judge_talk
from bot.playbook.volume import judge_small_start, judge_volume

TRUSTED = 0.8
"""How sure a finding is that another reader names and our checks let pass."""

OF_VOLUME = frozenset({"volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "not-ramping"})
"""The scenarios that are one matter: a volume under the agreement. Which of them it is, phase and figure decide."""

_COUNTED = frozenset({"number", "percent", "fraction"})
_STILL_COUNTED = frozenset({None, "count of labels or lines"})
_CONFIRMED = frozenset({"volume-confirmed", "ramp-confirmed"})


@dataclass(frozen=True, slots=True)
class Named:
    """A scenario as another reader names it: the clause at `start` to `end` of the message, and the figure as our grammar reads it.

    `rule` says who named it.
    """

    scenario: str
    subject: str | None
    quote: str
    start: int
    end: int
    quantity: Quantity | None
    rule: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something named is no finding, in a sentence of ours."""

    why: str


@dataclass(frozen=True, slots=True)
class Bench:
    """What a named scenario is held against: the deal, who spoke, on which day, and what the local reader made of the message."""

    deal: Deal
    side: Side
    day: date
    reading: Reading
    found: Sequence[Finding] = ()


def judge_named(named: Named, bench: Bench) -> Finding | Refused:
    """The finding, if the deal's terms, phase and figures bear it out."""
    if named.scenario not in FINDINGS:
        return Refused("no scenario of ours")
    if named.scenario == "contradiction":
        return _contradiction(named, bench)
    if named.scenario in OF_VOLUME:
        return _figured(named, bench) if named.quantity is not None else _unfigured(named, bench)
    assert named.scenario in TALK
    return _judged(judge_talk, named, bench, named.scenario) or Refused("not for this side to say")


def _figured(named: Named, bench: Bench) -> Finding | Refused:
    """A volume with its figure: arithmetic says whether it lies under the agreement, the phase which scenario that is."""
    quantity = named.quantity
    assert quantity is not None
    if quantity.kind not in _COUNTED or quantity.role not in _STILL_COUNTED:
        return Refused(f"its figure is no volume ({quantity.role or quantity.kind})")
    runs = named.scenario == "volume-gap"
    if runs and bench.deal.phase(bench.day) == "before-test":
        return Refused("nothing runs before the test starts")
    finding = _judged(judge_volume, named, bench, "reports-volume" if runs else "proposes-volume", stance="stated" if runs else "proposed")
    if finding is None:
        return Refused("its figure is no volume of this deal")
    if finding.scenario not in FINDINGS:
        return Refused("its figure meets what was agreed")
    sold_small = named.scenario == "start-small-and-ramp" and finding.scenario == "volume-bait-and-switch"
    return replace(finding, scenario=named.scenario) if sold_small else finding


def _unfigured(named: Named, bench: Bench) -> Finding | Refused:
    """A volume without a figure: only where the phase bears it out and no figure of the message speaks against it."""
    if any(finding.scenario in _CONFIRMED for finding in bench.found):
        return Refused("the figures of the message meet what was agreed")
    deal, phase = bench.deal, bench.deal.phase(bench.day)
    if named.scenario == "not-ramping" or phase == "after-test":
        return _judged(judge_ramp, named, bench, "not-ramping") or Refused("too early in the test for talk of the ramp")
    if named.scenario == "start-small-and-ramp":
        return _judged(judge_small_start, named, bench, named.scenario) or Refused("the test is over")
    if named.scenario == "volume-gap" and phase == "before-test":
        return Refused("nothing runs before the test starts")
    agreed = deal.agreed_on(bench.day)
    done = "reported" if named.scenario == "volume-gap" else "proposed"
    why = f"Less than the agreed {agreed.per_day:,}/day was {done}, without a figure."
    return _case(named, bench, named.scenario).finding(named.scenario, why, agreed=agreed)


def _contradiction(named: Named, bench: Bench) -> Finding | Refused:
    """A claim about a term: compared where we can compare it; else the deal must at least have such a term."""
    subject = named.subject
    if subject not in SUBJECTS:
        return Refused("no term of ours")
    if not _is_agreed(subject, bench.deal):
        return Refused("the deal has no such term")
    if named.quantity is not None and comparable(subject):
        finding = _judged(judge_claim, named, bench, "claims-term")
        return finding or Refused("its figure does not differ from the agreed term")
    worded = next((made for made in bench.reading.statements if made.act == "claims-term" and made.about == subject), None)
    if worded is not None:
        finding = judge_claim(Case(bench.deal, replace(worded, sure=TRUSTED, rule=named.rule), bench.side, bench.day))
        return finding or Refused("what it says does not differ from the agreed term")
    why = f"Something else than agreed was said about the {SUBJECTS[subject]}."
    return replace(_case(named, bench, "claims-term").finding("contradiction", why), subject=subject, agreed=None, agreed_per_day=None)


def _is_agreed(subject: str, deal: Deal) -> bool:
    agreed: dict[str, object] = {
        "volume.share": deal.volume.share_of_total,
        "test.criteria": deal.test.success,
        "service.transit": [promise for promise in deal.services if promise.days],
        "service.coverage": deal.services,
        "price": deal.price,
        "pickup": deal.pickup,
        "billing": deal.billing,
    }
    return bool(agreed.get(subject, True))


def _judged(judge: Callable[[Case], Finding | None], named: Named, bench: Bench, act: str, *, stance: Stance = "stated") -> Finding | None:
    return judge(_case(named, bench, act, stance=stance))


def _case(named: Named, bench: Bench, act: str, *, stance: Stance = "stated") -> Case:
    """The named scenario as a statement; what the local reader noted about the same figure (test, average, date) is kept."""
    same = _noted(named, bench, claim=act == "claims-term")
    statement = Statement(
        act=act,
        quote=named.quote,
        start=named.start,
        end=named.end,
        sure=TRUSTED,
        rule=named.rule,
        quantity=same.quantity if same else named.quantity,
        about=named.subject or (same.about if same else None),
        stance=stance,
        when=same.when if same else None,
        notes=(named.quote,) if act == "claims-term" else same.notes if same else (),
    )
    return Case(bench.deal, statement, bench.side, bench.day)


def _noted(named: Named, bench: Bench, *, claim: bool) -> Statement | None:
    """What the local reader made of the same figure, if anything."""
    if named.quantity is None:
        return None
    made = (*bench.reading.statements, *bench.reading.latent)
    same = (one for one in made if one.quantity and one.quantity.start == named.quantity.start and (one.act == "claims-term") == claim)
    return next(same, None)
