"""The call console: a call begins, is drafted while people talk, and is saved with what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.enums import OfficeKind
from agencies.models import Office
from cases.enums import Channel
from core import access, clock
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound, StaleVersion
from core.models.audit import Audit
from core.views import Asked, page, request_key, seen_version
from hotline import home
from hotline.differences import differences
from hotline.enums import Danger, Disposition, ProtocolStep, WhisperQuestion
from hotline.forms import QUICK, BeginForm, ConsoleForm, KnownForm, initial_of
from hotline.models import Contact
from hotline.services import known as knowing
from hotline.services.checks import log_refusals
from hotline.services.contact import contact_begin, contact_draft, contact_log, contact_protocol
from hotline.services.left import contact_take_over
from hotline.views.contact import TAKERS, detail, protocol_steps

HANDED_ON = "contact_handed_on"  # the last call of this session that went to others alone
VERSION = "X-Version"  # of the draft as it is now: the page goes on from there
DANGER_KEYS = {Danger.YES: "y", Danger.NO: "n", Danger.UNKNOWN: "u"}
DISPOSITION_KEYS = {code: str(number) for number, code in enumerate(Disposition, start=1)}
DISPOSITION_ICONS = {
    Disposition.ADVICE: "message", Disposition.SERVICE: "heart-handshake", Disposition.CASE_OPENED: "folder-plus",
    Disposition.JOINED: "link", Disposition.SILENT: "volume", Disposition.DROPPED: "phone-off", Disposition.WRONG_NUMBER: "phone",
    Disposition.ABUSIVE: "message-off", Disposition.WHEREABOUTS: "map-pin",
}  # fmt: skip


def own_contact(request: Asked, pk: UUID) -> Contact:
    """A contact in scope, with what its pages show. Raises NotFound."""
    rows = Contact.objects.visible_to(request.identity)
    found = (
        rows.select_related("office__region", "operator", "category", "region_residence", "region_registration")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


@page(*TAKERS, methods=("GET", "HEAD", "POST"))
def new(request: Asked) -> HttpResponse:
    """The door of the console: Enter takes the call. Nothing is made by looking."""
    offices = list(Office.objects.filter(pk__in=request.identity.contact_offices).order_by("-kind", "region_id"))
    form = BeginForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        try:
            contact = contact_begin(
                by=request.identity,
                office=form.chosen_office,
                channel=form.cleaned_data["channel"],
                key=request_key(request),
            )
            return redirect("hotline:contact", contact.pk)
        except DuplicateRequest as error:
            return redirect("hotline:contact", error.object_id)
    drafts = home.drafts(request.identity)[:5]
    return render(
        request, "hotline/contact_begin.html", {"form": form, "drafts": drafts}, status=422 if form.errors else 200
    )


@page(*TAKERS, methods=("GET", "HEAD", "POST"))
def show(request: Asked, pk: UUID) -> HttpResponse:
    """The console while it is a draft, afterwards what was written down."""
    if (
        request.session.get(HANDED_ON) == str(pk)
        and not Contact.objects.visible_to(request.identity).filter(pk=pk).exists()
    ):
        return redirect("hotline:handed-on")  # the same press twice, or a page that was loaded anew
    contact = own_contact(request, pk)
    if not contact.is_draft:
        if request.method == "POST":
            return _already_saved(request, contact)
        return detail(request, contact)
    if contact.operator_id != request.identity.user_id:
        return _left(request, contact)
    if request.method == "POST":
        return _save(request, contact)
    access.note(
        access.Action.VIEW,
        object_type="hotline.contact",
        object_id=contact.pk,
        office_id=contact.office_id,
        reason="draft",
    )
    return _console(request, contact, ConsoleForm(initial=initial_of(contact), contact=contact, by=request.identity))


def _left(request: Asked, contact: Contact) -> HttpResponse:
    """A colleague's call that was left lying: who wrote it and since when nobody does, and the way to go on with it."""
    access.note(
        access.Action.VIEW,
        object_type="hotline.contact",
        object_id=contact.pk,
        office_id=contact.office_id,
        reason="draft_left",
    )
    return render(
        request, "hotline/contact_left.html", {"contact": contact}, status=409 if request.method == "POST" else 200
    )


