"""Every text as somebody would read it aloud, for deals out of the ordinary: plurals, articles, stops, and nothing unfilled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.deal import Deal, Person, Pickup, Price, Promise, Ramp, Volume
from bot.deal import Test as Trial
from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SUBJECTS
from templates.draft_samples import occasions
from templates.drafts import TITLES, prepared
from templates.facts import facts
from templates.scripts import Scripts
from templates.voice import TONES, Voice

PEOPLE = (Person(id="U3", name="Riley Chen", role="rep"), Person(id="U1", name="Dana Ortiz", role="customer"))
STARTS = date(2026, 11, 2)
ONE = Deal(
    customer="Bo",
    people=PEOPLE,
    volume=Volume(committed_per_day=1, annual=1, share_of_total=0.01),
    test=Trial(volume_per_day=1, starts=STARTS, weeks=1, success=("transit",)),
    ramp=Ramp(days_after_test=1),
    services=(Promise(service="Ground", days=(1, 1)), Promise(service="Air", days=(0, 0), lane="Ohio")),
    price=(Price(service="Ground", per_package=1),),
    pickup=Pickup(time="00:05"),
    billing="every 15 days",
)
"""One package a day, one week, one day of pause, one criterion."""
FEW = Deal(customer="Acme", people=PEOPLE[:1], volume=Volume(committed_per_day=80), test=Trial(volume_per_day=8, starts=STARTS, weeks=8))
"""Nothing agreed that need not be; figures that begin with a vowel."""
MANY = Deal(
    customer="Northern Lakes Outdoor Apparel & Footwear <Distribution> Company of America, Inc.",
    people=PEOPLE,
    volume=Volume(committed_per_day=1_234_567, annual=320_987_420, share_of_total=1.0, shipping_days_per_week=7),
    test=Trial(volume_per_day=1_111_111, starts=date(2026, 12, 28), weeks=11, success=("98% on time", "zero damages", "right invoices")),
    ramp=Ramp(to_per_day=1_200_000, days_after_test=365),
    price=(Price(service="Ground", per_package=1_234.5, note="plus fuel"),),
)
SAID = (None, (0.2, 0.2), (1.0, 1.0), (1_500.0, 1_500.0))

WRONG = (
    r"None|\{|\}|\(\)|[ ]{2}|[ ][,.;:?]|[.,]{2}|,\.|\b1 (?:packages|paquetes|weeks|semanas|days|días)\b|\bone weeks\b|\buna semanas\b|\d{5}"
)
WRONG_IN_ENGLISH = r"\ba (?:8|11\b|18\b|80|eight|eleven|[aeio][a-z])|\b(a|the|to|is|of|in|on|at|and) \1\b"
"""What nobody would say; a figure of five places without its separator among it."""


def texts(language: str) -> Iterator[tuple[str, str]]:
    """All scripts, notes after a call and drafts, with what they are."""
    for tone in TONES:
        for length in ("long", "short"):
            scripts = Scripts(Voice(language, tone, length))
            yield from (
                (f"{tone} {length} {what}", text) for what, text in _scripts(scripts, after_call=(tone, length) == ("plain", "long"))
            )
    plain = Scripts(Voice(language))
    for number, occasion in enumerate(occasions()):
        yield from ((f"{name} {number}", prepared(name, occasion, plain).whole) for name in TITLES)


def _scripts(scripts: Scripts, *, after_call: bool) -> Iterator[tuple[str, str]]:
    for number, (deal, day, said) in enumerate((deal, day, said) for deal in (ONE, FEW, MANY) for day in (3, 500) for said in SAID):
        side = "customer" if number % 2 else "implementation"
        phase = deal.phase(deal.test.starts + timedelta(days=day - 1))
        for scenario in FINDINGS:
            for subject in SUBJECTS if scenario == "contradiction" else (None,):
                words = f"{said[0]:g}-{said[1]:g}/day" if said else None
                found = Finding(scenario, "q", "w", "now", side, phase, day, subject=subject, said_per_day=said, said=words)
                what = f"{deal.customer} {scenario} {subject} day {day} {said}"
                yield what, scripts.script(found, deal, "Dana Ortiz" if number % 3 else None)
                yield f"{what} then", scripts.next_step(found, deal, None) or "-"
                if after_call:
                    yield f"{what} after a call", scripts.point(found, deal, None)


@pytest.mark.parametrize(("language", "wrong"), [("en", f"{WRONG}|{WRONG_IN_ENGLISH}"), ("es", WRONG)])
def test_nothing_sounds_wrong(language: str, wrong: str) -> None:
    looked_for = re.compile(wrong)
    seen = {text: what for what, text in texts(language)}
    assert len(seen) > 1_000
    found = {text: what for text, what in seen.items() if looked_for.search(text) or not text.strip()}
    assert not found, next(iter(found.items()))


def test_a_single_package_a_week_or_a_year_is_one() -> None:
    words = Scripts(Voice()).words()
    assert words.per_year(1) == "1 package a year"
    assert words.per_period((1, 1), "week", (0.2, 0.2)) == "1 package a week (0.2 a day)"
    assert Scripts(Voice("es")).words().per_year(1) == "1 paquete al año"


def test_nobody_is_asked_to_meet_on_a_holiday() -> None:
    """The test ends on the Sunday after Christmas, a Friday; two office days from a Wednesday before Thanksgiving are a weekend away."""
    words = Scripts(Voice()).words()
    christmas = facts(Finding("wait-and-see", "", "", "now", "customer", "test", 50), FEW, None, None, words)
    assert christmas.review == "Thursday, December 24"
    thanksgiving = facts(Finding("wait-and-see", "", "", "now", "customer", "test", 24), FEW, None, None, words)
    assert thanksgiving.soon == "Monday, November 30"
