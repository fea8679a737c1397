"""Two cases of one centre about the same person become one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from cases.enums import Section
from cases.models import AccessGrant, Case, Category, FollowUp, SafeContact, TimelineEntry, Wall, WorkItem
from cases.services import access, merging, seals
from cases.services import case as cases
from cases.services.people import PersonData, Safety
from core import engine
from core.errors import DomainError, NotAllowed, NotFound
from core.identity import as_verb
from referrals import services as referrals
from tests.cases.scenes import as_it_is, client_of
from tests.protection.sql import refused, verb_undone
from tests.referrals.conftest import send_letter
from tests.roles import as_owner
from tests.world import World, broken_promises


def begun(world: World, *, name: str = "刘桂芳", risk: str = "low", who: str = "manager", **more: Any) -> Case:
    """An assessed case of Wuhua."""
    safety = more.pop("safety", Safety(number="13800001234", never_text=False))
    with world.acting(who) as by:
        case = cases.case_open(by=by, new=cases.NewCase(
            office=world.offices["wuhua"], category=Category.objects.get(pk="A06"), channel="walk_in",
            persons=[PersonData(role="client", is_primary=True, name=name, phone="13800001234", safety=safety, **more)],
            narrative="独居，腿脚不便。",
        ))  # fmt: skip
        return cases.case_assess(case_id=case.pk, by=by, version=1, risk=risk, reasons="已评估")


def merge(world: World, case: Case, kept: Case, who: str = "manager") -> Case:
    """`case` goes into `kept`."""
    with world.acting(who) as by:
        seen = Case.objects.visible_to(by).filter(pk=case.pk).first()
        return merging.case_merge(
            case_id=case.pk, kept_id=kept.pk, by=by, version=seen.version if seen else None, reason="身份证件一致"
        )


def give(world: World, case: Case, sections: list[str], unit: str) -> UUID:
    """Open sections of a case to a unit, from a source of its own."""
    source = uuid4()
    with world.acting("manager"), as_verb([case.pk]):
        access.grant(
            case_id=case.pk, sections=sections, source_kind="referral", source_id=source, basis="duty",
            group_id=world.units[unit].group_id,
        )  # fmt: skip
    return source


def open_to(world: World, who: str, case: Case) -> set[str]:
    """The sections that a unit's member holds in a case."""
    with world.acting(who) as by:
        held = AccessGrant.objects.filter(
            case_id=case.pk, group_id__in=by.groups, withdrawn_at__isnull=True, valid_from__isnull=False
        )
        return set(held.values_list("section", flat=True))


def test_merged_case_is_a_locked_stub_that_points_to_the_one_that_stays(world: World) -> None:
    case, kept = begun(world), begun(world)
    merge(world, case, kept)
    with world.acting("manager") as by:
        stub = Case.objects.visible_to(by).get(pk=case.pk)
        assert (stub.status, stub.merged_into_id, stub.is_open) == ("merged", kept.pk, False)
        assert not WorkItem.objects.filter(case=stub, done_at__isnull=True).exists()
        assert WorkItem.objects.filter(case=kept, kind="case.plan", done_at__isnull=True).exists()
        assert {"case.merged"} <= set(TimelineEntry.objects.filter(case=stub).values_list("kind", flat=True))
        assert {"case.absorbed"} <= set(TimelineEntry.objects.filter(case=kept).values_list("kind", flat=True))
    assert not broken_promises()
    with world.acting("manager"), verb_undone(case.pk):
        refused("UPDATE cases_case SET risk = 'high' WHERE id = %s", [case.pk], code="CM031")
        refused(
            "UPDATE cases_case SET status = 'in_progress', merged_into_id = NULL WHERE id = %s", [case.pk], code="CM011"
        )


def test_holder_keeps_a_section_only_where_it_held_it_in_both(world: World) -> None:
    case, kept = begun(world), begun(world)
    give(world, case, ["incident", "medical"], "justice")
    give(world, kept, ["incident", "evidence"], "justice")
    give(world, kept, ["incident"], "police")
    merge(world, case, kept)
    assert open_to(world, "justice_liaison", kept) == {"header", "safe_contact", "incident"}
    assert open_to(world, "justice_liaison", case) == set()
    assert open_to(world, "police_liaison", kept) == set()
    with world.acting("police_liaison") as by:
        assert not Case.objects.visible_to(by).filter(pk__in=[case.pk, kept.pk]).exists()
    with world.acting("justice_liaison") as by:
        assert set(Case.objects.visible_to(by).filter(pk__in=[case.pk, kept.pk])) == {kept}


