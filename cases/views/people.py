"""The people of a case: shown masked, added, corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.enums import FollowUpStatus, PartyRole, Section
from cases.forms.people import ContactForm, IdentityForm, PersonForm, SafeContactForm
from cases.models import FollowUp, Party, PartyContact, PartyIdentity, SafeContact
from cases.services import persons
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, READERS, View, case_view, changing_case, note_view
from core import clock, keys
from core.errors import NotFound
from core.ui import times
from core.ui.masking import mask_id, mask_phone
from core.ui.sentences import joined
from core.views import Asked, page, request_key, seen_version

# How a household is read: she, the children, those who stand by them, the one they are afraid of, who told us.
GROUPS = (
    (gettext_lazy("Client"), (PartyRole.CLIENT,)), (gettext_lazy("Children"), (PartyRole.CHILD,)), (gettext_lazy("Guardians and relatives"), (PartyRole.GUARDIAN, PartyRole.RELATIVE)),
    (gettext_lazy("Respondent"), (PartyRole.RESPONDENT,)), (gettext_lazy("Reporter and witnesses"), (PartyRole.REPORTER, PartyRole.WITNESS)),
)  # fmt: skip


MASKED: dict[str, Callable[[str], str]] = {
    "phone": mask_phone, "safe_number": mask_phone, "id_number": mask_id, "address": lambda _value: "＊＊＊＊＊＊",
}  # fmt: skip


def _there(pk: UUID) -> str:
    return f"{reverse('cases:detail', args=[pk])}#panel-people"


def _party(seen: View, party_id: UUID) -> Party:
    party = Party.objects.visible_to(seen.by).filter(pk=party_id, case_id=seen.case.pk).first()
    if party is None:
        raise NotFound
    keys.preload([seen.case.pk])
    return party


@page(*READERS)
def people_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Everybody of the case by their place in it; numbers masked."""
    seen = case_view(request, pk)
    if not seen.shows(Section.IDENTITY) or seen.is_desk:
        raise NotFound
    keys.preload([pk])
    parties = list(Party.objects.visible_to(seen.by).filter(case_id=pk).order_by("-is_primary", "role"))
    who = {row.party_id: row for row in PartyIdentity.objects.visible_to(seen.by).filter(case_id=pk)}
    where = {
        row.party_id: row
        for row in PartyContact.objects.visible_to(seen.by).filter(case_id=pk).select_related("region")
    }
    year = clock.today().year
    groups = []
    for label, roles in GROUPS:
        members = []
        for party in (one for one in parties if one.role in roles):
            identity = who.get(party.pk)
            age = year - identity.birth_year if identity and identity.birth_year else None
            members.append({"party": party, "identity": identity, "contact": where.get(party.pk), "age": age})
        if members:
            groups.append({"label": label, "members": members, "is_mixed": len(roles) > 1})
    note_view(seen, [Section.IDENTITY] + ([Section.CONTACT] if where else []), "people")
    return render(
        request, "cases/_case_people.html", {"groups": groups, "seen": seen, "case": seen.case, "count": len(parties)}
    )


@page(*MANAGERS, methods=GET_POST)
def person_add(request: Asked, pk: UUID) -> HttpResponse:
    """A further person."""
    seen = changing_case(request, pk)
    form = PersonForm(request.POST or None)
    return act(
        request, form, lambda data: persons.person_add(case_id=pk, by=seen.by, data=form.person(), key=request_key(request)),
        to=_there(pk), said=_("The person is added."), template=SIMPLE, case=seen.case, title=_("Add a person"), submit=_("Add the person"),
        icon="user-plus", lead=_("Nobody is contacted by being entered here. A respondent is marked so that nobody calls him by accident."),
    )  # fmt: skip


