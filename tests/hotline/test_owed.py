"""What is owed on a contact without a case: by whom, settled by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.models import Case, WorkItem
from cases.services import case as cases
from cases.services.people import PersonData
from core import clock, outbox
from core.models.outbox import OutboxItem
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_log, may_settle
from tests.roles import as_owner, as_worker
from tests.world import World

AsUser = Callable[[str], Client]


def logged(world: World, name: str, place: str, **values: object) -> Contact:
    with world.acting(name) as by:
        contact = contact_begin(by=by, office=world.offices[place])
        return contact_log(contact_id=contact.pk, by=by, values=values)


def test_a_promised_callback_is_the_desks_until_somebody_settles_it(world: World, as_user: AsUser) -> None:
    later = clock.now() + dt.timedelta(hours=5)
    contact = logged(world, "operator", "desk", disposition="advice", callback_at=later, caller_phone="13800001234")
    with world.acting("operator2") as by:
        item = WorkItem.objects.owed_by(by).get()
        assert (item.kind, item.due_at) == (
            "contact.callback",
            later + dt.timedelta(hours=4),
        )  # its rule, from the promise on
    with as_owner():
        bell = OutboxItem.objects.get(key=f"work-item:{item.pk}")
    assert abs(bell.available_at - later) < dt.timedelta(seconds=1)  # it rings when she waits
    url = reverse("hotline:contact", args=[contact.pk])
    client = as_user("operator2")
    assert client.get(url).context["may_settle"]
    assert client.post(reverse("hotline:settle", args=[contact.pk]), {"note": ""}).status_code == 422
    assert client.post(reverse("hotline:settle", args=[contact.pk]), {"note": "已回电，情况稳定"}).status_code == 302
    page = client.get(url)
    assert not page.context["is_owed"]
    assert "已回电，情况稳定" in page.content.decode()


def test_she_was_not_reached_and_it_stays_owed_within_her_hours(world: World, as_user: AsUser) -> None:
    day = clock.today() + dt.timedelta(days=2)
    hours = {"safe_from": dt.time(9), "safe_until": dt.time(11)}
    first = dt.datetime.combine(day, dt.time(10), tzinfo=clock.SHANGHAI)
    contact = logged(world, "operator", "desk", disposition="advice", callback_at=first, **hours)
    client, url = as_user("operator"), reverse("hotline:settle", args=[contact.pk])
    assert client.post(url, {"note": "无人接听", "again": "1"}).status_code == 422
    late = client.post(url, {"note": "无人接听", "again": "1", "again_at": f"{day}T15:00"})
    assert "again_at" in late.context["settle_form"].errors
    assert client.post(url, {"note": "无人接听", "again": "1", "again_at": f"{day}T10:30"}).status_code == 302
    with world.acting("operator") as by:
        item = WorkItem.objects.owed_by(by).get()
        assert item.due_at == first + dt.timedelta(hours=1)  # when her hours end
    with clock.at(first + dt.timedelta(minutes=31)):
        rows = client.get("/").context["rows"]
        assert [(row.late, str(row.words)) for row in rows] == [(False, "12338热线 · 约定时间：今天 10:30")]


def test_a_centres_callback_is_its_managers(world: World) -> None:
    logged(world, "director", "wuhua", disposition="advice", callback_at=clock.now() + dt.timedelta(hours=5))
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).get().kind == "contact.callback"
    with world.acting("xishan_manager") as by:
        assert not WorkItem.objects.owed_by(by).exists()


def test_only_the_director_answers_a_whereabouts_enquiry_of_a_centre(world: World, as_user: AsUser) -> None:
    contact = logged(world, "manager", "wuhua", disposition="whereabouts", narrative="自称丈夫")
    settle = reverse("hotline:settle", args=[contact.pk])
    assert as_user("manager").post(settle, {"note": "x"}).status_code == 403
    with world.acting("director") as by:
        assert WorkItem.objects.owed_by(by).get().kind == "contact.whereabouts"
    assert as_user("director").post(settle, {"note": "已按规定答复"}).status_code == 302


def test_the_shift_supervisor_answers_that_of_a_desk(world: World, as_user: AsUser) -> None:
    contact = logged(
        world, "operator", "desk", disposition="whereabouts", callback_at=clock.now() + dt.timedelta(days=1)
    )
    settle = reverse("hotline:settle", args=[contact.pk])
    with as_owner():
        assert WorkItem.objects.get().kind == "contact.whereabouts"  # nobody promises him a call
    assert as_user("operator").post(settle, {"note": "x"}).status_code == 403
    assert as_user("shift").post(settle, {"note": "已按规定答复"}).status_code == 302


def known_case(world: World, role: str) -> Case:
    from cases.models import Category

    with world.acting("manager") as by:
        people = [PersonData(role="client", is_primary=True, name="刘桂芳", phone="13800005678" if role == "client" else ""),
                  PersonData(role="respondent", name="王某", phone="13800005678" if role == "respondent" else "")]  # fmt: skip
        return cases.case_open(by=by, new=cases.NewCase(
            office=world.offices["wuhua"], category=Category.objects.get(pk="A01"), channel="walk_in", persons=people))  # fmt: skip


def delivered() -> None:
    with as_owner():
        waiting = list(OutboxItem.objects.filter(kind="contact.number").values_list("pk", flat=True))
    with as_worker():
        assert all(outbox.deliver(pk) for pk in waiting)


def test_a_silent_call_from_a_known_number_goes_to_the_manager_and_shows_the_desk_nothing(world: World) -> None:
    case = known_case(world, "client")
    contact = logged(world, "operator", "desk", disposition="silent", caller_phone="138 0000 5678")
    delivered()
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="contact.lost_call", case_id=case.pk).exists()
    with world.acting("operator") as by:
        assert not Case.objects.visible_to(by).exists()
        assert Contact.objects.visible_to(by).get(pk=contact.pk).case_id is None


def test_a_respondents_number_alarms_the_manager(world: World) -> None:
    known_case(world, "respondent")
    logged(world, "operator", "desk", disposition="whereabouts", caller_phone="13800005678")
    delivered()
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="contact.respondent").exists()


@pytest.mark.parametrize("how", ["joined", "case_opened", "advice"])
def test_a_respondent_who_says_that_he_is_she_alarms_the_manager_too(world: World, how: str) -> None:
    case = known_case(world, "respondent")
    values = {"disposition": how, "caller_phone": "13800005678", "caller_relation": "self", "client_name": "刘桂芳"}
    with world.acting("manager") as by:
        contact = contact_begin(by=by, office=world.offices["wuhua"])
        more = {"join_case_id": case.pk} if how == "joined" else {"centre": world.offices["wuhua"]}
        contact_log(contact_id=contact.pk, by=by, values=values, **more)
    delivered()
    with world.acting("manager") as by:
        alarm = WorkItem.objects.owed_by(by).get(kind="contact.respondent")
        assert (alarm.case_id, alarm.is_urgent) == (case.pk, True)


def test_her_own_call_that_is_joined_is_no_lost_call(world: World) -> None:
    case = known_case(world, "client")
    with world.acting("manager") as by:
        contact = contact_begin(by=by, office=world.offices["wuhua"])
        values = {"disposition": "joined", "caller_phone": "13800005678", "caller_relation": "self"}
        contact_log(contact_id=contact.pk, by=by, values=values, join_case_id=case.pk)
    delivered()
    with world.acting("manager") as by:
        assert not WorkItem.objects.owed_by(by).filter(kind__in=["contact.lost_call", "contact.respondent"]).exists()


def test_an_enquiry_waits_for_no_supervisor_who_has_left(world: World) -> None:
    contact = logged(world, "operator", "desk", disposition="whereabouts")
    with world.acting("operator") as by:
        assert not may_settle(contact, by)
    with as_owner():
        held = RoleGrant.objects.filter(office=world.offices["desk"], role=Role.SHIFT_SUPERVISOR)
        held.update(until=clock.today() - dt.timedelta(days=1))
    with world.acting("operator") as by:
        assert may_settle(contact, by)
