"""Emergency views on their pages, and what other parts of a case's life do to them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from agencies.enums import Role
from agencies.models import Office, RoleGrant
from cases.models import (
    BreakGlass,
    Case,
    WorkItem,
)
from cases.services import glass, seals
from cases.services.glass import asking as asking_module
from cases.services.glass import reviewing
from cases.services.lateness import chase
from core import clock
from core.errors import DomainError
from core.models import AccessLog
from core.phone import display, mask
from tests.cases.glass_scene import REASON, answered, asked, effects, opened, owed
from tests.cases.scenes import VALUES, client_of
from tests.cases.test_approvals import kept
from tests.cases.test_merging import begun
from tests.cases.test_transfers import handed, taken
from tests.cases.test_walls import assessed
from tests.roles import as_owner, as_worker
from tests.world import SINCE, World

pytestmark = pytest.mark.django_db


def test_the_pages_ask_confirm_show_and_review(asking: World) -> None:
    case = assessed(asking)
    operator, confirmer, director = (client_of(asking, name) for name in ("operator", "xishan_director", "director"))
    url = reverse("cases:glass-ask")
    assert operator.get(url).status_code == 200
    form = {
        "number": case.number,
        "reason": "短",
        "office": asking.offices["desk"].pk,
        "confirm": asking.offices["xishan"].pk,
    }
    page = operator.post(url, form)
    assert page.status_code == 422
    assert case.number in page.content.decode()
    assert operator.post(url, form | {"reason": REASON}).status_code == 302
    with asking.acting("operator") as by:
        pk = BreakGlass.objects.visible_to(by).get().pk
    here = reverse("cases:glass", args=[pk])
    assert VALUES["safe_number"] not in operator.get(here).content.decode()
    assert REASON in confirmer.get(here).content.decode()
    assert client_of(asking, "auditor").get(here).status_code == 200
    assert REASON not in client_of(asking, "auditor").get(here).content.decode()
    for stranger in ("operator2", "manager", "xishan_manager"):
        assert client_of(asking, stranger).get(here).status_code == 404, stranger
    assert operator.post(reverse("cases:glass-answer", args=[pk]), {"answer": "confirm"}).status_code == 403
    assert confirmer.post(reverse("cases:glass-answer", args=[pk]), {"answer": "confirm"}).status_code == 302
    effects()
    seen = operator.get(here).content.decode()
    assert VALUES["safe_number"] not in seen
    assert mask(VALUES["safe_number"]) in seen
    assert VALUES["client_name"] not in seen
    shown = operator.post(reverse("cases:glass-reveal", args=[pk]))
    assert shown.status_code == 200
    assert display(VALUES["safe_number"]) in shown.content.decode()
    assert confirmer.post(reverse("cases:glass-reveal", args=[pk])).status_code == 404
    with as_owner():
        looked = AccessLog.objects.filter(
            object_type="cases.breakglass", object_id=pk, case_id=case.pk, reason="break_glass"
        )
        assert looked.filter(action="view", sections="safe_contact", actor_id=asking.users["operator"].pk).exists()
        told = looked.get(action="reveal")  # the confirmer's attempt was none
        assert (told.sections, told.actor_id) == ("safe_contact", asking.users["operator"].pk)
    assert director.post(reverse("cases:glass-review", args=[pk]), {"finding": "justified"}).status_code == 422
    done = director.post(reverse("cases:glass-review", args=[pk]), {"finding": "justified", "note": "属实"})
    assert done.status_code == 302
    assert "属实" in director.get(here).content.decode()


def test_a_role_that_begins_today_counts_from_midnight_in_yunnan(asking: World) -> None:
    """The database's own zone is UTC: before eight in the morning its day is still yesterday."""
    case = assessed(asking)
    night = clock.local(clock.now() + dt.timedelta(days=1)).replace(hour=2, minute=10)
    asking.person("fresh", Role.OPERATOR, "desk")
    with as_owner():
        RoleGrant.objects.filter(user=asking.users["fresh"]).update(since=night.date())
    with clock.at(night):
        assert answered(asking, asked(asking, case.number, by="fresh")) == "opened"
    with as_owner():
        RoleGrant.objects.filter(user=asking.users["operator2"]).update(until=night.date() - dt.timedelta(days=1))
    with clock.at(night - dt.timedelta(hours=3)):
        pk = asked(asking, case.number, by="operator2")
    with clock.at(night):
        assert answered(asking, pk) == "nothing"


def test_what_the_own_centre_keeps_closed_is_nothing_and_the_row_stays(asking: World) -> None:
    """A closed record of a minor is the own director's to open: confirmed elsewhere it answers like a number that there is not."""
    case = kept(asking)
    pk = asked(asking, case.number, by="manager2", office="wuhua")
    assert answered(asking, pk) == "nothing"
    assert client_of(asking, "manager2").get(reverse("cases:glass", args=[pk])).status_code == 200


def test_a_stub_opens_nothing(asking: World) -> None:
    case = begun(asking)
    taken(asking, handed(asking, case), "xishan_director")
    assert answered(asking, asked(asking, case.number)) == "nothing"


def test_a_case_that_goes_on_elsewhere_takes_the_review_to_the_level_above(asking: World) -> None:
    """Of the stub the earlier director sees nothing, so that he can review nothing: whoever is above can, at once."""
    case = assessed(asking)
    pk, done = opened(asking, case), opened(asking, case)
    assert len(owed(asking, "director", glass.REVIEW)) == 2
    with asking.acting("director") as by:
        glass.glass_review(glass_id=done, by=by, finding="justified", note="属实")
    taken(asking, handed(asking, case), "xishan_director")
    effects()
    assert owed(asking, "director", glass.REVIEW) == []
    (item,) = owed(asking, "supervisor", glass.REVIEW)
    assert item.source_id == pk
    with asking.acting("supervisor") as by:
        assert not Case._base_manager.exists()
        glass.glass_review(glass_id=pk, by=by, finding="justified", note="属实")
    assert owed(asking, "supervisor", glass.REVIEW) == []


