"""Whether talk is about shipping at all: the trained reader knows no other talk and must not guess about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bot.language.statement import Utterance

_SURE = """
parcel parcels; pickup pickups pick-up pick-ups; truck trucks trailer trailers vans sprinter; carrier carriers courier couriers;
ramp ramps ramped ramping; trial trials; shipping shipped shipment shipments; bol bols; invoice invoices billing billed;
expedited; sku skus; warehouse warehouses; ups fedex usps dhl; manifest manifests; depot depots; pallet pallets gaylord gaylords
cage cages; consignment consignments; fulfilment fulfillment; freight ltl; linehaul line-haul; sack sacks tote totes mailer
mailers satchel satchels; handheld handhelds zebra; wms; packer packers picker pickers; cutoff cut-off; shopify
"""
"""Matters of shipping that are hardly anything else."""

_PERHAPS = """
packages; collection collections; driver drivers; van; volume volumes; pilot pilots; label labels; dock docks; scan scans scanned
scanner scanners; ground; orders; pieces pcs; carton cartons box boxes; hub hubs; routing route routes; forecast; load loads
loaded loading; yard gate; lb lbs kg oz; zip zips; kickoff go-live; tender tendered; packing; staged staging
"""
"""Matters of shipping that are other things too."""


def _matters(listed: str) -> dict[str, str]:
    return {word: words for words in listed.split(";") for word in words.split()}


_POINTS = {word: (matter, 1) for word, matter in _matters(_PERHAPS).items()} | {
    word: (matter, 2) for word, matter in _matters(_SURE).items()
}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")

LOOKED_AT = 12
"""Utterances, the last one included, in which matters of shipping are counted."""

ENOUGH = 4
"""Points that make it talk about shipping: two for a sure matter, one for another."""


def about_shipping(utterance: Utterance, before: Sequence[Utterance]) -> bool:
    """Whether the last utterances touch enough different matters of shipping."""
    points: dict[str, int] = {}
    for said in (utterance, *islice(reversed(before), LOOKED_AT - 1)):
        points.update(_POINTS[word] for word in _WORD.findall(said.text[:1_000].lower()) if word in _POINTS)
        if sum(points.values()) >= ENOUGH:
            return True
    return False
