"""Run one command with the local servers up: `python -m caremgmt.local.exec python manage.py shell`.

Uses the servers of a running `make run` when there is one, else starts them for as long as the command lasts.
"""

from __future__ import annotations

import os
import subprocess
import sys

from caremgmt.local.environment import PROJECT, data_folder, demo_secrets
from caremgmt.local.servers import local_servers


def main(command: list[str]) -> int:
    """Run the command and hand on its exit code."""
    folder = data_folder()
    with local_servers(folder) as started:
        product = {**demo_secrets(folder), **started, "CAREMGMT_KIND": "demo", "CAREMGMT_VAR": str(folder)}
        return subprocess.run(command, cwd=PROJECT, env={**product, **os.environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
