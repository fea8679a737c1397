"""A conference is convened from a case; a standing meeting is planned by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.offices import office_tabs, shown_office
from cases.enums import CaseStatus, Section
from cases.models import Case
from cases.services import guards, intake
from cases.views.acting import act
from core import access
from core.errors import NotFound
from core.views import Asked, page, request_key, seen_version
from referrals.conferences import services
from referrals.conferences.enums import ConferenceStatus
from referrals.conferences.forms import ConveneForm, MeetingForm, MoveForm, first_values, planned_meetings
from referrals.conferences.models import AgendaItem, Conference
from referrals.conferences.services.common import is_host
from referrals.conferences.services.convening import convene_by
from referrals.conferences.views import HOSTS
from referrals.conferences.views.kin import report_kin
from referrals.conferences.views.room import conference_of


@page(*HOSTS, methods=("GET", "HEAD", "POST"))
def convene(request: Asked, case_id: UUID) -> HttpResponse:
    """The form: which meeting, why, who is invited, what is shared."""
    by = request.identity
    case = Case.objects.visible_to(by).select_related("category", "office").filter(pk=case_id).first()
    if case is None:
        raise NotFound
    guards.is_manager(case, by)
    access.note(
        access.Action.VIEW,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        office_id=case.office_id,
        sections=[Section.HEADER],
    )
    planned = planned_meetings(Conference.objects.visible_to(by), AgendaItem.objects.visible_to(by), case)
    form = ConveneForm(
        request.POST if request.method == "POST" else None, case=case, planned=planned, initial=first_values(case),
        workplaces=intake.workplaces(by, case.pk),
    )  # fmt: skip

    report_kin(case, form, by)

    def verb(values: dict[str, Any]) -> None:
        if values["meeting_at"]:
            services.item_add(
                conference_id=values["meeting_at"].pk,
                case_id=case.pk,
                by=by,
                matter=form.matter(),
                key=request_key(request),
            )
        else:
            services.conference_convene(
                case_id=case.pk, by=by, meeting=form.meeting(), matter=form.matter(), key=request_key(request)
            )

    return act(
        request, form, verb, to=reverse("cases:detail", args=[case.pk]), said=_("Convened; the invitations are on their way."),
        template="referrals/conference_convene.html", case=case, convene_by=convene_by(case), has_planned=planned.exists(),
        is_blocked=not case.is_open or case.status == CaseStatus.RECEIVED,
    )  # fmt: skip


@page(*HOSTS, methods=("GET", "HEAD", "POST"))
def move(request: Asked, conference_id: UUID) -> HttpResponse:
    """Another time or place for a conference that is still to come."""
    by = request.identity
    row = conference_of(by, conference_id)
    is_host(row, by)
    if request.method != "POST" and row.status != ConferenceStatus.PLANNED:
        return redirect("referrals:conference", conference_id)
    form = MoveForm(request.POST if request.method == "POST" else None, conference=row)

    def verb(values: dict[str, Any]) -> None:
        services.conference_move(
            conference_id=row.pk, by=by, version=seen_version(request), to=form.slot(), text=values["text"], key=request_key(request)
        )  # fmt: skip

    return act(
        request, form, verb, to=reverse("referrals:conference", args=[row.pk]), said=_("Moved; everybody who was invited has been told."),
        template="referrals/conference_move.html", row=row, version=lambda: conference_of(by, conference_id).version,
        labels={"begins_at": _("Begins"), "ends_at": _("Ends"), "room": _("Room"), "venue": _("Another place")},
    )  # fmt: skip


@page(*HOSTS, methods=("GET", "HEAD", "POST"))
def plan(request: Asked) -> HttpResponse:
    """A standing joint meeting of the own centre."""
    by = request.identity
    office = shown_office(request)
    if office is None:
        return redirect("referrals:conferences")
    form = MeetingForm(request.POST if request.method == "POST" else None, office=office, initial={"chair": by.user_id})

    def verb(values: dict[str, Any]) -> None:
        services.conference_plan(office=office, by=by, meeting=form.meeting(), key=request_key(request))

    return act(
        request, form, verb, to=reverse("referrals:conferences"), said=_("The meeting is planned; put cases on its agenda from their pages."),
        template="referrals/conference_plan.html", office=office, offices=office_tabs(request, office),
    )  # fmt: skip
