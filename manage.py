#!/usr/bin/env python
"""Django's command line. Beside a running `make run` it works on that product without further settings."""

import os
import sys


def main() -> None:
    """Run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caremgmt.settings")
    if "DATABASE_URL" not in os.environ:
        from caremgmt.local.environment import adopt_running_product

        adopt_running_product()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
