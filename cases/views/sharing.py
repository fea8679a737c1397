"""Who can see what of a case, and who has looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from agencies.models import Unit
from cases import registry
from cases.enums import ENDED_BY_HAND, AccessEnd, GrantBasis, Section
from cases.forms.sharing import ConsentForm, DecisionForm, EndForm
from cases.models import AccessGrant, Consent, WorkItem
from cases.services import guards
from cases.services.access import QUIET_SOURCES
from cases.services.consents import (
    DECIDE,
    access_end,
    consent_decide,
    consent_describe,
    consent_withdraw,
    guardians,
    version_of,
)
from cases.views.acting import act
from cases.views.assess import GET_POST
from cases.views.plan import SIMPLE
from cases.views.scope import MANAGERS, READERS, View, case_view, note_view
from core import access, clock, keys
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.models.accesslog import AccessLog
from core.views import Asked, page, request_key, seen_version

SOURCES = {
    "referral": _("Referral"),
    "contact": _("Took the first call"),
    "follow_up": _("Callback due"),
    "manager": _("Manages the case"),
    "conference": _("Case conference"),
    "stay": _("Stay in the refuge"),
    "legal_aid": _("Legal aid"),
    "care_team": _("Care team"),
    "break_glass": _("Emergency view"),
    "joint": _("Joint handling"),
}
ACTIONS: dict[str, Any] = {
    AccessLog.Action.VIEW: _("Viewed"), AccessLog.Action.REVEAL: _("Revealed"), AccessLog.Action.EXPORT: _("Exported"),
    AccessLog.Action.SEARCH: _("Searched"), AccessLog.Action.DENIED: _("Refused"),
}  # fmt: skip
LOG_SIZE = 30
# Her list names no refuge, and none of the centre's own people: what they see is said in one sentence.
UNPRINTED_SOURCES = ("stay", "manager")
UNPRINTED = (Section.SHELTER,)
# A letter rests on no consent: before acceptance it names nobody, and it stays with the body until it is answered or recalled.
LETTER_BASIS = _("The letter itself names nobody")


@dataclass
class Share:
    """What one source opened to one holder: in force, offered or over."""

    source_id: UUID
    source: Any
    basis: Any
    state: Any
    tone: str
    since: dt.datetime
    until: dt.datetime | None
    consent: Consent | None
    group_id: int | None
    user_id: UUID | None
    may_end: bool
    reason: Any = ""
    page_url: str = ""  # where the source itself stands, a letter: there it is recalled
    joint_url: str = ""  # where a joint handling ends: with all that is open or offered for it
    sections: list[Any] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Ended by its time or by somebody."""
        return self.tone == "neutral"


@dataclass
class Holder:
    """A body or person with all that is or was open to it."""

    name: str
    body: str
    shares: list[Share] = field(default_factory=list)

    @property
    def open(self) -> list[Share]:
        return [share for share in self.shares if not share.is_over]

    @property
    def over(self) -> list[Share]:
        return [share for share in self.shares if share.is_over]


def _units(grants: Iterable[AccessGrant]) -> dict[int, str]:
    """Names of the units as whose members people hold something. One query."""
    return dict(Unit.objects.filter(group_id__in={one.member_of for one in grants}).values_list("group_id", "name"))


def _body(grant: AccessGrant, units: dict[int, str]) -> str:
    """The unit or office that the holder belongs to; a unit's own grant names itself, a person's the unit as whose member it was given."""
    if grant.group:
        place = getattr(grant.group, "unit", None) or getattr(grant.group, "office", None)
        return str(place.name) if place else ""
    if grant.member_of in units:
        return units[grant.member_of]
    if grant.user:
        held = [one.unit or one.office for one in grant.user.role_grants.all()]
        # a person with several posts has it for the one that the access is bound to
        places = sorted((place for place in held if place is not None), key=lambda place: place.pk != grant.at_office)
        return str(places[0].name) if places else ""
    return ""


def _state(grant: AccessGrant) -> tuple[Any, str]:
    now = clock.now()
    if grant.withdrawn_at:
        return (_("Ended") if grant.end_reason == AccessEnd.EXPIRED else _("Withdrawn")), "neutral"
    if grant.valid_until and grant.valid_until <= now:
        return _("Ended"), "neutral"
    if grant.valid_from is None:
        return _("Offered, not yet open"), "warn"
    return _("Open now"), "info"


