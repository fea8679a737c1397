"""People of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Gender, PartyRole
from cases.forms.fields import CountyField, IdNumberField, PhoneField, TextArea
from cases.services.people import PersonData
from core import clock
from core.dates import FIRST_BIRTH_YEAR
from core.idnumber import IdNumber


def _birth_year() -> forms.IntegerField:
    return forms.IntegerField(label=_("Year of birth"), required=False, min_value=FIRST_BIRTH_YEAR)


class IdentityForm(forms.Form):
    """Who a person is."""

    name = forms.CharField(label=_("Full name"), max_length=60, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=Gender.choices, initial=Gender.UNKNOWN, widget=forms.RadioSelect
    )
    birth_year = _birth_year()
    id_number = IdNumberField(label=_("ID number"))
    ethnicity = forms.CharField(label=_("Ethnicity"), max_length=24, required=False)
    language = forms.CharField(label=_("Language or dialect"), max_length=32, required=False)
    is_anonymous = forms.BooleanField(label=_("Anonymous"), required=False)

    side_by_side: tuple[tuple[str, ...], ...] = (
        ("name", "gender"),
        ("birth_year", "id_number"),
        ("ethnicity", "language"),
    )

    def clean_birth_year(self) -> int | None:
        """Nobody is born in the future."""
        year: int | None = self.cleaned_data.get("birth_year")
        if year and year > clock.today().year:
            raise forms.ValidationError(_("This year is still to come."))
        return year

    def clean(self) -> dict[str, Any]:
        """A name or anonymous; what the ID number says fills what was left open."""
        data = super().clean() or self.cleaned_data
        if not data.get("name") and not data.get("is_anonymous"):
            self.add_error("name", _("Write the name, or tick anonymous."))
        if data.get("id_number"):
            said = IdNumber.parse(data["id_number"])
            data["birth_year"] = data.get("birth_year") or said.birth_date.year
            if data.get("gender") in ("", None, Gender.UNKNOWN):
                data["gender"] = Gender(said.sex).value
        return data


class ContactForm(forms.Form):
    """Where a person can be found."""

    phone = PhoneField(label=_("Phone"))
    address = forms.CharField(
        label=_("Address"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    region = CountyField(label=_("County of residence"))

    side_by_side = (("address", "region"),)


class SafeContactForm(forms.Form):
    """How she may be reached without danger."""

    safe_number = PhoneField(label=_("Safe number"))
    whose_number = forms.CharField(label=_("Whose number"), max_length=40, required=False)
    hour_from = forms.TimeField(label=_("Safe from"), required=False, widget=forms.TimeInput())
    hour_until = forms.TimeField(label=_("Safe until"), required=False, widget=forms.TimeInput())
    code_word = forms.CharField(
        label=_("Code word"),
        max_length=40,
        required=False,
        help_text=_("She says it when she calls; we say it when we do."),
    )
    never_message = forms.BooleanField(label=_("Never leave a message"), required=False, initial=True)
    never_text = forms.BooleanField(label=_("Never text"), required=False, initial=True)
    note = TextArea(label=_("What to mind"), required=False, rows=3)

    side_by_side = (("safe_number", "whose_number"), ("hour_from", "hour_until"), ("never_message", "never_text"))


class PersonForm(IdentityForm):
    """A further person of a case."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose")), *PartyRole.choices])
    relation = forms.CharField(
        label=_("Relation to the client"),
        max_length=48,
        required=False,
        help_text=_("Husband, daughter, mother-in-law, neighbour …"),
    )
    is_guardian = forms.BooleanField(label=_("Guardian of a child of this case"), required=False)
    phone = PhoneField(label=_("Phone"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    side_by_side = (
        ("role", "relation"), ("name", "gender"), ("birth_year", "id_number"), ("is_anonymous", "is_guardian"), ("phone", "address"),
    )  # fmt: skip
    field_order = [
        "role",
        "relation",
        "name",
        "gender",
        "birth_year",
        "id_number",
        "is_anonymous",
        "is_guardian",
        "phone",
        "address",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("ethnicity", "language"):
            del self.fields[name]

    def person(self) -> PersonData:
        """What the service takes."""
        said = self.cleaned_data
        return PersonData(
            role=said["role"], name=said["name"], gender=said["gender"], birth_year=said["birth_year"], id_number=said["id_number"],
            phone=said["phone"], address=said["address"], relation=said["relation"], is_guardian=said["is_guardian"],
            is_anonymous=said["is_anonymous"],
        )  # fmt: skip


__all__ = ["ContactForm", "IdentityForm", "PersonForm", "SafeContactForm"]
