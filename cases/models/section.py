"""What was told and found, section by section."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import TEXT_SECTIONS
from cases.models.case import CaseOwned, history
from core.fields import SealedTextField
from core.protection import case_rows


class SectionText(CaseOwned):
    """The running text of one section of a case."""

    section = models.CharField(_("Section"), max_length=16, choices=[(s.value, s.label) for s in TEXT_SECTIONS])
    text = SealedTextField(_("Text"), concept="section.text")
    updated_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    history = history()
    protection = case_rows("section")
    section_rule = "section"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "section"], name="sectiontext_once")]

    def __str__(self) -> str:
        return self.section
