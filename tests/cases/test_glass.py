"""紧急查看: safe contact, risk and manager for four hours, confirmed by a stranger, never past a wall, reviewed by a third."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Notification, Office, RoleGrant
from cases.models import (
    AccessGrant,
    BreakGlass,
    Case,
    GlassWords,
    Party,
    PartyContact,
    PartyIdentity,
    SafeContact,
    SectionText,
    TimelineEntry,
    WorkItem,
)
from cases.services import glass, seals
from cases.services.lateness import chase
from cases.services.walls import wall_set
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.models import AccessLog
from core.outbox import deliver, waiting
from core.phone import display, mask
from tests.cases import scenes
from tests.cases.scenes import VALUES, client_of
from tests.cases.test_approvals import kept
from tests.cases.test_merging import begun
from tests.cases.test_transfers import handed, taken
from tests.cases.test_walls import assessed, wall
from tests.protection.sql import ask, refused, verb_undone
from tests.roles import as_owner, as_worker
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db
REASON = "她丈夫正在她单位门口，本中心无人接听"


@pytest.fixture
def asking(world: World) -> World:
    """A director at the other centre, who confirms for the desk."""
    world.person("xishan_director", Role.DIRECTOR, "xishan")
    world.only_above()
    return world


def asked(world: World, number: str, *, by: str = "operator", office: str = "desk", confirm: str = "xishan") -> UUID:
    with world.acting(by) as who:
        return glass.glass_ask(
            by=who, number=number, reason=REASON, office=world.offices[office], confirm=world.offices[confirm]
        ).pk  # fmt: skip


def effects() -> None:
    """What the worker does after the commit."""
    with as_worker():
        for item_id in waiting():
            deliver(item_id)


def answered(world: World, pk: UUID, *, by: str = "xishan_director", agreed: bool = True) -> str:
    with world.acting(by) as who:
        outcome = glass.glass_answer(glass_id=pk, by=who, agreed=agreed)
    effects()
    return outcome


def opened(world: World, case: Case) -> UUID:
    pk = asked(world, case.number)
    assert answered(world, pk) == "opened"
    return pk


def safe_contacts(world: World, case: Case, person: str = "operator") -> list[SafeContact]:
    """By the scope and by the database alone."""
    with world.acting(person) as by:
        found = list(SafeContact.objects.visible_to(by).filter(case_id=case.pk))
        assert found == list(SafeContact._base_manager.filter(case_id=case.pk))
        return found


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


def owed(world: World, person: str, kind: str) -> list[WorkItem]:
    with world.acting(person) as by:
        return list(WorkItem.objects.owed_by(by).filter(kind=kind))


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


def words(world: World, person: str, pk: UUID) -> list[tuple[str, str]]:
    """Reason and finding, by the scope and by the database alone."""
    with world.acting(person) as by:
        found = list(GlassWords._base_manager.filter(glass_id=pk))
        assert list(GlassWords.objects.visible_to(by).filter(glass_id=pk)) == found
        return [(row.reason, row.note) for row in found]


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


def late(hours: int) -> None:
    """The clock looks, so many hours from now."""
    with clock.at(clock.now() + dt.timedelta(hours=hours, minutes=1)), as_worker():
        chase()


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


def test_the_pages_ask_confirm_show_and_review(asking: World) -> None:
    case = assessed(asking)
    operator, confirmer, director = (client_of(asking, name) for name in ("operator", "xishan_director", "director"))
    url = reverse("cases:glass-ask")
    assert operator.get(url).status_code == 200
    form = {
        "number": case.number,
        "reason": "短",
        "office": asking.offices["desk"].pk,
        "confirm": asking.offices["xishan"].pk,
    }
    page = operator.post(url, form)
    assert page.status_code == 422
    assert case.number in page.content.decode()
    assert operator.post(url, form | {"reason": REASON}).status_code == 302
    with asking.acting("operator") as by:
        pk = BreakGlass.objects.visible_to(by).get().pk
    here = reverse("cases:glass", args=[pk])
    assert VALUES["safe_number"] not in operator.get(here).content.decode()
    assert REASON in confirmer.get(here).content.decode()
    assert client_of(asking, "auditor").get(here).status_code == 200
    assert REASON not in client_of(asking, "auditor").get(here).content.decode()
    for stranger in ("operator2", "manager", "xishan_manager"):
        assert client_of(asking, stranger).get(here).status_code == 404, stranger
    assert operator.post(reverse("cases:glass-answer", args=[pk]), {"answer": "confirm"}).status_code == 403
    assert confirmer.post(reverse("cases:glass-answer", args=[pk]), {"answer": "confirm"}).status_code == 302
    effects()
    seen = operator.get(here).content.decode()
    assert VALUES["safe_number"] not in seen
    assert mask(VALUES["safe_number"]) in seen
    assert VALUES["client_name"] not in seen
    shown = operator.post(reverse("cases:glass-reveal", args=[pk]))
    assert shown.status_code == 200
    assert display(VALUES["safe_number"]) in shown.content.decode()
    assert confirmer.post(reverse("cases:glass-reveal", args=[pk])).status_code == 404
    with as_owner():
        looked = AccessLog.objects.filter(
            object_type="cases.breakglass", object_id=pk, case_id=case.pk, reason="break_glass"
        )
        assert looked.filter(action="view", sections="safe_contact", actor_id=asking.users["operator"].pk).exists()
        told = looked.get(action="reveal")  # the confirmer's attempt was none
        assert (told.sections, told.actor_id) == ("safe_contact", asking.users["operator"].pk)
    assert director.post(reverse("cases:glass-review", args=[pk]), {"finding": "justified"}).status_code == 422
    done = director.post(reverse("cases:glass-review", args=[pk]), {"finding": "justified", "note": "属实"})
    assert done.status_code == 302
    assert "属实" in director.get(here).content.decode()


def test_a_role_that_begins_today_counts_from_midnight_in_yunnan(asking: World) -> None:
    """The database's own zone is UTC: before eight in the morning its day is still yesterday."""
    case = assessed(asking)
    night = clock.local(clock.now() + dt.timedelta(days=1)).replace(hour=2, minute=10)
    asking.person("fresh", Role.OPERATOR, "desk")
    with as_owner():
        RoleGrant.objects.filter(user=asking.users["fresh"]).update(since=night.date())
    with clock.at(night):
        assert answered(asking, asked(asking, case.number, by="fresh")) == "opened"
    with as_owner():
        RoleGrant.objects.filter(user=asking.users["operator2"]).update(until=night.date() - dt.timedelta(days=1))
    with clock.at(night - dt.timedelta(hours=3)):
        pk = asked(asking, case.number, by="operator2")
    with clock.at(night):
        assert answered(asking, pk) == "nothing"


