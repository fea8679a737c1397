"""Referrals: case → agency, with an ask and a due time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from agencies.models import Unit
from cases.enums import GrantBasis, Risk, Section
from cases.models import CaseOwned, Category
from cases.models.case import history
from cases.models.scope import grants_in_force, not_walled
from core.fields import SealedTextField
from core.identity import Identity
from core.protection import GROUPS, HOLDS, IS_WORKER, TICKET, UID, Rows, clear, staff_of_case
from referrals.enums import OWED, Ask, DeclineReason, ReferralStatus, Result

# A letter is read by its unit's members, and of these by the named liaison alone where one is named; who has left the unit reads it no more.
# A scalar sub-select, because the planner would rather hash all grants of a unit than look at those of fifty rows (EXISTS).
_LETTER = (
    f"({{table}}.group_id = ANY {GROUPS} AND {clear('{table}.case_id')} AND (SELECT true FROM cases_accessgrant g"  # noqa: S608 -- constants only
    " WHERE g.source_id = {table}.id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now())"
    " AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now()))"
    f" AND {HOLDS} LIMIT 1))"
)


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Scope of referrals."""

    def visible_to(self, by: Identity) -> Self:
        """The own centres' referrals, and letters to a unit of `by` (or to `by` by name) in force; never past a wall."""
        if by.user_id is None:
            return self.none()
        letters = grants_in_force(by, "case_id", "letter").filter(source_id=OuterRef("pk"))
        addressed = Q(group_id__in=by.groups) & Q(Exists(letters))
        return self.filter(Q(office_id__in=by.case_offices) | addressed).filter(not_walled("case_id"))

    def received_by(self, by: Identity) -> Self:
        """Letters to the units of `by`, the grants asked for each row only: what the inbox is made of."""
        if by.user_id is None or not by.groups:
            return self.none()
        letters = grants_in_force(by, "case_id", "letter").filter(source_id=OuterRef("pk"))
        return self.filter(Exists(letters), not_walled("case_id"), group_id__in=by.groups)

    def open_to_programs(self) -> Self:
        """Of these what an agency's own system may handle: nothing for a named person, of violence or of minors (security.md, 7)."""
        return self.filter(
            named_liaison__isnull=True,
            concerns_minor=False,
            category__is_violence=False,
            category__concerns_minor=False,
        )

    def sent_by(self, by: Identity) -> Self:
        """Referrals of the own centres' cases."""
        return self.filter(not_walled("case_id"), office_id__in=by.case_offices)


