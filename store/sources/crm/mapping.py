"""Which field of the CRM is which term, which stage is which of ours, what goes back: a YAML file that `jumpin crm map` writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import yaml

from bot.deal import Stage
from store.sources.crm.plain import Field, Step
from store.sources.plain import NotReadable, load
from store.sources.values import closest, shown

VERSION = 1
Period = Literal["day", "week", "month", "quarter", "year"]
Kind = Literal["terms", "amendments", "findings", "milestones", "checklists", "actuals"]
"""What may go back to the CRM. `terms`: the values of mapped fields; all others: notes and tasks."""

KINDS: tuple[Kind, ...] = get_args(Kind)
ON_AT_FIRST: frozenset[Kind] = frozenset({"amendments", "milestones"})

TERMS: Mapping[str, str] = {
    "volume.committed_per_day": "committed volume, packages per shipping day",
    "volume.annual": "annual volume, packages",
    "volume.share_of_total": "share of all that the customer ships",
    "volume.shipping_days_per_week": "shipping days a week",
    "test.volume_per_day": "test volume, packages per shipping day",
    "test.starts": "first day of the test",
    "test.weeks": "length of the test in weeks",
    "test.success": "success criteria",
    "ramp.to_per_day": "ramp volume, packages per shipping day",
    "ramp.days_after_test": "days between test and ramp",
    "pickup.days": "days of pickup",
    "pickup.time": "time of pickup",
    "billing": "billing",
    "signed": "day of signature",
    "kickoff": "day of the kickoff",
    "timezone": "customer's time zone",
    "country": "country",
    "state": "state or province",
}
"""What a field can be mapped to, and what people call it."""

REQUIRED = ("volume.committed_per_day", "test.volume_per_day", "test.starts")
_SWITCH = {"on": True, "off": False, "yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Term:
    """Where a term comes from: a field of the CRM, a default where that is empty, and the period of a bare number."""

    field: str | None = None
    default: str | None = None
    per: Period = "day"


@dataclass(frozen=True, slots=True)
class CrmMap:
    """The whole file. `stages`: their id → ours; `tell`: who hears of trouble and of deals without an owner in Slack (ids or emails).

    `also`: people who are on every deal from the CRM, by role; `send`: kinds that go back; `quotes`: whether people's words may.
    """

    source: str
    stages: Mapping[str, Stage] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tell: tuple[str, ...] = ()
    send: frozenset[Kind] = ON_AT_FIRST
    quotes: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The CRM's fields that are mapped."""
        return tuple(dict.fromkeys(term.field for term in self.terms.values() if term.field))


class MapMistake(ValueError):
    """The mapping cannot be used; `lines` say why, one for each mistake."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def read_map(text: str, name: str) -> CrmMap:
    """The mapping in a file's text. Raises MapMistake with all that is wrong."""
    try:
        plain = load(text, name)
    except NotReadable as reason:
        raise MapMistake([f"{name}: {reason}"]) from None
    if not isinstance(plain, dict):
        raise MapMistake([f"{name}: holds no mapping; jumpin crm connect writes one"])
    reader = _Reader(name)
    made = reader.whole(plain)
    if reader.wrong:
        raise MapMistake(reader.wrong)
    return made


def write_map(mapping: CrmMap) -> str:
    """The file's text, which reads back to the same mapping."""
    plain: dict[str, Any] = {"version": VERSION, "source": mapping.source}
    every = dict.fromkeys((*mapping.names, *mapping.stages))
    plain["stages"] = [{"id": one, "name": mapping.names.get(one, one), "is": mapping.stages.get(one, "-")} for one in every]
    plain["terms"] = {name: _term_plain(term) for name, term in mapping.terms.items()}
    if mapping.also:
        plain["people"] = {role: list(who) for role, who in mapping.also.items()}
    plain["tell"] = list(mapping.tell)
    plain["send"] = {kind: "on" if kind in mapping.send else "off" for kind in KINDS} | {"quotes": "on" if mapping.quotes else "off"}
    made: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120)
    return made


def trouble(mapping: CrmMap, fields: Iterable[Field], steps: Iterable[Step]) -> list[str]:
    """What in the CRM is not as the mapping has it: fields and stages that are gone, and stages by another name. One sentence each."""
    there, ids = {one.name: one for one in fields}, {one.id: one for one in steps}
    told = []
    for name, term in mapping.terms.items():
        if term.field and term.field not in there:
            meant = closest(term.field, list(there))
            told.append(
                f"The field {shown(term.field)} ({name}) is not there any more{f'; {meant} is' if meant else ''}. Run jumpin crm map."
            )
    for one, stage in mapping.stages.items():
        if one not in ids:
            told.append(f"The stage {shown(mapping.names.get(one, one))} ({stage}) is not there any more. Run jumpin crm map.")
        elif mapping.names.get(one, ids[one].label) != ids[one].label:
            told.append(f"The stage {shown(mapping.names[one])} is called {shown(ids[one].label)} now; it still counts as {stage}.")
    new = [step.label for step in ids.values() if step.id not in mapping.names and mapping.stages]
    if new:
        told.append(f"New stages are not mapped, and deals at them are left alone: {', '.join(map(shown, new[:5]))}. Run jumpin crm map.")
    return told


