"""The two authenticated ciphers of the product: AES-256-GCM, and SM4-GCM where GB/T 39786 (密评) asks for it."""

import os
from typing import Final, Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.crypto.errors import SealBroken

Algorithm = Literal["aes-256-gcm", "sm4-gcm"]

ALGORITHMS: Final[tuple[Algorithm, ...]] = get_args(Algorithm)
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

# Written into stored headers: a number is never given to another cipher.
_CODE_OF: Final[dict[Algorithm, int]] = {"aes-256-gcm": 1, "sm4-gcm": 2}
_ALGORITHM_OF: Final[dict[int, Algorithm]] = {code: name for name, code in _CODE_OF.items()}


def algorithm_code(algorithm: Algorithm) -> int:
    """The header byte of a cipher. ValueError for a name that is not offered (a mistyped setting)."""
    try:
        return _CODE_OF[algorithm]
    except KeyError:
        raise ValueError(f"unknown cipher {algorithm!r}, choose from {', '.join(ALGORITHMS)}") from None


def algorithm_of_code(code: int) -> Algorithm:
    """The cipher of a header byte. SealBroken for a byte that this version does not know."""
    try:
        return _ALGORITHM_OF[code]
    except KeyError:
        raise SealBroken("unknown cipher in the header") from None


def require_key(key: bytes) -> None:
    """ValueError unless the key has 32 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")


def derive_key(secret: bytes, info: bytes) -> bytes:
    """32 bytes by HKDF-SHA256 (RFC 5869) without salt: the input is already uniform."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def _sm4(key: bytes) -> algorithms.SM4:
    # SM4 takes 128 bits. They are derived, not cut off, so that the two ciphers never share key bits.
    return algorithms.SM4(derive_key(key, b"caremgmt/v1/sm4")[:16])


def encrypt(algorithm: Algorithm, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Nonce (12 bytes, random), ciphertext, tag (16 bytes), in this order. The key has 32 bytes for both ciphers."""
    require_key(key)
    nonce = os.urandom(NONCE_BYTES)
    if algorithm == "aes-256-gcm":
        return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)
    encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return nonce + encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag


def decrypt(algorithm: Algorithm, key: bytes, box: bytes, aad: bytes) -> bytes:
    """What `encrypt` took. SealBroken when box, key or aad is not the one of then."""
    require_key(key)
    if len(box) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken("too short")
    nonce, body = box[:NONCE_BYTES], box[NONCE_BYTES:]
    try:
        if algorithm == "aes-256-gcm":
            return AESGCM(key).decrypt(nonce, body, aad)
        decryptor = Cipher(_sm4(key), modes.GCM(nonce, body[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(aad)
        return decryptor.update(body[:-TAG_BYTES]) + decryptor.finalize()
    except InvalidTag:
        raise SealBroken("does not verify") from None
