"""Whatever has been done to a case, the application's scope and the database's policies give everybody the same rows.

Random sequences of acts over a few cases, people and units; after each sequence, for every model that has a `visible_to` and for every
person who differs, the ids that the scope gives are those that row-level security gives alone: neither is wider. A new model joins by
itself; a new act (a transfer, a merge) joins by standing under `@act`.

`CAREMGMT_EXAMPLES=300 pytest tests/permissions/test_scopes_agree.py` looks longer.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agencies.enums import Role
from agencies.models import RoleGrant
from cases.enums import AccessEnd
from cases.models import AccessGrant, Case, Consent, Transfer, Wall
from cases.services import access, consents, merging, seals, transfers, walls
from cases.services import case as cases
from cases.services.consents import Given
from core import clock, keys
from core.errors import DomainError
from core.identity import as_verb
from referrals import services as referrals
from referrals.conferences import services as conferences
from referrals.conferences.models import Invitation
from referrals.models import Referral
from referrals.taskforces import services as taskforces
from referrals.taskforces.models import Membership
from shelter.models import Bed
from shelter.services.holding import stay_hold
from tests.permissions import acts_joint, acts_namesake
from tests.permissions.planted import OFFERED, Scene, plant
from tests.roles import as_owner, as_worker
from tests.world import SINCE

EXAMPLES = int(os.environ.get("CAREMGMT_EXAMPLES", "12"))
MODELS = [model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")]
# One of each kind of person; who is the same in all that matters need not be asked twice.
LOOKERS = ("operator", "manager", "manager2", "director", "xishan_manager", "keeper", "expert", "police_liaison", "justice_liaison",
           "aid_officer", "supervisor", "system")  # fmt: skip
UNITS = ("police", "justice", "legal_aid")
STAGES = (
    "received",
    "offered",
    "accepted",
    "closed",
    "elsewhere",
    "asked",
    "handed",
    "together",
    "walled",
    "sealed",
)  # the planted cases that acts are done to
SECTIONS = ("identity", "contact", "medical", "counselling", "children", "shelter", "letter")


@dataclass
class Play:
    """One sequence: the scene, the time, and what has been given so far."""

    scene: Scene = field(repr=False)
    now: dt.datetime = field(default_factory=clock.now)
    sources: list[tuple[UUID, UUID]] = field(default_factory=list)  # (case, source)

    def case(self, number: int) -> UUID:
        """One of the cases."""
        return self.scene[STAGES[number % len(STAGES)]].id

    def person(self, number: int) -> str:
        """One of the people."""
        return LOOKERS[number % len(LOOKERS)]

    def staff_of(self, case_id: UUID) -> str:
        """Who may do things to the case."""
        return "xishan_manager" if case_id == self.scene["elsewhere"].id else "director"

    def referral(self, case_id: UUID) -> UUID:
        """The case's newest letter."""
        with as_owner():
            found = Referral._base_manager.filter(case_id=case_id).order_by("-sent_at").first()
        return found.pk if found else uuid4()


Act = Callable[[Play, int, int], Any]
ACTS: list[Act] = []


def act(function: Act) -> Act:
    """Something that can be done; two numbers choose to what and by whom."""
    ACTS.append(function)
    return function


def _give(play: Play, a: int, b: int, **holder: Any) -> None:
    case_id, source = play.case(a), uuid4()
    with play.scene.world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.grant(
            case_id=case_id, sections=[SECTIONS[(a + b) % len(SECTIONS)], SECTIONS[b % len(SECTIONS)]], source_kind="task", source_id=source,
            basis="duty", until=play.now + dt.timedelta(days=b) if b % 2 else None, offer=b % 3 == 0, **holder,
        )  # fmt: skip
    play.sources.append((case_id, source))


@act
def give_to_a_person(play: Play, a: int, b: int) -> None:
    """Sections to one person, some until a day, some only offered."""
    _give(play, a, b, user_id=play.scene.world.users[play.person(b)].pk)


