"""Exports as jobs: asked for by a person, run by the worker with that person's rights of the moment, kept sealed, found again.

A job is claimed by writing a token and a time into its row; each step writes the time anew. A claim that has not been renewed for a
minute belongs to a worker that is gone, and the poll gives the job to another one: it begins again from the first table.
"""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.enums import Role
from agencies.identities import identity_of_user
from agencies.models import User
from core import access, clock, engine, outbox
from core.engine import Act
from core.errors import DomainError, NotAllowed
from core.identity import WEB, Identity, acting_as, worker_identity
from core.models.job import Job
from core.models.outbox import OutboxItem
from reports.exports import files
from reports.exports.formats import SUFFIX, WRITERS, Format
from reports.exports.sheets import makers
from reports.periods import Period
from reports.standing import Standing

log = logging.getLogger(__name__)
KIND = "reports.export"
EXPORTERS = (Role.DIRECTOR, Role.SUPERVISOR, Role.PROVINCE)
CLAIM = dt.timedelta(seconds=60)
KEPT = dt.timedelta(days=7)
LEFT = dt.timedelta(hours=1)  # nobody writes any more what has not changed for so long: far beyond the longest step
RUNNING = (Job.Status.WAITING, Job.Status.RUNNING)


class Stopped(Exception):
    """The job was cancelled, or another worker has taken it over."""


def exports_of(by: Identity) -> QuerySet[Job]:
    """The own exports, newest first."""
    own = Job.objects.filter(user_id=by.user_id, kind=KIND)  # type: ignore[misc]
    return own.order_by("-created_at")


def may_open(job: Job, by: Identity) -> bool:
    """Whether today's rights still cover what the file holds."""
    held = job.parameters.get("scope") or {}
    regions_held = all(any(region.startswith(prefix) for prefix in by.regions) for region in held.get("regions", []))
    offices_held = set(held.get("offices", [])) <= {str(office) for office in by.case_offices}
    return job.user_id == by.user_id and by.has(*EXPORTERS) and regions_held and offices_held


def export_start(*, by: Identity, period: Period, file_format: str, key: UUID | None = None) -> Job:
    """Ask for an export. Raises NotAllowed, DomainError("bad_format", "running"), DuplicateRequest."""
    if not by.has(*EXPORTERS):
        raise NotAllowed("no_export", _("Your role does not export."))
    if file_format not in Format.values:
        raise DomainError("bad_format", _("Choose one of the formats."), field="format")
    if exports_of(by).filter(status__in=RUNNING).count() >= 3:
        raise DomainError("running", _("Three of your exports are still running."))
    parameters = {
        "from": f"{period.first:%Y-%m}",
        "to": f"{period.last:%Y-%m}",
        "format": file_format,
        "language": get_language() or "zh-hans",
    }
    job = Job(id=uuid4(), kind=KIND, parameters=parameters, user_id=by.user_id, created_at=clock.now())  # type: ignore[misc]

    def write(act: Act[Job]) -> Job:
        act.object.save(force_insert=True)
        outbox.put(KIND, subject=job.pk, key=f"{KIND}:{job.pk}", job=str(job.pk))
        act.detail |= parameters
        return act.object

    return engine.create("export.start", by=by, row=job, write=write, key=key)


def export_cancel(*, job_id: UUID, by: Identity, key: UUID | None = None) -> Job:
    """Stop an own export. Raises NotFound, DomainError("finished")."""

    def write(act: Act[Job]) -> Job:
        if act.object.status not in RUNNING:
            raise DomainError("finished", _("This export has finished already."))
        act.object.status, act.object.finished_at = Job.Status.CANCELLED, act.now
        return act.object

    return engine.change("export.cancel", by=by, scope=exports_of(by), pk=job_id, write=write, key=key)


@outbox.register(KIND)
def hand_over(item: OutboxItem) -> None:
    """Ring for a worker once the job's row is committed; a lost bell is made good by the poll."""
    from reports.tasks import export_run

    transaction.on_commit(partial(outbox.ring, export_run, item.arguments["job"]))


def waiting() -> list[UUID]:
    """Jobs that nobody is working on, oldest first."""
    stale = clock.now() - CLAIM
    with acting_as(worker_identity("exports")):
        rows = Job.objects.filter(kind=KIND, status__in=RUNNING).order_by("created_at")
        return [job.pk for job in rows if job.created_at < stale and _claimed_at(job) < stale]


def _claimed_at(job: Job) -> dt.datetime:
    text = job.parameters.get("claimed_at")
    return dt.datetime.fromisoformat(text) if text else dt.datetime.min.replace(tzinfo=dt.UTC)


