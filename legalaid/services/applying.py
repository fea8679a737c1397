"""The centre applies for her, tells her what came of it, and closes the matter."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import UnitKind
from agencies.models import Unit
from cases.enums import GrantBasis, Section, WorkItemOutcome
from cases.models import Case
from cases.services import access, clocks, consents, guards, numbers, timeline, workitems
from cases.services.case import begin_if_assessed
from cases.services.consents import Given
from core import engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from legalaid.enums import OPEN_AID, AidStatus, EndReason, Matter, MeansTest
from legalaid.models import Application
from legalaid.services.common import ASSIGN, DECIDE, TELL, change, is_sender, owe

SHARED = (Section.IDENTITY, Section.LEGAL)


def application_send(
    *,
    case_id: UUID,
    by: Identity,
    unit: Unit,
    matter: str,
    means: str,
    consent: Given,
    is_urgent: bool = False,
    is_minor: bool = False,
    kin_checked: bool = False,
    key: UUID | None = None,
) -> Application:
    """Apply for legal aid with consent, hers or a guardian's: it opens identity and the legal section to the legal-aid centre until the matter is closed.

    `kin_checked`: what was said of his or his kin's work sounded like this centre, and the sender has asked.
    """
    Matter(matter)
    MeansTest(means)

    def write(act: Act[Case]) -> Application:
        case = act.object
        _not_behind_a_wall(case, unit)
        if Application.objects.filter(case=case, unit=unit, matter=matter, status__in=OPEN_AID).exists():
            raise DomainError("sent_already", _("This was applied for there already and is not closed."), field="unit")
        due_at = clocks.due("legal_aid.decide").at
        row = Application.objects.create(
            case=case, office_id=case.office_id, number=numbers.next_paper_number("援助", case.office), status=AidStatus.APPLIED, unit=unit,
            group_id=unit.group_id, matter=matter, means=means, is_urgent=is_urgent, is_minor=is_minor, applied_at=act.now, due_at=due_at,
        )  # fmt: skip
        held = consents.consent_give(
            case, consent, unit=unit, sections=[section.value for section in SHARED], now=act.now
        )
        access.grant(
            case_id=case.pk, sections=SHARED, source_kind="legal_aid", source_id=row.pk, basis=GrantBasis.CONSENT, group_id=unit.group_id,
            consent_id=held.pk, until=held.valid_until,
        )  # fmt: skip
        workitems.finish(("case.plan", "case.review"), source_id=case.pk)
        owe(row, DECIDE)
        begin_if_assessed(act, case)
        timeline.add(
            act, case, "legalaid.applied", section=Section.LEGAL, object_id=row.pk, unit=unit.short_name, matter=matter
        )
        act.detail |= {
            "application": str(row.pk),
            "unit": str(unit.pk),
            "sections": [section.value for section in SHARED],
            **({"kin_checked": True} if kin_checked else {}),
        }
        return row

    return engine.change(
        "legalaid.apply", by=by, scope=Case.objects.visible_to(by).select_related("office"), pk=case_id,
        guards=[guards.is_manager, guards.is_open, guards.is_assessed, _is_legal_aid(unit)], write=write, key=key,
    )  # fmt: skip


def _is_legal_aid(unit: Unit) -> engine.Guard:
    def check(case: Case, by: Identity) -> None:
        if unit.kind != UnitKind.LEGAL_AID or not unit.is_active:
            raise DomainError("not_legal_aid", _("Choose a legal-aid centre."), field="unit")

    return check


def _not_behind_a_wall(case: Case, unit: Unit) -> None:
    """Nothing is sent to a unit that must not know of this case (回避)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_stands_behind_wall(%s, %s, %s)", [case.pk, unit.group_id, None])
        if cursor.fetchone()[0]:
            raise DomainError(
                "walled",
                _("This matter must not go there because of a conflict of interest. Choose another."),
                field="unit",
            )


def application_tell(
    *, application_id: UUID, by: Identity, version: int | None, key: UUID | None = None
) -> Application:
    """She was told what came of it: the lawyer's name, or the refusal and how to object (Legal Aid Law 49)."""

    def write(act: Act[Application]) -> Application:
        row = act.object
        if row.status not in (AidStatus.REFUSED, AidStatus.ASSIGNED):
            raise DomainError("wrong_status", _("There is nothing to tell yet."))
        row.told_at = act.now
        workitems.finish(TELL, source_id=row.pk)
        timeline.add(act, row.case, "legalaid.told", section=Section.LEGAL, object_id=row.pk)
        return row

    return change("tell", application_id, by=by, version=version, write=write, guard=is_sender, key=key, moves=False)


def application_close(
    *, application_id: UUID, by: Identity, version: int | None, reason: str, key: UUID | None = None
) -> Application:
    """The matter is over, or she withdraws: what was opened to the legal-aid centre is closed at once."""
    why = EndReason(reason)

    def write(act: Act[Application]) -> Application:
        row = act.object
        if row.status == AidStatus.ASSIGNED and why == EndReason.ACCEPTED:
            raise DomainError("reason", _("Say how the matter ended."), field="reason")
        row.closed_at, row.end_reason, row.due_at = act.now, why, None
        workitems.finish((DECIDE, ASSIGN), source_id=row.pk, outcome=WorkItemOutcome.CANCELLED)
        workitems.finish(TELL, source_id=row.pk)
        access.withdraw(source_id=row.pk)
        timeline.add(act, row.case, "legalaid.closed", section=Section.LEGAL, object_id=row.pk, reason=why.value)
        return row

    return change("close", application_id, by=by, version=version, write=write, guard=is_sender, key=key)
