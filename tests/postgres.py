"""A PostgreSQL of our own: a fresh cluster on a loopback port, run as an unprivileged user, gone when the block ends."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HASTY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c checkpoint_timeout=1h"
"""What stands for minutes only need not outlive the machine's crash, nor be tidied."""


class PostgresMissing(Exception):
    """There is no PostgreSQL on this machine; the text says what to install."""


def binaries() -> Path:
    """The folder of initdb and pg_ctl, the newest version's. Raises PostgresMissing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing("PostgreSQL's initdb is not here: install the package postgresql")


@contextmanager
def start_postgres() -> Iterator[str]:
    """The URL of a database in a cluster that lives as long as the block."""
    programs, user = binaries(), _unprivileged()
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        home = Path(folder)
        if user is not None:
            os.chown(home, user.pw_uid, user.pw_gid)
        port, data = _free_port(), home / "data"
        secret, secret_file = secrets.token_hex(8), home / "password"
        secret_file.write_text(secret)
        initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "jumpin", "-A", "password", "--pwfile", secret_file]
        _run(user, [*initdb, "-E", "UTF8", "--locale=C", "--no-sync"])
        settings = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories='{home}' -c max_connections=100 {HASTY}"
        _run(user, [programs / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", settings, "start"])
        try:
            yield f"postgresql+asyncpg://jumpin:{secret}@127.0.0.1:{port}/postgres"
        finally:
            _run(user, [programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])


def _unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then somebody else must. None: we are nobody special."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _run(user: pwd.struct_passwd | None, command: list[str | Path]) -> None:
    who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **who)  # type: ignore[call-overload]
    if done.returncode:
        raise PostgresMissing(f"{Path(command[0]).name} failed: {done.stderr.decode(errors='replace').strip()[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
