"""The clock's chain against a late unit: reminder, the director's paper, the superior federation, the committee, at last the manager's decision."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.enums import Role, UnitKind
from agencies.identities import in_force
from agencies.models import RoleGrant
from cases.enums import Risk, Section
from cases.models import WorkItem
from cases.services import clocks, numbers, timeline, workitems
from core import clock, engine
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity, current
from referrals.enums import OWED, ChasePaper, ReferralStatus
from referrals.models import Referral, ReferralChase, ReferralNote
from referrals.services.committees import owe_report
from referrals.services.common import (
    ACCEPT,
    OVERSEE,
    RESPOND,
    STUCK,
    SUPERVISE,
    before_acceptance,
    beside,
    is_sender,
    names_nobody,
    no_longer_late,
    note,
    said,
)

# The head of each paper's number.
HEADS = {
    ChasePaper.REMINDER: "催办",
    ChasePaper.SUPERVISION: "督办",
    ChasePaper.NOTICE: "提示",
    ChasePaper.REQUEST: "商请",
    ChasePaper.REGION: "提请",
    ChasePaper.COMMITTEE: "报请",
}
COURTS = (UnitKind.COURT, UnitKind.PROCURATORATE)


def directors_paper(unit_kind: str) -> ChasePaper:
    """What the director may send to this kind of body: nobody supervises a court, and the federation no department of government."""
    if unit_kind == UnitKind.FEDERATION:
        return ChasePaper.SUPERVISION
    return ChasePaper.REQUEST if unit_kind in COURTS else ChasePaper.NOTICE


def late_step(item: WorkItem, step: int) -> None:
    """What happens at a step of a referral's lateness, beside the bell. As the worker, in a verb on the case."""
    row = Referral.objects.select_related("unit", "office", "case").filter(pk=item.source_id, status__in=OWED).first()
    if row is None:
        return
    urgent = row.risk == Risk.HIGH
    if step == 1:
        _written_by_the_clock(row, item, ChasePaper.REMINDER)
    elif step == 2:
        workitems.open_item(
            SUPERVISE, office_id=row.office_id, source_id=row.pk, case=row.case, owner_role=Role.DIRECTOR, urgent=urgent
        )
    elif step == 3:
        paper = _written_by_the_clock(row, item, ChasePaper.REGION)
        overseer = _overseer(row)
        # Where the region has nobody, the director speaks to the superior federation herself.
        owner = {"owner_user_id": overseer} if overseer else {"owner_role": Role.DIRECTOR}
        workitems.open_item(OVERSEE, office_id=row.office_id, source_id=paper.pk, case=row.case, urgent=urgent, **owner)
    elif step > 4 or not owe_report(row):  # where no committee stands above the unit, the manager decides at once
        workitems.open_item(STUCK, office_id=row.office_id, source_id=row.pk, case=row.case, urgent=urgent)


def _written_by_the_clock(row: Referral, item: WorkItem, paper: ChasePaper) -> ReferralChase:
    made = _paper(row, item, paper)

    def write(act: Act[ReferralChase]) -> ReferralChase:
        act.object.save(force_insert=True)
        _told(act, row, paper)
        return act.object

    return engine.create("referral.chase", by=current(), row=made, write=write)


def _paper(row: Referral, item: WorkItem, paper: ChasePaper, **more: object) -> ReferralChase:
    return ReferralChase(
        case_id=row.case_id, office_id=row.office_id, referral=row, item_id=item.pk, paper=paper,
        number=numbers.next_paper_number(HEADS[paper], row.office), unit_name=row.unit.name, region_code=row.office.region_id[:6],
        risk=row.risk, owes_answer=row.status == ReferralStatus.ACCEPTED, was_due_at=item.due_at, issued_at=clock.now(), **more,
    )  # fmt: skip


def issue(act: Act[Referral], row: Referral, item: WorkItem, paper: ChasePaper, **more: object) -> ReferralChase:
    """One paper goes out, inside a verb on the letter; each once for each time that was missed."""
    if ReferralChase.objects.filter(item_id=item.pk, paper=paper, was_due_at=item.due_at).exists():
        raise DomainError("issued_already", _("This paper has gone out already."))
    made = _paper(row, item, paper, **more)
    made.save(force_insert=True)
    _told(act, row, paper)
    return made


def _told(act: Act[ReferralChase] | Act[Referral], row: Referral, paper: ChasePaper) -> None:
    timeline.add(
        act, row.case, "referral.chased", section=Section.COORDINATION, object_id=row.pk, unit=row.unit.short_name, paper=paper.value
    )  # fmt: skip


def _overseer(row: Referral) -> UUID | None:
    """The supervisor of the nearest region above, if it is nobody who answers for the late matter herself."""
    code = row.office.region_id
    own = RoleGrant.objects.filter(office_id=row.office_id, role__in=[Role.DIRECTOR, Role.MANAGER]).values("user_id")
    theirs = RoleGrant.objects.filter(unit_id=row.unit_id).values("user_id")
    held = in_force(RoleGrant.objects.filter(role=Role.SUPERVISOR, user__is_active=True, region__isnull=False))
    held = held.exclude(user_id__in=own).exclude(user_id__in=theirs).order_by("since", "pk")
    around = [grant for grant in held.select_related("region") if grant.region and code.startswith(grant.region.prefix)]
    around.sort(key=lambda grant: -len(grant.region.prefix))  # type: ignore[union-attr]
    return around[0].user_id if around else None


