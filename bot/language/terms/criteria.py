"""What the test is said to be judged by: "the pass mark is cost per order"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.language.clauses import Clause
from bot.language.evidence import Scene
from bot.language.statement import Statement
from bot.language.terms.spot import sentences
from bot.language.wording import Wording, words

METRICS: dict[str, Wording] = {
    "transit": words("transit*, on time, on-time, ontime, delivery time*, speed, late, lateness, days"),
    "billing": words("billing, invoice*, bill*"),
    "operations": words("operation*, smooth*, pickup*, integration, scan*, process*"),
    "damage": words("damage*, breakage, broken, breaks, break, claims, claim, dents, crushed, melted, spoilage, leak*"),
    "cost": words("cost*, savings, cheaper, price*, spend"),
    "satisfaction": words("nps, satisfaction, csat, survey*, review*, complaint*, happiness"),
    "temperature": words("temperature, loggers, °c, cold chain, degrees"),
    "loss": words("lost, loss, losses, missing"),
}
"""What service can be measured by -> how it is said."""

CRITERIA = words(
    """
    criteria, criterion, pass mark, pass condition, yardstick, yardsticks, the bar, in/on the/your/our scorecard, success
    measure, success metric*, success means, success is, graded on, judged on/by, judge the test/trial/pilot, measure of success,
    measured on/by, passes if, passed if, only passed, a fail, counts as success
    """
)
_NOT_OURS = words("the drivers', quarterly review, employee, staff")


def metrics(text: str) -> tuple[str, ...]:
    """The kinds of measure that `text` names."""
    return tuple(name for name, said in METRICS.items() if said.search(text))


def criteria_claims(pieces: list[Clause], scene: Scene) -> Iterator[Statement]:
    """Each sentence that says what the test is judged by; `notes` carry the measures."""
    for sentence in sentences(pieces, scene, CRITERIA):
        named = metrics(sentence.text)
        if named and not scene.has(_NOT_OURS, sentence.text):
            yield sentence.claim("test.criteria", named, 0.65)
