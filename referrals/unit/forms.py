"""From which month to which."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.months import MonthInput, shift

_WRITTEN = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
MONTHS_AT_MOST = 36
USUAL = 6


class MonthField(forms.CharField):
    """A month, cleaned to its first day."""

    widget = MonthInput

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("Write a month as 2022-11."), code="bad_month")
        return dt.date(int(found[1]), int(found[2]), 1)


class MonthsForm(forms.Form):
    """A range of months; at first the last half year."""

    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    first = MonthField(label=_("First month"))
    last = MonthField(label=_("Final month"))

    @classmethod
    def usual(cls) -> dict[str, str]:
        """What is shown when nothing was chosen."""
        this = clock.today().replace(day=1)
        return {"first": f"{shift(this, 1 - USUAL):%Y-%m}", "last": f"{this:%Y-%m}"}

    def clean(self) -> dict[str, Any]:
        """In order, and not too many."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last month is before the first one."))
        elif first and last and shift(first, MONTHS_AT_MOST) <= last:
            self.add_error("last", _("Three years at most are shown at once."))
        return data
