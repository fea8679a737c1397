"""The worklist as the home page shows it: rows with their case or letter, in a number of queries that does not grow with the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.enums import Role
from cases import registry
from cases.enums import Risk
from cases.models import Case, FollowUp, PartyIdentity, WorkItem
from cases.registry import WorkKind, WorkSubject
from cases.services import missing
from core import access, clock, keys
from core.identity import Identity
from core.ui.sentences import joined

LIMIT = 200
MISSING_WORDS = {
    "known_name": gettext_lazy("Full name"), "client_birth_year": gettext_lazy("Year of birth"), "category_id": gettext_lazy("Category"),
    "region_residence_id": gettext_lazy("County of residence"), "narrative": gettext_lazy("What happened"),
    "safe_number": gettext_lazy("Safe number"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One owed step, ready to be shown."""

    item: WorkItem
    kind: WorkKind
    number: str
    name: str
    words: registry.Text
    owner: registry.Text
    risk: str
    late: bool

    @property
    def presses(self) -> bool:
        """Whether it goes before what only falls due sooner: urgent, or of a case of high risk."""
        return self.item.is_urgent or self.risk == Risk.HIGH

    @property
    def tone(self) -> str:
        """The colour of the row's edge."""
        if self.late:
            return "danger"
        return "warn" if self.presses else ""

    @property
    def url(self) -> str:
        """Where the one button leads."""
        return self.kind.url(self.item)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items of one kind or owner, and how many of them are late or due today."""

    key: str
    label: registry.Text
    total: int
    late: int
    today: int
    soonest: dt.datetime


def end_of_today() -> dt.datetime:
    """The next midnight in Yunnan."""
    return clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


def _counted() -> dict[str, Any]:
    now, midnight = clock.now(), end_of_today()
    return {
        "total": Count("pk"), "late": Count("pk", filter=Q(due_at__lt=now)),
        "today": Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)), "soonest": Min("due_at"),
    }  # fmt: skip


def by_kind(items: QuerySet[WorkItem]) -> list[Tally]:
    """One tally for each kind, the most pressing first. One query."""
    rows: Any = items.order_by().values("kind").annotate(**_counted())
    rows = rows.order_by("soonest")
    return [
        Tally(
            row["kind"], registry.work_kinds[row["kind"]].title, row["total"], row["late"], row["today"], row["soonest"]
        )
        for row in rows
    ]


def kinds_of(shown: Iterable[Row]) -> list[Tally]:
    """What `by_kind` says, counted from the rows where they are all there. No query."""
    midnight = end_of_today()
    found: dict[str, list[Row]] = {}
    for row in shown:
        found.setdefault(row.item.kind, []).append(row)
    tallies = [
        Tally(
            kind, registry.work_kinds[kind].title, len(rows), sum(row.late for row in rows),
            sum(not row.late and row.item.due_at < midnight for row in rows), min(row.item.due_at for row in rows),
        )
        for kind, rows in found.items()
    ]  # fmt: skip
    return sorted(tallies, key=lambda tally: tally.soonest)


def by_owner(items: QuerySet[WorkItem], by: Identity) -> list[Tally]:
    """One tally for each owner: people, units, desks, roles; who has most that is late comes first. One query."""
    names = (
        "owner_user",
        "owner_user__name",
        "owner_group",
        "owner_group__unit__short_name",
        "owner_group__office__short_name",
        "owner_role",
    )
    tallies = []
    for row in items.order_by().values(*names).annotate(**_counted()).order_by("-late", "soonest"):
        if row["owner_user"]:
            key, label = (
                f"u{row['owner_user']}",
                _("Me") if row["owner_user"] == by.user_id else row["owner_user__name"],
            )
        elif row["owner_group"]:
            key, label = (
                f"g{row['owner_group']}",
                row["owner_group__unit__short_name"] or row["owner_group__office__short_name"] or "",
            )
        else:
            key, label = f"r{row['owner_role']}", owner_role(row["owner_role"])
        tallies.append(Tally(key, label, row["total"], row["late"], row["today"], row["soonest"]))
    return tallies


def of_owner(items: QuerySet[WorkItem], key: str) -> QuerySet[WorkItem]:
    """The items of the owner that `by_owner` gave this key; all for a key that means nothing."""
    kind, value = key[:1], key[1:]
    if kind == "u":
        try:
            return items.filter(owner_user_id=UUID(value))
        except ValueError:
            return items
    if kind == "g" and value.isdecimal():
        return items.filter(owner_group_id=int(value))
    if kind == "r" and value in Role.values:
        return items.filter(owner_role=value, owner_user__isnull=True, owner_group__isnull=True)
    return items


def calls_due(by: Identity, rows: Iterable[FollowUp]) -> dict[UUID, dt.datetime]:
    """By when each callback that has come due is to be made: the due time of its work item, wherever it is shown. One query."""
    items = WorkItem.objects.open().visible_to(by).filter(kind="followup.call", source_id__in=[row.pk for row in rows])
    return dict(items.values_list("source_id", "due_at"))


def owner_role(role: str) -> str:
    """Who a role at a centre is, in words."""
    return {Role.MANAGER.value: _("Case managers"), Role.DIRECTOR.value: _("Director")}.get(role) or str(
        Role(role).label
    )


def _owner(item: WorkItem, by: Identity) -> registry.Text:
    if item.owner_user_id:
        return _("Me") if item.owner_user_id == by.user_id else str(item.owner_user)
    if item.owner_group:
        place = getattr(item.owner_group, "unit", None) or getattr(item.owner_group, "office", None)
        return str(place or "")
    return owner_role(item.owner_role)


def _sources(items: Iterable[WorkItem]) -> dict[str, list[UUID]]:
    """The sources by the first word of the kinds."""
    found: dict[str, list[UUID]] = {}
    for item in items:
        found.setdefault(item.kind.partition(".")[0], []).append(item.source_id)
    return found


def _sealed(sources: Mapping[str, list[UUID]]) -> list[UUID]:
    """Those of which only their own key opens what they are about."""
    return [source for word in registry.sealed_subjects.names() for source in sources.get(word, [])]


def _column(path: str) -> Any:
    return Cast(path, TextField()) if path else Value("", output_field=TextField())


def _subjects(sources: Mapping[str, list[UUID]], by: Identity) -> Mapping[UUID, WorkSubject]:
    """What the satellites say of their sources: one query for all of them, and one for each whose words are sealed."""
    parts = [
        part
        for word, ids in sources.items()
        if (ask := registry.work_subjects.get(word)) is not None
        for part in ask(by, ids)
    ]
    found: dict[UUID, WorkSubject] = {}
    if parts:
        asked = [
            part.rows.order_by().values_list(Value(at), "pk", *map(_column, [part.number, *part.words, "", "", ""][:4]))
            for at, part in enumerate(parts)
        ]
        for at, pk, number, *words in asked[0].union(*asked[1:], all=True):
            part = parts[at]
            found[pk] = WorkSubject(number, part.say(*(word or "" for word in words[: len(part.words)])))
    for word, ids in sources.items():
        if (ask_sealed := registry.sealed_subjects.get(word)) is not None:
            found.update(ask_sealed(by, ids))
    return found


def _gaps_in_words(item: WorkItem, gaps: Mapping[UUID, list[str]]) -> str:
    names = gaps.get(item.case_id, []) if item.kind == missing.MISSING and item.case_id else []
    return joined(MISSING_WORDS[name] for name in names)


def titles(by: Identity, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these items are, with the number of the case or letter, as far as `by` may see them: for the bell. No person's name."""
    items = list(WorkItem.objects.visible_to(by).filter(pk__in=list(ids)))
    wanted = {item.case_id for item in items if item.case_id}
    cases = {case.pk: case for case in Case.objects.visible_to(by).filter(pk__in=wanted).only("number", "office_id")}
    access.note_list(
        access.Action.VIEW, [(case.pk, case.office_id) for case in cases.values()], object_type="cases.workitem",
        sections=["header"], reason="bell",
    )  # fmt: skip
    sources = _sources(item for item in items if item.case_id not in cases)
    keys.preload(_sealed(sources))
    subjects = _subjects(sources, by)
    found = {}
    for item in items:
        case, subject = cases.get(item.case_id) if item.case_id else None, subjects.get(item.source_id)
        number = case.number if case else subject.number if subject else ""
        found[item.pk] = " · ".join(part for part in (str(registry.work_kinds[item.kind].title), number) if part)
    return found


