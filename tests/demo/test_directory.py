"""The directory and the demo accounts, as every installation of the demo begins."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.enums import Role
from agencies.identities import identity_of_user
from agencies.models import Office, Region, RoleGrant, Unit, User
from caremgmt.demo.accounts import PASSWORD, accounts
from caremgmt.directory.bodies import all_bodies
from cases import registry
from cases.models import Category, ClockRule
from core.models import Installation, WorkDay
from core.models.installation import ClockOffset

pytestmark = pytest.mark.django_db


def test_the_province_has_its_divisions() -> None:
    counts = {
        level: Region.objects.filter(level=level).count() for level in ("province", "prefecture", "county", "township")
    }
    assert counts == {"province": 1, "prefecture": 16, "county": 129, "township": 1461}


def test_seventy_four_centres_of_which_seventeen_demonstrate() -> None:
    centres = Office.objects.centres()
    assert centres.count() == 74
    assert centres.filter(is_demonstration=True).count() == 17
    assert len({code[:4] for code in centres.values_list("region_id", flat=True)}) == 16
    assert centres.filter(opened_on__gte="2022-12-01").count() == 0
    assert centres.get(region_id="530102").is_demonstration


def test_every_body_stands_in_the_directory() -> None:
    assert Unit.objects.count() == len(all_bodies())
    assert Unit.objects.filter(has_accounts=False).exists()
    assert set(Category.objects.exclude(parent=None).filter(proposes=[]).values_list("pk", flat=True)) == set()


def test_every_kind_of_work_has_its_clock() -> None:
    codes = set(ClockRule.objects.values_list("code", flat=True))
    assert {kind.clock for kind in registry.work_kinds.values()} <= codes
    assert not ClockRule.objects.filter(is_default=False, basis="").exists()


def test_the_calendar_says_which_years_are_published() -> None:
    assert WorkDay.objects.filter(day__year=2024, published=True).exists()
    assert WorkDay.objects.filter(day__year=2027).exists()
    assert not WorkDay.objects.filter(day__year=2027, published=True).exists()


def test_an_installation_is_born_demo_with_a_clock_that_is_not_turned() -> None:
    assert Installation.objects.get().kind == "demo"
    assert ClockOffset.objects.get().seconds == 0


def test_every_account_holds_its_role() -> None:
    users = {user.pk: user for user in User.objects.all()}
    held = set(RoleGrant.objects.values_list("user__username", "role"))
    for account in accounts():
        assert users[account.id].username == account.username
        assert all((account.username, holding.role.value) in held for holding in account.holdings)
    assert {role for _, role in held} == {role.value for role in Role}
    validate_password(PASSWORD)
    assert PBKDF2PasswordHasher().verify(
        PASSWORD, users[accounts()[0].id].password
    )  # the template is made with the product's hasher


def test_groups_are_in_step_with_units() -> None:
    liaison = User.objects.get(username="gongan.wuhua")
    unit = Unit.objects.get(region_id="530102", kind="police", parent=None)
    assert unit.group_id in identity_of_user(liaison).groups
    assert liaison.groups.filter(pk=unit.group_id).exists()


def test_one_person_of_a_small_county_holds_several_roles() -> None:
    identity = identity_of_user(User.objects.get(username="duogang.lanping"))
    assert identity.has(Role.MANAGER)
    assert identity.has(Role.OPERATOR)
    assert identity.has(Role.KEEPER)


def test_accounts_are_printed_for_people_and_for_programs() -> None:
    out = StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    assert {"username", "password", "roles", "centre", "agency"} <= set(rows[0])
    assert {role for row in rows for role in row["roles"]} == {role.value for role in Role}
    table = StringIO()
    call_command("demo_accounts", stdout=table)
    assert "jiexian.wuhua" in table.getvalue()
    assert PASSWORD in table.getvalue()


@override_settings(DEMO=False)
def test_a_real_installation_has_no_demo_accounts() -> None:
    with pytest.raises(CommandError):
        call_command("demo_accounts", stdout=StringIO())
