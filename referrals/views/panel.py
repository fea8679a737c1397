"""The case page's panel of referrals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from cases.enums import CaseStatus
from cases.models import Case
from core import clock
from core.errors import NotFound
from core.views import Asked, page
from referrals.enums import ChasePaper, ReferralStatus
from referrals.models import Referral
from referrals.models.chase import with_chase
from referrals.views import READERS
from referrals.views.letter import TONES

SHOWN = 20


@page(*READERS, "expert", "keeper")
def panel(request: Asked, case_id: UUID) -> HttpResponse:
    """The case's referrals that the reader may see: all for its centre, the own letters for a unit."""
    by = request.identity
    case = Case.objects.visible_to(by).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    seen = Referral.objects.visible_to(by).filter(case_id=case_id).select_related("unit", "named_liaison")
    rows: list[Any] = list(with_chase(seen.order_by("-sent_at"))[:SHOWN])
    now = clock.now()
    for row in rows:
        row.is_late = row.due_at is not None and row.due_at < now
        row.chase_word = dict(ChasePaper.choices).get(row.chased or "", "")
        row.tone = "danger" if row.is_late else TONES[ReferralStatus(row.status)]
    may_send = case.office_id in by.case_offices and case.is_open and case.status != CaseStatus.RECEIVED
    return render(
        request,
        "referrals/_referral_panel.html",
        {"case": case, "rows": rows, "may_send": may_send, "of_centre": case.office_id in by.case_offices},
    )
