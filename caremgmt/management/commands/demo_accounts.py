"""Print the demo's accounts: `manage.py demo_accounts [--json] [--all]`."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from agencies.enums import Role
from caremgmt.demo.accounts import PASSWORD, Account, accounts, describe

ORDER = [
    Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.FIELD_WORKER, Role.MANAGER, Role.DIRECTOR, Role.EXPERT, Role.LIAISON, Role.KEEPER,
    Role.AID_OFFICER, Role.SUPERVISOR, Role.PROVINCE, Role.AUDITOR, Role.SYSTEM,
]  # fmt: skip


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad(text: str, width: int) -> str:
    return text + " " * max(width - _width(text), 0)


def _row(account: Account) -> dict[str, Any]:
    places = [describe(holding) for holding in account.holdings]
    return {
        "username": account.username,
        "password": PASSWORD,
        "name": account.name,
        "roles": [holding.role.value for holding in account.holdings],
        "centre": "、".join(dict.fromkeys(centre for centre, _ in places if centre)),
        "agency": "、".join(dict.fromkeys(agency for _, agency in places if agency)),
    }


class Command(BaseCommand):
    help = "Print the accounts of the demo with their password."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")
        parser.add_argument("--all", action="store_true", help="also those of the other centres")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; refused in a real installation, which has none."""
        if not settings.DEMO:
            raise CommandError("A real installation has no demo accounts.")
        chosen = [account for account in accounts() if account.featured or options["all"]]
        if options["json"]:
            self.stdout.write(json.dumps([_row(account) for account in chosen], ensure_ascii=False, indent=1))
            return
        with override("zh-hans"):
            self._table(chosen)

    def _table(self, chosen: list[Account]) -> None:
        self.stdout.write(f"演示账号（密码均为 {PASSWORD}）")
        by_role = sorted(chosen, key=lambda account: ORDER.index(account.holdings[0].role))
        widest = max(_width(account.username) for account in chosen) + 2
        shown = None
        for account in by_role:
            row, role = _row(account), account.holdings[0].role
            if role != shown:
                self.stdout.write(f"\n{role.label}")
                shown = role
            more = (
                "（兼" + "、".join(str(holding.role.label) for holding in account.holdings[1:]) + "）"
                if account.holdings[1:]
                else ""
            )
            place = "、".join(part for part in (row["centre"], row["agency"]) if part)
            self.stdout.write(f"  {_pad(account.username, widest)}{_pad(account.name, 10)}{place}{more}")
