"""How a case goes on and ends: plan, callback, manager, refusal, closing, reopening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from cases.enums import CloseReason, RefuseReason
from cases.forms.fields import MomentField, TextArea
from cases.models import Case
from cases.services.case import manager_choices


class PlanForm(forms.Form):
    """What comes next, and by when."""

    text = TextArea(label=_("What comes next"), help_text=_("What is done, by whom, and how she knows of it."), rows=5)
    due_at = MomentField(
        label=_("Look again by"), help_text=_("The case comes back to your list at this time at the latest.")
    )


class CallbackForm(forms.Form):
    """A callback at a time of the manager's choice."""

    due_at = MomentField(label=_("Call her at"))
    by_desk = forms.TypedChoiceField(
        label=_("Who calls"),
        coerce=lambda value: value == "desk",
        initial="manager",
        widget=forms.RadioSelect,
        choices=[("manager", _("Her case manager")), ("desk", _("The 12338 desk"))],
        help_text=_("The desk sees her name and the safe-contact rules while the callback is due, nothing else."),
    )


class AssignForm(forms.Form):
    """Another manager."""

    manager: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Case manager"), queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = manager_choices(case).exclude(pk=case.manager_id).order_by("name")  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """不予受理: why, and where she was pointed to."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RefuseReason.choices, widget=forms.RadioSelect)
    pointed_to = TextArea(
        label=_("Where she was pointed to"), help_text=_("Body, address or telephone, and that she was told."), rows=3
    )


class CloseForm(forms.Form):
    """办结: the reason and the result in words."""

    reason = forms.ChoiceField(label=_("Reason for closing"), choices=CloseReason.choices, widget=forms.RadioSelect)
    note = TextArea(
        label=_("Result"),
        help_text=_("What was reached, what she says of it, what she may do if it happens again."),
        rows=5,
    )


class ReopenForm(forms.Form):
    """Why a closed case is taken up again."""

    reason = TextArea(label=_("Why it is taken up again"), rows=3)


class ResumeForm(forms.Form):
    """What a callback has found."""

    reason = TextArea(label=_("What is new"), rows=3)


class EmptyForm(forms.Form):
    """A verb that needs no words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
