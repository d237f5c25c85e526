"""Several deals in one text: a CSV table with a deal a row, a list of deals, or one deal; and all of that back out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, get_args

import yaml

from bot.cells import cell_text, safe_cell
from bot.deal import Role
from store.records import KnownDeal
from store.sources.deal_fields import LISTS, PARTS, PLAIN_LISTS, SINGLE
from store.sources.deal_file import LARGEST, DealFile, build, check_deal, export_known, parse_deal
from store.sources.deal_schema import VERSION
from store.sources.plain import NotReadable, from_json, load
from store.sources.values import Wrong, closest, shown

MOST = 5_000
"""Deals in one text."""

ROLES: tuple[Role, ...] = get_args(Role)
COLUMNS: tuple[str, ...] = (
    *SINGLE,
    "people",
    *(f"people.{role}" for role in ROLES),
    *(f"{part}.{name}" for part, names in PARTS.items() for name in (*names, *(("success",) if part == "test" else ()))),
    *(part for part in LISTS if part != "people"),
    *PLAIN_LISTS,
    "amendments",
)
"""The columns of a table of deals: the fields of a deal file, with a dot between part and field."""

_JSON = (*LISTS, "amendments")
_LISTED = (*PLAIN_LISTS, "test.success")


def parse_deals(text: str, name: str) -> list[DealFile]:
    """Each deal of a text, or what is wrong with it; `name` stands in front of every mistake. Never raises."""
    if PurePath(name).suffix.lower() == ".csv":
        return _table(text, name)
    if len(text) > LARGEST * 20:
        return [DealFile(None, (f"{name}: is {len(text):,} characters long; send the deals in parts",))]
    try:
        plain = load(text, name)
    except NotReadable as reason:
        return [DealFile(None, (f"{name}: {reason}",))]
    many = _many(plain)
    if isinstance(many, str):
        return [DealFile(None, (f"{name}: {many}",))]
    if many is None:
        return [parse_deal(text, name)]
    return [_deal(one, f"{name}, deal {number}") for number, one in enumerate(many, start=1)]


def export_table(known: Iterable[KnownDeal]) -> str:
    """Deals as a CSV table that reads back to the same deals. Cells that a spreadsheet would take for formulas begin with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in known:
        cells = _cells(json.loads(export_known(one, as_json=True)))
        writer.writerow({name: safe_cell(cell) for name, cell in cells.items()})
    return out.getvalue()


def export_list(known: Iterable[KnownDeal], *, as_json: bool = False) -> str:
    """Deals as one YAML (or JSON) text that reads back to the same deals."""
    whole = {"version": VERSION, "deals": [json.loads(export_known(one, as_json=True)) for one in known]}
    if as_json:
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    made: str = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    return made


def _many(plain: object) -> Sequence[object] | str | None:
    """The deals of a list; None where it is one deal; a sentence where it is neither."""
    if isinstance(plain, dict) and "deals" in plain:
        if str(plain.get("version", VERSION)) != str(VERSION):
            return f"version {shown(plain['version'])} is not known here; this program reads version {VERSION}"
        plain = plain["deals"]
        if not isinstance(plain, list):
            return "deals is no list; write one entry for each deal"
    if not isinstance(plain, list):
        return None
    if len(plain) > MOST:
        return f"holds {len(plain):,} deals; send {MOST:,} at most"
    return plain or "holds no deal"


def _deal(plain: object, name: str) -> DealFile:
    checked = check_deal(plain)
    mistakes = checked.wrong + checked.unknown
    deal = None if mistakes else build(checked)
    return DealFile(deal, tuple(f"{name}: {line}" for line in mistakes + ([] if deal or mistakes else checked.wrong)))


