"""A liaison is away: what names her goes to who stands in on the first day and comes back after the last, and never lies with nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Notification, RoleGrant
from cases.models import AccessGrant, Case, PartyIdentity, SafeContact, WorkItem
from cases.services import access, lateness, walls
from core import clock, outbox
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import acting_as, as_verb, worker_identity
from core.models import Audit
from referrals import services
from referrals.absences import standing
from referrals.absences.models import Absence, StandIn
from referrals.absences.services import absence_end, absence_name
from referrals.conferences import services as conferences
from referrals.conferences.models import Invitation
from referrals.conferences.services import Invitee
from referrals.models import Referral
from referrals.services.sending import Refused
from referrals.tasks import absences_poll
from tests.referrals.conference_scene import letter_of, matter, meeting
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner, as_worker
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]
DAY = dt.timedelta(days=1)
AWAY, STANDS_IN, THIRD = "police_liaison", "police_liaison2", "police_liaison3"


@pytest.fixture
def third(world: World) -> None:
    """One more liaison of the police."""
    world.person(THIRD, Role.LIAISON, "police")


def head(world: World, who: str = THIRD) -> None:
    """She is the unit's designated member."""
    with as_owner():
        RoleGrant.objects.filter(user=world.users[who]).update(is_designated=True)


def away(
    world: World, *, days: int = 3, after: int = 0, by: str = AWAY, who: str = AWAY, to: str = STANDS_IN, **more: Any
) -> Absence:
    first = clock.today() + after * DAY
    with world.acting(by) as identity:
        return absence_name(
            by=identity, unit=world.units["police"], person=world.users[who], substitute=world.users[to], first=first,
            last=first + (days - 1) * DAY, **more,
        )  # fmt: skip


def poll(after: int = 0) -> int:
    """The clock looks, so many days from now at noon."""
    noon = clock.local(clock.now()).replace(hour=12, minute=0)
    with clock.at(noon + after * DAY), as_worker():
        return absences_poll()


def named(world: World, case: Case | None = None, who: str = AWAY, **more: Any) -> Referral:
    case = case or open_case(world, category="A01", risk="high")
    values = {"ask": "protect", "basis": "danger", "named_liaison": world.users[who]} | more
    return send_letter(world, case, "police", **values)


def delivered() -> None:
    """All that the outbox holds reaches its people."""
    with as_worker():
        for item in outbox.waiting():
            outbox.deliver(item)


def holder(world: World, row: Referral) -> str:
    with as_owner():
        found = Referral._base_manager.get(pk=row.pk).named_liaison_id
        item = WorkItem._base_manager.filter(
            source_id=row.pk, kind__in=["referral.accept", "referral.respond"], done_at=None
        ).first()
    who = next(name for name, user in world.users.items() if user.pk == found)
    assert item is None or item.owner_user_id == found  # what is owed is always hers who holds it
    return who


def reads(world: World, who: str) -> set[str]:
    """What one person gets by row-level security alone; the scope must say the same."""
    models = (Referral, Case, PartyIdentity, SafeContact, StandIn)
    with world.acting(who) as by:
        for model in models:
            assert model._base_manager.count() == model.objects.visible_to(by).count()
        return {model.__name__ for model in models if model._base_manager.exists()}


def test_on_the_first_day_it_goes_and_after_the_last_it_comes_back(world: World) -> None:
    row = named(world)
    with world.acting(AWAY) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)
    with as_owner():
        due = WorkItem._base_manager.get(kind="referral.respond", source_id=row.pk, done_at=None).due_at
    away(world, after=1, days=2)
    assert poll() == 0
    assert holder(world, row) == AWAY
    assert poll(1) == 1
    assert holder(world, row) == STANDS_IN
    assert poll(1) == 0  # safe to run twice
    with clock.at(clock.now() + DAY):
        assert reads(world, STANDS_IN) == {"Referral", "Case", "PartyIdentity", "SafeContact", "StandIn"}
        assert reads(world, AWAY) == set()
    with as_owner():
        assert WorkItem._base_manager.get(kind="referral.respond", source_id=row.pk, done_at=None).due_at == due
    assert poll(2) == 0
    assert poll(3) == 1
    assert holder(world, row) == AWAY
    assert reads(world, AWAY) == {"Referral", "Case", "PartyIdentity", "SafeContact", "StandIn"}
    assert reads(world, STANDS_IN) == set()
    with as_owner():
        kept = StandIn._base_manager.get()
        assert kept.came_back
        assert kept.until is not None
    assert poll(3) == 0


