"""Whether a text that leaves the centre says who somebody of its cases is. Inside a verb on the case, or as its staff."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case, Party
from core import keys

_DIGITS = re.compile(r"[\s-]")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
# Among the people of many cases somebody's address is no more than the county, and somebody's number is a hotline's: those name nobody.
_ADDRESS_OF_MANY, _NUMBER_OF_MANY = 7, 7


def _plain(texts: Iterable[str]) -> list[str]:
    """The texts without what may be put between two signs; full-width digits are digits."""
    return [_DIGITS.sub("", unicodedata.normalize("NFKC", text)) for text in texts if text]


def _has_number(plain: Iterable[str]) -> bool:
    return any(_MOBILE.search(text) or _ID_NUMBER.search(text) for text in plain)


def holds_number(texts: Iterable[str]) -> bool:
    """Whether one of these texts holds any mobile or identity number at all: what can be asked without seeing a case."""
    return _has_number(_plain(texts))


def tells_who(case_id: UUID, texts: Iterable[str]) -> bool:
    """Whether one of these texts holds a name, number or address of the case's people, or any mobile or identity number at all."""
    plain = _plain(texts)
    return _has_number(plain) or bool(_telling(Party._base_manager.filter(case_id=case_id), plain))


def telling_of_many(cases: QuerySet[Case], parties: QuerySet[Party], texts: Iterable[str]) -> list[str]:
    """Which of these texts tell who somebody of many cases is, or hold a number. Two queries, however many cases there are.

    `parties` are the people whom the asker may see; `cases` choose among them.
    """
    each = {text: plain for text in texts for plain in _plain([text])}
    found = {text for text, plain in each.items() if _has_number([plain])}
    left = [plain for text, plain in each.items() if text not in found]
    told = _telling(parties.filter(case__in=cases), left, address=_ADDRESS_OF_MANY, number=_NUMBER_OF_MANY)
    return [text for text, plain in each.items() if text in found or plain in told]


def _telling(parties: QuerySet[Party], plain: list[str], *, address: int = 1, number: int = 1) -> set[str]:
    """Those of the texts that hold a name of these people, an address or a number of at least so many signs."""
    if not plain:
        return set()
    people = list(parties.select_related("identity", "contact", "safe_contact"))
    keys.preload(party.case_id for party in people)
    words, numbers = set(), set()
    for party in people:
        identity, contact, safe = (getattr(party, name, None) for name in ("identity", "contact", "safe_contact"))
        words |= {identity.name} if identity and len(identity.name) > 1 else set()
        words |= {contact.address} if contact and len(contact.address) >= address else set()
        known = (contact.phone if contact else "", safe.safe_number if safe else "")
        bare = (_DIGITS.sub("", each) for each in known)
        numbers |= {each[-8:] for each in bare if len(each) >= number}
    told = {_DIGITS.sub("", unicodedata.normalize("NFKC", word)) for word in words} | numbers
    return {text for text in plain if any(word in text for word in told)}


__all__ = ["holds_number", "telling_of_many", "tells_who"]
