"""催办、督办: the papers that go out when a unit is late, each numbered and kept."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from agencies.models import Unit
from cases.enums import Risk
from cases.models import CaseOwned
from cases.models.scope import not_walled
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import GROUPS, IS_WORKER, TICKET, Rows, clear, staff_of_case
from referrals.enums import ABOUT, ChasePaper
from referrals.models.referral import Referral

_PREFIXES = "((SELECT caremgmt_texts('rg'))::text[])"
# whoever sees the referral sees what was sent to the unit: the sub-select is itself under the referral's rules
_OF_A_LETTER = "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {table}.referral_id)"


class ReferralChaseQuerySet(models.QuerySet["ReferralChase"]):
    """Scope of the papers."""

    def visible_to(self, by: Identity) -> Self:
        """The centre's own, those to a unit that still sees the letter, what was laid before the regions that `by` supervises or a committee of `by`."""
        letters = Exists(Referral.objects.visible_to(by).filter(pk=OuterRef("referral_id")))
        wanted = Q(office_id__in=by.case_offices) | (~Q(paper__in=ABOUT) & Q(letters))
        wanted |= Q(paper=ChasePaper.COMMITTEE, addressee_group_id__in=by.groups)
        for prefix in by.regions:
            wanted |= Q(paper=ChasePaper.REGION, region_code__startswith=prefix)
        return self.filter(wanted).filter(not_walled("case_id")) if by.user_id else self.none()


class ReferralChase(CaseOwned):
    """One paper to a late unit, or about it to the federation above: who owes what since when; nothing of the case but the band of its risk."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="chases")
    item_id = models.UUIDField()  # the late work item: each of its steps has one paper
    paper = models.CharField(_("Paper"), max_length=12, choices=ChasePaper.choices)
    number = models.CharField(_("Document number"), max_length=40, unique=True)
    unit_name = models.CharField(_("Unit"), max_length=80)
    # The committee that it was laid before, and its group for the policy.
    addressee = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Addressed to")
    )
    addressee_group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)  # the centre's, for the regions above it
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    owes_answer = models.BooleanField(_("The answer is owed, not the acceptance"))
    was_due_at = models.DateTimeField(_("Was due"))
    answer_by = models.DateTimeField(_("Answer by"), null=True)
    text = SealedTextField(_("What is demanded"), concept="referral_chase.text")
    issued_at = models.DateTimeField(_("Issued at"))
    issued_by_id = models.UUIDField(null=True)  # null: the reminder that the clock writes
    issued_by_name = models.CharField(_("Signed by"), max_length=32, blank=True)
    overseen_at = models.DateTimeField(null=True)
    overseen_by_name = models.CharField(max_length=32, blank=True)
    outcome = SealedTextField(_("What the superior federation did"), concept="referral_chase.outcome")

    objects = ReferralChaseQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')}"
        f" OR ({{table}}.paper NOT IN ('region', 'committee') AND {_OF_A_LETTER})"
        f" OR ({{table}}.paper = 'committee' AND {{table}}.addressee_group_id = ANY {GROUPS} AND {clear('{table}.case_id')})"
        f" OR ({{table}}.paper = 'region' AND {clear('{table}.case_id')} AND (left({{table}}.region_code, 2) = ANY {_PREFIXES}"
        f" OR left({{table}}.region_code, 4) = ANY {_PREFIXES} OR left({{table}}.region_code, 6) = ANY {_PREFIXES}))",
        verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["referral", "-issued_at"], name="referralchase_referral")]
        constraints = [
            models.UniqueConstraint(fields=["item_id", "paper", "was_due_at"], name="referralchase_once"),
            models.CheckConstraint(
                name="referralchase_committee_is_named",
                condition=Q(paper="committee", addressee__isnull=False, addressee_group__isnull=False)
                | (~Q(paper="committee") & Q(addressee__isnull=True, addressee_group__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


def with_chase(rows: models.QuerySet[Referral]) -> models.QuerySet[Referral]:
    """The rows with the last paper against their present delay (`chased`)."""
    papers = ReferralChase.objects.filter(referral=OuterRef("pk"), was_due_at=OuterRef("due_at"))
    return rows.annotate(chased=Subquery(papers.order_by("-issued_at").values("paper")[:1]))
