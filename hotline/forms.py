"""Shapes of what is typed into the front door; rules are the services'."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office
from cases.enums import Channel, Gender
from cases.forms.fields import MomentField, PhoneField
from cases.models import Case
from core import clock
from core.dates import FIRST_BIRTH_YEAR
from core.errors import DomainError
from core.identity import Identity
from core.numbers import parse_case_number
from core.phone import display
from hotline import choices, proposal
from hotline.enums import (
    WITHOUT_CONTENT,
    CallerRelation,
    ContactStatus,
    Danger,
    Disposition,
    RevealReason,
    WhisperAnswer,
    WhisperQuestion,
)
from hotline.models import Contact

LONG = 8000
# Danger first: the eye falls on it, and one key takes it.
DANGERS = [(code.value, code.label) for code in (Danger.YES, Danger.NO, Danger.UNKNOWN)]


class LetterSelect(forms.Select):
    """A select whose options carry the letters that find them."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if isinstance(label, choices.Searchable) and label.letters:
            option["attrs"]["data-letters"] = label.letters
        return option


class BirthYearField(forms.CharField):
    """The year of birth, or the age as people say it: 1962, 60, 60岁."""

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[岁年生\s]", "", super().clean(value))
        if not text:
            return None
        if not text.isdecimal():
            raise forms.ValidationError(_("Write the year of birth or the age in digits."), code="digits")
        number, now = int(text), clock.today().year
        year = now - number if number < 120 else number
        if not FIRST_BIRTH_YEAR <= year <= now:
            raise forms.ValidationError(_("This is not a year of birth."), code="range")
        return year


def _text(label: Any, length: int = 60, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, **more)


