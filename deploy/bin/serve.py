"""Run the embedded application: prepare the data, start the web server and the worker, watch them.

Stopped by Ctrl-C or TERM, or when whoever started it dies; never leaves a process behind.
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = int(os.environ.get("PORT") or "8000")
DATA = Path(os.environ.get("QUALEPREF_DATA") or ROOT / "var").resolve()
ADDRESS = f"http://{'localhost' if HOST in {'127.0.0.1', '0.0.0.0', '::'} else HOST}:{PORT}/"  # noqa: S104
PATIENCE = 60  # seconds for the first page to answer
FAREWELL = 15  # seconds given to a process to finish what it holds
PR_SET_PDEATHSIG = 1
DEMO_PASSWORD = "demo-qualepref"  # noqa: S105


def die_with_parent() -> None:
    """Ask the kernel (Linux) to send TERM to this process when its parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def start(*command: str) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl-C reaches us alone, and we stop it in order."""
    return subprocess.Popen(  # noqa: S603
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def start_web() -> subprocess.Popen[bytes]:
    return start(
        "gunicorn", "qualepref.wsgi", "--bind", f"{HOST}:{PORT}", "--workers", "2",
        "--threads", "4", "--timeout", "60", "--log-level", "warning", "--worker-tmp-dir",
        "/dev/shm" if Path("/dev/shm").is_dir() else str(DATA),  # noqa: S108
    )  # fmt: skip


def start_worker() -> subprocess.Popen[bytes]:
    return start(
        "celery", "--quiet", "-A", "qualepref", "worker", "-B", "--loglevel", "WARNING", "--concurrency", "2",
        "--pool", "prefork", "--without-gossip", "--without-mingle",
    )  # fmt: skip


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask politely, wait, then end what is left with all its children."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    end = time.monotonic() + FAREWELL
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, end - time.monotonic()))
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def port_is_free() -> bool:
    with socket.socket(socket.AF_INET6 if ":" in HOST else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            return False
    return True


def prepare() -> list[str]:
    """Bring the tables up to date, load the demonstration where it is empty; return its accounts."""
    done = subprocess.run(
        [sys.executable, "deploy/bin/prepare.py"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.splitlines()


def welcome(accounts: list[str]) -> None:
    say(f"\n✓ Qual-e-Pref répond : {ADDRESS}\n")
    if accounts:
        say(f"  Comptes de démonstration (mot de passe : {DEMO_PASSWORD})")
        for account in accounts:
            email, _, role = account.partition("\t")
            say(f"    {email:<36} {role}")
    say("\n  Ctrl-C pour arrêter.")


def wait_for_answer(web: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if web.poll() is not None:
            sys.exit("✗ Le serveur web n’a pas démarré ; la cause est écrite ci-dessus.")
        try:
            with urllib.request.urlopen(f"{ADDRESS}sante/", timeout=5) as answer:  # noqa: S310
                json.load(answer)
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"✗ {ADDRESS}sante/ ne répond pas après {PATIENCE} s.")


def watch(web: subprocess.Popen[bytes], processes: list[subprocess.Popen[bytes]]) -> int:
    """Restart a worker that dies (not in a loop); end with the web server."""
    while True:
        time.sleep(0.5)
        if web.poll() is not None:
            return web.returncode or 1
        worker = processes[-1]
        if worker.poll() is not None:
            say(f"! La fabrique de documents s’est arrêtée ({worker.returncode}) : je la relance.")
            time.sleep(2)
            processes[-1] = start_worker()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    die_with_parent()
    # INT too: a shell starts background commands with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    if not port_is_free():
        say(f"✗ Le port {PORT} est déjà pris. Choisissez-en un autre : make run PORT={PORT + 1}")
        return 1
    processes: list[subprocess.Popen[bytes]] = []
    try:
        accounts = prepare()
        processes += [start_web(), start_worker()]
        wait_for_answer(processes[0])
        welcome(accounts)
        return watch(processes[0], processes)
    except KeyboardInterrupt:
        say("\n→ arrêt")
        return 0
    except subprocess.CalledProcessError as failure:
        return failure.returncode
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(processes)


if __name__ == "__main__":
    sys.exit(main())
