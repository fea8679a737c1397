"""An emergency view is written into the case and reviewed by a third: its centre's director, else the level above."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.services.notifications import notify
from cases.enums import CaseStatus, GlassFinding, Section, WorkItemOutcome
from cases.models import BreakGlass, Case, GlassWords, TimelineEntry, WorkItem
from cases.services import workitems
from cases.services.above import above, colleagues, directors_of
from cases.services.glass.common import DECIDED, REVIEW
from core import engine, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import Identity, as_verb
from core.models.outbox import OutboxItem


def _is_unreviewed(row: BreakGlass, by: Identity) -> None:
    if row.reviewed_at is not None:
        raise DomainError("wrong_status", DECIDED)


def reviewable(by: Identity) -> QuerySet[BreakGlass]:
    """Opened ones that nobody has reviewed, at the centre whose case it is, or where `by` is named."""
    rows = BreakGlass.objects.visible_to(by).filter(case__isnull=False, reviewed_at=None)
    return rows.filter(Q(office_id__in=by.director_offices) | Q(reviewer_id=by.user_id))


def may_review(row: BreakGlass, by: Identity) -> None:
    """Neither who opened nor who confirmed, nor a colleague of who opened."""
    if by.user_id == row.answered_by_id or by.user_id in colleagues([row.opener_id]):
        raise NotAllowed("own_act", _("Nobody approves an own act: a colleague has to decide this."))


def glass_review(*, glass_id: UUID, by: Identity, finding: str, note: str, key: UUID | None = None) -> BreakGlass:
    """Was it justified? One that was not ends at once."""

    def write(act: Act[BreakGlass]) -> BreakGlass:
        row = act.object
        row.finding, row.reviewed_at, row.reviewed_by_id = GlassFinding(finding).value, act.now, by.user_id
        words = GlassWords.objects.get(glass=row)
        words.note = note.strip()
        words.save(update_fields=["note"])
        if finding == GlassFinding.WRONG and row.is_open():
            with connection.cursor() as cursor:
                cursor.execute("SELECT caremgmt_glass_end(%s::uuid)", [row.pk])
            row.ends_at = act.now
        workitems.finish(REVIEW, source_id=row.pk)
        act.detail |= {"finding": row.finding}
        return row

    return engine.change(
        "glass.review",
        by=by,
        scope=reviewable(by),
        pk=glass_id,
        guards=[may_review, _is_unreviewed],
        write=write,
        key=key,
    )


@outbox.register("glass.answered")
def answered(item: OutboxItem) -> None:
    """The opener's bell; and where it was opened, the entry in the case and the review that is owed. As the worker."""
    row = BreakGlass.objects.select_related("office", "opener", "opener_office").get(pk=item.subject)
    notify([row.opener_id], kind="glass", url=reverse("cases:glass", args=[row.pk]), key=f"glass:{row.pk}")
    if row.case_id is None or row.office_id is None or row.answered_at is None:
        return  # nothing was opened
    with as_verb([row.pk, row.case_id]):
        TimelineEntry.objects.create(
            case_id=row.case_id, office_id=row.office_id, section=Section.COORDINATION, kind="glass.opened", at=row.answered_at,
            actor_id=row.opener_id, actor_name=row.opener.name, actor_agency=row.opener_office.name, object_id=row.pk, data={},
        )  # fmt: skip
        if not WorkItem.objects.filter(kind=REVIEW, source_id=row.pk).exists():
            free = directors_of(row.office_id) - colleagues([row.opener_id]) - {row.answered_by_id}
            stays = not Case._base_manager.filter(pk=row.case_id, status=CaseStatus.TRANSFERRED).exists()
            _owe_review(row, None if free and stays else _named(row))


def case_goes_on(case_id: UUID) -> None:
    """Another centre has taken the case over: what was opened of it before is reviewed by the level above, for the earlier centre sees but a stub."""
    outbox.put("glass.case_gone", subject=case_id, key=f"glass:gone:{case_id}")


@outbox.register("glass.case_gone")
def case_gone(item: OutboxItem) -> None:
    """The reviews that the earlier centre's directors still owe go up at once. As the worker; safe to run twice."""
    rows = BreakGlass.objects.select_related("office").filter(case_id=item.subject, reviewed_at=None, reviewer_id=None)
    for row in rows:
        with as_verb([row.pk]):
            if WorkItem.objects.filter(kind=REVIEW, source_id=row.pk, done_at=None).exists():
                to_the_next_above(row)


def to_the_next_above(row: BreakGlass) -> None:
    if named := _named(row):
        workitems.finish(REVIEW, source_id=row.pk, outcome=WorkItemOutcome.SUPERSEDED)
        _owe_review(row, named)


def _named(row: BreakGlass) -> UUID | None:
    """Who may review it above the centre and has not been asked yet."""
    asked = WorkItem.objects.filter(kind=REVIEW, source_id=row.pk, owner_user__isnull=False).values_list(
        "owner_user_id"
    )
    but = (
        colleagues([row.opener_id])
        | {one for (one,) in asked if one}
        | ({row.answered_by_id} if row.answered_by_id else set())
    )
    return above(row.office, but=but) if row.office else None


def _owe_review(row: BreakGlass, named: UUID | None) -> None:
    if named:
        BreakGlass.objects.filter(pk=row.pk).update(reviewer_id=named)
    workitems.open_item(
        REVIEW, office_id=row.office_id, source_id=row.pk, matter_id=row.pk, owner_user_id=named,  # type: ignore[arg-type]
        owner_role="" if named else Role.DIRECTOR, urgent=True,
    )  # fmt: skip
