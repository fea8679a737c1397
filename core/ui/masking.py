"""Values that are shown masked until somebody asks for them with a reason."""

from __future__ import annotations

import re


def mask_phone(value: str | None) -> str:
    """`138****5678`; of a landline the area code and the last three digits stay."""
    text = (value or "").strip()
    digits = re.sub(r"\D", "", text)
    if not digits:
        return ""
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 10 and digits.startswith("0"):
        return f"{digits[:4]}****{digits[-3:]}"
    return "****" + digits[-3:] if len(digits) > 4 else "****"


def mask_id(value: str | None) -> str:
    """`530***********1234`: enough to compare two papers, not enough to use."""
    text = (value or "").strip().upper()
    if not text:
        return ""
    if len(text) < 9:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
