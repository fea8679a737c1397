"""Finding people without a plain word in the table."""

from __future__ import annotations

from django.db import models

from cases.enums import Section
from cases.models.case import Case, CaseOwned
from cases.models.party import Party
from core.protection import IS_WORKER, TICKET, Rows, case_rows


class BlindGram(CaseOwned):
    """A keyed hash of a piece of a name, its initials or a phone: rows under a btree, because only equality is leakproof."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, db_constraint=False, related_name="grams")
    gram = models.BigIntegerField()
    section = models.CharField(max_length=16, choices=Section.choices, default=Section.IDENTITY)

    protection = case_rows("section", verb_can="SELECT, INSERT, DELETE")
    section_rule = "section"

    class Meta:
        indexes = [
            models.Index(fields=["office", "gram", "party"], name="blindgram_lookup"),
            models.Index(fields=["party"], name="blindgram_party"),
        ]

    def __str__(self) -> str:
        return str(self.gram)


class Fingerprint(models.Model):
    """Exact keyed hashes of ID numbers, phones and names, province-wide. Web cannot read them: it asks a function that logs and limits."""

    class Kind(models.TextChoices):
        ID_NUMBER = "id"
        PHONE = "phone"
        NAME = "name"  # of those whose namesakes on the staff stand aside until it is known who they are

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    office_id = models.UUIDField()
    person_id = models.UUIDField()
    role = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.BinaryField(max_length=32)

    protection = Rows(web=None, verb=f"case_id = ANY {TICKET}", verb_can="SELECT, INSERT, DELETE", worker=IS_WORKER)

    class Meta:
        indexes = [
            models.Index(fields=["digest", "kind"], name="fingerprint_lookup"),
            models.Index(fields=["person_id"], name="fingerprint_person"),
        ]

    def __str__(self) -> str:
        return self.kind
