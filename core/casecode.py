"""What a case is called for those who may not know its number: a code that tells the rows of one case from those of another, and nothing else.

Made by a keyed hash and not cut from the opaque id: the code leaves the house in the auditor's file, and ids stand in the addresses of
everybody who works on a case. Without the key nobody joins the two, or finds from a file whose case a row is of.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from uuid import UUID

from core.crypto.keyring import key_ring
from core.numbers import ALPHABET, spell

_LENGTH: Final = 8  # about 40 bits: among a million cases not one pair alike is to be expected


def case_code(case_id: UUID) -> str:
    """ABCD-2345: always the same for a case, also under a new root key. No case number looks like it."""
    digest = hmac.new(key_ring().derive("casecode"), case_id.bytes, hashlib.sha256).digest()
    code = spell(int.from_bytes(digest[:16], "big") % len(ALPHABET) ** _LENGTH, _LENGTH)
    return f"{code[:4]}-{code[4:]}"
