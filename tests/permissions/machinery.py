"""What the machinery behind the pages says and keeps, recorded: its log, the broker's messages; jobs run as a worker runs them."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from celery import signals
from django.db import connection, connections

from caremgmt.celery import app as celery_app
from tests.permissions.planted import Scene
from tests.roles import threads_log_in_as


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