def test_what_was_only_offered_does_not_open_past_the_merging(world: World) -> None:
    case, kept = begun(world), begun(world)
    letter = send_letter(world, kept)
    merge(world, case, kept)
    with world.acting("justice_liaison") as by:
        referrals.referral_accept(referral_id=letter.pk, by=by, version=1)
        assert not Case.objects.visible_to(by).filter(pk=kept.pk).exists()


def test_walls_of_both_stand_around_both(world: World) -> None:
    case, kept = begun(world), begun(world)
    for walled, who in ((case, "manager2"), (kept, "director")):
        with world.acting("manager"), as_verb([walled.pk]):
            access.wall(case_id=walled.pk, reason="kin", user_id=world.users[who].pk)
    merge(world, case, kept)
    for who in ("manager2", "director"):
        with world.acting(who) as by:
            assert not Case.objects.visible_to(by).filter(pk__in=[case.pk, kept.pk]).exists(), who
    with as_owner():
        assert Wall.objects.filter(case__in=[case, kept], lifted_at__isnull=True).count() == 4


def test_a_manager_behind_the_other_cases_wall_is_replaced_by_who_merges(world: World) -> None:
    case, kept = begun(world), begun(world, who="manager2")
    with world.acting("manager"), as_verb([case.pk]):
        access.wall(case_id=case.pk, reason="kin", user_id=world.users["manager2"].pk)
    merge(world, case, kept)
    with as_owner():
        assert Case._base_manager.get(pk=kept.pk).manager_id == world.users["manager"].pk
        owed = WorkItem.objects.filter(case=kept, done_at__isnull=True)
        assert set(owed.values_list("owner_user_id", flat=True)) == {world.users["manager"].pk}
        counselling = AccessGrant.objects.filter(case=kept, section=Section.COUNSELLING, withdrawn_at__isnull=True)
        assert set(counselling.values_list("user_id", flat=True)) == {world.users["manager"].pk}


def test_a_seal_is_not_lost_by_merging(world: World) -> None:
    """Both are open to the whole centre, or both to the same people; anything else the director settles first."""
    case, kept = begun(world), begun(world)
    manager, second = world.users["manager"].pk, world.users["manager2"].pk

    def seal(which: Case, *named: UUID) -> None:
        with world.acting("director") as by:
            seals.case_seal(case_id=which.pk, by=by, named=named)

    def refusal(one: Case, other: Case) -> str:
        with pytest.raises(DomainError) as found:
            merge(world, one, other)
        assert found.value.field == "kept"
        return found.value.code

    seal(case, manager)
    assert refusal(case, kept) == "sealed_apart"  # what was shut would be read in an open case
    assert refusal(kept, case) == "sealed_apart"
    seal(kept, manager, second)
    assert refusal(case, kept) == "sealed_apart"
    seal(kept, manager)
    assert merge(world, case, kept).pk == kept.pk


def test_the_higher_risk_the_stricter_rules_and_the_callbacks_stand(world: World) -> None:
    case = begun(world, risk="high", safety=Safety(number="13800001234", never_message=True, never_text=True))
    kept = begun(world, safety=Safety(number="13800001234", never_message=True, never_text=False))
    with as_owner():
        owed = FollowUp.objects.filter(case=case, status="planned").count()
    assert owed
    merge(world, case, kept)
    with as_owner():
        assert Case._base_manager.get(pk=kept.pk).risk == "high"
        assert WorkItem.objects.get(case=kept, kind="case.plan", done_at__isnull=True)
        assert SafeContact.objects.get(case=kept).never_text
        assert FollowUp.objects.filter(case=kept, status="planned").count() >= owed
        assert not FollowUp.objects.filter(case=case, status__in=["planned", "due"]).exists()


def test_two_id_numbers_are_two_people(world: World) -> None:
    case, kept = begun(world, id_number="530102196203045528"), begun(world, id_number="530102198801011234")
    with pytest.raises(DomainError) as error:
        merge(world, case, kept)
    assert error.value.code == "another_person"
    with as_owner():
        assert Case._base_manager.get(pk=case.pk).is_open


