"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.enums import Level
from agencies.models import Region
from core import clock, dates, idnumber, phone
from core.numbers import parse_case_number

_ID_ERRORS = {
    "length": _("An identity number has 18 characters (old ones 15)."),
    "characters": _("An identity number has digits only; the last one may be X."),
    "birth_date": _("The birth date inside this number does not exist."),
    "check_digit": _("The last character does not fit the others: a digit is mistyped."),
}


class TextArea(forms.CharField):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        rows = kwargs.pop("rows", 4)
        kwargs.setdefault("max_length", 20000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class MomentField(forms.DateTimeField):
    """A moment, typed into the browser's own picker; a mistyped year is refused."""

    default_validators = [dates.reach_validator]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateTimeInput(), **kwargs)


class DayField(forms.DateField):
    """A day, in the same way."""

    default_validators = [dates.reach_validator]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(), **kwargs)


class CaseNumberField(forms.CharField):
    """A case number as people type it (lower case, full-width, without hyphens), cleaned to its stored form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        number = parse_case_number(text) if text else ""
        if number is None:
            raise forms.ValidationError(_("This is no case number. Write it as 530102-2026-7K3F."))
        return number


class PhoneField(forms.CharField):
    """A telephone number, kept in its one stored form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 40)
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return phone.normalise(text)
        except phone.PhoneError:
            raise forms.ValidationError(
                _("This is not a telephone number. Write it with its area code, as 0871-63112345.")
            ) from None


class IdNumberField(forms.CharField):
    """An identity number, its check digit checked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 24)
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            said = idnumber.IdNumber.parse(text, today=clock.today())
        except idnumber.IdNumberError as error:
            raise forms.ValidationError(_ID_ERRORS.get(error.code, _ID_ERRORS["length"])) from None
        if said.birth_date.year < dates.FIRST_BIRTH_YEAR:  # the standard's own example is older than anybody who comes
            raise forms.ValidationError(_ID_ERRORS["birth_date"])
        return said.number


class CountyField(forms.ModelChoiceField):
    """A county or district."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            queryset=Region.objects.filter(level=Level.COUNTY).select_related("parent"),
            empty_label=_("Not known"),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent.name} {obj.name}" if obj.parent else obj.name