def rows(items: QuerySet[WorkItem], by: Identity, *, limit: int = LIMIT) -> list[Row]:
    """The first rows by due time with what `by` may see of their cases; the names that are shown go to the access log."""
    chosen = list(
        items.select_related("owner_user", "owner_group__unit", "owner_group__office").order_by("due_at", "pk")[:limit]
    )
    ids = {item.case_id for item in chosen if item.case_id}
    cases = (
        {
            case.pk: case
            for case in Case.objects.visible_to(by).filter(pk__in=ids).only("pk", "number", "risk", "office_id")
        }
        if ids
        else {}
    )
    people = (
        list(PartyIdentity.objects.visible_to(by).filter(case_id__in=list(cases), party__is_primary=True))
        if cases
        else []
    )
    sources = _sources(chosen)
    keys.preload([*(person.case_id for person in people), *_sealed(sources)])
    names = {person.case_id: person.name or _("Anonymous") for person in people}
    places = [(case_id, cases[case_id].office_id) for case_id in names]
    access.note_list(
        access.Action.VIEW, places, object_type="cases.workitem", sections=["header", "identity"], reason="worklist"
    )
    subjects, now = _subjects(sources, by), clock.now()
    gaps = missing.still(
        [item.case_id for item in chosen if item.kind == missing.MISSING and item.case_id in cases], by
    )
    shown = []
    for item in chosen:
        case, subject = cases.get(item.case_id) if item.case_id else None, subjects.get(item.source_id)
        shown.append(
            Row(
                item=item,
                kind=registry.work_kinds[item.kind],
                number=case.number if case else subject.number if subject else "",
                name=names.get(item.case_id, "") if item.case_id else "",
                words=subject.words if subject else _gaps_in_words(item, gaps),
                owner=_owner(item, by),
                risk=case.risk if case else "",
                late=item.due_at < now,
            )
        )
    return shown
