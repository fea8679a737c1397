"""Polls of the reports room: beat asks, the database knows."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from reports.exports import job
from reports.services import months


@shared_task(name="reports.tasks.months_poll")
def months_poll() -> int:
    """Compute what is due, and take up exports that a worker left lying. Returns how many computations ran."""
    job.sweep()
    return sum(outcome.ran for outcome in months.poll())


@shared_task(name="reports.tasks.export_run")
def export_run(job_id: str) -> bool:
    """Carry out one export."""
    return job.run(UUID(job_id))
