"""研判: the screening's items, the risk, the manager, the category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.enums import Risk
from cases.forms.fields import TextArea
from cases.instruments import Answer, Instrument, Item, Outcome, screen
from cases.models import Case, Category
from cases.services.case import manager_choices

BY_SCREENING = ""
LEVELS = [Risk.LOW, Risk.MEDIUM, Risk.HIGH]
ITEM = "item_"
SAID = 10  # characters: fewer give no reason


class ScreeningForm(forms.Form):
    """The items of one instrument, each yes, no or not known, then what the manager concludes."""

    risk = forms.ChoiceField(
        label=_("Risk"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(BY_SCREENING, _("As the screening says")), *((level.value, level.label) for level in LEVELS)],
        help_text=_(
            "You may set it higher at any time; to set it lower than the screening, write why. An alarm cannot be set lower."
        ),
    )
    reasons = TextArea(
        label=_("Reasons"),
        required=False,
        help_text=_("What the assessment rests on: facts, sources, what was not asked."),
    )

    def __init__(
        self, *args: Any, instrument: Instrument, before: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        """`before`: what was answered to the same items last time."""
        super().__init__(*args, **kwargs)
        self.instrument, self.before = instrument, before or {}
        items = {
            ITEM + item.code: forms.ChoiceField(
                label=item.text,
                help_text=self._help(item),
                choices=Answer.choices,
                required=False,
                initial="",
                widget=forms.RadioSelect,
            )
            for item in instrument.items
        }
        self.fields = {**items, **self.fields}

    def _help(self, item: Item) -> Any:
        answer = self.before.get(item.code, "")
        if answer not in Answer.values:
            return item.help
        said = _("Last time: %(answer)s") % {"answer": Answer(answer).label}
        return f"{item.help} {said}" if item.help else said

    def taken_back(self) -> list[Item]:
        """The alarms that were answered with yes last time, and are not now."""
        now = self.answers()
        yes = Answer.YES.value
        return [
            item
            for item in self.instrument.items
            if item.is_alarm and self.before.get(item.code) == yes != now[item.code]
        ]

    @property
    def items(self) -> list[tuple[Any, Any]]:
        """(field, item) in the instrument's order."""
        return [(self[ITEM + item.code], item) for item in self.instrument.items]

    def outcome(self) -> Outcome:
        """What the answers given so far say."""
        return screen(self.instrument, self.answers())

    def alarms(self) -> list[object]:
        """The alarms that were answered with yes, in words."""
        raised = self.outcome().alarms
        return [item.text for item in self.instrument.items if item.code in raised]

    def answers(self) -> dict[str, str]:
        """Answers by item; what was left open is not known."""
        source = getattr(self, "cleaned_data", {})
        return {item.code: source.get(ITEM + item.code) or Answer.UNKNOWN.value for item in self.instrument.items}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        result = self.outcome()
        if set(self.answers().values()) == {Answer.UNKNOWN.value} and not (data.get("reasons") or "").strip():
            self.add_error(
                "reasons", _("Nothing was answered. Answer what is known, or write what the assessment rests on.")
            )
        if (gone := self.taken_back()) and not self._is_said(data):
            self.add_error(
                "reasons",
                _("Last time this was answered with yes: %(items)s. Write what is different now.")
                % {"items": gettext("; ").join(str(item.text) for item in gone)},
            )
        chosen = data.get("risk") or result.band.value
        data["band"] = chosen
        order = [level.value for level in LEVELS]
        if chosen in order and order.index(chosen) < order.index(result.band.value):
            if result.alarms:
                self.add_error(
                    "risk", _("An alarm was answered with yes: the risk is high until a new assessment says otherwise.")
                )
            elif not self._is_said(data):
                self.add_error("reasons", _("You set the risk lower than the screening. Write why."))
        return data

    @staticmethod
    def _is_said(data: dict[str, Any]) -> bool:
        return len((data.get("reasons") or "").strip()) >= SAID

    def verb_values(self) -> dict[str, Any]:
        """What the service takes."""
        result = self.outcome()
        return {
            "risk": self.cleaned_data["band"], "reasons": self.cleaned_data["reasons"], "instrument": self.instrument.code,
            "answers": self.answers(), "alarms": result.alarms, "score": result.score,
        }  # fmt: skip


class AssessForm(ScreeningForm):
    """The first assessment also says who manages the case and whether its category is right."""

    manager: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Case manager"), queryset=None, empty_label=None
    )
    category: forms.ModelChoiceField[Category] = forms.ModelChoiceField(
        label=_("Category"), queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = manager_choices(case).order_by("name")  # type: ignore[attr-defined]
        kinds = Category.objects.filter(parent__isnull=False, retired_on__isnull=True)
        self.fields["category"].queryset = kinds  # type: ignore[attr-defined]
        self.fields["category"].label_from_instance = lambda row: f"{row.code} {row.name}"  # type: ignore[attr-defined]

    def verb_values(self) -> dict[str, Any]:
        return super().verb_values() | {
            "manager": self.cleaned_data["manager"],
            "category": self.cleaned_data["category"],
        }
