"""A PostgreSQL of our own for a bench: started in a throw-away folder, gone with it."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.stack import free_port


def _bin() -> Path | None:
    """Return the folder of initdb and pg_ctl; ``None`` where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    place = found[-1] if found else shutil.which("initdb")
    return Path(place).resolve().parent if place else None


@contextmanager
def throw_away_postgres() -> Iterator[str | None]:
    """Give the address of an empty database; ``None`` when the machine has no PostgreSQL."""
    place = _bin()
    if place is None:
        yield None
        return
    folder = Path(mkdtemp(prefix="qualepref-pg-"))
    user: str | None = None
    if os.geteuid() == 0:  # PostgreSQL refuses to be root
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()

    def call(tool: str, *arguments: str) -> None:
        subprocess.run(
            [str(place / tool), "-D", str(data), *arguments],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user,
        )  # fmt: skip

    try:
        call("initdb", "-U", "qualepref", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgres://qualepref@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