def _claim(job_id: UUID) -> tuple[Job, str] | None:
    token = uuid4().hex
    with acting_as(worker_identity("exports")):
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, kind=KIND, status__in=RUNNING).first()
        if job is None or (job.status == Job.Status.RUNNING and _claimed_at(job) > clock.now() - CLAIM):
            return None
        job.status, job.done = Job.Status.RUNNING, 0
        job.parameters |= {"token": token, "claimed_at": clock.now().isoformat()}
        job.save(update_fields=["status", "done", "parameters"])
        return job, token


def _update(job: Job, token: str, **values: object) -> None:
    """Write progress. Raises Stopped when the job is no longer ours."""
    with acting_as(worker_identity("exports")):
        row = Job.objects.select_for_update().get(pk=job.pk)
        if row.status != Job.Status.RUNNING or row.parameters.get("token") != token:
            raise Stopped
        row.parameters |= {"claimed_at": clock.now().isoformat()} | (values.pop("parameters", {}) or {})  # type: ignore[operator]
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def _asker(job: Job) -> Identity:
    with acting_as(worker_identity("exports")):
        user = User.objects.filter(pk=job.user_id, is_active=True).first()
        identity = identity_of_user(user) if user else None
    if identity is None or not identity.has(*EXPORTERS):
        raise NotAllowed("no_export", _("Your role does not export."))
    return identity


def run(job_id: UUID) -> bool:
    """Carry out one export, if nobody else does. True when this call finished it."""
    claimed = _claim(job_id)
    if claimed is None:
        return False
    job, token = claimed
    try:
        with translation.override(job.parameters["language"]):
            _make(job, token)
    except Stopped:
        return False
    except Exception as error:  # noqa: BLE001 - whatever happened, the person must find it said on the page
        code = error.code if isinstance(error, DomainError) else type(error).__name__
        log.error("export %s failed: %s", job.pk, code)
        try:
            _update(job, token, status=Job.Status.FAILED, error=code[:64], finished_at=clock.now())
        except Stopped:
            pass
        return False
    return True


def _making() -> Path:
    """Where plain files stand while they are written; a worker that is killed leaves its own there."""
    return Path(settings.VAR_DIR) / "files" / "making"


def _make(job: Job, token: str) -> None:
    by = _asker(job)
    period = Period.read(job.parameters["from"], job.parameters["to"])
    chosen = Format(job.parameters["format"])
    steps = makers(by, period)
    _update(job, token, total=len(steps) + 1)
    folder = _making()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Before the tables: what is locked meanwhile is rather called open than the other way round.
    with acting_as(by, role=WEB):
        standing = Standing.read(by, period)
    rows = 0
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = Path(place) / f"export.{SUFFIX[chosen]}"
        with WRITERS[chosen](path, period=period, agency=by.agency, asked_by=by.name, standing=standing) as writer:
            for number, make in enumerate(steps, 1):
                with acting_as(by, role=WEB):
                    rows += writer.add(make())
                _update(job, token, done=number)
        file_key = uuid4()
        files.store(path, file_key)
    with acting_as(by, role=WEB):
        trail = access.begin(KIND)
        access.note(
            access.Action.EXPORT, by=by, object_type="core.job", object_id=job.pk, count=rows, reason="statistics"
        )
        access.flush(trail)
    scope = {"regions": sorted(by.regions), "offices": sorted(map(str, by.case_offices))}
    words = [
        _("Statistics"),
        f"{period.first:%Y-%m}",
        f"{period.last:%Y-%m}",
        *([] if standing.is_final else [_("not final")]),
    ]
    name = f"{'_'.join(words)}.{SUFFIX[chosen]}"
    try:
        _update(
            job, token, done=len(steps) + 1, status=Job.Status.DONE, finished_at=clock.now(), file_name=name, file_key=file_key,
            parameters={"scope": scope, "rows": rows},
        )  # fmt: skip
    except Stopped:
        files.destroy(file_key)  # no row knows it: nobody else would take it away
        raise


def sweep() -> int:
    """Take up what was left lying, and take away files that are old. Returns how many exports were finished."""
    _forget_old()
    files.clear(_making(), older_than=LEFT)
    return sum(run(job_id) for job_id in waiting())


def _forget_old() -> None:
    """The file goes first, then what the row knows of it: whoever dies in between leaves a row from which the next sweep goes on."""
    worker = worker_identity("exports")
    with acting_as(worker):
        old = list(Job.objects.filter(kind=KIND, file_key__isnull=False, finished_at__lt=clock.now() - KEPT))
    gone = []
    for job in old:
        try:
            files.destroy(job.file_key)  # type: ignore[arg-type]
        except OSError as error:
            log.error("export %s: its file stays: %s", job.pk, type(error).__name__)
            continue
        gone.append(job.pk)
    if gone:
        with acting_as(worker):
            Job.objects.filter(pk__in=gone).update(file_key=None)
