"""The short address of a work item, which the bell knows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.services.notifications import mark_read
from cases import registry
from cases.models import Case, WorkItem
from core.errors import NotFound
from core.views import Asked, page


@page()
def work(request: Asked, pk: UUID) -> HttpResponse:
    """To where the item is carried out; what is done already leads to its case, or back to Today."""
    item = WorkItem.objects.visible_to(request.identity).filter(pk=pk).first()
    if item is None:
        raise NotFound
    mark_read(request.identity, work_item_id=item.pk)
    if item.done_at is None:
        return redirect(registry.work_kinds[item.kind].url(item))
    messages.info(request, _("This was already done: %(what)s.") % {"what": registry.work_kinds[item.kind].title})
    if item.case_id and Case.objects.visible_to(request.identity).filter(pk=item.case_id).exists():
        return redirect("cases:detail", item.case_id)
    return redirect("cases:today")
