"""What the pages of a case are asked for and what their forms post."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from cases.models import Case
from core import clock

NO_TO_ALL = {
    f"item_{code}": "no"
    for code in ("threat", "violence", "self_harm", "home", "health", "means", "dependants", "deadline", "alone")
}


def url_of(case: Case, rest: str = "") -> str:
    """An address of the case's."""
    return f"/cases/{case.pk}/{rest}"


def keyed(**values: Any) -> dict[str, Any]:
    """What a form posts, once."""
    return {"request_key": str(uuid4())} | values


def typed(at: dt.datetime) -> str:
    """A moment as it is typed into a field."""
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")
