"""Emergency views: who answers and reviews, and what happens when nobody does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Notification, RoleGrant
from cases.models import (
    BreakGlass,
    TimelineEntry,
    WorkItem,
)
from cases.services import glass
from cases.services.lateness import chase
from core import clock
from core.errors import NotAllowed, NotFound
from core.models import AccessLog
from core.phone import display
from tests.cases import scenes
from tests.cases.glass_scene import REASON, answered, asked, effects, late, opened, owed, safe_contacts, words
from tests.cases.scenes import VALUES, client_of
from tests.cases.test_walls import assessed, wall
from tests.protection.sql import ask
from tests.roles import as_owner, as_worker
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db


def test_the_cases_own_director_owes_the_review_within_a_day(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    (item,) = owed(asking, "director", glass.REVIEW)
    assert dt.timedelta(hours=23) < item.due_at - clock.now() <= dt.timedelta(hours=24)
    for person in ("manager", "operator", "xishan_director", "supervisor"):
        assert owed(asking, person, glass.REVIEW) == [], person
    with asking.acting("manager"):
        assert not WorkItem._base_manager.filter(kind=glass.REVIEW).exists()  # nobody is warned by the worklist
        assert TimelineEntry._base_manager.filter(case_id=case.pk, kind="glass.opened").exists()
    with asking.acting("xishan_director") as by, pytest.raises(NotFound):
        glass.glass_review(glass_id=pk, by=by, finding="justified", note="x")
    with asking.acting("director") as by:
        glass.glass_review(glass_id=pk, by=by, finding="wrong", note="没有紧急情况")
    assert owed(asking, "director", glass.REVIEW) == []
    assert safe_contacts(asking, case) == []  # found wrong: over at once
    with asking.acting("auditor") as by:
        assert BreakGlass.objects.visible_to(by).get(pk=pk).finding == "wrong"


def test_who_has_a_part_in_it_reads_why_and_the_auditor_only_that_there_was_one(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    with asking.acting("director") as by:
        glass.glass_review(glass_id=pk, by=by, finding="justified", note="情况属实")
    for person in ("operator", "xishan_director", "director"):
        assert words(asking, person, pk) == [(REASON, "情况属实")], person
    for person in ("auditor", "operator2", "manager", "supervisor", "province", "system"):
        assert words(asking, person, pk) == [], person
    with asking.acting("auditor") as by:
        assert BreakGlass.objects.visible_to(by).get(pk=pk).opener_id == asking.users["operator"].pk
        assert ask("SELECT count(*) FROM cases_glasswords") == [(0,)]
    page = client_of(asking, "auditor").get(reverse("cases:glass", args=[pk]))
    assert page.status_code == 200
    assert [word for word in (REASON, "情况属实") if word in page.content.decode()] == []
    wall(asking, case, person="operator")
    assert words(asking, "operator", pk) == []


def test_who_confirmed_does_not_review_and_a_late_review_goes_up(asking: World) -> None:
    case = assessed(asking)
    pk = asked(asking, case.number, by="xishan_manager", office="xishan", confirm="wuhua")
    assert answered(asking, pk, by="director") == "opened"
    assert owed(asking, "director", glass.REVIEW) == []
    (item,) = owed(asking, "supervisor", glass.REVIEW)
    with asking.acting("director") as by, pytest.raises(NotAllowed):
        glass.glass_review(glass_id=pk, by=by, finding="justified", note="x")
    with asking.acting("supervisor") as by:
        glass.glass_review(glass_id=item.source_id, by=by, finding="justified", note="情况属实")


def test_a_review_that_is_late_goes_to_the_level_above(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    with clock.at(clock.now() + dt.timedelta(hours=25)):
        with as_worker():
            chase()
        effects()
        assert owed(asking, "director", glass.REVIEW) == []
        assert [item.source_id for item in owed(asking, "supervisor", glass.REVIEW)] == [pk]
        with asking.acting("supervisor") as by:
            glass.glass_review(glass_id=pk, by=by, finding="justified", note="情况属实")
        with as_worker():
            chase()
    with as_owner():
        told = Notification.objects.filter(kind="work_item", user=asking.users["supervisor"])
        assert told.exists()


def test_the_number_is_shown_within_her_safe_hours_only(asking: World) -> None:
    case = scenes.assessed(asking, safe_from=dt.time(9), safe_until=dt.time(11))
    day = clock.local(clock.now()) + dt.timedelta(days=1)
    operator, number = client_of(asking, "operator"), display(VALUES["safe_number"])
    with clock.at(day.replace(hour=10, minute=0)):
        pk = opened(asking, case)
        shown = operator.post(reverse("cases:glass-reveal", args=[pk]))
        assert (shown.status_code, number in shown.content.decode()) == (200, True)
    with clock.at(day.replace(hour=11, minute=30)):
        hidden = operator.post(reverse("cases:glass-reveal", args=[pk]))
        assert (hidden.status_code, number in hidden.content.decode()) == (422, False)
    with as_owner():
        assert AccessLog.objects.filter(action="reveal", object_id=pk).count() == 1


def test_an_ask_that_nobody_answers_goes_to_the_next_centre_and_lapses_after_the_third(asking: World) -> None:
    case = assessed(asking)
    pk = asked(asking, case.number)
    first = asking.offices["xishan"].pk
    with as_owner():
        due = WorkItem.objects.get(kind=glass.CONFIRM, source_id=pk).due_at
    asking_of = [first]
    for step in range(1, glass.ASKED_AT_MOST):
        with clock.at(due + dt.timedelta(hours=step - 1, minutes=step)), as_worker():
            assert chase() >= 1
            assert chase() == 0  # once
        with as_owner():
            row = BreakGlass.objects.get(pk=pk)
            item = WorkItem.objects.get(kind=glass.CONFIRM, source_id=pk, done_at=None)
            near = set(RoleGrant.objects.filter(user=row.opener_id).values_list("office_id", flat=True))
            directors = RoleGrant.objects.filter(office=row.confirm_office_id, role=Role.DIRECTOR)
        assert row.answered_at is None
        assert item.office_id == row.confirm_office_id
        assert row.confirm_office_id not in {*asking_of, *near}
        assert directors.exists()
        assert item.due_at > due
        asking_of.append(row.confirm_office_id)
        due = item.due_at
    with asking.acting("xishan_director") as by, pytest.raises(NotFound):  # no longer hers
        glass.glass_answer(glass_id=pk, by=by, agreed=True)
    with clock.at(due + dt.timedelta(minutes=1)):
        with as_worker():
            chase()
        effects()
    with as_owner():
        row = BreakGlass.objects.get(pk=pk)
        assert row.lapsed_at is not None
        assert row.case_id is None
        assert row.tried == [str(office) for office in asking_of]
        assert not WorkItem.objects.filter(source_id=pk, done_at=None).exists()
        assert Notification.objects.filter(user=row.opener_id, kind="glass").exists()
    page = client_of(asking, "operator").get(reverse("cases:glass", args=[pk])).content.decode()
    assert "无人答复" in page
    assert asking.offices["xishan"].short_name in page
    again = asked(asking, case.number)  # the way is free again
    assert answered(asking, again) == "opened"


def test_the_next_centre_confirms_like_the_first(asking: World) -> None:
    case = assessed(asking)
    pk = asked(asking, case.number)
    with as_owner():  # of all centres only Wuhua's director is left to ask
        keep = [asking.offices["wuhua"].pk, asking.offices["xishan"].pk]
        RoleGrant.objects.filter(role=Role.DIRECTOR).exclude(office_id__in=keep).update(until=SINCE)
    late(1)
    with as_owner():
        assert BreakGlass.objects.get(pk=pk).confirm_office_id == asking.offices["wuhua"].pk
    assert answered(asking, pk, by="director") == "opened"
