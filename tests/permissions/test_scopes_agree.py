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
from cases.models import AccessGrant, Case, Consent
from cases.services import access
from cases.services import case as cases
from cases.services.consents import Given
from core import clock, keys
from core.errors import DomainError
from core.identity import as_verb
from referrals import services as referrals
from referrals.models import Referral
from shelter.models import Bed
from shelter.services.holding import stay_hold
from tests.permissions.planted import OFFERED, Scene, plant
from tests.roles import as_owner
from tests.world import SINCE

EXAMPLES = int(os.environ.get("CAREMGMT_EXAMPLES", "10"))
MODELS = [model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")]
# One of each kind of person; who is the same in all that matters need not be asked twice.
LOOKERS = ("operator", "manager", "manager2", "director", "xishan_manager", "keeper", "expert", "police_liaison", "justice_liaison",
           "aid_officer", "supervisor", "system")  # fmt: skip
UNITS = ("police", "justice", "legal_aid")
STAGES = ("received", "offered", "accepted", "closed", "elsewhere")  # the planted cases that acts are done to
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
    """What rests on her consent ends."""
    case_id = play.case(a)
    with as_owner():
        found = list(Consent._base_manager.filter(case_id=case_id).values_list("pk", flat=True))
        sources = set(AccessGrant._base_manager.filter(consent_id__in=found).values_list("source_id", flat=True))
    with play.scene.world.acting(play.staff_of(case_id)), as_verb([case_id]):
        for source in sources:
            access.withdraw(source_id=source)


@act
def assign(play: Play, a: int, b: int) -> None:
    """Another manager takes the case."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)) as by:
        cases.case_assign(
            case_id=case_id, by=by, version=None, manager=play.scene.world.users["manager2" if b % 2 else "manager"]
        )


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
            for a in range(6):
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
