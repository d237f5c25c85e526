"""Salesforce over its REST API: opportunities by SOQL, accounts, owners, stages, notes, tasks and fields.

Names and shapes are those of Salesforce's public REST and object reference; docs/crm.md says what was checked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

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

VERSION = "v62.0"
DATA = f"/services/data/{VERSION}"
PAGE = 200
GAP = 0.1
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_TYPES: Mapping[str, FieldType] = {
    **dict.fromkeys(("double", "int", "currency", "percent", "long"), "number"),
    **dict.fromkeys(("date", "datetime"), "date"),
    "picklist": "choice",
    "boolean": "yes-no",
}
_ASKED_AGAIN = ("INVALID_SESSION_ID",)
_BUSY = ("REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW")


class Salesforce:
    """The organisation at a My Domain address, by a connected app's client credentials."""

    name = "salesforce"

    def __init__(self, url: str, client: str, secret: str, *, gap: float = GAP, pause: Pause = asyncio.sleep) -> None:
        self._url = url.rstrip("/")
        self._line = Line(self._url, _trouble, gap=gap, pause=pause)
        self._client, self._secret = client, secret
        self._token: str | None = None

    async def fields(self) -> list[Field]:
        """The fields of opportunities."""
        found = await self._ask("GET", f"{DATA}/sobjects/Opportunity/describe")
        return [
            Field(str(one["name"]), str(one.get("label") or one["name"]), _TYPES.get(one.get("type"), "text")) for one in found["fields"]
        ]

    async def steps(self) -> list[Step]:
        """The values of StageName that are in use."""
        found = await self._ask("GET", f"{DATA}/sobjects/Opportunity/describe")
        [stage] = [one for one in found["fields"] if one["name"] == "StageName"]
        return [
            Step(str(one["value"]), str(one.get("label") or one["value"])) for one in stage["picklistValues"] if one.get("active", True)
        ]

    async def page(self, wanted: Wanted, after: str | None) -> Page:
        """The next opportunities by id, deleted ones too, so that those are known to be gone."""
        asked = []
        if wanted.since is not None:
            asked.append(f"SystemModstamp >= {wanted.since.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}")
        if after:
            asked.append(f"Id > {quoted(after)}")
        where = f" WHERE {' AND '.join(asked)}" if asked else ""
        found = await self._query(f"{_select(wanted.fields)} FROM Opportunity{where} ORDER BY Id ASC LIMIT {PAGE}", deleted=True)
        return Page(tuple(self._record(one) for one in found), str(found[-1]["Id"]) if len(found) == PAGE else None)

    async def get(self, record: str, fields: Sequence[str]) -> Record:
        """One opportunity."""
        found = await self._query(f"{_select(fields)} FROM Opportunity WHERE Id = {quoted(record)} LIMIT 1")
        if not found:
            raise RecordGone("Salesforce has no such opportunity: it was deleted.")
        return self._record(found[0])

    async def who(self, record: str, fields: Sequence[str]) -> Mapping[str, Change]:
        """Who set these fields last, where their history is tracked; else who changed the record last."""
        soql = "SELECT Field, CreatedBy.Name, CreatedDate FROM OpportunityFieldHistory WHERE OpportunityId = "
        lines = await self._query(f"{soql}{quoted(record)} ORDER BY CreatedDate DESC LIMIT 200")
        told: dict[str, Change] = {}
        for one in lines:
            if one.get("Field") in fields:
                told.setdefault(str(one["Field"]), Change((one.get("CreatedBy") or {}).get("Name"), _moment(one.get("CreatedDate"))))
        if set(fields) <= told.keys():
            return told
        soql = "SELECT Id, LastModifiedBy.Name, LastModifiedDate FROM Opportunity WHERE Id = "
        last = await self._query(f"{soql}{quoted(record)} LIMIT 1")
        if last:
            change = Change((last[0].get("LastModifiedBy") or {}).get("Name"), _moment(last[0].get("LastModifiedDate")))
            told |= {name: change for name in fields if name not in told}
        return told

    async def send(self, out: Outgoing) -> str:
        """Fields are set, notes and tasks made."""
        if out.kind == "fields":
            await self._ask("PATCH", f"{DATA}/sobjects/Opportunity/{_id(out.record)}", dict(out.fields))
            return out.record
        words = f"{out.text}\n\n{mark(out)}"
        if out.kind == "note":
            made = await self._ask("POST", f"{DATA}/sobjects/Note", {"ParentId": _id(out.record), "Title": out.title[:80], "Body": words})
        else:
            body = {"WhatId": _id(out.record), "Subject": out.title[:255], "Description": words, "Status": "Not Started"}
            body |= {"ActivityDate": out.day.isoformat()} if out.day else {}
            made = await self._ask("POST", f"{DATA}/sobjects/Task", body)
        return str(made.get("id") or "")

    async def find(self, out: Outgoing) -> str | None:
        """The note or task with our mark; long texts cannot be searched for, so those of the record are looked through, newest first."""
        if out.kind == "fields":
            return None
        notes, tasks = "SELECT Id, Body FROM Note WHERE ParentId = ", "SELECT Id, Description FROM Task WHERE WhatId = "
        soql, text = (notes, "Body") if out.kind == "note" else (tasks, "Description")
        soql += f"{quoted(out.record)} ORDER BY CreatedDate DESC LIMIT 200"
        return next((str(one["Id"]) for one in await self._query(soql) if mark(out) in str(one.get(text))), None)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._line.close()

    def _record(self, one: Mapping[str, Any]) -> Record:
        basic = ("Id", "Name", "StageName", "SystemModstamp", "IsDeleted", "Account", "Owner", "attributes")
        owner = ((one.get("Owner") or {}).get("Email") or "").strip().casefold()
        return Record(
            id=str(one["Id"]),
            customer=str((one.get("Account") or {}).get("Name") or one.get("Name") or ""),
            stage=str(one.get("StageName") or ""),
            modified=_moment(one.get("SystemModstamp")) or datetime.now(UTC),
            url=f"{self._url}/lightning/r/Opportunity/{one['Id']}/view",
            owner=owner or None,
            fields={name: _text(value) for name, value in one.items() if name not in basic and value not in (None, "")},
            gone=bool(one.get("IsDeleted")),
        )

    async def _query(self, soql: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """All rows of a query; one of more than 2,000 comes in parts."""
        found = await self._ask("GET", f"{DATA}/{'queryAll' if deleted else 'query'}", query={"q": soql})
        rows = list(found.get("records") or ())
        while str(found.get("nextRecordsUrl") or "").startswith("/services/data/"):
            found = await self._ask("GET", str(found["nextRecordsUrl"]))
            rows += found.get("records") or ()
        return [row for row in rows if isinstance(row, dict)]

    async def _ask(self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer; a session that has run out is opened anew, once."""
        fresh = self._token is None
        try:
            return await self._once(method, path, body, query)
        except KeyRefused:
            if fresh:
                raise
            self._token = None
            return await self._once(method, path, body, query)

    async def _once(self, method: str, path: str, body: Any, query: Mapping[str, str] | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token or await self._sign_in()}"}
        response = await self._line.ask(method, path, headers=headers, body=body, query=query)
        if response.status_code == 204 or not response.content:
            return {}
        found = plain_json(response)
        return found if isinstance(found, dict) else {}

    async def _sign_in(self) -> str:
        given = {"grant_type": "client_credentials", "client_id": self._client, "client_secret": self._secret}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await self._line.ask("POST", "/services/oauth2/token", headers=headers, form=urlencode(given))
        self._token = str(plain_json(response).get("access_token") or "")
        return self._token


def mark(out: Outgoing) -> str:
    """The word by which what we wrote is found again."""
    return "jumpin" + "".join(character for character in out.key if character.isalnum())


def quoted(value: str) -> str:
    r"""A text as SOQL takes it, whatever is in it: ' and \ escaped, line ends as \n and \r."""
    escapes = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", '"': '\\"'}
    return "'" + "".join(escapes.get(character, character) for character in value) + "'"


def _select(fields: Sequence[str]) -> str:
    """SELECT and the columns; a name that no field can have is left out, so that a mapping cannot alter the query."""
    basic = ("Id", "Name", "StageName", "SystemModstamp", "IsDeleted", "Account.Name", "Owner.Email")
    return "SELECT " + ", ".join(dict.fromkeys((*basic, *(name for name in fields if _NAME.fullmatch(name)))))


def _trouble(response: httpx.Response) -> CrmTrouble | None:  # noqa: PLR0911 - one line for each answer
    status, (code, said) = response.status_code, _reason(response)
    if status < 300:
        return None
    if status == 401 or code in _ASKED_AGAIN or code in ("invalid_client_id", "invalid_client", "invalid_grant"):
        return KeyRefused(
            "Salesforce refuses the client: check CRM_CLIENT_ID and CRM_KEY, and the connected app's client credentials flow."
        )
    if code in _BUSY or status in (429, 503):
        return Busy(
            "Salesforce's limit of requests is reached; it goes on later.", seconds_asked(response, 10.0 if status == 429 else 60.0)
        )
    if code == "INVALID_FIELD":
        return FieldGone(f"Salesforce has no such field: {said[:200]}. Run jumpin crm map.")
    if status == 403 or code in ("INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS", "INVALID_TYPE"):
        return NotAllowed(f"Salesforce does not allow this to the client's user: {said[:200]}. Give its user that permission.")
    if status == 404 or code == "ENTITY_IS_DELETED":
        return RecordGone("Salesforce has no such record: it was deleted.")
    if status < 500:
        return Refused(f"Salesforce does not take it: {said[:300] or code}")
    return Away(f"Salesforce answers with an error of its own ({status}); it is tried again.")


def _reason(response: httpx.Response) -> tuple[str, str]:
    """The code and the words of a refusal."""
    if response.status_code < 300:
        return "", ""
    try:
        told = response.json()
    except ValueError:
        return "", ""
    first = told[0] if isinstance(told, list) and told and isinstance(told[0], dict) else told
    if not isinstance(first, dict):
        return "", ""
    return str(first.get("errorCode") or first.get("error") or ""), str(first.get("message") or first.get("error_description") or "")


def _id(given: str) -> str:
    if not _ID.fullmatch(given):
        raise RecordGone("Salesforce has no such record: its ids have 15 or 18 letters and digits.")
    return given


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _moment(told: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", str(told).replace("Z", "+00:00")))
    except ValueError:
        return None
