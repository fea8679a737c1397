"""Cases in every state that access depends on, with a word of its own in every section of each.

`oracle` says by hand who may see what; `scene` knows which words are whose; every other module plants one kind of thing for `plant`.
"""

from __future__ import annotations

import datetime as dt

from cases.models import AccessGrant, Case, WorkItem
from cases.services.seals import case_seal
from core import clock, keys
from referrals import services as referrals
from tests.permissions.planted.aid import aided
from tests.permissions.planted.asks import asked_for, emergency_view
from tests.permissions.planted.callbacks import call_back, closed
from tests.permissions.planted.conferences import conferred, named_member
from tests.permissions.planted.joint import asked_again, together
from tests.permissions.planted.letters import accepted, chased, sent
from tests.permissions.planted.namesakes import namesake
from tests.permissions.planted.offices import agency_key, alert, away, figures
from tests.permissions.planted.openings import assessed, by_phone, opened, ready
from tests.permissions.planted.oracle import (
    ABSENT,
    AIDED,
    ALERTED,
    APPROVING,
    CASES,
    CONFERRED,
    CONTACTS,
    COUNTED,
    EXPORTED,
    GLASSED,
    JOINTS,
    LETTERS,
    NAMESAKES,
    NOTHING,
    OFFERED,
    SEES,
    SHELTERED,
    TRANSFERS,
    WUHUA,
)  # fmt: skip
from tests.permissions.planted.refuges import sheltered
from tests.permissions.planted.rows import open_items, parties_of, texts_of
from tests.permissions.planted.scene import Scene, word
from tests.permissions.planted.transfers import asked, handed
from tests.permissions.planted.walls import wall_off
from tests.roles import as_owner
from tests.world import build_world

__all__ = [
    "ABSENT", "AIDED", "ALERTED", "APPROVING", "CASES", "CONFERRED", "CONTACTS", "COUNTED", "EXPORTED", "GLASSED", "JOINTS", "LETTERS", "NAMESAKES", "NOTHING", "OFFERED", "SEES",
    "SHELTERED", "TRANSFERS", "WUHUA", "Scene", "open_items", "parties_of", "plant", "texts_of", "word",
]  # fmt: skip


def plant() -> Scene:
    """Make the world and all planted cases, three weeks ago (in the present database and transaction)."""
    scene = Scene(build_world())
    keys.forget()
    began = clock.now() - dt.timedelta(days=21)
    with clock.at(began):
        by_phone(scene, "received")
        by_phone(scene, "advice", disposition="advice")
        by_phone(scene, "draft", log=False)
        sent(scene, ready(scene, "offered"))
        accepted(scene, ready(scene, "accepted"))
        case = ready(scene, "declined")
        sent(scene, case)
        with scene.world.acting("justice_liaison") as by:
            referrals.referral_decline(
                referral_id=case.referral, by=by, version=None, reason="not_competent", text=case.tell("letter")
            )  # type: ignore[arg-type]
        case = ready(scene, "recalled")
        accepted(scene, case)
        with scene.world.acting("manager") as by:
            referrals.referral_recall(referral_id=case.referral, by=by, version=None)  # type: ignore[arg-type]
        case = ready(scene, "expired")
        accepted(scene, case)
        with as_owner():
            AccessGrant.objects.filter(case_id=case.id).exclude(source_kind="manager").update(
                valid_until=began + dt.timedelta(days=7)
            )
        by_phone(scene, "walled")
        case = scene["walled"]
        assessed(scene, case)
        accepted(scene, case)
        wall_off(scene, case)
        closed(scene, ready(scene, "closed"), began)
        case = opened(scene, "callback", channel="hotline")
        assessed(scene, case)
        call_back(scene, case)
        case = opened(scene, "named", category="A01")
        assessed(scene, case)
        accepted(scene, case, liaison="police_liaison", unit="police", named="police_liaison",
                  sections=("identity", "incident", "reporter", "evidence"))  # fmt: skip
        case = ready(scene, "sealed")
        with scene.world.acting("director") as by:
            case_seal(case_id=case.id, by=by, named=[scene.world.users["manager"].pk])
        case = opened(scene, "kept", minor=True)
        assessed(scene, case)
        with as_owner():
            WorkItem._base_manager.filter(case_id=case.id).update(done_at=clock.now(), outcome="done")
            Case._base_manager.filter(pk=case.id).update(
                status="closed", close_reason="resolved", closed_at=clock.now()
            )
        asked(scene, ready(scene, "asked"))
        handed(scene, ready(scene, "handed"))
        asked_again(scene, scene["asked"])
        together(scene, ready(scene, "together"))
        case = opened(scene, "elsewhere", office="xishan", manager="xishan_manager")
        assessed(scene, case, manager="xishan_manager")
    with as_owner():
        for planted in scene.cases.values():
            planted.tell("header", Case._base_manager.get(pk=planted.id).number)
    house = sheltered(scene, scene["accepted"])
    aided(scene, scene["accepted"])
    conferred(scene, scene["accepted"])
    scene.public = figures(scene) | {
        "house": [house],
        "office": [scene.world.offices["wuhua"].pk],
        "unit": [scene.world.units["police"].pk],
        "key": [agency_key(scene)],
        "glass": [emergency_view(scene, scene["elsewhere"])],
        "burst": [alert(scene)],
        "namesake": namesake(scene, scene["walled"]),
        "approval": [asked_for(scene, scene["kept"])],
        "member": named_member(scene),
        "absence": [away(scene)],
    }
    keys.forget()
    for case in scene.cases.values():
        if case.referral:
            chased(scene, case)
    return scene
