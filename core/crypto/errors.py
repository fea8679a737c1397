"""Errors of the encryption layer. Their texts never hold key material, plaintext or ciphertext."""


class KeyRingError(ValueError):
    """The configured key ring cannot be read; the message says which entry, never its secret."""


class SealBroken(Exception):
    """A sealed value or wrapped key is malformed, was changed, was moved, or is opened with another key."""


class UnknownKey(SealBroken):
    """A wrapped key names a ring key that this process does not hold."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"key {key_id!r} is not on the ring")
        self.key_id = key_id