@pytest.mark.parametrize("other", [{"name": "方丽华"}, {"birth_year": 1990}])
def test_two_names_or_years_are_merged_only_when_somebody_says_that_it_is_one_person(
    world: World, other: dict[str, Any]
) -> None:
    case, kept = begun(world, birth_year=1962), begun(world, **{"birth_year": 1962, **other})
    with pytest.raises(DomainError, match="another_name"):
        merge(world, case, kept)
    browser, url = client_of(world, "manager"), f"/cases/{case.pk}/merge/"
    form = {
        "kept": kept.number, "reason": "改过名，户口簿为证", "is_same_person": "on", "compared": str(kept.pk), "version": str(case.version),
        "request_key": str(uuid4()),
    }  # fmt: skip
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert 'name="despite"' in answer.content.decode()
    assert as_it_is(case).is_open
    assert browser.post(url, form | {"despite": "on"}).status_code == 302
    assert as_it_is(case).merged_into_id == kept.pk


def test_nothing_is_merged_that_was_not_compared_with_this_very_case(world: World) -> None:
    case, kept, third = begun(world), begun(world), begun(world)
    form = {
        "kept": kept.number, "reason": "同一身份证", "is_same_person": "on", "compared": str(third.pk), "version": str(case.version),
        "request_key": str(uuid4()),
    }  # fmt: skip
    assert client_of(world, "manager").post(f"/cases/{case.pk}/merge/", form).status_code == 422
    assert as_it_is(case).is_open


def test_an_open_letter_is_decided_first(world: World) -> None:
    case, kept = begun(world), begun(world)
    send_letter(world, case)
    with pytest.raises(DomainError) as error:
        merge(world, case, kept)
    assert error.value.code == "not_ready_to_merge"


def test_only_an_open_case_of_the_own_centre_that_is_seen_can_stay(world: World) -> None:
    case, gone, kept = begun(world), begun(world), begun(world)
    merge(world, gone, kept)
    with world.acting("xishan_manager") as by:
        foreign = cases.case_open(by=by, new=cases.NewCase(
            office=world.offices["xishan"], category=Category.objects.get(pk="A06"), channel="walk_in", persons=[]))  # fmt: skip
    walled = begun(world)
    with world.acting("manager2"), as_verb([walled.pk]):
        access.wall(case_id=walled.pk, reason="kin", user_id=world.users["manager"].pk)
    for other in (case, gone, foreign, walled):
        with pytest.raises(DomainError) as error:
            merge(world, case, other)
        assert error.value.code == "no_such_case"


def test_nobody_else_merges(world: World) -> None:
    case, kept = begun(world), begun(world)
    give(world, case, ["incident"], "justice")
    with pytest.raises(NotAllowed):
        merge(world, case, kept, who="justice_liaison")
    for who in ("xishan_manager", "police_liaison", "operator"):
        with pytest.raises(NotFound):
            merge(world, case, kept, who=who)


def test_the_database_asks_for_both_tickets_and_the_own_office(world: World) -> None:
    case, kept = begun(world), begun(world)
    call = "SELECT caremgmt_merge_access(%s, %s)"
    with world.acting("manager"):
        refused(call, [case.pk, kept.pk], code="CM025")
        with verb_undone(case.pk):
            refused(call, [case.pk, kept.pk], code="CM025")
            refused(call, [case.pk, case.pk], code="CM025")
    with world.acting("xishan_manager"), verb_undone(case.pk, kept.pk):
        refused(call, [case.pk, kept.pk], code="CM025")


def test_killed_half_way_nothing_is_merged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case, kept = begun(world), begun(world)
    source = give(world, kept, ["incident"], "police")

    def die(*_what: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "_finish", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        merge(world, case, kept)
    with as_owner():
        assert Case._base_manager.get(pk=case.pk).is_open
        assert AccessGrant.objects.filter(source_id=source, withdrawn_at__isnull=True).exists()


def test_page_merges_and_both_pages_point_to_each_other(world: World) -> None:
    case, kept = begun(world), begun(world)
    browser = client_of(world, "manager")
    url = f"/cases/{case.pk}/merge/"
    assert browser.get(url).status_code == 200
    form = {
        "kept": "530102-1999-XXXX",
        "reason": "同一身份证",
        "is_same_person": "on",
        "version": str(case.version),
        "request_key": str(uuid4()),
    }
    answer = browser.post(url, form)
    assert answer.status_code == 422
    assert "同一身份证" in answer.content.decode()
    form["kept"] = f" {kept.number.lower()} "
    answer = browser.post(url, form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count("刘桂芳") == 2  # both stand side by side, their numbers masked
    assert "13800001234" not in text
    assert "可能不是同一人" not in text
    answer = browser.post(url, form | {"compared": str(kept.pk)})
    assert answer.status_code == 302, answer.content.decode()
    stub, stays = (browser.get(f"/cases/{row.pk}/").content.decode() for row in (case, kept))
    assert f'href="/cases/{kept.pk}/"' in stub
    assert f'href="/cases/{case.pk}/"' in stays
