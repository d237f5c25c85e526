"""The wheel: installed somewhere else, it has its templates, manifest, migrations and samples, and its commands run."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

VERSION = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel, and an empty folder to work in."""

    folder: Path

    def jumpin(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        home = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home")}
        order = [str(self.folder / "venv" / "bin" / "jumpin"), *words]
        return subprocess.run(order, cwd=self.folder / "home", env={**home, **env}, capture_output=True, text=True, check=False)

    @property
    def packages(self) -> Path:
        return next((self.folder / "venv" / "lib").glob("python*")) / "site-packages"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "home").mkdir()
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *quiet, "--no-build-isolation", "--wheel-dir", folder, "."], check=True)
    venv.create(folder / "venv", with_pip=False)
    made = Installed(folder)
    # The dependencies come from this environment; the wheel itself is found first.
    (made.packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    wheel = next(folder.glob("*.whl"))
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *quiet, "--no-index", wheel], check=True)
    return made


def test_it_tells_its_version(installed: Installed) -> None:
    assert installed.jumpin("--version").stdout.strip() == f"jumpin {VERSION}"


def test_it_carries_all_that_is_not_code(installed: Installed) -> None:
    for room in ("bot", "store", "templates"):
        here = {file.relative_to(".") for file in Path(room).rglob("*") if file.is_file() and "__pycache__" not in file.parts}
        there = {file.relative_to(installed.packages) for file in (installed.packages / room).rglob("*") if file.is_file()}
        assert here - there == set()


def test_it_prints_the_manifest(installed: Installed) -> None:
    assert yaml.safe_load(installed.jumpin("manifest").stdout) == yaml.safe_load(Path("manifest.yml").read_text(encoding="utf-8"))


def test_it_scans_the_sample_it_brings(installed: Installed) -> None:
    sample = installed.packages / "bot" / "demo" / "samples" / "impl-acme.json"
    done = installed.jumpin("scan", "--json", str(sample))
    assert (done.returncode, done.stderr) == (0, "")
    assert '"start-small-and-ramp"' in done.stdout or '"volume-bait-and-switch"' in done.stdout


def test_it_upgrades_a_database(installed: Installed) -> None:
    url = f"sqlite+aiosqlite:///{installed.folder / 'wheel.sqlite3'}"
    assert installed.jumpin("db", "current", DATABASE_URL=url).returncode == 1
    assert installed.jumpin("db", "upgrade", DATABASE_URL=url).returncode == 0
    assert installed.jumpin("db", "current", DATABASE_URL=url).returncode == 0


def test_missing_tokens_end_with_one_sentence(installed: Installed) -> None:
    done = installed.jumpin("run")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "SLACK_BOT_TOKEN is missing" in done.stderr
