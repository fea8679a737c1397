"""The centre refers a case to a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role, UnitKind
from agencies.models import Unit, User
from cases.enums import SHAREABLE, CaseStatus, GrantBasis, Risk, Section
from cases.models import Case
from cases.models.access import Consent
from cases.services import access, clocks, guards, numbers, timeline, workitems
from cases.services.case import begin_if_assessed
from cases.services.identifying import tells_who
from core import clock, engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.enums import OWED, Ask, ReferralStatus
from referrals.models import Referral
from referrals.services.common import ACCEPT, RESPOND, owe

# Reporter and evidence go to these only (permissions.md, principle 4).
FOR_INVESTIGATORS = frozenset({Section.REPORTER, Section.EVIDENCE})
INVESTIGATORS = frozenset({UnitKind.POLICE, UnitKind.PROCURATORATE})
NAMED_LIAISON_NEEDED = _("Matters of violence and of minors go to a named liaison. Choose one.")
LIAISON_ROLES = (Role.LIAISON, Role.AID_OFFICER)


def liaisons(unit: Unit) -> Any:
    """The active users who hold a liaison's role at `unit` today."""
    today = clock.today()
    held = unit.role_grants.filter(role__in=LIAISON_ROLES, since__lte=today).exclude(until__lt=today)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)


def needs_named_liaison(case: Case) -> bool:
    """Violence, sexual matters and minors go to a named liaison, not to an open inbox."""
    return case.concerns_minor or case.category.is_violence or case.category.concerns_minor


def accept_due(case: Case, unit: Unit | None) -> dt.datetime:
    """By when the unit has to accept: within hours for high risk where the unit has a 24-hour duty."""
    return clocks.due("referral.accept", urgent=case.risk == Risk.HIGH and unit is not None and unit.has_duty).at


def referral_send(
    *,
    case_id: UUID,
    by: Identity,
    unit: Unit,
    ask: str,
    ask_note: str,
    sections: Sequence[str],
    basis: str,
    named_liaison: User | None = None,
    answer_due_at: dt.datetime | None = None,
    consent_note: str = "",
    consent_until: dt.datetime | None = None,
    key: UUID | None = None,
) -> Referral:
    """Refer a case to a unit: the unit sees the letter, and the offered sections only once it accepts.

    Safe-contact rules are offered with every referral. `consent_note` says how she consented, where her consent is the basis, and
    `consent_until` how long it holds: what rests on it ends with it.
    """
    Ask(ask)
    GrantBasis(basis)
    offered = [section.value for section in SHAREABLE if section in sections]

    def write(act: Act[Case]) -> Referral:
        case = act.object
        _not_behind_a_wall(case, unit, named_liaison)
        if tells_who(case.pk, [ask_note]):
            raise DomainError(
                "names",
                _(
                    "The letter is read before acceptance: take out the name, number or address. It opens with acceptance."
                ),
                field="ask_note",
            )
        if Referral.objects.filter(case=case, unit=unit, ask=ask, status__in=OWED).exists():
            raise DomainError(
                "sent_already", _("This unit has been asked for this already and still owes the answer."), field="unit"
            )
        accept_by = accept_due(case, unit)
        answer_by = answer_due_at or clocks.due("referral.respond").at
        if answer_by <= act.now:
            raise DomainError("past", _("Choose a time that is still to come."), field="answer_due_at")
        until = consent_until if basis == GrantBasis.CONSENT else None
        if until is not None and until <= act.now:
            raise DomainError("past", _("Choose a time that is still to come."), field="consent_until")
        referral = Referral.objects.create(
            case=case, office_id=case.office_id, number=numbers.next_paper_number("转办", case.office), status=ReferralStatus.SENT,
            unit=unit, group_id=unit.group_id, named_liaison=named_liaison, category_id=case.category_id, risk=case.risk,
            concerns_minor=case.concerns_minor, ask=ask, ask_note=ask_note, sections=offered, basis=basis, sent_at=act.now,
            sent_by_name=act.by.name[:32], accept_due_at=accept_by, answer_due_at=max(answer_by, accept_by), due_at=accept_by,
        )  # fmt: skip
        consent = _consent(act, unit, offered, consent_note, until) if basis == GrantBasis.CONSENT else None
        common: dict[str, Any] = {
            "case_id": case.pk,
            "source_kind": "referral",
            "source_id": referral.pk,
            "basis": basis,
        }
        common |= {"group_id": unit.group_id, "user_id": named_liaison.pk if named_liaison else None}
        access.grant(sections=[Section.LETTER], **common)
        access.grant(sections=[Section.SAFE_CONTACT, *offered], offer=True, consent_id=consent, until=until, **common)
        workitems.finish(("case.plan", "case.review"), source_id=case.pk)
        owe(referral, ACCEPT, urgent=case.risk == Risk.HIGH)
        begin_if_assessed(act, case)
        timeline.add(
            act,
            case,
            "referral.sent",
            section=Section.COORDINATION,
            object_id=referral.pk,
            unit=unit.short_name,
            ask=ask,
        )
        act.detail |= {"referral": str(referral.pk), "unit": str(unit.pk), "sections": offered, "basis": basis}
        return referral

    return engine.change(
        "referral.send", by=by, scope=Case.objects.visible_to(by).select_related("category", "office"), pk=case_id,
        guards=[guards.is_manager, guards.is_open, _is_assessed, _fits(unit, named_liaison, offered), _no_mediation(ask)], write=write, key=key,
    )  # fmt: skip


