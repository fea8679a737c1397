"""What referrals tell the heart: kinds of work, timeline entries, a panel of the case page, a closure check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import registry
from cases.enums import CaseStatus
from cases.models import Case
from cases.registry import Matter, Panel, PaperKind, WorkKind
from core.identity import Identity
from referrals.enums import OWED, UNDECIDED, UNNAMED, Ask, ChasePaper, DeclineReason, Result
from referrals.models import Referral, ReferralChase
from referrals.services.chasing import HEADS, late_step
from referrals.services.naming import hear_minor
from referrals.services.sending import hear_risk
from referrals.views import CHASE_READERS, READERS


def _url(item: Any) -> str:
    return reverse("referrals:detail", args=[item.source_id])


def _paper_url(item: Any) -> str:
    return reverse("referrals:chase", args=[item.source_id])


CHAIN = "referral.late"
_SEE = _("See the referral")
registry.work_kind(
    WorkKind(
        "referral.accept",
        _("Accept or decline a referral"),
        _("Open the letter"),
        _url,
        "referral.accept",
        "mail",
        chain=CHAIN,
        look=_SEE,
    )
)
registry.work_kind(
    WorkKind(
        "referral.respond",
        _("Answer a referral"),
        _("Give the answer"),
        _url,
        "referral.respond",
        "mail-forward",
        chain=CHAIN,
        look=_SEE,
    )
)
registry.work_kind(
    WorkKind(
        "referral.review", _("Review an agency's answer"), _("Review the answer"), _url, "referral.review", "mail-check"
    )
)
registry.work_kind(
    WorkKind(
        "referral.decide",
        _("An agency declined: decide what comes next"),
        _("Decide"),
        _url,
        "referral.decide",
        "mail-x",
    )
)

registry.work_kind(
    WorkKind("referral.time", _("A unit asks for more time"), _("Decide"), _url, "referral.time", "hourglass")
)

registry.work_kind(
    WorkKind(
        "referral.supervise",
        _("A unit is late: sign the paper"),
        _("Sign the paper"),
        _url,
        "referral.supervise",
        "rubber-stamp",
    )
)
registry.work_kind(
    WorkKind(
        "referral.committee",
        _("A unit is late still: write to the committee above it"),
        _("Write the paper"),
        _url,
        "referral.committee",
        "rubber-stamp",
    )
)
registry.work_kind(
    WorkKind(
        "referral.oversee",
        _("A centre waits for a late unit: supervise"),
        _("Open the paper"),
        _paper_url,
        "referral.oversee",
        "urgent",
    )
)
registry.work_kind(
    WorkKind(
        "referral.stuck",
        _("No paper has helped: decide what comes instead"),
        _("Decide"),
        _url,
        "referral.stuck",
        "route",
    )
)
registry.work_kind(
    WorkKind(
        UNNAMED,
        _("The case is a minor's, and a letter lies with a whole unit: name a liaison or recall it"),
        _("Decide"),
        _url,
        UNNAMED,
        "user-check",
    )
)
registry.late_steps.add(CHAIN, late_step)


def _sentence(text: Any, choices: Any = None, field: str = "") -> Any:
    def say(data: dict[str, Any]) -> Any:
        values = {"unit": data.get("unit", "")}
        if choices is not None:
            values[field] = choices(data[field]).label if data.get(field) else ""
        return text % values

    return say


add = registry.entry_kind
add("referral.sent", _sentence(_("Referred to %(unit)s: %(ask)s"), Ask, "ask"), "mail-forward", "info")
add(
    "referral.opened_at_once",
    lambda data: (
        _("Open at once to %(taker)s of %(unit)s: safety sections")
        % {"unit": data.get("unit", ""), "taker": data.get("taker", "")}
    ),
    "urgent",
    "warn",
)
add(
    "referral.named",
    lambda data: (
        _("The letter to %(unit)s is %(name)s's alone from now on")
        % {"unit": data.get("unit", ""), "name": data.get("name", "")}
    ),
    "user-check",
    "info",
)
add(
    "referral.passed_on",
    lambda data: (
        _("The referral was passed on inside the agency: %(unit)s %(name)s")
        % {"unit": data.get("unit", ""), "name": data.get("name", "")}
    ),
    "mail-forward",
    "neutral",
)
add("referral.accepted", _sentence(_("%(unit)s accepted the referral")), "mail-check", "ok")
add(
    "referral.declined",
    _sentence(_("%(unit)s declined the referral: %(reason)s"), DeclineReason, "reason"),
    "mail-x",
    "warn",
)
add("referral.progress", _sentence(_("%(unit)s reported progress")), "mail", "neutral")
add("referral.time_asked", _sentence(_("%(unit)s asked for more time")), "hourglass", "warn")
add("referral.time_granted", _sentence(_("%(unit)s was given more time")), "hourglass", "neutral")
add("referral.time_refused", _sentence(_("%(unit)s was given no more time")), "hourglass", "neutral")
add("referral.chased", _sentence(_("%(paper)s to %(unit)s"), ChasePaper, "paper"), "alarm", "warn")
add(
    "referral.convened", _sentence(_("The delay of %(unit)s goes before the next joint meeting")), "users-group", "warn"
)
add(
    "referral.overseen",
    _sentence(_("The superior federation has taken up the delay of %(unit)s")),
    "rubber-stamp",
    "info",
)
add("referral.coordinated", _sentence(_("The committee has taken up the delay of %(unit)s")), "rubber-stamp", "info")
add("referral.responded", _sentence(_("%(unit)s answered: %(result)s"), Result, "result"), "mail-check", "ok")
add("referral.entered", _sentence(_("Answer of %(unit)s entered: %(result)s"), Result, "result"), "mail-check", "ok")
add("referral.given_up", _sentence(_("%(unit)s did not answer: referral closed")), "mail-x", "warn")
add("referral.returned", _sentence(_("%(unit)s gave the referral back")), "mail-x", "warn")
add("referral.recalled", _sentence(_("Referral to %(unit)s recalled")), "mail-x", "neutral")
add("referral.reopened", _sentence(_("%(unit)s was asked for what is missing")), "mail", "warn")
add("referral.closed", _sentence(_("Referral to %(unit)s closed")), "mail-check", "neutral")

registry.panel(Panel("referrals", _("Referrals"), "referrals:panel", ("header",), 30))
registry.case_action(
    registry.CaseAction(
        "referrals.send",
        _("Refer to an agency"),
        "send",
        "referrals:send",
        statuses=(CaseStatus.ASSESSED, CaseStatus.IN_PROGRESS, CaseStatus.FOLLOW_UP),
        main_in=(CaseStatus.ASSESSED,),
        key="d",
    )
)


@registry.closure_check("referrals")
def open_referrals(case: Case) -> list[Matter]:
    """No referral without an end; its papers of lateness are a part of it."""
    rows = Referral.objects.filter(case=case, status__in=[*OWED, *UNDECIDED]).select_related("unit").order_by("sent_at")
    papers: dict[UUID, set[UUID]] = {}
    for referral, paper in ReferralChase.objects.filter(case=case).values_list("referral_id", "pk"):
        papers.setdefault(referral, set()).add(paper)
    return [
        Matter(
            _("The referral to %(unit)s is not closed.") % {"unit": row.unit.short_name},
            f"{reverse('referrals:detail', args=[row.pk])}#act", frozenset({row.pk, *papers.get(row.pk, ())}),
        )
        for row in rows
    ]  # fmt: skip


def _subjects(by: Identity, sources: Sequence[UUID]) -> Sequence[registry.SubjectRows]:
    """The letter's number and what it asks: all that a unit may see before it accepts. The superior federation sees the paper, never the letter."""
    letters = Referral.objects.visible_to(by).filter(pk__in=sources)
    papers = ReferralChase.objects.visible_to(by).filter(pk__in=sources)
    return [
        registry.SubjectRows(letters, "number", ["ask"], lambda ask: Ask(ask).label),
        registry.SubjectRows(papers, "number", ["unit_name"]),
    ]


registry.work_subjects.add("referral", _subjects)
registry.paper_kind(
    PaperKind("referral", _("Letter"), ["转办"], Referral.objects.visible_to, "referrals:detail", READERS)
)
registry.paper_kind(
    PaperKind("chase", _("Paper of a late letter"), list(HEADS.values()), ReferralChase.objects.visible_to, "referrals:chase", CHASE_READERS)
)  # fmt: skip
registry.source_pages.add("referral", "referrals:detail")
registry.risk_hearers.add("referrals", hear_risk)
registry.minor_hearers.add("referrals", hear_minor)
