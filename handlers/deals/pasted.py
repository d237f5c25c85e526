"""The form for a new deal filled from a pasted deal file: what can be used is in its fields, what cannot is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers.deals.beside import beside
from store.sources.deal_file import check_deal
from store.sources.plain import NotReadable, load
from templates.new_form import ROLES, NewForm
from templates.term_words import price_words, promise_words

_USER = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


def pasted(text: str, number: int) -> NewForm:
    """The form. A text that is no deal file comes back in its field, with the reason."""
    try:
        checked = check_deal(load(text, "deal.yml"))
    except NotReadable as reason:
        return NewForm({"paste": text}, notes=(f"The deal file {reason}.",), number=number)
    good = checked.good
    people = [person for person in good.get("people", ()) if person["role"] in ROLES and _USER.fullmatch(person["id"])]
    chosen = {f"people.{role}": [one["id"] for one in people if one["role"] == role] for role in ROLES}
    chosen["channels"] = [channel for channel in good.get("channels", ()) if _CHANNEL.fullmatch(channel)]
    left = [f"{person['name']} ({person['role']}): pick them below." for person in good.get("people", ()) if person not in people]
    left += [f"{channel}: pick the channel below." for channel in good.get("channels", ()) if channel not in chosen["channels"]]
    left += ["The file's brands are left out: jumpin deals import takes them in."] if good.get("brands") else []
    left += ["The file's amendments are left out: jumpin deals import takes them in."] if good.get("amendments") else []
    wrong = {line.split(":")[0] for line in checked.wrong}
    more, long = beside({name: value for name, value in good.items() if name not in wrong})
    left += [f"There is no room here for {' and '.join(long)}: jumpin deals import takes the whole file in."] if long else []
    notes = (*map(_note, checked.wrong + checked.unknown), *left)
    return NewForm(_texts(good), chosen, notes, more=more, number=number)


def _note(line: str) -> str:
    """What is wrong with a deal file, for somebody who has the form's fields below."""
    place, missing, _ = line.partition(": is missing;")
    if missing:
        return f"Not in the file: {place}; fill it in below."
    return f"The deal file {line}." if line.startswith("holds ") else f"Left out: {line}"


def prefilled(plain: Mapping[str, Any], notes: tuple[str, ...], record: int) -> NewForm:
    """The form filled from a deal of the CRM (plain data as in a deal file), whatever is missing; `record` comes back with it."""
    good = check_deal(plain).good
    chosen = {f"people.{role}": [one["id"] for one in good.get("people", ()) if one["role"] == role] for role in ROLES}
    more, _ = beside(good)
    return NewForm(_texts(good), chosen, tuple(f"The CRM: {note}" for note in notes), more=more, record=record)


def _texts(good: Mapping[str, Any]) -> dict[str, str]:
    found = {name: str(good[name]) for name in ("customer", "stage", "billing") if name in good}
    for part in ("volume", "test", "ramp", "pickup", "discovery"):
        found |= {f"{part}.{name}": str(value) for name, value in good.get(part, {}).items()}
    if "volume.share_of_total" in found:
        found["volume.share_of_total"] = f"{good['volume']['share_of_total'] * 100:.6g}%"
    found |= {"committed": found.pop("volume.committed_per_day")} if "volume.committed_per_day" in found else {}
    lines = {
        "test.success": good.get("test", {}).get("success", ()),
        "services": map(promise_words, good.get("services", ())),
        "price": map(price_words, good.get("price", ())),
    }
    return found | {name: "\n".join(said) for name, said in lines.items()}
