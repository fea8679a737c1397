"""One text of the minutes, saved by itself every few seconds; who comes second gets both texts to merge."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from core import access
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from core.views import Asked, page, seen_version
from referrals.conferences.models import MinuteText
from referrals.conferences.services import minute_write
from referrals.conferences.views import READERS

LONGEST = 20_000


def _text(request: Asked, text_id: UUID) -> MinuteText:
    rows = MinuteText.objects.visible_to(request.identity).select_related("item", "seat")
    row = rows.filter(pk=text_id).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="minutes",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=["coordination"],
    )
    return row


@page(*READERS, methods=("POST",))
def write(request: Asked, text_id: UUID) -> HttpResponse:
    """Save a text. The autosave gets the new version back (X-Version); a conflict is 409 with the two texts side by side."""
    seen, typed = _text(request, text_id), request.POST.get("text", "")[:LONGEST]
    quiet = bool(request.headers.get("X-Autosave"))
    try:
        row = minute_write(text_id=text_id, by=request.identity, version=seen_version(request), text=typed)
    except StaleVersion:
        now = _text(request, text_id)
        context = {"text": now, "typed": typed, "conference_id": now.item.conference_id}
        template = "referrals/_minute_conflict.html" if quiet else "referrals/minute_conflict.html"
        return render(request, template, context, status=409)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return render(request, "referrals/_minute_refused.html", {"message": error.message}, status=422)
    if quiet:
        return HttpResponse(status=204, headers={"X-Version": str(row.version)})
    return redirect("referrals:conference", seen.item.conference_id)
