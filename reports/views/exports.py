"""Exports: ask for one, see how far it is, take it away or stop it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import access
from core.errors import DomainError, DuplicateRequest, NotFound
from core.models.job import Job
from core.months import shift
from core.views import Asked, page, request_key
from reports.exports import files
from reports.exports import job as service
from reports.exports.formats import MIME, Format
from reports.exports.job import EXPORTERS
from reports.forms import ExportForm
from reports.periods import this_month
from reports.views.common import asked_range, tabs

SHOWN = 20
ERRORS = {
    "no_export": gettext_lazy("Your role does not export any more."),
    "": gettext_lazy("It failed. Start it again."),
}
TONES = {"waiting": "neutral", "running": "info", "done": "ok", "failed": "danger", "cancelled": "neutral"}
LABELS = {
    "waiting": gettext_lazy("Waiting"), "running": gettext_lazy("Being made"), "done": gettext_lazy("Finished"), "failed": gettext_lazy("Failed"),
    "cancelled": gettext_lazy("Cancelled"),
}  # fmt: skip


@page(*EXPORTERS, methods=("GET", "HEAD", "POST"))
def exports(request: Asked) -> HttpResponse:
    """The own exports, and the form that starts one."""
    by = request.identity
    finished = shift(this_month(), -1)  # the figures of the running month are not those of a report
    start = {"first": f"{finished:%Y}-01", "last": f"{finished:%Y-%m}", "format": Format.XLSX}
    asked = {name: request.GET.get(name, value) for name, value in start.items()}
    asked |= {name: asked_range(request, name, start[name]) for name in ("first", "last")}
    form = ExportForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            service.export_start(
                by=by,
                period=form.cleaned_data["period"],
                file_format=form.cleaned_data["format"],
                key=request_key(request),
            )
            messages.success(request, _("The export has begun. You may leave this page and come back."))
            return redirect("reports:exports")
        except DuplicateRequest:
            return redirect("reports:exports")
        except DomainError as error:
            if error.status != 422:
                raise
            form.add_error(error.field, error.message)
    jobs = [_shown(job, by) for job in service.exports_of(by)[:SHOWN]]
    context = {"tabs": tabs(by, "exports"), "form": form, "jobs": jobs}
    return render(request, "reports/export_list.html", context, status=422 if form.errors else 200)


def _shown(job: Job, by: Any) -> dict[str, Any]:
    failed = ERRORS.get(job.error, ERRORS[""]) if job.status == Job.Status.FAILED else ""
    return {
        "job": job, "period": f"{job.parameters['from']} – {job.parameters['to']}", "format": Format(job.parameters["format"]).label,
        "running": job.status in service.RUNNING, "failed": failed, "max": max(job.total, 1), "label": LABELS[job.status], "tone": TONES[job.status],
        "file": job.status == Job.Status.DONE and job.file_key and service.may_open(job, by),
    }  # fmt: skip


def _own(request: Asked, pk: UUID) -> Job:
    job = service.exports_of(request.identity).filter(pk=pk).first()
    if job is None:
        raise NotFound
    return job


@page(*EXPORTERS)
def progress(request: Asked, pk: UUID) -> HttpResponse:
    """One export as it stands; asks again by itself while it runs."""
    return render(request, "reports/_export_row.html", {"item": _shown(_own(request, pk), request.identity)})


@page(*EXPORTERS, methods=("POST",))
def cancel(request: Asked, pk: UUID) -> HttpResponse:
    """Stop an own export."""
    service.export_cancel(job_id=pk, by=request.identity, key=request_key(request))
    messages.success(request, _("The export is cancelled."))
    return redirect("reports:exports")


@page(*EXPORTERS)
def download(request: Asked, pk: UUID) -> Any:
    """The file, opened chunk by chunk, if today's rights still cover it."""
    job = _own(request, pk)
    if (
        job.status != Job.Status.DONE
        or job.file_key is None
        or not service.may_open(job, request.identity)
        or not files.path_of(job.file_key).exists()
    ):
        raise NotFound
    access.note(
        access.Action.EXPORT,
        object_type="core.job",
        object_id=job.pk,
        count=job.parameters.get("rows"),
        reason="download",
    )
    response = StreamingHttpResponse(files.opened(job.file_key), content_type=MIME[Format(job.parameters["format"])])
    disposition = content_disposition_header(as_attachment=True, filename=job.file_name)
    response["Content-Disposition"] = disposition or "attachment"
    return response
