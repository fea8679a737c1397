"""A conference of a case, and the task force that it could come before."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from core import clock
from referrals.conferences import services as conferences
from referrals.conferences.models import AgendaItem, Invitation, MinuteText, Seat
from referrals.taskforces.services import Person, member_name
from tests.permissions.planted.scene import Planted, Scene
from tests.roles import as_owner


def conferred(scene: Scene, case: Planted) -> None:
    """A conference with the justice bureau: minutes, a measure, signed."""
    world, begins = scene.world, clock.now() + dt.timedelta(minutes=10)
    with world.acting("manager") as by:
        row = conferences.conference_convene(
            case_id=case.id, by=by, meeting=conferences.Meeting(world.users["manager"], begins, begins + dt.timedelta(hours=1), venue="会商室"),
            matter=conferences.Matter("stalled", ["identity"], "duty", [conferences.Invitee(world.units["justice"])]),
        )  # fmt: skip
    with as_owner():
        item, letter = AgendaItem._base_manager.get(conference=row), Invitation._base_manager.get(conference=row)
    with world.acting("justice_liaison") as by:
        conferences.invitation_accept(invitation_id=letter.pk, by=by, version=None, pledge=True)
    with world.acting("manager") as by:
        conferences.conference_hold(conference_id=row.pk, by=by, version=None)
        facts = MinuteText.objects.visible_to(by).get(item=item, seat__isnull=True)
        conferences.minute_write(text_id=facts.pk, by=by, version=None, text=case.tell("minutes"))
        decision = conferences.decision_add(
            item_id=item.pk, by=by, measure=case.tell("minutes"), due_at=clock.now() + dt.timedelta(days=200),
            invitee=conferences.Invitee(world.units["justice"]),
        )  # fmt: skip
        conferences.conference_minute(conference_id=row.pk, by=by, version=None)
        conferences.conference_sign(conference_id=row.pk, by=by, version=None)
        item.refresh_from_db()
        seat = Seat.objects.visible_to(by).filter(item=item, unit__isnull=False).get()
    case.conference = {
        "conference": [row.pk], "agenda": [item.pk], "invitation": [letter.pk], "decision": [decision.pk], "seat": [seat.pk], "minute": [facts.pk],
    }  # fmt: skip


def named_member(scene: Scene) -> list[UUID]:
    """Somebody stands for the police in the centre's task force."""
    with scene.world.acting("director") as by:
        person = Person(scene.world.units["police"], "赵警官", "副大队长", "13900000001")
        return [
            member_name(office=scene.world.offices["wuhua"], by=by, kind="police", place="member", person=person).pk
        ]
