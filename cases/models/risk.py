"""Risk assessments."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import Risk
from cases.models.case import CaseOwned
from core.fields import SealedTextField
from core.protection import case_rows


class RiskAssessment(CaseOwned):
    """One assessment with an instrument: answers, score, alarms, band. Insert-only: a new look is a new row."""

    instrument = models.CharField(_("Instrument"), max_length=32)
    instrument_version = models.SmallIntegerField(default=1)
    answers = models.JSONField(default=dict)  # item code -> yes | no | unknown
    score = models.SmallIntegerField(_("Score"))
    alarms = models.JSONField(default=list)
    band = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    note = SealedTextField(_("Reasons"), concept="risk.note")
    assessed_at = models.DateTimeField(_("Assessed at"))
    assessor_id = models.UUIDField()
    assessor_name = models.CharField(max_length=32)

    protection = case_rows("'risk'", verb_can="SELECT, INSERT")
    section_rule = "'risk'"

    class Meta:
        indexes = [models.Index(fields=["case", "-assessed_at"], name="risk_case")]

    def __str__(self) -> str:
        return f"{self.instrument} {self.band}"
