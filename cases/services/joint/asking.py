"""The responsible centre asks another one to help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import Office
from cases.enums import GrantBasis, Risk, Section
from cases.enums_joint import JOINT_OPEN, JOINT_SECTIONS, JointReason
from cases.models import Case, JointHandling
from cases.services import access, clocks, consents, guards, timeline, workitems
from cases.services.centres import check_takers, is_another_centre
from cases.services.consents import Given
from cases.services.identifying import tells_who
from cases.services.joint.common import ANSWER, OVER
from core import engine
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity


@dataclass(frozen=True, slots=True)
class NewJoint:
    """What is asked of the other centre: why, its part, until when, what may be seen there and what each section rests on."""

    to_office: Office
    reason: str
    wish: str
    ends_at: dt.datetime
    sections: Sequence[str] = ()
    basis: str = GrantBasis.CONSENT
    bases: Mapping[str, str] = field(default_factory=dict)  # of single sections, where it is not `basis`
    consent: Given = field(default_factory=Given)

    @property
    def offered(self) -> list[str]:
        """The ticked sections that a centre can be offered at all, in their order."""
        return [section.value for section in JOINT_SECTIONS if section in self.sections]

    def basis_of(self, section: str) -> str:
        """What a section rests on."""
        return self.bases.get(section) or self.basis

    @property
    def by_consent(self) -> list[str]:
        """The sections that rest on consent."""
        return [code for code in self.offered if self.basis_of(code) == GrantBasis.CONSENT]


def joint_refusals(case: Case, new: NewJoint, now: dt.datetime) -> list[DomainError]:
    """Everything that is wrong with what is asked, each beside its field."""
    found = list(_own_refusals(case, new, now))
    if new.by_consent:
        found += consents.refusals(case, new.consent, now=now)
    return found


def _own_refusals(case: Case, new: NewJoint, now: dt.datetime) -> Iterator[DomainError]:
    if not new.wish.strip():
        yield DomainError("required", _("Say what the other centre is asked to do."), field="task")
    elif tells_who(case.pk, [new.wish]):
        text = _("This is read before the other centre agrees: take out the name, number or address.")
        yield DomainError("names", text, field="task")
    if not new.offered or len(new.offered) != len(set(new.sections)):
        yield DomainError(
            "sections", _("Tick at least one part of the case: without it nobody can help."), field="sections"
        )
    if new.ends_at <= clocks.due(ANSWER, urgent=case.risk == Risk.HIGH, start=now).at:
        text = _("Choose a later day: the other centre has to answer first.")
        yield DomainError("past", text, field="ends_on")
    elif new.ends_at > clocks.due("joint.longest", start=now).at:
        text = _("Choose an earlier day: after half a year it is asked for anew.")
        yield DomainError("too_long", text, field="ends_on")


def joint_ask(
    *, case_id: UUID, by: Identity, version: int | None, new: NewJoint, key: UUID | None = None
) -> JointHandling:
    """Ask another centre to handle a case together. The own centre stays responsible, and all that it owes stays owed.

    What is offered opens only when the other centre agrees, to the people whom it names, until `ends_at`.
    """
    JointReason(new.reason)
    for basis in (new.basis, *new.bases.values()):
        GrantBasis(basis)

    def write(act: Act[Case]) -> JointHandling:
        case = act.object
        if JointHandling.objects.filter(case=case, status__in=JOINT_OPEN).exists():
            raise DomainError(
                "joint_already", _("Another centre is asked, or helps, already. Recall or end that first.")
            )
        check_takers(case, new.to_office)
        refused = next(iter(joint_refusals(case, new, act.now)), None)
        if refused is not None:
            raise refused
        return _write(act, new)

    return engine.change(
        "joint.ask", by=by, scope=Case.objects.visible_to(by), pk=case_id, version=version,
        guards=[guards.is_manager, guards.is_open, guards.is_assessed, is_another_centre(new.to_office)], write=write, key=key,
    )  # fmt: skip


def _write(act: Act[Case], new: NewJoint) -> JointHandling:
    case, urgent = act.object, act.object.risk == Risk.HIGH
    due = clocks.due(ANSWER, urgent=urgent)
    row = JointHandling(
        case=case, office_id=case.office_id, to_office=new.to_office, reason=new.reason, category_id=case.category_id, risk=case.risk,
        concerns_minor=case.concerns_minor, wish=new.wish.strip(), sections=new.offered,
        bases={code: new.basis_of(code) for code in new.offered}, asked_at=act.now, due_at=due.at, ends_at=new.ends_at,
    )  # fmt: skip
    row.save(force_insert=True)
    _offer(act, row, new)
    for earlier in JointHandling.objects.filter(case=case).values_list("pk", flat=True):
        workitems.finish(OVER, source_id=earlier)  # answered by asking anew
    workitems.open_item(
        ANSWER, office_id=new.to_office.pk, source_id=row.pk, case=case, owner_role=Role.MANAGER, due_at=due.at, urgent=urgent,
    )  # fmt: skip
    timeline.add(
        act, case, "joint.asked", section=Section.COORDINATION, object_id=row.pk, centre=new.to_office.short_name, reason=new.reason
    )  # fmt: skip
    act.detail |= {"joint": str(row.pk), "office": str(new.to_office.pk), "sections": row.bases}
    return row


def _offer(act: Act[Case], row: JointHandling, new: NewJoint) -> None:
    """Offered to the centre, opened to nobody. What the law allows first: the head of the case must not end with a consent that other parts do not need."""
    consent = None
    if new.by_consent:
        consent = consents.consent_give(
            act.object, new.consent, unit=new.to_office, sections=new.by_consent, now=act.now
        )
    of_basis: dict[GrantBasis, list[Section]] = {}
    for section, basis in row.shared:
        of_basis.setdefault(basis, []).append(section)
    for basis in sorted(of_basis, key=lambda one: one == GrantBasis.CONSENT):
        rests = basis == GrantBasis.CONSENT
        until = min(new.ends_at, new.consent.until) if rests and new.consent.until else new.ends_at
        access.grant(
            case_id=row.case_id, sections=of_basis[basis], source_kind="joint", source_id=row.pk, basis=basis,
            group_id=new.to_office.group_id, consent_id=consent.pk if consent and rests else None, until=until, offer=True,
        )  # fmt: skip
