"""Load the demo province: the article's years, the years since, and the living cases of these weeks. Each stage once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Q

from agencies.models import Notification
from caremgmt.demo.directory import Directory
from caremgmt.demo.history import History
from caremgmt.demo.keys import load_keys
from caremgmt.demo.living import DAYS, play
from caremgmt.demo.login import logged_in_as_worker
from caremgmt.demo.months import load_months
from caremgmt.demo.plan import ARTICLE, make_plan, usual
from caremgmt.demo.stage import Stage
from caremgmt.demo.stories import husband_walled
from cases.models import Case, WorkItem
from core import clock, keys
from core.models import Installation
from hotline.models import Contact

SEED = 20221125
Say = Callable[[str], None]


def load(say: Say) -> bool:
    """Load what is missing, as the owner. False when everything was there."""
    installation = Installation.objects.get(pk=1)
    if installation.demo_loaded_at is not None:
        return False
    now = clock.now()
    today = clock.local(now).date()
    if not Case._base_manager.exists():
        with transaction.atomic():
            say(f"{_history(today)} rows of the years before")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    if not Case._base_manager.exclude(status="closed").exists():
        with logged_in_as_worker():
            play(Directory(), now, SEED)
            load_keys()
        keys.forget()
    with transaction.atomic():
        _finish(now)
    say("the living cases of these weeks")
    load_months(Stage(Directory(), now, SEED))
    say("the months' figures")
    Installation.objects.filter(pk=1).update(demo_loaded_at=clock.now(), seed=SEED)
    return True


def _history(today: dt.date) -> int:
    """The article's years exactly, then the usual number of cases a month until today."""
    directory = Directory()
    recent = (today.replace(day=1) - dt.timedelta(days=14 * 30)).replace(day=1)
    rows = History(directory).load(make_plan(ARTICLE, SEED))
    if ARTICLE.end < recent:
        rows += History(directory).load(make_plan(usual(ARTICLE.end, recent, 26), SEED))
    if recent < today:
        rows += History(directory).load(make_plan(usual(max(recent, ARTICLE.end), today, 42, until_now=True), SEED))
    return rows


def _finish(now: dt.datetime) -> None:
    """What the rights of web could not do: the wall of the night call; old bells are read, today's are not."""
    night = Contact._base_manager.filter(
        whisper=True, occurred_at__gte=now - dt.timedelta(days=DAYS), case_id__isnull=False
    )
    husband_walled([case_id for case_id in night.values_list("case_id", flat=True) if case_id])
    open_items = WorkItem._base_manager.filter(done_at__isnull=True).values("pk")
    old = Notification._base_manager.filter(read_at__isnull=True).filter(
        ~Q(work_item_id__in=open_items) | Q(created_at__lt=now - dt.timedelta(days=3))
    )
    old.update(read_at=now)
