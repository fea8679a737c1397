"""Forms of the reports room: they check shape only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.months import MonthInput
from reports.checks import Jump
from reports.enums import By
from reports.explanations import Explanation
from reports.exports.formats import Format
from reports.indicators import BY_CODE, HEADLINE
from reports.periods import Period, parse_month


class MonthField(forms.CharField):
    """A month, cleaned to its first day."""

    widget = MonthInput

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_month(text, "month")
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error


class RangeForm(forms.Form):
    """From a month to a month."""

    first = MonthField(label=_("First month"))
    last = MonthField(label=_("Final month"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last:
            try:
                data["period"] = Period.read(f"{first:%Y-%m}", f"{last:%Y-%m}")
            except DomainError as error:
                self.add_error("first" if error.field == "from" else "last", error.message)
        return data


class StatisticsForm(RangeForm):
    """The range, the level of the rows, and the figure that the map shows."""

    by = forms.ChoiceField(
        label=_("Rows of the table"),
        choices=[(value, label) for value, label in By.choices if value != By.PROVINCE],
        required=False,
    )
    show = forms.ChoiceField(label=_("On the map"), required=False)
    # a whole region: a piece of a code would add up some counties of a prefecture, and less the shown ones tell the hidden one
    within = forms.RegexField(r"^\d{2}(?:\d{2}){0,2}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show"].choices = [(item.code, item.name) for item in HEADLINE]  # type: ignore[attr-defined]


class ExportForm(RangeForm):
    """What to export."""

    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, initial=Format.XLSX)


NO_NAMES = _("No names, and no figures below five.")
SHORTEST = 5  # signs: one letter explains nothing
TOO_SHORT = {"min_length": _("Say it in words: at least %(limit_value)d characters.")}


class SubmitForm(forms.Form):
    """The director's words on the month: of each figure that stands out, and in general."""

    explanation = forms.CharField(
        label=_("Further remarks"), required=False, min_length=SHORTEST, max_length=2000, error_messages=TOO_SHORT,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What else those who review the month should know. No names, and no figures below five."),
    )  # fmt: skip

    def __init__(self, *args: Any, jumps: Sequence[Jump] = (), said: Explanation | None = None, **kwargs: Any) -> None:
        """`jumps` are what must be explained, `said` what was said when the month was submitted before."""
        super().__init__(*args, **kwargs)
        needed = {jump.item.code: jump for jump in jumps}
        # What was typed of a figure that stands out no longer (it was computed anew meanwhile) is kept.
        kept = [item.code for item in HEADLINE if item.code not in needed and self.data.get(f"explain_{item.code}")]
        for code in (*needed, *kept):
            self.fields[f"explain_{code}"] = forms.CharField(
                label=_("Why it changed: %(name)s") % {"name": BY_CODE[code].name}, required=code in needed,
                min_length=SHORTEST, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
                help_text=" ".join([*([needed[code].why] if code in needed else []), str(NO_NAMES)]),
                error_messages=TOO_SHORT | {"required": _("Say why this figure changed so much: %(name)s") % {"name": BY_CODE[code].name}},
            )  # fmt: skip
        self.order_fields([*(f"explain_{code}" for code in (*needed, *kept)), "explanation"])
        if said:
            self.initial.update(said.fields)

    @property
    def said(self) -> Explanation:
        """What was said, of a valid form."""
        words = {
            name.removeprefix("explain_"): text for name, text in self.cleaned_data.items() if name != "explanation"
        }
        return Explanation({code: text for code, text in words.items() if text}, self.cleaned_data["explanation"])


class ReturnForm(forms.Form):
    """Why a month goes back."""

    reason = forms.CharField(
        label=_("Why it is returned"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is to be checked or mended. No names, and no figures below five."),
    )
