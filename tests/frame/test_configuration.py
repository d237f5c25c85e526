"""The page of settings is what the program has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import Settings

PAGE = Path("docs/configuration.md")


def test_the_page_is_what_the_settings_are(tmp_path: Path) -> None:
    made = tmp_path / "configuration.md"
    subprocess.run([sys.executable, "deploy/configuration.py", str(made)], check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    assert made.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), "run `make docs`"


def test_each_setting_has_words_and_secrets_are_marked() -> None:
    rows = {row.split("|")[1].strip(" `"): row for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("| `")}
    for field in Settings.model_fields.values():
        row = rows[str(field.validation_alias)]
        assert row.split("|")[-2].strip(), f"{field.validation_alias} has no row in the table of docs/running.md"
        assert ("a secret" in row) == (not field.repr)
