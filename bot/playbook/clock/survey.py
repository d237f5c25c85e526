"""Answers of the customer's people to the onboarding survey and the NPS question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

SurveyKind = Literal["survey", "nps"]

SCALES: Mapping[SurveyKind, tuple[int, int]] = {"survey": (1, 5), "nps": (0, 10)}
"""The lowest and the highest score of each."""


@dataclass(frozen=True, slots=True)
class Survey:
    """An answer to the onboarding survey ("survey", 1-5) or the NPS question ("nps", 0-10), with the customer's own words."""

    kind: str
    score: int
    day: date
    words: str = ""
    answered_by: str = ""
