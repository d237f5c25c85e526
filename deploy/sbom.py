"""Writes what the bot is made of as a CycloneDX list: `make sbom`. The packages and their hashes come from constraints-runtime.txt."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def pinned(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 hashes of each pinned package."""
    for block in re.split(r"\n(?=\S)", text):
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", block)
        if match:
            yield match.group(1), match.group(2), re.findall(r"--hash=sha256:([0-9a-f]{64})", block)


def component(name: str, version: str) -> dict[str, Any]:
    """A package as CycloneDX has it; the licence as the installed package tells it."""
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
    }
    licence = _licence(name)
    if licence:
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def bom(text: str, version: str) -> Mapping[str, Any]:
    """The whole list. The files of a package, one for each platform, are properties: a hash of CycloneDX is of one file."""
    components = []
    for name, pin, hashes in pinned(text):
        made = component(name, pin)
        made["properties"] = [{"name": "pip:sha256", "value": one} for one in hashes]
        components.append(made)
    ours = {"type": "application", "bom-ref": "jump-in", "name": "jump-in", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": components,
        "dependencies": [{"ref": "jump-in", "dependsOn": [one["bom-ref"] for one in components]}],
    }


def _licence(name: str) -> str | None:
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return None
    told = found.get("License-Expression") or found.get("License") or ""
    return " ".join(told.split())[:200] or None


def main() -> None:
    """Write the list to the file that is named."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    made = bom((ROOT / "constraints-runtime.txt").read_text(encoding="utf-8"), project["version"])
    Path(sys.argv[1]).write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(made['components'])} packages written to {sys.argv[1]}\n")


if __name__ == "__main__":
    main()
