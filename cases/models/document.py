"""材料: papers attached to a case. What was handed in is never deleted, only withdrawn."""

from __future__ import annotations

import dataclasses
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import PAPER_SECTIONS, PaperKind
from cases.models.case import CaseOwned
from cases.models.scope import CaseQuerySet
from core.fields import SealedBytesField, SealedTextField
from core.identity import Identity
from core.protection import CASE_OFFICES, IS_WORKER, TICKET, Rows, case_rows
from core.uploads import TYPES, FileType

_SECTION = case_rows("section")


class DocumentQuerySet(CaseQuerySet["Document"]):
    """Scope of papers."""

    def visible_to(self, by: Identity) -> Self:
        """Papers of the sections that are open to `by`; what was withdrawn is for the own centres alone."""
        return super().visible_to(by).filter(Q(withdrawn_at__isnull=True) | Q(office_id__in=by.case_offices))


class Document(CaseOwned):
    """One paper: what it is, in which section it stands, who handed it in. Its bytes are a row of their own (DocumentContent)."""

    section = models.CharField(
        _("Who may read it"), max_length=16, choices=[(one.value, one.label) for one in PAPER_SECTIONS]
    )
    kind = models.CharField(_("Kind of paper"), max_length=12, choices=PaperKind.choices)
    name = SealedTextField(_("Name of the file"), concept="document.name")
    file_type = models.CharField(max_length=8, choices=[(code, kind.label) for code, kind in TYPES.items()])
    size = models.IntegerField()  # bytes, as kept
    sha256 = SealedTextField(concept="document.sha256")  # of the bytes as kept; in the clear it would tell known papers
    source_kind = models.CharField(
        max_length=16, blank=True
    )  # what it came with: a referral's answer; empty: the case page
    source_id = models.UUIDField(null=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    added_by_name = models.CharField(max_length=64)
    added_by_agency = models.CharField(max_length=128, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=64, blank=True)
    withdrawn_reason = SealedTextField(_("Why it is withdrawn"), concept="document.withdrawn_reason")

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]
    protection = dataclasses.replace(_SECTION, web=f"({_SECTION.web}) AND (withdrawn_at IS NULL OR {{table}}.office_id = ANY {CASE_OFFICES})")  # fmt: skip
    section_rule = "section"

    class Meta:
        constraints = [
            models.CheckConstraint(name="document_holds_something", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="document_withdrawn_by_someone",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_name="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_name="")),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["case", "-added_at"], name="document_case"),
            models.Index(fields=["source_id"], name="document_source", condition=Q(source_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def type(self) -> FileType:
        """What kind of file it is."""
        return TYPES[self.file_type]

    @property
    def download_name(self) -> str:
        """Under which name it leaves the product: a piece of its id, nobody's name."""
        return f"paper-{str(self.pk)[:8]}.{self.type.extension}"


class DocumentContentQuerySet(CaseQuerySet["DocumentContent"]):
    """Scope of the bytes."""

    def visible_to(self, by: Identity) -> Self:
        """The bytes of the papers that `by` may see."""
        return self.filter(document__in=Document.objects.visible_to(by))


class DocumentContent(CaseOwned):
    """The sealed bytes of one paper; written once. They stand apart, so that no list and no change of the paper carries them about."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="content")
    body = SealedBytesField(concept="document.body")

    objects = DocumentContentQuerySet.as_manager()  # type: ignore[misc]
    protection = Rows(
        # whoever sees the paper sees its bytes: the sub-select is itself under the paper's rules
        web="EXISTS (SELECT 1 FROM cases_document d WHERE d.id = {table}.document_id)",
        verb=f"case_id = ANY {TICKET}", verb_can="SELECT, INSERT", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip
    section_rule = "document__section"

    def __str__(self) -> str:
        return str(self.pk)
