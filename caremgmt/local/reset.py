"""`make reset`: forget the demo's data, servers and secrets. Libraries for the browser stay."""

from __future__ import annotations

import fcntl
import shutil
import sys

from caremgmt.local.environment import data_folder
from caremgmt.local.postgres import LocalPostgres
from caremgmt.local.valkey import LocalValkey

KEPT = {"vendor", "setup.lock", "npm.stamp"}


def main() -> int:
    """Delete the data folder's content, unless the product is running on it."""
    folder = data_folder()
    if not folder.exists():
        return 0
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("The product is running on this data folder: end it first (Ctrl+C).", file=sys.stderr)
            return 1
        LocalValkey(folder).destroy()
        LocalPostgres(folder).destroy()
        for entry in folder.iterdir():
            if entry.name in KEPT:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    print("Forgotten. `make run` begins anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