def late_item(row: Referral, now: dt.datetime) -> WorkItem:
    item = WorkItem.objects.filter(kind__in=(ACCEPT, RESPOND), source_id=row.pk, done_at__isnull=True).first()
    if item is None or row.due_at is None or row.due_at > now:
        raise DomainError("not_late", _("The unit still has time."))
    return item


def may_supervise(row: Referral, by: Identity) -> None:
    """The sending centre's director, unless she is one of the late unit's own people."""
    if row.office_id not in by.director_offices:
        raise NotAllowed("not_director", _("Only the centre's director may do this."))
    if row.group_id in by.groups:
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))


def referral_supervise(
    *, referral_id: UUID, by: Identity, version: int | None, text: str, key: UUID | None = None
) -> Referral:
    """督办: the director signs the paper that fits the late unit, and it goes out. Once for each time that was missed."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        item, paper = late_item(row, act.now), directors_paper(row.unit.kind)
        issue(
            act, row, item, paper, text=names_nobody(row, said(text)), issued_by_id=by.user_id, issued_by_name=by.name[:32],
            answer_by=clocks.due("referral.respond").at,
        )  # fmt: skip
        workitems.finish(SUPERVISE, source_id=row.pk)
        workitems.remind(item.kind, source_id=row.pk)
        return row

    return beside("supervise", write, may_supervise, referral_id=referral_id, by=by, version=version, key=key)


def referral_convene(
    *, referral_id: UUID, by: Identity, version: int | None, on: dt.datetime, text: str, key: UUID | None = None
) -> Referral:
    """The matter goes before the next joint meeting: the unit owes its step by then, and from then on the clock begins anew."""

    def write(act: Act[Referral]) -> Referral:
        row = act.object
        item = late_item(row, act.now)
        clocks.check_to_come(on, now=act.now, field="on")
        note(act, ReferralNote.Kind.MEETING, before_acceptance(row, said(text)))
        row.due_at = on
        row.answer_due_at = max(row.answer_due_at, on)
        if row.status == ReferralStatus.SENT:
            row.accept_due_at = on
        no_longer_late(row)
        workitems.remind(item.kind, source_id=row.pk, due_at=on)
        timeline.add(
            act, row.case, "referral.convened", section=Section.COORDINATION, object_id=row.pk, unit=row.unit.short_name
        )
        return row

    return beside("convene", write, is_sender, referral_id=referral_id, by=by, version=version, key=key)


def chase_oversee(*, chase_id: UUID, by: Identity, text: str, key: UUID | None = None) -> ReferralChase:
    """The superior federation, or the committee, writes down what it did; the centre's director and manager read it."""

    def write(act: Act[ReferralChase]) -> ReferralChase:
        paper = act.object
        if paper.overseen_at is not None:
            raise DomainError("overseen_already", _("This has been answered already."))
        paper.outcome, paper.overseen_at, paper.overseen_by_name = said(text), act.now, by.name[:32]
        workitems.finish(OVERSEE, source_id=paper.pk)
        timeline.add(
            act, paper.case, "referral.overseen" if paper.paper == ChasePaper.REGION else "referral.coordinated", section=Section.COORDINATION, object_id=paper.referral_id, unit=paper.unit_name
        )  # fmt: skip
        return paper

    return engine.change(
        "referral.oversee", by=by, scope=ReferralChase.objects.visible_to(by), pk=chase_id, guards=[_is_overseer], write=write, key=key
    )  # fmt: skip


def may_oversee(paper: ReferralChase, by: Identity) -> bool:
    """The superior federation's supervisor, or the committee's own, and nobody who answers for the centre or the late unit.

    Where the region has no supervisor and the committee no account, the director notes what she was told.
    """
    if paper.paper == ChasePaper.COMMITTEE:
        is_above = paper.addressee_group_id in by.groups and by.has(Role.LIAISON)
        if is_above and Referral.objects.filter(pk=paper.referral_id, group_id__in=by.groups).exists():
            return False
    elif paper.paper == ChasePaper.REGION:
        is_above = by.has(Role.SUPERVISOR) and any(paper.region_code.startswith(prefix) for prefix in by.regions)
    else:
        return False
    if is_above and paper.office_id not in by.case_offices:
        return True
    asked = WorkItem.objects.filter(kind=OVERSEE, source_id=paper.pk, owner_role=Role.DIRECTOR, done_at__isnull=True)
    return paper.office_id in by.director_offices and asked.exists()


def _is_overseer(paper: ReferralChase, by: Identity) -> None:
    if not may_oversee(paper, by):
        raise NotAllowed("not_overseer", _("Only the body that this was laid before may do this."))