def _term_plain(term: Term) -> Any:
    more = {"default": term.default} if term.default is not None else {}
    more |= {"per": term.per} if term.per != "day" else {}
    return term.field if term.field and not more else ({"field": term.field} if term.field else {}) | more


class _Reader:
    """Reads the parts and keeps what is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.wrong: list[str] = []

    def whole(self, plain: Mapping[str, Any]) -> CrmMap:
        self._known("", plain, ("version", "source", "stages", "terms", "people", "tell", "send"))
        if str(plain.get("version")) != str(VERSION):
            self._say("version", f"{shown(plain.get('version'))} is not known here; this program writes and reads version {VERSION}")
        if plain.get("source") not in ("hubspot", "salesforce", "file"):
            self._say("source", f"{shown(plain.get('source'))} is no CRM that is known; write hubspot, salesforce or file")
        stages, names = self._stages(plain.get("stages"))
        send = self._mapping("send", plain.get("send"))
        self._known("send", send, (*KINDS, "quotes"))
        return CrmMap(
            source=str(plain.get("source")),
            stages=stages,
            names=names,
            terms=self._terms(self._mapping("terms", plain.get("terms"))),
            also=self._people(self._mapping("people", plain.get("people"))),
            tell=self._texts("tell", plain.get("tell")),
            send=frozenset(kind for kind in KINDS if self._switch(f"send.{kind}", send.get(kind), kind in ON_AT_FIRST)),
            quotes=self._switch("send.quotes", send.get("quotes"), False),
        )

    def _stages(self, plain: Any) -> tuple[dict[str, Stage], dict[str, str]]:
        stages, names = dict[str, Stage](), dict[str, str]()
        for number, one in enumerate(plain if isinstance(plain, list) else [], start=1):
            place = f"stages, entry {number}"
            if not isinstance(one, dict) or not one.get("id"):
                self._say(place, "needs the stage's id; write {id: …, name: …, is: implementation}")
                continue
            names[str(one["id"])] = str(one.get("name") or one["id"])
            ours = next((stage for stage in get_args(Stage) if stage == one.get("is")), None)
            if ours:
                stages[str(one["id"])] = ours
            elif one.get("is") not in (None, "", "-"):
                self._say(place, f"{shown(one.get('is'))} is no stage; write one of {', '.join(get_args(Stage))}, or - to leave it alone")
        if not isinstance(plain, list):
            self._say("stages", "is no list; write one line for each stage of the CRM")
        return stages, names

    def _terms(self, plain: Mapping[str, Any]) -> dict[str, Term]:
        self._known("terms", plain, tuple(TERMS))
        found: dict[str, Term] = {}
        for name, given in plain.items():
            one = {"field": given} if isinstance(given, str) else given
            if name not in TERMS or one is None:
                continue
            if not isinstance(one, dict) or not (one.get("field") or one.get("default") is not None):
                self._say(f"terms.{name}", "needs the name of a field, or a default; write for instance {field: weeks, default: 2}")
                continue
            self._known(f"terms.{name}", one, ("field", "default", "per"))
            per = next((period for period in get_args(Period) if period == (one.get("per") or "day")), None)
            if per is None:
                self._say(f"terms.{name}.per", f"{shown(one.get('per'))} is no period; write one of {', '.join(get_args(Period))}")
            default = one.get("default")
            found[name] = Term(str(one["field"]) if one.get("field") else None, None if default is None else str(default), per or "day")
        return found

    def _people(self, plain: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        roles = ("implementation", "leadership", "account-manager")
        self._known("people", plain, roles)
        return {role: who for role in roles if (who := self._texts(f"people.{role}", plain.get(role)))}

    def _texts(self, place: str, plain: Any) -> tuple[str, ...]:
        if plain is None:
            return ()
        if not isinstance(plain, list) or not all(isinstance(one, str) and one.strip() for one in plain):
            self._say(place, "is no list of Slack ids or emails; write for instance [U0123456789, ops@carrier.example]")
            return ()
        return tuple(one.strip() for one in plain)

    def _mapping(self, place: str, plain: Any) -> Mapping[str, Any]:
        if plain is not None and not isinstance(plain, dict):
            self._say(place, f"{shown(plain)} is no mapping")
        return plain if isinstance(plain, dict) else {}

    def _switch(self, place: str, value: Any, otherwise: bool) -> bool:
        if value is None:
            return otherwise
        if str(value).casefold() not in _SWITCH:
            self._say(place, f"{shown(value)} is neither on nor off")
        return _SWITCH.get(str(value).casefold(), otherwise)

    def _known(self, place: str, plain: Mapping[str, Any], names: Sequence[str]) -> None:
        for name in plain:
            if name not in names:
                meant = closest(str(name), names)
                self._say(f"{place}.{name}".removeprefix("."), f"is not known; {f'did you mean {meant}?' if meant else ', '.join(names)}")

    def _say(self, place: str, sentence: str) -> None:
        self.wrong.append(f"{self._name}: {place}: {sentence}")
