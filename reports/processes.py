"""Who produces a document: a process named so that its death can be told, even after a reboot."""

import os
import socket
from pathlib import Path


def process_identity(pid: int | None = None) -> str:
    """Return « host:pid:start », by default of this process.

    The start (clock ticks since the boot, from /proc) tells a process from a later one that was
    given the same pid.
    """
    pid = pid or os.getpid()
    return f"{socket.gethostname()}:{pid}:{_start_of(pid) or ''}"


def is_gone(identity: str) -> bool:
    """Tell whether this process of this machine is dead; False when it cannot be told from here."""
    host, pid, start = (identity.rsplit(":", 2) + ["", ""])[:3]
    if host != socket.gethostname() or not pid.isdigit() or not start:
        return False
    return _start_of(int(pid)) != start


def _start_of(pid: int) -> str | None:
    """Return when the process started; None when it is dead, or a zombie nobody buried yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The second field is the name in brackets and may hold spaces: count from after it.
    fields = stat[stat.rindex(")") + 1 :].split()
    state, start = fields[0], fields[19]
    return None if state in {"Z", "X"} else start
