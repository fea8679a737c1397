"""Callbacks that are due, and the one after which a case is closed."""

from __future__ import annotations

import datetime as dt

from cases.models import Case, FollowUp
from cases.services import case as cases
from cases.services import followups
from core import clock
from core.identity import as_verb
from referrals import services as referrals
from tests.permissions.planted.letters import accepted
from tests.permissions.planted.oracle import WITH_CONTACT
from tests.permissions.planted.scene import Planted, Scene
from tests.roles import as_worker


def closed(scene: Scene, case: Planted, began: dt.datetime) -> None:
    """Answered, found enough, called back, closed."""
    accepted(scene, case, sections=WITH_CONTACT)
    world = scene.world
    with world.acting("justice_liaison") as by:
        referrals.referral_respond(
            referral_id=case.referral, by=by, version=None, result="done", text=case.tell("letter")
        )  # type: ignore[arg-type]
    with world.acting("manager") as by:
        referrals.referral_close(referral_id=case.referral, by=by, version=None)  # type: ignore[arg-type]
        planned = FollowUp.objects.get(case_id=case.id)
    with clock.at(max(planned.due_at, began) + dt.timedelta(minutes=5)):
        with as_worker():
            followups.make_due(planned.pk)
        with world.acting("manager") as by:
            followups.attempt_record(
                follow_up_id=planned.pk,
                by=by,
                version=None,
                outcome="reached",
                note=case.tell("callback"),
                satisfaction="satisfied",
            )
            cases.case_close(case_id=case.id, by=by, version=None, reason="resolved", note=case.tell("coordination"))
    case.follow_up = planned.pk


def call_back(scene: Scene, case: Planted) -> None:
    """A callback of the world's own desk (the loaded directory has one for the same city) has come due."""
    with scene.world.acting("manager"), as_verb([case.id]):
        row = followups.plan_one(
            Case._base_manager.get(pk=case.id), reason="in_follow_up", due_at=clock.now() + dt.timedelta(hours=1),
            desk_group_id=scene.world.offices["desk"].group_id,
        )  # fmt: skip
    with clock.at(clock.now() + dt.timedelta(hours=2)), as_worker():
        assert followups.make_due(row.pk)
    case.follow_up = row.pk
