"""移交: asked of another centre, taken over there, or returned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, User
from cases.enums import TransferReason
from cases.forms.fields import TextArea
from cases.forms.kin import KinAsked, kin_field
from cases.models import Case, Transfer
from cases.services.centres import centre_choices, taker_choices

_CHOOSE = {"required": _("Please choose.")}


class TransferForm(KinAsked):
    """Which centre should go on, why, what it may read before it decides, and what it reads afterwards."""

    to_office: forms.ModelChoiceField[Office] = forms.ModelChoiceField(
        label=_("Receiving centre"), queryset=None, empty_label=_("Please choose"), error_messages=_CHOOSE
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Please choose")), *TransferReason.choices], error_messages=_CHOOSE
    )
    kin = kin_field(
        _("Does he, or his family, work there?"), missing=_("Ask this before each request; her safety depends on it.")
    )
    kin_refused = _("Put up a wall against them first (Recusal), or ask another centre. Nothing has been sent.")
    message = TextArea(
        label=_("Message to the centre"),
        rows=3,
        max_length=1000,
        help_text=_("Read there before it decides: no names, no telephone, no address."),
    )
    summary = TextArea(
        label=_("The course so far"),
        rows=5,
        help_text=_("Read there only after the case is taken over: what was done, what she wants, what comes next."),
    )
    is_safe = forms.BooleanField(
        label=_(
            "The safe-contact rules are right, and she knows that another centre will call her. If it is not safe to tell her, the course so far says so."
        )
    )

    side_by_side = (("to_office", "reason"),)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_office"].queryset = centre_choices(case).select_related("region")  # type: ignore[attr-defined]
        self.fields["to_office"].label_from_instance = lambda row: row.short_name  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """Who goes on with the case at the receiving centre."""

    manager: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Case manager"), queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, row: Transfer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = taker_choices(row.to_office_id).order_by("name")  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """退回 with its reason."""

    answer = TextArea(
        label=_("Reason for returning"), rows=3, max_length=1000, help_text=_("No names: the earlier centre reads it.")
    )
