"""The key ring and the seal: what was sealed opens again, and nothing else opens."""

import base64
import hashlib
import hmac
import pickle
import uuid
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers import algorithms as ciphers
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import (
    ALGORITHMS,
    Algorithm,
    KeyRing,
    KeyRingError,
    SealBroken,
    UnknownKey,
    key_ring,
    new_data_key,
    open_sealed,
    seal,
)
from core.crypto.keyring import PURPOSES, Purpose

ROW = uuid.UUID("6f1f7c1e-7f5c-4d5e-9a39-2f4a8b7f6a10")
OLD, NEW = bytes(range(32)), bytes(range(32, 64))

keys = st.binary(min_size=32, max_size=32)
algorithms = st.sampled_from(ALGORITHMS)


@given(key=keys, plaintext=st.binary(max_size=300), concept=st.text(max_size=30), row=st.uuids(), algorithm=algorithms)
def test_sealed_value_opens_with_its_key_concept_and_row(
    key: bytes, plaintext: bytes, concept: str, row: uuid.UUID, algorithm: Algorithm
) -> None:
    blob = seal(key, plaintext, concept=concept, row_id=row, algorithm=algorithm)
    assert open_sealed(key, blob, concept=concept, row_id=row) == plaintext
    assert len(blob) == len(plaintext) + 30


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_change_of_any_byte_breaks_the_seal(algorithm: Algorithm) -> None:
    key = new_data_key()
    blob = seal(key, "张三".encode(), concept="person.name", row_id=ROW, algorithm=algorithm)
    for position in range(len(blob)):
        for mask in (0x01, 0x03, 0x80):
            changed = bytearray(blob)
            changed[position] ^= mask
            with pytest.raises(SealBroken):
                open_sealed(key, bytes(changed), concept="person.name", row_id=ROW)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_cut_or_lengthened_value_breaks_the_seal(algorithm: Algorithm) -> None:
    key = new_data_key()
    blob = seal(key, b"secret", concept="c", row_id=ROW, algorithm=algorithm)
    for length in range(len(blob)):
        with pytest.raises(SealBroken):
            open_sealed(key, blob[:length], concept="c", row_id=ROW)
    with pytest.raises(SealBroken):
        open_sealed(key, blob + b"\0", concept="c", row_id=ROW)


@given(other=st.uuids().filter(lambda value: value != ROW), algorithm=algorithms)
def test_value_moved_to_another_row_does_not_open(other: uuid.UUID, algorithm: Algorithm) -> None:
    blob = seal(OLD, b"x", concept="person.name", row_id=ROW, algorithm=algorithm)
    with pytest.raises(SealBroken):
        open_sealed(OLD, blob, concept="person.name", row_id=other)


@given(concept=st.text(max_size=40).filter(lambda value: value != "person.name"), algorithm=algorithms)
def test_value_shown_as_another_concept_does_not_open(concept: str, algorithm: Algorithm) -> None:
    blob = seal(OLD, b"x", concept="person.name", row_id=ROW, algorithm=algorithm)
    with pytest.raises(SealBroken):
        open_sealed(OLD, blob, concept=concept, row_id=ROW)


def test_other_data_key_does_not_open() -> None:
    with pytest.raises(SealBroken):
        open_sealed(NEW, seal(OLD, b"x", concept="c", row_id=ROW), concept="c", row_id=ROW)


def test_equal_values_are_sealed_differently() -> None:
    assert len({seal(OLD, b"x", concept="c", row_id=ROW) for _ in range(100)}) == 100


def test_memoryview_from_the_database_opens() -> None:
    blob = memoryview(seal(OLD, b"x", concept="c", row_id=ROW))
    assert open_sealed(OLD, blob, concept="c", row_id=ROW) == b"x"  # type: ignore[arg-type]


def test_short_key_and_unknown_cipher_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(b"short", b"x", concept="c", row_id=ROW)
    with pytest.raises(ValueError, match="unknown cipher"):
        seal(OLD, b"x", concept="c", row_id=ROW, algorithm="rot13")  # type: ignore[arg-type]


def test_new_data_keys_differ() -> None:
    assert len(new_data_key()) == 32
    assert new_data_key() != new_data_key()