@page(*TAKERS, methods=("POST",))
def take_over(request: Asked, pk: UUID) -> HttpResponse:
    """Go on with a colleague's call."""
    try:
        contact_take_over(contact_id=pk, by=request.identity, key=request_key(request))
    except DuplicateRequest:
        pass
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("hotline:contact", pk)


def _save(request: Asked, contact: Contact) -> HttpResponse:
    form = _bound(request, contact)
    valid = form.is_valid()
    quick = request.POST.get("quick", "")
    values = form.values() | ({"disposition": quick, "callback_at": None} if quick in QUICK else {})
    centre = form.chosen_centre if values.get("disposition") == Disposition.CASE_OPENED else None
    join_case_id = form.join_case.pk if form.join_case else None
    refused = [] if quick in QUICK else log_refusals(
        contact, values, by=request.identity, centre=centre, join_case_id=join_case_id, now=clock.now()
    )  # fmt: skip
    for error in refused:
        form.put(error)
    if (valid and not refused) or quick in QUICK:
        try:
            saved = contact_log(
                contact_id=contact.pk, by=request.identity, values=values, key=request_key(request), centre=centre,
                join_case_id=join_case_id, version=seen_version(request),
            )  # fmt: skip
            return _saved(request, saved)
        except DuplicateRequest as error:
            return redirect("hotline:contact", error.object_id)
        except (NotFound, NotAllowed):
            raise
        except StaleVersion:
            return _console(request, own_contact(request, contact.pk), form, status=409, is_stale=True)
        except DomainError as error:
            if error.code == "not_a_draft":
                return _already_saved(request, own_contact(request, contact.pk))
            form.put(error)
    # What was typed is kept, whatever is still wrong with it.
    try:
        contact = contact_draft(
            contact_id=contact.pk, by=request.identity, values=values, version=seen_version(request)
        )
    except StaleVersion:
        return _console(request, own_contact(request, contact.pk), form, status=409, is_stale=True)
    return _console(request, contact, form, status=422)


def _saved(request: Asked, saved: Contact) -> HttpResponse:
    """What was written down; or, where saving it has made it others' alone (a wall or a seal), that it was handed on. Why is not said."""
    if Contact.objects.visible_to(request.identity).filter(pk=saved.pk).exists():
        messages.success(request, _("Saved as %(number)s.") % {"number": saved.number})
        return redirect("hotline:contact", saved.pk)
    request.session[HANDED_ON] = str(saved.pk)
    return redirect("hotline:handed-on")


@page(*TAKERS)
def handed_on(request: Asked) -> HttpResponse:
    """The call is saved and others go on with it."""
    return render(request, "hotline/contact_handed_on.html")


def _already_saved(request: Asked, contact: Contact) -> HttpResponse:
    """The call was saved in another window, or by the first of two presses: nothing typed here is lost from sight."""
    key = request_key(request)
    if key and Audit.objects.filter(request_key=key, actor_id=request.identity.user_id).exists():
        return redirect("hotline:contact", contact.pk)
    form = _bound(request, contact)
    before = initial_of(contact)
    typed = [
        (bound.label, bound.data)
        for bound in form
        if isinstance(bound.field, forms.CharField)
        and bound.data
        and str(bound.data) != str(before.get(bound.name) or "")
    ]
    return detail(request, contact, lost=typed) if typed else redirect("hotline:contact", contact.pk)


def _bound(request: Asked, contact: Contact) -> ConsoleForm:
    data = request.POST.copy()
    if request.POST.get("quick") in QUICK:
        data["disposition"] = request.POST["quick"]
    return ConsoleForm(data, contact=contact, by=request.identity)


