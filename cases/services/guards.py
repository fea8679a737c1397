"""Named predicates over a row and the one who acts; each raises when the answer is no."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.enums import CaseStatus, Risk
from cases.models import Case
from core.errors import DomainError, NotAllowed
from core.identity import Identity

NO_MEDIATION = _("The risk is high: there is no mediation. Protect her first, and assess again when it has changed.")


def _case_of(row: Any) -> Case:
    return row if isinstance(row, Case) else row.case


def is_manager(row: Any, by: Identity) -> None:
    """Only the handling centre's managers and director act on a case."""
    if _case_of(row).office_id not in by.case_offices:
        raise NotAllowed("not_manager", _("Only the case managers of the handling centre may do this."))


def is_director(row: Any, by: Identity) -> None:
    """Only the handling centre's director."""
    if _case_of(row).office_id not in by.director_offices:
        raise NotAllowed("not_director", _("Only the centre's director may do this."))


def is_open(row: Any, by: Identity) -> None:
    """A closed case is locked: nothing changes but by reopening."""
    if not _case_of(row).is_open:
        raise DomainError("closed", _("This case is closed and locked. Reopen it with a reason to change anything."))


def is_assessed(row: Any, by: Identity) -> None:
    """首接责任制: the centre that was turned to first assesses, and sends nobody on unheard (云南省反家庭暴力条例第23条)."""
    if _case_of(row).status == CaseStatus.RECEIVED:
        raise DomainError("not_assessed", _("Assess the case first."))


def no_high_risk(row: Any, by: Identity) -> None:
    """High risk blocks mediation in every form: a guard, not a hint (反家庭暴力法)."""
    if _case_of(row).risk == Risk.HIGH:
        raise DomainError("high_risk", NO_MEDIATION)
