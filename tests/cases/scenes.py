"""Scenes that several tests of the pages begin with."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.test import Client

from agencies.models import Office, User
from cases.models import Case, FollowUp, Party
from cases.services import case as cases
from cases.services import followups
from cases.services.consents import Given
from core import clock
from hotline.services.contact import contact_begin, contact_log
from referrals import services as referrals
from tests.roles import as_owner, as_worker
from tests.world import World

VALUES: dict[str, Any] = {
    "caller_name": "刘桂芳", "caller_phone": "13800001234", "client_name": "刘桂芳", "client_birth_year": 1962, "category_id": "A06",
    "narrative": "独居，希望妇联与其儿子沟通赡养事宜。", "region_residence_id": "530102", "region_registration_id": "530102",
    "safe_number": "13800001234", "disposition": "case_opened",
}  # fmt: skip


def client_of(world: World, name: str) -> Client:
    """A browser in which this person is logged in."""
    browser = Client()
    browser.force_login(world.users[name], backend="agencies.backends.StaffBackend")
    return browser


def shown_factor(browser: Client, user: User, method: str, minutes: int) -> None:
    """What `user` showed so many minutes ago to come in: "mfa", "password", or nothing."""
    with as_owner():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    session = browser.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - minutes * 60}] if method else []
    session.save()


def opened(
    world: World, name: str = "刘桂芳", phone: str = "13800001234", office: Office | None = None, **values: Any
) -> Case:
    """A case that a call to the desk opened."""
    with world.acting("operator") as by:
        contact = contact_begin(by=by, office=world.offices["desk"])
        data = VALUES | {"client_name": name, "caller_name": name, "safe_number": phone, "caller_phone": phone} | values
        contact = contact_log(contact_id=contact.pk, by=by, values=data, centre=office or world.offices["wuhua"])
        return Case.objects.get(pk=contact.case_id)


def due_callback(
    world: World, *, hours: tuple[dt.time, dt.time] | None = None, risk: str = "low"
) -> tuple[Case, FollowUp, dt.datetime]:
    """A case with a callback that has come due at the desk, and a moment just after."""
    window = {"safe_from": hours[0], "safe_until": hours[1]} if hours else {}
    case = opened(world, code_word="买两斤土豆", **window)
    with world.acting("manager") as by:
        case = cases.case_assess(case_id=case.pk, by=by, version=1, risk=risk, reasons="无即时危险")
        begin = clock.local(clock.now()) + dt.timedelta(days=1)
        at = begin.replace(hour=hours[0].hour if hours else 10, minute=30, second=0, microsecond=0)
        row = followups.follow_up_plan(case_id=case.pk, by=by, due_at=at, by_desk=True)
    moment = at + dt.timedelta(minutes=1)
    with clock.at(moment), as_worker():
        assert followups.make_due(row.pk)
    return case, row, moment


def assessed(world: World, risk: str = "low", **values: Any) -> Case:
    """A case of the manager's."""
    case = opened(world, **values)
    with world.acting("manager") as by:
        return cases.case_assess(case_id=case.pk, by=by, version=1, risk=risk, reasons="无即时危险")


def shared(world: World, sections: list[str], **values: Any) -> Case:
    """A case that the justice bureau has accepted."""
    case = assessed(world, **values)
    with world.acting("manager") as by:
        sent = referrals.referral_send(
            case_id=case.pk, by=by, unit=world.units["justice"], ask="legal_aid", ask_note="请提供法律援助", sections=sections, basis="consent", consent=Given("当面同意"))  # fmt: skip
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=sent.pk, by=by, version=sent.version)
    return case


def party_of(case: Case) -> UUID:
    """The client's row."""
    with as_owner():
        return Party.objects.get(case=case, is_primary=True).pk


def as_it_is(case: Case) -> Case:
    """The case as it stands in the database now."""
    with as_owner():
        return Case._base_manager.get(pk=case.pk)


__all__ = ["as_it_is", "assessed", "client_of", "due_callback", "opened", "party_of", "shared"]
