"""Who may be away and stand in, and what the clock does once, alone and inside the unit."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError

from cases.models import WorkItem
from cases.services import access
from core import clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import acting_as, as_verb, worker_identity
from core.models import Audit
from referrals.absences import standing
from referrals.absences.models import Absence, StandIn
from referrals.conferences import services as conferences
from referrals.conferences.models import Invitation
from referrals.conferences.services import Invitee
from referrals.models import Referral
from referrals.services.letters import Refused
from tests.referrals.absence_scene import (
    AWAY,
    DAY,
    STANDS_IN,
    THIRD,
    away,
    head,
    holder,
    named,
    poll,
    reads,
)
from tests.referrals.conference_scene import letter_of, matter, meeting
from tests.referrals.conftest import open_case
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ({}, {"after": 2}, "entered_already"),
        ({}, {"by": STANDS_IN, "who": STANDS_IN, "to": AWAY}, "substitute_away"),  # no circle
        ({}, {"by": STANDS_IN, "who": STANDS_IN, "to": THIRD, "after": 1}, "stands_in"),  # no chain
        ({}, {"by": THIRD, "who": THIRD, "to": AWAY, "after": 2, "days": 9}, "substitute_away"),
    ],
)  # fmt: skip
def test_no_clash_and_no_circle(
    world: World, third: None, first: dict[str, Any], second: dict[str, Any], code: str
) -> None:
    away(world, **first)
    with pytest.raises(DomainError) as refused:
        away(world, **second)
    assert refused.value.code == code
    assert refused.value.field
    away(world, **(second | {"after": 40}))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"after": -1}, "first_day"), ({"days": 0}, "last_day"), ({"days": 400}, "last_day"), ({"to": AWAY}, "substitute"),
        ({"to": "justice_liaison"}, "substitute"),
    ],
)  # fmt: skip
def test_bad_days_and_people_are_refused_beside_the_field(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        away(world, **more)
    assert refused.value.field == field


def test_nobody_gives_herself_what_a_colleague_holds(world: World, third: None) -> None:
    with pytest.raises(NotAllowed):
        away(world, by=STANDS_IN)  # not the designated member
    head(world)
    with pytest.raises(DomainError) as refused:
        away(world, by=THIRD, to=THIRD)
    assert refused.value.code == "own_act"
    away(world, by=THIRD, after=5)  # for a colleague who is ill, to another one
    with pytest.raises(NotFound):
        away(world, by="justice_liaison", after=20)
    with pytest.raises(IntegrityError), as_owner():  # and the database says so too
        Absence.objects.create(
            unit=world.units["police"], group=world.units["police"].group, person=world.users[AWAY], substitute=world.users[STANDS_IN],
            first_day=clock.today(), last_day=clock.today(), named_at=clock.now(), named_by_id=world.users[STANDS_IN].pk, named_by_name="x",
        )  # fmt: skip


def test_two_absences_of_one_person_do_not_overlap_in_the_database_either(world: World) -> None:
    row = away(world)
    with pytest.raises(IntegrityError), as_owner():
        Absence.objects.create(
            unit=row.unit, group_id=row.group_id, person=row.person, substitute=row.substitute, first_day=row.last_day,
            last_day=row.last_day + 5 * DAY, named_at=clock.now(), named_by_id=row.person_id, named_by_name="x",
        )  # fmt: skip


def test_only_the_clock_gives_and_only_inside_the_unit(world: World) -> None:
    row = named(world)
    values: dict[str, Any] = {"source_id": row.pk, "group_id": row.group_id, "from_user_id": world.users[AWAY].pk}
    for who in ("manager", "director", AWAY, STANDS_IN):
        with pytest.raises(DatabaseError), world.acting(who), as_verb([row.case_id]):
            access.stand_in(to_user_id=world.users[STANDS_IN].pk, **values)
    for who in (AWAY, STANDS_IN, "justice_liaison"):
        with pytest.raises(DatabaseError), world.acting(who), as_verb([row.case_id]):
            access.may_hold(case_id=row.case_id, group_id=row.group_id, user_id=world.users[STANDS_IN].pk)
    with as_worker(), acting_as(worker_identity("absences")), as_verb([row.case_id]):
        assert not access.stand_in(to_user_id=world.users["justice_liaison"].pk, **values)
    assert holder(world, row) == AWAY


def test_the_same_post_does_its_work_once(world: World) -> None:
    key = uuid4()
    away(world, key=key)
    with pytest.raises(DuplicateRequest):
        away(world, key=key)
    with as_owner():
        assert Absence.objects.count() == 1
        assert Audit.objects.filter(verb="absence.name").count() == 1


def test_one_letter_that_fails_keeps_back_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [named(world) for _ in range(2)]
    away(world)
    settle = standing.settle
    monkeypatch.setattr(
        standing,
        "settle",
        lambda *, code, source_id: settle(code=code, source_id=source_id) if source_id == rows[1].pk else 1 / 0,
    )
    assert poll() == 1
    assert [holder(world, row) for row in rows] == [AWAY, STANDS_IN]
    monkeypatch.undo()
    assert poll() == 1  # the next look finds what was left
    assert holder(world, rows[0]) == STANDS_IN


def test_what_breaks_off_half_way_has_not_happened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Access has moved and what is owed has not, when the worker dies: nothing of it stands, and the next look does it whole."""
    row = named(world)
    away(world)

    def die(*_args: object, **_more: object) -> None:
        raise SystemError("the worker is gone")

    monkeypatch.setattr("referrals.absences.standing.workitems.pass_on", die)
    assert poll() == 0
    monkeypatch.undo()
    assert holder(world, row) == AWAY
    assert reads(world, STANDS_IN) == set()
    assert reads(world, AWAY) == {"Referral"}
    assert poll() == 1
    assert holder(world, row) == STANDS_IN
    assert reads(world, AWAY) == set()


