"""The way from a figure to the records behind it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode


def records_url(code: str, month: dt.date, office: UUID | None, **where: str) -> str:
    """The records of a month's figure at a centre, named because somebody may be at home in two; none for a region."""
    asked = {"indicator": code, "from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}
    asked |= {"office": str(office)} if office else {}
    return f"{reverse('reports:records')}?{urlencode(asked | where)}"
