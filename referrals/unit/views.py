"""The unit's own work on two pages: who has how much in hand, and the unit's own figures."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Unit
from cases.enums import Risk
from cases.views.acting import act
from core import access, clock
from core.errors import NotFound
from core.keyset import keyset
from core.views import Asked, page, request_key
from referrals.absences.people import own_units
from referrals.courses import Line
from referrals.enums import OWED, Ask, ReferralStatus
from referrals.forms import PassForm
from referrals.models import Referral
from referrals.services import referral_pass_on
from referrals.services.passing import needs_a_name
from referrals.unit import figures
from referrals.unit import load as loads
from referrals.unit.forms import MonthsForm
from referrals.views.letter import TONES, seen_letter

LIAISONS = ("liaison", "aid_officer")
SIZE = 50


def _units(request: Asked) -> tuple[Unit, list[Unit]]:
    """The unit that the address names, else the first of the own ones; and all of them."""
    units = list(own_units(request.identity))
    wanted = request.GET.get("unit", "")
    unit = next((each for each in units if str(each.pk) == wanted), None) if wanted else next(iter(units), None)
    if unit is None:
        raise NotFound
    return unit, units


def _tabs(units: list[Unit], shown: Unit) -> list[dict[str, Any]]:
    return [
        {"label": each.short_name, "url": f"?unit={each.pk}", "active": each == shown} for each in units
    ] if len(units) > 1 else []  # fmt: skip


@page(*LIAISONS)
def unit_load(request: Asked) -> HttpResponse:
    """Who has how much, what nobody has taken; from here a letter is passed on."""
    by, (unit, units) = request.identity, _units(request)
    seen = loads.overview(unit, by)
    text = request.GET.get("of", "")
    chosen = next((row for row in seen.colleagues if str(row.user.pk) == text), None)
    rows = loads.in_hand_of(unit, by, chosen.user.pk) if chosen else loads.not_taken(unit, by)
    page_ = keyset(
        rows.select_related("office", "category"), "due_at", descending=False, size=SIZE, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    now, risks, asks, states = clock.now(), dict(Risk.choices), dict(Ask.choices), dict(ReferralStatus.choices)
    for row in page_.rows:
        row.is_late = row.due_at is not None and row.due_at < now  # type: ignore[attr-defined]
        row.tone = "danger" if row.is_late else TONES[ReferralStatus(row.status)]  # type: ignore[attr-defined]
        row.risk_word, row.ask_word, row.status_word = risks[row.risk], asks[row.ask], states[row.status]  # type: ignore[attr-defined]
    access.note_list(
        access.Action.VIEW, [(row.case_id, row.office_id) for row in page_.rows], object_type="referral", sections=["letter"],
        reason="list.received",
    )  # fmt: skip
    context = {
        "unit": unit, "tabs": _tabs(units, unit), "seen": seen, "chosen": chosen, "rows": page_.rows, "page": page_,
        "hidden": chosen is not None and chosen.user.pk != by.user_id and not page_.prev and chosen.load.owed > len(page_.rows) and not page_.next,
    }  # fmt: skip
    return render(request, "referrals/unit_load.html", context)


@page(*LIAISONS, methods=("GET", "HEAD", "POST"))
def unit_pass(request: Asked, referral_id: UUID) -> HttpResponse:
    """Pass one letter on, seeing who has how much; back to the overview."""
    by, to = request.identity, reverse("referrals:unit-load")
    row = Referral.objects.received_by(by).filter(pk=referral_id).first()
    if row is None and request.method == "POST" and request_key(request) is not None:
        # the first of two same POSTs has passed it on: the service says so
        form = PassForm(request.POST)
        if not form.is_valid():
            raise NotFound
    elif row is None or row.status not in OWED:
        raise NotFound
    else:
        row = seen_letter(by, referral_id)
        form = PassForm(request.POST if request.method == "POST" else None)
        form.offer(row, by)
        _with_loads(form, row)

    def verb(values: dict[str, Any]) -> None:
        version = request.POST.get("version", "")
        referral_pass_on(
            referral_id=referral_id, by=by, version=int(version) if version.isdecimal() and len(version) < 10 else None, key=request_key(request),
            **values,
        )  # fmt: skip

    return act(
        request, form, verb, to=to, template="referrals/unit_pass.html", row=row, version=lambda: row.version if row else 0,
        said=_("Passed on; the colleague has been told and owes it by the same time."), by_name=row is not None and needs_a_name(row),
    )  # fmt: skip


def _with_loads(form: PassForm, row: Referral) -> None:
    """Beside each colleague of the own unit stands how much she has in hand."""
    found, own = loads.loads(row.unit), f"{row.unit_id}:"
    choices: list[Any] = []
    for value, label in form.fields["to"].choices:  # type: ignore[attr-defined]
        code = str(value)
        if code.startswith(own):
            label = _("%(name)s (%(count)s in hand)") % {
                "name": label, "count": found.get(UUID(code.removeprefix(own)), loads.NONE).owed,
            }  # fmt: skip
        choices.append((value, label))
    form.fields["to"].choices = choices  # type: ignore[attr-defined]


@page(*LIAISONS)
def unit_figures(request: Asked) -> HttpResponse:
    """The unit's own numbers by month, and small ones of the units below."""
    unit, units = _units(request)
    usual = MonthsForm.usual()
    form = MonthsForm({name: request.GET.get(name) or usual.get(name, "") for name in ("first", "last", "unit")})
    context: dict[str, Any] = {"unit": unit, "tabs": _tabs(units, unit), "form": form}
    if not form.is_valid():
        return render(request, "referrals/unit_figures.html", context, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    lines, total = figures.by_month(figures.courses(unit, first, last), first, last)
    quarters, below = figures.below(unit)
    access.note(access.Action.VIEW, object_type="referral", reason="statistics", count=total.received)
    context |= {
        "lines": lines, "total": total, "quarters": [_quarter(day) for day in quarters], "below": below, "chart": _chart(lines),
    }  # fmt: skip
    return render(request, "referrals/unit_figures.html", context)


def _quarter(day: dt.date) -> str:
    return _("%(year)s, quarter %(quarter)s") % {"year": day.year, "quarter": (day.month + 2) // 3}


def _chart(lines: list[Line]) -> dict[str, Any]:
    """Received and answered by month; data only, colours and type come from the kit."""
    series = (
        (_("Letters received"), [row.received for row in lines]),
        (_("Answered"), [row.answered for row in lines]),
    )
    return {
        "legend": {},
        "xAxis": {"type": "category", "data": [f"{row.month:%Y-%m}" for row in lines]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "name": name, "data": data, "barMaxWidth": 20} for name, data in series],
    }