def test_what_has_changed_hands_between_look_and_lock_is_left_alone(
    world: World, third: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers, or a worker and a liaison, at the same moment: whoever comes second does nothing."""
    row = named(world)
    away(world)
    look = standing._look

    def meanwhile(model: type[Any], source_id: Any) -> Any:
        seen = look(model, source_id)
        with as_owner():
            Referral._base_manager.filter(pk=row.pk).update(named_liaison=world.users[THIRD])
        return seen

    monkeypatch.setattr(standing, "_look", meanwhile)
    assert poll() == 0
    with as_owner():
        assert not StandIn._base_manager.exists()
        assert not Audit.objects.filter(verb="absence.settle").exists()


def test_what_opens_at_once_is_never_sent_to_who_is_away(world: World) -> None:
    away(world)
    with pytest.raises(Refused) as refused:
        named(world, opens_to=world.users[AWAY])
    assert refused.value.field == "opens_to"
    row = named(world, named_liaison=world.users[STANDS_IN], opens_to=world.users[STANDS_IN])
    assert holder(world, row) == STANDS_IN


def test_what_had_been_opened_at_once_goes_along(world: World) -> None:
    row = named(world, opens_to=world.users[AWAY])
    away(world)
    poll()
    assert "SafeContact" in reads(world, STANDS_IN)
    assert reads(world, AWAY) == set()
    with as_owner():
        assert Referral._base_manager.get(pk=row.pk).opened_to_id == world.users[STANDS_IN].pk


def test_invitations_go_along_and_come_back(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    with world.acting("manager") as by:
        conference = conferences.conference_convene(
            case_id=case.pk, by=by, meeting=meeting(world, after=24 * 5),
            matter=matter(world, invitees=[Invitee(world.units["police"], world.users[AWAY])]),
        )  # fmt: skip
    letter = letter_of(conference, case, world, "police")
    away(world, days=2)
    assert poll() == 1
    with world.acting(STANDS_IN) as by:
        assert Invitation.objects.visible_to(by).get().pk == letter.pk
        assert WorkItem.objects.owed_by(by).get(kind="conference.answer").source_id == letter.pk
    with world.acting(AWAY) as by:
        assert not Invitation._base_manager.exists()
    assert poll(3) == 1
    with world.acting(AWAY) as by:
        assert Invitation.objects.visible_to(by).exists()
