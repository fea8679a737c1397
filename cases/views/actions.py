"""What can be done with a case: the one thing to do next, everything else in a menu, what can be added in a panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import CaseStatus
from cases.models import Case
from cases.services.walls import may_wall
from cases.views.scope import View
from cases.workflow import CASE


@dataclass(frozen=True)
class Action:
    """A button or a line of the menu; `key` is its key on the page."""

    label: Any
    url: str
    icon: str
    key: str = ""


ROUTES = {"transfer": "transfer-ask"}  # where the verb's first step is not named like it


def _to(route: str, case: Case) -> str:
    return reverse(f"cases:{route}", args=[case.pk])


def _of_satellites(case: Case, *, main: bool) -> list[Action]:
    return [
        Action(each.label, each.url(case.pk), each.icon, each.key)
        for each in registry.case_actions.values()
        if case.status in (each.main_in if main else each.statuses)
    ]


def main_action(seen: View) -> Action | None:
    """The one thing to do next, by status."""
    case = seen.case
    if not seen.is_staff:
        return None
    if next_door := _of_satellites(case, main=True):
        return next_door[0]
    by_status = {
        CaseStatus.RECEIVED: Action(_("Assess"), _to("assess", case), "stethoscope", "a"),
        CaseStatus.IN_PROGRESS: Action(_("Move to follow-up"), _to("follow-up", case), "phone-outgoing", "a"),
        CaseStatus.FOLLOW_UP: Action(_("Close the case"), _to("close", case), "lock", "a"),
        CaseStatus.CLOSED: Action(_("Reopen"), _to("reopen", case), "lock-open", "a"),
    }
    return by_status.get(CaseStatus(case.status))


def other_actions(seen: View) -> list[list[Action]]:
    """Everything else that the status allows, in groups."""
    case = seen.case
    if not seen.may_change:
        return []
    course = [Action(_("Plan a callback"), _to("callback", case), "phone-plus"), *_of_satellites(case, main=False)]
    if case.status != CaseStatus.RECEIVED:
        course = [
            Action(_("Make a plan"), _to("plan", case), "route", "p"),
            Action(_("Assess again"), _to("reassess", case), "stethoscope"),
            *course,
        ]
        if not seen.has_joint:
            course.append(Action(_("Handle together with another centre"), _to("joint-ask", case), "users-group"))
    records = [
        Action(_("Record a service"), _to("service-add", case), "heart-handshake", "s"),
        Action(_("Enter an order"), _to("order-add", case), "gavel"),
        Action(_("Add papers"), _to("paper-add", case), "paperclip"),
        Action(_("Add a person"), _to("person-add", case), "user-plus"),
    ]
    if may_wall(case, seen.by):
        records.append(Action(_("Recusal"), _to("walls", case), "shield-lock"))
    ending = [Action(_("Assign another manager"), _to("assign", case), "user-check")] if case.manager_id else []
    for verb, label, icon in (
        ("follow_up", _("Move to follow-up"), "phone-outgoing"),
        ("resume", _("Resume the work"), "player-play"),
        ("close", _("Close the case"), "lock"),
        ("refuse", _("Do not accept"), "circle-x"),
        ("merge", _("Merge with another case"), "link"),
        ("transfer", _("Transfer to another centre"), "share"),
    ):
        if CASE.allows(verb, case.status):
            route = ROUTES.get(verb, verb.replace("_", "-"))
            ending.append(Action(label, _to(route, case), icon))
    main = main_action(seen)
    groups = [[each for each in group if main is None or each.url != main.url] for group in (course, records, ending)]
    return [group for group in groups if group]


def panel_actions(seen: View) -> dict[str, Action]:
    """The one thing that can be added in a panel of the heart; satellites' panels bring their own."""
    case = seen.case
    if not seen.may_change:
        return {}
    actions = {
        "people": Action(_("Add a person"), _to("person-add", case), "plus"),
        "services": Action(_("Record"), _to("service-add", case), "plus"),
        "papers": Action(_("Add papers"), _to("paper-add", case), "plus"),
        "orders": Action(_("Enter"), _to("order-add", case), "plus"),
        "followups": Action(_("Plan"), _to("callback", case), "plus"),
    }
    if case.status != CaseStatus.RECEIVED:
        actions["risk"] = Action(_("Assess again"), _to("reassess", case), "plus")
    return actions
