"""What a letter calls its shared sections as it stands, and what a list says of each letter at a glance."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cases.models import Case
from core import clock
from referrals import inbox, services
from referrals.models import Referral
from tests.referrals.conftest import open_case, send_letter
from tests.world import World

Login = Callable[[str], Client]


def _texts(login: Login, who: str, row: Referral) -> list[str]:
    return [
        login(who).get(reverse(f"referrals:{page}", args=[row.pk])).content.decode() for page in ("detail", "letter")
    ]


def test_a_letter_says_its_basis_once_and_what_is_open_as_it_stands(
    world: World, letter: Referral, login: Login
) -> None:
    for text in _texts(login, "justice_liaison", letter):
        assert text.count("共享依据") == 1
        assert "接收后可见" in text
    with world.acting("justice_liaison") as by:
        taken = services.referral_accept(referral_id=letter.pk, by=by, version=letter.version)
    for who in ("justice_liaison", "manager"):
        for text in _texts(login, who, letter):
            assert "接收后可见" not in text
            assert "单位现可查看" in text
            assert text.count("共享依据") == 1
    with world.acting("justice_liaison") as by:
        answered = services.referral_respond(
            referral_id=letter.pk, by=by, version=taken.version, result="done", text="已办"
        )
    with world.acting("manager") as by:
        services.referral_close(referral_id=letter.pk, by=by, version=answered.version)
    for text in _texts(login, "manager", letter):
        assert "曾共享的内容" in text
        assert "单位现可查看" not in text


def test_a_declined_letter_says_what_had_been_offered(world: World, letter: Referral, login: Login) -> None:
    with world.acting("justice_liaison") as by:
        services.referral_decline(
            referral_id=letter.pk, by=by, version=letter.version, reason="other_area", text="不属本辖区"
        )
    for text in _texts(login, "manager", letter):
        assert "原拟共享的内容" in text
        assert "接收后可见" not in text


def _rows(page: str) -> dict[str, str]:
    """The text of each row by the number of its letter."""
    rows = re.findall(r"<tr data-tone.*?</tr>", page, re.DOTALL)
    plain = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]
    return {re.search(r"转办〔\d+〕\S+号", row)[0]: row for row in plain}  # type: ignore[index]


def test_each_row_says_the_ask_whose_it_is_by_when_and_how_late(
    world: World, case: Case, letter: Referral, login: Login
) -> None:
    mine = send_letter(world, open_case(world))
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=mine.pk, by=by, version=mine.version)
    browser = login("justice_liaison")
    rows = _rows(browser.get(reverse("referrals:inbox")).content.decode())
    due = clock.local(letter.accept_due_at)
    assert letter.get_ask_display() in rows[letter.number]
    assert "新到，待接收" in rows[letter.number]
    assert "尚无人接收" in rows[letter.number]
    assert f"{due:%H:%M}" in rows[letter.number]
    assert "由您经办" in rows[mine.number]
    assert "新到" not in rows[mine.number]
    with clock.at(letter.accept_due_at + 2 * (letter.accept_due_at - letter.sent_at)):
        page = browser.get(reverse("referrals:inbox")).content.decode()
    assert "逾期" in _rows(page)[letter.number]
    assert "新到" not in _rows(page)[letter.number]
    assert re.search(r'逾期\s*<span class="nav-count nav-count-danger">', page)


def test_my_letters_are_those_named_to_me_or_accepted_by_me(world: World, letter: Referral, login: Login) -> None:
    mine = send_letter(world, open_case(world))
    named = send_letter(world, open_case(world), named_liaison=world.users["justice_liaison"])
    with world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=mine.pk, by=by, version=mine.version)
    answer = login("justice_liaison").get(reverse("referrals:inbox"), {"part": "own"})
    assert {row.number for row in answer.context["rows"]} == {mine.number, named.number}
    assert answer.context["tally"]["own"] == 2
    codes = [part.code for part in inbox.PARTS[inbox.RECEIVED]]
    assert codes[:4] == ["todo", "late", "new", "own"]
