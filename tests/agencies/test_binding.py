"""Accounts are bound to humans by two administrators; nothing but keyed fingerprints is kept."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from agencies.enums import Role
from agencies.models import IdentityBinding
from cases.models import Case
from core.models import Audit
from tests.cases.scenes import opened
from tests.cases.test_walls import PHONE
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
ID_NUMBER = "530102199001011231"


def bind(
    monkeypatch: pytest.MonkeyPatch, username: str, *, second: str = "system2", typed: str = f"{ID_NUMBER}\n{PHONE}\n"
) -> str:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with as_owner():
        call_command("bind_identity", username, by="system", second=second, stdout=out)
    return out.getvalue()


@pytest.fixture
def administrators(world: World) -> World:
    world.person("system2", Role.SYSTEM, "yunnan")
    return world


def test_a_client_who_is_staff_is_sealed_by_the_binding(administrators: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened(administrators, phone=PHONE)
    shown = bind(monkeypatch, "manager2")
    assert PHONE not in shown
    assert ID_NUMBER not in shown
    with administrators.acting("manager2") as by:
        assert not Case.objects.visible_to(by).filter(pk=case.pk).exists()
    with as_owner():
        row = IdentityBinding.objects.get(user=administrators.users["manager2"])
        assert ID_NUMBER.encode() not in bytes(row.id_fingerprint or b"")
        audit = Audit.objects.get(verb="identity.bind")
        assert audit.detail == {"second": str(administrators.users["system2"].pk)}


def test_two_administrators_and_one_account_for_each_human(
    administrators: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for second in ("system", "manager", "nobody"):
        with pytest.raises(CommandError):
            bind(monkeypatch, "manager2", second=second)
    with pytest.raises(CommandError):
        bind(monkeypatch, "system2")
    with pytest.raises(CommandError) as refused:
        bind(monkeypatch, "manager2", typed="530102199001011238\n13800000000\n")
    assert "530102199001011238" not in str(refused.value)
    bind(monkeypatch, "manager2")
    bind(monkeypatch, "manager2")  # bound anew
    with pytest.raises(CommandError, match="another account"):
        bind(monkeypatch, "manager")
