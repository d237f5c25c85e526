"""The documents: their links lead somewhere, they name every setting and command, and they name no machine."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main

from bot.cli import app
from bot.settings import Settings
from templates.draft_facts import DraftFacts
from templates.facts import Facts

DOCS = [
    Path(name)
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/clock.md",
        "docs/process.md",
        "docs/nudges.md",
        "docs/calls.md",
        "docs/running.md",
        "docs/deal-file.md",
        "docs/reader.md",
        "docs/scripts.md",
        "docs/security.md",
        "docs/operations.md",
        "docs/install.md",
        "docs/privacy.md",
        "docs/adding-a-scenario.md",
        "docs/configuration.md",
        "docs/strong-reader.md",
        "docs/talk-files.md",
        "docs/volumes.md",
    )
]


@pytest.mark.parametrize("doc", DOCS, ids=str)
def test_links_lead_to_files(doc: Path) -> None:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)\)", doc.read_text(encoding="utf-8")):
        assert "://" in target or (doc.parent / target).exists(), target


def test_every_setting_is_in_the_table() -> None:
    text = Path("docs/running.md").read_text(encoding="utf-8")
    for field in Settings.model_fields.values():
        assert f"`{field.validation_alias}`" in text


def test_every_command_is_told() -> None:
    told = "".join(doc.read_text(encoding="utf-8") for doc in DOCS)
    group = typer.main.get_command(app)
    for name in group.list_commands(None):  # type: ignore[attr-defined]
        assert re.search(rf"`?jumpin {name}\b", told) or f"`{name}`" in told, name


def test_every_variable_of_a_script_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", Path("docs/scripts.md").read_text(encoding="utf-8").partition("## What can be filled in")[2]))
    assert {field.name for field in (*fields(Facts), *fields(DraftFacts))} <= told


def test_no_committed_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    files = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split()
    unwanted = re.compile(r"(py" + r"pi\.org|registry\.npm" + r"js|pythonho" + r"sted|(?<![\w.])/wo" + r"rk/|/ro" + r"ot/)")
    for name in files:
        file = Path(name)
        if file.suffix in {".md", ".py", ".txt", ".toml", ".json", ".yml", ".yaml", ".js", ""} and file.is_file():
            assert not unwanted.search(file.read_text(encoding="utf-8")), name


def test_every_rule_of_the_process_names_tests_that_exist() -> None:
    rules = [
        line for line in Path("docs/process.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "held by" not in line
    ]
    assert len(rules) > 30
    for rule in rules:
        named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", rule)
        assert named, rule
        for file, name in named:
            source = Path(file).read_text(encoding="utf-8")
            assert not name or re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), f"{file}::{name}"
