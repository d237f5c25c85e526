"""HubSpot's public OpenAPI description, cut down to our calls and merged: what judges requests and answers, and what a mock serves."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from store.sources.crm.hubspot import VERSION

_OBJECTS = f"/crm/objects/{VERSION}/{{objectType}}"
USED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "deals.json": (("get", f"{_OBJECTS}/{{objectId}}"), ("patch", f"{_OBJECTS}/{{objectId}}"), ("post", f"{_OBJECTS}/search")),
    "notes.json": (("post", _OBJECTS), ("post", f"{_OBJECTS}/search")),
    "tasks.json": (("post", _OBJECTS), ("post", f"{_OBJECTS}/search")),
    "companies.json": (("post", f"{_OBJECTS}/batch/read"),),
    "crmOwners.json": (("get", f"/crm/owners/{VERSION}"), ("get", f"/crm/owners/{VERSION}/{{ownerId}}")),
    "pipelines.json": (("get", f"/crm/pipelines/{VERSION}/{{objectType}}"),),
    "properties.json": (("get", f"/crm/properties/{VERSION}/{{objectType}}"),),
    "associations.json": (("post", f"/crm/associations/{VERSION}/{{fromObjectType}}/{{toObjectType}}/batch/read"),),
}
"""The vendor's files by name, and the calls of each that the client makes."""

SORT = {
    "type": "object",
    "required": ["propertyName", "direction"],
    "properties": {"propertyName": {"type": "string"}, "direction": {"type": "string", "enum": ["ASCENDING", "DESCENDING"]}},
}
"""The description has a string for a sort of a search; HubSpot itself and its guides take this, and pass over anything else in silence."""


class Unusable(Exception):
    """The folder does not hold what is needed; the text says what, in one sentence."""