class Referral(CaseOwned):
    """The letter that an agency's unit sees before it accepts: coded fields and a reviewed ask, no free text of the case.

    `case_id` is opaque to the unit until acceptance opens the sections.
    """

    number = models.CharField(_("Document number"), max_length=40, unique=True)
    status = models.CharField(_("Status"), max_length=10, choices=ReferralStatus.choices, default=ReferralStatus.SENT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="referrals", verbose_name=_("Unit"))
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+"
    )  # the unit's, for the index and the policy
    named_liaison = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # At high risk the safety sections are open to this one member of the unit before acceptance.
    opened_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("Category"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    concerns_minor = models.BooleanField(_("Concerns a minor"), default=False)
    ask = models.CharField(_("What is asked"), max_length=12, choices=Ask.choices)
    ask_note = SealedTextField(
        _("Note to the ask"), concept="referral.ask_note"
    )  # reviewed by the sender: nothing that identifies
    sections = models.JSONField(_("Sections offered"), default=list)
    basis = models.CharField(_("Legal basis of sharing"), max_length=20, choices=GrantBasis.choices)
    bases = models.JSONField(
        _("Basis of each section"), default=dict
    )  # section: basis; what is not named rests on `basis`
    sent_at = models.DateTimeField(_("Sent at"), null=True)
    sent_by_name = models.CharField(_("Signed by"), max_length=32, blank=True)  # who sent the letter signs it
    accept_due_at = models.DateTimeField(_("Accept by"))
    answer_due_at = models.DateTimeField(_("Answer by"))
    due_at = models.DateTimeField(
        null=True
    )  # what the unit owes next: acceptance, then the answer; null when it owes nothing
    accepted_at = models.DateTimeField(_("Taken on at"), null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    responded_at = models.DateTimeField(_("Answered at"), null=True)
    closed_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(
        _("Reason for declining"), max_length=16, choices=DeclineReason.choices, blank=True
    )
    result = models.CharField(_("Result"), max_length=16, choices=Result.choices, blank=True)
    time_asked_until = models.DateTimeField(
        _("More time asked until"), null=True
    )  # an undecided ask of the unit for more time; why stands in a note
    version = models.IntegerField(default=1)

    objects = ReferralQuerySet.as_manager()  # type: ignore[misc, assignment]
    history = history()
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        web=f"{staff_of_case('{table}.case_id', '{table}.office_id')} OR {_LETTER}",
        verb=f"case_id = ANY {TICKET}", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        permissions: ClassVar[list[Any]] = [("view_letter", "Can view the letter")]
        indexes = [
            models.Index(
                fields=["group", "due_at", "id"], name="referral_group_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["group", "-sent_at", "-id"], name="referral_group_sent"),
            models.Index(
                fields=["office", "due_at", "id"], name="referral_office_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["office", "-sent_at", "-id"], name="referral_office_sent"),
            models.Index(fields=["group", "status"], name="referral_group_status"),
            models.Index(fields=["office", "status"], name="referral_office_status"),
            models.Index(fields=["case", "-sent_at"], name="referral_case"),
            models.Index(fields=["sent_at"], name="referral_sent"),
            models.Index(
                fields=["named_liaison"],
                name="referral_named",
                condition=Q(due_at__isnull=False, named_liaison__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="referral_owes_while_open",
                condition=Q(status__in=OWED, due_at__isnull=False) | (~Q(status__in=OWED) & Q(due_at__isnull=True))),
            models.CheckConstraint(name="referral_decline_has_reason", condition=~Q(status="declined") | ~Q(decline_reason="")),
            models.CheckConstraint(name="referral_asks_time_in_hand", condition=Q(time_asked_until__isnull=True) | Q(status="accepted")),
            models.CheckConstraint(name="referral_answer_has_result", condition=~Q(status="responded") | ~Q(result="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def shared(self) -> list[tuple[Section, GrantBasis]]:
        """Each section that is offered, with the basis that it rests on; the safe contact first, which always travels along."""
        safe = basis_of_safe_contact(self.basis, [self.basis_of(code) for code in self.sections])
        return [(Section.SAFE_CONTACT, safe), *((Section(code), self.basis_of(code)) for code in self.sections)]

    def basis_of(self, section: str) -> GrantBasis:
        """What one section rests on."""
        return GrantBasis(self.bases.get(section, self.basis))


def basis_of_safe_contact(basis: str, of_sections: Iterable[str]) -> GrantBasis:
    """How she is reached without danger is known as long as anything is: it rests on consent only where everything does."""
    lasting = [each for each in (basis, *of_sections) if each != GrantBasis.CONSENT]
    return GrantBasis(lasting[0] if lasting else basis)


class ReferralNoteQuerySet(models.QuerySet["ReferralNote"]):
    """Scope of notes."""

    def visible_to(self, by: Identity) -> Self:
        """The notes of the referrals that `by` may see."""
        return self.filter(referral__in=Referral.objects.visible_to(by))


class ReferralNote(CaseOwned):
    """What the agency reports: progress, answer, why declined, what is missing. Seen by the centre and by the unit."""

    class Kind(models.TextChoices):
        DECLINE = "decline", _("Reasons for declining")
        PROGRESS = "progress", _("Progress of the work")
        ANSWER = "answer", _("Answer of the unit")
        MISSING = "missing", _("What is missing")
        RETURN = "return", _("Reasons for giving it back")
        ENTERED = "entered", _("Answer entered by the centre")
        GIVEN_UP = "given_up", _("No answer: what happens instead")
        ASKED = "asked", _("Why more time is needed")
        GRANTED = "granted", _("More time given")
        REFUSED = "refused", _("Why no more time is given")
        PASSED = "passed", _("Passed on inside the agency")
        MEETING = "meeting", _("Laid before the next joint meeting")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = SealedTextField(_("Text"), concept="referral_note.text")
    papers = models.SmallIntegerField(
        default=0
    )  # how many came with it; who may read them stands with each (cases.Document)
    at = models.DateTimeField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=32)
    actor_agency = models.CharField(max_length=128, blank=True)

    objects = ReferralNoteQuerySet.as_manager()  # type: ignore[misc, assignment]
    section_rule: ClassVar[str] = "'letter'"
    protection = Rows(
        # whoever sees the referral sees its notes: the sub-select is itself under the referral's rules
        web="EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {table}.referral_id)",
        verb=f"case_id = ANY {TICKET}", verb_can="SELECT, INSERT", worker=IS_WORKER, unique_case_key=True,
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["referral", "at"], name="referralnote_referral")]

    def __str__(self) -> str:
        return self.kind


# A permission is no news of a letter that its holder may not see: the sub-select is itself under the referral's rules.
_SEEN = "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {table}.content_object_id)"


class ReferralGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian's `view_letter` for the unit, as long as the letter is in force; kept by the trigger in referrals/sql."""

    content_object = models.ForeignKey(Referral, on_delete=models.CASCADE, db_constraint=False)
    sent_at = models.DateTimeField(null=True)

    protection = Rows(web=f"group_id = ANY {GROUPS} AND {_SEEN}", verb=None, worker=IS_WORKER)

    class Meta:
        unique_together: ClassVar[list[list[str]]] = [["group", "permission", "content_object"]]
        indexes = [models.Index(fields=["group", "permission", "-sent_at", "content_object"], name="rgop_newest")]


class ReferralUserObjectPermission(UserObjectPermissionBase):
    """The same for a letter to a named liaison."""

    content_object = models.ForeignKey(Referral, on_delete=models.CASCADE, db_constraint=False)
    sent_at = models.DateTimeField(null=True)

    protection = Rows(web=f"user_id = {UID} AND {_SEEN}", verb=None, worker=IS_WORKER)

    class Meta:
        unique_together: ClassVar[list[list[str]]] = [["user", "permission", "content_object"]]
        indexes = [models.Index(fields=["user", "permission", "-sent_at", "content_object"], name="ruop_newest")]
