"""Walls hide everything; grants end by themselves, at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import models, transaction

from agencies.models import Notification
from cases.enums import GrantBasis
from cases.models import BlindGram, Case, PartyIdentity, SectionText, WorkItem
from cases.services import access
from cases.services.recipients import recipients
from cases.services.search import search
from core import clock
from core.fields import SealedTextField
from core.identity import as_verb
from core.models import AccessLog, Audit
from hotline.models import Contact
from referrals.models import Referral
from tests.permissions.planted import Scene, open_items
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker


def test_a_walled_manager_finds_nothing_anywhere(scene: Scene) -> None:
    case = scene["walled"]
    with as_owner():
        number = Case._base_manager.get(pk=case.id).number
    with scene.world.acting("manager2") as by:
        assert not Case.objects.visible_to(by).filter(pk=case.id).exists()
        for rows in (
            Case._base_manager.filter(pk=case.id), PartyIdentity._base_manager.filter(case_id=case.id), SectionText._base_manager.filter(case_id=case.id),
            WorkItem._base_manager.filter(case_id=case.id), Referral._base_manager.filter(case_id=case.id), Contact._base_manager.filter(case_id=case.id),
            BlindGram._base_manager.filter(case_id=case.id), Audit.objects.filter(case_id=case.id), AccessLog.objects.filter(case_id=case.id),
        ):  # fmt: skip
            assert rows.count() == 0, rows.model
        assert search(by=by, text=number).cases == []
        for phone in case.phones["safe_contact"]:
            assert search(by=by, text=phone).cases == []
        for model in ("historicalcase", "historicalsectiontext", "historicalpartyidentity"):
            field = "id" if model == "historicalcase" else "case_id"
            assert ask(f"SELECT count(*) FROM cases_{model} WHERE {field} = %s", [case.id]) == [(0,)]
        seen = Case._base_manager.count()
    with scene.world.acting("manager") as by:
        assert (
            Case._base_manager.count() == seen + 3
        )  # the walled, the sealed and the closed minor's one; no gap is told: the numbers are a permutation
        assert [hit.case.pk for hit in search(by=by, text=number).cases] == [case.id]


def test_a_walled_director_reads_no_log_of_the_case(scene: Scene) -> None:
    case = scene["accepted"]
    with scene.world.acting("manager"), transaction.atomic():
        ask(
            "INSERT INTO core_accesslog (id, at, action, actor_id, actor_name, actor_role, actor_agency, route, object_type, case_id, office_id,"
            " sections, reason) VALUES (gen_random_uuid(), now(), 'view', %s, '', '', '', '', '', %s, %s, '', '')",
            [scene.world.users["manager"].pk, case.id, scene.world.offices["wuhua"].pk],
        )
    with scene.world.acting("director"):
        assert AccessLog.objects.filter(case_id=case.id).exists()
        assert Audit.objects.filter(case_id=case.id).exists()
    with scene.world.acting("manager"), as_verb([case.id]):
        access.wall(case_id=case.id, reason="kin", user_id=scene.world.users["director"].pk)
    with scene.world.acting("director"):
        assert not AccessLog.objects.filter(case_id=case.id).exists()
        assert not Audit.objects.filter(case_id=case.id).exists()


@pytest.mark.parametrize("held_by", ["user", "group"])
def test_a_wall_beats_every_grant(scene: Scene, held_by: str) -> None:
    case, liaison = scene["accepted"], scene.world.users["justice_liaison"]
    with scene.world.acting("justice_liaison") as by:
        assert Case.objects.visible_to(by).filter(pk=case.id).exists()
    with scene.world.acting("director"), as_verb([case.id]):
        if held_by == "user":
            access.wall(case_id=case.id, reason="kin", user_id=liaison.pk)
        else:
            access.wall(case_id=case.id, reason="kin", group_id=scene.world.units["justice"].group_id)
    with scene.world.acting("justice_liaison"):
        for model in (Case, PartyIdentity, SectionText, WorkItem, Referral):
            field = "pk" if model is Case else "case_id"
            assert not model._base_manager.filter(**{field: case.id}).exists(), model


def test_the_walled_give_and_open_nothing(scene: Scene) -> None:
    case = scene["walled"]
    with scene.world.acting("manager2"), verb_undone(case.id):
        refused(
            "SELECT caremgmt_grant(%s, ARRAY['medical'], NULL, %s, 'referral', gen_random_uuid(), 'duty', NULL, true, NULL)",
            [case.id, scene.world.users["manager2"].pk], code="CM020")  # fmt: skip
        refused("SELECT caremgmt_open_offer(%s)", [case.referral], code="CM021")


def test_no_bell_rings_behind_a_wall(scene: Scene) -> None:
    """Neither for a person who is walled by name nor for the members of a walled unit."""
    item = next(item for item in open_items(scene["walled"]) if item.kind == "referral.respond")
    world = scene.world
    with as_worker():
        from core.identity import acting_as, worker_identity

        with acting_as(worker_identity("test")):
            assert set(recipients(item)) == {
                world.users["manager"].pk,
                world.users["director"].pk,
            }  # instead of the walled unit
            item.owner_group_id, item.owner_user_id = None, None
            item.owner_role = "manager"
            told = set(recipients(item))
    assert world.users["manager"].pk in told
    assert world.users["manager2"].pk not in told
    with as_owner():
        assert not Notification.objects.filter(user=world.users["manager2"], work_item_id=item.pk).exists()


def test_a_grant_ends_at_its_time_without_any_job(scene: Scene) -> None:
    case, keeper = scene["accepted"], scene.world.users["keeper"]
    until = clock.now() + dt.timedelta(hours=2)
    with scene.world.acting("manager"), as_verb([case.id]):
        access.grant(
            case_id=case.id,
            sections=["children"],
            source_kind="care_team",
            source_id=case.id,
            basis=GrantBasis.DANGER,
            user_id=keeper.pk,
            until=until,
        )
    with scene.world.acting("keeper") as by:
        assert {text.section for text in SectionText.objects.visible_to(by)} == {"children"}
    with clock.at(until + dt.timedelta(seconds=1)), scene.world.acting("keeper") as by:
        assert not SectionText.objects.visible_to(by).exists()
        assert not SectionText._base_manager.exists()
        assert not Case._base_manager.exists()


def test_what_is_withdrawn_closes_at_once_and_what_another_source_gave_stays(scene: Scene) -> None:
    case, expert = scene["accepted"], scene.world.users["expert"]
    one, two = scene.world.users["expert"].pk, scene.world.users["keeper"].pk  # any two ids: sources
    with scene.world.acting("manager"), as_verb([case.id]):
        access.grant(
            case_id=case.id,
            sections=["medical", "legal"],
            source_kind="task",
            source_id=one,
            basis=GrantBasis.DUTY,
            user_id=expert.pk,
        )
        access.grant(
            case_id=case.id,
            sections=["medical"],
            source_kind="task",
            source_id=two,
            basis=GrantBasis.DUTY,
            user_id=expert.pk,
        )
        access.withdraw(source_id=one)
    with scene.world.acting("expert") as by:
        assert {text.section for text in SectionText._base_manager.all()} == {"medical"}
        assert {perm.permission.codename for perm in case_permissions(by)} == {
            "view_header",
            "view_safe_contact",
            "view_medical",
        }
    with scene.world.acting("manager"), as_verb([case.id]):
        access.withdraw(source_id=two)
    with scene.world.acting("expert") as by:
        assert not SectionText._base_manager.exists()
        assert not Case._base_manager.exists()
        assert list(case_permissions(by)) == []


def case_permissions(by: object) -> list[object]:
    """Guardian's rows of the acting person."""
    from cases.models import CaseUserObjectPermission

    return list(CaseUserObjectPermission.objects.select_related("permission"))


