"""Joint handling on the pages of both centres, on paper, and in queries that do not grow."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from agencies.enums import Role
from cases.enums import ConsentGiver
from cases.enums_joint import JointStatus
from cases.models import Case, Consent, JointHandling, TimelineEntry
from core import clock
from core.models import AccessLog
from tests.cases.joint_scene import WISH, agreed, asked, report, state, together
from tests.cases.scenes import client_of
from tests.cases.test_merging import begun
from tests.roles import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
NAME = "刘桂芳"


def form_of(world: World, **values: Any) -> dict[str, Any]:
    """What the page of asking posts."""
    filled = {
        "to_office": str(world.offices["xishan"].pk), "reason": "others_there", "kin": "no", "task": WISH, "basis": "duty",
        "ends_on": f"{clock.today() + dt.timedelta(days=30):%Y-%m-%d}", "sections": ["identity", "incident", "children"], "is_safe": "on",
        "request_key": str(uuid4()),
    }  # fmt: skip
    return filled | values


def row_of(case: Case) -> JointHandling:
    with as_owner():
        return JointHandling._base_manager.filter(case=case).latest("asked_at")


def local(moment: dt.datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def test_asked_agreed_written_read_and_ended_on_the_pages(world: World) -> None:
    case = begun(world)
    here, there = client_of(world, "manager"), client_of(world, "xishan_manager")
    ask_url = reverse("cases:joint-ask", args=[case.pk])
    assert ask_url in here.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert here.get(ask_url).status_code == 200
    assert there.get(ask_url).status_code == 404
    answer = here.post(ask_url, form_of(world, version=str(case.version)))
    assert answer.status_code == 302, answer.content.decode()
    row = row_of(case)
    url = reverse("cases:joint", args=[row.pk])
    assert here.get(ask_url).headers["Location"] == url
    letter = there.get(url).content.decode()
    assert [word for word in (WISH, "五华", "联合办理") if word not in letter] == []
    assert [word for word in (NAME, case.number, str(case.pk)) if word in letter] == []
    assert str(row.pk) in there.get("/").content.decode() or "联合办理" in there.get("/").content.decode()
    assert url in there.get(reverse("cases:transfers")).content.decode()
    assert there.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    step = local(clock.now() + dt.timedelta(days=2))
    key = {"person": str(world.users["xishan_manager"].pk), "deputy": "", "due_at": step, "request_key": str(uuid4())}
    wrong = there.post(
        reverse("cases:joint-accept", args=[row.pk]),
        key | {"due_at": local(clock.now() - dt.timedelta(days=1)), "request_key": str(uuid4())},
    )
    assert wrong.status_code == 422
    for _twice in range(2):
        answer = there.post(reverse("cases:joint-accept", args=[row.pk]), key)
        assert (answer.status_code, answer.headers["Location"]) == (302, url)
    page = there.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert [word for word in (NAME, case.number, "本中心协办此案") if word not in page] == []
    assert reverse("cases:close", args=[case.pk]) not in page
    ours = here.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert [word for word in ("西山中心", "由本中心负责") if word not in ours] == []
    note = {
        "how": "visit",
        "happened_at": local(clock.now() - dt.timedelta(hours=1)),
        "section": "children",
        "text": "",
        "due_at": step,
    }
    report_url = reverse("cases:joint-report", args=[row.pk])
    refused = there.post(report_url, note | {"request_key": str(uuid4())})
    assert (refused.status_code, step in refused.content.decode()) == (422, True)
    assert there.post(report_url, note | {"text": "孩子由外婆照看", "request_key": str(uuid4())}).status_code == 302
    with as_owner():
        assert TimelineEntry._base_manager.get(case=case, kind="joint.note").section == "children"
    assert "孩子由外婆照看" in here.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert reverse("cases:joint-noted", args=[row.pk]) in here.get(url).content.decode()
    assert (
        here.post(reverse("cases:joint-noted", args=[row.pk]), {"request_key": str(uuid4())}).headers["Location"] == url
    )
    ended = {"note": "", "request_key": str(uuid4())}
    for _twice in range(2):
        answer = there.post(reverse("cases:joint-end", args=[row.pk]), ended)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("cases:transfers"))
    assert there.get(url).status_code == 404
    assert there.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    assert here.get(url).status_code == 200


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World) -> None:
    case = begun(world)
    here = client_of(world, "manager")
    url = reverse("cases:joint-ask", args=[case.pk])
    for wrong, said in (
        ({"kin": "yes"}, "回避"), ({"task": f"请找{NAME}"}, "请去掉姓名"), ({"sections": []}, "请至少勾选"), ({"basis": "consent"}, "同意"),
        ({"ends_on": f"{clock.today() - dt.timedelta(days=1):%Y-%m-%d}"}, "更晚的日期"),
    ):  # fmt: skip
        answer = here.post(url, form_of(world, version=str(case.version), **wrong))
        text = answer.content.decode()
        assert (answer.status_code, said in text) == (422, True), wrong
        assert wrong.get("task", WISH) in text
    stale = here.post(url, form_of(world, version="0"))
    assert (stale.status_code, WISH in stale.content.decode()) == (409, True)
    with as_owner():
        assert not JointHandling._base_manager.exists()


def test_what_is_asked_and_what_was_consented_go_each_to_its_place(world: World) -> None:
    case = begun(world)
    here = client_of(world, "manager")
    typed = {
        "basis": "consent", "given_by": "herself", "how": "signed", "consent_note": "当面签字，存纸质卷", "version": str(case.version),
    }  # fmt: skip
    shown = here.get(reverse("cases:joint-ask", args=[case.pk])).content.decode()
    assert [name for name in ("task", "given_by", "how", "consent_note") if f'name="{name}"' not in shown] == []
    assert here.post(reverse("cases:joint-ask", args=[case.pk]), form_of(world, **typed)).status_code == 302
    with world.acting("manager") as by:
        kept = Consent.objects.visible_to(by).get(case=case)
        assert (kept.given_by, kept.how, kept.note, kept.wish) == ("herself", "signed", typed["consent_note"], "")
        assert JointHandling.objects.visible_to(by).get(case=case).wish == WISH
    page = here.get(reverse("cases:sharing", args=[case.pk])).content.decode()
    assert [word for word in (kept.get_how_display(), typed["consent_note"]) if word not in page] == []
    assert [word for word in (WISH, "孩子本人的意愿", "同意方式和同意人尚未登记") if word in page] == []


def test_who_gave_the_consent_is_shown_where_how_was_left_open(world: World) -> None:
    case = begun(world)
    here = client_of(world, "manager")
    typed = {"basis": "consent", "given_by": "herself", "consent_note": "电话中说明", "version": str(case.version)}
    assert here.post(reverse("cases:joint-ask", args=[case.pk]), form_of(world, **typed)).status_code == 302
    with translation.override("zh-hans"):
        by_whom = str(ConsentGiver.HERSELF.label)
        unsaid = translation.gettext("How it was given is not written down")
    page = here.get(reverse("cases:sharing", args=[case.pk])).content.decode()
    assert [word for word in (f"{by_whom} · ", unsaid) if word not in page] == []


def test_who_goes_visiting_has_the_safe_contact_and_both_read_the_note(world: World) -> None:
    world.person("xishan_two", Role.MANAGER, "xishan")
    case = begun(world)
    row = asked(world, case)
    url = reverse("cases:joint", args=[row.pk])
    here, there, other = (client_of(world, who) for who in ("manager", "xishan_manager", "xishan_two"))
    box = 'class="safe'
    letter = there.get(url).content.decode()
    assert [word for word in (box, "请对方中心", "对方经办人", "对方中心负责") if word in letter] == []
    assert "请本中心" in letter
    agreed(world, row)
    report(world, row)
    page = there.get(url).content.decode()
    assert [word for word in (box, "已上门，孩子由外婆照看。") if word not in page] == []
    assert [word for word in ("请对方中心", "对方经办人") if word in page] == []
    with as_owner():
        seen = AccessLog.objects.filter(object_id=row.pk, actor_id=world.users["xishan_manager"].pk, action="view")
        assert {"letter", "safe_contact", "children"} <= {code for log in seen for code in log.sections.split(",")}
    ours = here.get(url).content.decode()
    assert [word for word in ("已上门，孩子由外婆照看。", "请对方中心", "对方经办人") if word not in ours] == []
    unnamed = other.get(url).content.decode()
    assert [word for word in (box, "已上门", NAME) if word in unnamed] == []


def test_declined_on_the_page_twice_is_once(world: World) -> None:
    case = begun(world)
    row = asked(world, case)
    here, there = client_of(world, "manager"), client_of(world, "xishan_manager")
    url = reverse("cases:joint-decline", args=[row.pk])
    assert there.post(url, {"answer": "", "request_key": str(uuid4())}).status_code == 422
    assert here.post(url, {"answer": "不", "request_key": str(uuid4())}).status_code == 404
    key = {"answer": "其子女已迁走", "request_key": str(uuid4())}
    for _twice in range(2):
        assert there.post(url, key).headers["Location"] == reverse("cases:transfers")
    assert there.post(url, key | {"request_key": str(uuid4())}).status_code == 404
    assert state(row)[0] == JointStatus.DECLINED
    assert "其子女已迁走" in here.get(reverse("cases:joint", args=[row.pk])).content.decode()


def test_others_are_named_on_the_page_and_a_stale_version_is_told(world: World) -> None:
    world.person("xishan_two", Role.MANAGER, "xishan")
    case, row = together(world)
    page = client_of(world, "xishan_two")
    url = reverse("cases:joint-name", args=[row.pk])
    shown = page.get(reverse("cases:joint", args=[row.pk])).content.decode()
    assert url in shown
    assert reverse("cases:joint-report", args=[row.pk]) not in shown
    values = {"person": str(world.users["xishan_two"].pk), "deputy": ""}
    assert (
        page.post(reverse("cases:joint-report", args=[row.pk]), {"text": "x", "request_key": str(uuid4())}).status_code
        == 422
    )
    assert page.post(url, values | {"version": "0", "request_key": str(uuid4())}).status_code == 409
    with as_owner():
        version = JointHandling._base_manager.get(pk=row.pk).version
    assert page.post(url, values | {"version": str(version), "request_key": str(uuid4())}).status_code == 302
    assert page.get(reverse("cases:detail", args=[case.pk])).status_code == 200
    assert client_of(world, "xishan_manager").get(reverse("cases:detail", args=[case.pk])).status_code == 404


def test_sharing_shows_it_ends_it_with_one_click_and_her_list_names_the_centre(world: World) -> None:
    case, row = together(world)
    here = client_of(world, "manager")
    url, end = reverse("cases:sharing", args=[case.pk]), reverse("cases:joint-end", args=[row.pk])
    shown = here.get(url).content.decode()
    assert [word for word in ("联合办理", world.users["xishan_manager"].name, end) if word not in shown] == []
    paper = here.get(reverse("cases:sharing-print", args=[case.pk])).content.decode()
    assert world.offices["xishan"].name in paper
    assert world.users["xishan_manager"].name not in paper
    answer = here.post(end, {"sharing": "1", "request_key": str(uuid4())})
    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    assert end not in here.get(url).content.decode()
    other = begun(world)
    recall = reverse("cases:joint-recall", args=[asked(world, other).pk])
    assert recall in here.get(reverse("cases:sharing", args=[other.pk])).content.decode()
    assert here.post(recall, {"sharing": "1", "request_key": str(uuid4())}).headers["Location"] == reverse(
        "cases:sharing", args=[other.pk]
    )


def test_both_centres_find_it_on_today(world: World) -> None:
    case, row = together(world)
    report(world, row)
    url = reverse("cases:joint", args=[row.pk])
    for who, side in (("manager", "本中心负责"), ("xishan_manager", "本中心协办")):
        text = client_of(world, who).get("/").content.decode()
        assert [word for word in (url, side, "与其他中心联合办理") if word not in text] == [], who
    assert (
        case.number in client_of(world, "xishan_manager").get("/").content.decode()
    )  # the step that is owed names the case
    assert url not in client_of(world, "police_liaison").get("/").content.decode()


def test_the_lists_ask_the_same_number_of_queries_for_two_and_for_twenty(world: World) -> None:
    counts = {}
    page = client_of(world, "xishan_manager")
    made = 0
    for many in (2, 20):
        while made < many:
            row = asked(world, begun(world))
            if made % 2:
                agreed(world, row)
            made += 1
        for url in (reverse("cases:transfers"), "/"):
            page.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert page.get(url).status_code == 200
            counts.setdefault(url, []).append(len(seen))
    assert all(few == lots for few, lots in counts.values()), counts
