"""Polls of the reports room: beat asks, the database knows."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from reports.exports import job
from reports.periods import parse_month
from reports.services import compute, months


@shared_task(name="reports.tasks.months_poll")
def months_poll() -> int:
    """Compute what is due, and take up exports that a worker left lying. Returns how many computations ran."""
    job.sweep()
    return sum(outcome.ran for outcome in months.poll())


@shared_task(name="reports.tasks.month_compute")
def month_compute(month: str) -> int:
    """Compute one month (2022-11) for all offices. Returns how many facts were added."""
    day = parse_month(month, "month")
    return compute.compute_months(day, day).added


@shared_task(name="reports.tasks.export_run")
def export_run(job_id: str) -> bool:
    """Carry out one export."""
    return job.run(UUID(job_id))
