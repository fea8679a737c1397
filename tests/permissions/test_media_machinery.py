"""Logs, the broker, effects, notices, results of jobs, sessions: after a day's and a night's work none of them holds a planted word."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from caremgmt.celery import app as celery_app
from core import outbox
from core.models import OutboxItem
from tests.permissions import media
from tests.permissions.machinery import TABLES, Heard, assert_silent, heard, log, quotes, rows_of, worked
from tests.permissions.planted import Scene, plant
from tests.permissions.test_matrix import WALKERS
from tests.roles import as_owner


@pytest.fixture
def committed(transactional_db: None) -> Scene:
    """The planted scene for real, so that what happens after a commit happens."""
    with transaction.atomic():
        return plant()


def _enter(scene: Scene, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.world.users[person], backend="agencies.backends.StaffBackend")
    return client


def _day(scene: Scene, said: Heard) -> None:
    """Everybody works through real pages: reads, searches by name and number, writes, is refused. What each was told is kept in `said`."""
    case, letter = scene["offered"], scene["offered"].referral
    pages = [reverse(name) for name in ("cases:today", "cases:list", "agencies:notifications", "session")]
    pages += [reverse("cases:detail", args=[row.id]) for row in scene.cases.values()]
    for person in WALKERS:
        client = _enter(scene, person)
        for url in pages:
            response = client.get(url)
            assert response.status_code < 500, (person, url)
        for text in (min(case.words["identity"]), min(case.phones["contact"])):
            said.answer(client.post(reverse("cases:search"), {"q": text}))
        client.get(reverse("cases:search"), {"q": "x"})
    liaison, manager = _enter(scene, "justice_liaison"), _enter(scene, "manager")
    spoken = case.tell("letter")
    for client, name, data in (
        (manager, "referrals:accept", {"version": "1"}), (liaison, "referrals:accept", {"version": "1"}),
        (liaison, "referrals:accept", {"version": "1"}), (liaison, "referrals:progress", {"version": "2", "text": spoken}),
        (liaison, "referrals:return", {"version": "2", "reason": "other_area", "text": spoken}),
    ):  # fmt: skip
        response = client.post(reverse(name, args=[letter]), data, follow=False)
        assert response.status_code < 500, name
        said.answer(response)
    _enter(scene, "director").post(reverse("reports:exports"), {"from": "2026-01", "to": "2026-02", "format": "csv"})


def _night(said: Heard) -> int:
    """Every job of the product that needs no argument, and whatever is waiting; what each returned is kept in `said`."""
    celery_app.autodiscover_tasks(force=True)
    jobs = [(entry["task"],) for entry in celery_app.conf.beat_schedule.values()]
    with as_owner():
        jobs += [
            ("core.tasks.outbox_deliver", str(item_id))
            for item_id in OutboxItem.objects.values_list("pk", flat=True)[:3]
        ]
    for one in jobs:
        result = said.run(*one)
        assert result.successful(), (one, result.result)
    return len(jobs)


@pytest.mark.django_db(transaction=True)
def test_a_day_and_a_night_leave_no_word_with_the_machinery(committed: Scene, settings: Any) -> None:
    """Logs, messages to the broker, everything in Valkey, results of jobs, effects, notices, exports asked for, stored sessions, redirects."""
    with heard() as said:
        _day(committed, said)
        assert _night(said) > 8
        _day(committed, said)
        logging.getLogger("cases.tasks").info("the log is read")
    places = said.media(settings.REDIS_URL)
    assert_silent(places, committed.everything())
    with as_owner():
        counts = {name: model._base_manager.count() for name, model in TABLES.items()}
    assert len(said.published) > 3
    assert counts["effects"] > 20
    assert counts["notices"] > 5
    assert "celery" in places["Valkey"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_with_a_word_in_its_error(committed: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is raised in an effect or in a job itself: the log of the worker names the kind and the place."""
    secret = committed.everything()
    with as_owner():
        waiting = list(OutboxItem.objects.filter(done_at__isnull=True).values_list("pk", flat=True))
    assert waiting
    for kind in list(outbox._handlers):
        monkeypatch.setitem(outbox._handlers, kind, quotes(committed))
    celery_app.autodiscover_tasks(force=True)
    with log() as written:
        for item_id in waiting[:5]:
            worked("core.tasks.outbox_deliver", str(item_id))
        monkeypatch.setattr(outbox, "sweep", quotes(committed))
        result = worked("core.tasks.outbox_sweep")
    assert result.failed()
    said = written.getvalue()
    assert "DataError" in said
    assert media.found(secret, said) == set()
    with as_owner():
        errors = rows_of(OutboxItem)
    assert "DataError" in errors
    assert media.found(secret, errors) == set()