@act
def give_to_a_unit(play: Play, a: int, b: int) -> None:
    """The same to a unit."""
    _give(play, a, b, group_id=play.scene.world.units[UNITS[b % len(UNITS)]].group_id)


@act
def open_what_was_offered(play: Play, a: int, b: int) -> None:
    """By anybody: the database decides whether it is theirs to open."""
    case_id, source = play.sources[a % len(play.sources)] if play.sources else (play.case(a), uuid4())
    with play.scene.world.acting(play.person(b)), as_verb([case_id]):
        access.open_offer(source_id=source)


@act
def withdraw(play: Play, a: int, b: int) -> None:
    """By anybody, all or one section."""
    case_id, source = play.sources[a % len(play.sources)] if play.sources else (play.case(a), uuid4())
    with play.scene.world.acting(play.person(b)), as_verb([case_id]):
        access.withdraw(source_id=source, sections=[SECTIONS[b % len(SECTIONS)]] if b % 2 else None)


@act
def wall_a_person(play: Play, a: int, b: int) -> None:
    """Whoever it is."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.wall(case_id=case_id, reason="kin", user_id=play.scene.world.users[play.person(b)].pk)


@act
def wall_a_unit(play: Play, a: int, b: int) -> None:
    """A unit or the desk."""
    case_id, world = play.case(a), play.scene.world
    groups = [*(world.units[name].group_id for name in UNITS), world.offices["desk"].group_id]
    with world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.wall(case_id=case_id, reason="kin", group_id=groups[b % len(groups)])


@act
def begin_a_role(play: Play, a: int, b: int) -> None:
    """One more role for somebody."""
    world = play.scene.world
    place = [
        {"role": Role.MANAGER, "office": world.offices["xishan"]}, {"role": Role.KEEPER, "office": world.offices["xishan"]},
        {"role": Role.OPERATOR, "office": world.offices["desk"]}, {"role": Role.LIAISON, "unit": world.units["justice"]},
        {"role": Role.DIRECTOR, "office": world.offices["wuhua"]}, {"role": Role.SUPERVISOR, "region": world.regions["wuhua_district"]},
    ][a % 6]  # fmt: skip
    with as_owner():
        RoleGrant.objects.create(user=world.users[play.person(b)], since=SINCE, **place)


@act
def end_a_role(play: Play, a: int, b: int) -> None:
    """All roles of somebody end."""
    with as_owner():
        RoleGrant.objects.filter(user=play.scene.world.users[play.person(b)]).update(until=SINCE)


@act
def send_a_letter(play: Play, a: int, b: int) -> None:
    """Another referral, with consent or by duty."""
    world, case_id = play.scene.world, play.case(a)
    with world.acting(play.staff_of(case_id)) as by:
        referrals.referral_send(
            case_id=case_id, by=by, unit=world.units[UNITS[b % 2]], ask="legal_aid", ask_note="", sections=OFFERED,
            basis="consent" if b % 2 else "duty", consent=Given("她本人同意"), answer_due_at=play.now + dt.timedelta(days=20),
        )  # fmt: skip


@act
def answer_a_letter(play: Play, a: int, b: int) -> None:
    """Taken on, declined or given back by a liaison."""
    referral_id = play.referral(play.case(a))
    with play.scene.world.acting("police_liaison" if b % 2 else "justice_liaison") as by:
        if b % 3 == 0:
            referrals.referral_decline(
                referral_id=referral_id, by=by, version=None, reason="not_competent", text="不属本单位"
            )
        else:
            referrals.referral_accept(referral_id=referral_id, by=by, version=None)


@act
def recall_a_letter(play: Play, a: int, b: int) -> None:
    """By the centre."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        referrals.referral_recall(referral_id=play.referral(case_id), by=by, version=None)


@act
def withdraw_a_consent(play: Play, a: int, b: int) -> None:
    """What rests on her consent ends; where nothing does, a letter is sent with it first."""
    case_id = play.case(a)
    consents_of = Consent._base_manager.filter(case_id=case_id, withdrawn_at__isnull=True)
    with as_owner():
        found = list(consents_of)
    if not found:
        send_a_letter(play, a, 1)
        with as_owner():
            found = list(consents_of.all())
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        consents.consent_withdraw(case_id=case_id, consent_id=found[b % len(found)].pk, by=by)


