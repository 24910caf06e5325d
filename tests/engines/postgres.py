"""Find PostgreSQL's programs, or install them; start a server of one's own, and stop it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_postgres", "server"]

_DEBIAN = Path("/usr/lib/postgresql")
_PATIENCE = 60  # seconds until a server must answer
DATABASE = {"user": "tester", "database": "postgres"}


def find_postgres() -> Path | None:
    """Folder of initdb and postgres: on the path, or where Debian keeps its newest version."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).parent] if on_path else []
    places += sorted(_DEBIAN.glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    have = (p for p in places if (p / "initdb").exists() and (p / "postgres").exists())
    return next(have, None)


def install_postgres() -> None:
    """Debian's package, of which only the programs are used."""
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if not shutil.which("apt-get"):
        sys.exit("Put PostgreSQL's initdb and postgres on the path.")
    subprocess.run([*as_root, "apt-get", "update", "-qq"], check=False)
    subprocess.run(
        [*as_root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "postgresql"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def server(programs: Path) -> Iterator[dict[str, str]]:
    """Lend a fresh server that only a socket in a folder of its own leads to.

    Yields
    ------
    dict
        What a client needs to connect.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 characters
    data, as_user = folder / "data", _unprivileged(folder)
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", DATABASE["user"], "--auth=trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user,
        )  # fmt: skip
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
                 "-c", "fsync=off"],
                stdout=log, stderr=log, cwd=folder, **as_user,
            )  # fmt: skip
        try:
            _wait(process, folder)
            yield {"host": str(folder), **DATABASE}
        finally:
            process.send_signal(signal.SIGINT)  # ends sessions, then the server
            process.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: give the folder to somebody else then."""
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    until = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(host=str(folder), user="tester", dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__" and "--install" in sys.argv and find_postgres() is None:
    install_postgres()
