"""会商纪要 to take along: .docx and PDF, of one agenda item."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from core import access
from core.errors import NotFound
from core.papers import DOCX, PDF, docx_of, pdf_of
from core.views import Asked, page
from referrals.conferences.enums import ConferenceStatus
from referrals.conferences.models import AgendaItem
from referrals.conferences.papers import minutes_paper
from referrals.conferences.views import READERS
from referrals.conferences.views.room import conference_of, places

SIGNED = (ConferenceStatus.CONFIRMED, ConferenceStatus.CLOSED)
MAKERS = {"docx": (docx_of, DOCX), "pdf": (pdf_of, PDF)}


@page(*READERS)
def paper(request: Asked, item_id: UUID, kind: str) -> HttpResponse:
    """The signed minutes of one item, for whoever sat at it."""
    by = request.identity
    item = AgendaItem.objects.visible_to(by).filter(pk=item_id).first()
    if item is None:
        raise NotFound
    conference = conference_of(by, item.conference_id)
    if conference.status not in SIGNED:
        raise NotFound
    place = places(conference, by, only=item.pk)[0]
    access.note(
        access.Action.EXPORT,
        object_type="minutes",
        object_id=item.pk,
        case_id=item.case_id,
        office_id=item.office_id,
        sections=["coordination"],
    )
    make, content_type = MAKERS[kind]
    return HttpResponse(
        make(minutes_paper(conference, place)), content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="minutes.{kind}"'},
    )  # fmt: skip
