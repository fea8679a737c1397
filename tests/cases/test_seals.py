"""A sealed case exists for the people named, and for nobody else of the house."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant, User
from cases.models import Case, PartyIdentity, Seal, SealMember, WorkItem
from cases.services import case as cases
from cases.services import persons, seals
from cases.services.recipients import recipients
from cases.services.search import search
from cases.tasks import walls_poll
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import acting_as, worker_identity
from hotline.services.contact import contact_begin, contact_log
from tests.cases.scenes import VALUES, client_of, due_callback, party_of
from tests.cases.test_walls import PHONE, assessed, bind, gone, wall
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db


def seal(world: World, case: Case, *named: str, by: str = "director") -> Seal:
    with world.acting(by) as who:
        return seals.case_seal(case_id=case.pk, by=who, named=[world.users[one].pk for one in named])


def test_a_sealed_case_is_nowhere_for_the_others_of_the_house(world: World) -> None:
    case = assessed(world)
    seal(world, case, "manager")
    for person in ("manager2", "operator", "shift", "keeper"):
        assert gone(world, person, case), person
    for person in ("manager", "director"):
        assert not gone(world, person, case), person
    with world.acting("manager2") as by:
        assert search(by=by, text=case.number).cases == []
        assert search(by=by, text=VALUES["safe_number"]).cases == []
        assert not PartyIdentity._base_manager.filter(case_id=case.pk).exists()
        assert ask("SELECT count(*) FROM cases_historicalcase WHERE id = %s", [case.pk]) == [(0,)]
        assert not Seal._base_manager.exists()
        assert not SealMember._base_manager.exists()
    page = client_of(world, "manager2")
    assert page.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    assert case.number not in page.get(reverse("cases:list")).content.decode()
    assert case.number not in page.get(reverse("cases:export")).getvalue().decode()


def test_the_promise_still_sees_a_sealed_case(world: World) -> None:
    case = assessed(world)
    seal(world, case, "manager")
    with as_worker(), acting_as(worker_identity("test")):
        assert Case._base_manager.filter(pk=case.pk).exists()
        item = WorkItem.objects.filter(case_id=case.pk, done_at__isnull=True).first()
        assert item is not None
        item.owner_user_id, item.owner_role = None, "manager"
        assert set(recipients(item)) == {world.users["manager"].pk}


def test_only_the_director_seals_and_a_manager_is_always_named(world: World) -> None:
    case = assessed(world)
    with pytest.raises(NotAllowed):
        seal(world, case, "manager2", by="manager")
    with pytest.raises(DomainError, match="no_manager"):
        seal(world, case)
    wall(world, case, person="manager2")
    with pytest.raises(DomainError, match="no_manager"):
        seal(world, case, "manager2")  # a walled one acts for nobody
    with world.acting("manager"), verb_undone(case.pk):
        refused(
            "SELECT caremgmt_seal(%s, ARRAY[%s]::uuid[], 'decision')",
            [case.pk, world.users["manager"].pk],
            code="CM027",
        )
    with world.acting("director"), verb_undone(case.pk):
        everybody = [case.pk, world.users["director"].pk, world.users["xishan_manager"].pk]
        refused("SELECT caremgmt_seal(%s, ARRAY[%s, %s]::uuid[], 'decision')", everybody, code="CM027")


def test_others_are_named_and_the_seal_is_lifted(world: World) -> None:
    case = assessed(world)
    first = seal(world, case, "manager")
    assert seal(world, case, "manager2").pk == first.pk
    assert gone(world, "manager", case)
    assert not gone(world, "manager2", case)
    with world.acting("director") as by:
        row = seals.seal_of(case.pk, by)
        assert row is not None
        assert {one.user_id for one in seals.members_of(row, by)} == {
            world.users[one].pk for one in ("director", "manager2")
        }
        assert set(SealMember.objects.visible_to(by)) == set(SealMember._base_manager.all())
        assert seals.case_unseal(case_id=case.pk, by=by) == "asked"
        with pytest.raises(NotAllowed):
            seals.case_unseal(case_id=case.pk, by=by)  # nobody approves an own act
    with world.acting("manager") as by, pytest.raises(NotFound):
        seals.case_unseal(case_id=case.pk, by=by)  # not named
    assert gone(world, "manager", case)
    with world.acting("manager2") as by:
        assert [item.kind for item in WorkItem.objects.owed_by(by).filter(kind="seal.lift")] == ["seal.lift"]
        assert set(Seal.objects.visible_to(by)) == set(Seal._base_manager.all()) != set()
        assert seals.case_unseal(case_id=case.pk, by=by) == "lifted"
        with pytest.raises(NotFound):
            seals.case_unseal(case_id=case.pk, by=by)
    assert not gone(world, "manager", case)


def test_the_second_person_lets_the_seal_stand(world: World) -> None:
    case = assessed(world)
    seal(world, case, "manager")
    with world.acting("manager") as by, pytest.raises(NotFound):
        seals.case_unseal(case_id=case.pk, by=by)  # only the director asks
    with world.acting("manager"), verb_undone(case.pk):
        refused("SELECT caremgmt_unseal(%s, true)", [case.pk], code="CM027")
    with world.acting("director") as by:
        assert seals.case_unseal(case_id=case.pk, by=by) == "asked"
    with world.acting("manager") as by:
        assert seals.case_unseal(case_id=case.pk, by=by, agreed=False) == "kept"
        assert not WorkItem.objects.owed_by(by).filter(kind="seal.lift").exists()
        assert not Seal._base_manager.exists()
    assert gone(world, "manager2", case)


def test_where_no_second_is_among_the_named_the_asking_lifts(world: World) -> None:
    case = assessed(world)
    seal(world, case, "manager")
    with as_owner():
        User.objects.filter(pk=world.users["manager"].pk).update(is_active=False)
    with world.acting("director") as by:
        assert seals.case_unseal(case_id=case.pk, by=by) == "lifted"


def test_a_client_who_is_staff_is_sealed_when_she_calls(world: World) -> None:
    bind(world, "manager2", phone=PHONE)
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        data = VALUES | {"caller_phone": PHONE, "safe_number": PHONE}
        contact_log(contact_id=contact.pk, by=by, values=data, centre=world.offices["wuhua"])
    with world.acting("director") as by:
        case = Case.objects.visible_to(by).latest("received_at")
        row = seals.seal_of(case.pk, by)
        assert row is not None
        assert (row.reason, row.set_by_id) == ("staff", None)
    for person in ("manager2", "operator2"):
        assert gone(world, person, case)
    for person in ("manager", "director"):
        assert not gone(world, person, case)


def _end_posts(world: World, *people: str) -> None:
    with as_owner():
        held = RoleGrant.objects.filter(user_id__in=[world.users[one].pk for one in people])
        held.update(until=clock.today() - dt.timedelta(days=1))


def _call_of_staff(world: World) -> Case:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        data = VALUES | {"caller_phone": PHONE, "safe_number": PHONE}
        contact_log(contact_id=contact.pk, by=by, values=data, centre=world.offices["wuhua"])
    with as_owner():
        return Case._base_manager.latest("received_at")


def _told_above(world: World) -> list[tuple[str, object]]:
    with world.acting("supervisor") as by:
        items = WorkItem.objects.owed_by(by).filter(kind=seals.EMPTY)
        assert not items.filter(case__isnull=False).exists()
        assert not Case._base_manager.exists()
        return [(item.kind, item.source_id) for item in items]


def test_a_client_who_is_the_only_manager_left_is_told_to_the_level_above(world: World) -> None:
    """The others of the seal have left: without this the case would exist for nobody, and nobody would know."""
    world.only_above()
    bind(world, "manager", phone=PHONE)
    _end_posts(world, "director", "manager2")
    case = _call_of_staff(world)
    with as_owner():
        assert not SealMember._base_manager.filter(case_id=case.pk).exists()
    for person in ("manager", "manager2", "director", "operator"):
        assert gone(world, person, case), person
    with as_worker():
        assert (walls_poll(), walls_poll()) == (1, 0)
        with acting_as(worker_identity("test")):
            owed = list(WorkItem.objects.filter(case_id=case.pk, done_at__isnull=True))
            assert owed
            assert not any(recipients(item) for item in owed)  # nobody's bell, and not the client's own
    assert _told_above(world) == [(seals.EMPTY, world.offices["wuhua"].pk)]
    page = client_of(world, "supervisor").get("/").content.decode()
    assert reverse("agencies:office", args=[world.offices["wuhua"].pk]) in page
    assert case.number not in page
    world.person("director9", Role.DIRECTOR, "wuhua")
    with as_worker():
        assert (walls_poll(), walls_poll()) == (1, 0)
    assert not gone(world, "director9", case)
    assert gone(world, "manager", case)
    assert _told_above(world) == []


def test_a_seal_names_those_whose_post_is_in_force_and_never_the_client_alone(world: World) -> None:
    """The case's manager turns out to be the client: the other managers are named, and nobody who has left."""
    _end_posts(world, "director")
    case = assessed(world)
    with world.acting("manager") as by:
        party = party_of(case)
        persons.contact_update(party_id=party, by=by, version=1, values={"phone": PHONE})
    bind(world, "manager", phone=PHONE)
    with as_owner():
        named = set(SealMember._base_manager.filter(case_id=case.pk, until=None).values_list("user_id", flat=True))
    assert named == {world.users["manager2"].pk}


