"""The console through its pages: begun, drafted, saved with every outcome, nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Office
from cases.models import Case, FollowUp, Party, SafeContact, ServiceRecord, WorkItem
from core import clock
from hotline.models import Contact
from hotline.proposal import offered, proposed, responsible, why
from tests.roles import as_owner
from tests.world import SINCE, World

STORY = {
    "caller_name": "刘桂芳", "caller_phone": "13800001234", "caller_relation": "self", "client_birth_year": "60岁", "category": "A06",
    "narrative": "独居，中风偏瘫", "region_residence": "530102", "region_registration": "530112", "safe_number": "0871-63112345",
    "safe_whose": "姐姐", "code_word": "买菜", "danger": "no", "channel": "hotline",
}  # fmt: skip
AsUser = Callable[[str], Client]


def case_at(world: World) -> dict[str, object]:
    return STORY | {"disposition": "case_opened", "centre": world.offices["wuhua"].pk}


def only_these_centres(world: World) -> None:
    """Where the directory is loaded, its centres would be the responsible ones."""
    with as_owner():
        mine = [world.offices["wuhua"].pk, world.offices["xishan"].pk]
        Office.objects.centres().exclude(pk__in=mine).update(closed_on=SINCE)


def tomorrow(hour: int) -> str:
    return f"{clock.today() + dt.timedelta(days=1):%Y-%m-%d}T{hour:02}:00"


def stored(draft: Contact) -> Contact:
    with as_owner():
        return Contact._base_manager.get(pk=draft.pk)


def told(world: World, draft: Contact, name: str) -> str:
    """A sealed field of the draft, opened as its writer."""
    with world.acting("operator") as by:
        return str(getattr(Contact.objects.visible_to(by).get(pk=draft.pk), name))


def test_looking_at_the_door_makes_nothing(world: World, as_user: AsUser) -> None:
    page = as_user("operator").get(reverse("hotline:new"))
    assert page.status_code == 200
    with as_owner():
        assert not Contact._base_manager.exists()


def test_enter_takes_the_call_once(world: World, as_user: AsUser) -> None:
    client = as_user("operator")
    sent = {"office": world.offices["desk"].pk, "channel": "hotline", "request_key": str(uuid4())}
    first, again = client.post(reverse("hotline:new"), sent), client.post(reverse("hotline:new"), sent)
    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    page = client.get(first.url)
    assert page.status_code == 200
    assert page.context["contact"].is_draft


def test_the_centre_of_her_county_is_proposed_whatever_desk_she_rings(world: World) -> None:
    wuhua, xishan, desk = world.offices["wuhua"], world.offices["xishan"], world.offices["desk"]
    assert proposed([wuhua, xishan], desk, "530112") == xishan
    assert proposed([wuhua, xishan], desk, "530103") is None
    assert proposed([wuhua, xishan], desk, None) is None
    assert proposed([wuhua], desk, None) == wuhua
    desk.region = world.regions["wuhua_district"]
    assert proposed([wuhua, xishan], desk, "530112") == xishan
    assert proposed([wuhua, xishan], desk, None) == wuhua
    assert offered([xishan, wuhua], desk) == [wuhua, xishan]
    assert offered([wuhua, xishan], xishan) == [xishan]
    assert proposed([wuhua, xishan], xishan, "530102") == xishan


def test_a_prefectures_centre_is_proposed_where_the_county_has_none(world: World) -> None:
    desk, wuhua = world.offices["desk"], world.offices["wuhua"]
    whole = Office(kind="centre", short_name="昆明中心", region=world.regions["kunming"])
    assert responsible([wuhua, whole], "530102") == wuhua
    assert responsible([wuhua, whole], "530103") == whole
    assert responsible([wuhua, whole], "532901") is None
    assert why([wuhua, whole], desk, "530103", "盘龙区", whole)["code"] == "prefecture"


@pytest.mark.parametrize(
    ("residence", "centre", "code"),
    [
        ("530112", "xishan", "county"),
        ("530112", "wuhua", "other"),
        ("532901", "wuhua", "none"),
        ("", "wuhua", "unknown"),
    ],
)
def test_the_console_says_why_this_centre(
    world: World, as_user: AsUser, draft: Contact, console: str, residence: str, centre: str, code: str
) -> None:
    only_these_centres(world)
    assert draft.is_draft
    sent = STORY | {"region_residence": residence, "centre": world.offices[centre].pk, "disposition": ""}
    page = as_user("operator").post(console, sent)
    assert page.status_code == 422
    said = page.context["form"].why_this_centre()
    assert said["code"] == code
    assert said["said"] in page.content.decode()
    assert ("西山中心" in said["said"]) == (residence == "530112")


def test_a_desk_opens_the_case_where_she_lives_unless_another_centre_is_chosen(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    only_these_centres(world)
    assert draft.is_draft
    with as_owner():
        Office.objects.filter(pk=world.offices["desk"].pk).update(region=world.regions["wuhua_district"])
    sent = STORY | {"region_residence": "530112", "disposition": "case_opened"}
    assert as_user("operator").post(console, sent).status_code == 302
    with as_owner():
        assert Case._base_manager.get().office == world.offices["xishan"]


def test_a_centre_takes_what_comes_to_it_and_is_told_who_is_responsible(world: World, as_user: AsUser) -> None:
    only_these_centres(world)
    client = as_user("manager")
    url = client.post(reverse("hotline:new"), {"office": world.offices["wuhua"].pk, "channel": "walk_in"}).url
    form = client.post(url, STORY | {"channel": "walk_in", "region_residence": "530112"}).context["form"]
    assert form.offered == [world.offices["wuhua"]]
    assert form.why_this_centre()["code"] == "here"


def test_a_case_is_opened_with_its_first_step_and_callback(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    sent = case_at(world) | {
        "request_key": str(uuid4()),
        "safe_from": "09:00",
        "safe_until": "11:00",
        "callback_at": tomorrow(10),
    }
    client = as_user("operator")
    first, again = client.post(console, sent), client.post(console, sent)
    assert first.status_code == again.status_code == 302
    with as_owner():
        case = Case._base_manager.get()
        assert case.office == world.offices["wuhua"]
        assert case.is_split_residence
        assert Party.objects.get(role="client").identity.birth_year == clock.today().year - 60
        assert SafeContact.objects.get().hour_from == dt.time(9)
        assert FollowUp.objects.get().desk_group_id == world.offices["desk"].group_id
        assert {item.kind for item in WorkItem.objects.filter(case=case)} == {"case.triage"}
    page = client.get(console).content.decode()
    assert case.number in page
    assert "五华中心" in page
    assert "13800001234" not in page
    assert "138****1234" in page


def test_what_was_not_asked_becomes_one_work_item(world: World, as_user: AsUser, draft: Contact, console: str) -> None:
    answer = as_user("operator").post(
        console, {"disposition": "case_opened", "centre": world.offices["wuhua"].pk, "danger": "yes"}
    )
    assert answer.status_code == 302
    with as_owner():
        items = {item.kind: item for item in WorkItem.objects.all()}
        assert set(items) == {"case.triage", "case.missing"}
        assert items["case.triage"].is_urgent


def test_the_ringing_number_is_never_taken_for_a_safe_one(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    as_user("operator").post(console, case_at(world) | {"safe_number": ""})
    with as_owner():
        assert bytes(SafeContact.objects.values_list("safe_number", flat=True).get()) == b""
        assert WorkItem.objects.filter(kind="case.missing").exists()


def test_a_callback_outside_the_safe_hours_is_refused_beside_the_field_and_nothing_typed_is_lost(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    sent = STORY | {"disposition": "advice", "safe_from": "09:00", "safe_until": "11:00", "callback_at": tomorrow(15)}
    page = as_user("operator").post(console, sent)
    assert page.status_code == 422
    assert "callback_at" in page.context["form"].errors
    assert "独居，中风偏瘫" in page.content.decode()
    assert stored(draft).is_draft
    assert told(world, draft, "code_word") == "买菜"


def test_the_outcome_is_the_only_thing_that_must_be_said(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    client = as_user("operator")
    page = client.post(console, {"narrative": "问离婚程序"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["disposition"]
    assert client.post(console, {"disposition": "advice"}).status_code == 302


@pytest.mark.parametrize(("disposition", "kind"), [("advice", "advice_call"), ("service", "care")])
def test_advice_and_service_are_counted_once(
    world: World, as_user: AsUser, draft: Contact, console: str, disposition: str, kind: str
) -> None:
    as_user("operator").post(console, STORY | {"disposition": disposition})
    with as_owner():
        assert ServiceRecord.objects.get().kind == kind
        assert stored(draft).status == "done"


@pytest.mark.parametrize("quick", ["silent", "dropped", "wrong_number", "abusive"])
def test_an_empty_call_ends_with_one_click(
    world: World, as_user: AsUser, draft: Contact, console: str, quick: str
) -> None:
    answer = as_user("operator").post(console, {"quick": quick, "callback_at": "nonsense"})
    assert answer.status_code == 302
    saved = stored(draft)
    assert (saved.disposition, saved.status) == (quick, "done")


def test_a_draft_takes_whatever_has_a_shape_and_opens_where_it_was(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    client = as_user("operator")
    answer = client.post(reverse("hotline:draft", args=[draft.pk]), {
        "narrative": "他又打我了", "client_birth_year": "不知道", "callback_at": "99", "danger": "yes", "whisper": "on", "whisper_hurt": "yes",
        "region_residence": "000000"})  # fmt: skip
    assert answer.status_code == 204
    page = client.get(console).content.decode()
    assert "他又打我了" in page
    kept = stored(draft)
    assert kept.whisper
    assert kept.whisper_answers == {"hurt": "yes"}
    listed = client.get(reverse("hotline:list"))
    assert [row.pk for row in listed.context["drafts"]] == [draft.pk]


def test_a_draft_is_nobody_elses(world: World, as_user: AsUser, draft: Contact, console: str) -> None:
    for name in ("operator2", "shift", "manager", "director"):
        assert as_user(name).get(console).status_code == 404
        assert as_user(name).post(reverse("hotline:draft", args=[draft.pk]), {"narrative": "x"}).status_code == 404


def test_the_protocol_is_ticked_with_its_time_with_and_without_scripts(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    client = as_user("operator")
    url = reverse("hotline:protocol", args=[draft.pk])
    part = client.post(url, {"done": "police"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "police" in stored(draft).protocol
    assert client.post(url, {"done": "doctor", "narrative": "随表单一起保存"}).status_code == 302
    assert client.post(url, {"undo": "police"}, headers={"HX-Request": "true"}).status_code == 200
    assert set(stored(draft).protocol) == {"doctor"}
    assert told(world, draft, "narrative") == "随表单一起保存"
    assert client.post(url, {"done": "nothing"}).status_code == 400


def test_the_protocol_goes_on_after_the_call(world: World, as_user: AsUser, draft: Contact, console: str) -> None:
    client = as_user("operator")
    client.post(console, case_at(world) | {"danger": "yes"})
    assert client.post(reverse("hotline:protocol", args=[draft.pk]), {"done": "place"}).status_code == 302
    assert "place" in stored(draft).protocol


def test_joining_takes_a_case_that_one_may_see_and_no_other(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    client = as_user("operator")
    client.post(console, case_at(world))
    with as_owner():
        case = Case._base_manager.get()
    second = client.post(reverse("hotline:new"), {"office": world.offices["desk"].pk, "channel": "hotline"}).url
    wrong = client.post(second, {"disposition": "joined", "join_number": "530102-2026-AAAA"})
    assert wrong.status_code == 422
    assert "join_number" in wrong.context["form"].errors
    right = client.post(
        second, {"disposition": "joined", "join_number": case.number.lower(), "callback_at": tomorrow(10)}
    )
    assert right.status_code == 302
    with as_owner():
        assert WorkItem.objects.get(kind="contact.joined").case_id == case.pk
        assert FollowUp.objects.get().case_id == case.pk
    other = as_user("xishan_manager")
    third = other.post(reverse("hotline:new"), {"office": world.offices["xishan"].pk, "channel": "walk_in"}).url
    assert other.post(third, {"disposition": "joined", "join_number": case.number}).status_code == 422


def test_a_manager_takes_visits_for_her_own_centre_only(world: World, as_user: AsUser) -> None:
    client = as_user("manager")
    assert (
        client.post(reverse("hotline:new"), {"office": world.offices["desk"].pk, "channel": "hotline"}).status_code
        == 422
    )
    url = client.post(reverse("hotline:new"), {"office": world.offices["wuhua"].pk, "channel": "walk_in"}).url
    answer = client.post(
        url, STORY | {"channel": "walk_in", "disposition": "case_opened", "centre": world.offices["xishan"].pk}
    )
    assert answer.status_code == 422
    assert client.post(url, STORY | {"channel": "walk_in", "disposition": "case_opened"}).status_code == 302
    with as_owner():
        saved = Contact._base_manager.get()
        assert saved.number.startswith("来访")
        assert saved.case_office_id == world.offices["wuhua"].pk


def test_a_petition_keeps_its_number_and_the_time_when_it_happened(world: World, as_user: AsUser) -> None:
    client = as_user("director")
    url = client.post(reverse("hotline:new"), {"office": world.offices["wuhua"].pk, "channel": "petition"}).url
    day = clock.today() - dt.timedelta(days=3)
    client.post(
        url,
        {"channel": "petition", "source_number": "XF-2026-77", "occurred_at": f"{day}T09:30", "disposition": "advice"},
    )
    with as_owner():
        saved = Contact._base_manager.get()
        assert saved.source_number == "XF-2026-77"
        assert clock.local(saved.occurred_at).date() == day
        assert saved.duration is None
        assert clock.local(saved.entered_at).date() == clock.today()
    future = client.post(reverse("hotline:new"), {"office": world.offices["wuhua"].pk, "channel": "letter"}).url
    assert client.post(future, {"disposition": "advice", "occurred_at": tomorrow(9)}).status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "police_liaison",
        "supervisor",
        "province",
        "auditor",
        "system",
        "field_worker",
        "aid_officer",
        "expert",
        "keeper",
    ],
)
def test_others_have_no_console(world: World, as_user: AsUser, draft: Contact, console: str, name: str) -> None:
    client = as_user(name)
    for url in (reverse("hotline:new"), reverse("hotline:list"), reverse("hotline:export"), console):
        assert client.get(url).status_code == 403


def test_a_second_window_is_told_and_what_was_typed_there_stays(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    client = as_user("operator")
    version = str(stored(draft).version)
    kept = {"narrative": "第一个窗口", "version": version, "safe_from": "18:00", "safe_until": "20:00"}
    first = client.post(f"{console}draft/", kept)
    assert (first.status_code, first["X-Version"]) == (204, str(int(version) + 1))
    assert client.post(f"{console}draft/", {"narrative": "第二个窗口", "version": version}).status_code == 409
    assert told(world, draft, "narrative") == "第一个窗口"
    hours = {"safe_from": "18:00", "safe_until": "21:00"}
    ending = {"narrative": "她刚说对方有刀", "disposition": "advice", "version": version} | hours
    behind = client.post(console, ending)
    assert behind.status_code == 409
    assert "她刚说对方有刀" in behind.content.decode()
    said = {one.label: (one.saved, one.typed) for one in behind.context["differences"]}
    assert ("第一个窗口", "她刚说对方有刀") in said.values()
    assert [pair for pair in said.values() if len(pair[0]) == len("20:00") and ":" in pair[0]] == [
        ("20:00", "21:00")
    ]  # the same hour is none
    assert (
        "data-focus" in behind.content.decode().partition('class="crisis"')[0]
    )  # what the other window says comes first
    assert client.post(console, ending | {"version": first["X-Version"]}).status_code == 302
    late = client.post(console, {"narrative": "又说他就在楼下", "disposition": "advice", "version": version})
    assert late.status_code == 409
    assert "又说他就在楼下" in late.content.decode()
    assert told(world, draft, "narrative") == "她刚说对方有刀"


def test_a_number_that_is_none_is_said_beside_its_field(
    world: World, as_user: AsUser, draft: Contact, console: str
) -> None:
    answer = as_user("operator").post(console, {"safe_number": "12", "caller_phone": "139abc", "disposition": "advice"})
    assert answer.status_code == 422
    assert {"safe_number", "caller_phone"} <= set(answer.context["form"].errors)
    assert stored(draft).is_draft


def test_all_that_is_wrong_is_said_in_one_round_and_nothing_typed_is_lost(world: World, as_user: AsUser) -> None:
    client = as_user("operator")
    url = client.post(reverse("hotline:new"), {"office": world.offices["desk"].pk, "channel": "hotline"}).url
    typed = {
        "caller_phone": "abc", "safe_from": "09:00", "occurred_at": tomorrow(9), "disposition": "joined", "join_number": "530102-2026-0000",
        "narrative": "她说得很急",
    }  # fmt: skip
    answer = client.post(url, typed)
    assert answer.status_code == 422
    assert {"caller_phone", "safe_until", "occurred_at", "join_number"} <= set(answer.context["form"].errors)
    assert "她说得很急" in answer.content.decode()
    again = client.post(url, {"narrative": "她说得很急"})  # the draft keeps the wrong time: it is said once more
    assert set(again.context["form"].errors) == {"disposition", "occurred_at"}