@act
def end_an_access(play: Play, a: int, b: int) -> None:
    """One holder loses what one source gave."""
    case_id = play.case(a)
    with as_owner():
        rows = list(AccessGrant._base_manager.filter(case_id=case_id, withdrawn_at__isnull=True).order_by("pk"))
    row = rows[b % len(rows)] if rows else AccessGrant(source_id=uuid4())
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        consents.access_end(
            case_id=case_id, by=by, source_id=row.source_id, group_id=row.group_id, user_id=row.user_id, reason=AccessEnd.MISTAKE
        )  # fmt: skip


@act
def expire(play: Play, a: int, b: int) -> None:
    """The worker withdraws what is past its end, and consents past theirs."""
    play.now += dt.timedelta(days=b)
    with clock.at(play.now), as_worker():
        consents.expire()


@act
def merge(play: Play, a: int, b: int) -> None:
    """Two cases of a centre become one: access is intersected, walls are united."""
    case_id, kept_id = play.case(a), play.case(b)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        merging.case_merge(case_id=case_id, kept_id=kept_id, by=by, version=None, reason="同一个人")


@act
def seal(play: Play, a: int, b: int) -> None:
    """By the director, to a manager and somebody."""
    case_id, users = play.case(a), play.scene.world.users
    with play.scene.world.acting("director") as by:
        named = [users["manager2" if b % 3 else "manager"].pk, users[play.person(b)].pk]
        seals.case_seal(case_id=case_id, by=by, named=named)


@act
def unseal(play: Play, a: int, b: int) -> None:
    """The case is the whole centre's again."""
    with play.scene.world.acting("director") as by:
        seals.case_unseal(case_id=play.case(a), by=by)


@act
def set_a_wall(play: Play, a: int, b: int) -> None:
    """By the verb, before a unit or a person; the worker then gives what they owed to others."""
    case_id, world = play.case(a), play.scene.world
    whom: dict[str, Any] = (
        {"person": world.users[play.person(b)]} if b % 2 else {"unit": world.units[UNITS[b % len(UNITS)]]}
    )
    with world.acting(play.staff_of(case_id)) as by:
        walls.wall_set(case_id=case_id, by=by, reason="kin", **whom)
    if b % 3:
        settle_walls(play, a, b)


@act
def settle_walls(play: Play, a: int, b: int) -> None:
    """What the walled owed goes to others."""
    with as_worker():
        for wall_id in walls.unsettled():
            walls.settle(wall_id)


@act
def lift_a_wall(play: Play, a: int, b: int) -> None:
    """Asked by the director; agreed to, or not, by somebody of the centre."""
    with as_owner():
        rows = list(Wall._base_manager.filter(case_id=play.case(a), lifted_at__isnull=True).order_by("pk"))
    wall_id = rows[b % len(rows)].pk if rows else uuid4()
    with play.scene.world.acting("director") as by:
        walls.wall_lift(wall_id=wall_id, by=by)
    if b % 3:
        with play.scene.world.acting("manager") as by:
            walls.wall_lift(wall_id=wall_id, by=by, agreed=b % 3 == 1)


@act
def convene(play: Play, a: int, b: int) -> None:
    """A conference about the case, with a unit: sections are offered to whoever comes."""
    case_id, world = play.case(a), play.scene.world
    who = play.staff_of(case_id)
    begins = play.now + dt.timedelta(hours=2 + 24 * a + 2 * b)
    meeting = conferences.Meeting(world.users[who], begins, begins + dt.timedelta(hours=1), venue="会商室")
    sections = [SECTIONS[b % 3], SECTIONS[(a + b) % 3]]
    invitees = [conferences.Invitee(world.units[UNITS[b % len(UNITS)]])]
    with world.acting(who) as by:
        conferences.conference_convene(
            case_id=case_id, by=by, meeting=meeting, matter=conferences.Matter("stalled", sections, "duty", invitees)
        )