def _tiles(
    form: ConsoleForm, name: str, keys: dict[Any, str], icons: dict[Any, str] | None = None
) -> list[dict[str, Any]]:
    bound = form[name]
    return [
        {"name": name, "value": str(value), "label": label, "key": keys[value], "id": f"{bound.auto_id}_{index}", "icon": (icons or {}).get(value, ""),
         "checked": str(bound.value() or "") == str(value)}
        for index, (value, label) in enumerate(form.fields[name].choices)  # type: ignore[attr-defined]
    ]  # fmt: skip


def _console(
    request: Asked, contact: Contact, form: ConsoleForm, status: int = 200, *, is_stale: bool = False
) -> HttpResponse:
    context = {
        "contact": contact, "is_stale": is_stale, "differences": differences(form, contact) if is_stale else [], "form": form, "dangers": _tiles(form, "danger", DANGER_KEYS),
        "dispositions": _tiles(form, "disposition", DISPOSITION_KEYS, DISPOSITION_ICONS),
        "questions": [form[f"whisper_{question.value}"] for question in WhisperQuestion], "steps": protocol_steps(contact), "may_tick": True,
        "known_form": KnownForm(prefix="known"), "attempts_left": knowing.attempts_left(contact),
        "is_desk": contact.office.kind == OfficeKind.DESK, "record_open": contact.channel != Channel.HOTLINE or bool(form.errors.keys() & {"channel", "occurred_at"}),
    }  # fmt: skip
    return render(request, "hotline/contact_console.html", context, status=status)


@page(*TAKERS, methods=("POST",))
def draft(request: Asked, pk: UUID) -> HttpResponse:
    """Autosave: what has a right shape is kept; never an error page."""
    contact = own_contact(request, pk)
    form = _bound(request, contact)
    form.is_valid()
    try:
        row = contact_draft(
            contact_id=contact.pk, by=request.identity, values=form.values(), version=seen_version(request)
        )
    except DomainError:
        return HttpResponse(status=409)  # saved or changed meanwhile, in another window
    return HttpResponse(status=204, headers={VERSION: str(row.version)})


@page(*TAKERS, methods=("POST",))
def protocol(request: Asked, pk: UUID) -> HttpResponse:
    """One step of the protocol, ticked with its time; without scripts the whole form comes along and is kept."""
    contact = own_contact(request, pk)
    step, undo = request.POST.get("done", ""), request.POST.get("undo", "")
    if (step or undo) not in ProtocolStep.values:
        return HttpResponse(status=400)
    if contact.is_draft and not request.htmx:
        form = _bound(request, contact)
        form.is_valid()
        contact_draft(contact_id=contact.pk, by=request.identity, values=form.values())
    contact = contact_protocol(contact_id=contact.pk, by=request.identity, step=step or undo, done=bool(step))
    if not request.htmx:
        return redirect("hotline:contact", contact.pk)
    response = render(
        request,
        "hotline/_contact_protocol.html",
        {"contact": contact, "steps": protocol_steps(contact), "may_tick": True},
    )
    response[VERSION] = str(contact.version)
    return response


@page(*TAKERS, methods=("POST",))
def known(request: Asked, pk: UUID) -> HttpResponse:
    """Is the caller known? One word, nothing else."""
    contact = own_contact(request, pk)
    if not contact.is_draft:
        raise NotFound
    form = KnownForm(request.POST, prefix="known")
    answer = ""
    if form.is_valid():
        try:
            answer = knowing.ask(by=request.identity, contact=contact, said=knowing.Said(**form.cleaned_data)).value
        except DomainError as error:
            form.add_error(error.field, str(error.message))
    left = max(0, knowing.attempts_left(contact) - bool(answer))  # this one stands in the log only after the answer
    context = {"contact": contact, "known_form": form, "answer": answer, "attempts_left": left}
    if request.htmx:
        return render(request, "hotline/_contact_known.html", context, status=422 if form.errors else 200)
    return render(request, "hotline/contact_known.html", context, status=422 if form.errors else 200)
