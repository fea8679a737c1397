"""The clock's chain against a late unit: which papers go out, to whom, signed by whom, and who sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from agencies.enums import Role, UnitKind
from agencies.models import RoleGrant, Unit
from cases.models import WorkItem
from cases.services import access, lateness
from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from referrals import services
from referrals.enums import ChasePaper
from referrals.models import Referral, ReferralChase
from referrals.services.chasing import directors_paper
from referrals.services.committees import committee_of
from tests.referrals.conftest import open_case, send_letter
from tests.roles import as_owner, as_worker
from tests.world import World

Login = Callable[[str], Client]


def late_by(row: Referral, days: int) -> dt.datetime:
    """So many days after what is owed was due; weekends make this a little longer than working days."""
    assert row.due_at is not None
    return row.due_at + dt.timedelta(days=days, minutes=1)


def poll(at: dt.datetime) -> int:
    with clock.at(at), as_worker():
        return lateness.chase()


def papers(row: Referral) -> list[str]:
    with as_owner():
        return list(ReferralChase.objects.filter(referral=row).order_by("issued_at").values_list("paper", flat=True))


def owed(kind: str, source: object) -> WorkItem | None:
    with as_owner():
        return WorkItem.objects.filter(kind=kind, source_id=source, done_at__isnull=True).first()


def region_paper(row: Referral) -> ReferralChase:
    with as_owner():
        return ReferralChase.objects.get(referral=row, paper=ChasePaper.REGION)


def run_to_region(row: Referral) -> ReferralChase:
    for days in (0, 4, 8):
        poll(late_by(row, days))
    return region_paper(row)


def test_the_reminder_goes_out_once_when_the_time_has_passed(world: World, letter: Referral) -> None:
    assert papers(letter) == []
    poll(late_by(letter, 0))
    poll(late_by(letter, 0))
    assert papers(letter) == [ChasePaper.REMINDER]
    with world.acting("justice_liaison") as by:
        paper = ReferralChase.objects.visible_to(by).get()
        assert paper.number.startswith("催办〔")
        assert not paper.owes_answer
    with world.acting("manager") as by:
        assert by.user_id
        assert letter.case.timelineentrys.filter(kind="referral.chased").count() == 1


def test_the_second_step_is_the_directors_and_she_signs_by_hand(world: World, letter: Referral) -> None:
    poll(late_by(letter, 0))
    poll(late_by(letter, 4))
    item = owed("referral.supervise", letter.pk)
    assert item is not None
    assert item.owner_role == "director"
    assert papers(letter) == [ChasePaper.REMINDER]  # nothing goes out by itself
    with clock.at(late_by(letter, 4)):
        with world.acting("manager") as by, pytest.raises(NotAllowed):
            services.referral_supervise(referral_id=letter.pk, by=by, version=None, text="请立即接收")
        with world.acting("director") as by:
            services.referral_supervise(referral_id=letter.pk, by=by, version=None, text="请立即接收")
        with world.acting("director") as by, pytest.raises(DomainError) as twice:
            services.referral_supervise(referral_id=letter.pk, by=by, version=None, text="请立即接收")
    assert twice.value.code == "issued_already"
    assert papers(letter) == [ChasePaper.REMINDER, ChasePaper.NOTICE]
    assert owed("referral.supervise", letter.pk) is None
    with world.acting("justice_liaison") as by:
        assert ReferralChase.objects.visible_to(by).get(paper="notice").text == "请立即接收"


def test_before_the_time_has_passed_nothing_is_signed(world: World, letter: Referral) -> None:
    with world.acting("director") as by, pytest.raises(DomainError) as early:
        services.referral_supervise(referral_id=letter.pk, by=by, version=None, text="请")
    assert early.value.code == "not_late"


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        (UnitKind.FEDERATION, ChasePaper.SUPERVISION), (UnitKind.POLICE, ChasePaper.NOTICE), (UnitKind.SCHOOL, ChasePaper.NOTICE),
        (UnitKind.COURT, ChasePaper.REQUEST), (UnitKind.PROCURATORATE, ChasePaper.REQUEST),
    ],
)  # fmt: skip
def test_the_paper_follows_the_line_that_exists(kind: UnitKind, paper: ChasePaper) -> None:
    assert directors_paper(kind) == paper


def test_the_superior_federation_sees_number_and_band_and_nothing_else(
    world: World, letter: Referral, login: Login
) -> None:
    paper = run_to_region(letter)
    item = owed("referral.oversee", paper.pk)
    assert item is not None
    with as_owner():  # the nearest region above; where the directory is loaded it has other supervisors too
        held = RoleGrant.objects.filter(user_id=item.owner_user_id, role=Role.SUPERVISOR)
        assert all("530102".startswith(grant.region.prefix) for grant in held.select_related("region"))
    with world.acting("supervisor") as by:
        assert ReferralChase.objects.visible_to(by).get().pk == paper.pk
        assert ReferralChase.objects.get().pk == paper.pk  # by row-level security alone: neither reminder nor notice
        assert not Referral.objects.exists()
    page = login("supervisor").get(reverse("referrals:chase", args=[paper.pk])).content.decode()
    assert paper.number in page
    assert "五华区司法局" in page
    for word in (letter.number, "请上门提供法律援助", "刘桂芳", "赡养", "13800001234"):
        assert word not in page
    assert login("supervisor").get(reverse("referrals:detail", args=[letter.pk])).status_code == 404
    # the unit is not told that it was spoken of above
    with world.acting("justice_liaison") as by:
        assert not ReferralChase.objects.visible_to(by).filter(paper="region").exists()
        assert not ReferralChase.objects.filter(paper="region").exists()


def test_the_superior_federation_writes_down_what_it_did_and_the_centre_reads_it(
    world: World, letter: Referral, login: Login
) -> None:
    paper = run_to_region(letter)
    url = reverse("referrals:oversee", args=[paper.pk])
    for who in ("manager", "director"):
        with world.acting(who) as by, pytest.raises(NotAllowed):
            services.chase_oversee(chase_id=paper.pk, by=by, text="已督导")
    with world.acting("justice_liaison") as by, pytest.raises(NotFound):
        services.chase_oversee(chase_id=paper.pk, by=by, text="已督导")
    browser = login("supervisor")
    assert browser.post(url, {"text": ""}).status_code == 422
    assert browser.post(url, {"text": "已与市司法局沟通"}).status_code == 302
    assert owed("referral.oversee", paper.pk) is None
    assert "已与市司法局沟通" in login("director").get(reverse("referrals:chase", args=[paper.pk])).content.decode()


def test_a_wall_hides_the_paper_from_the_superior_federation(world: World, letter: Referral) -> None:
    paper = run_to_region(letter)
    with world.acting("director"), as_verb([letter.case_id]):
        access.wall(case_id=letter.case_id, reason="kin", user_id=world.users["supervisor"].pk)
    with world.acting("supervisor") as by:
        assert not ReferralChase.objects.visible_to(by).exists()
        assert not ReferralChase.objects.filter(pk=paper.pk).exists()


def test_another_region_sees_nothing(world: World, letter: Referral) -> None:
    run_to_region(letter)
    world.person("dali_supervisor", Role.SUPERVISOR, "dali")
    with world.acting("dali_supervisor") as by:
        assert not ReferralChase.objects.visible_to(by).exists()
        assert not ReferralChase.objects.exists()


def test_after_the_last_step_the_manager_must_choose(world: World, letter: Referral) -> None:
    run_to_region(letter)
    for days in (12, 16):
        poll(late_by(letter, days))
    item = owed("referral.stuck", letter.pk)
    assert item is not None
    assert item.owner_user_id == world.users["manager"].pk
    assert poll(late_by(letter, 30)) >= 0
    assert papers(letter) == [ChasePaper.REMINDER, ChasePaper.REGION]


@pytest.mark.parametrize("how", ["enter", "give_up", "recall", "convene"])
def test_each_choice_ends_the_chain(world: World, letter: Referral, how: str) -> None:
    paper = run_to_region(letter)
    now = late_by(letter, 12)
    poll(now)
    words = {
        "enter": {"result": "done", "text": "李科长电话：已办"},
        "give_up": {"text": "改由镇司法所办理"},
        "convene": {"on": now + dt.timedelta(days=7), "text": "明确责任单位"},
        "recall": {},
    }
    with clock.at(now), world.acting("manager") as by:
        row = getattr(services, f"referral_{how}")(referral_id=letter.pk, by=by, version=None, **words[how])
    for kind, source in (("stuck", letter.pk), ("supervise", letter.pk), ("oversee", paper.pk)):
        assert owed(f"referral.{kind}", source) is None
    if how == "convene":  # after the meeting the clock begins anew
        assert row.due_at == now + dt.timedelta(days=7)
        assert poll(now + dt.timedelta(days=6)) == 0 or papers(letter).count("reminder") == 1
        poll(late_by(row, 0))
        assert papers(letter).count("reminder") == 2


def test_acceptance_ends_the_delay(world: World, letter: Referral) -> None:
    poll(late_by(letter, 0))
    poll(late_by(letter, 4))
    with clock.at(late_by(letter, 4)), world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=letter.pk, by=by, version=None)
    assert owed("referral.supervise", letter.pk) is None


def test_a_late_unit_without_accounts_runs_the_same_chain(world: World) -> None:
    with as_owner():
        type(world.units["court"]).objects.filter(pk=world.units["court"].pk).update(has_accounts=False)
        world.units["court"].refresh_from_db()
    row = send_letter(world, open_case(world), "court", ask="inform")
    poll(late_by(row, 0))
    poll(late_by(row, 4))
    with clock.at(late_by(row, 4)), world.acting("director") as by:
        services.referral_supervise(referral_id=row.pk, by=by, version=None, text="商请予以支持")
    assert papers(row) == [ChasePaper.REMINDER, ChasePaper.REQUEST]


def test_every_step_stands_on_the_pages(world: World, letter: Referral, login: Login) -> None:
    poll(late_by(letter, 0))
    with as_owner():
        paper = ReferralChase.objects.get()
    with clock.at(late_by(letter, 0)):
        director = login("director")
        detail = director.get(reverse("referrals:detail", args=[letter.pk])).content.decode()
        assert paper.number in detail
        assert reverse("referrals:supervise", args=[letter.pk]) in detail
        assert (
            reverse("referrals:supervise", args=[letter.pk])
            not in login("manager").get(reverse("referrals:detail", args=[letter.pk])).content.decode()
        )
        assert "催办" in director.get(reverse("referrals:panel", args=[letter.case_id])).content.decode()
        assert "催办" in director.get(reverse("referrals:inbox"), {"part": "late"}).content.decode()
        page = login("justice_liaison").get(reverse("referrals:chase", args=[paper.pk])).content.decode()
    assert paper.number in page
    for word in ("刘桂芳", "13800001234", "赡养"):
        assert word not in page


def _no_committees() -> None:
    """Where the directory is loaded it has committees of its own."""
    with as_owner():
        kinds = [UnitKind.POLITICAL_LEGAL, UnitKind.WORKING_COMMITTEE]
        Unit.objects.filter(kind__in=kinds).exclude(name__startswith="测试").update(is_active=False)


def _committee(world: World, kind: UnitKind, *, where: str = "wuhua_district", liaison: str = "") -> Unit:
    """A committee of a region, the only one of its kind there, with a liaison where one is named."""
    _no_committees()
    with as_owner():
        group = Group.objects.create(name=f"测试单位:{kind}{where}")
        world.units[kind] = Unit.objects.create(
            kind=kind, name=f"测试{kind.label}{where}", short_name=f"{kind.label}", region=world.regions[where], group=group
        )  # fmt: skip
    if liaison:
        world.person(liaison, Role.LIAISON, kind)
    return world.units[kind]


def run_to_committee(row: Referral) -> dt.datetime:
    run_to_region(row)
    poll(late_by(row, 12))
    return late_by(row, 12)


def report(world: World, row: Referral, now: dt.datetime, text: str = "请协调该单位依法履职") -> ReferralChase:
    with clock.at(now), world.acting("director") as by:
        services.referral_report(referral_id=row.pk, by=by, version=None, text=text)
    with as_owner():
        return ReferralChase.objects.get(referral=row, paper=ChasePaper.COMMITTEE)


@pytest.mark.parametrize(
    ("unit", "above"),
    [
        (UnitKind.POLICE, UnitKind.POLITICAL_LEGAL), (UnitKind.JUSTICE, UnitKind.POLITICAL_LEGAL),
        (UnitKind.EDUCATION, UnitKind.WORKING_COMMITTEE), (UnitKind.TOWNSHIP, UnitKind.WORKING_COMMITTEE),
        (UnitKind.FEDERATION, None), (UnitKind.COURT, None), (UnitKind.PROCURATORATE, None), (UnitKind.PROVIDER, None),
    ],
)  # fmt: skip
def test_the_committee_is_the_one_that_stands_above_the_unit(
    world: World, unit: UnitKind, above: UnitKind | None
) -> None:
    for kind in (UnitKind.POLITICAL_LEGAL, UnitKind.WORKING_COMMITTEE):
        _committee(world, kind)
    late = Unit(kind=unit, region=world.regions["wuhua_district"])
    found = committee_of(late)
    assert (found.kind if found else None) == above
    elsewhere = Unit(kind=unit, region=world.regions["xishan_district"])
    assert committee_of(elsewhere) is None  # another district's committee is none of its own


def test_where_no_committee_stands_above_the_manager_decides_at_once(world: World, letter: Referral) -> None:
    _committee(world, UnitKind.POLITICAL_LEGAL, where="dali_city")
    run_to_committee(letter)
    assert owed("referral.committee", letter.pk) is None
    assert owed("referral.stuck", letter.pk) is not None


def test_the_director_writes_to_the_committee_and_it_answers(world: World, letter: Referral, login: Login) -> None:
    _committee(world, UnitKind.POLITICAL_LEGAL, liaison="committee_liaison")
    with world.acting("director") as by, pytest.raises(DomainError):
        services.referral_report(referral_id=letter.pk, by=by, version=None, text="请协调")
    now = run_to_committee(letter)
    item = owed("referral.committee", letter.pk)
    assert item is not None
    assert item.owner_role == "director"
    assert item.due_at > now
    assert owed("referral.stuck", letter.pk) is None
    assert ChasePaper.COMMITTEE not in papers(letter)  # nothing goes out by itself
    with clock.at(now), world.acting("manager") as by, pytest.raises(NotAllowed):
        services.referral_report(referral_id=letter.pk, by=by, version=None, text="请协调")
    with clock.at(now), world.acting("director") as by, pytest.raises(DomainError) as named:
        services.referral_report(referral_id=letter.pk, by=by, version=None, text="刘桂芳一事请协调")
    assert named.value.code == "names"
    paper = report(world, letter, now)
    assert paper.number.startswith("报请〔")
    assert owed("referral.committee", letter.pk) is None
    answer = owed("referral.oversee", paper.pk)
    assert answer is not None
    assert answer.owner_group_id == world.units[UnitKind.POLITICAL_LEGAL].group_id
    assert answer.due_at == paper.answer_by
    # the committee reads the paper and nothing else; the late unit is not told
    with world.acting("committee_liaison") as by:
        assert ReferralChase.objects.visible_to(by).get().pk == ReferralChase.objects.get().pk == paper.pk
        assert not Referral.objects.exists()
    with world.acting("justice_liaison") as by:
        assert not ReferralChase.objects.visible_to(by).filter(paper="committee").exists()
        assert not ReferralChase.objects.filter(paper="committee").exists()
    browser = login("committee_liaison")
    page = browser.get(reverse("referrals:chase", args=[paper.pk])).content.decode()
    for word in (paper.number, world.units[UnitKind.POLITICAL_LEGAL].name, "请协调该单位依法履职"):
        assert word in page
    for word in (letter.number, "请上门提供法律援助", "刘桂芳", "赡养", "13800001234"):
        assert word not in page
    assert paper.number in browser.get("/").content.decode()  # her work of today
    assert browser.get(reverse("referrals:detail", args=[letter.pk])).status_code == 404
    for who in ("manager", "director"):
        with world.acting(who) as by, pytest.raises(NotAllowed):
            services.chase_oversee(chase_id=paper.pk, by=by, text="已协调")
    assert browser.post(reverse("referrals:oversee", args=[paper.pk]), {"text": "已召集司法局协调"}).status_code == 302
    assert owed("referral.oversee", paper.pk) is None
    with clock.at(now):
        director = login("director")
        detail = director.get(reverse("referrals:detail", args=[letter.pk])).content.decode()
        assert paper.number in detail
        assert "委员会已答复" in detail
        assert "报请" in director.get(reverse("referrals:panel", args=[letter.case_id])).content.decode()
    assert "已召集司法局协调" in login("director").get(reverse("referrals:chase", args=[paper.pk])).content.decode()


def test_a_wall_hides_the_paper_from_the_committee_too(world: World, letter: Referral) -> None:
    _committee(world, UnitKind.POLITICAL_LEGAL, liaison="committee_liaison")
    paper = report(world, letter, run_to_committee(letter))
    with world.acting("director"), as_verb([letter.case_id]):
        access.wall(case_id=letter.case_id, reason="kin", user_id=world.users["committee_liaison"].pk)
    with world.acting("committee_liaison") as by:
        assert not ReferralChase.objects.visible_to(by).exists()
        assert not ReferralChase.objects.filter(pk=paper.pk).exists()


def test_a_committee_without_anybody_online_is_told_on_paper(world: World, letter: Referral) -> None:
    _committee(world, UnitKind.POLITICAL_LEGAL)
    paper = report(world, letter, run_to_committee(letter))
    item = owed("referral.oversee", paper.pk)
    assert item is not None
    assert item.owner_role == "director"
    with world.acting("director") as by:
        services.chase_oversee(chase_id=paper.pk, by=by, text="电话：政法委已督促")
    assert owed("referral.oversee", paper.pk) is None


def test_after_the_committee_the_manager_must_choose_and_acceptance_ends_it_all(world: World, letter: Referral) -> None:
    _committee(world, UnitKind.POLITICAL_LEGAL, liaison="committee_liaison")
    paper = report(world, letter, run_to_committee(letter))
    now = late_by(letter, 16)
    poll(now)
    assert owed("referral.stuck", letter.pk) is not None
    with clock.at(now), world.acting("justice_liaison") as by:
        services.referral_accept(referral_id=letter.pk, by=by, version=None)
    for kind, source in (("stuck", letter.pk), ("committee", letter.pk), ("oversee", paper.pk)):
        assert owed(f"referral.{kind}", source) is None


def test_the_step_on_the_page_is_the_directors_alone(world: World, letter: Referral, login: Login) -> None:
    _committee(world, UnitKind.POLITICAL_LEGAL)
    now, url = run_to_committee(letter), reverse("referrals:report", args=[letter.pk])
    with clock.at(now):
        assert url not in login("manager").get(reverse("referrals:detail", args=[letter.pk])).content.decode()
        browser = login("director")
        assert url in browser.get(reverse("referrals:detail", args=[letter.pk])).content.decode()
        assert browser.post(url, {"version": letter.version, "text": ""}).status_code == 422
        assert browser.post(url, {"version": letter.version, "text": "请协调"}).status_code == 302
        assert url not in browser.get(reverse("referrals:detail", args=[letter.pk])).content.decode()
