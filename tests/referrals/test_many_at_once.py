"""Two hundred presses on the same letters, in real transactions: accepting, declining, recalling, withdrawing her consent. One truth is left of each."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connections

from cases.models import AccessGrant, Consent, WorkItem
from cases.services import consents
from core import keys
from core.errors import DomainError
from core.models import Audit
from referrals import services
from referrals.models import Referral
from tests.engine.racing import committed_world
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES, HANDS = 200, 20
ACTS = (
    ("police_liaison", "accept"), ("police_liaison2", "accept"), ("manager", "recall"), ("police_liaison2", "decline"), ("manager2", "recall"),
    ("manager2", "withdraw"), ("manager", "withdraw"),
)  # fmt: skip
MOVES = ("accept", "decline", "recall")
OPEN_KINDS = {"accepted": ["referral.respond"], "declined": ["referral.decide"], "recalled": []}
# A unit that is too late by a withdrawal is told so: the letter waits for the centre's word.
REFUSALS = {"stale_version", "not_found", "wrong_status", "withdrawn", "consent_ended"}
# Two letters rest on her consent, which is withdrawn meanwhile; two on a duty of the centre.
BASES = ("consent", "duty", "consent", "duty")


def press(world: World, row: Referral, consent: UUID | None, who: str, verb: str) -> str:
    """One press on an own connection: what was done, or why nothing was."""
    words = {"reason": "other_area", "text": "不属本辖区"} if verb == "decline" else {}
    try:
        keys.forget()
        with world.acting(who) as by:
            if verb != "withdraw":
                getattr(services, f"referral_{verb}")(referral_id=row.pk, by=by, version=row.version, **words)
            else:
                consents.consent_withdraw(case_id=row.case_id, consent_id=consent or uuid4(), by=by)
        return verb
    except DomainError as error:
        return error.code
    finally:
        connections.close_all()


def consent_of(row: Referral) -> UUID | None:
    """What the letter rests on."""
    with as_owner():
        found = Consent._base_manager.filter(case_id=row.case_id).first()
    return found.pk if found else None


def test_of_two_hundred_presses_one_counts_for_each_letter() -> None:
    """Accepted, declined, recalled or withdrawn at the same moment: one of the three counts for a letter, and one withdrawal for a consent."""
    world = committed_world()
    letters = [
        send_letter(world, open_case(world), "police", ask="visit", basis=basis, consent_note="她本人同意")
        for basis in BASES
    ]
    consent = {row.pk: consent_of(row) for row in letters}
    assert [consent[row.pk] is not None for row in letters] == [basis == "consent" for basis in BASES]
    count = len(letters)
    turns = [(row := letters[n % count], consent[row.pk], *ACTS[(n // count + n) % len(ACTS)]) for n in range(PRESSES)]
    with ThreadPoolExecutor(HANDS) as hands:
        done = list(hands.map(lambda turn: press(world, *turn), turns))
    assert set(done) <= {*MOVES, "withdraw", *REFUSALS}, set(done)
    results = [(row.pk, result) for (row, *_rest), result in zip(turns, done, strict=True)]
    moved = [(pk, result) for pk, result in results if result in MOVES]
    assert Counter(pk for pk, _result in moved) == {row.pk: 1 for row in letters}  # never two, never none
    withdrawn = Counter(pk for pk, result in results if result == "withdraw")
    assert withdrawn == {pk: 1 for pk, rests_on in consent.items() if rests_on}
    for pk, verb in moved:
        the_truth(pk, verb, consent[pk])
    assert broken_promises() == []


def the_truth(pk: UUID, verb: str, consent: UUID | None) -> None:
    """What a letter's row, its work, its access and its consent say together."""
    with as_owner():
        row = Referral._base_manager.get(pk=pk)
        owed = WorkItem.objects.filter(source_id=pk, done_at__isnull=True).values_list("kind", flat=True)
        in_force = AccessGrant.objects.filter(source_id=pk, withdrawn_at__isnull=True, valid_from__isnull=False)
        assert row.status == {"accept": "accepted", "decline": "declined", "recall": "recalled"}[verb]
        assert row.version == 2
        assert list(owed) == OPEN_KINDS[row.status]
        # Whichever came first, what rested on her consent is open to nobody, and cannot be opened any more.
        opened = in_force.exclude(section="letter").exists()
        assert opened is (verb == "accept" and consent is None)
        assert in_force.filter(section="letter").exists() is (verb == "accept")
        assert not AccessGrant.objects.filter(
            consent_id=consent, consent_id__isnull=False, withdrawn_at__isnull=True
        ).exists()
        if consent:
            assert Consent._base_manager.get(pk=consent).withdrawn_at is not None
            assert WorkItem.objects.filter(source_id=consent, kind="consent.decide").count() == 1
            assert Audit.objects.filter(verb="consent.withdraw", object_id=consent).count() == 1
