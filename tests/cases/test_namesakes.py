"""同名: a party has the name of somebody on the staff: closed to that one at once, decided by the director, escalated, never told."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Notification
from cases.enums import WallReason
from cases.models import Case, Wall, WorkItem
from cases.services import access, lateness, merging, namesakes, persons, walls
from cases.services import case as cases
from cases.services.people import PersonData
from cases.views.namesakes import _parties
from core import clock
from core.errors import DomainError, NotFound
from core.identity import as_verb
from core.models import AccessLog
from core.ui.masking import mask_id
from tests.cases.scenes import client_of
from tests.cases.test_merging import begun
from tests.cases.test_walls import ID_NUMBER, PHONE, bind, gone, settle
from tests.protection.sql import refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db
NAME = "李建国"


def called(world: World, person: str, name: str = NAME) -> None:
    """Give somebody of the staff this name."""
    with as_owner():
        user = world.users[person]
        user.name = name
        user.save()


def entered(
    world: World, case: Case, *, role: str = "respondent", name: str = NAME, who: str = "manager", **known: str
) -> None:
    """A party of the case, of whom little more than the name is known."""
    with world.acting(who) as by:
        persons.person_add(case_id=case.pk, by=by, data=PersonData(role=role, name=name, **known))  # type: ignore[arg-type]


def standing(case: Case) -> list[tuple[str, bool]]:
    with as_owner():
        return [
            (row.reason, row.is_provisional)
            for row in Wall._base_manager.filter(case=case, lifted_at=None).order_by("since")
        ]


def wall_of(case: Case) -> Wall:
    with as_owner():
        return Wall._base_manager.get(case=case)


def owed_for(case: Case) -> list[WorkItem]:
    with as_owner():
        return list(
            WorkItem._base_manager.filter(
                kind__in=(namesakes.DECIDE, namesakes.OVERDUE), done_at=None, source_id=wall_of(case).pk
            )
        )


def decide(world: World, case: Case, *, is_he: bool, who: str = "director") -> str:
    with world.acting(who) as by:
        return namesakes.namesake_decide(wall_id=wall_of(case).pk, by=by, is_he=is_he)


@pytest.mark.parametrize("role", ["client", "respondent", "guardian", "relative"])
def test_the_case_is_closed_at_once_to_the_one_of_that_name(world: World, role: str) -> None:
    called(world, "manager2")
    case = begun(world)
    assert not gone(world, "manager2", case)
    entered(world, case, role=role, name="李 建国")  # typed with a space
    assert gone(world, "manager2", case)
    assert not gone(world, "manager", case)
    assert standing(case) == [(WallReason.NAME, True)]
    with world.acting("manager2"):
        assert not Wall._base_manager.exists()
    page = client_of(world, "manager2")
    assert page.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    assert page.get(reverse("cases:namesake", args=[wall_of(case).pk])).status_code == 404
    assert page.get(reverse("cases:namesake", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("role", ["reporter", "witness", "child"])
def test_who_only_reports_or_witnesses_closes_nothing(world: World, role: str) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case, role=role)
    assert standing(case) == []


def test_the_director_is_asked_and_the_one_of_that_name_never_hears(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case)
    assert settle() == 1
    assert settle() == 0
    (item,) = owed_for(case)
    assert (item.kind, item.owner_role, item.office_id, item.is_urgent) == (
        "wall.match",
        Role.DIRECTOR,
        case.office_id,
        True,
    )
    assert clock.now() < item.due_at <= clock.now() + dt.timedelta(hours=4, minutes=1)
    with world.acting("director") as by:
        assert WorkItem.objects.owed_by(by).filter(pk=item.pk).exists()
    with world.acting("manager2"):
        assert not WorkItem._base_manager.filter(pk=item.pk).exists()
        assert not Notification._base_manager.filter(case_id=case.pk).exists()
    assert not broken_promises()


def test_somebody_else_of_that_name_the_wall_is_lifted_and_not_set_again(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case)
    settle()
    assert decide(world, case, is_he=False) == "rejected"
    assert not gone(world, "manager2", case)
    assert owed_for(case) == []
    entered(world, case, role="relative")
    assert standing(case) == []
    with pytest.raises(DomainError, match="decided"):
        decide(world, case, is_he=True)


def test_it_is_he_the_wall_stands_for_good(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case)
    settle()
    assert decide(world, case, is_he=True) == "confirmed"
    assert standing(case) == [(WallReason.NAME, False)]
    assert gone(world, "manager2", case)
    assert owed_for(case) == []
    with world.acting("director") as by:  # from now on it is a wall like any other: lifting takes two
        assert walls.wall_lift(wall_id=wall_of(case).pk, by=by) == "asked"


def test_whose_name_it_is_decides_nothing_and_nobody_else_does(world: World) -> None:
    called(world, "director")
    case = begun(world)
    entered(world, case)
    settle()
    (item,) = owed_for(case)
    assert item.owner_user_id == world.users["manager"].pk  # no other director is there: the case's manager
    assert gone(world, "director", case)
    for who in ("director", "manager2", "xishan_manager", "supervisor", "police_liaison"):
        with pytest.raises(NotFound):
            decide(world, case, is_he=False, who=who)
    assert decide(world, case, is_he=False, who="manager") == "rejected"
    assert not gone(world, "director", case)


def test_where_nobody_of_the_centre_is_left_the_level_above_decides_and_sees_no_case(world: World) -> None:
    world.only_above()
    for person in ("director", "manager", "manager2"):
        called(world, person)
    with as_owner():
        world.users["manager"].name = "王秀英"
        world.users["manager"].save()
    case = begun(world)
    called(world, "manager")
    entered(world, case)
    with as_owner():
        rows = list(Wall._base_manager.filter(case=case))
    assert {row.user_id for row in rows} == {world.users[one].pk for one in ("director", "manager", "manager2")}
    assert settle() == 3
    with world.acting("supervisor") as by:
        items = list(WorkItem.objects.owed_by(by).filter(kind="wall.match"))
        assert {(item.case_id, item.matter_id) for item in items} == {(None, row.pk) for row in rows}
        assert not Case.objects.visible_to(by).exists()
        assert not Case._base_manager.exists()
        assert (
            {row.pk for row in Wall.objects.visible_to(by)}
            == {row.pk for row in Wall._base_manager.all()}
            == {row.pk for row in rows}
        )
    page = client_of(world, "supervisor")
    row = next(one for one in rows if one.user_id == world.users["manager"].pk)
    shown = page.get(reverse("cases:namesake", args=[row.pk])).content.decode()
    assert NAME in shown
    assert not [word for word in (case.number, str(case.pk), "刘桂芳") if word in shown]
    answer = page.post(reverse("cases:namesake", args=[row.pk]), {"answer": "other", "request_key": str(uuid4())})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert not gone(world, "manager", case)
    assert gone(world, "director", case)
    assert not broken_promises()


def test_not_decided_in_time_it_stays_closed_and_goes_to_the_level_above(world: World) -> None:
    world.only_above()
    called(world, "manager2")
    case = begun(world)
    entered(world, case)
    settle()
    (item,) = owed_for(case)
    with clock.at(item.due_at + dt.timedelta(minutes=1)), as_worker():
        lateness.chase()
    assert {one.kind for one in owed_for(case)} == {"wall.match"}
    with clock.at(item.due_at + dt.timedelta(hours=25)):
        with as_worker():
            lateness.chase()
        assert gone(world, "manager2", case)
        found = {one.kind: one for one in owed_for(case)}
        assert set(found) == {"wall.match", "wall.overdue"}
        assert found["wall.overdue"].owner_user_id == world.users["supervisor"].pk
        assert decide(world, case, is_he=False, who="supervisor") == "rejected"
    assert owed_for(case) == []


def test_only_those_who_are_near_enough_stand_aside(world: World) -> None:
    """A common name closes nothing to the staff of other counties who have nothing of the case."""
    for person in ("xishan_manager", "police_liaison", "operator", "keeper"):
        called(world, person)
    case = begun(world)
    entered(world, case)
    with as_owner():
        held = {row.user_id for row in Wall._base_manager.filter(case=case)}
    assert held == {
        world.users[one].pk for one in ("police_liaison", "keeper")
    }  # the county's; neither Xishan's nor the city's desk
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk,
            sections=["incident"],
            source_kind="task",
            source_id=uuid4(),
            basis="duty",
            user_id=world.users["xishan_manager"].pk,
        )
    assert gone(world, "xishan_manager", case)  # given something of it, he is near


def test_who_joins_the_staff_or_is_renamed_later_is_looked_at_too(world: World) -> None:
    case = begun(world)
    entered(world, case)
    assert standing(case) == []
    called(world, "manager2")
    assert gone(world, "manager2", case)
    called(world, "xishan_manager")
    assert not any(row for row in [wall_of(case)] if row.user_id == world.users["xishan_manager"].pk)
    with as_owner():
        world.users["xishan_manager"].role_grants.create(
            role=Role.MANAGER, office=world.offices["wuhua"], since=dt.date(2020, 1, 1)
        )
    assert gone(world, "xishan_manager", case)


def test_two_identity_numbers_are_two_people(world: World) -> None:
    called(world, "manager2")
    bind(world, "manager2", id_number="110101199003074493")
    case = begun(world)
    entered(world, case, id_number=ID_NUMBER)
    assert standing(case) == []
    entered(world, case, role="relative")  # of this one no number is known
    assert standing(case) == [(WallReason.NAME, True)]


def test_the_same_number_makes_it_certain(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case)
    settle()
    assert len(owed_for(case)) == 1
    bind(world, "manager2", phone=PHONE)
    entered(world, case, role="relative", phone=PHONE)
    assert standing(case) == [(WallReason.MATCH, False)]
    settle()
    assert owed_for(case) == []


def test_what_the_namesake_owed_is_given_to_others(world: World) -> None:
    case = begun(world)
    called(world, "manager")
    entered(world, case, who="manager2")
    assert gone(world, "manager", case)
    settle()
    with world.acting("manager2") as by:
        assert Case.objects.get(pk=case.pk).manager_id is None
        assert WorkItem.objects.owed_by(by).filter(case=case, kind="wall.left").exists()
    assert not broken_promises()


def test_a_closed_case_is_closed_to_a_namesake_and_asked_about_once_it_is_open_again(world: World) -> None:
    case = begun(world)
    entered(world, case)
    with as_owner():
        WorkItem._base_manager.filter(case=case).update(done_at=clock.now(), outcome="done")
        Case._base_manager.filter(pk=case.pk).update(status="closed", close_reason="resolved", closed_at=clock.now())
    called(world, "manager2")
    assert gone(world, "manager2", case)
    assert settle() == 0
    assert owed_for(case) == []
    with world.acting("manager") as by:
        cases.case_reopen(case_id=case.pk, by=by, version=None, reason="又来求助")
    assert settle() == 1
    assert len(owed_for(case)) == 1


def test_a_wall_that_somebody_sets_answers_the_question(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case)
    settle()
    with world.acting("director") as by:
        walls.wall_set(case_id=case.pk, by=by, reason="kin", person=world.users["manager2"])
    assert standing(case) == [(WallReason.NAME, False)]
    assert owed_for(case) == []


def test_merging_and_the_database(world: World) -> None:
    called(world, "manager2")
    case, kept = begun(world), begun(world)
    entered(world, case)
    row = wall_of(case)
    call = "SELECT caremgmt_wall_namesake(%s, false)"
    with world.acting("director"):
        refused(call, [row.pk], code="CM036")
    for who in ("manager", "manager2", "xishan_manager"):
        with world.acting(who), verb_undone(case.pk):
            refused(call, [row.pk], code="CM036")
    settle()
    with world.acting("director") as by, pytest.raises(DomainError, match="not_ready_to_merge"):
        merging.case_merge(case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")


def test_what_was_found_out_goes_with_a_merging(world: World) -> None:
    called(world, "manager2")
    case, kept = begun(world), begun(world)
    entered(world, case)
    settle()
    decide(world, case, is_he=True)
    found = wall_of(case)
    with world.acting("director") as by:
        merging.case_merge(case_id=case.pk, kept_id=kept.pk, by=by, version=None, reason="同一人")
    settle()
    stands = wall_of(kept)
    assert (stands.reason, stands.confirmed_at, stands.confirmed_by_id) == (
        "name",
        found.confirmed_at,
        found.confirmed_by_id,
    )
    assert stands.party_role == found.party_role
    assert owed_for(kept) == []


def test_what_is_certain_of_one_case_answers_the_question_of_another(world: World) -> None:
    called(world, "manager2")
    sure, asked = begun(world), begun(world)
    entered(world, sure)
    settle()
    decide(world, sure, is_he=True)
    entered(world, asked)
    settle()
    assert len(owed_for(asked)) == 1
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT caremgmt_copy_walls(%s, %s, %s)", [sure.pk, asked.pk, asked.office_id])
    settle()
    assert owed_for(asked) == []
    assert wall_of(asked).confirmed_at is not None


def test_the_page_says_who_and_asks_again_when_nothing_was_chosen(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case, role="client")
    settle()
    page, url = client_of(world, "director"), reverse("cases:namesake", args=[wall_of(case).pk])
    shown = page.get(url).content.decode()
    assert [word for word in (NAME, case.number, "五华") if word not in shown] == []
    assert str(wall_of(case).pk) in page.get(reverse("cases:walls", args=[case.pk])).content.decode()
    assert page.post(url, {"request_key": str(uuid4())}).status_code == 422
    key = {"answer": "he", "request_key": str(uuid4())}
    for _twice in range(2):
        assert page.post(url, key).status_code == 302
    assert standing(case) == [(WallReason.NAME, False)]
    assert page.get(url).status_code == 404


def test_who_decides_compares_with_what_may_be_seen_of_the_party(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case, id_number=ID_NUMBER, address="青云街道12号")
    entered(world, case, role="witness", name="王小二")
    settle()
    page = client_of(world, "director").get(reverse("cases:namesake", args=[wall_of(case).pk]))
    shown, text = page.context["parties"], page.content.decode()
    assert [one["identity"].name for one in shown] == [NAME]
    assert mask_id(ID_NUMBER) in text
    assert [word for word in (ID_NUMBER, "青云街道12号", "王小二") if word in text] == []
    with as_owner():
        note = AccessLog.objects.filter(object_type="namesake", object_id=wall_of(case).pk).latest("at")
    assert {"identity", "contact"} <= set(note.sections.split(","))


def test_who_sees_no_case_compares_with_the_role_alone(world: World) -> None:
    called(world, "manager2")
    case = begun(world)
    entered(world, case, id_number=ID_NUMBER)
    with world.acting("province") as by:
        assert _parties(by, wall_of(case), Case.objects.visible_to(by).filter(pk=case.pk).first()) == []
