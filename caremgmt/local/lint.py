"""`make lint`: every static check, all of them even when one fails, each with its own last word."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time

from caremgmt.local.environment import PROJECT
from caremgmt.local.servers import local_servers

PYTHON = sys.executable
CHECKS: dict[str, list[str]] = {
    "ruff": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "imports": [PYTHON, "-m", "importlinter.cli", "lint"],
    "types": [PYTHON, "-m", "mypy"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "protection": [PYTHON, "manage.py", "makeprotection", "--check"],
    "deploy": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "messages": [PYTHON, "manage.py", "messages", "check"],
}


def main(only: list[str]) -> int:
    """Run all checks, or those that are named."""
    unknown = set(only) - set(CHECKS)
    if unknown:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    failed = []
    with tempfile.TemporaryDirectory(prefix="caremgmt-lint-") as folder, local_servers(folder, fast=True) as started:
        environment = {**os.environ, **started, **_production()}
        for name in only or CHECKS:
            began = time.monotonic()
            code = subprocess.run(CHECKS[name], cwd=PROJECT, env=environment, check=False).returncode
            print(f"lint: {name:<10} {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - began:.0f} s)", flush=True)
            failed += [name] if code else []
    if failed:
        print(f"lint: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _production() -> dict[str, str]:
    """An environment like that of a real installation, so that its checks are the ones that run."""
    return {
        "DJANGO_SETTINGS_MODULE": "caremgmt.settings",
        "CAREMGMT_KIND": "real",
        "CAREMGMT_DB_ROLE": "owner",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "CAREMGMT_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "caremgmt.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://caremgmt.example.org",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
