"""Child processes with names: started together, their lines prefixed, ended in order."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from celery import Celery

from caremgmt.local.environment import PROJECT

Say = Callable[[str, str], None]

# On a rented machine or in a container everybody is root; Celery's warning about it would be the first thing one reads.
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}


def say(name: str, line: str) -> None:
    """Print one line under the name of the process that spoke."""
    colour = {"web": 36, "worker": 35, "beat": 33, "data": 34}.get(name, 32)
    label = f"\033[{colour}m{name:>6}\033[0m" if sys.stdout.isatty() else f"{name:>6}"
    print(f"{label} | {line}", flush=True)


class Child:
    """One process in a group of its own, so that Ctrl+C in the terminal reaches only us."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], *, out: Say = say) -> None:
        self.name = name
        self._out = out
        self.process = subprocess.Popen(
            list(command),
            cwd=PROJECT,
            env={**environment, **QUIET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._relay, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _relay(self, stream: IO[str] | None) -> None:
        for line in stream or ():
            self._out(self.name, line.rstrip("\n"))

    def has_ended(self) -> bool:
        """Say whether the process is gone."""
        return self.process.poll() is not None

    def wait(self) -> int:
        """Wait for the process and for its last line."""
        code = self.process.wait()
        self._reader.join(timeout=5)
        return code

    def end(self, patience: float = 10) -> None:
        """Ask the process to end; after `patience` seconds end its whole group."""
        if not self.has_ended():
            # Only the head is asked: pool children of Celery and gunicorn are ended by it after their work.
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self._out(self.name, f"did not end within {patience:.0f} s and is killed")
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.wait()


class Product:
    """Web, worker and beat of one environment."""

    def __init__(self, environment: Mapping[str, str], folder: Path, *, port: int, out: Say = say) -> None:
        self.port = port
        self._out = out
        self._folder = folder
        self._environment = {name: value for name, value in environment.items() if name != "CAREMGMT_DB_ROLE"} | {
            "PORT": str(port)
        }
        self.children: list[Child] = []

    def start(self, *, web_workers: int = 2, jobs: int = 2, beat: bool = True) -> None:
        """Start the processes; they take some seconds to be ready (see `wait_until_ready`)."""
        python = [sys.executable, "-m"]
        web = ["gunicorn", "caremgmt.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        web += [
            "--workers",
            str(web_workers),
            "--threads",
            "4",
            "--timeout",
            "60",
            "--graceful-timeout",
            "5",
            "--log-level",
            "warning",
        ]
        web += ["--no-control-socket"]
        worker = [
            "celery",
            "--quiet",
            "-A",
            "caremgmt",
            "worker",
            "-c",
            str(jobs),
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        ]
        self._begin("web", [*python, *web], role="web")
        self._begin("worker", [*python, *worker], role="worker")
        if beat:
            schedule = ["--schedule", str(self._folder / "beat-schedule"), "--pidfile", ""]
            self._begin(
                "beat",
                [*python, "celery", "--quiet", "-A", "caremgmt", "beat", "--loglevel", "WARNING", *schedule],
                role="worker",
            )

    def _begin(self, name: str, command: Sequence[str], *, role: str) -> None:
        self.children.append(Child(name, command, {**self._environment, "CAREMGMT_DB_ROLE": role}, out=self._out))

    def ended_child(self) -> Child | None:
        """The first process that is gone, if any."""
        return next((child for child in self.children if child.has_ended()), None)

    def wait_until_ready(self, seconds: float = 60) -> bool:
        """Wait until web answers HTTP and the worker answers a ping. False when a process ended or the time is over."""
        deadline = time.monotonic() + seconds
        waiting = [lambda: _web_answers(self.port), lambda: _worker_answers(self._environment["REDIS_URL"])]
        while waiting and time.monotonic() < deadline and self.ended_child() is None:
            if waiting[0]():
                waiting.pop(0)
            else:
                time.sleep(0.1)
        return not waiting and self.ended_child() is None

    def end(self) -> None:
        """End the processes: first what takes requests, then what plans, then what works."""
        order = {"web": 0, "beat": 1, "worker": 2}
        for child in sorted(self.children, key=lambda child: order[child.name]):
            child.end()
        self.children = []


def _web_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _worker_answers(broker: str) -> bool:
    with Celery("probe", broker=broker, set_as_current=False) as probe:
        return bool(probe.control.ping(timeout=0.5, limit=1))