class Description:
    """`merged` is the description as one document, `scopes` what a key needs for a call (one of each set)."""

    def __init__(self, merged: dict[str, Any], scopes: Mapping[tuple[str, str], frozenset[str]]) -> None:
        self.merged = merged
        self._scopes = scopes
        self._schemas = {strict: _for_checks(merged["components"]["schemas"], strict=strict) for strict in (True, False)}

    def unmade(self, made: Iterable[tuple[str, str]]) -> list[str]:
        """The calls, by their paths here, that are not among these."""
        done = {(method.lower(), self._operation(method, path)[0]) for method, path in made}
        return [
            f"{method.upper()} {path}: the client made no such call"
            for path, calls in self.merged["paths"].items()
            for method in calls
            if (method, path) not in done
        ]

    def request_mistakes(self, method: str, path: str, query: Mapping[str, str], body: Any) -> list[str]:
        """What is in a request that the description does not know, or lacks."""
        _, operation = self._operation(method, path)
        if operation is None:
            return [f"the description has no {method} {path}"]
        known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        wrong = [f"the description has no query {name}" for name in query if name not in known]
        if "requestBody" in operation:
            wrong += self._check(_schema(operation["requestBody"]), body, strict=True)
        return wrong

    def answer_mistakes(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Where an answer is not as the description has it."""
        _, operation = self._operation(method, path)
        if operation is None:
            return []
        answers = operation["responses"]
        told = answers.get(str(status)) or (answers.get("default") if status >= 300 else None)
        if told is None:
            return [f"the description has no status {status}"]
        if "$ref" in told:
            told = self.merged["components"]["responses"][told["$ref"].rsplit("/", 1)[-1]]
        return self._check(_schema(told), body, strict=False) if told.get("content") else []

    def lacking(self, method: str, path: str, held: frozenset[str]) -> list[str]:
        """What a key with these scopes may not do."""
        template, _ = self._operation(method, path)
        needed = self._scopes.get((method.lower(), template or ""), frozenset())
        return [f"none of {', '.join(sorted(needed))} is among the scopes"] if needed and needed.isdisjoint(held) else []

    def _operation(self, method: str, path: str) -> tuple[str | None, dict[str, Any] | None]:
        for template, operations in self.merged["paths"].items():
            if method.lower() in operations and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
                return template, operations[method.lower()]
        return None, None

    def _check(self, schema: Mapping[str, Any], given: Any, *, strict: bool) -> list[str]:
        whole = {**_plain(schema, strict=strict), "components": {"schemas": self._schemas[strict]}}
        found = Draft202012Validator(whole).iter_errors(given)
        return [f"{'.'.join(map(str, error.absolute_path)) or 'it'}: {error.message[:200]}" for error in found]


def read(folder: Path) -> Description:
    """The vendor's files somewhere under a folder, as one. Raises Unusable."""
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {"schemas": {}, "responses": {}}
    scopes: dict[tuple[str, str], frozenset[str]] = {}
    for name, calls in USED.items():
        told = _mended(json.loads(_found(folder, name).read_text(encoding="utf-8")), name)
        for part, held in components.items():
            held |= {f"{_prefix(name)}{one}": value for one, value in told["components"].get(part, {}).items()}
        for method, template in calls:
            operation = told["paths"].get(template, {}).get(method)
            if operation is None:
                raise Unusable(f"{name} has no {method.upper()} {template} (any more): the client needs it.")
            path = ours(template, name)
            needed = frozenset(scope for one in operation.pop("security", ()) for named in one.values() for scope in named)
            scopes[method, path] = needed
            operation["parameters"] = [
                one for one in operation.get("parameters", ()) if f"{{{one['name']}}}" in path or one["in"] != "path"
            ]
            paths.setdefault(path, {})[method] = operation
    merged = {
        "openapi": "3.0.1",
        "info": {"title": "The calls that we make", "version": VERSION},
        "paths": paths,
        "security": [{"key": []}],
        "components": {**components, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
    return Description(merged, scopes)


def _found(folder: Path, name: str) -> Path:
    """A file of our version: in a folder of that name as the vendor has it, or right in the one given."""
    versioned = sorted(one for one in folder.rglob(name) if one.parent.name == VERSION)
    for one in (*versioned, folder / name):
        if one.is_file():
            return one
    raise Unusable(f"There is no {name} of {VERSION} under {folder}: give the folder of HubSpot's public API descriptions.")


def ours(template: str, name: str) -> str:
    """A path as we call it: every file says {objectType} for its own; as one document they need their names."""
    kind = name.removesuffix(".json") if name in ("notes.json", "tasks.json", "companies.json") else "deals"
    return template.replace("{objectType}", kind).replace("{fromObjectType}", "deals").replace("{toObjectType}", "companies")


def _prefix(name: str) -> str:
    return f"{name.removesuffix('.json')}-"


def _mended(told: Any, name: str) -> Any:
    """What keeps the files from being used as they are: examples that are none, content of any type, and the type of a sort."""
    if isinstance(told, list):
        return [_mended(one, name) for one in told]
    if not isinstance(told, dict):
        return told
    made = {"application/json" if key == "*/*" else key: _mended(value, name) for key, value in told.items()}
    example = made.get("example")
    if "example" in made and (example is None or (isinstance(example, str) and made.get("type") in ("object", "array"))):
        del made["example"]
    if isinstance(made.get("$ref"), str):
        made["$ref"] = re.sub(r"(#/components/\w+/)", rf"\g<1>{_prefix(name)}", made["$ref"])
    if isinstance(made.get("sorts"), dict) and made["sorts"].get("items", {}).get("type") == "string":
        made["sorts"]["items"] = copy.deepcopy(SORT)
    return made


def _schema(told: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = told["content"]["application/json"]["schema"]
    return schema


def _for_checks(schemas: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    return {name: _plain(one, strict=strict) for name, one in schemas.items()}


def _plain(schema: Any, *, strict: bool) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema; when strict, with no more fields than it names."""
    if isinstance(schema, list):
        return [_plain(one, strict=strict) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _plain(value, strict=strict) for key, value in schema.items() if key not in ("nullable", "example", "xml")}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        made["type"] = [schema["type"], "null"]
    if strict and isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema and schema.get("type") == "object":
        made["additionalProperties"] = False
    return made
