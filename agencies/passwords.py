"""First passwords: given by an administrator, good for one thing, which is to choose one's own."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read for another: such a password is copied from paper
_GROUPS, _LENGTH = 4, 4  # 79 bits


class FirstPasswordHasher(PBKDF2PasswordHasher):
    """Django's own, under another name: the stored hash itself says that an administrator knows the password.

    The mark stands where the password stands, so nothing can make them disagree: whatever way a new password comes, it is stored
    under the ordinary name.
    """

    algorithm = "first_pbkdf2_sha256"


def is_first(encoded: str) -> bool:
    """Whether a stored password is one that was given and not chosen."""
    return encoded.startswith(f"{FirstPasswordHasher.algorithm}$")


def made_up() -> str:
    """A password that nobody guesses and everybody can copy."""
    return "-".join("".join(secrets.choice(_SIGNS) for _sign in range(_LENGTH)) for _group in range(_GROUPS))
