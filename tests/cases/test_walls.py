"""回避: what is walled off does not exist; lifting takes two; nobody is told."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import Role
from agencies.models import IdentityBinding, Notification, RoleGrant
from agencies.services.notifications import notices, notify
from cases.enums import PartyRole
from cases.models import Case, Wall, WorkItem
from cases.services import case as cases
from cases.services import persons, walls
from cases.services.people import PersonData
from cases.tasks import walls_poll
from core.blindindex import fingerprint
from core.crypto import key_ring
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import acting_as, worker_identity
from core.models import Audit
from tests.cases.scenes import client_of, opened
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db

PHONE, ID_NUMBER = "13987650001", "530102199001011239"


def assessed(world: World) -> Case:
    case = opened(world)
    with world.acting("manager") as by:
        return cases.case_assess(case_id=case.pk, by=by, version=1, risk="low", reasons="无即时危险")


def wall(world: World, case: Case, *, by: str = "director", person: str = "", unit: str = "") -> Wall:
    with world.acting(by) as who:
        return walls.wall_set(
            case_id=case.pk, by=who, reason="kin", person=world.users[person] if person else None,
            unit=world.units[unit] if unit else None)  # fmt: skip


def settle() -> int:
    with as_worker():
        return walls_poll()


def bind(world: World, person: str, *, phone: str = "", id_number: str = "") -> None:
    key = key_ring().derive("blind")
    with as_owner():
        IdentityBinding.objects.update_or_create(
            user=world.users[person],
            defaults={
                "id_fingerprint": fingerprint(key, "id_number", id_number) if id_number else None,
                "phone_fingerprint": fingerprint(key, "phone", phone) if phone else None,
            },
        )


def gone(world: World, person: str, case: Case) -> bool:
    """The scope and the bare policy say the same; returns whether the case does not exist for this person."""
    with world.acting(person) as by:
        scoped = Case.objects.visible_to(by).filter(pk=case.pk).exists()
        assert scoped == Case._base_manager.filter(pk=case.pk).exists()
        assert WorkItem._base_manager.filter(case_id=case.pk).exists() == scoped
        return not scoped


def test_manager_walls_at_intake_and_only_the_director_afterwards(world: World) -> None:
    case = opened(world)
    wall(world, case, by="manager", person="manager2")
    assert gone(world, "manager2", case)
    other = assessed(world)
    with pytest.raises(NotAllowed):
        wall(world, other, by="manager", person="manager2")
    wall(world, other, person="manager2")
    assert gone(world, "manager2", other)
    assert not gone(world, "manager", other)


def test_a_manager_walls_off_a_director_who_is_the_conflict(world: World) -> None:
    case = assessed(world)
    wall(world, case, by="manager", person="director")
    assert gone(world, "director", case)
    with world.acting("director") as by:
        assert not Wall.objects.visible_to(by).exists()
        assert not Wall._base_manager.exists()
        assert not Audit.objects.filter(case_id=case.pk).exists()
        with pytest.raises(NotFound):
            walls.wall_set(case_id=case.pk, by=by, reason="kin", person=world.users["manager"])


def test_nobody_is_walled_when_nobody_would_be_left(world: World) -> None:
    case = assessed(world)
    wall(world, case, person="manager2")
    wall(world, case, person="manager")
    with pytest.raises(DomainError, match="nobody_left"):
        wall(world, case, person="director")
    assert not gone(world, "director", case)


def test_a_bell_that_rang_before_vanishes_with_the_work(world: World) -> None:
    case = assessed(world)
    with world.acting("manager2"):
        item = WorkItem._base_manager.filter(case_id=case.pk).first()
    assert item is not None
    with as_worker(), acting_as(worker_identity("test")):
        notify([world.users["manager2"].pk], kind="work_item", key="k", work_item_id=item.pk, case_id=case.pk)
    with world.acting("manager2") as by:
        assert notices(by).filter(case_id=case.pk).exists()
    wall(world, case, person="manager2")
    with world.acting("manager2") as by:
        assert not notices(by).filter(case_id=case.pk).exists()
        assert not Notification._base_manager.filter(case_id=case.pk).exists()
    page = client_of(world, "manager2")
    for route in ("cases:detail", "cases:walls", "cases:timeline", "cases:panel-work", "cases:panel-people"):
        assert page.get(reverse(route, args=[case.pk])).status_code == 404, route
    assert page.get(reverse("cases:work", args=[item.pk])).status_code == 404


def test_lifting_takes_a_second_person(world: World) -> None:
    case = assessed(world)
    row = wall(world, case, person="manager2")
    with world.acting("director") as by:
        assert walls.wall_lift(wall_id=row.pk, by=by) == "asked"
        with pytest.raises(NotAllowed):
            walls.wall_lift(wall_id=row.pk, by=by)
    assert gone(world, "manager2", case)
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="wall.lift", source_id=row.pk).exists()
        assert set(Wall.objects.visible_to(by)) == set(Wall._base_manager.all()) == {row}
        assert walls.wall_lift(wall_id=row.pk, by=by) == "lifted"
        assert not WorkItem.objects.open().filter(kind="wall.lift").exists()
        assert not Wall.objects.visible_to(by).exists()  # the director's again
    assert not gone(world, "manager2", case)


def test_the_second_person_may_let_the_wall_stand(world: World) -> None:
    case = assessed(world)
    row = wall(world, case, person="manager2")
    with world.acting("manager") as by, pytest.raises(NotFound):
        walls.wall_lift(wall_id=row.pk, by=by)  # nobody has asked
    with world.acting("director") as by:
        walls.wall_lift(wall_id=row.pk, by=by)
    with world.acting("manager") as by:
        assert walls.wall_lift(wall_id=row.pk, by=by, agreed=False) == "kept"
    assert gone(world, "manager2", case)


def test_the_only_one_left_lifts_alone(world: World) -> None:
    case = assessed(world)
    wall(world, case, person="manager2")
    row = wall(world, case, person="manager")
    with world.acting("director") as by:
        assert walls.wall_lift(wall_id=row.pk, by=by) == "lifted"


def test_the_database_lets_nobody_agree_to_an_own_act(world: World) -> None:
    case = assessed(world)
    row = wall(world, case, person="manager2")
    with world.acting("director"), verb_undone(case.pk):
        assert ask("SELECT caremgmt_wall_lift(%s, true)", [row.pk]) == [("asked",)]
        assert ask("SELECT caremgmt_wall_lift(%s, true)", [row.pk]) == [("asked",)]
    with world.acting("manager"), verb_undone(case.pk):
        refused("SELECT caremgmt_wall_lift(%s, true)", [row.pk], code="CM026")
    with world.acting("xishan_manager"), verb_undone(case.pk):
        refused("SELECT caremgmt_remaining(%s, NULL, NULL)", [case.pk], code="CM024")


def test_what_the_walled_manager_owed_is_given_to_others(world: World) -> None:
    case = assessed(world)
    assert case.manager_id == world.users["manager"].pk
    row = wall(world, case, person="manager")
    assert settle() == 1
    assert settle() == 0
    with world.acting("manager2") as by:
        assert Case.objects.get(pk=case.pk).manager_id is None
        owed = WorkItem.objects.owed_by(by).filter(case_id=case.pk)
        assert owed.filter(kind="wall.left", source_id=row.pk).count() == 1
        assert not owed.filter(owner_user=world.users["manager"]).exists()


@pytest.mark.parametrize("role", [PartyRole.RESPONDENT, PartyRole.RELATIVE, PartyRole.GUARDIAN])
@pytest.mark.parametrize("by_what", ["phone", "id_number"])
def test_a_respondent_who_is_staff_is_walled_off_when_he_is_entered(world: World, role: str, by_what: str) -> None:
    bind(world, "manager2", phone=PHONE, id_number=ID_NUMBER)
    case = assessed(world)
    with world.acting("manager") as by:
        known = {by_what: PHONE if by_what == "phone" else ID_NUMBER}
        persons.person_add(case_id=case.pk, by=by, data=PersonData(role=role, name="张某", **known))  # type: ignore[arg-type]
        assert not Wall._base_manager.exists()  # who entered him is not told whom it met
    assert gone(world, "manager2", case)
    with world.acting("director") as by:
        row = Wall.objects.visible_to(by).get(case_id=case.pk)
        assert (row.user_id, row.reason, row.set_by_id) == (world.users["manager2"].pk, "match", None)


def test_a_correction_of_his_phone_walls_him_off(world: World) -> None:
    bind(world, "manager2", phone=PHONE)
    case = assessed(world)
    with world.acting("manager") as by:
        party = persons.person_add(
            case_id=case.pk, by=by, data=PersonData(role=PartyRole.RESPONDENT, name="张某", phone="13800009999")
        )
        assert not gone(world, "manager2", case)
    with world.acting("manager") as by:
        persons.contact_update(party_id=party.pk, by=by, version=1, values={"phone": PHONE})
    assert gone(world, "manager2", case)


def test_a_binding_made_later_walls_him_off(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        persons.person_add(case_id=case.pk, by=by, data=PersonData(role=PartyRole.RESPONDENT, name="张某", phone=PHONE))
    assert not gone(world, "manager2", case)
    bind(world, "manager2", phone=PHONE)
    assert gone(world, "manager2", case)


def test_who_enters_himself_loses_the_case_at_once(world: World) -> None:
    bind(world, "manager", phone=PHONE)
    case = assessed(world)
    with world.acting("manager") as by:
        persons.person_add(case_id=case.pk, by=by, data=PersonData(role=PartyRole.RESPONDENT, name="张某", phone=PHONE))
    assert gone(world, "manager", case)
    settle()
    with world.acting("manager2") as by:
        assert WorkItem.objects.owed_by(by).filter(case_id=case.pk, kind="wall.left").exists()


def test_a_witness_who_is_staff_is_not_walled_off(world: World) -> None:
    bind(world, "manager2", phone=PHONE)
    case = assessed(world)
    with world.acting("manager") as by:
        persons.person_add(case_id=case.pk, by=by, data=PersonData(role=PartyRole.WITNESS, name="张某", phone=PHONE))
    assert not gone(world, "manager2", case)


def test_a_match_that_was_lifted_is_not_set_again(world: World) -> None:
    bind(world, "manager2", phone=PHONE)
    case = assessed(world)
    with world.acting("manager") as by:
        party = persons.person_add(
            case_id=case.pk, by=by, data=PersonData(role=PartyRole.RELATIVE, name="张某", phone=PHONE)
        )
    with world.acting("director") as by:
        row = Wall.objects.visible_to(by).get(case_id=case.pk)
        walls.wall_lift(wall_id=row.pk, by=by)
    with world.acting("manager") as by:
        walls.wall_lift(wall_id=row.pk, by=by)
        persons.identity_update(party_id=party.pk, by=by, version=1, values={"name": "张明"})
    assert not gone(world, "manager2", case)


def test_nobody_reads_the_bindings(world: World) -> None:
    bind(world, "manager2", phone=PHONE)
    for person in ("manager", "director", "system", "auditor"):
        with world.acting(person), transaction.atomic():
            refused("SELECT count(*) FROM agencies_identitybinding")


def test_kin_at_the_body_becomes_the_directors_work(world: World) -> None:
    case = assessed(world)
    with world.acting("manager") as by:
        walls.kin_reported(case_id=case.pk, by=by)
        walls.kin_reported(case_id=case.pk, by=by)
    with world.acting("director") as by:
        owed = WorkItem.objects.owed_by(by).filter(case_id=case.pk, kind="wall.asked")
        assert [item.owner_role for item in owed] == [Role.DIRECTOR]
    with world.acting("manager") as by:
        assert not WorkItem.objects.owed_by(by).filter(kind="wall.asked").exists()


def test_the_answer_yes_on_the_form_of_a_referral_asks_the_director(world: World) -> None:
    case = assessed(world)
    page = client_of(world, "manager").post(
        reverse("referrals:send", args=[case.pk]), {"unit": str(world.units["justice"].pk), "kin": "yes"}
    )
    assert page.status_code == 422
    with world.acting("director") as by:
        assert WorkItem.objects.owed_by(by).filter(case_id=case.pk, kind="wall.asked").count() == 1


def test_the_directors_page_sets_and_lifts(world: World) -> None:
    case = assessed(world)
    url = reverse("cases:walls", args=[case.pk])
    director, manager = client_of(world, "director"), client_of(world, "manager")
    assert director.post(url, {"reason": "kin"}).status_code == 422
    answer = director.post(url, {"reason": "kin", "person": str(world.users["manager2"].pk)})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert world.users["manager2"].name in director.get(url).content.decode()
    assert manager.get(url).status_code == 200
    assert "walls" not in manager.get(url).context["form"].errors
    assert manager.post(url, {"reason": "kin", "person": str(world.users["keeper"].pk)}).status_code == 403
    with world.acting("director") as by:
        row = Wall.objects.visible_to(by).get()
    lift = reverse("cases:wall-lift", args=[case.pk, row.pk])
    assert manager.post(lift).status_code == 404
    assert director.post(lift).status_code == 302
    assert director.post(lift).status_code == 403
    assert manager.post(lift, {"answer": "agree"}).status_code == 302
    assert not gone(world, "manager2", case)


def test_who_asked_for_the_lifting_does_not_owe_the_second_word(world: World) -> None:
    case = assessed(world)
    row = wall(world, case, person="manager2")
    director, url = client_of(world, "director"), reverse("cases:walls", args=[case.pk])
    lift = reverse("cases:wall-lift", args=[case.pk, row.pk])
    assert director.post(lift).status_code == 302
    for name, owed in (("director", 0), ("manager", 1)):
        with world.acting(name) as by:
            assert WorkItem.objects.visible_to(by).filter(kind="wall.lift").count() == 1
            assert WorkItem.objects.owed_by(by).filter(kind="wall.lift").count() == owed
        kinds = [one.item.kind for one in client_of(world, name).get("/").context["rows"]]
        assert kinds.count("wall.lift") == owed
    shown = director.get(url).context["walls"][0]
    assert (shown["is_mine"], shown["may_agree"]) == (True, False)
    assert 'value="keep"' in director.get(url).content.decode()
    assert 'value="agree"' not in director.get(url).content.decode()
    assert director.post(lift, {"answer": "keep"}).status_code == 302  # taken back
    assert not director.get(url).context["walls"][0]["is_mine"]
    assert gone(world, "manager2", case)


def test_namesakes_are_told_apart_by_their_posts_and_no_reason_is_chosen_beforehand(world: World) -> None:
    case, counts = assessed(world), []
    director, url = client_of(world, "director"), reverse("cases:walls", args=[case.pk])
    form = director.get(url).context["form"]
    labels = dict(form.fields["person"].choices)
    said = {str(getattr(key, "value", key)): label for key, label in labels.items()}
    me = world.users["manager2"]
    assert said[str(me.pk)] == f"{me.name} · {world.offices['wuhua'].short_name}"
    assert form["reason"].value() in (None, "")
    refusal = director.post(url, {"person": str(me.pk), "reason": ""})
    assert (refusal.status_code, list(refusal.context["form"].errors)) == (422, ["reason"])
    for made in (2, 20):
        for number in range(made):
            world.person(f"q{made}x{number}", Role.EXPERT, "wuhua")
        with CaptureQueriesContext(connection) as caught:
            assert director.get(url).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_who_stands_aside_herself_is_led_home(world: World) -> None:
    case = opened(world)
    me = str(world.users["manager"].pk)
    browser, form = client_of(world, "manager"), {"reason": "acquainted", "person": me, "request_key": str(uuid4())}
    for _press in range(2):
        answer = browser.post(reverse("cases:walls", args=[case.pk]), form)
        assert (answer.status_code, answer["Location"]) == (302, reverse("cases:today"))
    assert gone(world, "manager", case)


def test_the_page_asks_as_often_for_twenty_walls_as_for_two(world: World) -> None:
    case = assessed(world)
    director, counts = client_of(world, "director"), []
    for made in (2, 20):
        for number in range(made):
            person = world.person(f"p{made}x{number}", Role.EXPERT, "wuhua")
            wall(world, case, person=person.username)
        director.get(reverse("cases:walls", args=[case.pk]))
        with CaptureQueriesContext(connection) as caught:
            assert director.get(reverse("cases:walls", args=[case.pk])).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_nobody_manages_a_case_that_does_not_exist_for_her(world: World) -> None:
    """Behind a wall in person or with a unit, or not named by the seal: what is owed would be owed by somebody who cannot see it."""
    world.person("both", Role.MANAGER, "wuhua")
    with as_owner():
        RoleGrant.objects.create(user=world.users["both"], role=Role.LIAISON, unit=world.units["justice"], since=SINCE)
    case = assessed(world)
    wall(world, case, person="manager2")
    wall(world, case, unit="justice")
    for name in ("manager2", "both"):
        with world.acting("manager") as by:
            version = Case.objects.get(pk=case.pk).version
            with pytest.raises(DomainError, match="not_a_manager"):
                cases.case_assign(case_id=case.pk, by=by, version=version, manager=world.users[name])
    fresh = opened(world)
    wall(world, fresh, by="manager", person="manager2")
    with world.acting("manager") as by, pytest.raises(DomainError, match="not_a_manager"):
        cases.case_assess(
            case_id=fresh.pk, by=by, version=1, risk="low", reasons="无即时危险", manager=world.users["manager2"]
        )
