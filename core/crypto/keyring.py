"""The key ring: a few root keys with ids, the first of which is current.

Rotation: put a new key in front, keep the old ones until everything wrapped under them is wrapped again
(`KeyRing.needs_rewrap`), then drop them. A wrapped key carries the id of its ring key, so both work meanwhile.
What is stored without a key's id (fingerprints, numbers, the codes of cases, the log's links, second factors) is made with the ring's last key, its first
one ever, which therefore stays: a fingerprint under another key would meet none of those before, and a wall would not be set.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal, get_args

from django.conf import settings

from core.crypto.aead import (
    KEY_BYTES,
    Algorithm,
    algorithm_code,
    algorithm_of_code,
    decrypt,
    derive_key,
    encrypt,
    require_key,
)
from core.crypto.errors import KeyRingError, SealBroken, UnknownKey

Purpose = Literal["wrap", "blind", "identity", "seal", "file", "number", "mfa", "agency", "casecode"]

PURPOSES: Final[frozenset[str]] = frozenset(get_args(Purpose))
# Of these nothing that is stored, or has left in a file, says by which key it was made.
LASTING: Final[frozenset[str]] = frozenset({"blind", "number", "seal", "mfa", "casecode"})
_WRAP_FORMAT: Final = 1
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class KeyRing:
    """Root keys of 32 bytes by id, in order; the first one is current. Never shows its secrets."""

    def __init__(self, keys: Iterable[tuple[str, bytes]], *, algorithm: Algorithm = "aes-256-gcm") -> None:
        """KeyRingError when there is no key, an id repeats or is ill-formed, or a key has not 32 bytes."""
        self._keys: dict[str, bytes] = {}
        for key_id, secret in keys:
            if not _KEY_ID.fullmatch(key_id):
                raise KeyRingError("a key id has 1 to 32 of the characters A-Z a-z 0-9 _ . -")
            if key_id in self._keys:
                raise KeyRingError(f"key {key_id!r} appears twice")
            if len(secret) != KEY_BYTES:
                raise KeyRingError(f"key {key_id!r} has {len(secret)} bytes instead of {KEY_BYTES}")
            self._keys[key_id] = secret
        if not self._keys:
            raise KeyRingError("the key ring is empty")
        self._algorithm: Algorithm = algorithm
        self._algorithm_code = algorithm_code(algorithm)
        self._derived: dict[tuple[str, str], bytes] = {}

    @classmethod
    def parse(cls, text: str, *, algorithm: Algorithm = "aes-256-gcm") -> "KeyRing":
        """Read `k2:base64,k1:base64` (standard or URL-safe base64, padding optional), or raise KeyRingError."""
        entries = [entry.strip() for entry in text.split(",") if entry.strip()]
        return cls((_parse_entry(position, entry) for position, entry in enumerate(entries, 1)), algorithm=algorithm)

    @property
    def current_id(self) -> str:
        """The id of the key that new wraps use."""
        return next(iter(self._keys))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """All ids, current first."""
        return tuple(self._keys)

    def derive(self, purpose: Purpose, key_id: str | None = None) -> bytes:
        """32 bytes for one purpose by HKDF-SHA256: of the named key (UnknownKey), else of the current one, of LASTING purposes of the last."""
        if purpose not in PURPOSES:
            raise ValueError(f"unknown purpose {purpose!r}")
        if key_id is None:
            key_id = self.key_ids[-1] if purpose in LASTING else self.current_id
        if key_id not in self._keys:
            raise UnknownKey(key_id)
        slot = (purpose, key_id)
        if slot not in self._derived:
            self._derived[slot] = derive_key(self._keys[key_id], b"caremgmt/v1/" + purpose.encode())
        return self._derived[slot]

    def wrap(self, data_key: bytes, aad: bytes) -> bytes:
        """A data key of 32 bytes, sealed under the current key and bound to `aad` (name the row that it belongs to)."""
        require_key(data_key)
        key_id = self.current_id.encode()
        header = bytes((_WRAP_FORMAT, self._algorithm_code, len(key_id))) + key_id
        return header + encrypt(self._algorithm, self.derive("wrap"), data_key, header + aad)

    def unwrap(self, blob: bytes, aad: bytes) -> bytes:
        """The data key. SealBroken when blob or aad changed, UnknownKey (a SealBroken) when its ring key is gone."""
        blob = bytes(blob)
        algorithm, key_id, header_length = _read_header(blob)
        header, box = blob[:header_length], blob[header_length:]
        data_key = decrypt(algorithm, self.derive("wrap", key_id), box, header + aad)
        if len(data_key) != KEY_BYTES:
            raise SealBroken("not a data key")
        return data_key

    def needs_rewrap(self, blob: bytes) -> bool:
        """Whether a wrapped key stands under an old ring key or another cipher than the one set now."""
        algorithm, key_id, _ = _read_header(bytes(blob))
        return key_id != self.current_id or algorithm != self._algorithm

    def rewrap(self, blob: bytes, aad: bytes) -> bytes:
        """The same data key under the current ring key."""
        return self.wrap(self.unwrap(blob, aad), aad)

    def __repr__(self) -> str:
        return f"<KeyRing {', '.join(self._keys)}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key ring is not pickled: it would leave the process")


def _parse_entry(position: int, entry: str) -> tuple[str, bytes]:
    key_id, colon, encoded = entry.partition(":")
    if not colon:
        raise KeyRingError(f"entry {position} of the key ring is not of the form id:base64")
    encoded = encoded.strip().translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return key_id.strip(), base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise KeyRingError(f"entry {position} of the key ring is not base64") from None


def _read_header(blob: bytes) -> tuple[Algorithm, str, int]:
    if len(blob) < 3 or blob[0] != _WRAP_FORMAT:
        raise SealBroken("not a wrapped key")
    length = 3 + blob[2]
    try:
        key_id = blob[3:length].decode("ascii")
    except UnicodeDecodeError:
        raise SealBroken("not a wrapped key") from None
    if not _KEY_ID.fullmatch(key_id):
        raise SealBroken("not a wrapped key")
    return algorithm_of_code(blob[1]), key_id, length


@lru_cache(maxsize=4)
def _parsed(text: str, algorithm: Algorithm) -> KeyRing:
    return KeyRing.parse(text, algorithm=algorithm)


def key_ring() -> KeyRing:
    """The ring of the settings `CAREMGMT_KEYS` and (optional) `FIELD_ALGORITHM`; parsed once for each value.

    KeyRingError when it is missing: the product never invents a key.
    """
    return _parsed(getattr(settings, "CAREMGMT_KEYS", "") or "", getattr(settings, "FIELD_ALGORITHM", "aes-256-gcm"))
