"""紧急查看: safe contact, risk and manager for four hours, confirmed by a stranger, never past a wall, reviewed by a third."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.models import (
    AccessGrant,
    BreakGlass,
    Case,
    Party,
    PartyContact,
    PartyIdentity,
    SectionText,
    TimelineEntry,
    WorkItem,
)
from cases.services import glass, seals
from cases.services.walls import wall_set
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from tests.cases.glass_scene import answered, asked, opened, safe_contacts
from tests.cases.scenes import VALUES, client_of
from tests.cases.test_walls import assessed, wall
from tests.protection.sql import refused, verb_undone
from tests.roles import as_owner
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db


def test_it_opens_safe_contact_risk_and_manager_and_nothing_else(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    assert len(safe_contacts(asking, case)) == 1
    with asking.acting("operator") as by:
        row = BreakGlass.objects.visible_to(by).get(pk=pk)
        shown = glass.shown(row, by)
        assert shown is not None
        assert shown.safe is not None
        assert (shown.risk, shown.manager, shown.safe.safe_number) == (
            "low",
            asking.users["manager"].name,
            VALUES["safe_number"],
        )
        for model in (Case, PartyIdentity, PartyContact, SectionText, Party, TimelineEntry):
            field = "pk" if model is Case else "case_id"
            assert not model._base_manager.filter(**{field: case.pk}).exists(), model
    for person in ("operator2", "xishan_director", "xishan_manager", "shift"):
        assert safe_contacts(asking, case, person) == [], person
        with asking.acting(person) as by:
            row = BreakGlass.objects.visible_to(by).filter(pk=pk).first()
            assert row is None or glass.shown(row, by) is None
    assert client_of(asking, "operator").get(reverse("cases:detail", args=[case.pk])).status_code == 404


def test_it_ends_by_itself_after_four_hours(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    with clock.at(clock.now() + dt.timedelta(hours=4, seconds=1)):
        assert safe_contacts(asking, case) == []
        with asking.acting("operator") as by:
            assert glass.shown(BreakGlass.objects.visible_to(by).get(pk=pk), by) is None
    with asking.acting("xishan_director"), verb_undone(pk):
        refused("SELECT caremgmt_glass_open(%s, interval '4 hours')", [pk], code="CM028")  # once only


def test_a_missing_and_a_forbidden_number_answer_the_same(asking: World) -> None:
    walled, sealed, not_for_the_confirmer = assessed(asking), assessed(asking), assessed(asking)
    with asking.acting("director") as by:
        wall_set(case_id=walled.pk, by=by, reason="kin", person=asking.users["operator"])
        wall_set(case_id=not_for_the_confirmer.pk, by=by, reason="kin", person=asking.users["xishan_director"])
        seals.case_seal(case_id=sealed.pk, by=by, named=[asking.users["manager"].pk])
    for number in (walled.number, sealed.number, not_for_the_confirmer.number, "530102-2026-ZZZZ"):
        pk = asked(asking, number)
        assert answered(asking, pk) == "nothing"
        with asking.acting("operator") as by:
            row = BreakGlass.objects.visible_to(by).get(pk=pk)
            assert (row.case_id, row.office_id, row.ends_at) == (None, None, None)
    with as_owner():
        assert not AccessGrant.objects.filter(source_kind="break_glass").exists()
        assert not WorkItem._base_manager.filter(kind=glass.REVIEW).exists()


def test_a_wall_or_seal_that_falls_meanwhile_closes_it(asking: World) -> None:
    walled, sealed = assessed(asking), assessed(asking)
    first, second = opened(asking, walled), opened(asking, sealed)
    wall(asking, walled, person="operator")
    with asking.acting("director") as by:
        seals.case_seal(case_id=sealed.pk, by=by, named=[asking.users["manager"].pk])
    for pk, case in ((first, walled), (second, sealed)):
        assert safe_contacts(asking, case) == []
        with asking.acting("operator") as by:
            row = BreakGlass.objects.visible_to(by).filter(pk=pk).first()
            assert row is None or glass.shown(row, by) is None


def test_a_stranger_confirms_and_nobody_an_own_ask(asking: World) -> None:
    case = assessed(asking)
    asking.person("desk_director", Role.DIRECTOR, "xishan")
    with as_owner():
        RoleGrant.objects.create(
            user=asking.users["desk_director"], role=Role.OPERATOR, office=asking.offices["desk"], since=SINCE
        )
    pk = asked(asking, case.number)
    with asking.acting("director") as by, pytest.raises(NotFound):
        glass.glass_answer(glass_id=pk, by=by, agreed=True)  # another centre was asked
    with asking.acting("desk_director") as by, pytest.raises(NotAllowed):
        glass.glass_answer(glass_id=pk, by=by, agreed=True)  # a colleague of the one who asks
    with asking.acting("desk_director"), verb_undone(pk):
        refused("SELECT caremgmt_glass_open(%s, interval '4 hours')", [pk], code="CM028")
    with asking.acting("operator"), verb_undone(pk):
        refused("SELECT caremgmt_glass_open(%s, interval '4 hours')", [pk], code="CM028")
    with asking.acting("xishan_director"), verb_undone(pk):
        refused("SELECT caremgmt_glass_open(%s, interval '5 hours')", [pk], code="CM028")
    with asking.acting("xishan_director"):
        refused("SELECT caremgmt_glass_open(%s, interval '4 hours')", [pk], code="CM028")  # no ticket
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        BreakGlass.objects.filter(pk=pk).update(answered_by_id=asking.users["operator"].pk)
    assert answered(asking, pk, agreed=False) == "refused"
    assert safe_contacts(asking, case) == []


def test_who_sees_the_case_needs_none_and_own_centres_confirm_nothing(asking: World) -> None:
    case = assessed(asking)
    with pytest.raises(DomainError, match="own_already"):
        asked(asking, case.number, by="manager", office="wuhua")
    with pytest.raises(NotFound):
        asked(asking, case.number, by="xishan_manager", office="xishan", confirm="xishan")
    with pytest.raises(NotFound):
        asked(asking, case.number, by="operator", office="wuhua", confirm="xishan")
    asked(asking, case.number)
    with pytest.raises(DomainError, match="asked_already"):
        asked(asking, case.number)