def _joint_url(grant: AccessGrant) -> str:
    """The button that ends a joint handling as a whole: part of it open and the rest of it owed would be neither."""
    if grant.source_kind != "joint":
        return ""
    return reverse("cases:joint-recall" if grant.valid_from is None else "cases:joint-end", args=[grant.source_id])


def _basis(grant: AccessGrant) -> Any:
    """On what it rests; of a letter, which a withdrawn consent leaves there, what it is."""
    return LETTER_BASIS if grant.section == Section.LETTER else GrantBasis(grant.basis).label


def _page_of(source_kind: str, source_id: UUID) -> str:
    """The page of a source of access, where it has one."""
    route = registry.source_pages.get(source_kind)
    return reverse(route, args=[source_id]) if route else ""


def holders(seen: View) -> list[Holder]:
    """Everybody to whom something of the case is or was open, whoever has something now first. A constant number of queries."""
    grants = list(
        AccessGrant.objects.filter(case_id=seen.case.pk, office_id__in=seen.by.case_offices)
        .select_related("user", "group__unit", "group__office", "consent")
        .prefetch_related("user__role_grants__unit", "user__role_grants__office")
        .order_by("-offered_at", "section", "pk")
    )
    units = _units(grants)
    found: dict[tuple[int | None, UUID | None], Holder] = {}
    shares: dict[tuple[Any, ...], Share] = {}
    for grant in grants:
        label, tone = _state(grant)
        body = _body(grant, units)
        who = (grant.group_id, grant.user_id)
        holder = found.setdefault(who, Holder(str(grant.user.name) if grant.user else body, body))
        basis = _basis(grant)
        key = (grant.source_id, *who, str(label), grant.end_reason, str(basis), grant.consent_id, grant.valid_until)
        if key not in shares:
            shares[key] = Share(
                source_id=grant.source_id, source=SOURCES.get(grant.source_kind, grant.source_kind), basis=basis,
                state=label, tone=tone, since=grant.valid_from or grant.offered_at, until=grant.withdrawn_at or grant.valid_until,
                consent=grant.consent, group_id=grant.group_id, user_id=grant.user_id,
                may_end=tone != "neutral" and grant.source_kind not in {*QUIET_SOURCES, "joint"} and grant.section != Section.LETTER,
                page_url=_page_of(grant.source_kind, grant.source_id) if tone != "neutral" and grant.section == Section.LETTER else "",
                joint_url=_joint_url(grant) if tone != "neutral" else "",
                reason=AccessEnd(grant.end_reason).label if grant.end_reason else "",
            )  # fmt: skip
            holder.shares.append(shares[key])
        shares[key].sections.append(Section(grant.section).label)
    return sorted(found.values(), key=lambda holder: not holder.open)


def _own(request: Asked, pk: UUID) -> View:
    """The case for the staff of its own centre; for everybody else there is no such page."""
    seen = case_view(request, pk)
    guards.is_manager(seen.case, seen.by)
    return seen


def _there(pk: UUID) -> str:
    return reverse("cases:sharing", args=[pk])


@page(*READERS)
def sharing_panel(request: Asked, pk: UUID) -> HttpResponse:
    """The short form: each body or person with what is open to it now; everything else stands on the page."""
    seen = case_view(request, pk)
    if not seen.is_staff:
        raise NotFound
    return render(
        request,
        "cases/_case_sharing.html",
        {"holders": [each for each in holders(seen) if each.open], "case": seen.case},
    )


