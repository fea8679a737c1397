"""What calls told of a case beside its narrative, for the centre that assesses and refers it. Scoped as the calls are; each look is logged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.enums import Section
from cases.registry import Text, Told, Workplace
from core import access, keys
from core.identity import Identity
from hotline.enums import ContactStatus, Danger, ProtocolStep
from hotline.models import Contact

AT_MOST = 20


def police_called(row: Contact) -> bool:
    """Whether the police know: the step was done, or they gave a number."""
    return ProtocolStep.POLICE.value in row.protocol or bool(row.incident_number_110)


def _rows(by: Identity, case_ids: Sequence[UUID]) -> list[Contact]:
    saved = Contact.objects.visible_to(by).filter(case_id__in=case_ids).exclude(status=ContactStatus.DRAFT)
    return list(saved.order_by("-occurred_at")[:AT_MOST])


def _note(by: Identity, rows: Iterable[Contact]) -> None:
    for row in rows:
        access.note(
            access.Action.VIEW, by=by, object_type="hotline.contact", object_id=row.pk, case_id=row.case_id,
            office_id=row.case_office_id or row.office_id, sections=[Section.INCIDENT], reason="panel",
        )  # fmt: skip


def _url(row: Contact) -> str:
    return reverse("hotline:contact", args=[row.pk])


def _told(row: Contact) -> Told:
    in_danger = row.danger == Danger.YES
    steps = list(ProtocolStep) if in_danger else []
    return Told(
        words=row.get_channel_display(), at=row.occurred_at, url=_url(row), danger=row.get_danger_display(), in_danger=in_danger,
        police_called=police_called(row), done=[step.label for step in steps if step.value in row.protocol],
        undone=[step.label for step in steps if step.value not in row.protocol],
        incident_number=row.incident_number_110, agreed=row.agreed, needs=row.needs,
    )  # fmt: skip


def told(by: Identity, case_id: UUID) -> list[Told]:
    """The danger, the steps against it, what was agreed and what she wishes, of each call on the case."""
    rows = _rows(by, [case_id])
    keys.preload(row.pk for row in rows)
    _note(by, rows)
    return [_told(row) for row in rows]


def danger(by: Identity, case_id: UUID) -> Text:
    """Whether she was in danger in any of the calls, and whether the police were called then."""
    rows = [row for row in _rows(by, [case_id]) if row.danger == Danger.YES]
    _note(by, rows)
    if not rows:
        return ""
    if all(police_called(row) for row in rows):
        return _("She was in danger when she called; 110 was called.")
    return _("She was in danger when she called; 110 was not called.")


def workplaces(by: Identity, case_ids: Sequence[UUID]) -> list[Workplace]:
    """Where the respondent or his kin work, of each call in which it was said."""
    rows = _rows(by, case_ids)
    keys.preload(row.pk for row in rows)
    said = [row for row in rows if row.respondent_work.strip()]
    _note(by, said)
    return [Workplace(row.respondent_work.strip(), row.occurred_at, _url(row)) for row in said]
