"""What is still open on a case, each matter once, with the place where it is settled."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.models import Case, WorkItem
from cases.registry import Matter
from core.errors import DomainError
from core.identity import Identity


def open_matters(
    case: Case, *, but: Collection[str] = (), answered: Collection[str] = (), own_only: bool = False
) -> list[Matter]:
    """What the closure checks find, without those called `but`; then the work that is owed and is not a part of what they found.

    `answered` are the kinds of work that the act itself answers; `own_only` leaves out what other centres owe.
    """
    found = [each for check in registry.closure_checks.values() if check.code not in but for each in check.find(case)]
    named = {source for each in found for source in each.sources}
    owed = WorkItem.objects.filter(case=case, done_at__isnull=True).exclude(kind__in=answered)
    if own_only:
        owed = owed.filter(office_id=case.office_id)
    for item in owed.exclude(source_id__in=named).order_by("due_at", "pk"):
        kind = registry.work_kinds[item.kind]
        what = _("Still open: %(what)s.") % {"what": kind.title}
        found.append(Matter(what, kind.url(item), frozenset({item.source_id})))
    return found


def before_closing(case: Case) -> list[Matter]:
    """What is decided before a case can be closed."""
    return open_matters(case, answered={kind.code for kind in registry.work_kinds.values() if kind.by_closing})


def in_words(matters: Collection[Matter]) -> str:
    """All of them in one message."""
    return " ".join(str(each.text) for each in matters)


def ready_to_close(case: Case, by: Identity) -> None:
    """A guard: no open matter without an explicit decision."""
    if found := before_closing(case):
        raise DomainError("not_ready_to_close", in_words(found))