def _table(text: str, name: str) -> list[DealFile]:
    first = text.removeprefix("\ufeff").splitlines()[0] if text.strip() else ""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        names = {column: column.strip().casefold() for column in reader.fieldnames or () if column and column.strip()}
        wrong = _columns(column.strip().casefold() for column in reader.fieldnames or () if column and column.strip())
        if wrong:
            return [DealFile(None, tuple(f"{name}: {line}" for line in wrong))]
        found = []
        for row in reader:
            told = {names[column]: cell.strip() for column, cell in row.items() if column in names and isinstance(cell, str)}
            cells = {column: cell for column, cell in told.items() if cell}
            if row.get(None):
                found.append(DealFile(None, (f"{name}, line {reader.line_num}: has more cells than columns; put quotes around commas",)))
            elif cells:
                found.append(_row(cells, f"{name}, line {reader.line_num}"))
            if len(found) > MOST:
                return [DealFile(None, (f"{name}: holds more than {MOST:,} deals; send them in parts",))]
    except csv.Error as broken:
        return [DealFile(None, (f"{name}, line {reader.line_num}: is no table: {broken}",))]
    return found or [DealFile(None, (f"{name}: holds no deal",))]


def _columns(names: Iterable[str]) -> list[str]:
    given = list(names)
    wrong = [f'the column "{one[:60]}" is not known{_meant(one)}' for one in given if one not in COLUMNS]
    wrong += [f'the column "{one}" is there twice' for one in sorted({one for one in given if given.count(one) > 1})]
    return wrong + ([] if "customer" in given else ["there is no column customer; the first line names the columns, as in deal files"])


def _meant(name: str) -> str:
    meant = closest(name, COLUMNS)
    return f"; did you mean {meant}?" if meant else ""


def _row(cells: Mapping[str, str], place: str) -> DealFile:
    plain: dict[str, Any] = {}
    wrong: list[str] = []
    if "people" in cells and any(name.startswith("people.") for name in cells):
        return DealFile(None, (f"{place}: people: stands beside a column of a role, such as people.rep; name everybody in one way",))
    for name, cell in cells.items():
        text = cell_text(cell)
        try:
            _put(plain, name, text)
        except ValueError as reason:
            wrong.append(f"{place}: {name}: {reason}")
    return DealFile(None, tuple(wrong)) if wrong else _deal(plain, place)


def _put(plain: dict[str, Any], name: str, text: str) -> None:
    """One cell into its place. Raises ValueError, in words."""
    part, _, inner = name.partition(".")
    if part == "people" and inner:
        plain.setdefault("people", []).extend(_person(one, inner) for one in _split(text))
        return
    value: Any = text
    if name in _JSON:
        value = _list(text)
    elif name in _LISTED:
        value = _split(text)
    if inner:
        plain.setdefault(part, {})[inner] = value
    else:
        plain[name] = value


def _list(text: str) -> list[Any]:
    """A list in JSON. Raises Wrong."""
    try:
        found = from_json(text)
    except NotReadable:
        found = None
    if not isinstance(found, list):
        raise Wrong('is no JSON list; write for instance [{"service": "Expedited", "days": [2, 3]}]')
    return found


def _person(text: str, role: str) -> dict[str, str]:
    number, _, name = text.partition(" ")
    if not name.strip():
        raise ValueError(f"{shown(text)} is no id with a name; write for instance U0RILEY01 Riley Chen")
    return {"id": number, "name": name.strip(), "role": role}


def _split(text: str) -> list[str]:
    """The parts between semicolons; a list in JSON where a part holds one."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return [str(one) for one in found]
    return [part.strip() for part in text.split(";") if part.strip()]


def _joined(parts: Sequence[Any]) -> str:
    texts = [str(one) for one in parts]
    return json.dumps(texts, ensure_ascii=False) if any(";" in one or one.startswith("[") for one in texts) else "; ".join(texts)


def _people(people: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A column for each role, where that keeps ids, names and their order."""
    by_role = {f"people.{role}": _joined([f"{one['id']} {one['name']}" for one in people if one["role"] == role]) for role in ROLES}
    cells = {name: cell for name, cell in by_role.items() if cell}
    back = [_person(one, name.partition(".")[2]) for name, cell in cells.items() for one in _split(cell)]
    return cells if back == list(people) else {"people": json.dumps(people, ensure_ascii=False)}


def _cells(plain: Mapping[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for part, value in plain.items():
        if part == "people":
            cells |= _people(value)
        elif part in _JSON:
            cells[part] = json.dumps(value, ensure_ascii=False)
        elif part in PLAIN_LISTS:
            cells[part] = _joined(value)
        elif isinstance(value, dict):
            cells |= {f"{part}.{name}": _joined(inner) if isinstance(inner, list) else str(inner) for name, inner in value.items()}
        else:
            cells[part] = str(value)
    return cells