def test_nothing_is_open_to_the_substitute_that_was_not_open_to_the_one_who_is_away(world: World) -> None:
    row = named(world, sections=["identity"])
    away(world)
    poll()
    with as_owner():
        grants = AccessGrant.objects.filter(source_id=row.pk, withdrawn_at=None)
        assert {g.user_id for g in grants} == {world.users[STANDS_IN].pk}
        assert {g.member_of_id if hasattr(g, "member_of_id") else g.member_of for g in grants} == {
            world.units["police"].group_id
        }
        assert {g.section for g in grants if g.valid_from} == {"letter"}  # the offer is still an offer
    assert reads(world, STANDS_IN) == {"Referral", "StandIn"}


def test_a_new_letter_goes_to_who_stands_in_at_once_and_only_she_is_told(world: World) -> None:
    away(world)
    row = named(world)
    assert holder(world, row) == STANDS_IN
    delivered()
    with as_owner():
        told = set(Notification.objects.filter(kind="work_item", case_id=row.case_id).values_list("user_id", flat=True))
        assert world.users[STANDS_IN].pk in told
        assert world.users[AWAY].pk not in told
        assert StandIn._base_manager.get().absent_id == world.users[AWAY].pk
    assert poll() == 0
    assert poll(5) == 1
    assert holder(world, row) == AWAY


def test_a_reminder_rings_for_who_stands_in(world: World) -> None:
    row = named(world)
    away(world, days=30)
    poll()
    with clock.at(row.due_at + dt.timedelta(minutes=1)), as_worker():  # type: ignore[operator]
        lateness.chase()
        delivered()
    with as_owner():
        item = WorkItem._base_manager.get(kind="referral.accept", source_id=row.pk)
        told = Notification.objects.filter(work_item_id=item.pk, key__endswith=":1").values_list("user_id", flat=True)
        assert set(told) == {world.users[STANDS_IN].pk}


def test_ending_it_early_brings_everything_back(world: World) -> None:
    row, absence = named(world), away(world, days=30)
    poll()
    with world.acting(STANDS_IN) as by, pytest.raises(NotAllowed):
        absence_end(absence_id=absence.pk, by=by)
    with world.acting("justice_liaison") as by, pytest.raises(NotFound):
        absence_end(absence_id=absence.pk, by=by)
    with world.acting(AWAY) as by:
        absence_end(absence_id=absence.pk, by=by)
    with world.acting(AWAY) as by, pytest.raises(DomainError) as twice:
        absence_end(absence_id=absence.pk, by=by)
    assert twice.value.code == "over"
    assert poll() == 1
    assert holder(world, row) == AWAY


def test_what_is_answered_meanwhile_stays_where_it_was_answered(world: World) -> None:
    row = named(world)
    away(world, days=2)
    poll()
    with world.acting(STANDS_IN) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)
        services.referral_respond(referral_id=row.pk, by=by, version=None, result="done", text="已办")
    poll(3)
    assert holder(world, row) == STANDS_IN
    with as_owner():
        kept = StandIn._base_manager.get()
        assert (kept.came_back, kept.until is None) == (False, False)


def test_what_she_passes_on_does_not_come_back(world: World, third: None) -> None:
    row = named(world)
    away(world, days=2)
    poll()
    with world.acting(STANDS_IN) as by:
        services.referral_pass_on(
            referral_id=row.pk,
            by=by,
            version=None,
            to=f"{world.units['police'].pk}:{world.users[THIRD].pk}",
            text="由她办理",
        )
    poll()
    poll(3)
    assert holder(world, row) == THIRD


def test_who_must_not_know_does_not_stand_in_and_the_designated_member_does(world: World, third: None) -> None:
    world.person("police_liaison4", Role.LIAISON, "police")
    head(world)
    row = named(world)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    away(world)
    poll()
    assert holder(world, row) == THIRD
    assert reads(world, STANDS_IN) == set()
    page_of = Client()
    page_of.force_login(world.users[STANDS_IN], backend="agencies.backends.StaffBackend")
    assert row.number not in page_of.get(reverse("referrals:absences")).content.decode()


