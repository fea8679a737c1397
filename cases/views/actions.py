"""What can be done with a case: the one thing to do next, everything else in a menu, what can be added in a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import CaseStatus, Risk
from cases.models import Case, Seal, Wall
from cases.services.walls import may_wall
from cases.views.scope import View
from cases.views.steps import Step
from cases.workflow import CASE
from core import clock
from core.identity import Identity


@dataclass(frozen=True)
class Action:
    """A button or a line of the menu; `key` is its key on the page."""

    label: Any
    url: str
    icon: str
    key: str = ""


ROUTES = {"transfer": "transfer-ask"}  # where the verb's first step is not named like it
# In these the status's own next action ends the work or the case.
ENDING = (CaseStatus.IN_PROGRESS, CaseStatus.FOLLOW_UP)
# What needs no button of its own: the page is the review, and the gaps stand on it.
ON_THE_PAGE = ("case.review", "case.missing")
# Two people lift: who asked cannot agree.
LIFTINGS: dict[str, type[Wall | Seal]] = {"wall.lift": Wall, "seal.lift": Seal}


def _to(route: str, case: Case) -> str:
    return reverse(f"cases:{route}", args=[case.pk])


def _of_satellites(case: Case, *, main: bool) -> list[Action]:
    return [
        Action(each.label, each.url(case.pk), each.icon, each.key)
        for each in registry.case_actions.values()
        if case.status in (each.main_in if main else each.statuses)
    ]


def next_of(seen: View, steps: Sequence[Step]) -> Step | None:
    """The next step of the case: the soonest that the centre owes, else the soonest that it waits for, else a look at the case."""
    matters = [step for step in steps if step.item.kind not in ON_THE_PAGE]
    own = [step for step in matters if _is_ours(step, seen)]
    return next(iter([*own, *matters, *steps]), None)


def sooner_of(seen: View, steps: Sequence[Step], chosen: Step | None) -> Step | None:
    """What is due on the case before the `chosen` next step, whoever owes it: the step that lists of cases name."""
    first = next(iter(steps), None)
    return (
        first if seen.is_staff and first is not None and chosen is not None and first.due_at < chosen.due_at else None
    )


def _is_ours(step: Step, seen: View) -> bool:
    """Whether the viewer may carry it out: her own, or that of the case's manager, for whom a colleague stands in."""
    if not seen.is_staff:
        return step.is_mine
    if step.item.kind in LIFTINGS and _asked_by(step, seen.by):
        return False  # somebody else has to agree
    return step.is_mine or (seen.case.manager_id is not None and step.item.owner_user_id == seen.case.manager_id)


def _is_planned(steps: Sequence[Step]) -> bool:
    return any(step.item.kind == "case.review" and step.due_at > clock.now() for step in steps)


def _asked_by(step: Step, by: Identity) -> bool:
    """Whether it is `by` who asked for the lifting that waits for a second person. Asked only where such a step is open."""
    rows = LIFTINGS[step.item.kind].objects.visible_to(by)
    return bool(rows.filter(pk=step.item.source_id, lift_asked_by_id=by.user_id).exists())


def main_action(seen: View, steps: Sequence[Step], *, is_asked: bool = False) -> Action | None:
    """The one thing to do next: what the centre owes, soonest first; then a look at what it waits for; else what moves the status on.

    What ends the work or the case is offered where nothing else is open. `steps` are all that is owed on the case, `is_asked` says that
    another centre is asked to go on with it.
    """
    case = seen.case
    if not seen.is_staff:
        return None
    status = CaseStatus(case.status)
    if seen.may_change and status != CaseStatus.RECEIVED:
        open_ones = [step for step in steps if step.item.kind not in ON_THE_PAGE]
        if status == CaseStatus.ASSESSED:  # its first plan may as well be a letter, a bed, a conference
            open_ones = [step for step in open_ones if step.item.kind != "case.plan"]
        for step in open_ones:
            if _is_ours(step, seen):
                return Action(step.button, step.url, step.icon, "a")
        waits = is_asked or (status == CaseStatus.FOLLOW_UP and seen.planned_callback is not None)
        watched = status == CaseStatus.IN_PROGRESS and case.risk == Risk.HIGH and _is_planned(steps)
        if watched and not open_ones:
            return None  # what comes next is planned; the end of the work is not proposed while she is in danger
        if status in ENDING and (open_ones or waits):
            looks = [Action(step.look, step.url, step.icon, "a") for step in open_ones if step.look]
            return looks[0] if looks else None
    if next_door := _of_satellites(case, main=True):
        return next_door[0]
    by_status = {
        CaseStatus.RECEIVED: Action(_("Assess"), _to("assess", case), "stethoscope", "a"),
        CaseStatus.IN_PROGRESS: Action(_("Move to follow-up"), _to("follow-up", case), "phone-outgoing", "a"),
        CaseStatus.FOLLOW_UP: Action(_("Close the case"), _to("close", case), "lock", "a"),
        CaseStatus.CLOSED: Action(_("Reopen"), _to("reopen", case), "lock-open", "a"),
    }
    return by_status.get(status)


def other_actions(seen: View, main: Action | None) -> list[list[Action]]:
    """Everything else that the status allows, in groups, without the `main` action."""
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