def test_what_the_own_centre_keeps_closed_is_nothing_and_the_row_stays(asking: World) -> None:
    """A closed record of a minor is the own director's to open: confirmed elsewhere it answers like a number that there is not."""
    case = kept(asking)
    pk = asked(asking, case.number, by="manager2", office="wuhua")
    assert answered(asking, pk) == "nothing"
    assert client_of(asking, "manager2").get(reverse("cases:glass", args=[pk])).status_code == 200


def test_a_stub_opens_nothing(asking: World) -> None:
    case = begun(asking)
    taken(asking, handed(asking, case), "xishan_director")
    assert answered(asking, asked(asking, case.number)) == "nothing"


def test_a_case_that_goes_on_elsewhere_takes_the_review_to_the_level_above(asking: World) -> None:
    """Of the stub the earlier director sees nothing, so that he can review nothing: whoever is above can, at once."""
    case = assessed(asking)
    pk, done = opened(asking, case), opened(asking, case)
    assert len(owed(asking, "director", glass.REVIEW)) == 2
    with asking.acting("director") as by:
        glass.glass_review(glass_id=done, by=by, finding="justified", note="属实")
    taken(asking, handed(asking, case), "xishan_director")
    effects()
    assert owed(asking, "director", glass.REVIEW) == []
    (item,) = owed(asking, "supervisor", glass.REVIEW)
    assert item.source_id == pk
    with asking.acting("supervisor") as by:
        assert not Case._base_manager.exists()
        glass.glass_review(glass_id=pk, by=by, finding="justified", note="属实")
    assert owed(asking, "supervisor", glass.REVIEW) == []


def test_when_another_centre_takes_the_case_over_the_opener_is_told_whom_to_ring(asking: World) -> None:
    with as_owner():
        for code, phone in (("wuhua", "0871-65550001"), ("xishan", "0871-65550002")):
            Office.objects.filter(pk=asking.offices[code].pk).update(phone=phone)
    case = begun(asking)
    pk = opened(asking, case)
    operator, here = client_of(asking, "operator"), reverse("cases:glass", args=[pk])
    assert not operator.get(here).context["is_cut"]
    assert operator.get(reverse("cases:glasses")).context["rows"][0]["state"] == operator.get(here).context["state"]
    went = taken(asking, handed(asking, case), "xishan_director")
    page = operator.get(here)
    assert page.context["is_cut"]
    assert page.context["state"][1] == "neutral"
    assert operator.get(reverse("cases:glasses")).context["rows"][0]["state"] == page.context["state"]
    text = page.content.decode()
    assert "0871-65550001" in text
    assert went.number not in text
    assert mask(VALUES["safe_number"]) not in text
    assert not client_of(asking, "xishan_director").get(here).context["is_cut"]


