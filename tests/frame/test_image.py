"""The container's image, as far as its Dockerfile tells without building it: what goes in, what stays out, and how its health is asked."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

STEPS = re.findall(
    r"^([A-Z]+) (.+)$",
    re.sub(r"^#.*\n", "", Path("Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", ""),
    re.MULTILINE,
)
"""Each instruction with what follows it, lines that go on put together."""
LAST = STEPS[max(number for number, (name, _) in enumerate(STEPS) if name == "FROM") :]
"""Those of the image itself; the others are of the stage that builds."""


def copied() -> set[str]:
    """What comes from this folder."""
    orders = [rest.split() for name, rest in STEPS if name == "COPY" and "--from" not in rest]
    return {source for *sources, _ in orders for source in sources}


def test_all_that_the_build_copies_reaches_it_and_no_more() -> None:
    let_through = {line[1:] for line in Path(".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert copied() == let_through
    assert all(Path(source).exists() for source in copied())


def test_the_wheel_is_made_of_what_is_copied() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    about = {project["project"]["readme"], *project["project"]["license-files"]}
    assert {*wheel["packages"], *wheel["force-include"], *about, "pyproject.toml"} <= copied()


def test_every_package_that_is_installed_is_pinned_by_hash() -> None:
    installs = [order for name, rest in STEPS if name == "RUN" for order in rest.split("&&") if " install " in order]
    assert len(installs) == 3
    assert [order for order in installs if "--require-hashes -r" not in order and "--no-deps /dist/" not in order] == []


def test_what_installs_packages_is_not_in_the_image() -> None:
    [prepared] = [rest for name, rest in LAST if name == "RUN"]
    assert re.search(r"pip uninstall .*\bpip\b", prepared)
    assert "ensurepip" in prepared
    assert any(name == "RUN" and "venv --without-pip /opt/jumpin" in rest for name, rest in STEPS)


def test_a_start_finds_its_modules_compiled_where_it_cannot_write() -> None:
    [prepared] = [rest for name, rest in LAST if name == "RUN"]
    assert "-m compileall" in prepared
    assert any(name == "ENV" and "PYTHONDONTWRITEBYTECODE=1" in rest for name, rest in LAST)


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[int]:
    """A server whose /readyz answers so; its port."""

    async def readyz(_request: web.Request) -> web.Response:
        return web.json_response({"ok": status == 200}, status=status)

    app = web.Application()
    app.router.add_get("/readyz", readyz)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def health(port: int) -> int:
    """The exit status of the health check, in a network with a proxy that does not know this machine."""
    [check] = [rest for name, rest in LAST if name == "HEALTHCHECK"]
    program, *words = json.loads(check.partition(" CMD ")[2])
    assert program == "python"
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"), "http://127.0.0.1:9")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env={**os.environ, **proxies, "PORT": str(port)}, stdout=quiet, stderr=quiet
    )
    return await process.wait()


@pytest.mark.parametrize(("status", "ends"), [(200, 0), (503, 1)])
async def test_it_is_healthy_when_it_is_ready(status: int, ends: int) -> None:
    async with answering(status) as port:
        assert await health(port) == ends


async def test_it_is_not_healthy_when_nothing_answers() -> None:
    async with answering(200) as port:
        pass
    assert await health(port) == 1
