"""What a director should look at before she submits: each finding says what it is and leads to the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.identity import Identity
from reports.figures import facts_of
from reports.indicators import BY_CODE, HEADLINE
from reports.periods import month_period
from reports.tables import Row
from reports.totals import by_dimension

JUMP = 0.5  # a change by half, and by at least five
JUMP_AT_LEAST = 5


@dataclass(slots=True)
class Finding:
    """One thing to look at."""

    label: str
    help: str
    tone: str
    url: str = ""


def findings(by: Identity, office: UUID, month: dt.date, rows: Sequence[Row]) -> list[Finding]:
    """All findings of a month; `rows` end with the month and the one before it."""
    return [*_jumps(rows, month), *_missing(by, office, month), *_sums(by, office, month)]


def needs_words(rows: Sequence[Row], month: dt.date) -> bool:
    """Whether the director must explain the month: a headline figure has jumped (statistics.md: reviews, explains anomalies, submits)."""
    return bool(_jumps(rows, month))


def _link(code: str, month: dt.date, office: UUID, **where: str) -> str:
    asked = {"indicator": code, "from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}", "office": str(office), **where}
    return f"{reverse('reports:records')}?{urlencode(asked)}"


def _jumps(rows: Sequence[Row], month: dt.date) -> list[Finding]:
    last, before = rows[-1].cells, rows[-2].cells
    found = []
    for item in HEADLINE:
        now, then = last[item.code].value, before[item.code].value
        if item.small and abs(now - then) >= JUMP_AT_LEAST and abs(now - then) > JUMP * max(then, 1):
            label = _("%(name)s: %(now)s after %(then)s in the month before") % {
                "name": item.name,
                "now": now,
                "then": then,
            }
            address = f"{reverse('reports:records')}?{urlencode({'indicator': item.code, 'from': f'{month:%Y-%m}', 'to': f'{month:%Y-%m}'})}"
            found.append(Finding(label, _("A jump: look at the records and explain it."), "warn", address))
    return found


def _missing(by: Identity, office: UUID, month: dt.date) -> list[Finding]:
    """Facts whose record lacks what a table needs; taken-back ones cancel out."""
    facts = facts_of(by, office=office).filter(month=month, is_late=False)
    asked = [
        ("CASES", Q(dimensions__category="Z99"), _("Cases without a category of their own"), {"category": "Z99"}),
        ("CASES", ~Q(dimensions__has_key="residence"), _("Cases without a county of residence"), {}),
        ("SERVICES", Q(dimensions__gender="unknown") & ~Q(dimensions__service="advice_call"), _("Services to people whose gender is not recorded"), {"gender": "unknown"}),
        ("SERVICES", Q(dimensions__age="unknown") & ~Q(dimensions__service="advice_call"), _("Services to people whose year of birth is not recorded"), {"age": "unknown"}),
    ]  # fmt: skip
    counted = facts.aggregate(
        **{
            f"n{i}": Sum("value", filter=Q(indicator=code) & condition)
            for i, (code, condition, _label, _where) in enumerate(asked)
        }
    )
    found = []
    for number, (code, _condition, label, where) in enumerate(asked):
        count = counted[f"n{number}"] or 0
        if count > 0:
            found.append(
                Finding(
                    f"{label}: {count}",
                    _("Complete the records; the figures follow by themselves."),
                    "warn",
                    _link(code, month, office, **where),
                )
            )
    return found


def _sums(by: Identity, office: UUID, month: dt.date) -> list[Finding]:
    items = [BY_CODE["CASES"], BY_CODE["SERVICES"]]
    table = by_dimension(by, month_period(month), "category", {}, indicators=items, office=office)
    found = []
    for item in items:
        parts = sum(row.cells[item.code].value for row in table.rows)
        if parts != table.whole.cells[item.code].value:
            found.append(
                Finding(
                    _("%(name)s: the parts do not add up to the whole") % {"name": item.name},
                    _("Tell the system administrator."),
                    "danger",
                )
            )
    return found
