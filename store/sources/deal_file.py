"""Deal files: YAML or JSON into a Deal with one clear line per mistake, all of them at once, and a Deal back into YAML.

The format is described in docs/deal-file.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from pydantic import ValidationError

from bot.deal import Deal, Ramp
from bot.ledger import disagreements
from store.records import KnownDeal
from store.sources import values
from store.sources.amendments import read_amendments
from store.sources.deal_fields import EXAMPLES, LIST_EXAMPLES, LISTS, NEEDED, PARTS, PLAIN_LISTS, SINGLE, WORD_LISTS
from store.sources.plain import NotReadable, load
from store.sources.values import Read, Wrong, closest, shown

LARGEST = 1_000_000
"""Characters; a deal file is about a page."""


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


class _Dumper(yaml.SafeDumper):
    """Writes a day that stands in two fields twice: deal files have no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Never."""
        return True


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
    _fields("", plain, SINGLE, checked.good, checked)
    for part, reads in PARTS.items():
        if plain.get(part) is not None:
            _part(part, plain[part], reads, checked)
    for part, reads in LISTS.items():
        if plain.get(part) is not None:
            _list(part, plain[part], reads, checked)
    for part in PLAIN_LISTS:
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
        return PARTS[part][name](value)
    if part in SINGLE:
        return SINGLE[part](value)
    checked = Checked()
    if name == "success":
        checked.good[part] = _word_list(term, value, checked)
    elif part in PLAIN_LISTS:
        checked.good[part] = _word_list(part, value, checked)
    elif part in LISTS:
        _list(part, value, LISTS[part], checked)
    else:
        _part(part, value, PARTS[part], checked)
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
        made: str = yaml.dump(_listed(plain), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
        return made
    return json.dumps(_listed(plain), ensure_ascii=False, indent=2, default=str) + "\n"


def _fields(place: str, plain: dict[str, Any], reads: Mapping[str, Read], good: dict[str, Any], checked: Checked) -> None:
    """Read the single values of one mapping into `good`; note the unknown and the missing."""
    part = place.split(",", maxsplit=1)[0]
    known = (
        *reads,
        *(("success",) if part == "test" else ()),
        *((*PARTS, *LISTS, *PLAIN_LISTS, "amendments") if not place else ()),
    )
    for key, value in plain.items():
        if key not in known:
            checked.unknown.append(_unknown(place, str(key), known))
        elif key in reads and value is not None and value != "":
            try:
                good[key] = reads[key](value)
            except Wrong as reason:
                checked.wrong.append(f"{_at(place, key)}: {reason}")
    for key in NEEDED.get(part, ()):
        if plain.get(key) in (None, "", []):
            checked.wrong.append(f"{_at(place, key)}: is missing; write for instance {key}: {EXAMPLES[key]}")


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
            checked.wrong.append(f"{place}: {shown(entry)} is not a mapping; write {{{', '.join(f'{key}: …' for key in NEEDED[part])}}}")
            continue
        good: dict[str, Any] = {}
        _fields(place, entry, reads, good, checked)
        if all(key in good for key in NEEDED[part]):
            entries.append(good)


def _word_list(place: str, plain: object, checked: Checked) -> list[object]:
    name = place.rsplit(".", maxsplit=1)[-1]
    read = WORD_LISTS[name]
    if not isinstance(plain, list):
        checked.wrong.append(f"{place}: {shown(plain)} is not a list; write for instance {LIST_EXAMPLES[name]}")
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
    return good if name == "success" else list(dict.fromkeys(good))


def _across(checked: Checked) -> None:
    """What only several fields together show."""
    ids = Counter(person["id"] for person in checked.good.get("people", ()))
    for twice in (one for one, count in ids.items() if count > 1):
        names = " and ".join(person["name"] for person in checked.good["people"] if person["id"] == twice)
        checked.wrong.append(f"people: the id {shown(twice)} stands for {names}; give each person an id of their own")
    checked.wrong += _calendar(checked.good)
    test = checked.good.get("test", {}).get("volume_per_day")
    committed = checked.good.get("volume", {}).get("committed_per_day")
    if test and committed and test > committed:
        checked.wrong.append(
            f"test.volume_per_day: {test} is more than volume.committed_per_day ({committed}); "
            f"a test is a part of the commitment: write at most {committed}, or raise the commitment"
        )


def _calendar(good: Mapping[str, Any]) -> Iterator[str]:
    state, country = good.get("state"), good.get("country", "US")
    if state is not None:
        try:
            values.state(state, country)
        except Wrong as reason:
            yield f"state: {reason}"
    for both in sorted(set(good.get("closed", ())) & set(good.get("open", ()))):
        yield f"open: {both} is also among the closed days; leave it in one of the two lists"
    signed, kickoff = good.get("signed"), good.get("kickoff")
    if signed and kickoff and kickoff < signed:
        yield f"kickoff: {kickoff} is before the agreement was signed ({signed}); correct one of the two"


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
