"""What joint handling registers: its kinds of work, its entries, what it hears of the case, its list on Today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.enums import Role
from cases import registry
from cases.enums_joint import JointEnd, JointHow, JointReason
from cases.models import WorkItem
from cases.services import joint
from cases.services.joint import common
from core.identity import Identity

SHOWN = 20


def _url(item: WorkItem) -> str:
    return reverse("cases:joint", args=[item.source_id])


def _label(choices: Any, code: str) -> Any:
    return choices(code).label if code else ""


def in_force(by: Identity) -> Sequence[registry.TodayRow]:
    """The cases that the own centre handles together with another one, the soonest end first: the matter and the other centre, nobody's name."""
    return [
        registry.TodayRow(
            " · ".join((each.row.category.name, each.other, gettext("responsible: your centre") if each.is_ours else gettext("helping: your centre"))),
            reverse("cases:joint", args=[each.row.pk]),
            each.row.ends_at,
        )
        for each in joint.of_centres(by)
        if not each.is_asked
    ][:SHOWN]  # fmt: skip


def _install_work() -> None:
    # Joint handling ends with the case: what the second centre still owes, and what it asks of the manager, is decided by closing.
    kind = registry.WorkKind
    open_it = _("Answer the request")
    registry.work_kind(
        kind(common.ANSWER, _("Another centre asks to handle a case together: agree or decline"), open_it, _url, "joint.answer", "users", chain="joint.late", by_closing=True)
    )  # fmt: skip
    registry.work_kind(
        kind(common.WORK, _("Joint handling: do the next step and write it down"), _("Record what was done"), _url, "joint.work", "users-group", by_closing=True)
    )  # fmt: skip
    for code, title, button, icon in (
        (common.READ, _("The second centre has written what it did: read it"), _("Read"), "eye-check"),
        (common.UNANSWERED, _("A request for joint handling is not answered: decide what comes next"), _("Decide"), "hourglass"),
        (common.OVER, _("Joint handling has ended or was declined: decide what comes next"), _("Decide"), "arrow-back-up"),
    ):  # fmt: skip
        registry.work_kind(kind(code, title, button, _url, "joint.decide", icon, by_plan=True, by_closing=True))
    registry.late_steps.add("joint.late", joint.late_step)
    registry.work_subjects.add("joint", joint.subjects)


def _install_entries() -> None:
    add = registry.entry_kind
    add(
        "joint.asked",
        lambda d: (
            _("%(centre)s was asked to handle the case together: %(reason)s")
            % {"centre": d.get("centre", ""), "reason": _label(JointReason, d.get("reason", ""))}
        ),
        "users",
        "info",
    )
    for code, sentence in (
        ("joint.accepted", _("%(centre)s handles the case together with this centre: %(name)s")),
        ("joint.named", _("%(centre)s has named somebody else for the joint handling: %(name)s")),
    ):
        add(
            code,
            lambda d, text=sentence: text % {"centre": d.get("centre", ""), "name": d.get("name", "")},  # type: ignore[misc]
            "users",
            "info",
        )
    add("joint.declined", _("Joint handling was declined"), "arrow-back-up", "warn")
    add("joint.recalled", _("The request for joint handling was taken back"), "users", "neutral")
    add(
        "joint.note",
        lambda d: _("Written by the second centre: %(how)s") % {"how": _label(JointHow, d.get("how", ""))},
        "notes",
        "info",
    )
    add(
        "joint.ended",
        lambda d: _("Joint handling ended: %(reason)s") % {"reason": _label(JointEnd, d.get("reason", ""))},
        "users",
        "neutral",
    )


def install() -> None:
    """Called once when the app is ready."""
    _install_work()
    _install_entries()
    registry.endings.add("joint", joint.end_with_case)
    registry.risk_hearers.add("joint", joint.hear_risk)
    registry.minor_hearers.add("joint", joint.hear_minor)
    registry.today_list(
        registry.TodayList(
            "joint", _("Handled together with another centre"), _("Open"), (Role.MANAGER, Role.DIRECTOR), in_force, "users-group", tone="", first=False
        )
    )  # fmt: skip
