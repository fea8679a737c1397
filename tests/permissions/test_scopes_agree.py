"""Whatever has been done to a case, the application's scope and the database's policies give everybody the same rows.

Random sequences of acts over a few cases, people and units; after each sequence, for every model that has a `visible_to` and for every
person who differs, the ids that the scope gives are those that row-level security gives alone: neither is wider. A new model joins by
itself; a new act joins by standing under `@act` in a module of tests/permissions/acts.

`CAREMGMT_EXAMPLES=300 pytest tests/permissions/test_scopes_agree.py` looks longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.models import Case
from core import clock, keys
from core.errors import DomainError
from tests.permissions.acts.grants import give, open_what_was_offered
from tests.permissions.acts.play import ACTS, LOOKERS, STAGES, Act, Play
from tests.permissions.ground import planted
from tests.permissions.planted import Scene

EXAMPLES = int(os.environ.get("CAREMGMT_EXAMPLES", "12"))
MODELS = [model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")]


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """A planted scene that all sequences begin from."""
    with django_db_blocker.unblock(), planted() as found:
        yield found


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
                            give(play, a, 3, group_id=ground.world.units["justice"].group_id)
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
