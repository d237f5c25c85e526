"""Whether talk is about shipping at all: the trained reader knows no other talk and must not guess about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
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


def _bits(listed: str, first: int) -> dict[str, int]:
    """Each word with the bit of its matter, counted from `first`."""
    places: dict[str, int] = {}
    return {word: 1 << first + places.setdefault(matter, len(places)) for word, matter in _matters(listed).items()}


_HALF = 64
_BIT = _bits(_PERHAPS, 0) | _bits(_SURE, _HALF)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")

LOOKED_AT = 12
"""Utterances, the last one included, in which matters of shipping are counted."""

ENOUGH = 4
"""Points that make it talk about shipping: two for a sure matter, one for another."""


def about_shipping(utterance: Utterance, before: Sequence[Utterance]) -> bool:
    """Whether the last utterances touch enough different matters of shipping."""
    touched = _touched(utterance.text)
    for said in islice(reversed(before), LOOKED_AT - 1):
        touched |= _touched(said.text)
    return touched.bit_count() + (touched >> _HALF).bit_count() >= ENOUGH


@lru_cache(maxsize=4_096)
def _touched(text: str) -> int:
    """The matters that a text touches, a bit each; an utterance is looked at again with each one that follows it."""
    touched = 0
    for word in _WORD.findall(text[:1_000].lower()):
        touched |= _BIT.get(word, 0)
    return touched
