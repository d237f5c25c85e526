"""The lock: every dependency pinned with hashes, no host named, and the runtime lock is a part of the whole one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WHOLE, RUNTIME, TRACES = Path("constraints.txt"), Path("constraints-runtime.txt"), Path("constraints-otel.txt")
BUILD = Path("constraints-build.txt")


def pins(file: Path) -> dict[str, str]:
    """Name -> version, each with at least one hash."""
    found = {}
    for block in re.split(r"\n(?=\S)", file.read_text(encoding="utf-8")):
        match = re.match(r"([A-Za-z0-9._-]+)==(\S+)", block)
        if match:
            assert "--hash=sha256:" in block, match.group(0)
            found[str(canonicalize_name(match.group(1)))] = match.group(2)
    return found


def wanted(section: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in section]


def test_the_lock_names_no_host() -> None:
    for file in (WHOLE, RUNTIME, TRACES, BUILD, Path("bot/demo/package-lock.json")):
        assert "://" not in file.read_text(encoding="utf-8")


def test_every_dependency_is_pinned_as_allowed() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    whole, runtime = pins(WHOLE), pins(RUNTIME)
    for need in wanted(project["project"]["dependencies"]):
        assert runtime[canonicalize_name(need.name)] in need.specifier
    for need in wanted(project["dependency-groups"]["dev"]):
        assert whole[canonicalize_name(need.name)] in need.specifier


def test_each_lock_is_part_of_the_next_larger_one() -> None:
    assert pins(RUNTIME).items() < pins(TRACES).items() < pins(WHOLE).items()
    assert pins(BUILD).items() < pins(WHOLE).items()


def test_what_builds_it_is_pinned() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    for need in wanted(project["build-system"]["requires"]):
        assert pins(BUILD)[canonicalize_name(need.name)] in need.specifier


def test_the_lock_with_traces_has_what_sends_them() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    for need in wanted(project["project"]["optional-dependencies"]["otel"]):
        assert pins(TRACES)[canonicalize_name(need.name)] in need.specifier
