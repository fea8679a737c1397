"""A seal on one value: header (format, algorithm), random nonce, ciphertext, tag.

The additional data is header, concept and row id, so a value cannot be moved to another row or shown as another
concept. The concept is a stable name such as "person.phone", not a table: a row of history opens like its original.
"""

import os
import uuid
from typing import Final

from core.crypto.aead import (
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Algorithm,
    algorithm_code,
    algorithm_of_code,
    decrypt,
    encrypt,
)
from core.crypto.errors import SealBroken

_FORMAT: Final = 1
_HEADER_BYTES: Final = 2
OVERHEAD_BYTES: Final = _HEADER_BYTES + NONCE_BYTES + TAG_BYTES


def new_data_key() -> bytes:
    """32 random bytes: the key of one case or person, stored only wrapped (`KeyRing.wrap`)."""
    return os.urandom(KEY_BYTES)


def _aad(header: bytes, concept: str, row_id: uuid.UUID) -> bytes:
    name = concept.encode()
    # The length goes in front of the name, so that no concept and row id together read like another pair.
    return header + len(name).to_bytes(2, "big") + name + row_id.bytes


def seal(
    key: bytes, plaintext: bytes, *, concept: str, row_id: uuid.UUID, algorithm: Algorithm = "aes-256-gcm"
) -> bytes:
    """Seal one value with a data key of 32 bytes; 30 bytes longer than the plaintext. ValueError for a bad key."""
    header = bytes((_FORMAT, algorithm_code(algorithm)))
    return header + encrypt(algorithm, key, plaintext, _aad(header, concept, row_id))


def open_sealed(key: bytes, blob: bytes, *, concept: str, row_id: uuid.UUID) -> bytes:
    """The plaintext. SealBroken when anything was changed or moved, or the key is another one."""
    blob = bytes(blob)
    if len(blob) < OVERHEAD_BYTES or blob[0] != _FORMAT:
        raise SealBroken("not a sealed value")
    header, box = blob[:_HEADER_BYTES], blob[_HEADER_BYTES:]
    return decrypt(algorithm_of_code(header[1]), key, box, _aad(header, concept, row_id))
