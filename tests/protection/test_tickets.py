"""A write needs a verb, and a verb reaches only what its ticket names."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from cases.models import Case, SectionText
from core.identity import VERB
from tests.permissions.planted import Scene, open_items
from tests.protection.sql import NO_RIGHT, ask, count_changed, refused, verb_undone

CASE_TABLES = ("cases_case", "cases_party", "cases_partyidentity", "cases_sectiontext", "cases_workitem", "cases_timelineentry",
               "referrals_referral", "hotline_contact", "cases_fingerprint", "core_datakey", "core_audit", "core_outboxitem")  # fmt: skip
FUNCTIONS = {
    "caremgmt_grant": "SELECT caremgmt_grant(%(case)s, ARRAY['identity'], NULL, %(me)s, 'referral', gen_random_uuid(), 'duty', NULL, true, NULL)",
    "caremgmt_wall": "SELECT caremgmt_wall(%(case)s, NULL, %(me)s, 'kin')",
    "caremgmt_remaining": "SELECT caremgmt_remaining(%(case)s, NULL, NULL)",
    "caremgmt_seal": "SELECT caremgmt_seal(%(case)s, ARRAY[%(me)s]::uuid[], 'decision')",
    "caremgmt_unseal": "SELECT caremgmt_unseal(%(case)s, true)",
    "caremgmt_wall_lift": "SELECT caremgmt_wall_lift(%(case)s, true)",
    "caremgmt_open_offer": "SELECT caremgmt_open_offer(%(referral)s)",
    "caremgmt_pass_on": "SELECT caremgmt_pass_on(%(referral)s, 1, NULL)",
    "caremgmt_name_holder": "SELECT caremgmt_name_holder(%(referral)s, 1, %(me)s)",
    "caremgmt_withdraw": "SELECT caremgmt_withdraw(%(referral)s)",
    "caremgmt_end_at_closing": "SELECT caremgmt_end_at_closing(%(case)s, interval '1 day')",
    "caremgmt_merge_access": "SELECT caremgmt_merge_access(%(case)s, %(other)s)",
    "caremgmt_sealed_alike": "SELECT caremgmt_sealed_alike(%(case)s, %(other)s)",
    "caremgmt_stands_behind_wall": "SELECT caremgmt_stands_behind_wall(%(case)s, NULL, %(me)s)",
}
CODES = {"caremgmt_grant": "CM020", "caremgmt_open_offer": "CM021", "caremgmt_pass_on": "CM021", "caremgmt_name_holder": "CM021", "caremgmt_withdraw": "CM022", "caremgmt_wall": "CM023",
         "caremgmt_end_at_closing": "CM022", "caremgmt_merge_access": "CM025", "caremgmt_stands_behind_wall": "CM024",
         "caremgmt_sealed_alike": "CM024",
         "caremgmt_remaining": "CM024", "caremgmt_seal": "CM027", "caremgmt_unseal": "CM027", "caremgmt_wall_lift": "CM026"}  # fmt: skip


def _become_verb() -> None:
    ask("SELECT set_config('role', %s, true)", [VERB])


@pytest.mark.parametrize("table", CASE_TABLES)
def test_the_role_verb_without_a_ticket_sees_nothing(scene: Scene, table: str) -> None:
    with scene.world.acting("manager"), transaction.atomic():
        _become_verb()
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)]
        transaction.set_rollback(True)


def test_the_role_verb_without_a_ticket_writes_nothing(scene: Scene) -> None:
    case = scene["accepted"]
    with scene.world.acting("manager") as by, transaction.atomic():
        _become_verb()
        for table in ("cases_case", "cases_sectiontext", "cases_workitem"):
            column = {
                "cases_case": "risk = 'high'",
                "cases_sectiontext": "version = 9",
                "cases_workitem": "reminders = 9",
            }[table]
            assert count_changed(f"UPDATE {table} SET {column}") == 0
        refused(
            "INSERT INTO cases_timelineentry (id, case_id, office_id, section, kind, at, actor_name, actor_role, actor_agency, data, text)"
            " VALUES (gen_random_uuid(), %s, %s, 'header', 'case.closed', now(), '', '', '', '{}', '')",
            [case.id, scene.world.offices["wuhua"].pk],
        )
        refused(
            "INSERT INTO core_outboxitem (id, kind, arguments, subject, key, created_at, available_at, attempts, error)"
            " VALUES (gen_random_uuid(), 'notify.work_item', '{}', %s, 'x', now(), now(), 0, '')", [case.id])  # fmt: skip
        transaction.set_rollback(True)
    assert by.has("manager")


def test_a_ticket_for_one_case_does_not_reach_another(scene: Scene) -> None:
    one, other = scene["accepted"], scene["offered"]
    with scene.world.acting("manager"), verb_undone(one.id):
        assert set(Case._base_manager.values_list("pk", flat=True)) == {one.id}
        assert set(SectionText._base_manager.values_list("case_id", flat=True)) == {one.id}
        assert count_changed("UPDATE cases_case SET risk = 'high' WHERE id = %s", [other.id]) == 0
        assert count_changed("UPDATE cases_workitem SET reminders = 1 WHERE case_id = %s", [other.id]) == 0
        # nor may a row of the one be moved to the other
        refused("UPDATE cases_workitem SET case_id = %s WHERE case_id = %s", [other.id, one.id])
        assert count_changed("UPDATE cases_case SET risk = 'high' WHERE id = %s", [one.id]) == 1
    assert open_items(one)


def test_a_row_cannot_claim_another_office_than_its_cases(scene: Scene) -> None:
    """The composite key: a row of this case under a foreign office would be read by that office's staff."""
    case = scene["accepted"]
    with scene.world.acting("manager"), verb_undone(case.id):
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("cases_sectiontext", "cases_timelineentry", "cases_partyidentity"):
            if table != "cases_timelineentry":
                refused(
                    f"UPDATE {table} SET office_id = %s WHERE case_id = %s",
                    [scene.world.offices["xishan"].pk, case.id],
                    code="23503",
                )


