"""Bytes into text, and YAML or JSON into plain data: bounded in size and depth, nothing guessed, nothing executed.

YAML values stay the text that stands in the file, so that 0150, 16:00, 1_000 and `no` mean what they say.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Hashable
from pathlib import PurePath
from typing import Any, ClassVar

import yaml

DEEPEST = 24
"""Levels of nesting; a deal needs four."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NULL = "tag:yaml.org,2002:null"


class NotReadable(ValueError):
    """The bytes or the text are not what they should be; says what is wrong and where, without the file's name."""


def decode(data: bytes) -> str:
    """Text of a file: UTF-8 or UTF-16/32 with a byte order mark, else Windows-1252; raises NotReadable for binary data."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise NotReadable(f"is not text: it starts like {encoding} and goes on otherwise") from None
    if b"\0" in data:
        raise NotReadable("is not text (it holds zero bytes); save it as plain UTF-8 text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def load(text: str, name: str) -> object:
    """The plain data in `text` (JSON when the name or the first character says so, else YAML); raises NotReadable."""
    text = text.removeprefix("\ufeff")
    if PurePath(name).suffix.lower() == ".json" or text.lstrip()[:1] in ("{", "["):
        try:
            return from_json(text)
        except NotReadable:
            if PurePath(name).suffix.lower() == ".json":
                raise
    return from_yaml(text)


def from_json(text: str) -> object:
    """JSON into plain data; a repeated key, NaN or hostile nesting raises NotReadable with line and column."""
    if not text.strip():
        raise NotReadable("is empty")
    try:
        found: object = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
        if "\\ud" in text or "\\uD" in text:  # half a surrogate pair cannot be printed or stored
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except json.JSONDecodeError as wrong:
        raise NotReadable(f"line {wrong.lineno}, column {wrong.colno}: is not JSON: {wrong.msg[:1].lower()}{wrong.msg[1:]}") from None
    except RecursionError:
        raise NotReadable("is nested too deeply") from None
    except NotReadable:
        raise
    except ValueError:
        raise NotReadable("holds a number of thousands of digits") from None
    return found


def from_yaml(text: str) -> object:
    """YAML into lists, dicts, text and None; anchors, tags, repeated keys or hostile nesting raise NotReadable with the line."""
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader that makes nothing but text, lists and dicts
    except NotReadable:
        raise
    except yaml.MarkedYAMLError as wrong:
        raise NotReadable(f"{_place(wrong.problem_mark or wrong.context_mark)}is not YAML: {_hint(wrong)}") from None
    except yaml.reader.ReaderError as wrong:
        raise NotReadable(f"character {wrong.position + 1} is a control character that YAML does not allow") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise NotReadable(f'"{twice[:40]}" stands twice in the same place; keep one of them')
    return found


def _no_constant(constant: str) -> object:
    raise NotReadable(f"{constant} is not a number that JSON allows")


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""


def _hint(wrong: yaml.MarkedYAMLError) -> str:
    problem = str(wrong.problem or wrong.context or "it cannot be read")
    if "cannot start any token" in problem and "\\t" in problem:
        return "a tab stands where spaces are needed; indent with spaces"
    if "mapping values are not allowed" in problem:
        return "a colon too many, or a wrong indentation; put text with a colon in quotes"
    return problem


def _no_tags(_loader: yaml.SafeLoader, node: yaml.Node) -> object:
    raise NotReadable(f"{_place(node.start_mark)}tags ({node.tag[:40]}) are not used here; write the plain value")


class _PlainLoader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {  # noqa: RUF012 - a table that PyYAML declares so
        first: [(_NULL, pattern) for tag, pattern in rules if tag == _NULL]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        _NULL: yaml.SafeLoader.construct_yaml_null,
        "tag:yaml.org,2002:str": yaml.SafeLoader.construct_yaml_str,
        "tag:yaml.org,2002:seq": yaml.SafeLoader.construct_yaml_seq,
        "tag:yaml.org,2002:map": yaml.SafeLoader.construct_yaml_map,
        None: _no_tags,
    }
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise NotReadable(f"{_place(event.start_mark)}anchors and aliases (& and *) are not used here; write the value out")
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotReadable(f"{_place(event.start_mark)}is nested too deeply")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise NotReadable(f"{_place(key.start_mark)}a list or a mapping cannot be a name")
            if key.value in seen:
                raise NotReadable(f'{_place(key.start_mark)}"{key.value[:40]}" stands twice in the same place; keep one of them')
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)
