"""A call whose operator is gone: it becomes the office's, with an owner and a due time, and one colleague goes on with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.models import WorkItem
from core import clock
from core.errors import NotFound
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_draft
from hotline.services.left import contact_take_over
from hotline.tasks import drafts_poll
from tests.roles import as_owner, as_worker
from tests.world import World

AsUser = Callable[[str], Client]


def begun(world: World, *, ago: dt.timedelta, danger: str = "unknown") -> Contact:
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        contact_draft(contact_id=contact.pk, by=by, values={"narrative": "她说他就在门外", "danger": danger})
    with as_owner():
        Contact.objects.filter(pk=contact.pk).update(drafted_at=clock.now() - ago)
    return contact


def poll() -> int:
    with as_worker():
        return drafts_poll()


def test_a_draft_that_nobody_writes_becomes_the_desks(world: World, as_user: AsUser) -> None:
    contact = begun(world, ago=settings.DRAFT_LEFT_AFTER)
    url = reverse("hotline:contact", args=[contact.pk])
    assert as_user("operator2").get(url).status_code == 404
    assert (poll(), poll()) == (1, 0)
    with world.acting("operator2") as by:
        item = WorkItem.objects.owed_by(by).get()
        assert (item.kind, item.source_id, item.is_urgent) == ("contact.draft", contact.pk, False)
    colleague = as_user("operator2")
    page = colleague.get(url).content.decode()
    assert "她说他就在门外" not in page  # first taken over, then read
    assert colleague.post(reverse("hotline:take_over", args=[contact.pk])).status_code == 302
    assert "她说他就在门外" in colleague.get(url).content.decode()
    assert as_user("operator").get(url).status_code == 404  # it is the colleague's alone now
    with world.acting("operator2") as by:
        assert not WorkItem.objects.owed_by(by).exists()


def test_a_woman_in_danger_waits_shorter_and_a_live_call_is_left_alone(world: World) -> None:
    begun(world, ago=settings.DRAFT_LEFT_AFTER_IN_DANGER, danger="yes")
    begun(world, ago=settings.DRAFT_LEFT_AFTER_IN_DANGER)
    assert poll() == 1
    with world.acting("operator2") as by:
        assert WorkItem.objects.owed_by(by).get().is_urgent


def test_one_draft_that_cannot_be_read_does_not_keep_back_the_others(world: World) -> None:
    begun(world, ago=settings.DRAFT_LEFT_AFTER + dt.timedelta(hours=1))
    with (
        as_owner(),
        connection.cursor() as cursor,
    ):  # the year 1 in Yunnan: the database keeps it, Python cannot read it
        cursor.execute("UPDATE hotline_contact SET occurred_at = '0001-12-31 16:00+00 BC'")
    sound = begun(world, ago=settings.DRAFT_LEFT_AFTER)
    assert poll() == 1
    with world.acting("operator2") as by:
        assert WorkItem.objects.owed_by(by).get().source_id == sound.pk


def test_its_writer_comes_back_and_goes_on(world: World) -> None:
    contact = begun(world, ago=settings.DRAFT_LEFT_AFTER)
    poll()
    with world.acting("operator") as by:
        contact_draft(contact_id=contact.pk, by=by, values={"needs": "一个安全的地方"})
        assert not WorkItem.objects.owed_by(by).exists()
    with world.acting("operator2") as by, pytest.raises(NotFound):
        contact_take_over(contact_id=contact.pk, by=by)


def test_what_was_left_is_nobody_elses_to_see(world: World) -> None:
    contact = begun(world, ago=settings.DRAFT_LEFT_AFTER)
    poll()
    for name in ("manager", "director", "police_liaison", "province", "auditor"):
        with world.acting(name) as by:
            assert not Contact.objects.visible_to(by).filter(pk=contact.pk).exists()
            with connection.cursor() as cursor:  # row-level security by itself
                cursor.execute("SELECT count(*) FROM hotline_contact WHERE id = %s", [contact.pk])
                assert cursor.fetchone()[0] == 0
