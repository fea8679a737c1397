"""Two cases of the same person become one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.forms.merging import MergeForm
from cases.services.merging import case_merge, obstacles
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import _there, _version_of
from cases.views.scope import MANAGERS, managed_case
from core.views import Asked, page, request_key, seen_version


@page(*MANAGERS, methods=GET_POST)
def merge(request: Asked, pk: UUID) -> HttpResponse:
    """已合并: this case becomes a stub that points to the one that stays."""
    seen = managed_case(request, pk)
    case = seen.case
    form = MergeForm(request.POST or None, case=case, by=seen.by)
    return act(
        request, form,
        lambda data: case_merge(
            case_id=case.pk, kept_id=data["kept"].pk, by=seen.by, version=seen_version(request), reason=data["reason"],
            key=request_key(request)),
        to=_there(case), said=_("The cases are merged. Share the case that stays again where it is needed."),
        template="cases/case_merge.html", version=lambda: _version_of(case), case=case, matters=obstacles(case),
    )  # fmt: skip
