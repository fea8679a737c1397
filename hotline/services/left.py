"""A call that was begun and is written by nobody any more: the operator was called away, or is ill. It becomes the office's to finish."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import WorkItemOutcome
from cases.services import workitems
from core import clock, engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity, acting_as, as_verb, worker_identity
from hotline.enums import ContactStatus, Danger
from hotline.models import Contact
from hotline.services import outcome

KIND = "contact.draft"


def lying(limit: int = 1000) -> list[UUID]:
    """Drafts that have not been kept for a while, those of women in danger after a shorter one (beat polls)."""
    now = clock.now()
    long_ago = Q(drafted_at__lte=now - settings.DRAFT_LEFT_AFTER)
    in_danger = Q(drafted_at__lte=now - settings.DRAFT_LEFT_AFTER_IN_DANGER, danger=Danger.YES)
    with acting_as(worker_identity("drafts")):
        rows = Contact.objects.filter(long_ago | in_danger, status=ContactStatus.DRAFT, left_at__isnull=True)
        return list(rows.order_by("drafted_at").values_list("pk", flat=True)[:limit])


def leave(contact_id: UUID) -> bool:
    """Make one such draft the office's, with a step that somebody of it owes. As the worker; True when this call did it."""
    with acting_as(worker_identity("drafts")), as_verb([contact_id]):
        row = (
            Contact._base_manager.select_for_update(of=("self",)).filter(pk=contact_id).select_related("office").first()
        )
        if row is None or row.status != ContactStatus.DRAFT or row.left_at is not None:
            return False
        row.left_at = clock.now()
        row.save(update_fields=["left_at"])
        outcome.owe(row, KIND, urgent=row.danger == Danger.YES)
    return True


def taken_up(row: Contact) -> None:
    """Its writer goes on with it, or somebody else has taken it over. Inside the contact's verb."""
    if row.left_at is not None:
        row.left_at = None
        workitems.finish(KIND, source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)


def contact_take_over(*, contact_id: UUID, by: Identity, key: UUID | None = None) -> Contact:
    """Go on with a call that a colleague of the same office left: from now on the draft belongs to `by` alone."""

    def is_left(row: Contact, by: Identity) -> None:
        if row.office_id not in by.contact_offices:
            raise NotAllowed("not_of_office", _("You do not take contacts for this office."))
        if row.status != ContactStatus.DRAFT:
            raise DomainError("not_a_draft", _("This contact was already saved."))
        if row.left_at is None and row.operator_id != by.user_id:
            raise DomainError("not_left", _("Somebody is writing this down."))

    def write(act: Act[Contact]) -> Contact:
        row = act.object
        row.operator_id = by.user_id  # type: ignore[assignment]  # takers are people
        row.drafted_at = act.now
        taken_up(row)
        return row

    return engine.change(
        "contact.take_over", by=by, scope=Contact.objects.visible_to(by), pk=contact_id, guards=[is_left], write=write, key=key
    )  # fmt: skip
