"""A case turns out to be a minor's: it says so, and so does everything that was sent out before anybody knew."""

from __future__ import annotations

from typing import Any

from cases import registry
from cases.enums import TransferStatus
from cases.models import Case, Transfer
from core.engine import Act


def mark(act: Act[Any], case: Case) -> bool:
    """The case concerns a minor from now on; never the other way. Without saving it. Whether this is news. Inside a verb on it."""
    if case.concerns_minor:
        return False
    case.concerns_minor = True
    for hear in registry.minor_hearers.values():
        hear(act, case)
    return True


def hear_in_transfers(act: Act[Any], case: Case) -> None:
    """The centre that is asked to take the case over reads it in the letter."""
    for row in Transfer.objects.filter(case=case, status=TransferStatus.ASKED, concerns_minor=False):
        row.concerns_minor = True
        row.save()


__all__ = ["hear_in_transfers", "mark"]
