"""Two cases of the same person become one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.enums import Section
from cases.forms.merging import MergeForm
from cases.models import Case
from cases.services.merging import Client, case_merge, clients_of, look_apart, obstacles
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import _there, _version_of
from cases.views.scope import MANAGERS, changing_case
from core import access
from core.views import Asked, page, request_key, seen_version


@page(*MANAGERS, methods=GET_POST)
def merge(request: Asked, pk: UUID) -> HttpResponse:
    """已合并: this case becomes a stub that points to the one that stays."""
    seen = changing_case(request, pk)
    case = seen.case
    form = MergeForm(request.POST or None, case=case, by=seen.by)
    if form.is_bound:
        form.full_clean()  # so that the case that stays is known
    people = _side_by_side(case, form.kept_found) if form.kept_found else []
    return act(
        request, form,
        lambda data: case_merge(
            case_id=case.pk, kept_id=data["kept"].pk, by=seen.by, version=seen_version(request), reason=data["reason"],
            despite=data["despite"], key=request_key(request)),
        to=_there(case), said=_("The cases are merged. Share the case that stays again where it is needed."),
        template="cases/case_merge.html", version=lambda: _version_of(case), case=case, matters=obstacles(case),
        people=people, apart=bool(people) and look_apart(*people),
    )  # fmt: skip


def _side_by_side(case: Case, kept: Case) -> list[Client]:
    """Both people, to be compared; that they were looked at is noted for both cases."""
    for each in (case, kept):
        access.note(
            access.Action.VIEW, object_type="case", object_id=each.pk, case_id=each.pk, office_id=each.office_id,
            sections=[Section.IDENTITY, Section.CONTACT, Section.SAFE_CONTACT], reason="compare",
        )  # fmt: skip
    return clients_of(case, kept)
