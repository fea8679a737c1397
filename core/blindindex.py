"""The blind index: what a sealed name or number can be found by, without its text standing anywhere.

A name is cut into grams (two-character windows, pinyin initials and their prefixes), a phone into its whole and its last
four digits. Each gram becomes a row (office, token, person) under a btree, the token being a keyed hash salted with the
office, so that one office's index tells nothing of another's. Exact values are matched province-wide by longer
fingerprints, in a table that the web role cannot read.
"""

import enum
import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from core import idnumber, phone
from core.numbers import parse_case_number, parse_code, parse_paper_number
from core.pinyin import MAX_INITIALS, initials, is_han, normalise

FINGERPRINT_BYTES: Final = 20

FingerprintKind = Literal["id_number", "phone", "name"]


class QueryKind(enum.Enum):
    """What the user typed into the search box."""

    NOTHING = "nothing"
    NAME = "name"
    INITIALS = "initials"
    PHONE = "phone"
    PHONE_TAIL = "phone_tail"
    CASE_NUMBER = "case_number"
    CASE_CODE = "case_code"
    PAPER_NUMBER = "paper_number"
    ID_NUMBER = "id_number"


@dataclass(frozen=True, slots=True)
class QueryGrams:
    """A query, understood: all of `grams` must be there; `value` holds an exact number to look up instead.

    `value` is the stored form of a case's or a paper's number, the E.164 form of a phone (digits, if it is none), or an identity number
    (to be asked by fingerprint); else "". It may be a person's number: not for logs, hence not in the repr. `code` is what may be the
    last part of a case number besides, `word` the word of a paper's number.
    """

    kind: QueryKind
    grams: frozenset[str] = frozenset()
    value: str = ""
    code: str = ""
    word: str = ""

    def __repr__(self) -> str:
        return f"<QueryGrams {self.kind.value} {len(self.grams)}>"


def _name_windows(text: str) -> frozenset[str]:
    if len(text) == 1:
        return frozenset({f"n:{text}"})
    return frozenset(f"n:{text[index : index + 2]}" for index in range(len(text) - 1))


def grams_of_name(name: str) -> frozenset[str]:
    """Grams of one name: "n:" two-character windows (a single character whole), "i:" initials and their prefixes.

    Prefixes have at least two letters. All readings of a surname are indexed; bounds in `core.pinyin` keep a long name
    of many readings to some tens of rows.
    """
    grams = set(_name_windows(normalise(name)))
    for whole in initials(name):
        grams.add(f"i:{whole}")
        grams.update(f"i:{whole[:length]}" for length in range(2, len(whole)))
    return frozenset(grams)


def _phone_value(text: str) -> str:
    """E.164, or the bare digits of a number that follows no plan: index and query agree on both."""
    try:
        return phone.normalise(text)
    except phone.PhoneError:
        return re.sub(r"\D", "", phone.compact(text))


def grams_of_phone(number: str) -> frozenset[str]:
    """Grams of a number: "p:" the whole and "q:" its last four digits; nothing for fewer than seven digits."""
    value = _phone_value(number)
    return frozenset({f"p:{value}", f"q:{value[-4:]}"}) if len(value) >= 7 else frozenset()


def grams_of_query(text: str) -> QueryGrams:
    """Decide what was typed: the number of a case or paper, identity number, phone, last four digits, Chinese name, or initials.

    Four or five digits or letters may be the last part of a case number as well: `code`.
    """
    if number := parse_case_number(text):
        return QueryGrams(QueryKind.CASE_NUMBER, value=number)
    if paper := parse_paper_number(text):
        return QueryGrams(QueryKind.PAPER_NUMBER, value=paper[1], word=paper[0])
    found, code = _of_people(text), parse_code(text)
    if code and found.kind == QueryKind.NOTHING:
        return QueryGrams(QueryKind.CASE_CODE, code=code)
    return replace(found, code=code)


def _of_people(text: str) -> QueryGrams:
    compacted = phone.compact(text)
    if re.fullmatch(r"\+?[0-9]+|[0-9]{17}[Xx]", compacted):
        return _numeric_query(compacted)
    name = normalise(text)
    if any(map(is_han, name)):
        return QueryGrams(QueryKind.NAME, _name_windows(name))
    letters = unicodedata.normalize("NFKC", name)
    if letters.isascii() and letters.isalpha():
        return QueryGrams(QueryKind.INITIALS, frozenset({f"i:{letters[:MAX_INITIALS]}"}))
    if name and not re.search(r"[0-9]", name) and any(map(str.isalpha, name)):
        return QueryGrams(QueryKind.NAME, _name_windows(name))
    return QueryGrams(QueryKind.NOTHING)


def _id_number_value(digits: str) -> str:
    """The identity number that digits are; a misprinted one of 18 as it stands, since it may be recorded like that."""
    try:
        return idnumber.IdNumber.parse(digits).number
    except idnumber.IdNumberError:
        return digits.upper() if len(digits) == 18 and digits[0] not in "+0" else ""


def _numeric_query(digits: str) -> QueryGrams:
    if number := _id_number_value(digits):
        return QueryGrams(QueryKind.ID_NUMBER, value=number)
    if len(digits) == 4:
        return QueryGrams(QueryKind.PHONE_TAIL, frozenset({f"q:{digits}"}))
    if len(digits) >= 7:
        value = _phone_value(digits)
        return QueryGrams(QueryKind.PHONE, frozenset({f"p:{value}"}), value)
    return QueryGrams(QueryKind.NOTHING)


def token(key: bytes, office_id: UUID, gram: str) -> int:
    """A gram as a signed 64-bit number (PostgreSQL bigint): truncated HMAC-SHA256, salted with the office.

    Two grams of one office share a token once in 2^32 or so: results are checked after decryption anyway.
    """
    digest = hmac.digest(key, office_id.bytes + gram.encode(), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)


def fingerprint(key: bytes, kind: FingerprintKind, value: str) -> bytes:
    """20 bytes by which one exact number is recognised province-wide, however it was typed.

    Takes HMAC-SHA256 of the normalised value; raises ValueError for an empty value or unknown kind (an empty one would
    make strangers the same person).
    """
    if kind == "id_number":
        try:
            exact = idnumber.IdNumber.parse(value).number
        except idnumber.IdNumberError:
            exact = idnumber.compact(value)
    elif kind == "phone":
        exact = _phone_value(value)
    elif kind == "name":
        exact = normalise(value)
    else:
        raise ValueError(f"unknown kind {kind!r}")
    if not exact:
        raise ValueError("nothing to recognise")
    return hmac.digest(key, kind.encode() + b"\0" + exact.encode(), "sha256")[:FINGERPRINT_BYTES]
