"""The bed board."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from core import access, clock, keys
from core.views import Asked, page
from shelter.board import board as beds
from shelter.board import stays_of
from shelter.enums import StayStatus
from shelter.views import READERS


@page(*READERS)
def board(request: Asked) -> HttpResponse:
    """Which bed is free when; below, who is expected and who is in, for keepers and for the managers of their cases."""
    by = request.identity
    rows = stays_of(by)
    keys.preload(row.case_id for row in rows)
    now = clock.now()
    for row in rows:
        row.is_late = (row.held_until if row.status == StayStatus.HELD else row.until) < now  # type: ignore[attr-defined]
        row.tone = "danger" if row.is_late else "warn" if row.status == StayStatus.HELD else "info"  # type: ignore[attr-defined]
    access.note_list(
        access.Action.VIEW,
        [(row.case_id, row.office_id) for row in rows],
        object_type="stay",
        sections=["shelter"],
        reason="list.board",
    )
    found = beds(by)
    context = {"board": found, "rows": rows, "is_keeper": bool(by.keeper_offices), "is_manager": bool(by.case_offices)}
    return render(request, "shelter/board.html", context)