def _edit(
    request: Asked,
    pk: UUID,
    party_id: UUID,
    *,
    model: Any,
    section: Section,
    form_class: Any,
    fields: dict[str, str],
    verb: Any,
    title: Any,
    lead: Any = "",
    said: str | Callable[[Any], str] = "",
    to: str = "",
) -> HttpResponse:
    """Change what one section knows of a person. `fields`: form field → column."""
    seen = changing_case(request, pk)
    party = _party(seen, party_id)

    def row() -> Any:
        return model.objects.visible_to(seen.by).filter(party_id=party.pk).first()

    known = row()
    initial = {name: getattr(known, column) for name, column in fields.items()} if known else {}
    kept = {name: initial.pop(name) for name in MASKED if initial.get(name)}
    form = form_class(request.POST or None, initial=initial)
    _mask(form, kept)
    note_view(seen, [section], "person")

    def values(data: dict[str, Any]) -> dict[str, Any]:
        found = {name: data[name] for name in fields}
        for name, value in kept.items():
            found[name] = data[name] or ("" if data[f"remove_{name}"] else value)
        return {
            column: (found[name].pk if found[name] else None) if column == "region_id" else found[name]
            for name, column in fields.items()
        }

    return act(
        request, form,
        lambda data: verb(party_id=party.pk, by=seen.by, version=seen_version(request) or 0, values=values(data), key=request_key(request)),
        to=to or _there(pk), said=said or _("Saved."), template=SIMPLE, version=lambda: row().version if row() else 0, case=seen.case, title=title,
        submit=_("Save"), icon="", lead=lead,
        labels={name: model._meta.get_field(column.removesuffix("_id")).verbose_name for name, column in fields.items()},
    )  # fmt: skip


def _mask(form: Any, kept: dict[str, str]) -> None:
    """What is masked elsewhere is masked here too: an empty field keeps it, a tick removes it, and seeing it goes by way of its reveal."""
    for name, value in kept.items():
        known = MASKED[name](value)
        form.fields[name].help_text = _("Kept: %(known)s. Leave it empty to keep it.") % {"known": known}
        form.fields[f"remove_{name}"] = forms.BooleanField(
            label=_("Remove: %(what)s") % {"what": form.fields[name].label}, required=False
        )


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


@page(*MANAGERS, methods=GET_POST)
def identity(request: Asked, pk: UUID, party: UUID) -> HttpResponse:
    """Who the person is."""
    return _edit(
        request, pk, party, model=PartyIdentity, section=Section.IDENTITY, form_class=IdentityForm, verb=persons.identity_update,
        fields=_same("name", "gender", "birth_year", "id_number", "ethnicity", "language", "is_anonymous"), title=_("Correct personal facts"),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def contact(request: Asked, pk: UUID, party: UUID) -> HttpResponse:
    """Where the person can be found."""
    return _edit(
        request, pk, party, model=PartyContact, section=Section.CONTACT, form_class=ContactForm, verb=persons.contact_update,
        fields={"phone": "phone", "address": "address", "region": "region_id"}, title=_("Contact and address"),
        lead=_("The address is never printed on a paper that leaves the centre."),
    )  # fmt: skip


def _planned(request: Asked, pk: UUID) -> dict[UUID, dt.datetime]:
    rows = FollowUp.objects.visible_to(request.identity).filter(case_id=pk, status=FollowUpStatus.PLANNED)
    return dict(rows.order_by("due_at").values_list("pk", "due_at"))


@page(*MANAGERS, methods=GET_POST)
def safe_contact(request: Asked, pk: UUID, party: UUID) -> HttpResponse:
    """How she may be reached. Callbacks that were planned outside new hours move, and it is said which."""
    before = _planned(request, pk) if request.method == "POST" else {}

    def said(_row: SafeContact) -> str:
        now = _planned(request, pk)
        moved = [(times.exact(moment), now.get(key)) for key, moment in before.items() if now.get(key) != moment]
        words = [
            _("%(before)s to %(after)s") % {"before": was, "after": times.exact(then)} if then else _("%(before)s: one at the same time is planned") % {"before": was}
            for was, then in moved
        ]  # fmt: skip
        return _("Saved. Callbacks moved into her safe hours: %(moves)s.") % {"moves": joined(words)} if words else _("Saved.")  # fmt: skip

    return _edit(
        request, pk, party, model=SafeContact, section=Section.SAFE_CONTACT, form_class=SafeContactForm, verb=persons.safe_contact_update,
        fields=_same("safe_number", "whose_number", "hour_from", "hour_until", "code_word", "never_message", "never_text", "note"),
        title=_("Safe contact"), lead=_("Agree it with her. These rules stand on top of every screen from which somebody might call her."),
        said=said, to=reverse("cases:detail", args=[pk]),  # on top, where the new rules stand
    )  # fmt: skip