@page(*MANAGERS)
def sharing(request: Asked, pk: UUID) -> HttpResponse:
    """Who can see what, why, since when and until when; her consents, and what ends them."""
    seen = _own(request, pk)
    keys.preload([pk])
    consents = list(Consent.objects.visible_to(seen.by).filter(case_id=pk).order_by("-given_at", "pk"))
    owed = set(
        WorkItem.objects.filter(case_id=pk, kind=DECIDE, done_at__isnull=True).values_list("source_id", flat=True)
    )
    for row in consents:
        row.labels = [Section(code).label for code in row.sections if code in Section.values]  # type: ignore[attr-defined]
        row.is_undecided = row.pk in owed  # type: ignore[attr-defined]
        row.is_over = row.withdrawn_at is not None or (row.valid_until is not None and row.valid_until <= clock.now())  # type: ignore[attr-defined]
    note_view(seen, [Section.COORDINATION], "sharing")
    everybody = holders(seen)
    return render(request, "cases/case_sharing.html", {
        "case": seen.case, "open": [each for each in everybody if each.open], "over": [each for each in everybody if each.over],
        "consents": [row for row in consents if not row.is_over or row.is_undecided],  # type: ignore[attr-defined]
        "past": [row for row in consents if row.is_over and not row.is_undecided],  # type: ignore[attr-defined]
        "reasons": [(reason.value, reason.label) for reason in ENDED_BY_HAND],
    })  # fmt: skip


@page(*MANAGERS)
def sharing_print(request: Asked, pk: UUID) -> HttpResponse:
    """What is handed to her, in person and alone: bodies, parts, times. No address, no refuge, nobody's name. Logged as an export."""
    seen = _own(request, pk)
    access.note(
        access.Action.EXPORT, object_type="sharing", object_id=pk, case_id=pk, office_id=seen.case.office_id,
        sections=[Section.COORDINATION], reason="own_list",
    )  # fmt: skip
    rows = list(
        AccessGrant.objects.filter(case_id=pk, office_id__in=seen.by.case_offices, withdrawn_at__isnull=True)
        .exclude(Q(source_kind__in=UNPRINTED_SOURCES) | Q(section__in=UNPRINTED))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=clock.now()))
        .select_related("user", "group__unit", "group__office")
        .prefetch_related("user__role_grants__unit", "user__role_grants__office")
        .order_by("offered_at", "section", "pk")
    )
    units = _units(rows)
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for grant in rows:
        is_letter = grant.section == Section.LETTER
        key = (_body(grant, units), str(_basis(grant)), grant.valid_from, grant.valid_until)
        line = lines.setdefault(key, {
            "body": key[0], "basis": key[1], "since": grant.valid_from or grant.offered_at, "until": grant.valid_until,
            "waits": grant.valid_from is None, "sections": [],
        })  # fmt: skip
        label = _("A letter that does not name you") if is_letter else Section(grant.section).label
        if label not in line["sections"]:
            line["sections"].append(label)
    return render(
        request, "cases/case_sharing_print.html", {"case": seen.case, "lines": list(lines.values()), "now": clock.now()}
    )


@page(*MANAGERS, methods=GET_POST)
def consent(request: Asked, pk: UUID, consent: UUID) -> HttpResponse:
    """How and by whom a consent was given, and when it ends."""
    seen = _own(request, pk)
    keys.preload([pk])
    row = Consent.objects.visible_to(seen.by).filter(case_id=pk, pk=consent).first()
    if row is None:
        raise NotFound
    initial = {"how": row.how, "given_by": row.given_by, "guardian": row.guardian_id, "wish": row.wish}
    initial["until"] = clock.local(row.valid_until).date() if row.valid_until else None
    form = ConsentForm(request.POST or None, initial=initial, guardians=guardians(pk))
    note_view(seen, [Section.COORDINATION, Section.IDENTITY], "consent")
    return act(
        request, form,
        lambda data: consent_describe(
            case_id=pk, consent_id=consent, by=seen.by, how=data["how"], given_by=data["given_by"],
            guardian_id=UUID(data["guardian"]) if data["guardian"] else None, wish=data["wish"], until=data["until"],
            version=seen_version(request), key=request_key(request)),
        to=_there(pk), said=gettext("The consent is written down."), template=SIMPLE,
        version=lambda: version_of(Consent.objects.get(pk=consent)), compare=lambda: _as_it_stands(form, consent), case=seen.case, title=_("Her consent"),
        submit=_("Save"), icon="device-floppy", lead=row.unit_name,
    )  # fmt: skip


def _as_it_stands(form: ConsentForm, pk: UUID) -> list[dict[str, Any]]:
    """What somebody else has written down meanwhile, beside what was typed."""
    row = Consent.objects.get(pk=pk)
    until = clock.local(row.valid_until).date() if row.valid_until else ""
    now = {"how": row.get_how_display(), "given_by": row.get_given_by_display(), "wish": row.wish, "until": until}
    return [{"field": form[name].label, "was": "", "now": said, "yours": ""} for name, said in now.items() if said]


