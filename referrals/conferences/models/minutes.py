"""The minutes of one agenda item: who sat at the table for it, and one text for each of them beside the facts."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases.models import CaseOwned
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import IS_WORKER, TICKET, Rows
from referrals.conferences.models.agenda import AgendaItem

_OF_ITEM = Rows(
    # whoever sees the item sees its minutes: the sub-select is itself under the item's rules
    web="EXISTS (SELECT 1 FROM referrals_agendaitem a WHERE a.id = {table}.item_id)",
    verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
)  # fmt: skip


class OfItemQuerySet(models.QuerySet):
    """Scope of what hangs on an agenda item."""

    def visible_to(self, by: Identity) -> Self:
        """What belongs to the items that `by` may see."""
        return self.filter(item__in=AgendaItem.objects.visible_to(by))


class Seat(CaseOwned):
    """One body at the table of one item (the centre itself without `unit`): whether it came, and who spoke for it."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="seats", db_constraint=False)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    body_name = models.CharField(max_length=80)
    is_present = models.BooleanField(_("Present"), default=False)
    is_recused = models.BooleanField(_("Recused"), default=False)
    attendee = SealedTextField(_("Who came"), concept="seat.attendee")
    objection = SealedTextField(_("Objection to the minutes"), concept="seat.objection")

    objects = OfItemQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'coordination'"
    protection = _OF_ITEM

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="seat_once", nulls_distinct=False),
            models.CheckConstraint(name="seat_recused_is_away", condition=~models.Q(is_recused=True, is_present=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MinuteText(CaseOwned):
    """One text of the minutes, versioned by itself: two people write at once without losing a word of each other's."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="texts", db_constraint=False)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.PROTECT, related_name="texts", db_constraint=False
    )  # whose opinion; without it the facts
    text = SealedTextField(_("Text"), concept="minute.text")
    written_at = models.DateTimeField(null=True)
    written_by = models.CharField(max_length=64, blank=True)
    version = models.IntegerField(default=1)

    objects = OfItemQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'coordination'"
    protection = _OF_ITEM

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "seat"], name="minutetext_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return str(self.pk)
