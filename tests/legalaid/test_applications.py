"""An application is decided in time, a lawyer assigned, she is told, and access ends with the matter."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from cases.models import Case, PartyContact, PartyIdentity, SectionText, ServiceRecord, WorkItem
from cases.services import access
from cases.services import case as cases
from core import clock
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from core.identity import as_verb
from legalaid import services
from legalaid.models import Application
from tests.legalaid.conftest import send
from tests.referrals.conftest import open_case
from tests.roles import as_owner
from tests.world import World, broken_promises


def test_the_officer_sees_the_applicant_and_the_legal_section_and_nothing_else(
    world: World, application: Application
) -> None:
    with world.acting("aid_officer") as by:
        assert Application.objects.visible_to(by).get().matter == "support"
        assert {row.name for row in PartyIdentity.objects.visible_to(by)} == {"刘桂芳", "刘建国"}
        assert [row.section for row in SectionText.objects.visible_to(by)] == ["legal"]
        assert not PartyContact.objects.exists()
        item = WorkItem.objects.owed_by(by).get()
        assert (item.kind, item.due_at) == ("legalaid.decide", application.due_at)


@pytest.mark.parametrize(
    "who",
    [
        "xishan_manager",
        "operator",
        "police_liaison",
        "justice_liaison",
        "keeper",
        "expert",
        "supervisor",
        "province",
        "auditor",
    ],
)
def test_nobody_else_sees_an_application(world: World, application: Application, who: str) -> None:
    with world.acting(who) as by:
        assert not Application.objects.exists()  # by row-level security alone
        assert not Application.objects.visible_to(by).exists()
        with pytest.raises(NotFound):
            services.application_grant(application_id=application.pk, by=by, version=1)


def test_seven_days_to_decide_and_three_to_assign(world: World, application: Application) -> None:
    end = clock.local(application.due_at)
    assert dt.timedelta(days=6) <= application.due_at - application.applied_at <= dt.timedelta(days=8)
    assert (end.hour, end.minute) == (23, 59)
    with world.acting("aid_officer") as by:
        row = services.application_grant(application_id=application.pk, by=by, version=1)
        assert row.status == "granted"
        assert dt.timedelta(days=2) <= row.due_at - clock.now() <= dt.timedelta(days=4)
        assert WorkItem.objects.owed_by(by).get().kind == "legalaid.assign"


def test_the_whole_way(world: World, case: Case, application: Application) -> None:
    with world.acting("aid_officer") as by:
        row = services.application_grant(application_id=application.pk, by=by, version=1)
        row = services.application_assign(
            application_id=row.pk,
            by=by,
            version=row.version,
            lawyer_name="董律师",
            lawyer_agency="云岭律师事务所",
            lawyer_phone="087163112345",
        )
        assert not WorkItem.objects.owed_by(by).exists()
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="legalaid.tell").count() == 1
        assert ServiceRecord.objects.filter(case=case, kind="legal_aid").count() == 1
        assert Application.objects.visible_to(by).get().lawyer_name == "董律师"
        row = services.application_tell(application_id=row.pk, by=by, version=row.version)
        version = Case.objects.get(pk=case.pk).version
        with pytest.raises(DomainError):
            cases.case_close(case_id=case.pk, by=by, version=version, reason="resolved", note="")
        row = services.application_close(application_id=row.pk, by=by, version=row.version, reason="concluded")
        assert row.status == "closed"
    with world.acting("aid_officer"):
        assert not PartyIdentity.objects.exists()  # access ended with the matter
        assert Application.objects.get().status == "closed"
    assert broken_promises() == []


def test_a_refusal_needs_words_ends_the_access_and_is_told(world: World, application: Application) -> None:
    with world.acting("aid_officer") as by:
        with pytest.raises(DomainError) as refused:
            services.application_refuse(application_id=application.pk, by=by, version=1, reason="means", note=" ")
        assert refused.value.field == "note"
        services.application_refuse(
            application_id=application.pk, by=by, version=1, reason="means", note="家庭收入超过标准"
        )
        assert not PartyIdentity.objects.exists()
        assert Application.objects.visible_to(by).get().refuse_note == "家庭收入超过标准"
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="legalaid.tell").exists()


def test_only_officers_decide_and_versions_are_compared(world: World, application: Application) -> None:
    with world.acting("manager") as by, pytest.raises(NotAllowed):
        services.application_grant(application_id=application.pk, by=by, version=1)
    with world.acting("aid_officer") as by:
        with pytest.raises(StaleVersion):
            services.application_grant(application_id=application.pk, by=by, version=9)
        with pytest.raises(NotAllowed):
            services.application_close(application_id=application.pk, by=by, version=1, reason="withdrawn")


def test_what_was_applied_for_is_not_applied_for_twice(world: World, case: Case, application: Application) -> None:
    with pytest.raises(DomainError) as refused:
        send(world, case)
    assert refused.value.code == "sent_already"
    assert send(world, case, matter="property").status == "applied"


def test_it_goes_to_a_legal_aid_centre_only_and_never_past_a_wall(world: World, case: Case) -> None:
    with pytest.raises(DomainError) as refused:
        send(world, case, unit=world.units["justice"])
    assert refused.value.code == "not_legal_aid"
    with world.acting("director"), transaction.atomic(), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", group_id=world.units["legal_aid"].group_id)
    with pytest.raises(DomainError) as refused:
        send(world, case)
    assert refused.value.code == "walled"


def test_a_walled_unit_loses_what_it_had(world: World, case: Case, application: Application) -> None:
    with world.acting("director"), transaction.atomic(), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", group_id=world.units["legal_aid"].group_id)
    with world.acting("aid_officer") as by:
        assert not Application.objects.exists()
        assert not Application.objects.visible_to(by).exists()
        assert not PartyIdentity.objects.exists()
        assert not WorkItem.objects.owed_by(by).exists()


def test_where_a_body_has_no_accounts_the_centre_enters_its_decision(world: World) -> None:
    with as_owner():
        world.units["legal_aid"].has_accounts = False
        world.units["legal_aid"].save()
    row = send(world, open_case(world))
    with world.acting("manager") as by:
        assert WorkItem.objects.owed_by(by).filter(kind="legalaid.decide").exists()
        assert services.application_grant(application_id=row.pk, by=by, version=1).status == "granted"
