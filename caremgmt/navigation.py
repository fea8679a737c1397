"""The shell's navigation: each person sees what her roles are for. Nothing is asked of the database before a template needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.enums import Role
from agencies.services.notifications import unread
from cases.models import WorkItem
from core import clock
from core.identity import ANONYMOUS, Identity
from core.ui.sentences import joined
from reports.exports.job import EXPORTERS
from reports.views.common import scope_title

ANYONE: tuple[str, ...] = ()
CONTACTS = (Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR)
CASES = (Role.MANAGER, Role.DIRECTOR, Role.EXPERT, Role.LIAISON, Role.AID_OFFICER)
FIGURES = (Role.MANAGER, Role.DIRECTOR, Role.SUPERVISOR, Role.PROVINCE)
# Those who may come to see a case; to all others a search of cases would only ever answer that there is nothing.
SEARCHERS = (
    Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR, Role.LIAISON, Role.AID_OFFICER, Role.EXPERT, Role.KEEPER,
)  # fmt: skip
WATCHERS = (Role.AUDITOR, Role.DIRECTOR)
WORKERS = (
    Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR, Role.LIAISON, Role.KEEPER, Role.AID_OFFICER, Role.EXPERT,
    Role.FIELD_WORKER,
)  # fmt: skip


Label = str | Promise | Callable[[Identity], str]


def guarded_title(by: Identity) -> str:
    """What stands above the guarded ways to records: who watches over them reads of audit, who asks for them of access."""
    return _("Security and audit") if by.has(*WATCHERS) else _("Access to guarded records")


def worded(label: Label, by: Identity) -> str | Promise:
    """A label as this person reads it."""
    return label(by) if callable(label) else label


@dataclass(frozen=True)
class Item:
    """One link of the navigation."""

    label: Label
    route: str
    icon: str
    roles: tuple[str, ...] = ANYONE
    count: str = ""  # which of the shell's counts stands beside it


NAVIGATION: list[tuple[Label, list[Item]]] = [
    ("", [
        Item(gettext_lazy("Today"), "cases:today", "home", count="owed"),
        Item(gettext_lazy("New call"), "hotline:new", "phone-plus", CONTACTS),
        Item(gettext_lazy("Contacts"), "hotline:list", "headset", CONTACTS),
        Item(gettext_lazy("Cases"), "cases:list", "folder", CASES),
        Item(gettext_lazy("Referrals"), "referrals:inbox", "mail", (Role.MANAGER, Role.DIRECTOR, Role.LIAISON, Role.AID_OFFICER), "letters"),
        Item(gettext_lazy("Transfers"), "cases:transfers", "share", (Role.MANAGER, Role.DIRECTOR)),
        Item(gettext_lazy("Conferences"), "referrals:conferences", "users-group", (Role.MANAGER, Role.DIRECTOR, Role.LIAISON, Role.AID_OFFICER)),
        Item(gettext_lazy("Shelter"), "shelter:board", "bed", (Role.KEEPER, Role.MANAGER, Role.DIRECTOR)),
        Item(gettext_lazy("Legal aid"), "legalaid:list", "scale", (Role.AID_OFFICER, Role.MANAGER, Role.DIRECTOR)),
    ]),
    (gettext_lazy("Figures"), [
        Item(gettext_lazy("Dashboard"), "reports:dashboard", "dashboard", FIGURES),
        Item(gettext_lazy("Monthly reports"), "reports:months", "report", FIGURES),
        Item(scope_title, "reports:province", "map-2", (Role.SUPERVISOR, Role.PROVINCE)),
        Item(gettext_lazy("Exports"), "reports:exports", "file-export", EXPORTERS),
    ]),
    (gettext_lazy("Directory"), [
        Item(gettext_lazy("Centres and agencies"), "agencies:directory", "address-book"),
    ]),
    (guarded_title, [
        Item(gettext_lazy("Access log"), "agencies:access-log", "eye-check", WATCHERS),
        Item(gettext_lazy("Unusual access"), "cases:bursts", "alert-triangle", WATCHERS),
        Item(gettext_lazy("Emergency views"), "cases:glasses", "urgent", (*CONTACTS, Role.AUDITOR)),
        Item(gettext_lazy("Approvals for minors' records"), "cases:approvals", "lock-open", (Role.MANAGER, Role.DIRECTOR, Role.AUDITOR)),
    ]),
    (gettext_lazy("System administration"), [
        Item(gettext_lazy("Accounts"), "agencies:accounts", "users", (Role.SYSTEM,)),
        Item(gettext_lazy("Keys of agencies"), "agencies:keys", "key", (Role.SYSTEM,)),
    ]),
]  # fmt: skip


class Shell:
    """What `base.html` asks for, worked out when it asks; a fragment that extends nothing costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._identity: Identity = getattr(request, "identity", ANONYMOUS)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """What is late, what of it are letters, and what stands behind the bell: one query."""
        if not self._identity.is_authenticated:
            return {}
        bell = unread(self._identity).annotate(what=Value("bell")).values("what").order_by()
        counted = bell.annotate(late=Count("pk"), letters=Value(0))
        if self._identity.has(*WORKERS):
            owed = WorkItem.objects.owed_by(self._identity).annotate(what=Value("owed")).values("what").order_by()
            late, letters = Q(due_at__lt=clock.now()), Q(kind__startswith="referral.")
            work = owed.annotate(late=Count("pk", filter=late), letters=Count("pk", filter=letters))
            counted = counted.union(work, all=True)
        found = {row["what"]: row for row in counted}
        nothing = {"late": 0, "letters": 0}
        owed_now = found.get("owed", nothing)
        return {"owed": owed_now["late"], "letters": owed_now["letters"], "bell": found.get("bell", nothing)["late"]}

    def unread_count(self) -> int:
        """Unread notices (one query, with the counts of the links)."""
        return self._counts.get("bell", 0)

    def nav(self) -> list[dict[str, Any]]:
        """Sections of links for the roles held (one query for the counts)."""
        if not self._identity.is_authenticated:
            return []
        here = self._request.path
        sections: list[dict[str, Any]] = []
        for label, items in NAVIGATION:
            shown = [
                {
                    "label": worded(item.label, self._identity),
                    "url": reverse(item.route),
                    "icon": item.icon,
                    "count": self._counts.get(item.count, 0),
                }
                for item in items
                if not item.roles or self._identity.has(*item.roles)
            ]
            if shown:
                sections.append({"label": worded(label, self._identity), "items": shown})
        # The page's own link is the longest one that the address begins with: /contacts/new/ is not /contacts/.
        links: list[dict[str, Any]] = [link for section in sections for link in section["items"]]
        fitting = [
            link["url"]
            for link in links
            if here == link["url"] or (link["url"] != "/" and here.startswith(link["url"]))
        ]
        current = max(fitting, key=len, default="")
        for link in links:
            link["active"] = link["url"] == current
        return sections

    def reach(self) -> dict[str, bool]:
        """What the shell offers by key and search, so that it names nothing that the role does not have."""
        routes = {
            item.route
            for _label, items in NAVIGATION
            for item in items
            if not item.roles or self._identity.has(*item.roles)
        }
        return {
            "search": self._identity.has(*SEARCHERS), "call": "hotline:new" in routes, "cases": "cases:list" in routes,
            "letters": "referrals:inbox" in routes,
        }  # fmt: skip

    def office_name(self) -> str:
        """Where the roles are held, by short names: all places at once, for the pages show all of them."""
        held = getattr(self._request, "user", None) and getattr(self._request.user, "held_roles", [])
        return joined(dict.fromkeys(str(grant.place) for grant in held or []))

    def role_labels(self) -> list[str]:
        """The roles held, each with its place."""
        held = getattr(self._request.user, "held_roles", [])
        return [_("%(role)s (%(place)s)") % {"role": grant.get_role_display(), "place": grant.place} for grant in held]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; its callables run only where a template names them."""
    lazy = Shell(request)
    identity: Identity = getattr(request, "identity", ANONYMOUS)
    return {
        "INSTALLATION_KIND": settings.INSTALLATION_KIND, "office_name": lazy.office_name, "user_name": identity.name, "nav": lazy.nav,
        "reach": lazy.reach, "unread_count": lazy.unread_count, "role_labels": lazy.role_labels,
    }  # fmt: skip
