"""A unit's own work: who has how much in hand, what nobody has taken, and its own figures, from nothing but its own letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import Role
from agencies.models import RoleGrant, Unit
from cases.services import access
from core import clock
from core.identity import as_verb
from core.months import shift
from core.workdays import Calendar
from referrals import courses, services
from referrals.courses import Course
from referrals.enums import ReferralStatus
from referrals.models import Referral
from referrals.unit import figures, load
from referrals.unit.forms import MONTHS_AT_MOST
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]
H, D = dt.timedelta(hours=1), dt.timedelta(days=1)
ONE, TWO = "police_liaison", "police_liaison2"
MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # nine o'clock in Kunming


def by_name(world: World, who: str) -> Referral:
    case = open_case(world, category="A01", risk="medium")
    return send_letter(world, case, "police", ask="protect", basis="danger", named_liaison=world.users[who])


def to_unit(world: World, unit: str = "police") -> Referral:
    return send_letter(world, open_case(world), unit, ask="visit")


def accept(world: World, row: Referral, who: str = ONE) -> None:
    with world.acting(who) as by:
        services.referral_accept(referral_id=row.pk, by=by, version=None)


def seen(world: World, who: str = ONE, unit: str = "police") -> dict[str, tuple[int, int, int]]:
    """Owed, not accepted, late, of each person by account; "" for what nobody has taken, "-" for who has left."""
    names = {user.pk: name for name, user in world.users.items()}
    with world.acting(who) as by:
        found = load.overview(world.units[unit], by)
    rows = [(names[row.user.pk], row.load) for row in found.colleagues]
    rows += [("", found.untaken), ("-", found.gone)]
    return {name: (each.owed, each.fresh, each.late) for name, each in rows}


def test_everybody_of_the_unit_sees_who_has_how_much(world: World) -> None:
    row, _open, _named = to_unit(world), to_unit(world), by_name(world, TWO)
    accept(world, row)
    expected = {ONE: (1, 0, 0), TWO: (1, 1, 0), "": (1, 1, 0), "-": (0, 0, 0)}
    assert seen(world) == seen(world, TWO) == expected
    with clock.at(clock.now() + 9 * D):
        assert seen(world) == {ONE: (1, 0, 1), TWO: (1, 1, 1), "": (1, 1, 1), "-": (0, 0, 0)}
    with world.acting("justice_liaison"):  # another unit's numbers are no business of hers
        assert load.loads(world.units["police"]) == {}
    with world.acting("manager"):
        assert load.loads(world.units["police"]) == {}


def test_a_case_that_does_not_exist_for_the_one_who_asks_is_not_counted(world: World) -> None:
    row = by_name(world, TWO)
    with world.acting("director"), as_verb([row.case_id]):
        access.wall(case_id=row.case_id, reason="kin", user_id=world.users[ONE].pk)
    assert seen(world)[TWO] == (0, 0, 0)
    assert seen(world, TWO)[TWO] == (1, 1, 0)
    with world.acting(ONE):
        assert figures.courses(world.units["police"], *this_month()) == []
    with world.acting(TWO):
        assert len(figures.courses(world.units["police"], *this_month())) == 1


def test_what_somebody_has_left_behind_is_seen(world: World, login: Login) -> None:
    row = to_unit(world)
    accept(world, row, TWO)
    by_name(world, TWO)
    with as_owner():
        RoleGrant.objects.filter(user=world.users[TWO]).update(until=clock.today() - D)
    assert seen(world) == {ONE: (0, 0, 0), "": (1, 0, 0), "-": (1, 1, 0)}
    page = login(ONE).get(reverse("referrals:unit-load")).content.decode()
    assert row.number in page
    assert "有1件指定给已离岗人员" in page


def test_the_page_lists_only_what_may_be_read(world: World, login: Login) -> None:
    taken, open_, named = to_unit(world), to_unit(world), by_name(world, TWO)
    accept(world, taken, TWO)
    url, browser = reverse("referrals:unit-load"), login(ONE)
    page = browser.get(url).content.decode()
    assert open_.number in page
    assert taken.number not in page
    page = browser.get(url, {"of": str(world.users[TWO].pk)}).content.decode()
    assert taken.number in page
    assert named.number not in page
    assert named.number in login(TWO).get(url, {"of": str(world.users[TWO].pk)}).content.decode()
    assert browser.get(url, {"of": "nonsense", "after": "x"}).status_code == 200
    assert browser.get(url, {"unit": str(world.units["justice"].pk)}).status_code == 404


def test_a_letter_is_given_to_somebody_from_there(world: World, login: Login) -> None:
    row = to_unit(world)
    by_name(world, TWO)
    url, browser, unit = reverse("referrals:unit-pass", args=[row.pk]), login(ONE), world.units["police"]
    page = browser.get(url).content.decode()
    assert "（在办1件）" in page
    form = {"version": row.version, "to": f"{unit.pk}:{world.users[TWO].pk}", "text": ""}
    answer = browser.post(url, form)
    assert answer.status_code == 422
    key = {"request_key": "8a4f7a52-6a0f-4d6e-8a6e-0a3e4a6f1c11"}
    form["text"] = "由她承办"
    for _ in range(2):  # the same POST twice does its work once
        assert browser.post(url, form | key)["Location"] == reverse("referrals:unit-load")
    with as_owner():
        assert Referral._base_manager.get(pk=row.pk).named_liaison_id == world.users[TWO].pk
    assert browser.get(url).status_code == 404
    assert login("justice_liaison").get(url).status_code == 404
    assert seen(world)[TWO] == (2, 2, 0)


def test_who_comes_second_is_told(world: World, login: Login) -> None:
    row = to_unit(world)
    accept(world, row, TWO)
    form = {"version": row.version, "to": f"{world.units['police'].pk}:{world.users[TWO].pk}", "text": "由她承办"}
    answer = login(ONE).post(reverse("referrals:unit-pass", args=[row.pk]), form)
    assert answer.status_code == 409
    assert "由她承办" in answer.content.decode()


def _queries(browser: Client, url: str, **query: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url, query).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["unit-load", "unit-figures"])
def test_the_pages_take_the_same_queries_for_2_and_20(world: World, login: Login, name: str) -> None:
    url, browser = reverse(f"referrals:{name}"), login(ONE)
    for _ in range(2):
        to_unit(world)
    _queries(browser, url)
    few = _queries(browser, url)
    for number in range(9):
        to_unit(world)
        by_name(world, TWO)
        world.person(f"police_more{number}", Role.LIAISON, "police")
    assert _queries(browser, url) == few


# --- figures ----------------------------------------------------------------------------------------------------------


def this_month() -> tuple[dt.date, dt.date]:
    month = clock.today().replace(day=1)
    return month, month


def course(**more: object) -> Course:
    values: dict[str, object] = {
        "sent_at": MONDAY, "accept_due_at": MONDAY + D, "accepted_at": None, "answer_due_at": MONDAY + 3 * D, "responded_at": None,
        "status": ReferralStatus.SENT, "decline_reason": "", "result": "",
    }  # fmt: skip
    return Course(**(values | more))  # type: ignore[arg-type]


def line(*rows: Course, now: dt.datetime = MONDAY + 30 * D) -> courses.Line:
    return courses.line(rows, Calendar({}), now)


def test_what_became_of_the_letters_is_counted() -> None:
    found = line(
        course(accepted_at=MONDAY + H, responded_at=MONDAY + 2 * D, status="responded", result="done"),
        course(accepted_at=MONDAY + 2 * D, responded_at=MONDAY + 8 * D, status="closed", result="done"),
        course(status="declined", decline_reason="other_area"), course(status="closed", decline_reason="already"),
        course(status="declined", decline_reason="other_area"), course(status="recalled"), course(status="closed", result="no_answer"),
        course(),
    )  # fmt: skip
    assert (found.received, found.accepted, found.answered, found.recalled, found.ignored) == (8, 2, 2, 1, 1)
    assert found.declined == {"other_area": 2, "already": 1}
    assert [number for _reason, number in found.reasons] == [2, 1]
    # one in time, one late, one ignored, one that nobody has accepted; what was declined or recalled had no acceptance
    assert (found.accepted_in_time.kept, found.accepted_in_time.of, found.accepted_in_time.percent) == (1, 4, 25)
    assert (found.answered_in_time.kept, found.answered_in_time.of) == (1, 3)
    assert (found.in_time.kept, found.in_time.of, found.in_time.missed_percent) == (1, 4, 75)
    assert found.late == 1  # the one that nobody has accepted; the ignored one is over
    assert line(course(), now=MONDAY + H).accepted_in_time.percent is None  # its term is still running


def test_times_leave_out_what_is_not_worked() -> None:
    friday = MONDAY + 4 * D
    found = line(course(sent_at=friday, accepted_at=friday + 3 * D, responded_at=friday + 4 * D, status="responded"))
    assert found.to_accept.middle == 24  # Friday nine to Monday nine: the weekend does not count
    assert found.to_answer.middle == 48  # Friday nine to Tuesday nine


def test_the_median_and_nine_of_ten() -> None:
    found = courses.Span.of([float(n) for n in range(1, 11)])
    assert (found.middle, found.nine_of_ten) == (5.5, 9)
    assert courses.Span.of([7.0]).nine_of_ten == 7
    assert courses.Span.of([]).middle is None


def test_declined_and_recalled_letters_count_although_the_unit_sees_them_no_more(world: World) -> None:
    rows = [to_unit(world, "justice") for _ in range(3)]
    with world.acting("justice_liaison") as by:
        services.referral_decline(referral_id=rows[0].pk, by=by, version=None, reason="not_competent", text="不属职权")
    with world.acting("manager") as by:
        services.referral_recall(referral_id=rows[1].pk, by=by, version=None)
    with world.acting("justice_liaison") as by:
        assert Referral.objects.visible_to(by).count() == 1
        lines, total = figures.by_month(figures.courses(world.units["justice"], *this_month()), *this_month())
    assert (total.received, total.refusals, total.recalled) == (3, 1, 1)
    assert [each.received for each in lines] == [3]
    for who in ("police_liaison", "manager", "supervisor", "field_worker"):
        with world.acting(who):
            assert figures.courses(world.units["justice"], *this_month()) == []


def test_of_units_below_small_numbers_are_not_told(world: World, station: Unit, login: Login) -> None:
    sent, now = [to_unit(world, "station") for _ in range(5)], clock.local(clock.now())
    quarter = dt.datetime(now.year, (now.month - 1) // 3 * 3 + 1, 15, tzinfo=now.tzinfo)
    last = (quarter - 60 * D).replace(day=15)
    with as_owner():
        Referral._base_manager.filter(pk__in=[row.pk for row in sent]).update(sent_at=last)

    def cells(who: str = ONE) -> list[tuple[int | None, int | None]]:
        with world.acting(who):
            _quarters, below = figures.below(world.units["police"])
        return below[0].cells if below else []

    assert cells() == [(0, None), (0, None), (0, None), (5, 0)]
    with as_owner():
        Referral._base_manager.filter(pk=sent[0].pk).update(responded_at=last)
    assert cells()[-1] == (5, None)  # one, and so four: neither is told
    with as_owner():
        Referral._base_manager.filter(pk__in=[row.pk for row in sent]).update(responded_at=last)
    assert cells()[-1] == (5, 5)
    page = login(ONE).get(reverse("referrals:unit-figures")).content.decode()
    assert "翠湖派出所" in page
    with as_owner():
        Referral._base_manager.filter(pk=sent[0].pk).update(sent_at=clock.now())
    assert cells()[-1] == (None, None)
    assert "※" in login(ONE).get(reverse("referrals:unit-figures")).content.decode()
    assert cells("station_liaison") == []  # it looks down, not up
    assert cells("justice_liaison") == []


def test_the_page_shows_the_range_that_was_asked_for(world: World, login: Login) -> None:
    to_unit(world)
    browser, url = login(ONE), reverse("referrals:unit-figures")
    this = clock.today().replace(day=1)
    first, month = shift(this, -9), f"{this:%Y-%m}"
    page = browser.get(url, {"first": f"{first:%Y-%m}", "last": month})
    assert page.status_code == 200
    assert next(each.month for each in page.context["lines"]) == first
    assert page.context["total"].received == 1
    too_long = f"{shift(this, -MONTHS_AT_MOST):%Y-%m}"
    for bad in ({"first": month, "last": f"{first:%Y-%m}"}, {"first": "2010"}, {"first": too_long, "last": month}):
        assert browser.get(url, bad).status_code == 422
    longest = f"{shift(this, 1 - MONTHS_AT_MOST):%Y-%m}"
    assert browser.get(url, {"first": longest, "last": month}).status_code == 200
    assert browser.get(url, {"unit": str(world.units["justice"].pk)}).status_code == 404
