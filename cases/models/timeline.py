"""The case's one truth, many kinds of entry."""

from __future__ import annotations

from django.db import models

from cases.enums import Section
from cases.models.case import CaseOwned
from core.fields import SealedTextField
from core.protection import case_rows


class TimelineEntry(CaseOwned):
    """Something that happened to the case. Insert-only. `data` holds codes only; what a person wrote is in `text`."""

    section = models.CharField(max_length=16, choices=Section.choices, default=Section.HEADER)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    actor_role = models.CharField(max_length=32, blank=True)
    actor_agency = models.CharField(max_length=128, blank=True)
    object_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    text = SealedTextField(concept="timeline.text")

    protection = case_rows("section", verb_can="SELECT, INSERT", keeps_head=True)
    section_rule = "section"
    keeps_head = True

    class Meta:
        indexes = [models.Index(fields=["case", "-at", "id"], name="timeline_case")]

    def __str__(self) -> str:
        return self.kind
