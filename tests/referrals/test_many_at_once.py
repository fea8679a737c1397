"""Two hundred presses on the same letters, in real transactions: accepting, declining, recalling. Each letter is left with one truth."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from cases.models import AccessGrant, WorkItem
from core import keys
from core.errors import DomainError
from referrals import services
from referrals.models import Referral
from tests.engine.racing import committed_world
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS, PRESSES, HANDS = 4, 200, 20
PEOPLE = (
    ("police_liaison", "accept"), ("police_liaison2", "accept"), ("manager", "recall"), ("police_liaison2", "decline"), ("manager2", "recall"),
)  # fmt: skip
OPEN_KINDS = {"accepted": ["referral.respond"], "declined": ["referral.decide"], "recalled": []}


def press(world: World, row: Referral, who: str, verb: str) -> str:
    """One press on an own connection: what was done, or why nothing was."""
    words = {"reason": "other_area", "text": "不属本辖区"} if verb == "decline" else {}
    try:
        keys.forget()
        with world.acting(who) as by:
            getattr(services, f"referral_{verb}")(referral_id=row.pk, by=by, version=row.version, **words)
        return verb
    except DomainError as error:
        return error.code
    finally:
        connections.close_all()


def test_of_two_hundred_presses_one_counts_for_each_letter() -> None:
    world = committed_world()
    letters = [send_letter(world, open_case(world), "police", ask="visit") for _ in range(LETTERS)]
    turns = [(letters[n % LETTERS], *PEOPLE[(n // LETTERS + n) % len(PEOPLE)]) for n in range(PRESSES)]
    with ThreadPoolExecutor(HANDS) as hands:
        done = list(hands.map(lambda turn: press(world, *turn), turns))
    moved = [
        (row.pk, result)
        for (row, _who, _verb), result in zip(turns, done, strict=True)
        if result in ("accept", "decline", "recall")
    ]
    assert Counter(pk for pk, _result in moved) == {row.pk: 1 for row in letters}  # never two, never none
    assert set(done) <= {"accept", "decline", "recall", "stale_version", "not_found", "wrong_status"}, set(done)
    for pk, verb in moved:
        with as_owner():
            row = Referral._base_manager.get(pk=pk)
            owed = WorkItem.objects.filter(source_id=pk, done_at__isnull=True).values_list("kind", flat=True)
            in_force = AccessGrant.objects.filter(source_id=pk, withdrawn_at__isnull=True, valid_from__isnull=False)
            opened = in_force.exclude(section="letter").exists()
            assert row.status == {"accept": "accepted", "decline": "declined", "recall": "recalled"}[verb]
            assert row.version == 2
            assert list(owed) == OPEN_KINDS[row.status]
            assert opened is (verb == "accept")
            assert in_force.filter(section="letter").exists() is (verb == "accept")
    assert broken_promises() == []
