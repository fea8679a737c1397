"""The lists: letters of a unit, referrals of a centre."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from agencies.models import Unit
from cases.enums import Risk
from core import access, clock
from core.views import Asked, page
from referrals import inbox as lists
from referrals.enums import Ask, ChasePaper, ReferralStatus
from referrals.forms import NarrowForm
from referrals.models import Referral
from referrals.views import READERS
from referrals.views.letter import TONES


@page(*READERS)
def inbox(request: Asked) -> HttpResponse:
    """What is owed comes first, the latest on top."""
    by = request.identity
    boxes = lists.boxes(by)
    if not boxes:
        return render(request, "referrals/referral_inbox.html", {"boxes": []})
    box = request.GET.get("box", "")
    box = box if box in boxes else boxes[0]
    part = lists.part_of(box, request.GET.get("part", ""))
    form = NarrowForm(request.GET)
    if box == lists.SENT:
        form.fields["unit"].queryset = Unit.objects.filter(referrals__in=Referral.objects.sent_by(by)).distinct()  # type: ignore[attr-defined]
    else:
        del form.fields["unit"]
    page_ = lists.page_of(
        box, part, by, form.condition(), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    now, risks, asks, states = clock.now(), dict(Risk.choices), dict(Ask.choices), dict(ReferralStatus.choices)
    papers = dict(ChasePaper.choices)
    for row in page_.rows:
        row.is_late = row.due_at is not None and row.due_at < now  # type: ignore[attr-defined]
        row.tone = "danger" if row.is_late else TONES[ReferralStatus(row.status)]  # type: ignore[attr-defined]
        # Django's get_…_display makes its table of words anew for every cell: a tenth of this page's time.
        row.risk_word, row.ask_word, row.status_word = risks[row.risk], asks[row.ask], states[row.status]  # type: ignore[attr-defined]
        row.in_hands = row.named_liaison or row.accepted_by  # type: ignore[attr-defined]  # who is away has accepted it, and another handles it
        row.is_mine = row.in_hands is not None and row.in_hands.pk == by.user_id  # type: ignore[attr-defined]
        row.is_new = row.status == ReferralStatus.SENT  # type: ignore[attr-defined]
        row.chase_word = papers.get(row.chased, "")  # type: ignore[attr-defined]
    access.note_list(
        access.Action.VIEW, [(row.case_id, row.office_id) for row in page_.rows], object_type="referral", sections=["letter"],
        reason=f"list.{box}",
    )  # fmt: skip
    tally = lists.counts(box, by)
    context = {
        "boxes": boxes, "box": box, "part": part, "rows": page_.rows, "page": page_, "form": form, "tally": tally, "sent": box == lists.SENT,
        "box_tabs": [_box(request, code, box) for code in boxes] if len(boxes) > 1 else [],
        "tabs": [
            {"label": each.label, "url": _url(request, part=each.code), "active": each is part, "count": tally.get(each.code), "tone": "danger" if each.late and tally.get(each.code) else ""}
            for each in lists.PARTS[box]
        ],
    }  # fmt: skip
    return render(request, "referrals/referral_inbox.html", context)


def _url(request: Asked, **changes: str) -> str:
    kept: QueryDict = request.GET.copy()
    for key in ("after", "before"):
        kept.pop(key, None)
    for key, value in changes.items():
        kept[key] = value
    return f"?{kept.urlencode()}"


def _box(request: Asked, code: str, shown: str) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    label = _("Letters received") if code == lists.RECEIVED else _("Sent by us")
    return {"label": label, "url": f"?box={code}", "active": code == shown}
