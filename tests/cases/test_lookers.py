"""The panel of who has looked at a case: what was opened first, lists only when asked for and counted by the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case
from cases.views import lookers
from core import clock
from core.models.accesslog import AccessLog
from tests.cases.scenes import client_of, opened
from tests.roles import as_owner
from tests.world import World


def _rows(world: World, case: Case, count: int, *, hours: float = 1, who: str = "manager", **more: Any) -> None:
    """So many entries of the log, a minute apart, of which the newest is so many hours old."""
    user, begin = world.users[who], clock.now() - dt.timedelta(hours=hours)
    with as_owner():
        AccessLog.objects.bulk_create(
            AccessLog(
                at=begin - dt.timedelta(minutes=n), actor_id=user.pk, actor_name=user.name, actor_role="manager", office_id=case.office_id,
                **{"action": "view", "object_type": "case"} | more,
            )
            for n in range(count)
        )  # fmt: skip


def _listed(world: World, case: Case, count: int, **more: Any) -> None:
    _rows(world, case, count, case_ids=[case.pk], **{"object_type": "case_list"} | more)


def _panel(world: World, case: Case, query: str = "", who: str = "manager") -> Any:
    return client_of(world, who).get(reverse("cases:panel-log", args=[case.pk]) + query)


def test_lists_do_not_hide_who_opened_the_case(world: World) -> None:
    case = opened(world)
    _rows(world, case, 3, hours=30, who="director", case_id=case.pk)
    _listed(world, case, 40)
    lines = _panel(world, case).context["lines"]
    assert [line.row.actor_name for line in lines] == [world.users["director"].name] * 3
    assert not any(line.is_list for line in lines)
    assert not _panel(world, case).context["is_cut"]


def test_lists_of_one_person_on_one_day_are_one_line(world: World) -> None:
    case = opened(world)
    noon = clock.local(clock.now()).replace(hour=12, minute=0, second=0, microsecond=0) + dt.timedelta(days=2)
    with clock.at(noon):
        _rows(world, case, 2, hours=2, case_id=case.pk)
        _listed(world, case, 5, hours=1)
        _listed(world, case, 1, hours=3, who="director")
        _listed(world, case, 4, hours=25)
        answer = _panel(world, case, "?lists=1")
    lines = answer.context["lines"]
    name, other = world.users["manager"].name, world.users["director"].name
    assert [(line.row.actor_name, line.is_list, line.count) for line in lines] == [
        (name, True, 5), (name, False, 1), (name, False, 1), (other, True, 1), (name, True, 4),
    ]  # fmt: skip
    text = answer.content.decode()
    assert "在 5 个列表中" in text
    assert text.count("在列表中") == 1


def test_an_export_and_a_search_that_held_the_case_are_always_shown(world: World) -> None:
    case = opened(world)
    for action in ("export", "search"):
        _listed(world, case, 1, action=action)
    _listed(world, case, 1)
    lines = _panel(world, case).context["lines"]
    assert sorted(line.row.action for line in lines) == ["export", "search"]


def test_the_panel_is_bounded_and_so_are_its_queries(world: World) -> None:
    case = opened(world)
    _rows(world, case, 2, case_id=case.pk)
    _listed(world, case, 2)
    browser, url = client_of(world, "manager"), reverse("cases:panel-log", args=[case.pk]) + "?lists=1"
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    _rows(world, case, 60, case_id=case.pk)
    _listed(world, case, 400)
    with CaptureQueriesContext(connection) as many:
        answer = browser.get(url)
    assert len(few) == len(many)
    assert len(answer.context["lines"]) == lookers.SHOWN
    assert answer.context["is_cut"]


def test_the_director_goes_on_to_the_whole_log_of_the_case(world: World) -> None:
    case = opened(world)
    _rows(world, case, 2, case_id=case.pk)
    link = f"{reverse('agencies:access-log')}?case={case.pk}"
    assert link not in _panel(world, case).content.decode()
    assert link in _panel(world, case, who="director").content.decode()
    assert len(client_of(world, "director").get(link).context["rows"]) == 2
