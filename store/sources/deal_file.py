"""Deal files: YAML or JSON into a Deal with one clear line per mistake, all of them at once, and a Deal back into YAML.

The format is described in docs/deal-file.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

import yaml
from pydantic import ValidationError

from bot.deal import Coverage, Deal, Ramp, Readers, Role, Stage
from bot.ledger import disagreements
from store.records import KnownDeal
from store.sources import values
from store.sources.amendments import read_amendments
from store.sources.plain import NotReadable, load
from store.sources.values import Read, Wrong, closest, shown

LARGEST = 1_000_000
"""Characters; a deal file is about a page."""

_PACKAGES = "packages per shipping day"
_EXCLUDED = "packages per year that cannot come"
_PERSON: Mapping[str, Read] = {
    "id": values.words("the Slack user id, or the id used as speaker", 64),
    "name": values.words("the person's name", 200),
    "role": values.one_of("role", get_args(Role)),
}
_SERVICE: Mapping[str, Read] = {
    "service": values.words("the name of the service"),
    "lane": values.words("where the promise holds"),
    "days": values.transit,
    "note": values.words("a remark"),
}
_PRICE: Mapping[str, Read] = {
    "service": values.words("the name of the service"),
    "per_package": values.money,
    "note": values.words("a remark"),
}
_PARTS: Mapping[str, Mapping[str, Read]] = {
    "volume": {
        "committed_per_day": values.whole(_PACKAGES, "500"),
        "annual": values.whole("packages per year", "130000", most=2_000_000_000),
        "share_of_total": values.share,
        "shipping_days_per_week": values.whole("shipping days per week", "5", 1, 7),
    },
    "test": {
        "volume_per_day": values.whole(_PACKAGES, "150"),
        "starts": values.day,
        "weeks": values.whole("the length of the test in weeks", "2", 1, 52),
    },
    "ramp": {
        "to_per_day": values.whole(_PACKAGES, "500"),
        "days_after_test": values.whole("calendar days after the test's last day", "0", 0, 365),
    },
    "discovery": {
        "claimed_annual": values.whole("packages per year, as claimed", "200000", most=2_000_000_000),
        "other_carriers": values.whole(_EXCLUDED, "20000", 0, 2_000_000_000),
        "not_controlled": values.whole(_EXCLUDED, "10000", 0, 2_000_000_000),
        "not_serviceable": values.whole(_EXCLUDED, "5000", 0, 2_000_000_000),
    },
    "pickup": {"days": values.words("the days of pickup, such as Mon-Fri"), "time": values.clock},
}
_LISTS: Mapping[str, Mapping[str, Read]] = {"people": _PERSON, "services": _SERVICE, "price": _PRICE}
_WORD_LISTS: Mapping[str, Read] = {
    "success": values.words("one criterion"),
    "channels": values.channel,
    "brands": values.words("a brand's name", 200),
}
_SINGLE: Mapping[str, Read] = {
    "customer": values.words("the customer's name", 200),
    "stage": values.one_of("stage", get_args(Stage)),
    "coverage": values.one_of("coverage", get_args(Coverage)),
    "billing": values.words("when invoices come, such as weekly"),
    "timezone": values.timezone,
    "reader": values.one_of("reader", get_args(Readers)),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "": ("customer", "people", "volume", "test"),
    "volume": ("committed_per_day",),
    "test": ("volume_per_day", "starts"),
    "discovery": ("claimed_annual",),
    "people": ("id", "name", "role"),
    "services": ("service",),
    "price": ("service", "per_package"),
}
_EXAMPLES: Mapping[str, str] = {
    "customer": "Acme Outfitters",
    "people": "[{id: U1, name: Dana Ortiz, role: customer}]",
    "volume": "{committed_per_day: 500}",
    "test": "{volume_per_day: 150, starts: 2026-11-02, weeks: 2}",
    "committed_per_day": "500",
    "claimed_annual": "200000",
    "volume_per_day": "150",
    "starts": "2026-11-02",
    "id": "U0123456789",
    "name": "Dana Ortiz",
    "role": "customer",
    "service": "Expedited",
    "per_package": "4.85",
}


@dataclass(frozen=True, slots=True)
class DealFile:
    """What a deal file holds: the deal (None when there is any mistake), and one line per mistake with the file's name in front."""

    deal: Deal | None
    mistakes: tuple[str, ...] = ()


