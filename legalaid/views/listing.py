"""The list of applications."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core import access, clock
from core.views import Asked, page
from legalaid import lists
from legalaid.enums import AidStatus
from legalaid.views import READERS

TONES = {
    AidStatus.APPLIED: "info", AidStatus.GRANTED: "brand", AidStatus.REFUSED: "warn", AidStatus.ASSIGNED: "ok", AidStatus.CLOSED: "neutral",
}  # fmt: skip


@page(*READERS)
def listing(request: Asked) -> HttpResponse:
    """What waits comes first, the latest on top."""
    by = request.identity
    boxes = lists.boxes(by)
    if not boxes:
        return render(request, "legalaid/application_list.html", {"boxes": []})
    box = request.GET.get("box", "")
    box = box if box in boxes else boxes[0]
    part = lists.part_of(request.GET.get("part", ""))
    found = lists.page_of(box, part, by, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    names, now = lists.names(by, found.rows), clock.now()
    for row in found.rows:
        row.name = names.get(row.case_id, "")  # type: ignore[attr-defined]
        row.is_late = row.due_at is not None and row.due_at < now  # type: ignore[attr-defined]
        row.tone = "danger" if row.is_late else TONES[AidStatus(row.status)]  # type: ignore[attr-defined]
    access.note_list(
        access.Action.VIEW, [(row.case_id, row.office_id) for row in found.rows], object_type="legalaid",
        sections=["legal", *(["identity"] if names else [])], reason=f"list.{box}",
    )  # fmt: skip
    counted = lists.tally(box, by)
    context = {
        "boxes": boxes, "box": box, "part": part, "rows": found.rows, "page": found, "sent": box == lists.SENT, "late": counted["late"],
        "box_tabs": [
            {"label": _("Applications received") if code == lists.RECEIVED else _("Sent by us"), "url": f"?box={code}", "active": code == box}
            for code in boxes
        ] if len(boxes) > 1 else [],
        "tabs": [
            {"label": each.label, "url": f"?box={box}&part={each.code}", "active": each is part, "count": counted.get(each.code)}
            for each in lists.PARTS
        ],
    }  # fmt: skip
    return render(request, "legalaid/application_list.html", context)