def test_guardian_says_the_same_as_the_policies(scene: Scene) -> None:
    with scene.world.acting("justice_liaison"):
        user = type(scene.world.users["justice_liaison"]).objects.get(pk=scene.world.users["justice_liaison"].pk)
        case = Case._base_manager.get(pk=scene["accepted"].id)
        assert user.has_perm("cases.view_medical", case)
        assert user.has_perm("cases.view_safe_contact", case)
        assert not user.has_perm("cases.view_contact", case)
        assert not user.has_perm("cases.view_counselling", case)


def test_an_expired_grant_is_no_permission_either(scene: Scene) -> None:
    with as_owner():
        case = Case._base_manager.get(pk=scene["expired"].id)
    with scene.world.acting("justice_liaison"):
        user = type(scene.world.users["justice_liaison"]).objects.get(pk=scene.world.users["justice_liaison"].pk)
        assert not user.has_perm("cases.view_header", case)


def test_another_manager_takes_the_counselling_notes_with_the_case(scene: Scene) -> None:
    from cases.services import case as cases

    world = scene.world
    with world.acting("director") as by:
        cases.case_assign(case_id=scene["offered"].id, by=by, version=None, manager=world.users["manager2"])
    with world.acting("manager2"):
        assert set(SectionText._base_manager.filter(section="counselling").values_list("case_id", flat=True)) == {
            scene["offered"].id
        }
    with world.acting("manager"):
        left = set(SectionText._base_manager.filter(section="counselling").values_list("case_id", flat=True))
    assert scene["offered"].id not in left
    assert scene["accepted"].id in left


def test_what_she_told_is_not_copied_into_the_header(scene: Scene) -> None:
    """The header's row is shared with everybody who gets anything of the case: it holds codes and no text of anybody's."""
    sealed = [
        field.name for field in Case._meta.concrete_fields if isinstance(field, SealedTextField | models.TextField)
    ]
    assert sealed == []
