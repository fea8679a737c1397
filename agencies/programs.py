"""An agency's own system as one who acts: what it signs, how that is checked, and what it may be.

A request is signed over method, path, query, body, content type, time, nonce and key (security.md). The secret is an HMAC of the key's
id under the key ring: there is nothing to steal from the database, and a root key that is dropped ends all secrets made from it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from agencies.enums import Role
from agencies.models import AgencyKey, KeyNonce
from core import clock
from core.crypto.errors import UnknownKey
from core.crypto.keyring import key_ring
from core.identity import Identity

SCHEME = "CAREMGMT-HMAC-SHA256"
SKEW = dt.timedelta(minutes=5)
_HEADER = re.compile(
    rf"{SCHEME} key=(?P<key>[0-9a-f-]{{36}}), *ts=(?P<ts>\d{{1,12}}), *nonce=(?P<nonce>[A-Za-z0-9_-]{{16,64}}), *sig=(?P<sig>[0-9a-f]{{64}})"
)


@dataclass(frozen=True)
class Program:
    """A unit's system, in the place of a user. It is a member of its unit and of nothing else, and no letter can name it."""

    key: AgencyKey
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def pk(self) -> UUID:
        return self.key.pk

    def identity(self) -> Identity:
        """A liaison of the unit that bears the key's id: named letters are nobody's but the named person's."""
        unit = self.key.unit
        return Identity(
            kind="user", user_id=self.key.pk, name=self.key.system, role=Role.LIAISON.value, agency=unit.name,
            roles=frozenset({Role.LIAISON.value}), groups=frozenset({unit.group_id}), flags=frozenset({"program"}),
        )  # fmt: skip


def secret_of(key: AgencyKey) -> str:
    """The key's secret, as text that its holder keeps. Raises UnknownKey when the root key is gone."""
    digest = hmac.new(key_ring().derive("agency", key.ring_key), key.pk.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signed_text(
    *, method: str, path: str, query: str, body: bytes, content_type: str, ts: str, nonce: str, key: str
) -> str:
    """What is signed: eight lines, the body by its SHA-256."""
    return "\n".join((method, path, query, hashlib.sha256(body).hexdigest(), content_type, ts, nonce, key))


def authorization(secret: str, *, method: str, path: str, query: str, body: bytes, content_type: str, ts: str, nonce: str, key: str) -> str:  # fmt: skip
    """The value of the Authorization header for a request."""
    text = signed_text(
        method=method, path=path, query=query, body=body, content_type=content_type, ts=ts, nonce=nonce, key=key
    )
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{SCHEME} key={key}, ts={ts}, nonce={nonce}, sig={signature}"


def program_of(request: HttpRequest) -> Program | None:
    """Whose request this is; None when anything about it is wrong. Inside `acting_as`; a good request uses up its nonce."""
    header = _HEADER.fullmatch(request.headers.get("Authorization", ""))
    if header is None:
        return None
    age = clock.now().timestamp() - int(header["ts"])
    if abs(age) > SKEW.total_seconds():
        return None
    try:
        key = AgencyKey.objects.in_force().select_related("unit").filter(pk=UUID(header["key"])).first()
        secret = secret_of(key) if key else ""
    except (ValueError, UnknownKey):
        return None
    if key is None:
        return None
    wanted = authorization(
        secret, method=request.method or "", path=request.path, query=request.META.get("QUERY_STRING", ""), body=request.body,
        content_type=request.META.get("CONTENT_TYPE", ""), ts=header["ts"], nonce=header["nonce"], key=header["key"],
    )  # fmt: skip
    if not hmac.compare_digest(wanted.rpartition("sig=")[2], header["sig"]) or not _first_time(key, header["nonce"]):
        return None
    return Program(key)


def _first_time(key: AgencyKey, nonce: str) -> bool:
    try:
        with transaction.atomic():
            # Not create(): web may add a nonce and not read it back.
            KeyNonce.objects.bulk_create([KeyNonce(key=key, nonce=nonce, at=clock.now())])
    except IntegrityError:
        return False
    return True


def forget_nonces() -> int:
    """Nonces too old to be sent again go. As the worker; returns how many."""
    return KeyNonce.objects.filter(at__lt=clock.now() - 4 * SKEW).delete()[0]
