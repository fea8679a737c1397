"""Papers: handed in, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import PaperKind, Section
from cases.forms.fields import TextArea
from core.uploads import PapersField


class PapersForm(forms.Form):
    """Files, what they are, and who may read them."""

    papers = PapersField(label=_("Files"))
    kind = forms.ChoiceField(
        label=_("Kind of paper"), choices=[("", _("Please choose")), *PaperKind.choices], error_messages={"required": _("Please choose.")}
    )  # fmt: skip
    section = forms.ChoiceField(
        label=_("Section that it belongs to"), error_messages={"required": _("Please choose.")},
        help_text=_("Whoever may read this section of the case may read the paper. Nobody else learns of it."))  # fmt: skip

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [("", _("Please choose")), *((one.value, one.label) for one in sections)]


class WithdrawForm(forms.Form):
    """Why a paper is withdrawn."""

    reason = TextArea(label=_("Why it is withdrawn"), rows=3, max_length=300, error_messages={"required": _("Say why it is withdrawn.")})  # fmt: skip
