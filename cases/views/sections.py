"""The running text of a case, section by section."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.enums import TEXT_SECTIONS, Section
from cases.forms.records import SectionForm
from cases.models import SectionText
from cases.services.case import section_write
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.scope import MANAGERS, READERS, View, case_view, changing_case, note_view
from core import keys
from core.errors import NotFound
from core.views import Asked, page, request_key, seen_version


def _text(seen: View, code: str) -> SectionText | None:
    keys.preload([seen.case.pk])
    return SectionText.objects.visible_to(seen.by).filter(case_id=seen.case.pk, section=code).first()


def _version(seen: View, code: str) -> int:
    row = _text(seen, code)
    return row.version if row else 0


@page(*MANAGERS, methods=GET_POST)
def section(request: Asked, pk: UUID, code: str) -> HttpResponse:
    """Write one section; what somebody else wrote meanwhile stands beside what was typed."""
    seen = changing_case(request, pk)
    if code not in [one.value for one in TEXT_SECTIONS] or not seen.shows(code):
        raise NotFound
    row = _text(seen, code)
    title = Section(code).label
    form = SectionForm(request.POST or None, initial={"text": row.text if row else ""})
    note_view(seen, [code], "section")

    def compare() -> list[dict[str, Any]]:
        # No history of the text is asked for: what stands there now beside what was typed is what she has to decide on.
        now = _text(seen, code)
        before = now.history.filter(version=seen_version(request) or 0).first() if now else None
        return [
            {
                "field": title,
                "was": before.text if before else "",
                "now": now.text if now else "",
                "yours": form.cleaned_data["text"],
            }
        ]

    return act(
        request, form,
        lambda data: section_write(
            case_id=pk, section=code, by=seen.by, version=seen_version(request) or 0, text=data["text"], key=request_key(request)),
        to=f"{reverse('cases:detail', args=[pk])}#panel-texts", said=_("The text is saved."), template="cases/case_section.html",
        version=lambda: _version(seen, code), compare=compare, case=seen.case, title=title, row=row,
    )  # fmt: skip


@page(*READERS)
def text_panel(request: Asked, pk: UUID) -> HttpResponse:
    """All texts that are open to the viewer."""
    seen = case_view(request, pk)
    if seen.is_desk:
        raise NotFound
    keys.preload([pk])
    rows = {row.section: row for row in SectionText.objects.visible_to(seen.by).filter(case_id=pk)}
    parts = [{"section": one, "row": rows.get(one.value)} for one in TEXT_SECTIONS if seen.shows(one)]
    note_view(seen, rows.keys(), "texts")
    return render(request, "cases/_case_texts.html", {"parts": parts, "seen": seen, "case": seen.case})