@given(data_key=keys, aad=st.binary(max_size=60), algorithm=algorithms)
def test_wrapped_key_unwraps(data_key: bytes, aad: bytes, algorithm: Algorithm) -> None:
    ring = KeyRing([("k1", OLD)], algorithm=algorithm)
    assert ring.unwrap(ring.wrap(data_key, aad), aad) == data_key


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_change_of_any_byte_of_a_wrapped_key_is_noticed(algorithm: Algorithm) -> None:
    ring = KeyRing([("k1", OLD), ("k0", NEW)], algorithm=algorithm)
    blob = ring.wrap(new_data_key(), b"case")
    for position in range(len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 0x01
        with pytest.raises(SealBroken):
            ring.unwrap(bytes(changed), b"case")
    for length in range(len(blob)):
        with pytest.raises(SealBroken):
            ring.unwrap(blob[:length], b"case")


def test_wrapped_key_of_one_row_does_not_serve_another() -> None:
    ring = KeyRing([("k1", OLD)])
    with pytest.raises(SealBroken):
        ring.unwrap(ring.wrap(new_data_key(), b"row 1"), b"row 2")


def test_ring_rotates() -> None:
    data_key = new_data_key()
    before = KeyRing([("k1", OLD)])
    during = KeyRing([("k2", NEW), ("k1", OLD)])
    after = KeyRing([("k2", NEW)])
    blob = before.wrap(data_key, b"row")
    assert not before.needs_rewrap(blob)
    assert during.unwrap(blob, b"row") == data_key
    assert during.needs_rewrap(blob)
    moved = during.rewrap(blob, b"row")
    assert not during.needs_rewrap(moved)
    assert after.unwrap(moved, b"row") == data_key
    with pytest.raises(UnknownKey):
        after.unwrap(blob, b"row")


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_what_is_stored_without_a_key_id_outlives_a_new_key(purpose: Purpose) -> None:
    """A fingerprint of tomorrow meets that of yesterday: else nobody would be walled off, and nothing would say so."""
    before, after = KeyRing([("k1", OLD)]), KeyRing([("k2", NEW), ("k1", OLD)])
    assert (after.derive(purpose) == before.derive(purpose)) is (
        purpose in {"blind", "number", "seal", "mfa", "casecode"}
    )
    assert after.derive(purpose, "k1") == before.derive(purpose)


def test_change_of_cipher_asks_for_a_new_wrap() -> None:
    blob = KeyRing([("k1", OLD)]).wrap(new_data_key(), b"row")
    assert KeyRing([("k1", OLD)], algorithm="sm4-gcm").needs_rewrap(blob)


def test_purposes_and_keys_derive_different_secrets() -> None:
    ring = KeyRing([("k2", NEW), ("k1", OLD)])
    purposes = ("wrap", "blind", "identity", "seal", "file", "number", "mfa", "casecode")
    secrets = {ring.derive(purpose, key_id) for purpose in purposes for key_id in ring.key_ids}  # type: ignore[arg-type]
    assert len(secrets) == 16
    assert all(len(secret) == 32 for secret in secrets)
    assert ring.derive("wrap") == ring.derive("wrap", "k2")
    assert KeyRing([("k1", OLD)]).derive("number") == ring.derive("number", "k1")


def test_derived_secret_is_the_one_of_rfc_5869() -> None:
    """Computed by hand with HMAC, so that a change of library or label cannot silently orphan stored data."""
    extracted = hmac.new(bytes(32), OLD, hashlib.sha256).digest()
    expected = hmac.new(extracted, b"caremgmt/v1/blind\x01", hashlib.sha256).digest()
    assert KeyRing([("k1", OLD)]).derive("blind") == expected


def test_unknown_purpose_and_unknown_key_are_refused() -> None:
    ring = KeyRing([("k1", OLD)])
    with pytest.raises(ValueError, match="purpose"):
        ring.derive("wages")  # type: ignore[arg-type]
    with pytest.raises(UnknownKey):
        ring.derive("blind", "k9")


def test_ring_is_read_from_text_with_the_current_key_first() -> None:
    text = f" k2:{base64.b64encode(NEW).decode()}, k1:{base64.urlsafe_b64encode(OLD).decode().rstrip('=')} ,"
    ring = KeyRing.parse(text)
    assert ring.key_ids == ("k2", "k1")
    assert ring.current_id == "k2"
    assert ring.derive("wrap", "k1") == KeyRing([("k1", OLD)]).derive("wrap")


def test_missing_setting_is_an_error_and_not_a_made_up_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.crypto.keyring.settings", SimpleNamespace(CAREMGMT_KEYS=""))
    with pytest.raises(KeyRingError):
        key_ring()


def test_ring_of_the_settings_follows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = SimpleNamespace(CAREMGMT_KEYS="k1:" + base64.b64encode(OLD).decode(), FIELD_ALGORITHM="sm4-gcm")
    monkeypatch.setattr("core.crypto.keyring.settings", fake)
    ring = key_ring()
    assert ring is key_ring()
    assert not ring.needs_rewrap(KeyRing([("k1", OLD)], algorithm="sm4-gcm").wrap(NEW, b""))
    fake.CAREMGMT_KEYS = "k2:" + base64.b64encode(NEW).decode()
    assert key_ring().current_id == "k2"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        base64.b64encode(OLD).decode(),
        "k1:not base64!",
        "k1:" + base64.b64encode(b"short").decode(),
        "k 1:" + base64.b64encode(OLD).decode(),
        ":" + base64.b64encode(OLD).decode(),
        ",".join(["k1:" + base64.b64encode(OLD).decode()] * 2),
    ],
)
def test_unreadable_ring_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(KeyRingError) as caught:
        KeyRing.parse(text)
    assert base64.b64encode(OLD).decode() not in str(caught.value)


def test_ring_neither_shows_nor_pickles_its_secrets() -> None:
    ring = KeyRing([("k1", OLD)])
    assert repr(ring) == "<KeyRing k1>"
    with pytest.raises(TypeError):
        pickle.dumps(ring)


def test_sm4_gcm_matches_the_published_vector() -> None:
    """RFC 8998, A.1: the library's SM4-GCM is the standard's, not a lookalike."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    aad = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plaintext = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    encryptor = Cipher(ciphers.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    assert encryptor.tag == bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")
    assert ciphertext[:16] == bytes.fromhex("17F399F08C67D5EE19D0DC9969C4BB7D")