def _long(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class ConsoleForm(forms.Form):
    """One contact. Only the disposition is mandatory, and that is the service's rule, so that a draft takes everything else."""

    danger = forms.ChoiceField(
        label=_("Is she in danger now?"), choices=DANGERS, required=False, widget=forms.RadioSelect
    )
    whisper = forms.BooleanField(label=_("She must whisper: yes/no questions only"), required=False)
    whereabouts = _text(_("Where is she now?"), 200)
    incident_number_110 = _text(_("110 incident number"), 40)
    caller_relation = forms.ChoiceField(label=_("Who is calling"), choices=CallerRelation.choices, required=False)
    caller_name = _text(_("Caller's name"))
    caller_phone = PhoneField(label=_("Caller's phone"))
    client_name = _text(_("Client's name"), help_text=_("Empty when she calls for herself."))
    client_gender = forms.ChoiceField(label=_("Gender"), choices=Gender.choices, required=False)
    client_birth_year = BirthYearField(label=_("Year of birth or age"), required=False, max_length=8)
    is_anonymous = forms.BooleanField(label=_("Wishes to stay anonymous"), required=False)
    language = _text(_("Language or interpreter"), 32)
    region_residence = forms.ChoiceField(label=_("Lives in"), required=False, widget=LetterSelect)
    region_registration = forms.ChoiceField(label=_("Registered in"), required=False, widget=LetterSelect)
    narrative = _long(_("What happened"), 5)
    category = forms.ChoiceField(label=_("Category"), required=False, widget=LetterSelect)
    needs = _long(_("What she needs"), 2)
    respondent_name = _text(_("Name of the person complained of"))
    respondent_work = _text(
        _("Where that person or kin work"), 120,
        help_text=_("Ask when it may be an agency or this office: the case is then kept from them."))  # fmt: skip
    safe_number = PhoneField(label=_("Safe number"))
    safe_whose = _text(_("Whose number"), 40)
    safe_from = forms.TimeField(label=_("Safe from"), required=False, widget=forms.TimeInput)
    safe_until = forms.TimeField(label=_("Safe until"), required=False, widget=forms.TimeInput)
    code_word = _text(_("Code word"), 40, help_text=_("By which she knows us, and we her."))
    agreed = _long(_("Agreed next step"), 2)
    callback_at = MomentField(label=_("Call back at"), required=False, help_text=_("Within her safe hours."))
    disposition = forms.ChoiceField(
        label=_("What became of it?"), choices=Disposition.choices, required=False, widget=forms.RadioSelect
    )
    centre = forms.ChoiceField(label=_("Centre that takes the case"), required=False, widget=LetterSelect)
    join_number = _text(_("Number of the case"), 24)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, required=False)
    source_number = _text(_("The sender's number"), 40, help_text=_("Of the petition, the 12345 order, the letter."))
    occurred_at = MomentField(
        label=_("When it happened"),
        required=False,
        help_text=_("Change it only for what is entered later."),
    )

    def __init__(self, *args: Any, contact: Contact, by: Identity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact, self.by = contact, by
        counties = choices.counties(contact.office)
        self._field("region_residence").choices = counties
        self._field("region_registration").choices = counties
        self._field("category").choices = choices.categories()
        self.counties = {code: str(name) for _group, rows in counties[1:] for code, name in rows}
        self.centres = choices.all_centres()
        self.offered = proposal.offered(self.centres, contact.office)
        self._field("centre").choices = choices.centres(self.offered)
        for question in WhisperQuestion:
            self.fields[f"whisper_{question.value}"] = forms.ChoiceField(
                label=question.label, choices=WhisperAnswer.choices, required=False, widget=forms.RadioSelect
            )
        self.join_case: Case | None = None

    def _field(self, name: str) -> forms.ChoiceField:
        return self.fields[name]  # type: ignore[return-value]

    def clean_join_number(self) -> str:
        """Only an open case that the operator may see; the answer to any other number is the same."""
        text: str = self.cleaned_data["join_number"].strip()
        if text and self.data.get("disposition") == Disposition.JOINED:
            number = parse_case_number(text)
            found = Case.objects.visible_to(self.by).filter(number=number).first() if number else None
            if found is None or not found.is_open:
                raise forms.ValidationError(_("There is no open case with this number that you may see."), code="join")
            self.join_case = found
        return text

    def put(self, error: DomainError) -> None:
        """A rule's error beside its field, unless the field has one already."""
        name = error.field if error.field in self.fields else None
        if name is None or name not in self.errors:
            self.add_error(name, error.message)

    @property
    def chosen_centre(self) -> Office | None:
        """The centre that was chosen, else the one proposed from where she lives."""
        wanted = self.cleaned_data.get("centre")
        if wanted:
            return next(office for office in self.offered if str(office.pk) == wanted)
        return proposal.proposed(self.centres, self.contact.office, self.cleaned_data.get("region_residence") or None)

    def why_this_centre(self) -> dict[str, Any]:
        """Why the centre stands there that stands there: for the page as it is drawn."""
        residence, wanted = self["region_residence"].value(), str(self["centre"].value() or "")
        if residence not in self.counties:
            residence = None
        chosen = next((office for office in self.offered if str(office.pk) == wanted), None)
        chosen = chosen or proposal.proposed(self.centres, self.contact.office, residence)
        return proposal.why(self.centres, self.contact.office, residence, self.counties.get(residence, ""), chosen)

    def centres_for_script(self) -> dict[str, Any]:
        """What the console's script needs to say the same when the place changes."""
        return proposal.for_script(self.centres, self.contact.office)

    def values(self) -> dict[str, Any]:
        """What of the form has a right shape, under the names of the contact's fields; the rest is left as it was."""
        data = dict(self.cleaned_data)
        for name in ("centre", "join_number"):
            data.pop(name, None)
        answers = {q.value: data.pop(f"whisper_{q.value}", "") for q in WhisperQuestion}
        data["whisper_answers"] = {code: answer for code, answer in answers.items() if answer}
        for name, column in (("region_residence", "region_residence_id"), ("region_registration", "region_registration_id"),
                             ("category", "category_id")):  # fmt: skip
            if name in data:
                data[column] = data.pop(name) or None
        for name in ("danger", "caller_relation", "client_gender", "channel", "occurred_at"):
            if not data.get(name):
                data.pop(name, None)
        return data


def initial_of(contact: Contact) -> dict[str, Any]:
    """The form's beginning, from a draft that was left."""
    names = [
        name
        for name in ConsoleForm.base_fields
        if name not in {"centre", "join_number", "region_residence", "region_registration", "category"}
    ]
    found: dict[str, Any] = {name: getattr(contact, name) for name in names}
    for name in ("occurred_at", "callback_at"):
        found[name] = clock.local(found[name]) if found[name] else None
    for name in ("caller_phone", "safe_number"):
        found[name] = display(found[name]) if found[name] else ""
    found |= {f"whisper_{code}": answer for code, answer in contact.whisper_answers.items()}
    return found | {
        "region_residence": contact.region_residence_id, "region_registration": contact.region_registration_id,
        "category": contact.category_id,
    }  # fmt: skip


class BeginForm(forms.Form):
    """Before a contact begins: for which office, by which channel."""

    office = forms.ChoiceField(label=_("Desk or centre"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.HOTLINE)

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(office.pk): office for office in offices}
        field: forms.ChoiceField = self.fields["office"]  # type: ignore[assignment]
        field.choices = [(pk, str(office)) for pk, office in self.offices.items()]
        if len(offices) == 1:
            field.widget = forms.HiddenInput()
        if offices:
            field.initial = str(offices[0].pk)

    @property
    def chosen_office(self) -> Office:
        """The office of a valid form."""
        return self.offices[self.cleaned_data["office"]]


class KnownForm(forms.Form):
    """What the caller says of herself."""

    name = _text(_("Name she gives"), 40)
    birth_year = BirthYearField(label=_("Year of birth or age"), required=False, max_length=8)
    phone = _text(_("Phone she names"), 40)
    code_word = _text(_("Code word"), 40)


class SettleForm(forms.Form):
    """How what was owed was settled."""

    note = forms.CharField(label=_("What came of it"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))
    again_at = MomentField(
        label=_("Not reached: try again at"),
        required=False,
        help_text=_("Within her safe hours."),
    )

    def clean_again_at(self) -> dt.datetime | None:
        """Needed where she was not reached."""
        moment: dt.datetime | None = self.cleaned_data["again_at"]
        if "again" in self.data and moment is None:
            raise forms.ValidationError(_("Say when it is tried again."), code="required")
        return moment


class RevealForm(forms.Form):
    """Why the numbers are opened."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RevealReason.choices)


MINE = "mine"


class ContactFilter(forms.Form):
    """The filters above the list, kept in the URL; nothing personal is among them."""

    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All channels")), *Channel.choices])
    disposition = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("All outcomes")), *Disposition.choices]
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All contacts")), (MINE, _("Mine")), ("open", _("Something is still owed"))],
    )

    def applied(self, rows: Any, by: Identity) -> Any:
        """`rows` narrowed by what is valid of the filters."""
        given = self.cleaned_data if self.is_valid() or hasattr(self, "cleaned_data") else {}
        tests: dict[str, Callable[[Any], dict[str, Any]]] = {
            "since": lambda day: {"occurred_at__gte": clock.day_bounds(day)[0]},
            "until": lambda day: {"occurred_at__lt": clock.day_bounds(day)[1]},
            "channel": lambda code: {"channel": code},
            "disposition": lambda code: {"disposition": code},
            "show": lambda what: {"operator_id": by.user_id} if what == MINE else {"status": ContactStatus.OPEN},
        }  # fmt: skip
        for name, test in tests.items():
            if given.get(name):
                rows = rows.filter(**test(given[name]))
        return rows


QUICK = frozenset(code.value for code in WITHOUT_CONTENT)