@dataclass(slots=True)
class Checked:
    """Plain data checked against the fields of a deal: what is usable, what is wrong, and which fields are not known."""

    good: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def parse_deal(text: str, name: str) -> DealFile:
    """A deal file's text into a deal; `name` stands in front of every mistake and tells JSON from YAML. Never raises."""
    if len(text) > LARGEST:
        return DealFile(None, (f"{name}: is {len(text):,} characters long; a deal file is about a page",))
    try:
        plain = load(text, name)
    except NotReadable as reason:
        return DealFile(None, (f"{name}: {reason}",))
    checked = check_deal(plain)
    mistakes = checked.wrong + checked.unknown
    deal = None if mistakes else build(checked)
    return DealFile(deal, tuple(f"{name}: {line}" for line in mistakes + ([] if deal or mistakes else checked.wrong)))


def check_deal(plain: object) -> Checked:
    """Every field of plain data read and checked, whatever else is wrong."""
    checked = Checked()
    if not isinstance(plain, dict):
        what = "is empty" if plain is None else f"holds {shown(plain)}"
        checked.wrong.append(f"{what}; a deal file starts with a line such as customer: Acme Outfitters")
        return checked
    _fields("", plain, _SINGLE, checked.good, checked)
    for part, reads in _PARTS.items():
        if plain.get(part) is not None:
            _part(part, plain[part], reads, checked)
    for part, reads in _LISTS.items():
        if plain.get(part) is not None:
            _list(part, plain[part], reads, checked)
    for part in ("channels", "brands"):
        if plain.get(part) is not None:
            checked.good[part] = _word_list(part, plain[part], checked)
    if plain.get("amendments") is not None:
        checked.good["amendments"], wrong = read_amendments(plain["amendments"], read_term)
        checked.wrong += wrong
    _across(checked)
    return checked


