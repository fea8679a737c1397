"""Whether a text that leaves the centre says who somebody of the case is. Inside a verb on the case, or as its staff."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from cases.models import Party

_DIGITS = re.compile(r"[\s-]")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def tells_who(case_id: UUID, texts: Iterable[str]) -> bool:
    """Whether one of these texts holds a name, number or address of the case's people, or any mobile or identity number at all."""
    found = [text for text in texts if text]
    if not found:
        return False
    plain = [_DIGITS.sub("", unicodedata.normalize("NFKC", text)) for text in found]  # full-width digits are digits
    if any(_MOBILE.search(text) or _ID_NUMBER.search(text) for text in plain):
        return True
    words, numbers = set(), set()
    for party in Party._base_manager.filter(case_id=case_id).select_related("identity", "contact", "safe_contact"):
        identity, contact, safe = (getattr(party, name, None) for name in ("identity", "contact", "safe_contact"))
        words |= {identity.name} if identity and len(identity.name) > 1 else set()
        words |= {contact.address} if contact and contact.address else set()
        known = (contact.phone if contact else "", safe.safe_number if safe else "")
        numbers |= {_DIGITS.sub("", number)[-8:] for number in known if number}
    spaced = {_DIGITS.sub("", unicodedata.normalize("NFKC", word)) for word in words}
    return any(word in text for word in spaced | numbers for text in plain)


__all__ = ["tells_who"]
