"""HubSpot over its date-versioned REST API: deals by search, companies, owners, pipelines, notes, tasks and properties.

Paths, required fields and shapes are those of HubSpot's public OpenAPI description of 2026-09; docs/crm.md says what was checked.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

import httpx

from store.sources.crm.line import Line, Pause, plain_json, seconds_asked
from store.sources.crm.plain import (
    Away,
    Busy,
    Change,
    CrmTrouble,
    Field,
    FieldGone,
    FieldType,
    KeyRefused,
    NotAllowed,
    Outgoing,
    Page,
    Record,
    RecordGone,
    Refused,
    Step,
    Wanted,
)

URL = "https://api.hubapi.com"
VERSION = "2026-09"
PAGE = 200
"""Records of one search, the most that HubSpot gives. We go on by id and never by `after`, which ends at 10,000 records."""
BATCH = 100
GAP = 0.3
"""Seconds between two requests: searches are limited to four or five a second, everything else to ten or more."""

_BASIC = ("dealname", "dealstage", "pipeline", "hubspot_owner_id", "hs_lastmodifieddate", "hs_object_id", "hs_merged_object_ids")
_TYPES: Mapping[str, FieldType] = {"number": "number", "date": "date", "datetime": "date", "enumeration": "choice", "bool": "yes-no"}
_PRIMARY = 5
"""The association of a deal with its primary company."""
_ON_DEAL = {"note": 214, "task": 216}
"""The associations of a note, and of a task, with a deal."""


class HubSpot:
    """The account behind a service key."""

    name = "hubspot"

    def __init__(self, key: str, url: str = URL, *, gap: float = GAP, pause: Pause = asyncio.sleep) -> None:
        self._line = Line(url, _trouble, gap=gap, pause=pause)
        self._headers = {"Authorization": f"Bearer {key}"}
        self._owners: dict[str, str | None] = {}
        self._companies: dict[str, str] = {}

    async def fields(self) -> list[Field]:
        """The properties of deals."""
        found = await self._get(f"/crm/properties/{VERSION}/deals")
        return [Field(one["name"], one.get("label") or one["name"], _TYPES.get(one.get("type", ""), "text")) for one in _results(found)]

    async def steps(self) -> list[Step]:
        """The stages of all deal pipelines."""
        found = await self._get(f"/crm/pipelines/{VERSION}/deals")
        return [
            Step(str(stage["id"]), str(stage.get("label") or stage["id"]), str(pipeline.get("label") or ""))
            for pipeline in _results(found)
            for stage in sorted(pipeline.get("stages") or (), key=lambda one: one.get("displayOrder") or 0)
            if not stage.get("archived")
        ]

    async def page(self, wanted: Wanted, after: str | None) -> Page:
        """The next deals by id: so that neither the 10,000 of one search nor many with one time of change are in the way."""
        filters: list[dict[str, Any]] = []
        if wanted.since is not None:
            since = str(int(wanted.since.timestamp() * 1000))
            filters.append({"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": since})
        filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": after or "0"})
        found = await self._search("deals", filters, [*_BASIC, *wanted.fields], "hs_object_id", PAGE)
        raw = _results(found)
        if len(raw) == PAGE and not _ascend([str(one["id"]) for one in raw]):
            # The description has another form for an order than the guides, and a form that is not known was reported to be ignored.
            raise Away(
                "HubSpot gave deals in another order than asked, so some could be passed over: none were read, and it is tried again."
            )
        records = await self._records(raw, wanted.stages)
        return Page(records, str(raw[-1]["id"]) if len(raw) == PAGE else None)

    async def get(self, record: str, fields: Sequence[str]) -> Record:
        """One deal. HubSpot gives the surviving one for the id of one that was merged."""
        asked = {"properties": ",".join([*_BASIC, *fields]), "archived": "false"}
        found = await self._get(f"/crm/objects/{VERSION}/deals/{_id(record)}", asked)
        [made] = await self._records([found], None)
        return made

    async def who(self, record: str, fields: Sequence[str]) -> Mapping[str, Change]:
        """Who set these properties last, by their history."""
        found = await self._get(f"/crm/objects/{VERSION}/deals/{_id(record)}", {"propertiesWithHistory": ",".join(fields)})
        people: dict[str, str] = {}
        told: dict[str, Change] = {}
        for name, lines in (found.get("propertiesWithHistory") or {}).items():
            if lines:
                last = max(lines, key=lambda one: str(one.get("timestamp")))
                if not people:
                    people = await self._people()
                told[name] = Change(people.get(str(last.get("updatedByUserId"))) or last.get("sourceLabel"), _moment(last.get("timestamp")))
        return told

    async def send(self, out: Outgoing) -> str:
        """Properties are set, notes and tasks made with their association."""
        if out.kind == "fields":
            body: dict[str, Any] = {"properties": dict(out.fields)}
            await self._ask("PATCH", f"/crm/objects/{VERSION}/deals/{_id(out.record)}", body)
            return out.record
        kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _ON_DEAL[out.kind]}
        body = {"properties": _engagement(out), "associations": [{"to": {"id": out.record}, "types": [kind]}]}
        made = await self._ask("POST", f"/crm/objects/{VERSION}/{out.kind}s", body)
        return str(made.get("id") or "")

    async def find(self, out: Outgoing) -> str | None:
        """The note or task with our mark among those of the deal."""
        if out.kind == "fields":
            return None
        body = f"hs_{out.kind}_body"
        filters = [
            {"propertyName": "associations.deal", "operator": "EQ", "value": out.record},
            {"propertyName": body, "operator": "CONTAINS_TOKEN", "value": mark(out)},
        ]
        found = await self._search(f"{out.kind}s", filters, [body], "hs_object_id", 10)
        return next((str(one["id"]) for one in _results(found) if mark(out) in str(one["properties"].get(body))), None)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._line.close()

    async def _records(self, raw: Sequence[Mapping[str, Any]], stages: frozenset[str] | None) -> tuple[Record, ...]:
        """Plain records; company and owner only of those at `stages`, since each costs requests."""
        near = [one for one in raw if stages is None or (one["properties"].get("dealstage") or "") in stages]
        companies = await self._companies_of([str(one["id"]) for one in near])
        for owner in {str(one["properties"].get("hubspot_owner_id") or "") for one in near} - {"", *self._owners}:
            self._owners[owner] = await self._email(owner)
        return tuple(self._record(one, companies.get(str(one["id"]))) for one in raw)

    def _record(self, one: Mapping[str, Any], company: str | None) -> Record:
        values = {name: str(value) for name, value in one["properties"].items() if value not in (None, "")}
        return Record(
            id=str(one["id"]),
            customer=company or values.get("dealname", ""),
            stage=values.get("dealstage", ""),
            modified=_moment(values.get("hs_lastmodifieddate") or one.get("updatedAt")) or datetime.now(UTC),
            url=one.get("url"),
            owner=self._owners.get(values.get("hubspot_owner_id", "")),
            fields={name: value for name, value in values.items() if name not in _BASIC},
            merged=tuple(part for part in values.get("hs_merged_object_ids", "").split(";") if part),
            gone=bool(one.get("archived")),
        )

    async def _companies_of(self, deals: Sequence[str]) -> dict[str, str]:
        """The name of the primary company (else the first) of each deal that has one."""
        of: dict[str, str] = {}
        for some in _chunks(deals, BATCH):
            body = {"inputs": [{"id": one} for one in some]}
            found = await self._ask("POST", f"/crm/associations/{VERSION}/deals/companies/batch/read", body)
            for one in _results(found):
                if one.get("to"):
                    first = min(
                        one["to"], key=lambda to: not any(kind.get("typeId") == _PRIMARY for kind in to.get("associationTypes", ()))
                    )
                    of[str(one["from"]["id"])] = str(first["toObjectId"])
        names = await self._company_names(dict.fromkeys(of.values()))
        return {deal: names[company] for deal, company in of.items() if names.get(company)}

    async def _company_names(self, ids: Iterable[str]) -> dict[str, str]:
        names: dict[str, str] = {}
        for some in _chunks(list(ids), BATCH):
            body = {"inputs": [{"id": one} for one in some], "properties": ["name"], "propertiesWithHistory": []}
            found = await self._ask("POST", f"/crm/objects/{VERSION}/companies/batch/read", body)
            names |= {str(one["id"]): str(one["properties"].get("name") or "") for one in _results(found)}
        return names

    async def _email(self, owner: str) -> str | None:
        try:
            found = await self._get(f"/crm/owners/{VERSION}/{_id(owner)}")
        except RecordGone:
            return None
        return (found.get("email") or "").strip().casefold() or None

    async def _people(self) -> dict[str, str]:
        """Names by user id, of those who own deals."""
        names: dict[str, str] = {}
        asked = {"limit": "100"}
        for _ in range(50):
            found = await self._get(f"/crm/owners/{VERSION}", asked)
            for one in _results(found):
                name = " ".join(filter(None, (one.get("firstName"), one.get("lastName")))) or one.get("email")
                if name and one.get("userId"):
                    names[str(one["userId"])] = str(name)
            after = ((found.get("paging") or {}).get("next") or {}).get("after")
            if not after:
                break
            asked = {"limit": "100", "after": str(after)}
        return names

    async def _search(self, kind: str, filters: list[dict[str, Any]], names: list[str], by: str, limit: int) -> Mapping[str, Any]:
        body = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": by, "direction": "ASCENDING"}],
            "properties": names,
            "limit": limit,
            "after": "0",
        }
        return await self._ask("POST", f"/crm/objects/{VERSION}/{kind}/search", body)

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        return await self._ask("GET", path, None, query)

    async def _ask(self, method: str, path: str, body: Any, query: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        response = await self._line.ask(method, path, headers=self._headers, body=body, query=query)
        self._spare(response)
        found = plain_json(response)
        return found if isinstance(found, dict) else {}

    def _spare(self, response: httpx.Response) -> None:
        """Wait for the next window when a tenth or less of this one's allowance is left."""
        try:
            left, most = (int(response.headers[f"x-hubspot-ratelimit-{name}"]) for name in ("remaining", "max"))
            window = int(response.headers["x-hubspot-ratelimit-interval-milliseconds"])
        except (KeyError, ValueError):
            return
        if left * 10 <= most:
            self._line.rest(window / 1000)