def test_the_directors_pages_seal_and_unseal(world: World) -> None:
    case = assessed(world)
    director = client_of(world, "director")
    url = reverse("cases:seal", args=[case.pk])
    assert director.get(url).status_code == 200
    assert director.post(url, {}).status_code == 422
    assert client_of(world, "manager").get(url).status_code == 403
    assert director.post(url, {"named": [str(world.users["manager"].pk)]}).status_code == 302
    assert world.users["manager"].name in director.get(reverse("cases:walls", args=[case.pk])).content.decode()
    assert gone(world, "manager2", case)
    lift, manager = reverse("cases:unseal", args=[case.pk]), client_of(world, "manager")
    assert manager.get(lift).status_code == 404
    assert director.get(lift).status_code == 200
    assert director.post(lift).status_code == 302
    assert director.post(lift).status_code == 403
    assert gone(world, "manager2", case)
    assert lift in manager.get(reverse("cases:walls", args=[case.pk])).content.decode()
    assert manager.post(lift, {"answer": "agree"}).status_code == 302
    assert director.get(lift).status_code == 404
    assert not gone(world, "manager2", case)


def test_whoever_took_the_call_is_told_that_it_was_handed_on(world: World) -> None:
    bind(world, "manager2", phone=PHONE)
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
    operator, here = client_of(world, "operator"), reverse("hotline:contact", args=[contact.pk])
    sent = {
        "caller_name": "王某", "caller_phone": PHONE, "caller_relation": "self", "category": "A06", "narrative": "来电求助", "danger": "no",
        "region_residence": "530102", "safe_number": PHONE, "channel": "hotline", "disposition": "case_opened", "centre": world.offices["wuhua"].pk,
        "request_key": str(uuid4()),
    }  # fmt: skip
    for _press in range(2):
        saved = operator.post(here, sent, follow=True)
        assert saved.redirect_chain[-1][0] == reverse("hotline:handed-on")
        assert saved.status_code == 200
    text = saved.content.decode()
    assert not any(word in text for word in ("封存", "回避", "seal", "wall", str(contact.pk)))
    assert operator.get(here, follow=True).status_code == 200
    assert client_of(world, "operator2").get(here).status_code == 404
    with world.acting("director") as by:
        assert Case.objects.visible_to(by).filter(contact_id=contact.pk).exists()


def test_what_the_unnamed_owed_on_a_sealed_case_is_the_named_managers(world: World) -> None:
    """Its manager is not among the named, and a desk that does not see the case would owe the callback."""
    case, row, moment = due_callback(world)
    assert row.desk_group_id == world.offices["desk"].group_id
    seal(world, case, "manager2")
    with clock.at(moment), as_worker():
        assert walls_poll() == 1
        assert walls_poll() == 0
    with world.acting("manager2") as by:
        seen = Case.objects.visible_to(by).get(pk=case.pk)
        assert seen.manager_id is None
        kinds = set(WorkItem.objects.owed_by(by).filter(case_id=case.pk).values_list("kind", flat=True))
        assert {"followup.call", "wall.left"} <= kinds
        assert not WorkItem.objects.open().filter(case_id=case.pk, owner_user=world.users["manager"]).exists()
        cases.case_assign(case_id=case.pk, by=by, version=seen.version, manager=world.users["manager2"])
    with clock.at(moment), as_worker():
        assert walls_poll() == 0
