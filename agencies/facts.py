"""What those find on their home page whose role owes no work items: a few facts and the ways to what they can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from agencies.enums import NO_ROLE, Level, Role
from agencies.identities import in_force
from agencies.models import AgencyKey, Office, Region, RoleGrant, Unit, User
from core import clock
from core.calendar import is_published
from core.identity import Identity
from core.models.accesslog import AccessLog, LogSeal
from core.models.outbox import OutboxItem


@dataclass(frozen=True)
class Fact:
    """One figure."""

    label: str | Promise
    value: int | str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Way:
    """One link to work that the role can do."""

    label: str | Promise
    url: str
    icon: str
    help: str | Promise = ""


@dataclass(frozen=True)
class Home:
    """The part of the home page that one role fills."""

    title: str | Promise
    facts: list[Fact] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    note: str | Promise = ""


# Ways to what higher floors have for those who look after a region: label, route, icon, what is there. Filled from above.
region_ways: list[tuple[str | Promise | Callable[[Identity], str], str, str, str | Promise]] = []

# What higher floors hold for the auditor to look into: figures first, then the ways to them. Filled from above.
audit_parts: list[Callable[[Identity], tuple[list[Fact], list[Way]]]] = []


def units_without_liaison() -> Any:
    """Units that work online and have nobody named who receives what is sent to them."""
    liaisons = in_force(
        RoleGrant.objects.filter(role__in=[Role.LIAISON, Role.AID_OFFICER], unit=OuterRef("pk"), user__is_active=True)
    )
    return Unit.objects.filter(is_active=True, has_accounts=True).filter(~Exists(liaisons))


def _region(by: Identity) -> Home:
    within = Q()
    for prefix in by.regions:
        within |= Q(region__code__startswith=prefix)
    centres = Office.objects.centres().filter(within).in_operation(clock.today())
    counties = Region.objects.filter(level=Level.COUNTY)
    scope = Q()
    for prefix in by.regions:
        scope |= Q(code__startswith=prefix)
    open_centres, covered = centres.count(), counties.filter(scope, pk__in=centres.values("region_id")).count()
    gaps = units_without_liaison().filter(within).count()
    directory = reverse("agencies:directory")
    ways = [
        *(
            Way(label(by) if callable(label) else label, reverse(route), icon, words)
            for label, route, icon, words in region_ways
        ),
        Way(_("Centres and agencies"), directory, "address-book", _("Who works where, and where somebody is missing")),
    ]
    facts = [
        Fact(_("Centres in operation"), open_centres, directory),
        Fact(_("Counties with a centre"), f"{covered} / {counties.filter(scope).count()}"),
        Fact(_("Units without a liaison"), gaps, f"{directory}?tab=units&gap=on", "warn" if gaps else ""),
    ]
    return Home(_("Your region"), facts, ways)


def _to_look_into(by: Identity) -> Home:
    parts = [part(by) for part in audit_parts]
    facts, ways = [fact for found, _ways in parts for fact in found], [way for _facts, found in parts for way in found]
    note = _("You see who looked at what, when and why, and never what a case says.")
    if not any(fact.tone for fact in facts):
        note = _("Nothing waits to be looked into.") + " " + note
    return Home(_("To look into"), facts, ways, note)


def _auditor() -> Home:
    since = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    action = AccessLog.Action
    counted = AccessLog.objects.filter(at__gte=since).aggregate(
        all=Count("pk"), reveals=Count("pk", filter=Q(action=action.REVEAL)), exports=Count("pk", filter=Q(action=action.EXPORT)),
        refused=Count("pk", filter=Q(action__in=[action.DENIED, action.LOGIN_FAILED])),
    )  # fmt: skip
    sealed = LogSeal.objects.aggregate(last=Max("at"))["last"]
    stale = sealed is None or sealed < clock.now() - dt.timedelta(minutes=15)
    log = reverse("agencies:access-log")
    facts = [
        Fact(_("Entries today"), counted["all"], log),
        Fact(_("Reveals today"), counted["reveals"], f"{log}?action=reveal"),
        Fact(_("Exports today"), counted["exports"], f"{log}?action=export"),
        Fact(_("Refusals today"), counted["refused"], f"{log}?action=denied"),
        Fact(_("Last seal"), f"{clock.local(sealed):%H:%M}" if sealed else "—", "", "warn" if stale else ""),
    ]
    ways = [
        Way(_("Access log"), log, "eye-check", _("Every view, reveal, search, export and refusal")),
        Way(
            _("Verify the chain"),
            reverse("agencies:verify"),
            "link",
            _("Shows whether any entry was changed or removed"),
        ),
    ]
    return Home(_("The access log"), facts, ways)


def _next_years_workdays() -> Fact:
    """The notice comes in the late autumn; what is counted into the new year without it may be a day or two off."""
    today = clock.today()
    label = _("Working days of %(year)s") % {"year": today.year + 1}
    if is_published(today.year + 1):
        return Fact(label, _("entered"))
    return Fact(label, _("not published yet"), "", "warn" if today.month == 12 else "")


def _system(by: Identity) -> Home:
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    active = User.objects.filter(is_active=True)
    counted = OutboxItem.objects.aggregate(
        waiting=Count("id", filter=Q(done_at__isnull=True, failed_at__isnull=True, available_at__lte=clock.now())),
        failed=Count("id", filter=Q(failed_at__isnull=False)),
    )
    posts = in_force(RoleGrant.objects.filter(user_id=OuterRef("pk")))
    people = active.aggregate(
        all=Count("pk"), without=Count("pk", filter=~Exists(factor)), idle=Count("pk", filter=~Exists(posts))
    )
    asked = AgencyKey.objects.filter(confirmed_at=None, revoked_at=None, valid_until__gt=clock.now())
    unconfirmed = asked.exclude(requested_by_id=by.person_id).count()
    overview, keys = reverse("agencies:accounts"), reverse("agencies:keys")
    facts = [
        Fact(_("Active accounts"), people["all"], f"{overview}?state=active"),
        Fact(
            _("Without a second factor"),
            people["without"],
            f"{overview}?state=active&factor=no",
            "warn" if people["without"] else "",
        ),
        Fact(
            _("Without a role in force"),
            people["idle"],
            f"{overview}?state=active&role={NO_ROLE}",
            "warn" if people["idle"] else "",
        ),
        Fact(_("Keys that wait for you as the second person"), unconfirmed, keys, "warn" if unconfirmed else ""),
        _next_years_workdays(),
        Fact(_("Effects waiting"), counted["waiting"], "", "warn" if counted["waiting"] > 100 else ""),
        Fact(_("Effects failed"), counted["failed"], "", "danger" if counted["failed"] else ""),
    ]
    ways = [
        Way(_("Accounts"), overview, "users", _("Who holds which role, and who lacks a second factor")),
        Way(
            _("Keys of agencies"),
            keys,
            "key",
            _("Which system of an agency speaks to ours; asked for by one, confirmed by another"),
        ),
        Way(
            _("Centres and agencies"),
            reverse("agencies:directory"),
            "address-book",
            _("Who works where, and where somebody is missing"),
        ),
    ]
    note = _(
        "Accounts, roles and second factors are changed by two people with the administrator's commands; this page shows how they stand."
        " What cases say is not shown here."
    )
    if counted["failed"]:
        note = (
            _(
                "Effects that failed are not tried again by themselves: the guide to operations says how they are looked at."
            )
            + " "
            + note
        )
    return Home(_("System"), facts, ways, note)


def _places(by: Identity, role: Role) -> list[RoleGrant]:
    if by.user_id is None:
        return []
    held = RoleGrant.objects.filter(user_id=by.user_id, role=role)
    return list(in_force(held).select_related("unit", "office").order_by("pk"))


def _office_way(office: Office) -> Way:
    said = " · ".join(part for part in (office.phone, office.address) if part)
    return Way(
        office.short_name,
        reverse("agencies:office", args=[office.pk]),
        "building-community",
        said or _("Who works there"),
    )


def _field_worker(by: Identity) -> Home:
    """Whom to call, and whom she works with. Anti-Domestic Violence Law, art. 14: village and residents' committees report to the police."""
    units = [grant.unit for grant in _places(by, Role.FIELD_WORKER) if grant.unit]
    counties = {f"{unit.region_id[:6]}" for unit in units}
    centres = Office.objects.centres().filter(region_id__in=counties).in_operation(clock.today()).order_by("name")
    ways = [_office_way(centre) for centre in centres]
    ways += [
        Way(
            unit.short_name,
            reverse("agencies:unit", args=[unit.pk]),
            "users",
            _("Your unit, and who receives its letters"),
        )
        for unit in units
    ]
    facts = [
        Fact(_("Somebody is in danger now"), "110", tone="danger"),
        Fact(_("Somebody is hurt"), "120"),
        Fact(_("Women's rights hotline"), "12338"),
    ]
    note = _(
        "When you learn of violence against a minor, or against an adult who cannot act for herself, the law asks you to report it"
        " to the police (Anti-Domestic Violence Law, article 14). Then tell the centre; do not go into the home alone."
    )
    return Home(_("When you notice something"), facts, ways, note)


def _expert(by: Identity) -> Home:
    ways = [_office_way(grant.office) for grant in _places(by, Role.EXPERT) if grant.office]
    note = _(
        "A case manager opens a case to you for its purpose and for a time; open it to read what you were given; the case manager writes down what you did."
        " What you see of it is logged. When the time ends it leaves your list."
    )
    return Home(_("Your work with the centre"), [], ways, note)


def homes(by: Identity) -> list[Home]:
    """The parts for the roles that `by` holds, in the order of the roles."""
    found = []
    if by.has(Role.FIELD_WORKER):
        found.append(_field_worker(by))
    if by.has(Role.EXPERT):
        found.append(_expert(by))
    if by.has(Role.SUPERVISOR, Role.PROVINCE):
        found.append(_region(by))
    if by.has(Role.AUDITOR):
        found += [_to_look_into(by), _auditor()]
    if by.has(Role.SYSTEM):
        found.append(_system(by))
    return found
