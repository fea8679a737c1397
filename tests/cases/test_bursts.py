"""Whoever looks at far more than usual is told to the director and the auditor, and not to himself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Notification
from cases.models import Burst, WorkItem
from cases.services import bursts
from cases.services.bursts import burst_review, waiting
from cases.tasks import bursts_poll
from core import clock
from core.errors import DomainError, NotFound
from core.models import AccessLog
from tests.cases.scenes import client_of
from tests.cases.test_merging import begun
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db


def looked(
    world: World, person: str, number: int, *, action: str = "view", at: dt.datetime | None = None, one: bool = False
) -> None:
    """So many looks at different cases (or, with `one`, at one and the same)."""
    user, same = world.users[person], uuid.uuid4()
    with as_owner():
        AccessLog.objects.bulk_create(
            AccessLog(
                at=at or clock.now() - dt.timedelta(minutes=5), action=action, actor_id=user.pk, actor_name=user.name,
                case_id=None if action == "search" else same if one else uuid.uuid4(),
                office_id=None if action == "search" else world.offices["wuhua"].pk,
            )
            for _ in range(number)
        )  # fmt: skip


def poll() -> int:
    with as_worker():
        return bursts_poll()


def owed(world: World, person: str) -> list[WorkItem]:
    with world.acting(person) as by:
        return list(WorkItem.objects.owed_by(by).filter(kind="burst.review"))


def alerts(world: World, person: str) -> list[Burst]:
    """The scope and the bare policy say the same."""
    with world.acting(person) as by:
        found = list(Burst.objects.visible_to(by).order_by("kind"))
        assert found == list(Burst._base_manager.order_by("kind"))
        return found


@pytest.mark.parametrize(("action", "number"), [("view", 40), ("reveal", 15), ("search", 40)])
def test_many_cases_within_an_hour_raise_one_alert(world: World, action: str, number: int) -> None:
    looked(world, "manager2", number, action=action)
    assert poll() == 1
    assert poll() == 0
    for person in ("director", "auditor"):
        (row,) = alerts(world, person)
        assert (row.kind, row.count, row.usual, row.actor_id) == (action, number, 0, world.users["manager2"].pk)
        assert row.office_id == world.offices["wuhua"].pk
    with as_owner():
        told = set(Notification.objects.filter(kind="burst").values_list("user_id", flat=True))
    # other auditors may stand in the loaded directory
    assert told & {user.pk for user in world.users.values()} == {world.users["auditor"].pk}
    (item,) = owed(world, "director")
    assert item.due_at > clock.now()
    with world.acting("manager"):
        assert not WorkItem._base_manager.filter(kind="burst.review").exists()
    for person in ("manager2", "manager", "system", "province"):
        assert alerts(world, person) == []


def test_a_few_and_one_case_read_thoroughly_raise_none(world: World) -> None:
    looked(world, "manager", 39)
    looked(world, "manager2", 200, one=True)
    looked(world, "director", 39, action="search")
    assert poll() == 0


def test_what_is_usual_for_the_person_raises_none(world: World) -> None:
    for day in range(1, 4):
        looked(world, "manager2", 30, at=clock.now() - dt.timedelta(days=day))
    looked(world, "manager2", 60)
    assert poll() == 0  # twice the usual
    looked(world, "manager2", 40)
    assert poll() == 1
    assert [(row.count, row.usual) for row in alerts(world, "director")] == [(100, 30)]


def test_a_burst_long_ago_raises_none(world: World) -> None:
    looked(world, "manager2", 60, at=clock.now() - dt.timedelta(hours=2))
    assert poll() == 0


def test_the_director_does_not_see_his_own_and_the_auditor_reviews_it(world: World) -> None:
    looked(world, "director", 50)
    assert poll() == 1
    assert alerts(world, "director") == []
    (row,) = alerts(world, "auditor")
    with world.acting("director") as by, pytest.raises(NotFound):
        burst_review(burst_id=row.pk, by=by, finding="explained")
    assert owed(world, "director") == []
    with world.acting("auditor") as by:
        burst_review(burst_id=row.pk, by=by, finding="explained")
        assert not waiting(by).exists()
        with pytest.raises(NotFound):
            burst_review(burst_id=row.pk, by=by, finding="explained")
    assert owed(world, "supervisor") == []


def test_of_the_directors_own_burst_the_level_above_owes_the_look(world: World) -> None:
    world.only_above()
    looked(world, "director", 50)
    assert poll() == 1
    (item,) = owed(world, "supervisor")
    with world.acting("director"):
        assert not WorkItem._base_manager.filter(kind="burst.review").exists()
    supervisor = client_of(world, "supervisor")
    url = reverse("cases:burst", args=[item.source_id])
    assert supervisor.post(url, {"finding": "misuse"}).status_code == 422  # needs words
    assert supervisor.post(url, {"finding": "misuse", "note": "查看了与工作无关的案件"}).status_code == 302
    assert "查看了与工作无关的案件" in supervisor.get(url).content.decode()
    assert owed(world, "supervisor") == []
    assert client_of(world, "director").get(url).status_code == 404


def test_the_page_shows_and_settles_the_alert(world: World) -> None:
    looked(world, "manager2", 50)
    poll()
    director, url = client_of(world, "director"), reverse("cases:bursts")
    page = director.get(url).content.decode()
    assert world.users["manager2"].name in page
    (row,) = alerts(world, "director")
    here = reverse("cases:burst", args=[row.pk])
    assert director.post(here, {}).status_code == 422
    assert director.post(here, {"finding": "explained"}).status_code == 302
    assert world.users["director"].name in director.get(here).content.decode()
    assert owed(world, "director") == []
    assert client_of(world, "manager2").get(url).status_code == 403
    assert client_of(world, "manager2").post(here, {"finding": "explained"}).status_code == 403


def test_what_one_has_found_another_does_not_write_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person("auditor2", Role.AUDITOR, "yunnan")
    looked(world, "manager2", 40)
    assert poll() == 1
    (row,) = alerts(world, "auditor")
    seen = Burst.objects.filter(pk=row.pk)
    with world.acting("auditor") as by:
        burst_review(burst_id=row.pk, by=by, finding="misuse", note="与工作无关")
    monkeypatch.setattr(bursts, "waiting", lambda _by: seen)
    with world.acting("auditor2") as by, pytest.raises(DomainError, match="wrong_status"):
        burst_review(burst_id=row.pk, by=by, finding="explained")


# -- lists and exports -----------------------------------------------------------


def listed(
    world: World, person: str, cases: list[uuid.UUID], *, action: str = "view", at: dt.datetime | None = None
) -> None:
    """One list, or one export, with these cases in it."""
    user = world.users[person]
    with as_owner():
        AccessLog.objects.create(
            at=at or clock.now() - dt.timedelta(minutes=5), action=action, actor_id=user.pk, actor_name=user.name, object_type="case_list",
            office_id=world.offices["wuhua"].pk, count=len(cases), case_ids=cases,
        )  # fmt: skip


def some(number: int) -> list[uuid.UUID]:
    return [uuid.uuid4() for _ in range(number)]


def test_paging_through_lists_raises_an_alert(world: World) -> None:
    for _page in range(6):
        listed(world, "manager2", some(50))
    assert poll() == 1
    assert poll() == 0
    for person in ("director", "auditor"):
        (row,) = alerts(world, person)
        assert (row.kind, row.count, row.usual, row.actor_id) == ("list", 300, 0, world.users["manager2"].pk)
        assert row.office_id == world.offices["wuhua"].pk
    assert len(owed(world, "director")) == 1
    assert "列表" in client_of(world, "director").get(reverse("cases:bursts")).content.decode()


def test_an_export_counts_all_its_cases(world: World) -> None:
    listed(world, "manager2", some(260), action="export")
    assert poll() == 0
    listed(world, "manager2", some(60))
    assert poll() == 1
    assert [row.count for row in alerts(world, "director")] == [320]


def test_the_same_cases_count_once_however_often_they_are_listed(world: World) -> None:
    own = some(50)
    for _time in range(10):
        listed(world, "manager", own)
    listed(world, "manager", own, action="export")
    for _page in range(5):
        listed(world, "manager2", some(49))
        listed(world, "director", [])
    assert poll() == 0


def test_what_one_usually_lists_raises_none(world: World) -> None:
    for day in range(1, 4):
        listed(world, "director", some(200), action="export", at=clock.now() - dt.timedelta(days=day))
    listed(world, "director", some(550), action="export")
    assert poll() == 0  # less than three times the usual
    listed(world, "director", some(60))
    assert poll() == 1
    assert [(row.kind, row.count, row.usual) for row in alerts(world, "auditor")] == [("list", 610, 200)]


def test_lists_of_long_ago_and_the_floor_in_the_settings(world: World, settings: Any) -> None:
    listed(world, "manager2", some(400), at=clock.now() - dt.timedelta(hours=2))
    assert poll() == 0
    settings.BURST_FLOORS = settings.BURST_FLOORS | {"list": 10}
    listed(world, "manager2", some(1200))
    assert poll() == 1


def test_the_product_s_own_list_is_what_is_counted(world: World, settings: Any) -> None:
    """As the page writes it: the case list opened twice, and its export."""
    for _case in range(3):
        begun(world)
    settings.BURST_FLOORS = settings.BURST_FLOORS | {"list": 3}
    page = client_of(world, "manager2")
    for url in ("cases:list", "cases:list", "cases:export"):
        assert page.get(reverse(url)).status_code == 200
    assert poll() == 1
    assert [row.count for row in alerts(world, "director")] == [3]