def test_a_wall_that_is_set_later_moves_it_on(world: World, third: None) -> None:
    row = named(world)
    away(world)
    poll()
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    with as_worker():
        for pk in walls.unsettled():
            walls.settle(pk)
    poll()
    assert holder(world, row) == THIRD
    poll(4)
    assert holder(world, row) == AWAY


def test_where_nobody_can_stand_in_the_manager_decides_and_the_letter_keeps_its_owner(world: World) -> None:
    row = named(world)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    away(world, days=2)
    assert poll() == 1
    assert poll() == 0
    assert holder(world, row) == AWAY
    with as_owner():
        item = WorkItem._base_manager.get(kind="referral.away", done_at=None)
        assert (item.owner_user_id, item.is_urgent) == (world.users["manager"].pk, True)
    assert poll(3) == 1  # she is back
    with as_owner():
        assert not WorkItem._base_manager.filter(kind="referral.away", done_at=None).exists()


@pytest.mark.parametrize("how", ["recall", "enter", "new_colleague"])
def test_the_managers_decision_ends_the_waiting(world: World, how: str) -> None:
    row = named(world)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[STANDS_IN].pk)
    away(world)
    poll()
    if how == "new_colleague":
        world.person(THIRD, Role.LIAISON, "police")
        assert poll() == 1
        assert holder(world, row) == THIRD
    else:
        more = {"result": "done", "text": "电话：已办"} if how == "enter" else {}
        with world.acting("manager") as by:
            getattr(services, f"referral_{how}")(referral_id=row.pk, by=by, version=None, **more)
    with as_owner():
        assert not WorkItem._base_manager.filter(kind="referral.away", done_at=None).exists()


def test_who_leaves_the_unit_while_she_stands_in_leaves_nothing_lying(world: World, third: None) -> None:
    row = named(world)
    away(world)
    poll()
    with as_owner():
        RoleGrant.objects.filter(user=world.users[STANDS_IN]).update(until=clock.today() - DAY)
    assert poll() == 1
    assert holder(world, row) == THIRD


def test_another_absence_right_after_the_first_takes_it_on_without_a_stop(world: World, third: None) -> None:
    row = named(world)
    away(world, days=2)
    away(world, after=2, days=2, to=THIRD)
    poll()
    poll(2)
    assert holder(world, row) == THIRD
    poll(4)
    assert holder(world, row) == AWAY


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


def test_pages_say_who_stands_in_until_when(world: World, login: Login) -> None:
    row, absence = named(world), away(world)
    poll()
    name, substitute = world.users[AWAY].name, world.users[STANDS_IN].name
    until = f"{absence.last_day:%Y-%m-%d}"
    for who in (STANDS_IN, "manager"):
        text = login(who).get(reverse("referrals:detail", args=[row.pk])).content.decode()
        assert f"{substitute}代{name}办理，至{until}" in text
    for who, box in ((STANDS_IN, "received"), ("manager", "sent")):
        assert until in login(who).get(reverse("referrals:inbox"), {"box": box}).content.decode(), who
    assert f"{name}于" not in login("justice_liaison").get(reverse("referrals:absences-now")).content.decode()
    assert until in login(AWAY).get(reverse("referrals:absences-now")).content.decode()
    assert row.number not in login(AWAY).get(reverse("referrals:inbox")).content.decode()
    assert f"{name}" in login(STANDS_IN).get("/").content.decode()
    assert reverse("referrals:absences") in login(AWAY).get("/").content.decode()


def test_the_page_enters_and_ends_one_and_keeps_what_was_typed(world: World, login: Login) -> None:
    browser, url = login(AWAY), reverse("referrals:absence-new")
    today = clock.today()
    form = {
        "person": world.users[AWAY].pk,
        "substitute": world.users[STANDS_IN].pk,
        "first_day": f"{today}",
        "last_day": f"{today - DAY}",
    }
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert f"{today - DAY}" in answer.content.decode()
    assert browser.post(url, form | {"last_day": f"{today + DAY}"}).status_code == 302
    with as_owner():
        row = Absence.objects.get()
    page = browser.get(reverse("referrals:absences")).content.decode()
    assert world.users[STANDS_IN].name in page
    assert reverse("referrals:absence-end", args=[row.pk]) in page
    assert (
        reverse("referrals:absence-end", args=[row.pk])
        not in login(STANDS_IN).get(reverse("referrals:absences")).content.decode()
    )
    assert browser.post(reverse("referrals:absence-end", args=[row.pk])).status_code == 302
    assert (
        reverse("referrals:absence-end", args=[row.pk])
        not in browser.get(reverse("referrals:absences")).content.decode()
    )
    assert login("justice_liaison").get(url, {"unit": str(world.units["police"].pk)}).status_code == 404


