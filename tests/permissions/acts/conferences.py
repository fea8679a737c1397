"""Conferences and who comes to them."""

from __future__ import annotations

import datetime as dt

from referrals.conferences import services as conferences
from referrals.conferences.models import Invitation
from tests.permissions.acts.play import SECTIONS, UNITS, Play, act
from tests.roles import as_owner


@act
def convene(play: Play, a: int, b: int) -> None:
    """A conference about the case, with a unit: sections are offered to whoever comes."""
    case_id, world = play.case(a), play.scene.world
    who = play.staff_of(case_id)
    begins = play.now + dt.timedelta(hours=2 + 24 * a + 2 * b)
    meeting = conferences.Meeting(world.users[who], begins, begins + dt.timedelta(hours=1), venue="会商室")
    sections = [SECTIONS[b % 3], SECTIONS[(a + b) % 3]]
    invitees = [conferences.Invitee(world.units[UNITS[b % len(UNITS)]])]
    with world.acting(who) as by:
        conferences.conference_convene(
            case_id=case_id, by=by, meeting=meeting, matter=conferences.Matter("stalled", sections, "duty", invitees)
        )


@act
def answer_an_invitation(play: Play, a: int, b: int) -> None:
    """A body comes, does not, steps aside for a conflict, or is not wanted any more; where none was asked, one is first."""
    case_id, world = play.case(a), play.scene.world
    letters = Invitation._base_manager.filter(case_id=case_id, status__in=["sent", "accepted"]).order_by(
        "-sent_at", "pk"
    )
    with as_owner():
        letter = letters.select_related("unit").first()
    if letter is None:
        convene(play, a, b)
        with as_owner():
            letter = letters.select_related("unit").get()
    body = {
        world.units[unit].pk: person
        for unit, person in zip(UNITS, ("police_liaison", "justice_liaison", "aid_officer"), strict=True)
    }
    with world.acting(play.staff_of(case_id) if b % 4 == 3 else body[letter.unit_id]) as by:
        if b % 4 == 3:
            conferences.invitation_withdraw(invitation_id=letter.pk, by=by, version=None)
        elif b % 4 == 2:
            conferences.invitation_recuse(invitation_id=letter.pk, by=by, version=None)
        elif b % 4 == 1:
            conferences.invitation_decline(invitation_id=letter.pk, by=by, version=None, regret="not_competent")
        else:
            conferences.invitation_accept(invitation_id=letter.pk, by=by, version=None, pledge=True)
