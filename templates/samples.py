"""Sample deals and findings that scripts are tried on: everything agreed, only what must be, and long names and terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import product

from bot.deal import Deal, Person, Pickup, Price, Promise, Ramp, Test, Volume
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SUBJECTS
from templates.facts import Facts, facts
from templates.language import Language
from templates.letter import Letter

_REP = Person(id="U3", name="Riley Chen", role="rep")
_STARTS = date(2026, 11, 2)

DEALS = (
    Deal(
        customer="Acme Outfitters",
        people=(_REP,),
        volume=Volume(committed_per_day=500, annual=130_000, share_of_total=0.6),
        test=Test(volume_per_day=150, starts=_STARTS, success=("transit times", "billing accuracy", "operational smoothness")),
        services=(
            Promise(service="Expedited", lane="Northeast", days=(2, 3)),
            Promise(service="Expedited", lane="New York tri-state area", days=(1, 1), note="through our JFK facility"),
        ),
        price=(Price(service="Expedited", per_package=4.85),),
        pickup=Pickup(days="Mon-Fri", time="16:00"),
        billing="weekly",
    ),
    Deal(customer="Bo", people=(_REP,), volume=Volume(committed_per_day=1200), test=Test(volume_per_day=400, starts=_STARTS, weeks=3)),
    Deal(
        customer="Northern Lakes Outdoor Apparel and Footwear Distribution Company of America",
        people=(_REP,),
        volume=Volume(committed_per_day=12_500, annual=3_250_000, share_of_total=0.85, shipping_days_per_week=6),
        test=Test(volume_per_day=6_250, starts=_STARTS, weeks=12, success=("on-time delivery of at least 98.5 percent to all zones",) * 4),
        ramp=Ramp(to_per_day=11_000, days_after_test=30),
        services=tuple(
            Promise(service=f"Expedited Residential {n}", lane="New York tri-state area", days=(1, n + 1), note="through our JFK facility")
            for n in range(4)
        ),
        price=tuple(Price(service=f"Expedited Residential {n}", per_package=14.85, note="fuel included until June") for n in range(4)),
        pickup=Pickup(days="Monday to Friday and every other Saturday", time="16:00"),
        billing="weekly, with a summary by location",
    ),
)

_DAYS = (-2, 3, 13, 90)
"""Test days on which something may be said: before the test, in it, at its end, after it."""

_SAID = (("10-15/day", (10.0, 15.0)), ("four weeks", None), (None, None))


def samples(scenario: str, language: Language, subject: str | None = None) -> list[Facts]:
    """The facts of many situations of a scenario, in a language; of a contradiction about `subject`, or about every one in turn."""
    return [
        facts(finding, deal, speaker, None, language)
        for deal in DEALS
        for finding in _findings(scenario, deal, subject)
        for speaker in ("Dana Ortiz", None)
    ]


def after_call(language: Language) -> dict[str, object]:
    """What the texts after a call know besides: an everyday letter and note."""
    letter = Letter(
        hello=language.hello("Dana"),
        points=("What we agreed is 150 packages a day.", "The test runs two weeks."),
        confirmed=("150 packages a day, as agreed",),
        steps=("Ivan will send the labels (Friday, November 6)", "Dana will check with the warehouse"),
        questions=("How many doors do you have?",),
        rep="Riley",
    )
    return {**asdict(letter), "words": "What we agreed is 150 packages a day.", "call_day": language.call_day(_STARTS, _STARTS)}


def _findings(scenario: str, deal: Deal, subject: str | None) -> Iterator[Finding]:
    subjects: tuple[str | None, ...] = (subject,) if subject else tuple(SUBJECTS) if scenario == "contradiction" else (None,)
    days = _DAYS if len(subjects) == 1 else (3, 90)
    for about, day, (said, figures), customer in product(subjects, days, _SAID, (True, False)):
        if figures or about or said is None:
            yield Finding(
                scenario,
                "figure 10, maybe 15 boxes a day from us",
                "",
                "now",
                "customer" if customer else "implementation",
                deal.phase(date.fromordinal(deal.test.starts.toordinal() + day - 1)),
                day,
                subject=about,
                said_per_day=figures,
                said=said,
                agreed="2 weeks (2 Nov - 15 Nov)" if said and about else None,
            )