def test_when_another_centre_takes_the_case_over_the_opener_is_told_whom_to_ring(asking: World) -> None:
    with as_owner():
        for code, phone in (("wuhua", "0871-65550001"), ("xishan", "0871-65550002")):
            Office.objects.filter(pk=asking.offices[code].pk).update(phone=phone)
    case = begun(asking)
    pk = opened(asking, case)
    operator, here = client_of(asking, "operator"), reverse("cases:glass", args=[pk])
    assert not operator.get(here).context["is_cut"]
    assert operator.get(reverse("cases:glasses")).context["rows"][0]["state"] == operator.get(here).context["state"]
    went = taken(asking, handed(asking, case), "xishan_director")
    page = operator.get(here)
    assert page.context["is_cut"]
    assert page.context["state"][1] == "neutral"
    assert operator.get(reverse("cases:glasses")).context["rows"][0]["state"] == page.context["state"]
    text = page.content.decode()
    assert "0871-65550001" in text
    assert "为了她的安全，这里不说明是什么变化" in text
    assert not any(
        word in text for word in ("移交", "转往", "密封", "其他中心")
    )  # which of the possible changes it was
    assert went.number not in text
    assert mask(VALUES["safe_number"]) not in text
    assert not client_of(asking, "xishan_director").get(here).context["is_cut"]


def test_each_side_reads_where_to_ring_and_what_is_open_stands_on_today(asking: World) -> None:
    with as_owner():
        for code, phone in (("desk", "0871-65550003"), ("xishan", "0871-65550002")):
            Office.objects.filter(pk=asking.offices[code].pk).update(phone=phone)
    case = assessed(asking)
    operator, confirmer = client_of(asking, "operator"), client_of(asking, "xishan_director")
    form = {
        "number": case.number, "reason": REASON, "office": asking.offices["desk"].pk, "confirm": asking.offices["xishan"].pk
    }  # fmt: skip
    said = operator.post(reverse("cases:glass-ask"), form, follow=True)
    assert "0871-65550002" in str(next(iter(said.context["messages"])))
    pk = said.context["row"].pk
    here = reverse("cases:glass", args=[pk])
    assert "0871-65550002" in operator.get(here).content.decode()
    assert "0871-65550003" in confirmer.get(here).content.decode()
    assert here not in operator.get("/").content.decode()
    assert answered(asking, pk) == "opened"
    assert here in operator.get("/").content.decode()
    for other in ("operator2", "xishan_director"):
        assert here not in client_of(asking, other).get("/").content.decode()
    with clock.at(clock.now() + dt.timedelta(hours=5)), asking.acting("operator") as by:
        assert not glass.running(by).exists()
    with asking.acting("director") as by:
        seals.case_seal(case_id=case.pk, by=by, named=[asking.users["manager"].pk])
    assert here not in operator.get("/").content.decode()


def test_where_nobody_answers_other_centres_are_asked(asking: World) -> None:
    case = assessed(asking)
    more = [f"more{number}" for number in range(3)]
    with as_owner():
        for name in more:
            twin = asking.offices["xishan"]
            group = Group.objects.create(name=f"测试:{name}")
            asking.offices[name] = Office.objects.create(
                kind=twin.kind, name=f"测试{name}", short_name=name, region=twin.region, group=group, opened_on=SINCE
            )
    for name in more:
        asking.person(f"director_{name}", Role.DIRECTOR, name)
    asked(asking, case.number)
    with pytest.raises(DomainError, match="asked_already"):
        asked(asking, case.number)
    first = asked(asking, case.number, confirm=more[0])
    asked(asking, case.number, confirm=more[1])
    with pytest.raises(DomainError, match="asked_already"):
        asked(asking, case.number, confirm=more[2])
    assert answered(asking, first, by="director_more0") == "opened"


def test_a_late_review_climbs_as_long_as_there_is_somebody_above(asking: World) -> None:
    case = assessed(asking)
    pk = opened(asking, case)
    named = []
    moment = clock.now()
    for _step in range(3):
        moment += dt.timedelta(days=6)
        with clock.at(moment), as_worker():
            chase()
        with as_owner():
            named.append(BreakGlass.objects.get(pk=pk).reviewer_id)
            assert WorkItem.objects.filter(kind=glass.REVIEW, source_id=pk, done_at=None).count() == 1
    assert named == [asking.users["supervisor"].pk, asking.users["province"].pk, asking.users["province"].pk]


def test_of_two_answers_the_second_changes_nothing(asking: World) -> None:
    """Both have opened the page; what the second saw is looked at again under the lock."""
    asking.person("xishan_director2", Role.DIRECTOR, "xishan")
    case = assessed(asking)
    pk = asked(asking, case.number)
    seen = BreakGlass.objects.filter(pk=pk)
    assert answered(asking, pk) == "opened"
    with asking.acting("xishan_director2") as by, pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking_module, "waiting", lambda _by: seen)
        with pytest.raises(DomainError, match="wrong_status"):
            glass.glass_answer(glass_id=pk, by=by, agreed=False)
    with asking.acting("director") as by:
        glass.glass_review(glass_id=pk, by=by, finding="wrong", note="没有紧急情况")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reviewing, "reviewable", lambda _by: seen)
            with pytest.raises(DomainError, match="wrong_status"):
                glass.glass_review(glass_id=pk, by=by, finding="justified", note="x")
