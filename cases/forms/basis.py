"""What may be seen of a case and on which basis, each section's own where it differs: for every form that shares some of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import GrantBasis, Section
from cases.forms.consent import GivenForm

_BASIS_OF = "basis_"


class SharingForm(GivenForm):
    """A form with `sections` and `basis`, a basis for each of the sections that it offers, and the consent that one may rest on."""

    offered: ClassVar[Sequence[Section]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in self.offered:
            self.fields[_BASIS_OF + section.value] = forms.ChoiceField(
                label=section.label, required=False, choices=[("", _("As above")), *GrantBasis.choices]
            )

    @property
    def basis_fields(self) -> list[forms.BoundField]:
        """The basis of each section, for the page."""
        return [self[_BASIS_OF + section.value] for section in self.offered]

    @property
    def basis_differs(self) -> bool:
        """Whether a section has a basis of its own: then the page shows these fields open."""
        return any(bound.value() or bound.errors for bound in self.basis_fields)

    def bases(self, data: dict[str, Any]) -> dict[str, str]:
        """The bases that differ, by section."""
        own = {section.value: data.get(_BASIS_OF + section.value) for section in self.offered}
        return {code: basis for code, basis in own.items() if basis}