@page(*MANAGERS, methods=("POST",))
def consent_take_back(request: Asked, pk: UUID, consent: UUID) -> HttpResponse:
    """She takes it back: one click."""
    seen = _own(request, pk)
    return _at_once(
        request, pk, lambda: consent_withdraw(case_id=pk, consent_id=consent, by=seen.by, key=request_key(request)),
        _("The consent is withdrawn. What rested on it is closed now. A letter that was sent stays with the body until you recall it: decide what follows."),
    )  # fmt: skip


@page(*MANAGERS, methods=GET_POST)
def consent_follow(request: Asked, pk: UUID, consent: UUID) -> HttpResponse:
    """What follows from a withdrawn consent for the work that the body still owes."""
    seen = _own(request, pk)
    row = Consent.objects.visible_to(seen.by).filter(case_id=pk, pk=consent).select_related("case").first()
    if row is None:
        raise NotFound
    note_view(seen, [Section.COORDINATION], "consent")
    return act(
        request, DecisionForm(request.POST or None),
        lambda data: consent_decide(case_id=pk, consent_id=consent, by=seen.by, text=data["text"], key=request_key(request)),
        to=_there(pk), said=gettext("The decision is kept."), template="cases/consent_decide.html", case=seen.case,
        title=_("Decide what follows"), submit=_("Keep the decision"), icon="check",
        lead=_("%(body)s works with less now, or not at all.") % {"body": row.unit_name}, letters=_letters_of(row),
        again=_again(row),
    )  # fmt: skip


def _letters_of(row: Consent) -> list[str]:
    """The pages of what rested on this consent and is still with the body."""
    rested = AccessGrant.objects.filter(consent_id=row.pk).values("source_id")
    still = AccessGrant.objects.filter(case_id=row.case_id, source_id__in=rested, withdrawn_at__isnull=True)
    found = still.order_by("source_id").values_list("source_kind", "source_id").distinct()
    return [url for kind, source in found if (url := _page_of(kind, source))]


def _again(row: Consent) -> str:
    """Where the same body is asked anew, with a new consent; empty where the case cannot be sent from now."""
    action = registry.case_actions.get("referrals.send")
    is_unit = Unit.objects.filter(pk=row.unit_id, is_active=True).exists()
    if action is None or not is_unit or row.case.status not in action.statuses:
        return ""
    return f"{action.url(row.case_id)}?unit={row.unit_id}"


@page(*MANAGERS, methods=("POST",))
def grant_end(request: Asked, pk: UUID) -> HttpResponse:
    """End what one holder has from one source, with a reason: one click."""
    seen = _own(request, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason."))
        return redirect(_there(pk))
    data = form.cleaned_data
    return _at_once(
        request, pk,
        lambda: access_end(
            case_id=pk, by=seen.by, source_id=data["source"], group_id=data["group"], user_id=data["user"], reason=data["reason"],
            key=request_key(request)),
        _("The access has ended."),
    )  # fmt: skip


def _at_once(request: Asked, pk: UUID, verb: Callable[[], Any], said: Any) -> HttpResponse:
    """Carry out a verb of one button and go back to the page; whoever was slower is told so."""
    try:
        verb()
    except DuplicateRequest:
        return redirect(_there(pk))
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, said)
    return redirect(_there(pk))


@page(*MANAGERS)
def log_panel(request: Asked, pk: UUID) -> HttpResponse:
    """Who has looked at this case, newest first (its managers and the director)."""
    seen = case_view(request, pk)
    if not seen.is_staff:
        raise NotFound
    rows = []
    for row in AccessLog.objects.filter(
        Q(case_id=pk) | Q(case_ids__contains=[pk]), office_id=seen.case.office_id
    ).order_by("-at")[:LOG_SIZE]:
        sections = [Section(code).label for code in row.sections.split(",") if code in Section.values]
        role = Role(row.actor_role).label if row.actor_role in Role.values else ""
        rows.append({"row": row, "action": ACTIONS.get(row.action, row.action), "sections": sections, "role": role})
    return render(request, "cases/_case_log.html", {"rows": rows, "limit": LOG_SIZE})
