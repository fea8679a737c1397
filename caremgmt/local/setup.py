"""`make setup`: virtual environment, browser libraries, message catalogues. Runs with a bare Python, before anything is installed.

    python3 caremgmt/local/setup.py [tests | image]

Each part is redone only when its lock file has changed. `tests` looks for the programs that only tests need: Chromium, Chinese fonts,
PgBouncer; `image` does the part of set-up that a container image wants.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = PROJECT / "requirements" / "dev.txt"
VENDOR = PROJECT / "var" / "vendor"
SYSTEM_PROGRAMS = "/usr/sbin"  # where Debian keeps PgBouncer; not in the PATH of ordinary accounts
VENDORED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
# A reference to a map that we do not serve would be a failed request in every browser, and stops collectstatic.
MAP_REFERENCE = re.compile(r"\n?(?://[#@]\s*sourceMappingURL=\S+|/\*[#@]\s*sourceMappingURL=.*?\*/)\s*")


class SetupError(Exception):
    """Something that the reader must mend; the text is one line."""


def main(arguments: list[str]) -> int:
    """Set up what is missing. Several processes may call this at once."""
    try:
        if arguments == ["tests"]:
            ensure_test_programs()
            return 0
        if arguments == ["image"]:
            copy_vendor()
            build_products(sys.executable)
            return 0
        (PROJECT / "var").mkdir(exist_ok=True)
        with (PROJECT / "var" / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ensure_environment()
            ensure_vendor()
            build_products(str(PYTHON))
    except SetupError as problem:
        print(f"setup: {problem}", file=sys.stderr)
        return 1
    return 0


def ensure_environment() -> None:
    """The virtual environment, with exactly what the lock file says."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words, before a wheel fails to install
        raise SetupError("Python 3.11 or newer is needed; choose it with: make PYTHON=python3.11")
    stamp = VENV / "caremgmt.stamp"
    wanted = _digest(LOCK, extra=f"{sys.version_info[:2]}")
    if PYTHON.exists() and _read(stamp) == wanted:
        return
    print("setup: installing Python packages (once)", flush=True)
    if not PYTHON.exists():
        try:
            venv.create(VENV, with_pip=True, symlinks=True)
        except subprocess.CalledProcessError as problem:
            raise SetupError("Python has no ensurepip; on Debian: apt-get install python3-venv") from problem
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(LOCK),
    ]
    done = subprocess.run(pip, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print("\n".join(done.stderr.splitlines()[-12:]), file=sys.stderr)
        raise SetupError("pip could not install requirements/dev.txt; the lines above say why.")
    stamp.write_text(wanted)


def ensure_vendor() -> None:
    """The browser's libraries, from npm into var/vendor, without references to source maps."""
    stamp = PROJECT / "var" / "npm.stamp"
    wanted = _digest(PROJECT / "package-lock.json", extra=_digest(Path(__file__)))
    if _read(stamp) == wanted and all((VENDOR / name).exists() for name in VENDORED.values()):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError(
            "npm is missing; the pages need it once for their libraries. On Debian: apt-get install nodejs npm"
        )
    print("setup: installing browser libraries (once)", flush=True)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--loglevel", "error"], cwd=PROJECT, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        raise SetupError("npm ci failed; the lines above say why.")
    copy_vendor()
    stamp.write_text(wanted)


def copy_vendor() -> None:
    """From node_modules to where static files are looked for."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in VENDORED.items():
        text = (PROJECT / "node_modules" / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(MAP_REFERENCE.sub("\n", text), encoding="utf-8")


def build_products(python: str) -> None:
    """What the pages need and the repository does not hold: icons, the layered style sheet, message catalogues as Django reads them."""
    # The commands need no database, but settings want to know one.
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "caremgmt.settings",
        "CAREMGMT_KIND": "demo",
        "SECRET_KEY": "set-up only",
        "CAREMGMT_KEYS": "k1:" + "A" * 43 + "=",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    for command, failure in (
        (["build_assets"], "the icons could not be built: "),
        (["messages", "compile"], "the message catalogues could not be compiled: "),
    ):
        done = subprocess.run(
            [python, "manage.py", *command], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise SetupError(failure + (done.stderr.strip().splitlines() or ["no reason given"])[-1])


def ensure_test_programs() -> None:
    """Chromium, Chinese fonts and PgBouncer: installed when we are root on Debian, otherwise asked for."""
    missing = []
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        missing.append("chromium")
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    if shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}{SYSTEM_PROGRAMS}") is None:
        missing.append("pgbouncer")
    if not missing:
        return
    advice = f"tests need {' and '.join(missing)}; on Debian: apt-get install {' '.join(missing)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupError(advice)
    print(f"setup: installing {' and '.join(missing)} (once)", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *missing]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise SetupError(advice)


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    return bool(subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _digest(path: Path, *, extra: str = "") -> str:
    return hashlib.sha256(path.read_bytes() + extra.encode()).hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
