"""Files at rest: sealed in chunks, so that neither writing nor reading holds more than one of them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from core.crypto.aead import derive_key
from core.crypto.errors import SealBroken
from core.crypto.keyring import key_ring
from core.crypto.sealing import OVERHEAD_BYTES, open_sealed, seal

CHUNK = 1 << 20
_KEPT = "exports"


def path_of(file_key: UUID) -> Path:
    """Where the sealed file lies."""
    return Path(settings.VAR_DIR) / "files" / _KEPT / str(file_key)


def _key(file_key: UUID, key_id: str) -> bytes:
    return derive_key(key_ring().derive("file", key_id), b"caremgmt/v1/file/" + file_key.bytes)


def store(source: Path, file_key: UUID) -> None:
    """Seal `source` into the store. The place of each chunk and whether it is the last one are bound into its seal."""
    target = path_of(file_key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_id = key_ring().current_id
    key = _key(file_key, key_id)
    partial = target.with_suffix(".part")
    with (
        source.open("rb") as plain,
        os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sealed,
    ):
        sealed.write(bytes([len(key_id)]) + key_id.encode())
        chunk, number = plain.read(CHUNK), 0
        while True:
            following = plain.read(CHUNK)
            concept = _concept(number, last=not following)
            sealed.write(seal(key, chunk, concept=concept, row_id=file_key, algorithm=settings.FIELD_ALGORITHM))  # type: ignore[arg-type]
            if not following:
                break
            chunk, number = following, number + 1
    partial.replace(target)


def _concept(number: int, *, last: bool) -> str:
    return f"file.{number}{'.end' if last else ''}"


def opened(file_key: UUID) -> Iterator[bytes]:
    """The plain chunks. FileNotFoundError when it is gone, SealBroken when it was changed or cut off."""
    with path_of(file_key).open("rb") as sealed:
        length = sealed.read(1)
        if not length:
            raise SealBroken("empty")
        key = _key(file_key, sealed.read(length[0]).decode("ascii"))
        chunk, number = sealed.read(CHUNK + OVERHEAD_BYTES), 0
        while chunk:
            following = sealed.read(CHUNK + OVERHEAD_BYTES)
            yield open_sealed(key, chunk, concept=_concept(number, last=not following), row_id=file_key)
            chunk, number = following, number + 1


def destroy(file_key: UUID) -> None:
    """Take the file away."""
    path_of(file_key).unlink(missing_ok=True)


def clear(folder: Path, *, older_than: dt.timedelta) -> None:
    """Take away what lies in `folder` and has not changed for so long, nor anything within it."""
    since = time.time() - older_than.total_seconds()
    for entry in folder.iterdir() if folder.is_dir() else ():
        if _changed(entry) >= since:
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _changed(entry: Path) -> float:
    """The newest change of an entry and of all within it; of what has just been taken away: now."""
    try:
        return max(path.stat().st_mtime for path in (entry, *entry.rglob("*")))
    except FileNotFoundError:
        return time.time()
