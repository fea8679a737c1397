"""Sections are given, opened, withdrawn, and end."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from cases.enums import AccessEnd
from cases.models import AccessGrant
from cases.services import access, consents
from core import clock
from core.identity import as_verb
from tests.permissions.acts.play import SECTIONS, UNITS, Play, act
from tests.roles import as_owner, as_worker


def give(play: Play, a: int, b: int, **holder: Any) -> None:
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
    give(play, a, b, user_id=play.scene.world.users[play.person(b)].pk)


@act
def give_to_a_unit(play: Play, a: int, b: int) -> None:
    """The same to a unit."""
    give(play, a, b, group_id=play.scene.world.units[UNITS[b % len(UNITS)]].group_id)


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
def end_as_at_closing(play: Play, a: int, b: int) -> None:
    """What closing does to access."""
    case_id = play.case(a)
    with play.scene.world.acting(play.staff_of(case_id)), as_verb([case_id]):
        access.end_at_closing(case_id=case_id)
