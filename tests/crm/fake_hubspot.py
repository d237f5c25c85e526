"""A small HubSpot with a state of its own, strict about what its OpenAPI description requires."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.crm.fakes import Answer, Deal, FakeCrm

STAMP = "2026-11-01T00:00:00Z"
_TYPES = {"text": "string", "number": "number", "date": "date", "choice": "enumeration"}


@dataclass
class FakeHubSpot(FakeCrm):
    """Deals have numbers for ids; owners and companies are made from their names. `most`: results that one search can reach;
    `sorts`: whether it heeds the order that a search asks for.
    """

    vendor = "hubspot"
    scopes_missing: str | None = None
    most: int = 10_000
    sorts: bool = True

    def refusal(self, mistakes: list[str]) -> Answer:
        return _refused(400, "VALIDATION_ERROR", "; ".join(mistakes))

    def act(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Answer:
        if headers.get("Authorization") != f"Bearer {self.key}":
            return _refused(401, "INVALID_AUTHENTICATION", "expired")
        if self.scopes_missing and method != "GET":
            error = {"message": "one of these is needed", "context": {"requiredGranularScopes": [self.scopes_missing]}}
            return _refused(403, "MISSING_SCOPES", "scopes", errors=[error])
        if path.endswith("/search"):
            return self._search(path.split("/")[-2], body)
        parts = path.removeprefix("/crm/").split("/")
        if parts[0] == "properties":
            return Answer(200, {"results": [_property(name, *told) for name, told in self.fields.items()]})
        if parts[0] == "pipelines":
            return Answer(200, {"results": [self._pipeline()]})
        if parts[0] == "owners":
            return self._owner(parts[2] if len(parts) > 2 else None)
        if parts[0] == "associations":
            return Answer(200, _batch([self._companies(one["id"]) for one in body["inputs"]]))
        if parts[2] == "companies":
            names = {_number(deal.customer): deal.customer for deal in self.deals.values()}
            return Answer(200, _batch([_object(one["id"], {"name": names[one["id"]]}) for one in body["inputs"]]))
        return self._object(method, parts[2], parts[3] if len(parts) > 3 else None, query, body)

    def _object(self, method: str, kind: str, number: str | None, query: dict[str, str], body: Any) -> Answer:
        if kind != "deals":
            made = str(9000 + len(self.written))
            text = body["properties"][f"hs_{kind[:-1]}_body"]
            to = body["associations"][0]["to"]["id"]
            self.written.append({"id": made, "kind": kind[:-1], "record": to, "text": text, "properties": body["properties"]})
            return Answer(201, _object(made, body["properties"]))
        deal = self.deals.get(number or "") or next((one for one in self.deals.values() if number in one.merged), None)
        if deal is None or deal.gone:
            return _refused(404, "OBJECT_NOT_FOUND", "resource not found")
        if method == "PATCH":
            unknown = [name for name in body["properties"] if name not in self.fields and name != "dealstage"]
            if unknown:
                return _refused(400, "VALIDATION_ERROR", f"{unknown} PROPERTY_DOESNT_EXIST")
            self.written.append({"id": deal.id, "kind": "fields", "record": deal.id, "fields": body["properties"]})
            self.set(deal.id, by="Jump-In", **body["properties"])
            return Answer(200, self._deal(deal))
        return Answer(200, self._deal(deal, history=query.get("propertiesWithHistory", "")))

    def _search(self, kind: str, body: dict[str, Any]) -> Answer:
        [group] = body["filterGroups"]
        first = int(body["after"])
        if first + body["limit"] > self.most:
            return _refused(400, "VALIDATION_ERROR", "paging beyond 10000 is not possible")
        if kind == "deals":
            near = sorted((deal for deal in self.deals.values() if not deal.gone and _is_asked(deal, group)), key=lambda deal: int(deal.id))
            if not self.sorts:
                near.reverse()
            rows = [self._deal(deal) for deal in near[: first + body["limit"]]]
        else:
            rows = [row for row in self._written(kind, group) if all(_holds(one, row) for one in group["filters"])]
        found = rows[first : first + body["limit"]]
        wanted = set(body["properties"])
        told = [{**row, "properties": {name: value for name, value in row["properties"].items() if name in wanted}} for row in found]
        return Answer(200, {"total": len(rows), "results": told}, self.allowance())

    def allowance(self) -> dict[str, str]:
        """The rate limit headers; a test may say that little is left."""
        return {
            "X-HubSpot-RateLimit-Max": "190",
            "X-HubSpot-RateLimit-Remaining": "180",
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        }

    def _written(self, kind: str, group: dict[str, Any]) -> list[dict[str, Any]]:
        [deal] = [one["value"] for one in group["filters"] if one["propertyName"] == "associations.deal"]
        mine = [one for one in self.written if one["kind"] == kind[:-1] and one["record"] == deal]
        return [_object(one["id"], {**one["properties"], "hs_object_id": one["id"]}) for one in mine]

    def _deal(self, deal: Deal, history: str = "") -> dict[str, Any]:
        basic = {
            "dealname": f"{deal.customer} - deal",
            "dealstage": deal.stage,
            "pipeline": "default",
            "hubspot_owner_id": _number(deal.owner) if deal.owner else None,
            "hs_lastmodifieddate": deal.modified.isoformat().replace("+00:00", "Z"),
            "hs_object_id": deal.id,
            "hs_merged_object_ids": ";".join(deal.merged) or None,
        }
        known = {name: value for name, value in deal.fields.items() if name in self.fields}
        made = {**_object(deal.id, {**basic, **known}), "url": f"https://crm.example/deal/{deal.id}"}
        told = {}
        for name in filter(None, history.split(",")):
            by, at = deal.changed.get(name, (deal.by, deal.modified))
            line = {"value": known.get(name, ""), "timestamp": at.isoformat(), "sourceType": "CRM_UI", "updatedByUserId": int(_number(by))}
            told[name] = [line]
        return {**made, "propertiesWithHistory": told} if told else made

    def _pipeline(self) -> dict[str, Any]:
        stages = [
            {"id": one, "label": label, "displayOrder": place, "archived": False, "createdAt": STAMP, "updatedAt": STAMP}
            | {"metadata": {}, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT"}
            for place, (one, label) in enumerate(self.stages.items())
        ]
        told = {"id": "default", "label": "Sales", "displayOrder": 0, "archived": False, "createdAt": STAMP, "updatedAt": STAMP}
        return {**told, "stages": stages}

    def _owner(self, number: str | None) -> Answer:
        people = {deal.owner: deal.owner.partition("@")[0] for deal in self.deals.values() if deal.owner}
        who = {_number(email): (email, name) for email, name in people.items()} | {
            _number("Sam Stone"): ("sam@carrier.example", "Sam Stone")
        }
        if number is not None and number not in who:
            return _refused(404, "OBJECT_NOT_FOUND", "no owner")
        told = [
            {"id": one, "email": email, "firstName": name, "userId": int(one), "type": "PERSON", "archived": False}
            | {"createdAt": STAMP, "updatedAt": STAMP}
            for one, (email, name) in who.items()
            if number in (None, one)
        ]
        return Answer(200, told[0] if number else {"results": told})

    def _companies(self, number: str) -> dict[str, Any]:
        kinds = [{"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}]
        other = {"toObjectId": "1", "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 341}]}
        return {"from": {"id": number}, "to": [other, {"toObjectId": _number(self.deals[number].customer), "associationTypes": kinds}]}


def _number(name: str) -> str:
    """A number that stands for a name."""
    return str(10_000 + sum(ord(character) * (place + 1) for place, character in enumerate(name)))


def _refused(status: int, category: str, message: str, **more: Any) -> Answer:
    """An error as the description has it."""
    told = {"status": "error", "category": category, "message": message, "correlationId": "00000000-0000-4000-8000-000000000000"}
    return Answer(status, {**told, **more})


def _object(number: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": number, "properties": properties, "createdAt": STAMP, "updatedAt": STAMP, "archived": False}


def _batch(results: list[Any]) -> dict[str, Any]:
    return {"status": "COMPLETE", "results": results, "startedAt": STAMP, "completedAt": STAMP}


def _property(name: str, label: str, kind: str) -> dict[str, Any]:
    told = {"name": name, "label": label, "type": _TYPES[kind], "fieldType": "text", "groupName": "dealinformation"}
    return {**told, "description": "", "options": []}


def _holds(one: dict[str, Any], row: dict[str, Any]) -> bool:
    name, value = one["propertyName"], one["value"]
    if name == "associations.deal":
        return True  # done before
    held = row["properties"].get(name) or ""
    if one["operator"] == "CONTAINS_TOKEN":
        return value in re.findall(r"\w+", held)
    raise AssertionError(one)


def _is_asked(deal: Deal, group: dict[str, Any]) -> bool:
    asked = {(one["propertyName"], one["operator"]): int(one["value"]) for one in group["filters"]}
    assert asked.keys() <= {("hs_lastmodifieddate", "GTE"), ("hs_object_id", "GT")}
    since, after = asked.get(("hs_lastmodifieddate", "GTE"), 0), asked.get(("hs_object_id", "GT"), 0)
    return deal.modified.timestamp() * 1000 >= since and int(deal.id) > after
