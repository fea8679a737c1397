"""The access log's chain: new rows of each office are hashed into a signed link every minute; verification says what is not whole."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Max

from core import clock
from core.crypto.keyring import key_ring
from core.identity import acting_as, worker_identity
from core.models.accesslog import AccessLog, LogSeal

COVERED = (
    "id", "at", "action", "actor_id", "actor_name", "actor_role", "actor_agency", "address", "route",
    "object_type", "object_id", "case_id", "office_id", "sections", "reason", "count", "case_ids",
)  # fmt: skip
BATCH = 5000


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
        heads = dict(LogSeal.objects.values_list("office_id").annotate(Max("number")))
        for office_id, covered in by_office.items():
            number = heads.get(office_id, 0)
            head = LogSeal.objects.filter(office_id=office_id, number=number).first() if number else None
            previous = bytes(head.digest) if head else b""
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


def _parts(office_id: UUID | None) -> Iterator[tuple[UUID | None, list[AccessLog]]]:
    """The sealed rows of an office, link by link in the chain's order, read as a stream."""
    where = {"seal__office_id": office_id} if office_id else {"seal__isnull": False, "seal__office_id__isnull": True}
    rows = AccessLog.objects.filter(**where).order_by("seal__number", "at", "id").iterator(chunk_size=BATCH)
    for link, covered in groupby(rows, key=lambda row: row.seal_id):
        yield link, list(covered)


def verify() -> list[Verdict]:
    """Check every chain that the asker may read (auditor), link by link, and count the unsealed tail. One query for each office."""
    verdicts = []
    tails: dict[UUID | None, int] = {}
    for office_id in AccessLog.objects.filter(seal__isnull=True).values_list("office_id", flat=True):
        tails[office_id] = tails.get(office_id, 0) + 1
    chains: dict[UUID | None, list[LogSeal]] = {}
    for link in LogSeal.objects.order_by("office_id", "number"):
        chains.setdefault(link.office_id, []).append(link)
    for office_id, links in chains.items():
        parts = _parts(office_id)
        part = next(parts, None)
        previous, broken, total = b"", [], 0
        for expected, link in enumerate(links, start=1):
            covered: list[AccessLog] = []
            if part is not None and part[0] == link.pk:
                covered, part = part[1], next(parts, None)
            whole = (
                link.number == expected
                and bytes(link.previous) == previous
                and len(covered) == link.rows
                and _digest(covered, previous) == bytes(link.digest)
                and hmac.compare_digest(_sign(office_id, link.number, bytes(link.digest)), bytes(link.signature))
            )
            if not whole:
                broken.append(link.number)
            previous, total = bytes(link.digest), total + link.rows
        verdicts.append(Verdict(office_id, len(links), total, tails.pop(office_id, 0), tuple(broken)))
    verdicts += [Verdict(office_id, 0, 0, count, ()) for office_id, count in tails.items()]
    return verdicts