@pytest.mark.parametrize("role", ["web", "verb"])
@pytest.mark.parametrize("person", ["manager", "director", "system", "province"])
def test_grants_walls_and_roles_are_written_by_nobody_directly(scene: Scene, person: str, role: str) -> None:
    case, me = scene["accepted"], scene.world.users[person].pk
    with scene.world.acting(person), verb_undone(case.id):
        if role == "web":
            ask("SELECT set_config('role', 'caremgmt_web', true)")
        for statement in (
            "UPDATE cases_accessgrant SET valid_until = NULL, withdrawn_at = NULL",
            (
                "INSERT INTO cases_accessgrant (id, case_id, office_id, section, user_id, source_kind, source_id, basis, offered_at, valid_from)"
                f" VALUES (gen_random_uuid(), '{case.id}', '{scene.world.offices['wuhua'].pk}', 'medical', '{me}', 'x', gen_random_uuid(), 'duty', now(), now())"
            ),
            "DELETE FROM cases_accessgrant",
            "DELETE FROM cases_wall",
            "UPDATE cases_wall SET lifted_at = now()",
            "UPDATE agencies_rolegrant SET role = 'director'",
            "DELETE FROM agencies_rolegrant",
            f"INSERT INTO cases_caseuserobjectpermission (user_id, permission_id, content_object_id) VALUES ('{me}', 1, '{case.id}')",
            f"INSERT INTO cases_casegroupobjectpermission (group_id, permission_id, content_object_id) VALUES (1, 1, '{case.id}')",
            f"INSERT INTO agencies_user_groups (user_id, group_id) VALUES ('{me}', 1)",
            "UPDATE core_audit SET verb = 'x'",
            "DELETE FROM core_audit",
            "DELETE FROM cases_case",
            "DELETE FROM cases_timelineentry",
            "UPDATE cases_timelineentry SET kind = 'x'",
            "DELETE FROM cases_historicalsectiontext",
        ):
            refused(statement, code=NO_RIGHT)


@pytest.mark.parametrize(
    "person",
    ["manager", "director", "xishan_manager", "justice_liaison", "police_liaison", "system", "province", "auditor"],
)
@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_access_functions_refuse_without_a_verb(scene: Scene, function: str, person: str) -> None:
    """Called by an injection: right person or wrong one, there is no ticket."""
    case = scene["accepted"]
    values = {
        "case": case.id,
        "other": scene["offered"].id,
        "referral": case.referral,
        "me": scene.world.users[person].pk,
    }
    with scene.world.acting(person):
        refused(FUNCTIONS[function], values, code=CODES[function])


