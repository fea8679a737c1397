"""Logs, the broker, effects, notices, results of jobs, sessions: after a day's and a night's work none of them holds a planted word."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies.models import Notification
from caremgmt.celery import app as celery_app
from core import outbox
from core.models import OutboxItem
from tests.permissions import media
from tests.permissions.machinery import log, published, quotes, worked
from tests.permissions.planted import Scene, plant
from tests.permissions.test_matrix import (
    WALKERS,
)
from tests.roles import as_owner


@pytest.fixture
def committed(transactional_db: None) -> Scene:
    """The planted scene for real, so that what happens after a commit happens."""
    with transaction.atomic():
        return plant()


def _enter(scene: Scene, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.world.users[person], backend="django.contrib.auth.backends.ModelBackend")
    return client


def _day(scene: Scene, said: list[str]) -> None:
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
            said += [str(client.post(reverse("cases:search"), {"q": text}).headers)]
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
        said.append(f"{response.status_code} {response.headers}")
    _enter(scene, "director").post(reverse("reports:exports"), {"from": "2026-01", "to": "2026-02", "format": "csv"})


def _night(said: list[str]) -> int:
    """Every job of the product that needs no argument, and whatever is waiting; what each returned is kept in `said`."""
    celery_app.autodiscover_tasks(force=True)
    jobs = [(entry["task"],) for entry in celery_app.conf.beat_schedule.values()]
    with as_owner():
        jobs += [
            ("core.tasks.outbox_deliver", str(item_id))
            for item_id in OutboxItem.objects.values_list("pk", flat=True)[:3]
        ]
    for one in jobs:
        result = worked(*one)
        assert result.successful(), (one, result.result)
        said.append(f"{one[0]} {result.result!r}")
    return len(jobs)


@pytest.mark.django_db(transaction=True)
def test_a_day_and_a_night_leave_no_word_with_the_machinery(committed: Scene, settings: Any) -> None:
    """Logs, messages to the broker, everything in Valkey, results of jobs, effects, notices, stored sessions, redirects."""
    told: list[str] = []
    with log() as written, published() as sent:
        _day(committed, told)
        assert _night(told) > 8
        _day(committed, told)
        logging.getLogger("cases.tasks").info("the log is read")
    secret = committed.everything()
    with as_owner():
        effects = [str(row) for row in OutboxItem.objects.values()]
        notices = [str(row) for row in Notification._base_manager.values()]
        stored = [media.opened_token(row.session_data) for row in Session.objects.all()]
    broker = media.broker_text(settings.REDIS_URL)
    places = {
        "log": written.getvalue(), "broker's messages": "\n".join(sent), "Valkey": broker, "results and redirects": "\n".join(told),
        "effects": "\n".join(effects), "notices": "\n".join(notices), "sessions": "\n".join(stored),
    }  # fmt: skip
    for place, text in places.items():
        assert text, f"nothing was seen of: {place}"
        assert media.found(secret, text) == set(), place
    assert len(sent) > 3
    assert len(effects) > 20
    assert len(notices) > 5
    assert "celery" in broker


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
        errors = "\n".join(str(row) for row in OutboxItem.objects.values())
    assert "DataError" in errors
    assert media.found(secret, errors) == set()
