"""Two liaisons press the same button at the same moment: real connections, real commits."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from cases.models import Case, WorkItem
from referrals.models import Referral
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def both_wait() -> None:
    """Until two connections stand before the lock that this one holds."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= 2:
                return
        time.sleep(0.025)
    raise AssertionError("the two never met")


def at_once(row: Referral, presses: list[Callable[[], Any]]) -> list[Any]:
    """Run the presses in threads, each on its own connection, all of them inside the verb before the first may go on."""
    found: list[Any] = [None] * len(presses)

    def run(place: int) -> None:
        try:
            found[place] = presses[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(presses))]
    with as_owner():
        Case._base_manager.select_for_update().get(pk=row.case_id)
        for thread in threads:
            thread.start()
        both_wait()
    for thread in threads:
        thread.join(30)
    return found


def accept(world: World, who: str, row: Referral, key: uuid.UUID) -> Callable[[], Any]:
    browser = Client()
    browser.force_login(world.users[who], backend="agencies.backends.StaffBackend")
    url, form = reverse("referrals:accept", args=[row.pk]), {"version": row.version, "request_key": str(key)}
    return lambda: browser.post(url, form)


def test_one_accepts_and_the_other_is_told_who(world: World) -> None:
    row = send_letter(world, open_case(world), "police", ask="visit")
    people = ["police_liaison", "police_liaison2"]
    answers = at_once(row, [accept(world, who, row, uuid.uuid4()) for who in people])
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    first = next(who for who, answer in zip(people, answers, strict=True) if answer.status_code == 302)
    told = next(answer for answer in answers if answer.status_code == 409).content.decode()
    assert world.users[first].name in told
    with as_owner():
        accepted = Referral._base_manager.get(pk=row.pk)
        assert (accepted.status, accepted.accepted_by_id, accepted.version) == (
            "accepted",
            world.users[first].pk,
            row.version + 1,
        )
        assert WorkItem.objects.filter(kind="referral.respond", source_id=row.pk).count() == 1


def test_one_person_pressing_twice_accepts_once_and_sees_no_complaint(world: World) -> None:
    row, key = send_letter(world, open_case(world), "police", ask="visit"), uuid.uuid4()
    answers = at_once(row, [accept(world, "police_liaison", row, key) for _ in range(2)])
    assert [answer.status_code for answer in answers] == [302, 302]
    with as_owner():
        assert Referral._base_manager.get(pk=row.pk).version == row.version + 1
