"""Which column of a volume file means what: by the names above the columns, else by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from store.sources.volume_cells import is_day, packages_of

Role = Literal["day", "account", "packages", "tracking", "status", "on_time", "billed_right", "disputes", "transit_days"]

_NAMES: Mapping[Role, str] = {
    "day": """ship date|shipdate|shipped date|date shipped|shipped on|shipping date|ship day|shipment date|shipping day|manifest date|
        manifested|manifest day|pickup date|pick up date|date picked up|tender date|date of shipment|scan date|date|day|label date|
        label created|created date|date created|created|created at|transaction date|
        fecha de envio|fecha|dia|versanddatum|datum|date d expedition""",
    "account": """account name|customer name|client name|shipper name|company name|merchant name|account|customer|client|shipper|company|
        merchant|seller|brand|account number|account no|account id|account code|customer number|customer no|customer id|customer code|
        shipper number|shipper id|cuenta|cliente|kunde|kundenname|konto""",
    "packages": """packages|package count|packages shipped|number of packages|no of packages|num packages|total packages|pkgs|pkg count|
        parcels|parcel count|number of parcels|total parcels|labels|label count|labels printed|pieces|pcs|piece count|boxes|cartons|
        shipments|shipment count|daily volume|actual volume|volume|packages day|packages per day|qty|quantity|count|total|packages total|
        paquetes|cantidad|pakete|anzahl|colis|packages actual|actual packages|actual""",
    "tracking": """tracking number|tracking no|tracking num|tracking id|tracking|tracking code|tracking barcode|waybill|waybill number|awb|
        airway bill|label id|label number|shipment id|shipment number|package id|parcel id|barcode|imb|piece id|numero de guia|
        sendungsnummer""",
    "status": "status|label status|shipment status|void|voided|is voided|void indicator|state of label",
    "on_time": """on time|on time pct|on time percent|on time percentage|on time rate|on time delivery|on time performance|otp|otd|
        delivered on time|percent on time""",
    "billed_right": """billing accuracy|billing accuracy pct|billed right|billed correctly|invoice accuracy|billed right pct|
        billing accuracy percent""",
    "disputes": "billing disputes|disputes|invoice disputes|disputed|disputed packages|billing errors|invoice errors|billing issues",
    "transit_days": """transit days|days in transit|avg transit days|average transit days|transit time|avg transit|average transit|
        transit time days|avg transit time|average transit time|average days in transit|mean transit days""",
}
_RANKED: Mapping[Role, Sequence[str]] = {role: [" ".join(name.split()) for name in names.split("|")] for role, names in _NAMES.items()}
_PLACES = {(role, name): place for role, names in _RANKED.items() for place, name in enumerate(names)}
_WORDS = re.compile(r"[^\W_]+")
_ACCENTS = str.maketrans("áéíóúñüàèç", "aeiounuaec")


@dataclass(frozen=True, slots=True)
class Heads:
    """The columns: `row` is where the data begin (from 0), `at` the place of each role, `names` what the file calls it."""

    row: int
    at: Mapping[Role, int]
    names: Mapping[Role, str]
    guessed: bool = False
    """Whether the file names no columns, so that they were told by what stands in them."""


def score(rows: Sequence[Sequence[str]]) -> int:
    """How much sense rows make as a volume file: the roles found, a day and a count above all."""
    heads = find_heads(rows)
    return -1 if heads is None else len(heads.at) + (10 if _enough(heads.at) else 0) - (5 if heads.guessed else 0)


def find_heads(rows: Sequence[Sequence[str]]) -> Heads | None:
    """The columns, by the row of names that tells most of them, which may stand under titles; None where nothing fits."""
    best: Heads | None = None
    for number, row in enumerate(rows):
        at = _roles(row)
        if _enough(at) and (best is None or len(at) > len(best.at)):
            best = Heads(number + 1, at, {role: row[place].strip() for role, place in at.items()})
    return best or _by_content(rows)


def _enough(at: Mapping[Role, int]) -> bool:
    return "day" in at and ("packages" in at or "tracking" in at)


def _roles(row: Sequence[str]) -> dict[Role, int]:
    """The role of each named column; of several for a role the name that tells it best."""
    found: dict[Role, tuple[int, int]] = {}
    for place, cell in enumerate(row[:500]):
        name = _plain(cell)
        for role in _RANKED:
            rank = _PLACES.get((role, name))
            if rank is not None and (role not in found or rank < found[role][0]):
                found[role] = (rank, place)
    return {role: place for role, (_, place) in found.items()}


def _plain(cell: str) -> str:
    text = cell.strip().lower()[:80].translate(_ACCENTS).replace("%", " pct ").replace("#", " number ")
    text = re.sub(r"\(.*?\)", lambda inside: " pct " if "pct" in inside[0] else " ", text)
    words = _WORDS.findall(text)
    if words[:1] == ["pct"]:
        words = [*words[1:], "pct"]
    return " ".join(words)


def _by_content(rows: Sequence[Sequence[str]]) -> Heads | None:
    """A file without names: one column of days, one of counts, perhaps one of accounts."""
    there = [row for row in rows if any(cell.strip() for cell in row)]
    width = min((len(row) for row in there), default=0)
    if width < 2 or width > 4 or len(there) < 2:
        return None
    columns = [[row[place] for row in there] for place in range(width)]
    days = [place for place, cells in enumerate(columns) if all(is_day(cell) for cell in cells)]
    counts = [place for place, cells in enumerate(columns) if place not in days and all(packages_of(cell) is not None for cell in cells)]
    if len(days) != 1 or len(counts) != 1:
        return None
    at: dict[Role, int] = {"day": days[0], "packages": counts[0]}
    others = [place for place in range(width) if place not in (days[0], counts[0])]
    if len(others) == 1:
        at["account"] = others[0]
    return Heads(0, at, {role: f"column {place + 1}" for role, place in at.items()}, guessed=True)
