"""What the verbs of joint handling share: its kinds of work, its guards, whom it tells."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cases.enums_joint import JointStatus
from cases.models import JointHandling
from core import clock, outbox
from core.errors import DomainError, NotFound
from core.identity import Identity

ANSWER = "joint.answer"  # the second centre's: agree or decline
WORK = "joint.work"  # the second centre's: its next step
READ = "joint.read"  # the responsible centre's: read what was done there
UNANSWERED = "joint.unanswered"  # the responsible centre's: no answer has come
OVER = "joint.over"  # the responsible centre's: declined or ended, decide what comes next
OF_THE_SECOND = (ANSWER, WORK)
OF_THE_FIRST = (READ, UNANSWERED, OVER)
KINDS = (*OF_THE_SECOND, *OF_THE_FIRST)


def is_second(row: JointHandling, by: Identity) -> None:
    """The second centre's managers and director answer, name and write."""
    if row.to_office_id not in by.case_offices:
        raise NotFound


def is_either(row: JointHandling, by: Identity) -> None:
    """Either centre may end it."""
    if by.case_offices.isdisjoint({row.office_id, row.to_office_id}):
        raise NotFound


def is_active(row: JointHandling, by: Identity) -> None:
    """In force: agreed to and not past its end, whether the sweep has come or not."""
    if row.status != JointStatus.ACTIVE or row.ends_at <= clock.now():
        raise DomainError("joint_over", _("This joint handling is over."))


def open_to(row: JointHandling, people: Iterable[UUID]) -> None:
    """What was offered opens to these people of the second centre alone. Raises DomainError where one of them cannot be named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_joint_open(%s::uuid, %s::uuid[])", [row.pk, [str(one) for one in people]])
        opened = cursor.fetchone()[0]
    if opened is None:
        raise DomainError("not_a_taker", _("This person cannot take it on. Choose somebody else."), field="person")
    if not opened:
        raise DomainError(
            "nothing_left", _("What was offered has been taken back. Speak with the responsible centre, or decline.")
        )


def close(row: JointHandling) -> int:
    """All that was opened or offered ends now, by either centre."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_joint_close(%s::uuid)", [row.pk])
        return int(cursor.fetchone()[0])


def tell(row: JointHandling, people: Iterable[object]) -> None:
    """The bell of those whose access has changed: that there is news, and nothing else."""
    for one in people:
        outbox.put("notify.access", subject=row.case_id, key=f"access:{uuid4()}", group=None, user=str(one))
