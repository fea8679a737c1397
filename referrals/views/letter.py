"""The letter: as a page with what can be done, and printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.identities import in_force
from agencies.models import RoleGrant
from cases.enums import LAW, GrantBasis, Section
from cases.models import Case, Document
from cases.views.case_page import safe_rules
from cases.views.scope import case_view
from core import access, clock
from core.errors import NotFound
from core.identity import Identity
from core.ui.sentences import joined, labelled
from core.views import Asked, page
from referrals.absences.shown import of_letter
from referrals.enums import OWED, UNDECIDED, ReferralStatus
from referrals.forms import AnswerForm, NameForm, PassForm
from referrals.models import Referral, ReferralNote
from referrals.sharing import of_letter as of_shares
from referrals.views.verbs import Verb, open_verbs

TONES = {
    ReferralStatus.SENT: "info", ReferralStatus.ACCEPTED: "brand", ReferralStatus.RESPONDED: "ok", ReferralStatus.DECLINED: "warn",
    ReferralStatus.RETURNED: "warn", ReferralStatus.CLOSED: "neutral", ReferralStatus.RECALLED: "neutral", ReferralStatus.DRAFTED: "neutral",
}  # fmt: skip
NOTE_LOOKS = {
    ReferralNote.Kind.DECLINE: ("mail-x", "warn"), ReferralNote.Kind.PROGRESS: ("mail", "neutral"), ReferralNote.Kind.ANSWER: ("mail-check", "ok"),
    ReferralNote.Kind.MISSING: ("mail-forward", "warn"), ReferralNote.Kind.RETURN: ("mail-x", "warn"),
    ReferralNote.Kind.ENTERED: ("phone-check", "ok"), ReferralNote.Kind.GIVEN_UP: ("mail-x", "warn"),
    ReferralNote.Kind.PASSED: ("mail-forward", "neutral"),
    ReferralNote.Kind.ASKED: ("hourglass", "warn"), ReferralNote.Kind.GRANTED: ("hourglass", "ok"), ReferralNote.Kind.MEETING: ("users-group", "warn"), ReferralNote.Kind.REFUSED: ("hourglass", "warn"),
}  # fmt: skip

NOTHING_OPENS = _("You take on what the letter asks, for your unit. Nothing of the case opens.")


@dataclass(frozen=True)
class Step:
    """One step of the page: its button, its form, and whether the form was sent and failed."""

    verb: Verb
    form: forms.Form
    open: bool


def seen_letter(by: Identity, referral_id: UUID) -> Referral:
    """The referral as `by` may see it, its looking-at noted. Raises NotFound for unknown, foreign, withdrawn and walled ones alike."""
    words = ("category", "unit", "unit__region", "office", "named_liaison", "opened_to", "accepted_by")
    row = Referral.objects.visible_to(by).select_related(*words).filter(pk=referral_id).first()
    if row is None:
        raise NotFound
    access.note(
        access.Action.VIEW,
        object_type="referral",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=[Section.LETTER],
    )
    return row


def letter_context(row: Referral, by: Identity) -> dict[str, Any]:
    """What the letter says: never anything of the case beyond its coded fields and the reviewed ask."""
    now = clock.now()
    late = row.due_at is not None and row.due_at < now
    is_sender = row.office_id in by.case_offices
    opened = row.accepted_at is not None and row.status in (
        ReferralStatus.ACCEPTED,
        ReferralStatus.RESPONDED,
        ReferralStatus.CLOSED,
    )
    to_me_at_once = row.status == ReferralStatus.SENT and by.user_id is not None and row.opened_to_id == by.user_id
    # What was opened may have ended since: then the case is unknown to the reader, and nothing leads there.
    case_open = is_sender or ((opened or to_me_at_once) and Case.objects.visible_to(by).filter(pk=row.case_id).exists())
    sharing = of_shares(row)
    return {
        "row": row,
        "late": late,
        "to_me_at_once": to_me_at_once and case_open,
        "is_sender": is_sender,
        "is_owed": row.status in OWED,
        "is_undecided": row.status in UNDECIDED,
        "tone": "danger" if late else TONES[ReferralStatus(row.status)],
        "shared": shared_lines(sharing.stands),
        "sharing": sharing,
        "opens": _opens(row),
        "no_longer": joined(sharing.ended, "label"),
        "why_no_longer": joined(sharing.reasons, "label") or _("It has ended"),
        "is_routed": row.unit.kind in row.category.proposes,
        "case_open": case_open,
        "before_acceptance": row.status == ReferralStatus.SENT,
    }


def _opens(row: Referral) -> Any:
    """What the line of the shared sections is called, as the letter stands."""
    if row.status in (ReferralStatus.DRAFTED, ReferralStatus.SENT):
        return _("Open after acceptance")
    if row.status in (ReferralStatus.ACCEPTED, ReferralStatus.RESPONDED):
        return _("Open to the unit now")
    return _("Was shared") if row.accepted_at else _("Was offered")


@dataclass(frozen=True)
class Shared:
    """Sections that rest on one basis, as the letter says it."""

    sections: str
    basis: Any
    law: str

    @property
    def said(self) -> str:
        """The basis with its article, as the printed letter names it."""
        return labelled(joined(filter(None, (self.basis, self.law))), _("Basis"))


def shared_lines(shared: Iterable[tuple[Section, GrantBasis]]) -> list[Shared]:
    """What opens with acceptance, by basis, each with the article that it rests on."""
    of_basis: dict[GrantBasis, list[str]] = {}
    for section, basis in shared:
        of_basis.setdefault(basis, []).append(str(section.label))
    return [Shared(joined(labels), basis.label, LAW[basis]) for basis, labels in of_basis.items()]


def show(
    request: Asked,
    row: Referral,
    *,
    status: int = 200,
    bound: dict[str, forms.Form] | None = None,
    told: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of a letter; `bound` holds the form that was sent and failed, `told` is what the person must know first."""
    by, bound = request.identity, bound or {}
    context = letter_context(row, by)
    notes = list(row.notes.order_by("at", "pk"))
    papers = _papers(notes, by) if context["case_open"] else {}
    sent_back = notes[-1] if notes and notes[-1].kind == ReferralNote.Kind.MISSING and row.status in OWED else None
    for note in notes:
        note.handed_in = papers.get(note.pk, [])  # type: ignore[attr-defined]
        note.icon, note.tone = NOTE_LOOKS[ReferralNote.Kind(note.kind)]  # type: ignore[attr-defined]
    verbs = open_verbs(row, by, context["late"])
    if context["sharing"].is_over:
        verbs = [replace(verb, help=NOTHING_OPENS) if verb.code == "accept" else verb for verb in verbs]
    steps = [_step(verb, row, bound) for verb in verbs]
    for step in steps:
        if isinstance(step.form, PassForm):
            step.form.offer(row, by)
        elif isinstance(step.form, NameForm):
            step.form.offer(row)
    if context["case_open"] and row.status != ReferralStatus.CLOSED and not context["is_sender"]:
        context["rules"] = _rules(request, row)
    first = next((step for step in steps if step.verb.tone == "primary"), None)
    others = [step for step in steps if step is not first]
    failed = next((form for form in bound.values() if form.errors), None)
    lost = next((form for code, form in bound.items() if code not in {step.verb.code for step in steps}), None)
    return render(
        request, "referrals/referral_detail.html",
        {**context, "sent_back": sent_back, "notes": notes, "chases": row.chases.order_by("issued_at", "pk"), "first": first, "others": others, "failed": failed, "told": told, "lost": lost,
         "standing": of_letter(row, by), **more}, status=status,
    )  # fmt: skip


