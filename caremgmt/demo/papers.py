"""Papers and a new date: a referral answered with a reply and a scanned page, and a conference that was moved (one body has yet to say yes)."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from agencies.models import Room
from caremgmt.demo.stage import Script, Stage
from cases.models import Case
from cases.services.documents import document_add
from core import papers
from core.identity import acting_as, worker_identity
from core.uploads import accepted
from referrals import services as referrals
from referrals.conferences import services as conferences
from referrals.conferences.models import Invitation
from referrals.conferences.services import Invitee, Matter, Meeting, Slot
from referrals.services.letters import needs_named_liaison

WUHUA = "530102"
ANSWER = "已接待当事人并告知权利，已受理法律援助申请，指派律师代理；回函及谈话笔录附后。"


def _case(stage: Stage, place: int) -> Case | None:
    """One of the centre's cases in progress, of which nobody is in danger; the longest known first."""
    with acting_as(worker_identity("demo")):
        rows = Case.objects.filter(
            office=stage.directory.centre(WUHUA), status="in_progress", manager__isnull=False, category__is_violence=False, risk__in=["low", "medium"],
        )  # fmt: skip
        found = list(rows.select_related("category", "office").order_by("received_at", "pk")[: place + 1])
    return found[place] if len(found) > place else None


def scan() -> bytes:
    """A page as it comes from a scanner: lines of writing that nobody can read."""
    page = Image.new("L", (620, 877), 248)
    pen = ImageDraw.Draw(page)
    for line in range(22):
        pen.line((70, 120 + line * 30, 550 - (line * 37) % 160, 120 + line * 30), fill=90, width=3)
    pen.ellipse((400, 720, 520, 840), outline=120, width=6)
    into = io.BytesIO()
    page.save(into, "PNG")
    return into.getvalue()


def reply(stage: Stage) -> bytes:
    """The body's letter of reply."""
    return papers.pdf_of(
        papers.Paper(
            issuer="昆明市五华区司法局", title="关于转办事项办理情况的回函", number="五司函〔2026〕18号",
            facts=[("受文单位", stage.directory.centre(WUHUA).name), ("办理结果", "已受理法律援助申请，已指派律师")],
            blocks=[papers.Block("办理情况", ["已于两个工作日内接待当事人，告知其权利和程序；经审查符合法律援助条件。"])],
        )
    )  # fmt: skip


def answered(stage: Stage) -> Script:
    """司法局答复转办事项，附回函和笔录；中心补充知情同意书。"""
    yield stage.day(4, 10, 20)
    case = _case(stage, 0)
    if case is None:
        return
    manager, unit = stage.users_manager(case), stage.directory.unit(WUHUA, "justice")
    liaison = stage.liaison(unit)
    letter = stage.tries(
        manager, referrals.referral_send, case_id=case.pk, unit=unit, ask="legal_aid", ask_note="请审查法律援助申请并告知结果。",
        sections=["identity", "incident", "legal"], basis="duty", named_liaison=liaison if needs_named_liaison(case) else None,
    )  # fmt: skip
    if letter is None:
        return
    stage.tries(
        manager, document_add, case_id=case.pk, uploads=[accepted("知情同意书.png", scan())], kind="consent", section="coordination"
    )  # fmt: skip
    yield stage.day(4, 15, 10)
    if stage.tries(liaison, referrals.referral_accept, referral_id=letter.pk, version=None) is None:
        return
    yield stage.day(1, 11, 30)
    came = referrals.Papers([accepted("回函.pdf", reply(stage)), accepted("谈话笔录.png", scan())], "reply", "legal")
    stage.tries(
        liaison,
        referrals.referral_respond,
        referral_id=letter.pk,
        version=None,
        result="done",
        text=ANSWER,
        papers=came,
    )


def moved(stage: Stage) -> Script:
    """改期的会商：司法局已确认新时间，民政局还没有。"""
    yield stage.day(3, 9, 40)
    case = _case(stage, 1)
    if case is None:
        return
    directory, host = stage.directory, stage.users_manager(case)
    chair, office = directory.user("zhuren.wuhua"), directory.centre(WUHUA)
    units = [directory.unit(WUHUA, key) for key in ("justice", "civil_affairs")]
    named = needs_named_liaison(case)
    matter = Matter(
        "stalled", ["identity", "incident"], "duty", [Invitee(unit, stage.liaison(unit) if named else None) for unit in units]
    )  # fmt: skip
    room = Room.objects.filter(office=office, name="会商室").first()
    first, then = stage.day(-2, 10, 0), stage.day(-4, 15, 0)
    meeting = Meeting(chair, first, stage.day(-2, 11, 0), room, "" if room else "会商室")
    conference = stage.tries(host, conferences.conference_convene, case_id=case.pk, meeting=meeting, matter=matter)
    if conference is None:
        return
    yield stage.day(3, 15, 0)
    with acting_as(worker_identity("demo")):
        letters = list(Invitation.objects.filter(conference=conference).order_by("unit__kind", "pk"))
    people = {row.pk: stage.liaison(directory.units[row.unit_id]) for row in letters}
    for row in letters:
        stage.tries(people[row.pk], conferences.invitation_accept, invitation_id=row.pk, version=None, pledge=True)
    yield stage.day(1, 16, 0)
    to = Slot(then, stage.day(-4, 16, 0), room, "" if room else "会商室")
    stage.tries(
        chair,
        conferences.conference_move,
        conference_id=conference.pk,
        version=None,
        to=to,
        text="主要参会单位当日另有工作安排，改期召开。",
    )
    yield stage.day(1, 17, 10)
    for row in letters:
        if row.unit_id == units[0].pk:
            stage.tries(people[row.pk], conferences.invitation_keep, invitation_id=row.pk, version=None)


SCRIPTS = (answered, moved)
