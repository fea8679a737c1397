"""The ends of the log, kept outside the database: what its owner cuts off at the newest end breaks no link, but is missed here.

Every hour one signed line goes to a file (`settings.LOG_HEADS`), which can be sent to another body: the newest link of each office's
chain that has grown since the line before, and a hash over the audit's rows since then (security.md, Logs). The file holds ids, counts and hashes alone.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings

from core import clock
from core.crypto.keyring import key_ring
from core.identity import acting_as, worker_identity
from core.models import Audit, LogSeal

# No verb lasts so long: what is older has been committed or never will be.
SETTLED = dt.timedelta(minutes=5)
TAIL = 65536  # bytes of the file's end that are read for its last line
LINES_AT_ONCE = 500
_AUDITED = (
    "id", "at", "verb", "actor_id", "actor_name", "actor_role", "actor_agency", "object_type", "object_id", "subject",
    "case_id", "office_id", "request_key", "detail",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What comparing with the file found."""

    lines: int  # that were compared
    newest: dt.datetime | None
    broken_lines: tuple[int, ...] = ()  # by number in the file: not signed by us, or not following the one before
    shortened: tuple[UUID | None, ...] = ()  # offices whose chain no longer has a link that was kept
    audit_gaps: tuple[int, ...] = ()  # lines whose part of the audit is not what it was

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing and nothing was changed."""
        return not (self.broken_lines or self.shortened or self.audit_gaps)


def _path() -> Path:
    return Path(settings.LOG_HEADS)


def _sign(line: dict[str, Any], previous: str) -> str:
    text = json.dumps(line, sort_keys=True) + previous
    return hmac.new(key_ring().derive("seal"), b"caremgmt/v1/heads/" + text.encode(), hashlib.sha256).hexdigest()


def _audit(after: dt.datetime | None, until: dt.datetime) -> tuple[int, str]:
    rows = Audit.objects.filter(at__lte=until)
    if after is not None:
        rows = rows.filter(at__gt=after)
    hashed, count = hashlib.sha256(), 0
    for values in rows.order_by("at", "id").values_list(*_AUDITED).iterator(chunk_size=2000):
        count += 1
        text = json.dumps([str(value) if not isinstance(value, dict) else value for value in values], sort_keys=True)
        hashed.update(f"{len(text)}:{text}".encode())
    return count, hashed.hexdigest()


def _lines() -> Iterator[dict[str, Any]]:
    if not _path().exists():
        return
    with _path().open(encoding="utf-8") as file:
        for text in file:
            try:
                line = json.loads(text)
            except ValueError:
                line = None
            yield line if isinstance(line, dict) else {}


def _newest(file: IO[bytes]) -> dict[str, Any]:
    """The last line, read from the end: the file grows for years."""
    end, tail = file.seek(0, os.SEEK_END), b""
    while end > 0 and tail.strip().count(b"\n") == 0:
        start = max(0, end - TAIL)
        file.seek(start)
        tail, end = file.read(end - start) + tail, start
    last = tail.strip().rsplit(b"\n", 1)[-1]
    try:
        line = json.loads(last) if last else {}
    except ValueError:
        line = {}
    return line if isinstance(line, dict) else {}


def keep() -> bool:
    """Write the next line. False where the clock has not moved on since the last one. As the worker; one writer at a time."""
    _path().parent.mkdir(parents=True, exist_ok=True)
    with _path().open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = _newest(file)
        after = dt.datetime.fromisoformat(before["until"]) if before.get("until") else None
        until = clock.now() - SETTLED
        if after is not None and until <= after:
            return False
        with acting_as(worker_identity("log-heads")):
            links = LogSeal.objects.filter(at__gt=after - SETTLED) if after else LogSeal.objects.all()
            heads = links.order_by("office_id", "-number").distinct("office_id")
            found = [[str(head.office_id or ""), head.number, bytes(head.digest).hex()] for head in heads]
            count, digest = _audit(after, until)
        line = {"at": clock.now().isoformat(), "until": until.isoformat(), "heads": found, "audit": [count, digest]}
        signed = line | {"signature": _sign(line, str(before.get("signature", "")))}
        file.write(json.dumps(signed, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _missing(kept: dict[UUID | None, dict[int, str]]) -> set[UUID | None]:
    """Offices of which a link that was kept is not there, or is another one. One query for each office."""
    found = set()
    for office_id, links in kept.items():
        rows = LogSeal.objects.filter(office_id=office_id, number__in=links).values_list("number", "digest")
        if {number: bytes(digest).hex() for number, digest in rows} != links:
            found.add(office_id)
    return found


def compare(since: dt.datetime | None = None) -> Kept:
    """Whether what was kept (with `since`: from then on) is still there, as the auditor reads it. The file itself is read from its first line.

    One query for each line's part of the audit, and one for each office in a batch of lines.
    """
    broken, gaps, shortened = [], [], set()
    kept: dict[UUID | None, dict[int, str]] = {}
    previous, after, newest, count, compared = "", None, None, 0, 0
    for count, line in enumerate(_lines(), start=1):
        unsigned = {name: value for name, value in line.items() if name != "signature"}
        signature = str(line.get("signature", ""))
        if not unsigned or not hmac.compare_digest(_sign(unsigned, previous), signature):
            broken.append(count)
            previous = signature
            continue
        previous, until, newest = (
            signature,
            dt.datetime.fromisoformat(line["until"]),
            dt.datetime.fromisoformat(line["at"]),
        )
        if since is None or newest >= since:
            compared += 1
            for office, number, digest in line["heads"]:
                kept.setdefault(UUID(office) if office else None, {})[number] = digest
            if list(_audit(after, until)) != line["audit"]:
                gaps.append(count)
        if compared % LINES_AT_ONCE == 0:
            shortened |= _missing(kept)
            kept = {}
        after = until
    shortened |= _missing(kept)
    return Kept(compared, newest, tuple(broken), tuple(sorted(shortened, key=str)), tuple(gaps))