def test_the_sending_page_shows_who_is_away(world: World, login: Login) -> None:
    absence, case = away(world), open_case(world, category="A01", risk="high")
    page = login("manager").get(reverse("referrals:liaisons", args=[case.pk]), {"unit": str(world.units["police"].pk)})
    assert (
        f"{world.users[AWAY].name}（{absence.last_day:%Y-%m-%d}前请假，由{world.users[STANDS_IN].name}代办）"
        in page.content.decode()
    )


def _queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def test_the_list_takes_the_same_queries_for_2_and_20(world: World, login: Login) -> None:
    for number in range(2):
        away(world, after=number * 5, days=2)
    browser, url = login(AWAY), reverse("referrals:absences")
    _queries(browser, url)
    few = _queries(browser, url)
    for number in range(2, 20):
        away(world, after=number * 5, days=2)
    assert _queries(browser, url) == few


def test_the_clock_looks_with_the_same_queries_for_2_and_20_letters(world: World) -> None:
    case = open_case(world, category="A01", risk="high")
    for ask in ("protect", "investigate"):
        named(world, case, ask=ask)
    away(world)
    with as_worker(), CaptureQueriesContext(connection) as few:
        assert len(standing.due()) == 2
    for _ in range(9):
        other = open_case(world, category="A01", risk="high")
        for ask in ("protect", "investigate"):
            named(world, other, who=STANDS_IN, ask=ask)
    with as_worker(), CaptureQueriesContext(connection) as many:
        assert len(standing.due()) == 2
    assert len(many) == len(few)
    assert broken_promises() == []


def test_what_begins_or_ends_today_moves_in_the_same_request(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    row, rung = named(world), []
    monkeypatch.setattr("core.outbox.ring", lambda task, *arguments: rung.append(task.name))
    browser, url, today = login(AWAY), reverse("referrals:absence-new"), clock.today()
    form = {"person": world.users[AWAY].pk, "substitute": world.users[STANDS_IN].pk}
    with django_capture_on_commit_callbacks(execute=True):
        later = form | {"first_day": f"{today + 9 * DAY}", "last_day": f"{today + 9 * DAY}"}
        assert "首日起" in browser.post(url, later, follow=True).content.decode()
    assert "referrals.tasks.absences_poll" not in rung
    with django_capture_on_commit_callbacks(execute=True):
        said = browser.post(url, form | {"first_day": f"{today}", "last_day": f"{today}"}, follow=True)
    assert "一分钟内" in said.content.decode()
    assert rung.count("referrals.tasks.absences_poll") == 1
    poll()
    assert holder(world, row) == STANDS_IN
    with as_owner():
        absence = Absence.objects.get(first_day=today)
    with django_capture_on_commit_callbacks(execute=True):
        ended = browser.post(reverse("referrals:absence-end", args=[absence.pk]), follow=True).content.decode()
    assert "一分钟内" in ended
    assert rung.count("referrals.tasks.absences_poll") == 2
    assert "历次请假" in ended
    assert "已结束" in ended
    assert "历任人员" not in ended
    assert "已到期" not in ended


def test_the_list_shows_who_handles_it_now(world: World, login: Login) -> None:
    row = named(world)
    with world.acting(AWAY) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)
    away(world)
    poll()
    for who, box in ((STANDS_IN, "received"), ("manager", "sent")):
        shown = login(who).get(reverse("referrals:inbox"), {"box": box}).context["rows"]
        assert [each.in_hands.name for each in shown] == [world.users[STANDS_IN].name]
        assert (
            f'<span class="quiet">{world.users[AWAY].name}</span>'
            not in login(who).get(reverse("referrals:inbox"), {"box": box}).content.decode()
        )


def test_all_that_is_wrong_with_an_absence_is_said_at_once(world: World, login: Login) -> None:
    today = clock.today()
    days = {"person": world.users[AWAY].pk, "first_day": f"{today}", "last_day": f"{today - DAY}"}
    for substitute in ("", world.users[AWAY].pk):
        answer = login(AWAY).post(reverse("referrals:absence-new"), days | {"substitute": substitute})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"substitute", "last_day"}
