"""What was seen is in the access log, and a refusal stays there although its request was rolled back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.views import case_page
from core.models import AccessLog, Audit
from tests.engine.racing import opened
from tests.roles import as_owner
from tests.world import PASSWORD, World


def _rows(**where: object) -> list[AccessLog]:
    with as_owner():
        return list(AccessLog.objects.filter(**where).order_by("at"))


def _client(world: World, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.users[person], backend="agencies.backends.StaffBackend")
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_case_that_may_not_be_known_leaves_a_refusal_and_nothing_else(world: World, method: str) -> None:
    case_id = opened(world)
    with as_owner():
        audits, version = Audit.objects.count(), Case._base_manager.get(pk=case_id).version
    response = getattr(_client(world, "xishan_manager"), method)(reverse("cases:plan", args=[case_id]), {"text": "x"})
    assert response.status_code == 404
    rows = _rows(actor_id=world.users["xishan_manager"].pk)
    assert [(row.action, row.reason, row.route) for row in rows] == [("denied", "not_found", "cases:plan")]
    assert rows[0].case_id is None  # the log of one who may not know the case does not name it either
    with as_owner():
        assert (Audit.objects.count(), Case._base_manager.get(pk=case_id).version) == (audits, version)


def test_a_page_of_another_role_leaves_a_refusal(world: World) -> None:
    case_id = opened(world)
    assert _client(world, "auditor").get(reverse("cases:plan", args=[case_id])).status_code == 403
    assert [(row.action, row.reason) for row in _rows(actor_id=world.users["auditor"].pk)] == [("denied", "role")]


def test_a_view_is_noted_with_its_sections(world: World) -> None:
    case_id = opened(world)
    assert _client(world, "manager").get(reverse("cases:detail", args=[case_id])).status_code == 200
    rows = _rows(case_id=case_id, action="view")
    assert len(rows) == 1
    assert (rows[0].actor_id, rows[0].actor_role, rows[0].office_id) == (
        world.users["manager"].pk,
        "manager",
        world.offices["wuhua"].pk,
    )
    assert "header" in rows[0].sections


def test_a_page_that_fails_was_not_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note is taken before the page is rendered; what then breaks shows nothing, and the log must not say that it did."""
    case_id = opened(world)

    def fails(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("in the middle of a page")

    monkeypatch.setattr(case_page, "render", fails)
    assert _client(world, "manager").get(reverse("cases:detail", args=[case_id])).status_code == 500
    assert _rows(actor_id=world.users["manager"].pk, action="view") == []


def test_a_search_is_noted_with_its_misses_and_without_its_words(world: World) -> None:
    opened(world)
    _client(world, "manager").post(reverse("cases:search"), {"q": "欧阳某某"})
    row = _rows(action="search")[0]
    assert row.count == 0
    assert "欧阳" not in "".join(str(value) for value in row.__dict__.values())


def test_logins_and_failures_are_noted(world: World) -> None:
    client = Client(raise_request_exception=False)
    assert client.post(reverse("account_login"), {"login": "manager", "password": "wrong"}).status_code == 200
    assert [row.action for row in _rows(action="login_failed")] == ["login_failed"]
    assert client.post(reverse("account_login"), {"login": "manager", "password": PASSWORD}).status_code == 302
    assert [row.actor_id for row in _rows(action="login")] == [world.users["manager"].pk]