def mark(out: Outgoing) -> str:
    """The word by which what we wrote is found again."""
    return "jumpin" + "".join(character for character in out.key if character.isalnum())


def _engagement(out: Outgoing) -> dict[str, str]:
    """The properties of a note or task: its words as HTML, with our mark in small print."""
    lines = "<br>".join(html.escape(line) for line in out.text.split("\n"))
    body = f"{lines}<br><small>{mark(out)}</small>"
    at = datetime.combine(out.day, time(12), UTC) if out.day else datetime.now(UTC)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if out.kind == "note":
        return {"hs_timestamp": stamp, "hs_note_body": f"<b>{html.escape(out.title)}</b><br>{body}"}
    return {"hs_timestamp": stamp, "hs_task_subject": out.title, "hs_task_body": body, "hs_task_status": "NOT_STARTED"}


def _trouble(response: httpx.Response) -> CrmTrouble | None:  # noqa: PLR0911 - one line for each answer
    """What a response's status means."""
    status = response.status_code
    if status < 300:
        return None
    if status == 401:
        return KeyRefused("HubSpot refuses the key: it was revoked or has expired. Make a new service key and put it into CRM_KEY.")
    if status == 403:
        return NotAllowed(f"HubSpot does not allow this to the key{_scopes(response)}. Add it to the service key in HubSpot.")
    if status == 404:
        return RecordGone("HubSpot has no such record: it was deleted, or merged into another one.")
    if status == 429:
        return Busy("HubSpot's limit of requests is reached; it goes on later.", seconds_asked(response, 10.0))
    if status in (400, 409, 422):
        return _unfit(response)
    return Away(f"HubSpot answers with an error of its own ({status}); it is tried again.")


