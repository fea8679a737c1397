"""Data keys: one per case, contact or person, wrapped by the key ring; opened once per request or task."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

from core.crypto.keyring import key_ring
from core.crypto.sealing import new_data_key
from core.models.datakey import DataKey

_open: ContextVar[dict[UUID, bytes] | None] = ContextVar("open_data_keys", default=None)


def _cache() -> dict[UUID, bytes]:
    cache = _open.get()
    if cache is None:
        cache = {}
        _open.set(cache)
    return cache


def forget() -> None:
    """Drop all opened keys (at the end of a request or task)."""
    _open.set({})


def preload(subjects: Iterable[UUID | None]) -> None:
    """Open the keys of these subjects in one query, so that a list decrypts without a query per row."""
    cache = _cache()
    missing = sorted({subject for subject in subjects if subject is not None and subject not in cache}, key=str)
    if not missing:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, wrapped FROM caremgmt_keys(%s::uuid[])", [[str(subject) for subject in missing]]
        )
        for subject, wrapped in cursor.fetchall():
            cache[subject] = key_ring().unwrap(bytes(wrapped), subject.bytes)


def data_key(subject: UUID) -> bytes:
    """The opened data key of one subject. Raises KeyError when it is destroyed or was never made."""
    cache = _cache()
    if subject not in cache:
        preload([subject])
    return cache[subject]


def create_data_key(subject: UUID) -> bytes:
    """Make, wrap and store the data key of a new subject (inside a verb whose ticket names it)."""
    key = new_data_key()
    DataKey.objects.create(subject=subject, wrapped=key_ring().wrap(key, subject.bytes))
    _cache()[subject] = key
    return key


def create_data_keys(subjects: Iterable[UUID]) -> None:
    """Make, wrap and store the data keys of many new subjects at once (bulk loading)."""
    fresh = {subject: new_data_key() for subject in subjects}
    ring = key_ring()
    rows = (DataKey(subject=subject, wrapped=ring.wrap(key, subject.bytes)) for subject, key in fresh.items())
    DataKey.objects.bulk_create(rows, batch_size=2000)
    _cache().update(fresh)
