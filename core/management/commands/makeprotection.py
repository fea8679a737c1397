"""Write the migration that holds the database's protection: policies, grants, functions, triggers."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from core.protection import statements

FOLDER = Path(settings.BASE_DIR) / "caremgmt" / "migrations"


class Command(BaseCommand):
    """Statements that an earlier migration has already frozen are not repeated."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the declarations have moved on")
        parser.add_argument(
            "--rewrite", action="store_true", help="before the first release: one migration with everything"
        )

    def handle(self, *args: Any, check: bool, rewrite: bool, **options: Any) -> None:
        wanted = statements()
        if rewrite:
            for path in FOLDER.glob("0*_protection.py"):
                path.unlink()
        frozen = {
            mark for path in FOLDER.glob("0*.py") for mark in re.findall(r"# digest ([0-9a-f]{16})", path.read_text())
        }
        new = [sql for sql in wanted if self._mark(sql) not in frozen]
        if not new:
            self.stdout.write("the protection is as declared")
            return
        if check:
            raise CommandError(f"{len(new)} statements are not in a migration yet: run manage.py makeprotection")
        path = self._write(new)
        self.stdout.write(f"wrote {path.name} with {len(new)} statements")

    @staticmethod
    def _mark(sql: str) -> str:
        return hashlib.sha256(sql.encode()).hexdigest()[:16]

    def _write(self, new: list[str]) -> Path:
        number = len(list(FOLDER.glob("0*.py"))) + 1
        loader = MigrationLoader(None, ignore_no_migrations=True)
        leaves = {app: name for app, name in loader.graph.leaf_nodes() if app != "caremgmt"}
        dependencies = [(app, name) for app, name in sorted(leaves.items())]
        previous = sorted(FOLDER.glob("0*.py"))
        if previous:
            dependencies.append(("caremgmt", previous[-1].stem))
        lines = [
            f'"""The database\'s protection, part {number} (written by `manage.py makeprotection`; frozen)."""', "",
            "from django.db import migrations", "", "SQL: list[str] = [",
        ]  # fmt: skip
        for sql in new:
            if '"""' in sql or "\\" in sql:
                raise CommandError("a statement cannot be quoted")
            lines.append(f"    # digest {self._mark(sql)}")
            lines.append(f'    """{sql}\n""",' if sql.endswith('"') else f'    """{sql}""",')
        lines += [
            "]", "", "", "class Migration(migrations.Migration):", f"    dependencies = {dependencies!r}",
            "    # Not reversible: going back would open the tables.",
            "    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]", "",
        ]  # fmt: skip
        path = FOLDER / f"{number:04d}_protection.py"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