def test_each_side_reads_where_to_ring_and_what_is_open_stands_on_today(asking: World) -> None:
    with as_owner():
        for code, phone in (("desk", "0871-65550003"), ("xishan", "0871-65550002")):
            Office.objects.filter(pk=asking.offices[code].pk).update(phone=phone)
    case = assessed(asking)
    operator, confirmer = client_of(asking, "operator"), client_of(asking, "xishan_director")
    form = {
        "number": case.number, "reason": REASON, "office": asking.offices["desk"].pk, "confirm": asking.offices["xishan"].pk
    }  # fmt: skip
    said = operator.post(reverse("cases:glass-ask"), form, follow=True)
    assert "0871-65550002" in str(next(iter(said.context["messages"])))
    pk = said.context["row"].pk
    here = reverse("cases:glass", args=[pk])
    assert "0871-65550002" in operator.get(here).content.decode()
    assert "0871-65550003" in confirmer.get(here).content.decode()
    assert here not in operator.get("/").content.decode()
    assert answered(asking, pk) == "opened"
    assert here in operator.get("/").content.decode()
    for other in ("operator2", "xishan_director"):
        assert here not in client_of(asking, other).get("/").content.decode()
    with clock.at(clock.now() + dt.timedelta(hours=5)), asking.acting("operator") as by:
        assert not glass.running(by).exists()
    with asking.acting("director") as by:
        seals.case_seal(case_id=case.pk, by=by, named=[asking.users["manager"].pk])
    assert here not in operator.get("/").content.decode()


def test_where_nobody_answers_other_centres_are_asked(asking: World) -> None:
    case = assessed(asking)
    more = [f"more{number}" for number in range(3)]
    with as_owner():
        for name in more:
            twin = asking.offices["xishan"]
            group = Group.objects.create(name=f"测试:{name}")
            asking.offices[name] = Office.objects.create(
                kind=twin.kind, name=f"测试{name}", short_name=name, region=twin.region, group=group, opened_on=SINCE
            )
    for name in more:
        asking.person(f"director_{name}", Role.DIRECTOR, name)
    asked(asking, case.number)
    with pytest.raises(DomainError, match="asked_already"):
        asked(asking, case.number)
    first = asked(asking, case.number, confirm=more[0])
    asked(asking, case.number, confirm=more[1])
    with pytest.raises(DomainError, match="asked_already"):
        asked(asking, case.number, confirm=more[2])
    assert answered(asking, first, by="director_more0") == "opened"


def test_a_late_review_climbs_as_long_as_there_is_somebody_above(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    named = []
    moment = clock.now()
    for _step in range(3):
        moment += dt.timedelta(days=6)
        with clock.at(moment), as_worker():
            chase()
        with as_owner():
            named.append(BreakGlass.objects.get(pk=pk).reviewer_id)
            assert WorkItem.objects.filter(kind=glass.REVIEW, source_id=pk, done_at=None).count() == 1
    assert named == [asking.users["supervisor"].pk, asking.users["province"].pk, asking.users["province"].pk]


def test_of_two_answers_the_second_changes_nothing(asking: World) -> None:
    """Both have opened the page; what the second saw is looked at again under the lock."""
    asking.person("xishan_director2", Role.DIRECTOR, "xishan")
    case = assessed(asking)
    pk = asked(asking, case.number)
    seen = BreakGlass.objects.filter(pk=pk)
    assert answered(asking, pk) == "opened"
    with asking.acting("xishan_director2") as by, pytest.MonkeyPatch.context() as patch:
        patch.setattr(glass, "waiting", lambda _by: seen)
        with pytest.raises(DomainError, match="wrong_status"):
            glass.glass_answer(glass_id=pk, by=by, agreed=False)
    with asking.acting("director") as by:
        glass.glass_review(glass_id=pk, by=by, finding="wrong", note="没有紧急情况")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(glass, "reviewable", lambda _by: seen)
            with pytest.raises(DomainError, match="wrong_status"):
                glass.glass_review(glass_id=pk, by=by, finding="justified", note="x")
