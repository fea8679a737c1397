"""The filters of the case list, remembered in the URL; a value that means nothing is left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import RoleGrant, User
from cases.enums import OPEN_STATUSES, CaseStatus, Channel, Risk
from cases.models import Case, Category
from core import clock
from core.identity import Identity

LATE, EVERY, MINE = "late", "all", "mine"


def _grouped_categories(rows: list[Category]) -> list[Any]:
    """The classification for a select: each chapter as a whole, then its kinds."""
    chapters = [row for row in rows if row.parent_id is None]
    choices: list[Any] = [("", _("All categories"))]
    for chapter in chapters:
        kinds = [(row.code, f"{row.code} {row.name}") for row in rows if row.parent_id == chapter.code]
        choices.append((str(chapter.name), [(chapter.code, _("%(chapter)s: all") % {"chapter": chapter.name}), *kinds]))
    return choices


def _categories() -> list[Category]:
    """The classification (kept for a minute, like the calendar: it is public and seldom changes)."""
    rows: list[Category] | None = cache.get("categories")
    if rows is None:
        rows = list(Category.objects.all())
        cache.set("categories", rows, 60)
    return rows


def _managers(by: Identity) -> list[tuple[str, Any]]:
    holders = RoleGrant.objects.filter(office_id__in=by.case_offices, role__in=[Role.MANAGER, Role.DIRECTOR]).values(
        "user_id"
    )
    people = User.objects.filter(pk__in=holders).order_by("name")
    return [("", _("All managers")), (MINE, _("My cases")), *((str(user.pk), user.name) for user in people)]


class CaseFilter(forms.Form):
    """One row of filters. `apply` narrows a scoped queryset; without a status it shows what is open."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Open cases")), (LATE, _("Overdue")), *CaseStatus.choices, (EVERY, _("All, closed too"))],
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=[("", _("Any risk")), *Risk.choices])
    manager = forms.ChoiceField(label=_("Case manager"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All channels")), *Channel.choices])

    def __init__(self, data: Any, *, by: Identity, own: bool) -> None:
        super().__init__(data)
        self._by = by
        self._categories = _categories()
        self.fields["category"].choices = _grouped_categories(self._categories)  # type: ignore[attr-defined]
        if own:
            self.fields["manager"].choices = _managers(by)  # type: ignore[attr-defined]
        else:
            del self.fields["manager"]
        self.full_clean()
        self._asked = dict(self.cleaned_data) if self.is_bound else {}
        self._errors = ErrorDict()  # a stale link is no mistake of the person's: what cannot be read is left out

    @property
    def asked(self) -> dict[str, Any]:
        """What was chosen, without what means nothing."""
        return {name: value for name, value in self._asked.items() if value}

    @property
    def only_open(self) -> bool:
        """Whether the selection lies within open cases (then every row has a next due time)."""
        status = self.asked.get("status", "")
        return not status or status == LATE or status in OPEN_STATUSES

    def apply(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        """Narrow `rows` to what was chosen."""
        asked = self.asked
        status = asked.get("status", "")
        if not status or status == LATE:
            rows = rows.filter(status__in=OPEN_STATUSES)
        elif status != EVERY:
            rows = rows.filter(status=status)
        if category := asked.get("category"):
            kinds = [row.code for row in self._categories if category in (row.code, row.parent_id)]
            rows = rows.filter(category_id__in=kinds)
        for name in ("risk", "channel"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if manager := asked.get("manager"):
            rows = rows.filter(manager_id=self._by.user_id if manager == MINE else manager)
        if status == LATE:
            rows = rows.filter(next_due_at__lt=clock.now())
        return rows
