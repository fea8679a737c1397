"""Encryption of field values: the key ring that wraps data keys, and the seal that a data key puts on one value.

Nothing here knows a model. Row keys are random, wrapped by the ring and thrown away with the row that holds them, so
that destroying a wrapped key makes history, WAL and old backups forget too (docs: protection, Encryption).
"""

from core.crypto.aead import ALGORITHMS, Algorithm
from core.crypto.errors import KeyRingError, SealBroken, UnknownKey
from core.crypto.keyring import KeyRing, Purpose, key_ring
from core.crypto.sealing import new_data_key, open_sealed, seal

__all__ = [
    "ALGORITHMS",
    "Algorithm",
    "KeyRing",
    "KeyRingError",
    "Purpose",
    "SealBroken",
    "UnknownKey",
    "key_ring",
    "new_data_key",
    "open_sealed",
    "seal",
]