def _is_assessed(case: Case, by: Identity) -> None:
    if case.status == CaseStatus.RECEIVED:
        raise DomainError("not_assessed", _("Assess the case first."))


def _fits(unit: Unit, named_liaison: User | None, offered: Sequence[str]) -> engine.Guard:
    def check(case: Case, by: Identity) -> None:
        if not unit.is_active:
            raise DomainError("inactive_unit", _("This unit takes no more work. Choose another."), field="unit")
        if named_liaison is None and unit.has_accounts and needs_named_liaison(case):
            raise DomainError("named_liaison", NAMED_LIAISON_NEEDED, field="named_liaison")
        if named_liaison and not liaisons(unit).filter(pk=named_liaison.pk).exists():
            raise DomainError("named_liaison", _("This person is not a liaison of that unit."), field="named_liaison")
        if unit.kind not in INVESTIGATORS and FOR_INVESTIGATORS.intersection(offered):
            raise DomainError(
                "investigators_only",
                _("Reporter and evidence go to the police and the procuratorate only."),
                field="sections",
            )

    return check


def _no_mediation(ask: str) -> engine.Guard:
    def check(case: Case, by: Identity) -> None:
        if ask == Ask.MEDIATE:
            guards.no_high_risk(case, by)

    return check


def hear_risk(act: Act[Case], case: Case) -> None:
    """The danger was assessed anew: whoever still owes something on the case reads the new risk, and a high one shortens the time to accept."""
    for row in Referral.objects.filter(case=case, status__in=OWED).exclude(risk=case.risk).select_related("unit"):
        row.risk = case.risk
        if row.status == ReferralStatus.SENT:
            row.accept_due_at = row.due_at = min(row.accept_due_at, accept_due(case, row.unit))
        row.version += 1
        row.save()
        workitems.hasten((ACCEPT, RESPOND), source_id=row.pk, due_at=row.due_at, urgent=case.risk == Risk.HIGH)


def _not_behind_a_wall(case: Case, unit: Unit, named_liaison: User | None) -> None:
    """Nothing is sent to a unit or person that must not know of this case (回避)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT caremgmt_stands_behind_wall(%(case)s, %(group)s, NULL), caremgmt_stands_behind_wall(%(case)s, NULL, %(user)s)",
            {"case": case.pk, "group": unit.group_id, "user": named_liaison.pk if named_liaison else None},
        )
        for stands, name in zip(cursor.fetchone(), ("unit", "named_liaison"), strict=True):
            if stands:
                raise DomainError(
                    "walled",
                    _("This matter must not go there because of a conflict of interest. Choose another."),
                    field=name,
                )


def _consent(act: Act[Case], unit: Unit, offered: Sequence[str], note: str, until: dt.datetime | None) -> UUID:
    row = Consent.objects.create(
        case=act.object,
        office_id=act.object.office_id,
        unit_id=unit.pk,
        unit_name=unit.name,
        sections=list(offered),
        given_at=act.now,
        valid_until=until,
        note=note,
    )
    return row.pk