def _step(verb: Verb, row: Referral, bound: dict[str, forms.Form]) -> Step:
    form = bound.get(verb.code) or verb.form(auto_id=f"{verb.code}-%s")
    if isinstance(form, AnswerForm):
        form.fit(row)
    return Step(verb, form, verb.code in bound)


def _papers(notes: list[ReferralNote], by: Identity) -> dict[UUID, list[Document]]:
    """The papers that came with these notes, as far as `by` may read their sections."""
    found: dict[UUID, list[Document]] = {}
    with_papers = [note.pk for note in notes if note.papers]
    if with_papers:
        for paper in Document.objects.visible_to(by).filter(source_id__in=with_papers).order_by("added_at", "pk"):
            found.setdefault(paper.source_id, []).append(paper)  # type: ignore[arg-type]
    return found


def _rules(request: Asked, row: Referral) -> dict[str, Any] | None:
    """How she may be reached, for those who have accepted; nothing where the case is not open to this member of the unit."""
    try:
        return safe_rules(case_view(request, row.case_id))
    except NotFound:
        return None


@page()
def detail(request: Asked, referral_id: UUID) -> HttpResponse:
    """One letter, read like a letter. Who may not know of it finds nothing, whatever the role."""
    return show(request, seen_letter(request.identity, referral_id))


@page()
def letter(request: Asked, referral_id: UUID) -> HttpResponse:
    """转办单: the letter on paper. Nothing on it identifies anybody but the officials."""
    row = seen_letter(request.identity, referral_id)
    access.note(
        access.Action.EXPORT,
        object_type="referral",
        object_id=row.pk,
        case_id=row.case_id,
        office_id=row.office_id,
        sections=[Section.LETTER],
    )
    return render(
        request, "referrals/referral_letter.html",
        {**letter_context(row, request.identity), "title": _("Referral letter")},
    )  # fmt: skip


def director_of(office_id: UUID) -> str:
    """The name that stands under a centre's papers."""
    held = in_force(RoleGrant.objects.filter(office_id=office_id, role=Role.DIRECTOR, user__is_active=True))
    director = held.select_related("user").order_by("since", "pk").first()
    return director.user.name if director else ""
