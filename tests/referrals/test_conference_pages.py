"""The pages of conferences, in a browser without scripts."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from cases.models import Case
from core import clock
from core.errors import DomainError
from core.models import AccessLog
from referrals.conferences import services
from referrals.conferences.models import AgendaItem, Conference, Decision, Invitation, MinuteText
from referrals.conferences.services import Invitee
from tests.referrals.conference_scene import (
    HOUR,
    accepted,
    convened,
    facts_of,
    held,
    item_of,
    letter_of,
    matter,
    present,
    room_of,
)
from tests.referrals.conftest import NARRATIVE, open_case
from tests.roles import as_owner
from tests.world import World

Login = Callable[[str], Client]
PERSONAL = ("刘桂芳", NARRATIVE, "13800001234", "买菜")


def to(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


def the_form(world: World, **more: object) -> dict[str, object]:
    begins = clock.local(clock.now() + 3 * HOUR)
    return {
        "reason": "cross_department", "begins_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + HOUR:%Y-%m-%dT%H:%M}",
        "room": room_of(world).pk, "chair": world.users["manager"].pk, "units": [str(world.units["justice"].pk)], "kin": "no",
        "sections": ["identity", "incident"], "basis": "duty",
    } | more  # fmt: skip


def test_a_conference_is_convened_from_its_form(world: World, case: Case, login: Login) -> None:
    browser, url = login("manager"), to("conference-convene", case.pk)
    assert browser.get(url).status_code == 200
    assert browser.post(url, the_form(world)).status_code == 302
    with as_owner():
        assert AgendaItem._base_manager.get(case=case).reason == "cross_department"


def test_a_room_that_is_taken_is_told_beside_its_field_and_nothing_is_lost(
    world: World, case: Case, login: Login
) -> None:
    convened(world, case, after=3, chair=world.users["director"])
    answer = login("manager").post(to("conference-convene", open_case(world).pk), the_form(world))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["room"]
    assert answer.context["form"]["reason"].value() == "cross_department"


def test_his_family_at_the_table_is_asked_for(world: World, case: Case, login: Login) -> None:
    answer = login("manager").post(to("conference-convene", case.pk), the_form(world, kin="yes"))
    assert answer.status_code == 422
    assert "kin" in answer.context["form"].errors


def test_a_case_is_put_on_the_agenda_of_a_planned_meeting(world: World, case: Case, login: Login) -> None:
    conference, other = convened(world, case), open_case(world)
    values = {
        "meeting_at": conference.pk,
        "reason": "stalled",
        "units": [str(world.units["police"].pk)],
        "kin": "no",
        "basis": "duty",
    }
    assert login("manager").post(to("conference-convene", other.pk), values).status_code == 302
    with as_owner():
        assert AgendaItem._base_manager.filter(conference=conference).count() == 2


def test_the_invitation_tells_nothing_of_the_case(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    letter, browser = letter_of(conference, case, world), login("justice_liaison")
    for url in (
        to("invitation", letter.pk),
        to("conference", conference.pk),
        to("conferences"),
        to("invitation-ics", letter.pk),
    ):
        answer = browser.get(url)
        assert answer.status_code == 200, url
        page = answer.content.decode()
        assert not [word for word in (*PERSONAL, case.number) if word in page], url
    calendar = browser.get(to("invitation-ics", letter.pk)).content.decode()
    assert "SUMMARY:忙碌" in calendar
    assert not [word for word in (conference.number, "会商", "五华", "会商室") if word in calendar]
    with as_owner():
        logged = AccessLog.objects.filter(object_id=letter.pk, actor_id=world.users["justice_liaison"].pk)
        assert {row.sections for row in logged} == {"letter"}


def test_strangers_get_404(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    letter, item = letter_of(conference, case, world), item_of(conference, case)
    for who in ("police_liaison", "xishan_manager"):
        browser = login(who)
        for url in (
            to("conference", conference.pk),
            to("invitation", letter.pk),
            to("conference-item", item.pk),
            to("minutes-pdf", item.pk),
        ):
            assert browser.get(url).status_code == 404, (who, url)
        assert browser.post(to("invitation-recuse", letter.pk)).status_code == 404
    assert login("operator").get(to("conferences")).status_code == 403


def test_the_pledge_is_asked_for_and_coming_opens_the_room(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    letter, browser = letter_of(conference, case, world), login("justice_liaison")
    assert browser.post(to("invitation-accept", letter.pk), {"version": letter.version}).status_code == 422
    assert (
        browser.post(to("invitation-accept", letter.pk), {"version": letter.version, "pledge": "on"}).status_code == 302
    )
    page = browser.get(to("conference", conference.pk)).content.decode()
    assert case.number in page
    assert world.units["justice"].name in page


def test_two_writers_at_one_text(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    held(world, conference)
    facts = facts_of(item_of(conference, case))
    first, second, url = login("manager"), login("manager2"), to("minutes-write", facts.pk)
    quiet = {"X-Autosave": "1", "HX-Request": "true"}
    saved = first.post(url, {"version": facts.version, "text": "甲写的事实"}, headers=quiet)
    assert (saved.status_code, saved["X-Version"]) == (204, str(facts.version + 1))
    for headers in (quiet, {}):
        told = second.post(url, {"version": facts.version, "text": "乙写的事实"}, headers=headers)
        assert told.status_code == 409
        assert "甲写的事实" in told.content.decode()
    assert "乙写的事实" in told.content.decode()
    merged = second.post(url, {"version": facts.version + 1, "text": "甲写的事实，乙写的事实"})
    assert merged.status_code == 302
    with world.acting("manager"):
        assert MinuteText.objects.get(pk=facts.pk).text == "甲写的事实，乙写的事实"


def boxes(browser: Client, conference: Conference) -> dict[str, str]:
    """What the form of the minutes holds, as the room shows it."""
    page = browser.get(to("conference", conference.pk)).content.decode()
    found = dict(re.findall(r'<textarea[^>]* form="minutes-[^"]*" name="(text-[^"]*)"[^>]*>([^<]*)</textarea>', page))
    return found | dict(
        re.findall(r'<input type="hidden" form="minutes-[^"]*" name="(seen-[^"]*)" value="([^"]*)">', page)
    )


def texts_now(world: World, conference: Conference) -> dict[str, str]:
    with world.acting("manager") as by:
        return {
            f"text-{row.pk}": row.text for row in MinuteText.objects.visible_to(by).filter(item__conference=conference)
        }


def test_all_boxes_are_saved_together_and_two_writers_lose_nothing(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    accepted(world, letter_of(conference, case, world))
    held(world, conference)
    url = to("minutes-write", facts_of(item_of(conference, case)).pk)
    first, second = login("manager"), login("manager2")
    shown = boxes(first, conference)
    names = sorted(name for name in shown if name.startswith("text-"))
    facts = f"text-{facts_of(item_of(conference, case)).pk}"
    assert len(names) == 3
    typed = {name: f"第{place}段" for place, name in enumerate(names)}
    assert first.post(url, shown | typed).status_code == 302
    assert texts_now(world, conference) == typed
    # the second one's page is from before; a box that he left alone meets nobody, one that he typed in is shown with the other's
    other, third = [name for name in names if name != facts]
    assert second.post(url, shown).status_code == 302
    assert texts_now(world, conference) == typed
    fresh = boxes(second, conference)
    assert first.post(url, boxes(first, conference) | {facts: "甲改的事实"}).status_code == 302
    told = second.post(url, fresh | {facts: "乙写的事实", other: "乙写的意见"})
    page = told.content.decode()
    assert told.status_code == 409
    assert [word for word in ("甲改的事实", "乙写的事实") if word not in page] == []
    assert texts_now(world, conference) == {facts: "甲改的事实", other: "乙写的意见", third: typed[third]}
    merged = dict(re.findall(r'name="(seen-[^"]*)" value="([^"]*)"', page)) | {facts: "甲乙合写"}
    assert second.post(url, merged).status_code == 302
    quiet = {"X-Autosave": "1", "HX-Request": "true"}
    behind = second.post(url, fresh | {facts: "乙又写"}, headers=quiet)
    assert (behind.status_code, f'data-conflict-of="{facts[5:]}"' in behind.content.decode()) == (409, True)
    saved = second.post(url, boxes(second, conference) | {facts: "乙最后写"}, headers=quiet)
    assert (saved.status_code, saved["X-Marks"].partition("=")[0]) == (204, facts[5:])
    last = boxes(second, conference)
    with world.acting("manager") as by:
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    refused = second.post(url, last | {facts: "迟到的话"})
    assert (refused.status_code, "迟到的话" in refused.content.decode()) == (422, True)


def test_a_planned_meeting_is_listed_by_the_local_time_and_keeps_its_own(
    world: World, case: Case, login: Login
) -> None:
    conference, other, browser = convened(world, case), open_case(world), login("manager")
    page = browser.get(to("conference-convene", other.pk)).content.decode()
    assert f"{conference.number} {clock.local(conference.begins_at):%m-%d %H:%M}" in page
    assert 'class="meeting-own"' in page
    values = the_form(world, meeting_at=str(conference.pk), begins_at="明天", ends_at="", chair="x", room="y")
    assert browser.post(to("conference-convene", other.pk), values).status_code == 302
    with as_owner():
        assert AgendaItem._base_manager.filter(conference=conference).count() == 2
        assert Conference._base_manager.get(pk=conference.pk).begins_at == conference.begins_at


def test_the_room_leads_to_the_confirmation_and_says_who_comes(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    letter, browser = letter_of(conference, case, world), login("justice_liaison")
    page = browser.get(to("invitation", letter.pk)).content.decode()
    assert [word for word in ("接收前", "接收后") if word in page] == []
    accepted(world, letter)
    for who in ("manager", "justice_liaison"):
        page = login(who).get(to("conference", conference.pk)).content.decode()
        assert ("已确认参会" in page, "未出席" in page) == (True, False), who
    held(world, conference)
    present(world, item_of(conference, case), "justice")
    link = f'href="{to("invitation", letter.pk)}"'
    assert link not in browser.get(to("conference", conference.pk)).content.decode()
    with world.acting("manager") as by:
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    assert link in browser.get(to("conference", conference.pk)).content.decode()


def test_a_body_that_called_off_is_neither_awaited_nor_absent(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    letter = accepted(world, letter_of(conference, case, world))
    with world.acting("justice_liaison") as by:
        services.invitation_decline(invitation_id=letter.pk, by=by, version=None, regret="other_time")
    page = login("manager").get(to("conference", conference.pk)).content.decode()
    assert ("已确认参会" in page, "未出席" in page) == (False, False)


def test_the_minutes_lie_sealed(world: World, case: Case) -> None:
    conference = convened(world, case)
    held(world, conference)
    facts = facts_of(item_of(conference, case))
    with world.acting("manager") as by:
        services.minute_write(text_id=facts.pk, by=by, version=None, text="当事人独居")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM referrals_minutetext WHERE id = %s", [facts.pk])
        assert "当事人独居".encode() not in bytes(cursor.fetchone()[0])


def signed(world: World, case: Case) -> Conference:
    """A conference with minutes, a decision and an objection, signed."""
    conference = convened(world, case)
    letter, item = accepted(world, letter_of(conference, case, world)), item_of(conference, case)
    held(world, conference)
    present(world, item, "justice")
    with world.acting("manager") as by:
        services.minute_write(text_id=facts_of(item).pk, by=by, version=None, text="当事人行动不便，子女赡养意愿低。")
        opinion = MinuteText.objects.visible_to(by).get(seat__unit=world.units["justice"])
        services.minute_write(text_id=opinion.pk, by=by, version=None, text="可指派律师。")
        services.decision_add(
            item_id=item.pk, by=by, measure="上门法律咨询", responsible="李律师", due_at=clock.now() + 48 * HOUR,
            invitee=Invitee(world.units["justice"]),
        )  # fmt: skip
        services.conference_minute(conference_id=conference.pk, by=by, version=None)
    with world.acting("justice_liaison") as by:
        services.minutes_object(invitation_id=letter.pk, by=by, version=None, text="措施期限过短")
    with world.acting("manager") as by:
        services.conference_sign(conference_id=conference.pk, by=by, version=None)
    return conference


def test_an_objection_is_shown_to_other_bodies_only_once_signed_and_never_names_her(
    world: World, case: Case, login: Login
) -> None:
    conference = convened(world, case, "justice", "police")
    item = item_of(conference, case)
    letter = accepted(world, letter_of(conference, case, world))
    other = accepted(world, letter_of(conference, case, world, "police"), "police_liaison")
    held(world, conference)
    present(world, item, "justice", "police")

    def objected(text: str) -> None:
        with world.acting("manager") as by:
            services.conference_minute(conference_id=conference.pk, by=by, version=None)
        with world.acting("justice_liaison") as by:
            services.minutes_object(invitation_id=letter.pk, by=by, version=None, text=text)
        with world.acting("police_liaison") as by:
            services.minutes_confirm(invitation_id=other.pk, by=by, version=None)

    def is_shown(who: str, row: Invitation, text: str) -> bool:
        pages = (to("conference", conference.pk), to("invitation", row.pk))
        return any(text in login(who).get(page).content.decode() for page in pages)

    objected("应写明刘桂芳行动不便")
    assert is_shown("manager", letter, "刘桂芳行动不便")
    assert is_shown("justice_liaison", letter, "刘桂芳行动不便")
    assert not is_shown("police_liaison", other, "刘桂芳行动不便")
    answer = login("manager").post(to("conference-sign", conference.pk), {})
    assert (answer.status_code, "异议中出现" in answer.content.decode()) == (422, True)
    with world.acting("manager") as by:
        with pytest.raises(DomainError, match="objection_names"):
            services.conference_sign(conference_id=conference.pk, by=by, version=None)
        services.conference_reopen(conference_id=conference.pk, by=by, version=None)
    objected("应写明当事人行动不便")
    assert not is_shown("police_liaison", other, "应写明当事人行动不便")
    with world.acting("manager") as by:
        services.conference_sign(conference_id=conference.pk, by=by, version=None)
    assert is_shown("police_liaison", other, "应写明当事人行动不便")


def letters_in(pdf: bytes) -> set[str]:
    """Every character that the PDF's own fonts can show: Typst embeds what it uses and nothing more."""
    found: set[str] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompressobj().decompress(stream)  # the end of its checksum may look like a line's end
        except zlib.error:
            continue
        if b"beginbfchar" in text or b"beginbfrange" in text:
            for _glyph, code in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", text):
                found |= set(bytes.fromhex(code.decode()).decode("utf-16-be", errors="ignore"))
    return found


