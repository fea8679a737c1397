"""Papers of a case: listed, handed in, opened, withdrawn."""

from __future__ import annotations

import base64
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.forms.documents import PapersForm, WithdrawForm
from cases.models import Document
from cases.services.documents import document_add, document_body, document_withdraw, paper_sections
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, READERS, case_view, changing_case, note_view
from cases.views.services import there
from core import access, keys
from core.errors import NotFound
from core.views import Asked, page, request_key

SHOWN_AT_MOST = 100


@page(*READERS)
def document_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Papers of the sections that are open, newest first."""
    seen = case_view(request, pk)
    if seen.is_desk:
        raise NotFound
    keys.preload([pk])
    rows = list(Document.objects.visible_to(seen.by).filter(case_id=pk).order_by("-added_at", "pk")[:SHOWN_AT_MOST])
    note_view(seen, {row.section for row in rows}, "documents")
    return render(request, "cases/_case_documents.html", {"papers": rows, "seen": seen, "case": seen.case})


@page(*MANAGERS, methods=GET_POST)
def document_new(request: Asked, pk: UUID) -> HttpResponse:
    """Hand in papers."""
    seen = changing_case(request, pk)
    posted = request.method == "POST"
    form = PapersForm(
        request.POST if posted else None, request.FILES if posted else None, sections=paper_sections(seen.sections)
    )
    return act(
        request, form,
        lambda data: document_add(
            case_id=pk, by=seen.by, uploads=data["papers"], kind=data["kind"], section=data["section"], key=request_key(request)),
        to=there(pk, "papers"), said=_("The papers are with the case."), template=SIMPLE, case=seen.case, title=_("Add papers"),
        submit=_("Add the papers"), icon="paperclip",
    )  # fmt: skip


@page(*READERS)
def document(request: Asked, pk: UUID, document: UUID) -> HttpResponse:
    """The file itself, to be kept where its reader keeps such things: every taking is logged. It is never shown inside a page of ours."""
    seen = case_view(request, pk)
    if seen.is_desk:
        raise NotFound
    paper, body = document_body(document_id=document, case_id=pk, by=seen.by)
    access.note(
        access.Action.EXPORT, object_type="document", object_id=paper.pk, case_id=pk, office_id=paper.office_id, sections=[paper.section],
        reason="download",
    )  # fmt: skip
    digest = base64.b64encode(bytes.fromhex(paper.sha256)).decode()
    return HttpResponse(
        body, content_type=paper.type.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{paper.download_name}"', "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'; sandbox", "Repr-Digest": f"sha-256=:{digest}:",
        },
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def document_take_back(request: Asked, pk: UUID, document: UUID) -> HttpResponse:
    """Withdraw a paper, with a reason."""
    seen = changing_case(request, pk)
    paper = Document.objects.visible_to(seen.by).filter(pk=document, case_id=pk).first()
    if paper is None:
        raise NotFound
    note_view(seen, [paper.section], "document")
    return act(
        request, WithdrawForm(request.POST or None),
        lambda data: document_withdraw(document_id=document, by=seen.by, reason=data["reason"], key=request_key(request)),
        to=there(pk, "papers"), said=_("The paper is withdrawn."), template=SIMPLE, case=seen.case, title=_("Withdraw a paper"),
        submit=_("Withdraw the paper"), icon="arrow-back-up", tone="danger",
        lead=_("“%(name)s” is then seen by the centre alone. It is not deleted.") % {"name": paper.name},
    )  # fmt: skip
