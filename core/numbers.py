"""Numbers that people speak: the code of a case, its number, and the numbers of papers.

A code is the counter of its scope (a kind, a region and a year) sent through a keyed permutation, so that gaps and order tell
nothing of how many cases there are, and still no code comes twice. The first 31^4 = 923,521 counters of a scope have
codes of four characters, the next 31^5 = 28,629,151 five; the lengths never meet.
"""

import hashlib
import re
import unicodedata
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 characters without 0 O 1 I L, which are mistaken for each other on the telephone and in handwriting."""

CODE_LENGTHS: Final = (4, 5)
_ROUNDS: Final = 8
_PERSON: Final = b"caremgmt-number"
_HYPHENS: Final = re.compile(r"[\s\-‐‑‒–—―−_./·]+")
_CASE_NUMBER: Final = re.compile(rf"([1-9][0-9]{{5}})((?:19|20)[0-9]{{2}})([{ALPHABET}]{{4,5}})")
_REGION: Final = re.compile(r"[1-9][0-9]{5}")
_CODE: Final = re.compile(rf"[{ALPHABET}]{{4,5}}")
_BRACKETS: Final = str.maketrans("()[]【】{}", "〔〕〔〕〔〕〔〕")
_PAPER_NUMBER: Final = re.compile(
    rf"([一-鿿]{{2,6}})〔?((?:19|20)[0-9]{{2}})〕?([1-9][0-9]{{5}})([{ALPHABET}]{{4,5}})号?"
)


def permuted_code(key: bytes, scope: str, n: int) -> str:
    """The code of the n-th record (n counts from 0) of a scope: deterministic, and different for different n.

    `key` has 16 to 64 bytes and must stay the same for the life of the scope (another key is another permutation, whose
    codes may meet those already given). Raises ValueError for a negative n, or one beyond both lengths.
    """
    if not 16 <= len(key) <= 64:
        raise ValueError("the key has 16 to 64 bytes")
    if n < 0:
        raise ValueError("a counter is not negative")
    for length in CODE_LENGTHS:
        size = len(ALPHABET) ** length
        if n < size:
            return spell(_permute(key, f"{length}:{scope}", n, size), length)
        n -= size
    raise ValueError("the scope has no code left")


def _permute(key: bytes, scope: str, n: int, size: int) -> int:
    """A bijection of range(size): a balanced Feistel network over an even number of bits, walked until it lands inside.

    The network permutes a power of two, so the walk of a number inside always comes back inside (at the latest to
    itself), and no two walks meet.
    """
    half = ((size - 1).bit_length() + 1) // 2
    mask = (1 << half) - 1
    value = n
    while True:
        left, right = value >> half, value & mask
        for round_no in range(_ROUNDS):
            message = bytes((round_no,)) + right.to_bytes(4, "big") + scope.encode()
            digest = hashlib.blake2b(message, digest_size=8, key=key, person=_PERSON).digest()
            left, right = right, left ^ (int.from_bytes(digest, "big") & mask)
        value = left << half | right
        if value < size:
            return value


def spell(value: int, length: int) -> str:
    """A number below 31^length in so many letters."""
    letters = []
    for _ in range(length):
        value, digit = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def case_number(region_code: str, year: int, code: str) -> str:
    """530102-2026-7K3F. Raises ValueError when a part is not of its form."""
    _require_parts(region_code, year, code)
    return f"{region_code}-{year}-{code}"


def parse_case_number(text: str) -> str | None:
    """The number as it is stored, from how it was typed: lower case, full-width, spaces, other or no hyphens. Else None."""
    found = _CASE_NUMBER.fullmatch(_HYPHENS.sub("", unicodedata.normalize("NFKC", text)).upper())
    return "-".join(found.groups()) if found else None


def paper_number(kind_zh: str, year: int, region_code: str, code: str) -> str:
    """督办〔2026〕530102-7K3F号: the usual form of a document number (GB/T 9704), with the code in place of a serial."""
    _require_parts(region_code, year, code)
    return f"{kind_zh}〔{year}〕{region_code}-{code}号"


def parse_paper_number(text: str) -> tuple[str, str] | None:
    """The word of a document number and the number as it is stored: other or no brackets and hyphens, 号 or none. Else None."""
    plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS).upper()
    found = _PAPER_NUMBER.fullmatch(_HYPHENS.sub("", plain))
    if found is None:
        return None
    word, year, region_code, code = found.groups()
    return word, paper_number(word, int(year), region_code, code)


def parse_code(text: str) -> str:
    """What may be the last part of a case number, as it is stored; else ""."""
    code = _HYPHENS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return code if _CODE.fullmatch(code) else ""


def _require_parts(region_code: str, year: int, code: str) -> None:
    if not _REGION.fullmatch(region_code):
        raise ValueError("a region code has six digits")
    if not 1900 <= year <= 2099:
        raise ValueError("the year has four digits")
    if not _CODE.fullmatch(code):
        raise ValueError("a code has four or five characters of the alphabet")
