"""The vendors' contracts as data: what a request must hold and what an answer holds, checked for every call that a fake serves."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_FILE = Path(__file__).with_name("contract.json")


@cache
def _all() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def fact(vendor: str, method: str, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is held of a call, and the definitions that it refers to. Raises KeyError."""
    found = _fact(vendor, method, path)
    if found is None:
        raise KeyError(path)
    return found, _all()["$defs"]


def _fact(vendor: str, method: str, path: str) -> dict[str, Any] | None:
    return next((one for one in _all()[vendor] if one["method"] == method and re.fullmatch(one["path"], path)), None)


def request_mistakes(vendor: str, method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
    """What the vendor would refuse in a request."""
    fact = _fact(vendor, method, path)
    if fact is None:
        return [f"there is no {method} {path}"]
    wrong = [f"unknown query {name}" for name in query if name not in fact.get("query", [])]
    return wrong + (_mistakes(fact["body"], body) if "body" in fact else [])


def answer_mistakes(vendor: str, method: str, path: str, answer: Any) -> list[str]:
    """Where an answer of a fake is not what the vendor gives."""
    fact = _fact(vendor, method, path)
    return _mistakes(fact["answer"], _shortened(answer)) if fact and "answer" in fact else []


def _mistakes(schema: dict[str, Any], given: Any) -> list[str]:
    checker = Draft202012Validator({**schema, "$defs": _all()["$defs"]})
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in checker.iter_errors(given)]


def _shortened(answer: Any) -> Any:
    """The first of a long list: rows are made by one function, and there are thousands of them."""
    if not isinstance(answer, dict):
        return answer
    return {name: value[:3] if isinstance(value, list) else value for name, value in answer.items()}
