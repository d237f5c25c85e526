"""All numbers of a portfolio put together, for everybody who shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.playbook.clock.survey import SurveyKind
from bot.playbook.numbers.achieved import Achieved, Month, achieved, months
from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.flow import Flow, flow
from bot.playbook.numbers.forecast import Forecast, forecast
from bot.playbook.numbers.metrics import BY, By, Group, Metric, choices, feed_of, groups, metrics, names_of

Chosen = Mapping[By, str]
"""A rep, trade, size or quarter to which the deals are narrowed down; "" stands for what deals do not say."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers on a day, over so many `deals` of `known` ones, narrowed down to what was `chosen`.

    `customers`: their names by row id; `choices`: what there is to choose, over all deals known.
    """

    today: date
    deals: int
    known: int
    chosen: Chosen
    metrics: tuple[Metric, ...]
    groups: Mapping[By, tuple[Group, ...]]
    achieved: Achieved
    surveys: Mapping[SurveyKind, tuple[Month, ...]]
    flow: Flow
    forecast: Forecast
    leaked: tuple[int, ...]
    customers: Mapping[int, str]
    choices: Mapping[By, tuple[str, ...]]


def numbers(portfolio: Sequence[Facts], today: date, chosen: Chosen | None = None) -> Numbers:
    """The numbers of these deals; takes seconds for ten thousand of them, so ask for them in a thread."""
    wanted = chosen or {}
    deals = [one for one in portfolio if all(name in names_of(one, by) for by, name in wanted.items())]
    feed = feed_of(portfolio)
    return Numbers(
        today=today,
        deals=len(deals),
        known=len(portfolio),
        chosen=wanted,
        metrics=metrics(deals, feed),
        groups={by: groups(deals, feed, by) for by in BY},
        achieved=achieved(deals),
        surveys={"survey": months(deals, "survey"), "nps": months(deals, "nps")},
        flow=flow(deals, today),
        forecast=forecast(deals, today),
        leaked=tuple(one.id for one in deals if one.leaked and one.white_glove),
        customers={one.id: one.customer for one in deals},
        choices={by: choices(portfolio, by) for by in BY},
    )
