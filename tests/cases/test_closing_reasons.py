"""本人不愿继续: an adult's case alone, and the danger assessed once more."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import Case
from cases.services import case as cases
from cases.services import followups
from core import clock
from core.errors import DomainError
from tests.cases.forms import keyed, url_of
from tests.cases.scenes import as_it_is, assessed, client_of
from tests.roles import as_owner, as_worker
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def ready(world: World, *, risk: str = "low", after: dt.timedelta = DAY, **client: object) -> tuple[Case, dt.datetime]:
    """An assessed case on which nothing is open, `after` so long, and that moment."""
    case = assessed(world, **client)
    with world.acting("manager") as by:
        at = clock.now() + after
        row = followups.follow_up_plan(case_id=case.pk, by=by, due_at=at, by_desk=False)
    moment = at + dt.timedelta(minutes=5)
    with clock.at(moment):
        with as_worker():
            assert followups.make_due(row.pk)
        with world.acting("manager") as by:
            followups.attempt_record(
                follow_up_id=row.pk, by=by, version=None, outcome="reached", note="平安", satisfaction="satisfied"
            )
    return case, moment


def close(world: World, case: Case, reason: str = "declined") -> str:
    """The status after it, or the code of the refusal and its field."""
    try:
        with world.acting("manager") as by:
            return cases.case_close(case_id=case.pk, by=by, version=None, reason=reason, note="本人表示不再需要").status
    except DomainError as error:
        return f"{error.code} {error.field}"


def look(world: World, case: Case) -> None:
    with world.acting("manager") as by:
        cases.case_reassess(case_id=case.pk, by=by, version=None, risk="low", reasons="已当面复核")


def test_a_minors_case_is_not_closed_because_somebody_does_not_wish_to_continue(world: World) -> None:
    case, moment = ready(world, client_birth_year=clock.today().year - 9)
    with clock.at(moment):
        assert close(world, case) == "minor reason"
        assert close(world, case, "resolved") == "closed"


@pytest.mark.parametrize("year", [None, 1962])
def test_an_adults_is_also_where_her_age_is_not_known(world: World, year: int | None) -> None:
    case, moment = ready(world, client_birth_year=year)
    with clock.at(moment):
        assert close(world, case) == "closed"


@pytest.mark.parametrize(("days", "found"), [(6, "closed"), (8, "look_again reason")])
def test_the_last_look_at_the_danger_is_not_older_than_a_week(world: World, days: int, found: str) -> None:
    case, moment = ready(world, after=days * DAY)
    with clock.at(moment):
        assert close(world, case) == found
        if found != "closed":
            look(world, case)
            assert close(world, case) == "closed"


def test_other_reasons_ask_for_no_new_look(world: World) -> None:
    case, moment = ready(world, after=20 * DAY)
    with clock.at(moment):
        assert close(world, case, "court") == "closed"


def test_a_look_from_before_the_reopening_does_not_count(world: World) -> None:
    case, moment = ready(world)
    with clock.at(moment):
        assert close(world, case, "resolved") == "closed"
    with clock.at(moment + dt.timedelta(hours=1)), world.acting("manager") as by:
        cases.case_reopen(case_id=case.pk, by=by, version=None, reason="再次受到威胁")
        assert close(world, case) == "look_again reason"


def test_the_page_says_it_before_anybody_types_and_beside_the_field(world: World) -> None:
    case, moment = ready(world, after=8 * DAY)
    browser = client_of(world, "manager")
    with clock.at(moment):
        shown = browser.get(url_of(case, "close/")).content.decode()
        assert "重新评估危险" in shown
        assert f'href="{url_of(case, "reassess/")}"' in shown
        form = keyed(version=str(as_it_is(case).version), reason="declined", note="本人表示不再需要")
        answer = browser.post(url_of(case, "close/"), form)
        assert answer.status_code == 422
        assert "reason" in answer.context["form"].errors
        assert "本人表示不再需要" in answer.content.decode()
        look(world, case)
        assert "重新评估危险" not in browser.get(url_of(case, "close/")).content.decode()


def test_the_page_of_a_minors_case_says_that_it_is_no_reason_there(world: World) -> None:
    case, moment = ready(world, client_birth_year=clock.today().year - 9)
    with clock.at(moment):
        shown = client_of(world, "manager").get(url_of(case, "close/")).content.decode()
    assert "只适用于成年人" in shown
    assert "重新评估危险" not in shown
    with as_owner():
        assert Case._base_manager.get(pk=case.pk).is_open