@act
def answer_an_invitation(play: Play, a: int, b: int) -> None:
    """A body comes, does not, steps aside for a conflict, or is not wanted any more; where none was asked, one is first."""
    case_id, world = play.case(a), play.scene.world
    letters = Invitation._base_manager.filter(case_id=case_id, status__in=["sent", "accepted"]).order_by(
        "-sent_at", "pk"
    )
    with as_owner():
        letter = letters.select_related("unit").first()
    if letter is None:
        convene(play, a, b)
        with as_owner():
            letter = letters.select_related("unit").get()
    body = {
        world.units[unit].pk: person
        for unit, person in zip(UNITS, ("police_liaison", "justice_liaison", "aid_officer"), strict=True)
    }
    with world.acting(play.staff_of(case_id) if b % 4 == 3 else body[letter.unit_id]) as by:
        if b % 4 == 3:
            conferences.invitation_withdraw(invitation_id=letter.pk, by=by, version=None)
        elif b % 4 == 2:
            conferences.invitation_recuse(invitation_id=letter.pk, by=by, version=None)
        elif b % 4 == 1:
            conferences.invitation_decline(invitation_id=letter.pk, by=by, version=None, regret="not_competent")
        else:
            conferences.invitation_accept(invitation_id=letter.pk, by=by, version=None, pledge=True)


@act
def name_for_the_task_force(play: Play, a: int, b: int) -> None:
    """Somebody else stands for a department; the one before is ended. A place in the task force opens no case."""
    world = play.scene.world
    unit = world.units[UNITS[b % len(UNITS)]]
    person = taskforces.Person(unit, "王科长", "科长", "13900000002")
    with world.acting("director") as by:
        taskforces.member_name(
            office=world.offices["wuhua"], by=by, kind=unit.kind, place=("member", "liaison")[a % 2], person=person
        )


@act
def end_in_the_task_force(play: Play, a: int, b: int) -> None:
    """Nobody stands for it any more."""
    with as_owner():
        rows = list(Membership._base_manager.filter(until__isnull=True).order_by("pk"))
    with play.scene.world.acting("director") as by:
        taskforces.member_end(membership_id=rows[b % len(rows)].pk if rows else uuid4(), by=by)


@act
def assign(play: Play, a: int, b: int) -> None:
    """Another manager takes the case."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        cases.case_assign(
            case_id=case_id, by=by, version=None, manager=play.scene.world.users["manager2" if b % 2 else "manager"]
        )


@act
def ask_another_centre(play: Play, a: int, b: int) -> None:
    """To go on with the case."""
    case_id, world = play.case(a), play.scene.world
    place = "wuhua" if play.staff_of(case_id) == "xishan_manager" else "xishan"
    with world.acting(play.staff_of(case_id)) as by:
        transfers.transfer_ask(
            case_id=case_id,
            by=by,
            version=None,
            to_office=world.offices[place],
            reason="moved",
            message="迁居",
            summary="已走访",
        )


def _transfer(play: Play, a: int) -> UUID:
    with as_owner():
        rows = Transfer._base_manager.filter(case_id=play.case(a), status="asked")
        return next((row.pk for row in rows), uuid4())


@act
def take_a_case_over(play: Play, a: int, b: int) -> None:
    """By the centre that was asked."""
    with play.scene.world.acting("manager" if b % 4 == 3 else "xishan_manager") as by:
        transfers.transfer_accept(transfer_id=_transfer(play, a), by=by)


@act
def answer_no_or_recall(play: Play, a: int, b: int) -> None:
    """Returned there, or recalled here."""
    with play.scene.world.acting("director" if b % 2 else "xishan_manager") as by:
        if b % 2:
            transfers.transfer_recall(transfer_id=_transfer(play, a), by=by)
        else:
            transfers.transfer_return(transfer_id=_transfer(play, a), by=by, reason="不在本辖区")


@act
def hold_a_bed(play: Play, a: int, b: int) -> None:
    """The refuge's keeper learns what a keeper may know."""
    case_id = play.case(a)
    with as_owner():
        bed = Bed._base_manager.first()
    with play.scene.world.acting("manager") as by:
        since = play.now + dt.timedelta(days=10 + 3 * b)
        stay_hold(
            case_id=case_id, by=by, bed_id=bed.pk, since=since, until=since + dt.timedelta(days=2), basis="danger"
        )


