"""The worker's application."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caremgmt.settings")


class CleanTask(Task):
    """A task that begins and ends without opened data keys: a worker lives for days, and what one task has opened is no other's."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from core import keys  # models: not before the settings are read

        keys.forget()
        try:
            return self.run(*args, **kwargs)
        finally:
            keys.forget()


app = Celery("caremgmt", task_cls=CleanTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
