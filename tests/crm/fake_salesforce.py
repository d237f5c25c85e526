"""A small Salesforce with a state of its own: just the SOQL and the calls that its public reference describes and we use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.crm.fakes import Answer, Deal, FakeCrm

_TYPES = {"text": "string", "number": "double", "date": "date", "choice": "picklist"}
_SOQL = re.compile(
    r"SELECT (?P<names>[\w., ]+) FROM (?P<table>\w+)(?: WHERE (?P<where>.*?))?(?: ORDER BY \w+ (?:ASC|DESC))?(?: LIMIT (?P<limit>\d+))?"
)
_PART = re.compile(r"(\w+) (=|>|>=) (?:'((?:\\.|[^'\\])*)'|(\d{4}-\d{2}-\d{2}T[\d:]+Z))(?: AND |$)")


@dataclass
class FakeSalesforce(FakeCrm):
    """Deals have ids of 18 characters. `token` is the session that is open; a test may end it."""

    vendor = "salesforce"
    token: str = ""
    signed_in: int = 0

    def refusal(self, mistakes: list[str]) -> Answer:
        return Answer(400, [{"errorCode": "JSON_PARSER_ERROR", "message": "; ".join(mistakes)}])

    def act(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Answer:
        if path.endswith("/token"):
            if body != {"grant_type": "client_credentials", "client_id": "client", "client_secret": self.key}:
                return Answer(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
            self.signed_in += 1
            self.token = f"session{self.signed_in}"
            return Answer(200, {"access_token": self.token, "instance_url": self.url, "token_type": "Bearer"})
        if not self.token or headers.get("Authorization") != f"Bearer {self.token}":
            return Answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
        last = path.rsplit("/", maxsplit=1)[-1]
        if last == "describe":
            return Answer(200, {"name": "Opportunity", "fields": self._described()})
        if last in ("query", "queryAll"):
            return self._query(query["q"], everything=last == "queryAll")
        if method == "PATCH":
            return self._patch(last, body)
        kind = "note" if last == "Note" else "task"
        number = f"00T{len(self.written):012d}"
        self.written.append({"id": number, "kind": kind, "record": body["ParentId" if kind == "note" else "WhatId"], "properties": body})
        self.written[-1]["text"] = body.get("Body" if kind == "note" else "Description", "")
        return Answer(201, {"id": number, "success": True, "errors": []})

    def _patch(self, number: str, body: dict[str, str]) -> Answer:
        deal = self.deals.get(number)
        if deal is None or deal.gone:
            return Answer(404, [{"errorCode": "NOT_FOUND", "message": "Provided external ID field does not exist or is not accessible"}])
        unknown = [name for name in body if name not in self.fields]
        if unknown:
            return Answer(400, [{"errorCode": "INVALID_FIELD", "message": f"No such column '{unknown[0]}' on sobject of type Opportunity"}])
        self.written.append({"id": number, "kind": "fields", "record": number, "fields": body})
        self.set(number, by="Jump-In", **body)
        return Answer(204)

    def _query(self, soql: str, *, everything: bool) -> Answer:
        found = _SOQL.fullmatch(soql)
        if found is None:
            return Answer(400, [{"errorCode": "MALFORMED_QUERY", "message": soql}])
        names = found["names"].split(", ")
        after = re.search(r"Id > '(\w+)'", found["where"] or "")
        rows = self._rows(
            found["table"],
            after[1] if after else "",
            int(found["limit"] or 2000)
            if "SystemModstamp" not in (found["where"] or "") and "Id =" not in (found["where"] or "")
            else 10**6,
        )
        rows = [row for row in rows if everything or not row.get("IsDeleted")]
        parts = _PART.findall(found["where"] or "")
        assert sum(len(f"{a} {b} '{c}'" if c or not d else f"{a} {b} {d}") for a, b, c, d in parts) + 5 * max(0, len(parts) - 1) == len(
            found["where"] or ""
        )
        for name, sign, text, time in parts:
            value = re.sub(r"\\(.)", r"\1", text) or time
            rows = [row for row in rows if _holds(str(row[name]), sign, value)]
        rows = sorted(rows, key=lambda row: str(row.get("Id")))[: int(found["limit"] or 2000)]
        for row in rows:
            missing = [name for name in names if name.partition(".")[0] not in row and name not in self.fields]
            if missing:
                return Answer(400, [{"errorCode": "INVALID_FIELD", "message": f"No such column '{missing[0]}'"}])
        told = [
            {"attributes": {"type": found["table"]}} | {name.partition(".")[0]: row.get(name.partition(".")[0]) for name in names}
            for row in rows
        ]
        return Answer(200, {"totalSize": len(told), "done": True, "records": told})

    def _rows(self, table: str, after: str, most: int) -> list[dict[str, Any]]:
        if table == "Opportunity":
            near = sorted((deal for deal in self.deals.values() if deal.id > after), key=lambda deal: deal.id)
            return [self._deal(deal) for deal in near[:most]]
        if table == "OpportunityFieldHistory":
            return [
                {"OpportunityId": deal.id, "Field": name, "CreatedBy": {"Name": by}, "CreatedDate": _stamp(at)}
                for deal in self.deals.values()
                for name, (by, at) in deal.changed.items()
            ]
        kind = "note" if table == "Note" else "task"
        return [{"Id": one["id"], **one["properties"]} for one in self.written if one["kind"] == kind]

    def _deal(self, deal: Deal) -> dict[str, Any]:
        return {
            "Id": deal.id,
            "Name": f"{deal.customer} - deal",
            "StageName": deal.stage,
            "SystemModstamp": _stamp(deal.modified),
            "LastModifiedDate": _stamp(deal.modified),
            "LastModifiedBy": {"Name": deal.by},
            "IsDeleted": deal.gone,
            "Account": {"Name": deal.customer},
            "Owner": {"Email": deal.owner} if deal.owner else None,
            **{name: value for name, value in deal.fields.items() if name in self.fields},
        }

    def _described(self) -> list[dict[str, Any]]:
        stages = [{"value": one, "label": label, "active": True} for one, label in self.stages.items()]
        stage = {"name": "StageName", "label": "Stage", "type": "picklist", "picklistValues": stages}
        return [stage, *({"name": name, "label": label, "type": _TYPES[kind]} for name, (label, kind) in self.fields.items())]


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _holds(held: str, sign: str, value: str) -> bool:
    if sign == "=":
        return held == value
    return held > value if sign == ">" else held[:19] >= value[:19]
