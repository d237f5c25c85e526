"""The runner that holds the client against the vendor's description, fed with one made of our own contract: the vendor's is not here."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from store.sources.crm.hubspot import VERSION
from tests.crm import against_spec
from tests.crm.contract import fact
from tests.crm.description import USED, ours

ERROR = {
    "type": "object",
    "required": ["category", "correlationId", "message"],
    "properties": {"message": {"type": "string", "example": None}},
}
SCOPES = {
    "notes.json": "crm.objects.contacts.write",
    "tasks.json": "crm.objects.contacts.write",
    "companies.json": "crm.objects.companies.read",
    "crmOwners.json": "crm.objects.owners.read",
}


def described(name: str) -> dict[str, Any]:
    """A file as the vendor has it, with its weak points: any content type, empty examples, security per call."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Error": ERROR}
    for method, template in USED[name]:
        held, definitions = fact("hubspot", method.upper(), ours(template, name).replace("{objectId}", "1").replace("{ownerId}", "1"))
        schemas |= definitions
        answer = json.loads(json.dumps(held["answer"]).replace("#/$defs/", "#/components/schemas/"))
        operation: dict[str, Any] = {
            "parameters": [{"name": one, "in": "query", "schema": {"type": "string"}} for one in held.get("query", ())],
            "responses": {
                "201" if template.endswith("{objectType}") and method == "post" else "200": {
                    "content": {"application/json": {"schema": answer}}
                },
                "default": {"content": {"*/*": {"schema": {"$ref": "#/components/schemas/Error"}, "example": None}}},
            },
            "security": [{"oauth2": [SCOPES.get(name, "crm.objects.deals.read")]}],
        }
        if "body" in held:
            body = copy.deepcopy(held["body"])
            if "sorts" in body["properties"]:
                body["properties"]["sorts"]["items"] = {"type": "string"}  # the vendor's own slip
            operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
        paths.setdefault(template, {})[method] = operation
    return {"paths": paths, "components": {"schemas": schemas}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in USED:
        path = tmp_path / name.removesuffix(".json") / VERSION / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(described(name)), encoding="utf-8")
    return tmp_path


def changed(folder: Path, name: str, old: str, new: str) -> None:
    [path] = folder.rglob(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_client_that_keeps_to_the_description_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert against_spec.main([str(folder), "--no-mock"]) == 0
    assert "as they must be, 0 not" in capsys.readouterr().out


OTHERWISE = {
    "a field that is required": (
        "notes.json",
        '"required": ["associations", "properties"]',
        '"required": ["associations", "properties", "author"]',
        "'author' is a required",
    ),
    "another type": ("deals.json", '"limit": {"type": "integer"', '"limit": {"type": "string"', "200 is not of type 'string'"),
    "another query": ("deals.json", '"name": "archived"', '"name": "gone"', "no query archived"),
    "another scope": ("tasks.json", '"crm.objects.contacts.write"', '"crm.objects.tickets.write"', "none of crm.objects"),
    "another answer": ("crmOwners.json", '"required": ["archived"', '"required": ["team", "archived"', "'team' is a required property"),
    "another status": ("pipelines.json", '"200"', '"202"', "the description has no status 200"),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_what_the_description_has_otherwise_is_told(folder: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    name, old, new, told = OTHERWISE[what]
    changed(folder, name, old, new)
    assert against_spec.main([str(folder), "--no-mock"]) == 1
    assert told in capsys.readouterr().out


def test_a_folder_without_it_or_with_a_call_gone_is_told_in_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(folder, "companies.json", "/batch/read", "/batch/look")
    assert against_spec.main([str(folder), "--no-mock"]) == 2
    assert "companies.json has no POST" in capsys.readouterr().out
    assert against_spec.main([str(folder / "nothing"), "--no-mock"]) == 2
    assert "There is no deals.json of 2026-09" in capsys.readouterr().out
