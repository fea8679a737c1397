"""The environment of a local product: its data folder, its secrets, and the address file that `manage.py` finds."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from caremgmt.local.secret_files import write_private

PROJECT = Path(__file__).resolve().parent.parent.parent


def data_folder() -> Path:
    """The data folder: CAREMGMT_VAR, or `var` in the project."""
    return Path(os.environ.get("CAREMGMT_VAR") or PROJECT / "var").resolve()


def demo_secrets(folder: Path) -> dict[str, str]:
    """SECRET_KEY and CAREMGMT_KEYS of the demo: made once, kept beside its data, useless without it and it without them."""
    kept = folder / "secrets.env"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "CAREMGMT_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        write_private(kept, _lines(fresh))
    return _parsed(kept)


def publish(folder: Path, environment: dict[str, str]) -> None:
    """Tell other commands on this machine how to reach the running product."""
    write_private(folder / "run.env", _lines(environment))


def withdraw(folder: Path) -> None:
    """The product has ended."""
    (folder / "run.env").unlink(missing_ok=True)


def adopt_running_product() -> None:
    """Let a plain `manage.py` command speak to the product that `make run` has started, unless told otherwise."""
    published = data_folder() / "run.env"
    if "DATABASE_URL" not in os.environ and published.exists():
        for name, value in _parsed(published).items():
            os.environ.setdefault(name, value)


def _lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _parsed(path: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}
