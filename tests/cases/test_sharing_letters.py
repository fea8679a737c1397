"""A letter whose consent has ended, on the unit's side and on the centre's."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from cases.services import consents
from core import clock
from referrals import services as referrals
from referrals.models import Referral
from tests.cases.scenes import client_of
from tests.cases.sharing_scene import (
    BY_CONSENT,
    NOBODY,
    accept,
    accepted,
    consent_of,
    letter_page,
    sees,
    withdraw,
)
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_letter_whose_consent_is_over_says_so_and_waits_for_the_centre(world: World) -> None:
    case = open_case(world)
    letter = send_letter(world, case, **BY_CONSENT)
    row = withdraw(world, case, consent_of(world, case))
    page = letter_page(world, letter)
    assert NOBODY in page
    assert "不再共享" in page
    assert "当事人撤回同意" in page
    assert "立即开放" not in page  # the button does not promise what is gone
    assert "共享依据" not in page
    status, text = accept(world, letter)
    assert status == 422
    assert "在此之前不能接收" in text
    with as_owner():
        assert Referral._base_manager.get(pk=letter.pk).status == "sent"
    with world.acting("manager") as by:
        consents.consent_decide(case_id=case.pk, consent_id=row.pk, by=by, text="不带个人信息继续办理")
    status, text = accept(world, letter)
    assert status == 200
    assert "现已向您开放" not in text
    assert "已接收，目前没有任何内容向您共享" in text
    page = letter_page(world, letter)
    assert NOBODY in page
    assert reverse("cases:detail", args=[case.pk]) not in page
    assert sees(world, "justice_liaison") == set()


def test_a_letter_with_another_basis_left_says_truly_what_is_open(world: World) -> None:
    case = open_case(world)
    letter = send_letter(world, case, **(BY_CONSENT | {"bases": {"identity": "duty"}}))
    withdraw(world, case, consent_of(world, case))
    page = letter_page(world, letter)
    assert NOBODY not in page
    assert "接收前请勿联系任何人" in page
    assert "不再共享" in page
    status, text = accept(world, letter)
    assert status == 200
    assert "不再共享" in text
    assert reverse("cases:detail", args=[case.pk]) in text
    assert sees(world, "justice_liaison") == {"Case", "PartyIdentity"}


def test_after_acceptance_a_withdrawal_leaves_the_warning_and_no_way_to_the_case(world: World) -> None:
    case = open_case(world)
    letter = accepted(world, case)
    assert reverse("cases:detail", args=[case.pk]) in letter_page(world, letter)
    withdraw(world, case, consent_of(world, case))
    page = letter_page(world, letter)
    assert NOBODY in page
    assert reverse("cases:detail", args=[case.pk]) not in page


def test_after_a_withdrawal_the_pages_say_that_the_letter_stays_and_lead_to_the_ways_on(world: World) -> None:
    case = open_case(world)
    letter = send_letter(world, case, **BY_CONSENT)
    row = consent_of(world, case)
    browser, url = client_of(world, "manager"), reverse("cases:sharing", args=[case.pk])
    at_letter = reverse("referrals:detail", args=[letter.pk])
    post = {"request_key": str(uuid.uuid4())}
    said = browser.post(reverse("cases:consent-withdraw", args=[case.pk, row.pk]), post, follow=True).content.decode()
    assert "仍留在该单位" in said
    share = next(one for holder in browser.get(url).context["open"] for one in holder.open if one.page_url)
    assert (share.page_url, str(share.basis)) == (at_letter, "转办单本身不写明身份")
    printed = browser.get(reverse("cases:sharing-print", args=[case.pk])).content.decode()
    assert "不写明您身份的转办单" in printed
    assert world.units["justice"].name in printed
    assert "起始时间" in printed
    assert "任职起" not in printed
    page = browser.get(reverse("cases:consent-decide", args=[case.pk, row.pk])).content.decode()
    assert f'{at_letter}#recall"' in page
    assert f"{reverse('referrals:send', args=[case.pk])}?unit={world.units['justice'].pk}" in page
    assert "按现有内容继续办理" in page
    with world.acting("manager") as by:
        referrals.referral_recall(referral_id=letter.pk, by=by, version=letter.version)
    assert at_letter not in browser.get(reverse("cases:consent-decide", args=[case.pk, row.pk])).content.decode()
    assert "不写明您身份的转办单" not in browser.get(reverse("cases:sharing-print", args=[case.pk])).content.decode()


def test_a_consent_that_ended_by_its_date_holds_nothing_up_and_opens_nothing(world: World) -> None:
    case = open_case(world)
    until = clock.now() + dt.timedelta(hours=1)
    letter = send_letter(world, case, **(BY_CONSENT | {"consent_until": until}))
    with clock.at(until + dt.timedelta(minutes=1)):
        page = letter_page(world, letter)
        assert NOBODY in page
        assert "中心决定前不能接收" not in page
        status, text = accept(world, letter)
    assert status == 200
    assert "已接收，目前没有任何内容向您共享" in text
    assert sees(world, "justice_liaison") == set()
