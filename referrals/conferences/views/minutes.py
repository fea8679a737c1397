"""The texts of the minutes, saved together and by themselves every few seconds; who comes second gets both texts to merge."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from core import access, keys
from core.errors import DomainError, NotAllowed, NotFound, StaleVersion
from core.views import Asked, page, seen_version
from referrals.conferences.models import MinuteText
from referrals.conferences.services import minute_write
from referrals.conferences.views import READERS

LONGEST = 20_000


@dataclass(frozen=True)
class Typed:
    """One text as it came from a form."""

    row: MinuteText
    version: int | None
    text: str
    told: Any = ""  # why it was not saved, where nobody else wrote meanwhile


def _digest(text: str) -> str:
    return hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()[:16]


def mark_of(row: MinuteText) -> str:
    """What a form remembers of a text that it shows: its version, and whether somebody typed in it since."""
    return f"{row.version}.{_digest(row.text)}"


def _text(request: Asked, text_id: UUID) -> MinuteText:
    rows = MinuteText.objects.visible_to(request.identity).select_related("item", "seat")
    row = rows.filter(pk=text_id).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="minutes",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=["coordination"],
    )
    return row


def _typed(request: Asked, seen: MinuteText) -> list[Typed]:
    """The one text of the address (`text`), or every text of its item that the form held (`text-<id>`) and somebody typed in.

    A box that stands as it was shown is left out: whoever wrote there meanwhile did not meet anybody.
    """
    if "text" in request.POST:
        return [Typed(seen, seen_version(request), request.POST["text"][:LONGEST])]
    keys.preload([seen.case_id])
    found = []
    rows = MinuteText.objects.visible_to(request.identity).filter(item_id=seen.item_id).select_related("item", "seat")
    for row in rows.order_by("pk"):
        text = request.POST.get(f"text-{row.pk}")
        version, _dot, digest = request.POST.get(f"seen-{row.pk}", "").partition(".")
        if text is None or digest == _digest(text):
            continue
        known = int(version) if version.isdecimal() and len(version) < 10 else None
        found.append(Typed(row, known, text[:LONGEST]))
    return found


@page(*READERS, methods=("POST",))
def write(request: Asked, text_id: UUID) -> HttpResponse:
    """Save what was typed, each text by itself: one that meets another writer keeps none of the others from being saved.

    The autosave gets the new marks back (X-Marks, X-Version); a conflict is 409 with the two texts side by side, a refusal 422 with what was typed.
    """
    seen, quiet = _text(request, text_id), bool(request.headers.get("X-Autosave"))
    saved: list[MinuteText] = []
    left: list[Typed] = []
    for one in _typed(request, seen):
        try:
            saved.append(minute_write(text_id=one.row.pk, by=request.identity, version=one.version, text=one.text))
        except StaleVersion:
            now = _text(request, one.row.pk)
            left.append(Typed(now, now.version, one.text))
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            left.append(Typed(one.row, one.row.version, one.text, error.message))
    marks = {"X-Marks": " ".join(f"{row.pk}={mark_of(row)}" for row in saved)}
    if left:
        return _unsaved(request, seen, left, quiet, marks)
    if quiet:
        version = next((row.version for row in saved if row.pk == seen.pk), seen.version)
        return HttpResponse(status=204, headers=marks | {"X-Version": str(version)})
    return redirect("referrals:conference", seen.item.conference_id)


def _unsaved(request: Asked, seen: MinuteText, left: list[Typed], quiet: bool, marks: dict[str, str]) -> HttpResponse:
    refused = next((one.told for one in left if one.told), "")
    status = 422 if refused else 409
    if quiet and refused:
        return render(request, "referrals/_minute_refused.html", {"message": refused}, status=status)
    template = "referrals/_minute_conflicts.html" if quiet else "referrals/minute_conflict.html"
    context = {"left": left, "text": seen, "refused": refused, "conference_id": seen.item.conference_id}
    answer = render(request, template, context, status=status)
    for name, value in marks.items():
        answer[name] = value
    return answer
