"""Bring a database up to date: roles, tables, directory and, when asked, the demo province.

    CAREMGMT_DB_ROLE=owner python -m caremgmt.local.prepare [load_demo]

One process for all steps: starting Django for each of them would take longer than the steps.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command, get_commands


def main(extra: list[str]) -> None:
    """Run the steps as the owner of the database. Each of them is quick when there is nothing to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caremgmt.settings")
    django.setup()
    call_command("db_roles")
    call_command("migrate", interactive=False, verbosity=int(os.environ.get("CAREMGMT_VERBOSITY", "1")))
    known = get_commands()
    for step in ("load_directory", *extra):
        if step in known:
            call_command(step)


if __name__ == "__main__":
    main(sys.argv[1:])
