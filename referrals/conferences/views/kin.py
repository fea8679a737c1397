"""His or his family's place of work: whoever says yes before an invitation or a measure sends nothing, and the director hears of it."""

from __future__ import annotations

from cases.forms.kin import KinForm
from cases.models import Case
from cases.services.walls import kin_reported
from core.identity import Identity


def report_kin(case: Case, form: KinForm, by: Identity) -> None:
    """The director decides on a wall, whatever else is wrong with what was sent (security.md, 7)."""
    if form.says_kin and case.is_open:
        kin_reported(case_id=case.pk, by=by)