@pytest.mark.parametrize(
    "person", ["xishan_manager", "justice_liaison", "police_liaison", "operator", "keeper", "system"]
)
@pytest.mark.parametrize(
    "function", ["caremgmt_grant", "caremgmt_wall", "caremgmt_stands_behind_wall", "caremgmt_merge_access"]
)
def test_access_functions_refuse_the_wrong_person_even_with_a_ticket(scene: Scene, function: str, person: str) -> None:
    case = scene["accepted"]
    values = {
        "case": case.id,
        "other": scene["offered"].id,
        "referral": case.referral,
        "me": scene.world.users[person].pk,
    }
    with scene.world.acting(person), verb_undone(case.id):
        refused(FUNCTIONS[function], values, code=CODES[function])


def test_an_offer_is_opened_by_its_addressee_only(scene: Scene) -> None:
    case = scene["offered"]
    for person, opened in (("police_liaison", 0), ("xishan_manager", 0), ("justice_liaison", 4)):
        with scene.world.acting(person), verb_undone(case.id):
            assert (ask("SELECT caremgmt_open_offer(%s)", [case.referral])[0][0] > 0) == (opened > 0), person


def test_a_strangers_withdrawal_takes_nothing_away(scene: Scene) -> None:
    case = scene["accepted"]
    for person, taken in (
        ("police_liaison", False),
        ("xishan_manager", False),
        ("justice_liaison", True),
        ("manager", True),
    ):
        with scene.world.acting(person), verb_undone(case.id):
            assert (ask("SELECT caremgmt_withdraw(%s)", [case.referral])[0][0] > 0) == taken, person


def test_numbers_are_given_inside_a_verb_only(scene: Scene) -> None:
    with scene.world.acting("manager"):
        refused("SELECT caremgmt_next('case:x:2026')", code="CM005")


def test_keys_come_wrapped_and_only_to_who_can_name_the_subject(scene: Scene) -> None:
    from core.crypto.sealing import open_sealed

    case = scene["elsewhere"]
    refused("SELECT * FROM caremgmt_keys(ARRAY[%s]::uuid[])", [case.id], code="CM001")
    with scene.world.acting("manager"):
        assert ask("SELECT count(*) FROM caremgmt_keys('{}')") == [(0,)]
        wrapped = ask("SELECT wrapped FROM caremgmt_keys(ARRAY[%s]::uuid[])", [case.id])[0][0]
    with scene.world.acting("xishan_manager"):
        sealed = ask("SELECT id, text FROM cases_sectiontext WHERE case_id = %s AND section = 'medical'", [case.id])[0]
    with pytest.raises(Exception):  # noqa: B017 - whatever it is, it does not open
        open_sealed(bytes(wrapped)[:32], bytes(sealed[1]), concept="section.text", row_id=sealed[0])


def test_a_draft_is_its_writers_even_for_the_match_function(scene: Scene) -> None:
    draft = scene.contacts["draft"]
    for person in ("operator2", "manager", "system"):
        with scene.world.acting(person):
            refused("SELECT caremgmt_match(%s, 'phone', '\\x00')", [draft], code="CM040")
    with scene.world.acting("operator"):
        assert ask("SELECT caremgmt_match(%s, 'phone', '\\x00')", [draft]) == [("none",)]
        refused("SELECT caremgmt_match(%s, 'phone', '\\x00')", [scene.contacts["advice"]], code="CM040")
        refused("SELECT caremgmt_match(%s, 'phone', '\\x00')", [uuid.uuid4()], code="CM040")


def test_which_beds_are_taken_is_told_to_their_own_centre_only(scene: Scene) -> None:
    statement = "SELECT count(*) FROM caremgmt_bed_occupancy('-infinity', 'infinity')"
    taken = {}
    for person in (
        "keeper",
        "manager",
        "director",
        "xishan_manager",
        "operator",
        "justice_liaison",
        "system",
        "province",
    ):
        with scene.world.acting(person):
            taken[person] = ask(statement)[0][0]
    assert taken == dict.fromkeys(taken, 0) | {"keeper": 1, "manager": 1, "director": 1}
    refused(statement, code="CM001")
