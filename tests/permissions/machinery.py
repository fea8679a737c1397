"""What the machinery behind the pages says and keeps, medium by medium; jobs run as a worker runs them.

test_media_machinery.py searches `Heard.media` after a day and a night; test_media_proof.py puts a word into each medium and sees the search fail.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from celery import signals
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.models import Model

from agencies.models import Notification
from caremgmt.celery import app as celery_app
from core.models import OutboxItem
from core.models.job import Job
from tests.permissions import media
from tests.permissions.planted import Scene
from tests.roles import as_owner, threads_log_in_as


@dataclass
class Heard:
    """What was said while the machinery was listened to. Headers of answers and results of jobs are told to it."""

    log: io.StringIO
    published: list[str]
    told: list[str] = field(default_factory=list)

    def answer(self, response: Any) -> None:
        """Keep what an answer says beside its page: the redirect's address, htmx's events."""
        self.told.append(f"{response.status_code} {response.headers}")

    def run(self, task: str, *arguments: str) -> Any:
        """Run a job as a worker does, and keep what it returned."""
        result = worked(task, *arguments)
        self.told.append(f"{task} {result.result!r}")
        return result

    def media(self, broker: str) -> dict[str, str]:
        """Every medium of the machinery with all that it holds now; `broker` is the address of Valkey."""
        with as_owner():
            stored = [media.opened_token(row.session_data) for row in Session.objects.all()]
            kept = {name: rows_of(model) for name, model in TABLES.items()}
        return {
            "log": self.log.getvalue(), "broker's messages": "\n".join(self.published), "Valkey": media.broker_text(broker),
            "results and redirects": "\n".join(self.told), "sessions": "\n".join(stored), **kept,
        }  # fmt: skip


TABLES: dict[str, type[Model]] = {"effects": OutboxItem, "notices": Notification, "jobs": Job}


def rows_of(model: type[Model]) -> str:
    """Every value of every row of a table; bytes as the text that they may be."""
    values = [value for row in model._base_manager.values() for value in row.values()]
    return "\n".join(
        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        for value in values
    )


def assert_silent(places: Mapping[str, str], secrets: set[str]) -> None:
    """No medium holds one of these words, and of each something was seen."""
    for place, text in places.items():
        assert text, f"nothing was seen of: {place}"
        seen = media.found(secrets, text)
        assert seen == set(), f"in {place}: {seen}"


@contextmanager
def heard() -> Iterator[Heard]:
    """Listen to the log and to what is sent to the broker."""
    with log() as written, published() as sent:
        yield Heard(written, sent)


@contextmanager
def log() -> Iterator[io.StringIO]:
    """What the product's own log handlers write, at the level of a real installation."""
    root, stream = logging.getLogger(), io.StringIO()
    ours = [handler for handler in {*root.handlers, *logging.getLogger("django.request").handlers}
            if type(handler) is logging.StreamHandler]  # fmt: skip
    assert ours, "the settings name no handler"
    kept, level = [(handler, handler.stream) for handler in ours], root.level
    for handler in ours:
        handler.setStream(stream)
    root.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        root.setLevel(level)
        for handler, before in kept:
            handler.setStream(before)


@contextmanager
def published() -> Iterator[list[str]]:
    """Every message that is sent to the broker: routing, headers and body."""
    sent: list[str] = []

    def note(**told: Any) -> None:
        sent.append(str({name: told[name] for name in ("sender", "body", "headers", "properties") if name in told}))

    signals.before_task_publish.connect(note, weak=False)
    try:
        yield sent
    finally:
        signals.before_task_publish.disconnect(note)


def quotes(scene: Scene) -> Callable[..., None]:
    """Fails as a database does which quotes the row that it could not keep."""

    def fail(*_args: object, **_more: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::integer", [",".join(sorted(scene.everything())[:40])])

    return fail


def worked(task: str, *arguments: str) -> Any:
    """Run one job as a worker does: in a thread whose connection is the worker's."""

    def work() -> Any:
        try:
            return celery_app.tasks[task].apply(args=arguments)
        finally:
            connections.close_all()

    with threads_log_in_as("worker"), ThreadPoolExecutor(1) as hands:
        return hands.submit(work).result(120)