def _unfit(response: httpx.Response) -> CrmTrouble:
    told = _body(response)
    said = str(told.get("message") or "no reason given")
    if "PROPERTY_DOESNT_EXIST" in response.text:
        return FieldGone(f"HubSpot has no such property: {said[:200]}. Run jumpin crm map.")
    return Refused(f"HubSpot does not take it: {said[:300]}")


def _scopes(response: httpx.Response) -> str:
    """As ": crm.objects.deals.write is missing", by the description's name for them or by the one that HubSpot itself uses."""
    told = _body(response)
    contexts = [one.get("context") for one in (told, *(told.get("errors") or ())) if isinstance(one, dict)]
    named = [
        str(scope)
        for context in contexts
        if isinstance(context, dict)
        for name in ("missingScopes", "requiredGranularScopes", "requiredScopes")
        for scope in context.get(name) or ()
    ]
    needed = list(dict.fromkeys(named))[:5]
    return f": {'one of ' if len(needed) > 1 else ''}{', '.join(needed)} is missing" if needed else ""


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        told = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _results(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    raw = found.get("results")
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _ascend(ids: Sequence[str]) -> bool:
    return all(one.isdecimal() for one in ids) and all(int(one) < int(other) for one, other in pairwise(ids))


def _id(given: str) -> str:
    """An id that goes into a path: digits only, so that it can lead nowhere else."""
    if not given.isdecimal():
        raise RecordGone("HubSpot has no such record: its id is a number.")
    return given


def _moment(told: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _chunks(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