@act
def end_as_at_closing(play: Play, a: int, b: int) -> None:
    """What closing does to access."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.end_at_closing(case_id=case_id)


for _more in (*acts_joint.ACTS, *acts_namesake.ACTS):
    act(_more)


@act
def let_time_pass(play: Play, a: int, b: int) -> None:
    """Grants end by themselves."""
    play.now += dt.timedelta(hours=9 * (a + b))


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """A planted scene that all sequences begin from."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)


def _ids(rows: models.QuerySet[Any]) -> set[Any]:
    return set(rows.order_by().values_list("pk", flat=True))


def disagreements(play: Play) -> list[str]:
    """Where scope and policies differ, in words."""
    wrong = []
    for person in LOOKERS:
        with play.scene.world.acting(person) as by:
            for model in MODELS:
                scope, policies = _ids(model._default_manager.visible_to(by)), _ids(model._base_manager.all())
                if scope != policies:
                    wrong.append(
                        f"{person} {model._meta.label}: scope alone {len(scope - policies)}, database alone {len(policies - scope)}"
                    )
    return wrong


# Not shrunk: a sequence is short already, and each attempt asks the database a thousand times.
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 11)), min_size=3, max_size=14))
def test_scope_and_database_agree_whatever_was_done(
    ground: Scene, django_db_blocker: Any, sequence: list[tuple[Act, int, int]]
) -> None:
    with django_db_blocker.unblock(), transaction.atomic():
        play = Play(ground)
        for function, a, b in sequence:
            try:
                with clock.at(play.now), transaction.atomic():
                    keys.forget()
                    function(play, a, b)
            except (DomainError, DatabaseError, ValueError):
                continue  # it does not fit here; nothing of it is kept
        with clock.at(play.now):
            wrong = disagreements(play)
        transaction.set_rollback(True)
    assert wrong == [], "\n".join([*wrong, *(f"{function.__name__}({a}, {b})" for function, a, b in sequence)])


def test_each_act_can_be_done(ground: Scene, django_db_blocker: Any) -> None:
    """The test above would be green if every act were refused."""
    with django_db_blocker.unblock():
        for function in ACTS:
            done = 0
            for a in range(len(STAGES)):
                for b in range(4):
                    try:
                        with transaction.atomic():
                            play = Play(ground)
                            keys.forget()
                            _give(play, a, 3, group_id=ground.world.units["justice"].group_id)
                            function(
                                play,
                                0 if function is open_what_was_offered else a,
                                8 if function is open_what_was_offered else b,
                            )
                            done += 1
                            transaction.set_rollback(True)
                    except (DomainError, DatabaseError, ValueError):
                        continue
                if done:
                    break
            assert done, function.__name__


def test_every_model_of_a_case_is_asked() -> None:
    """A model with a case that answers no `visible_to` and can be read by web would be missed."""
    known = {"AccessGrant", "Wall", "CaseGroupObjectPermission", "CaseUserObjectPermission", "Fingerprint"}
    for model in apps.get_models():
        fields = {f.name: f for f in model._meta.concrete_fields}
        hangs = getattr(fields.get("case"), "related_model", None) is Case and not model.__name__.startswith(
            "Historical"
        )
        assert not hangs or model in MODELS or model.__name__ in known, model
    assert len(MODELS) > 20
    with_scope = {model.__name__ for model in MODELS}
    assert {
        "Case",
        "WorkItem",
        "Referral",
        "Contact",
        "Stay",
        "HouseAddress",
        "Application",
        "MonthReport",
    } <= with_scope
