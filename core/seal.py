"""The access log's chain: new rows of each office are hashed into a signed link every minute; verification says what is not whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min

from core import clock
from core.crypto.keyring import key_ring
from core.identity import acting_as, worker_identity
from core.models.accesslog import AccessLog, LogSeal

COVERED = (
    "id", "at", "action", "actor_id", "actor_name", "actor_role", "actor_agency", "address", "route",
    "object_type", "object_id", "case_id", "office_id", "sections", "reason", "count", "case_ids",
)  # fmt: skip
BATCH = 5000
LINKS_AT_ONCE = 200


def _digest(rows: Iterable[AccessLog], previous: bytes) -> bytes:
    hashed = hashlib.sha256(previous)
    for row in rows:
        for name in COVERED:
            value = getattr(row, name)
            text = value.isoformat() if name == "at" else "" if value is None else str(value)
            hashed.update(f"{len(text)}:{text}".encode())
    return hashed.digest()


def _sign(office_id: UUID | None, number: int, digest: bytes) -> bytes:
    return hmac.new(key_ring().derive("seal"), f"{office_id}:{number}:".encode() + digest, hashlib.sha256).digest()


def seal_new_rows() -> int:
    """Seal all unsealed rows, one link for each office. Returns the number of rows sealed. One sealer at a time (advisory lock)."""
    sealed = 0
    with acting_as(worker_identity("log-seal")):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('caremgmt-log-seal'))")
            if not cursor.fetchone()[0]:
                return 0
        rows = list(AccessLog.objects.filter(seal__isnull=True).order_by("at", "id")[:BATCH])
        by_office: dict[UUID | None, list[AccessLog]] = {}
        for row in rows:
            by_office.setdefault(row.office_id, []).append(row)
        for office_id, covered in by_office.items():
            head = LogSeal.objects.filter(office_id=office_id).order_by("-number").first()
            number, previous = (head.number, bytes(head.digest)) if head else (0, b"")
            digest = _digest(covered, previous)
            link = LogSeal.objects.create(
                office_id=office_id, number=number + 1, at=clock.now(), rows=len(covered), digest=digest, previous=previous,
                signature=_sign(office_id, number + 1, digest),
            )  # fmt: skip
            AccessLog.objects.filter(pk__in=[row.pk for row in covered]).update(seal=link)
            sealed += len(covered)
    return sealed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found in one office's chain."""

    office_id: UUID | None
    links: int
    rows: int
    unsealed: int
    broken: tuple[int, ...]  # numbers of links that do not hold


def _links(office_id: UUID | None, after: int) -> Iterator[tuple[LogSeal, list[AccessLog]]]:
    """The links of an office after a number, each with the rows that it covers, read in batches: a chain of years fits in no memory."""
    while batch := list(
        LogSeal.objects.filter(office_id=office_id, number__gt=after).order_by("number")[:LINKS_AT_ONCE]
    ):
        covered: dict[UUID, list[AccessLog]] = {}
        for row in AccessLog.objects.filter(seal__in=batch).order_by("at", "id"):
            covered.setdefault(row.seal_id, []).append(row)  # type: ignore[arg-type]
        for link in batch:
            yield link, covered.get(link.pk, [])
        after = batch[-1].number


def _offices(since: dt.datetime | None) -> dict[UUID | None, int]:
    """The offices with links since a moment, each with the number of the last link before it (0: from the chain's beginning)."""
    links = LogSeal.objects.filter(at__gte=since) if since else LogSeal.objects.all()
    return {
        office_id: first - 1 for office_id, first in links.order_by().values_list("office_id").annotate(Min("number"))
    }


def verify(since: dt.datetime | None = None) -> list[Verdict]:
    """Check every chain that the asker may read (auditor), link by link, and count the unsealed tail.

    With `since` only the links made from then on, each chain from its last link before. What memory holds at once is a batch of links.
    """
    verdicts = []
    unsealed = AccessLog.objects.filter(seal__isnull=True).order_by().values_list("office_id").annotate(Count("pk"))
    tails: dict[UUID | None, int] = dict(unsealed)
    for office_id, before in _offices(since).items():
        start = LogSeal.objects.filter(office_id=office_id, number=before).first() if before else None
        previous, broken, links, total = bytes(start.digest) if start else b"", [], 0, 0
        if before and start is None:
            broken.append(before)
        for expected, (link, covered) in enumerate(_links(office_id, before), start=before + 1):
            whole = (
                link.number == expected
                and bytes(link.previous) == previous
                and len(covered) == link.rows
                and _digest(covered, previous) == bytes(link.digest)
                and hmac.compare_digest(_sign(office_id, link.number, bytes(link.digest)), bytes(link.signature))
            )
            if not whole:
                broken.append(link.number)
            previous, links, total = bytes(link.digest), links + 1, total + link.rows
        verdicts.append(Verdict(office_id, links, total, tails.pop(office_id, 0), tuple(broken)))
    verdicts += [Verdict(office_id, 0, 0, count, ()) for office_id, count in tails.items()]
    return verdicts