def test_the_paper_says_what_it_must_and_names_nobody(world: World, case: Case, login: Login) -> None:
    conference = signed(world, case)
    item = item_of(conference, case)
    must = [
        item.paper_number,
        "当事人行动不便",
        "可指派律师",
        "上门法律咨询",
        "李律师",
        "措施期限过短",
        world.units["justice"].name,
        "会商室",
    ]
    for who in ("manager", "justice_liaison"):
        browser = login(who)
        word = browser.get(to("minutes-docx", item.pk)).content
        document = Document(io.BytesIO(word))
        text = "\n".join(
            [
                *(p.text for p in document.paragraphs),
                *(c.text for t in document.tables for r in t.rows for c in r.cells),
            ]
        )
        assert not [wanted for wanted in must if wanted not in text]
        assert not [word for word in (*PERSONAL, case.number) if word in text]
        assert document.core_properties.author == ""
        pdf = browser.get(to("minutes-pdf", item.pk)).content
        assert pdf.startswith(b"%PDF-")
        shown = letters_in(pdf)
        assert set("当事人行动不便可指派律师上门咨询措施期限过短") <= shown
        assert not shown & set("刘桂芳")
    with as_owner():
        assert AccessLog.objects.filter(action="export", object_id=item.pk).count() == 4


def test_there_is_no_paper_before_the_signature(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    held(world, conference)
    assert login("manager").get(to("minutes-docx", item_of(conference, case).pk)).status_code == 404


def test_the_room_shows_the_follow_through(world: World, case: Case, login: Login) -> None:
    conference = signed(world, case)
    with as_owner():
        decision = Decision._base_manager.get(conference=conference)
    page = login("manager").get(to("conference", conference.pk))
    assert (page.context["figures"].open, page.context["figures"].on_time) == (1, 0)
    browser = login("justice_liaison")
    assert (
        browser.post(to("decision-finish", decision.pk), {"version": decision.version, "note": ""}).status_code == 422
    )
    assert (
        browser.post(to("decision-finish", decision.pk), {"version": decision.version, "note": "已咨询"}).status_code
        == 302
    )
    page = login("manager").get(to("conference", conference.pk))
    assert (page.context["figures"].open, page.context["figures"].on_time) == (0, 1)
    assert login("manager").post(to("conference-close", conference.pk)).status_code == 302


def test_steps_of_the_room_are_the_hosts(world: World, case: Case, login: Login) -> None:
    conference = convened(world, case)
    accepted(world, letter_of(conference, case, world))
    browser = login("justice_liaison")
    for verb in ("hold", "minute", "reopen", "sign", "close", "cancel"):
        assert browser.post(to(f"conference-{verb}", conference.pk), {"text": "x"}).status_code == 403, verb
    assert login("manager").post(to("conference-sign", conference.pk)).status_code == 409
    assert login("manager").post(to("conference-hold", conference.pk)).status_code == 422
    assert login("manager").post(to("conference-cancel", conference.pk), {"text": ""}).status_code == 422


def test_decisions_and_invitations_by_the_forms_of_the_room(world: World, case: Case, login: Login) -> None:
    conference, browser = convened(world, case), login("manager")
    item = item_of(conference, case)
    police = {"unit": str(world.units["police"].pk), "kin": "no"}
    assert browser.post(to("conference-invite", item.pk), police).status_code == 302
    again = browser.post(to("conference-invite", item.pk), police)
    assert again.status_code == 422
    held(world, conference)
    due = clock.local(clock.now() + 48 * HOUR)
    values = {"measure": "每周走访", "owner": f"staff:{world.users['manager2'].pk}", "due_at": f"{due:%Y-%m-%dT%H:%M}"}
    assert browser.post(to("conference-decide", item.pk), values).status_code == 302
    assert browser.post(to("conference-decide", item.pk), values | {"measure": ""}).status_code == 422
    page = browser.get(to("conference", conference.pk)).content.decode()
    assert "每周走访" in page


@pytest.mark.parametrize("who", ["manager", "justice_liaison"])
def test_the_list_asks_the_same_at_two_and_at_twenty(world: World, login: Login, who: str) -> None:
    browser, counted = login(who), []
    made = 0
    for wanted in (2, 20):
        while made < wanted:
            made += 1
            convened(world, open_case(world), after=2 + 2 * made)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert len(browser.get(to("conferences")).context["rows"]) == wanted
        counted.append(len(found))
    assert counted[0] == counted[1]


def test_the_room_asks_the_same_for_one_item_and_for_five(world: World, case: Case, login: Login) -> None:
    conference, browser, counted = convened(world, case), login("justice_liaison"), []
    accepted(world, letter_of(conference, case, world))
    for more in (0, 4):
        for _ in range(more):
            other = open_case(world)
            with world.acting("manager") as by:
                services.item_add(conference_id=conference.pk, case_id=other.pk, by=by, matter=matter(world, "justice"))
            accepted(world, letter_of(conference, other, world))
        with CaptureQueriesContext(connection) as found:
            assert len(browser.get(to("conference", conference.pk)).context["agenda"]) == more + 1
        counted.append(len(found))
    assert counted[0] == counted[1]
