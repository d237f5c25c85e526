"""Two small drawings for the page of numbers: months in and out, and what is expected with its interval. Plain SVG, no text of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from templates.numbers.words import packages

_BLUE, _GREEN, _RED, _SOFT, _LINE, _INK = "#1f5fa8", "#1a7f4b", "#b3372b", "#5d6b7a", "#d9dfe6", "#1d2733"
_MONTH = ("came in", "came to full volume", "never launched")


@dataclass(frozen=True, slots=True)
class Bar:
    """A month ("Nov 2026") with what came in, arrived, and was lost (below nought)."""

    month: str
    figures: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Fan:
    """What is to come in so many days."""

    days: int
    committed: float
    run_rate: float
    expected: float | None
    low: float | None
    high: float | None


def bars(months: Sequence[Bar]) -> str:
    """Grouped bars, one group a month."""
    width, height, foot = 720, 150, 18
    most = max((max(bar.figures) for bar in months), default=0) or 1
    least = min((min(0.0, *bar.figures) for bar in months), default=0)
    scale = (height - foot - 14) / (most - least)
    nought = 14 + most * scale
    step = width / max(1, len(months))
    parts = [_line((0, nought), (width, nought), _LINE, 1)]
    for place, bar in enumerate(months):
        for number, (figure, colour) in enumerate(zip(bar.figures, (_BLUE, _GREEN, _RED), strict=True)):
            tall = abs(figure) * scale
            left, top = place * step + step * (0.14 + number * 0.24), nought - tall if figure > 0 else nought
            told = f"{bar.month}, {_MONTH[number]}: {packages(abs(figure))} a day"
            shape = f'x="{left:.1f}" y="{top:.1f}" width="{step * 0.21:.1f}" height="{tall:.1f}" fill="{colour}"'
            parts.append(f"<rect {shape}><title>{told}</title></rect>")
        parts.append(_text((place + 0.5) * step, height - 4, bar.month, 'text-anchor="middle"'))
    parts.append(_text(0, 10, f"{packages(most)} a day"))
    return _svg(width, height, "Packages a day that came in, came to full volume and never launched, by month", parts)


def fan(ahead: Sequence[Fan]) -> str:
    """A bar for each horizon, with its interval, and marks for what is committed and what runs."""
    width, row, left = 720, 26, 60
    most = max((max(one.committed, one.run_rate, one.high or 0, one.expected or 0) for one in ahead), default=0) or 1
    scale = (width - left - 130) / most
    parts = [part for place, one in enumerate(ahead) for part in _row(one, (place + 0.5) * row, left, scale)]
    label = "Packages expected in 30, 60 and 90 days with their interval, beside what is committed and what runs"
    return _svg(width, row * len(ahead), label, parts)


def _row(one: Fan, y: float, left: float, scale: float) -> Iterator[str]:
    yield _text(0, y + 4, f"{one.days} days")
    if one.expected is not None:
        yield f'<rect x="{left}" y="{y - 7:.1f}" width="{one.expected * scale:.1f}" height="14" rx="2" fill="{_BLUE}" fill-opacity=".75"/>'
    if one.low is not None and one.high is not None:
        low, high = left + one.low * scale, left + one.high * scale
        yield _line((low, y), (high, y), _INK, 2)
        yield from (_line((x, y - 4), (x, y + 4), _INK, 2) for x in (low, high))
    agreed, runs = left + one.committed * scale, left + one.run_rate * scale
    yield _line((agreed, y - 10), (agreed, y + 10), _GREEN, 3)
    yield f'<circle cx="{runs:.1f}" cy="{y:.1f}" r="4" fill="#fff" stroke="{_RED}" stroke-width="2"/>'
    if one.expected is not None:
        yield _text(max(agreed, runs, left + (one.high or one.expected) * scale) + 8, y + 4, f"{packages(one.expected)} expected")


def _line(begin: tuple[float, float], end: tuple[float, float], colour: str, wide: float) -> str:
    (x1, y1), (x2, y2) = begin, end
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{wide}"/>'


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-family="system-ui, sans-serif" font-size="11" fill="{_SOFT}" {more}>{words}</text>'


def _svg(width: int, height: int, label: str, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
