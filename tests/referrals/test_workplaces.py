"""Where he or his family works, as it was said at the call, stops a letter to that very unit until somebody has asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Region, Unit
from cases.models import Case
from cases.services import case as cases
from cases.services.workplaces import Place, Places, met
from core import clock
from core.models import AccessLog, Audit
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_log
from referrals.models import Referral
from tests.referrals.conference_scene import HOUR, convened, held, item_of, measure, room_of
from tests.roles import as_owner
from tests.world import World

Login = Callable[[str], Client]
MET = "来电时说到的工作单位"


@pytest.mark.parametrize(
    "text",
    [
        "他哥在五华公安分局当辅警", "昆明市公安局五华分局", "五华区公安局", "五华 公安 分局", "公婆都在公安局", "区公安局", "五华公安上班",
        "五华区公安分局治安大队", "翠湖派出所副所长",
    ],
)  # fmt: skip
def test_the_unit_is_named(world: World, station: Unit, text: str) -> None:
    assert met(["无", text], world.units["police"], Places()) in (world.units["police"], station)


@pytest.mark.parametrize(
    "text",
    ["", " ", "无业", "不清楚", "西山区公安局", "西山公安分局", "大理市公安局", "五华区小学老师", "县城开超市", "五华区人民法院", "五华区民政局"],
)  # fmt: skip
def test_another_place_or_body_is_none(world: World, station: Unit, text: str) -> None:
    assert station.parent == world.units["police"]
    assert met([text], world.units["police"], Places()) is None


@pytest.mark.parametrize(
    ("unit", "text"),
    [("court", "五华区法院"), ("court", "在法院开车"), ("justice", "区司法局"), ("community", "翠湖社区")],
)
def test_other_bodies_are_named_as_people_say_them(world: World, unit: str, text: str) -> None:
    assert met([text], world.units[unit], Places()) == world.units[unit]


def test_above_and_below_in_the_tree(world: World, station: Unit) -> None:
    police = world.units["police"]
    assert met(["五华公安分局"], station, Places()) == police
    assert met(["翠湖派出所"], police, Places()) == station
    assert met(["翠湖派出所"], world.units["justice"], Places()) is None


def test_a_branch_is_known_by_what_follows_its_bureau(world: World) -> None:
    unit = Unit(name="昆明市公安局五华分局", short_name="五华公安分局", region=world.regions["wuhua_district"])
    assert met(["姐夫在五华分局"], unit, Places()) == unit
    assert met(["姐夫在西山分局"], unit, Places()) is None


def test_autonomous_counties_are_known_by_their_short_name(world: World) -> None:
    assert world.regions
    with as_owner():
        lanping, _made = Region.objects.get_or_create(
            code="533325", defaults={"name": "兰坪白族普米族自治县", "level": "county"}
        )
    unit = Unit(name="兰坪白族普米族自治县公安局", short_name="兰坪县公安局", region=lanping)
    hospital = Unit(name="兰坪白族普米族自治县人民医院", short_name="兰坪县人民医院", region=lanping)
    places = Places()
    assert met(["县医院护士"], hospital, places) == hospital
    for text, named in (("兰坪公安局", True), ("县公安局", True), ("五华区公安局", False)):
        assert bool(met([text], unit, places)) is named, text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("五华区", "五华"),
        ("华山街道", "华山"),
        ("西双版纳傣族自治州", "西双版纳"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
    ],
)
def test_places_are_known_in_full_and_as_people_say_them(name: str, short: str) -> None:
    assert Place(name, None).names == {name, short}


@pytest.fixture
def called(world: World) -> Case:
    return called_saying(world, "他哥在五华公安分局当辅警")


def called_saying(world: World, work: str) -> Case:
    """A case of the Wuhua centre that a call opened in which his work was said."""
    with world.acting("operator") as by:
        draft = contact_begin(by=by, office=world.offices["desk"])
    with world.acting("operator") as by:
        values: dict[str, Any] = {
            "channel": "hotline", "occurred_at": clock.now(), "danger": "no", "caller_relation": "self", "caller_name": "刘桂芳",
            "category_id": "A06", "narrative": "争吵", "respondent_name": "赵某", "respondent_work": work,
            "disposition": "case_opened",
        }  # fmt: skip
        case_id = contact_log(
            contact_id=draft.pk, by=by, values=values, centre=world.offices["wuhua"], version=draft.version
        ).case_id
    with world.acting("manager") as by:
        version = Case.objects.get(pk=case_id).version
        return cases.case_assess(case_id=case_id, by=by, version=version, risk="low", reasons="无即时危险")  # type: ignore[arg-type]


def asked(world: World, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "unit": str(world.units[unit].pk), "kin": "no", "ask": "visit", "basis": "duty", "sections": ["identity"], **more,
    }  # fmt: skip


def test_what_was_said_stands_beside_the_question_and_is_logged(world: World, called: Case, login: Login) -> None:
    url = reverse("referrals:send", args=[called.pk])
    page = login("manager").get(url).content.decode()
    assert page.index("他哥在五华公安分局当辅警") < page.index('name="kin"')
    assert 'name="kin_checked"' not in page
    with as_owner():
        contact = Contact._base_manager.get()
        assert AccessLog.objects.filter(
            object_id=contact.pk, actor_id=world.users["manager"].pk, action="view"
        ).exists()
    chosen = login("manager").get(reverse("referrals:liaisons", args=[called.pk]), asked(world, "police"))
    assert "他或其家人可能在该单位工作" in chosen.content.decode()
    other = login("manager").get(reverse("referrals:liaisons", args=[called.pk]), asked(world, "justice"))
    assert "他或其家人可能在该单位工作" not in other.content.decode()


def test_a_letter_to_that_unit_stops_once_and_goes_when_it_was_checked(
    world: World, called: Case, login: Login
) -> None:
    url, browser = reverse("referrals:send", args=[called.pk]), login("manager")
    answer = browser.post(url, asked(world, "police"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kin"}
    page = answer.content.decode()
    assert MET in page
    assert 'name="kin_checked"' in page
    with as_owner():
        assert not Referral._base_manager.exists()
    # a tick that was made for another unit is none
    assert browser.post(url, asked(world, "police", kin_checked=str(world.units["justice"].pk))).status_code == 422
    sent = browser.post(url, asked(world, "police", kin_checked=str(world.units["police"].pk)))
    assert sent.status_code == 302
    with as_owner():
        detail = Audit.objects.get(verb="referral.send").detail
    assert detail["letters"][0]["kin_checked"] is True


def test_yes_sends_nothing_even_with_the_tick(world: World, called: Case, login: Login) -> None:
    form = asked(world, "police", kin="yes", kin_checked=str(world.units["police"].pk))
    answer = login("manager").post(reverse("referrals:send", args=[called.pk]), form)
    assert answer.status_code == 422
    assert MET not in " ".join(answer.context["form"].errors["kin"])


def test_of_several_letters_only_the_one_that_is_meant_is_named_and_none_goes(
    world: World, called: Case, login: Login
) -> None:
    url, browser = reverse("referrals:send", args=[called.pk]), login("manager")
    second = {f"2-{name}": value for name, value in asked(world, "police").items()}
    both = asked(world, "justice", letters="2") | second
    answer = browser.post(url, both)
    assert answer.status_code == 422
    first, other = answer.context["letters"]
    assert not first.errors
    assert set(other.errors) == {"kin"}
    with as_owner():
        assert not Referral._base_manager.exists()
    # a tick in one letter is none in the other
    assert browser.post(url, both | {"kin_checked": str(world.units["police"].pk)}).status_code == 422
    assert browser.post(url, both | {"2-kin_checked": str(world.units["police"].pk)}).status_code == 302
    with as_owner():
        assert Referral._base_manager.count() == 2


def named_detail(verb: str) -> dict[str, Any]:
    with as_owner():
        return Audit.objects.get(verb=verb).detail


def test_a_body_is_not_convened_before_she_was_asked_about_it(world: World, called: Case, login: Login) -> None:
    url, browser = reverse("referrals:conference-convene", args=[called.pk]), login("manager")
    assert "他哥在五华公安分局当辅警" in browser.get(url).content.decode()
    begins = clock.local(clock.now() + 3 * HOUR)
    police, justice = (str(world.units[unit].pk) for unit in ("police", "justice"))
    values = {
        "reason": "cross_department", "begins_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + HOUR:%Y-%m-%dT%H:%M}",
        "room": room_of(world).pk, "chair": world.users["manager"].pk, "units": [police, justice], "kin": "no",
        "sections": ["identity"], "basis": "duty",
    }  # fmt: skip
    answer = browser.post(url, values)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"kin"})
    assert f'value="{police}"' in answer.content.decode().partition('name="kin_checked"')[2][:80]
    assert browser.post(url, values | {"kin_checked": justice}).status_code == 422
    assert browser.post(url, values | {"kin_checked": police}).status_code == 302
    assert named_detail("conference.convene")["kin_checked"] == [police]


def test_nor_invited_later_nor_given_a_measure(world: World, called: Case, login: Login) -> None:
    conference, browser = convened(world, called), login("manager")
    item, police = item_of(conference, called), str(world.units["police"].pk)
    held(world, conference)
    for route, verb, values in (
        ("conference-decide", "conference.decide", measure(world, "police", kin="no")),
        ("conference-invite", "conference.invite", {"unit": police, "kin": "no"}),
    ):
        url = reverse(f"referrals:{route}", args=[item.pk])
        answer = browser.post(url, values)
        assert (answer.status_code, MET in answer.content.decode()) == (422, True), route
        assert 'name="kin_checked"' in answer.content.decode(), route
        assert browser.post(url, values | {"kin_checked": police}).status_code == 302, route
        assert named_detail(verb)["kin_checked"] == [police], route


def test_nor_asked_for_legal_aid(world: World, login: Login) -> None:
    case = called_saying(world, "她小姑子在区法律援助中心")
    url, browser = reverse("legalaid:apply", args=[case.pk]), login("manager")
    assert 'name="kin_checked"' in browser.get(url).content.decode()
    unit = str(world.units["legal_aid"].pk)
    form = {"unit": unit, "kin": "no", "matter": "support", "means": "examined", "consent_note": "当面签字"}
    answer = browser.post(url, form)
    assert (answer.status_code, MET in answer.content.decode()) == (422, True)
    assert browser.post(url, form | {"kin_checked": unit}).status_code == 302
    assert named_detail("legalaid.apply")["kin_checked"] is True


@pytest.mark.parametrize("route", ["joint-ask", "transfer-ask"])
def test_it_stands_where_another_centre_is_asked(world: World, called: Case, login: Login, route: str) -> None:
    page = login("manager").get(reverse(f"cases:{route}", args=[called.pk])).content.decode()
    assert page.index("他哥在五华公安分局当辅警") < page.index('name="kin"')


def test_all_the_units_that_were_named_stand_in_one_sentence(world: World, login: Login) -> None:
    case = called_saying(world, "他哥在五华公安分局，小姑子在五华区司法局")
    police, justice = (world.units[unit] for unit in ("police", "justice"))
    values = {"units": [str(police.pk), str(justice.pk)], "kin": "no"}
    answer = login("manager").post(reverse("referrals:conference-convene", args=[case.pk]), values)
    (said,) = answer.context["form"].errors["kin"]
    assert f"“{police.short_name}、{justice.short_name}”" in said
