"""What asking, showing and reviewing of an emergency view share."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.models import BreakGlass
from core.identity import Identity

CONFIRM, REVIEW = "glass.confirm", "glass.review"
DECIDED = _("This is no longer possible: the status has changed meanwhile.")


def subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """For the worklist: who asked, from where; the number as asked."""
    rows = BreakGlass.objects.visible_to(by).filter(pk__in=sources)
    return [registry.SubjectRows(rows, "number", ["opener__name", "opener_office__short_name"])]
