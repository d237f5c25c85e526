"""The volume of a deal in a message: the bars in a line always, Slack's own chart where it draws them, else a button for a picture."""

from __future__ import annotations

from dataclasses import dataclass

from bot.playbook.course import Course
from templates.charts.native import native
from templates.charts.words import in_a_line
from templates.kit import Block, button, lines

PICTURE = "jumpin-chart"
"""Action id of the button; its value is the deal's id."""


@dataclass(frozen=True, slots=True)
class Volume:
    """The course of a deal's volume as a message shows it; `drawn`: this Slack draws charts itself."""

    deal_id: int
    course: Course
    drawn: bool = False


def volume(shown: Volume | None) -> list[Block]:
    """The blocks; none where there are no data."""
    line = in_a_line(shown.course) if shown else ""
    if shown is None or not line:
        return []
    chart = native(shown.course) if shown.drawn else None
    if chart is not None:
        return [lines(line), chart]
    return [lines(line), {"type": "actions", "block_id": f"chart-{shown.deal_id}", "elements": [_button(shown.deal_id)]}]


def sample() -> list[Block]:
    """A chart of nobody, to ask Slack whether it takes such blocks."""
    series = [{"name": "Shipped", "data": [{"label": "Mon", "value": 1}, {"label": "Tue", "value": 2}]}]
    axes = {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Packages a day"}
    return [{"type": "data_visualization", "title": "Packages a day", "chart": {"type": "line", "series": series, "axis_config": axes}}]


def _button(deal_id: int) -> Block:
    return button("Chart", PICTURE, str(deal_id))