def build(checked: Checked) -> Deal | None:
    """The deal of what is usable; None when something needed is missing, which then stands in `checked.wrong`."""
    try:
        deal = Deal.model_validate(checked.good)
    except ValidationError as error:
        if not checked.wrong:
            checked.wrong.extend(f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ") for one in error.errors())
        return None
    beside = disagreements(deal)
    checked.wrong.extend(beside)
    return None if beside else deal


def read_term(term: str, value: object) -> Any:
    """One term's value, read as in a deal file. Raises Wrong, in one sentence."""
    part, _, name = term.partition(".")
    if name and name != "success":
        return _PARTS[part][name](value)
    if part in _SINGLE:
        return _SINGLE[part](value)
    checked = Checked()
    if name == "success":
        checked.good[part] = _word_list(term, value, checked)
    elif part in _LISTS:
        _list(part, value, _LISTS[part], checked)
    else:
        _part(part, value, _PARTS[part], checked)
    if checked.wrong or checked.unknown:
        raise Wrong("; ".join(checked.wrong + checked.unknown).removeprefix(f"{term}: "))
    return checked.good[part]


def export_known(known: KnownDeal, *, as_json: bool = False) -> str:
    """A stored deal as a deal file; one that lists no channels gets those that it is linked to."""
    deal = known.deal if known.deal.channels else known.deal.model_copy(update={"channels": known.channels})
    return export_deal(deal, as_json=as_json)


def export_deal(deal: Deal, *, as_json: bool = False) -> str:
    """A deal as a deal file that reads back to the same deal."""
    plain = {key: value for key, value in deal.model_dump(exclude_none=True).items() if value not in ((), {})}
    if deal.ramp == Ramp():
        del plain["ramp"]  # nothing was agreed: a line of defaults would look as if it had been
    if not as_json:
        return yaml.safe_dump(_listed(plain), sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    return json.dumps(_listed(plain), ensure_ascii=False, indent=2, default=str) + "\n"


def _fields(place: str, plain: dict[str, Any], reads: Mapping[str, Read], good: dict[str, Any], checked: Checked) -> None:
    """Read the single values of one mapping into `good`; note the unknown and the missing."""
    part = place.split(",", maxsplit=1)[0]
    known = (
        *reads,
        *(("success",) if part == "test" else ()),
        *((*_PARTS, *_LISTS, "channels", "brands", "amendments") if not place else ()),
    )
    for key, value in plain.items():
        if key not in known:
            checked.unknown.append(_unknown(place, str(key), known))
        elif key in reads and value is not None and value != "":
            try:
                good[key] = reads[key](value)
            except Wrong as reason:
                checked.wrong.append(f"{_at(place, key)}: {reason}")
    for key in _NEEDED.get(part, ()):
        if plain.get(key) in (None, "", []):
            checked.wrong.append(f"{_at(place, key)}: is missing; write for instance {key}: {_EXAMPLES[key]}")


def _part(part: str, plain: object, reads: Mapping[str, Read], checked: Checked) -> None:
    if not isinstance(plain, dict):
        fields = ", ".join(reads)
        checked.wrong.append(f"{part}: {shown(plain)} is not a mapping; write its fields under it ({fields})")
        return
    good = checked.good.setdefault(part, {})
    _fields(part, plain, reads, good, checked)
    if part == "test" and plain.get("success") is not None:
        good["success"] = _word_list("test.success", plain["success"], checked)


def _list(part: str, plain: object, reads: Mapping[str, Read], checked: Checked) -> None:
    if not isinstance(plain, list):
        checked.wrong.append(f"{part}: {shown(plain)} is not a list; write one line per entry, starting with a hyphen")
        return
    entries = checked.good.setdefault(part, [])
    for number, entry in enumerate(plain[:1000], start=1):
        place = f"{part}, entry {number}"
        if not isinstance(entry, dict):
            checked.wrong.append(f"{place}: {shown(entry)} is not a mapping; write {{{', '.join(f'{key}: …' for key in _NEEDED[part])}}}")
            continue
        good: dict[str, Any] = {}
        _fields(place, entry, reads, good, checked)
        if all(key in good for key in _NEEDED[part]):
            entries.append(good)


def _word_list(place: str, plain: object, checked: Checked) -> list[object]:
    read = _WORD_LISTS[place.rsplit(".", maxsplit=1)[-1]]
    if not isinstance(plain, list):
        example = {"channels": '["#impl-acme"]', "brands": "[Zest, Harbor Kids]"}.get(place, "[transit times, billing accuracy]")
        checked.wrong.append(f"{place}: {shown(plain)} is not a list; write for instance {example}")
        return []
    good = []
    for number, entry in enumerate(plain[:1000], start=1):
        if entry is None:
            hint = 'a name that starts with # needs quotes ("#impl-acme")' if place == "channels" else "leave it out"
            checked.wrong.append(f"{place}, entry {number}: is empty; {hint}")
            continue
        try:
            good.append(read(entry))
        except Wrong as reason:
            checked.wrong.append(f"{place}, entry {number}: {reason}")
    return list(dict.fromkeys(good)) if place in ("channels", "brands") else good


def _across(checked: Checked) -> None:
    """What only several fields together show."""
    ids = Counter(person["id"] for person in checked.good.get("people", ()))
    for twice in (one for one, count in ids.items() if count > 1):
        names = " and ".join(person["name"] for person in checked.good["people"] if person["id"] == twice)
        checked.wrong.append(f"people: the id {shown(twice)} stands for {names}; give each person an id of their own")
    test = checked.good.get("test", {}).get("volume_per_day")
    committed = checked.good.get("volume", {}).get("committed_per_day")
    if test and committed and test > committed:
        checked.wrong.append(
            f"test.volume_per_day: {test} is more than volume.committed_per_day ({committed}); "
            f"a test is a part of the commitment: write at most {committed}, or raise the commitment"
        )


def _unknown(place: str, key: str, known: tuple[str, ...]) -> str:
    meant = closest(key, known)
    hint = f"did you mean {meant}?" if meant else f"the fields here are {', '.join(known)}"
    if key.isdecimal():
        hint = "inside {…} a comma ends the value: write numbers without commas, such as 1500"
    return f"{_at(place, key[:60])}: is not a field of a deal file; {hint}"


def _at(place: str, key: str) -> str:
    return f"{place}: {key}" if "," in place else f"{place}.{key}".removeprefix(".")


def _listed(plain: object) -> Any:
    """Tuples as lists, which is what YAML's safe writer knows."""
    if isinstance(plain, dict):
        return {key: _listed(value) for key, value in plain.items() if value != ()}
    if isinstance(plain, datetime):
        return plain.isoformat()
    return [_listed(one) for one in plain] if isinstance(plain, (list, tuple)) else plain
