"""Letters go out: one or several together, and what a higher risk changes in those that are out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from agencies.models import Unit, User
from cases.enums import GrantBasis, Risk, Section
from cases.models import Case
from cases.services import access, clocks, consents, guards, numbers, timeline, workitems
from cases.services.case import begin_if_assessed
from cases.services.consents import Given
from core import engine, outbox
from core.engine import Act
from core.errors import DomainError
from core.identity import Identity
from referrals.absences import standing
from referrals.absences.standing import Cover
from referrals.enums import OWED, Ask, ReferralStatus
from referrals.models import Referral
from referrals.services.common import ACCEPT, RESPOND, owe
from referrals.services.letters import (
    NewLetter,
    Refused,
    accept_due,
    asked_already,
    away_takers,
    behind_walls,
    letter_refusals,
)


def referral_send(
    *,
    case_id: UUID,
    by: Identity,
    unit: Unit,
    ask: str,
    ask_note: str,
    sections: Sequence[str],
    basis: str,
    bases: Mapping[str, str] | None = None,
    named_liaison: User | None = None,
    answer_due_at: dt.datetime | None = None,
    consent: Given | None = None,
    opens_to: User | None = None,
    key: UUID | None = None,
) -> Referral:
    """Refer a case to one unit; `referrals_send` with one letter."""
    letter = NewLetter(
        unit=unit, ask=ask, ask_note=ask_note, sections=sections, basis=basis, bases=bases or {}, named_liaison=named_liaison,
        answer_due_at=answer_due_at, consent=consent or Given(), opens_to=opens_to,
    )  # fmt: skip
    return referrals_send(case_id=case_id, by=by, letters=[letter], key=key)[0]


def referrals_send(
    *, case_id: UUID, by: Identity, letters: Sequence[NewLetter], key: UUID | None = None
) -> list[Referral]:
    """Refer a case to units, all of them or none: each sees its own letter, and the offered sections only once it accepts.

    Safe-contact rules are offered with every letter. What rests on consent ends with it. Raises Refused with all that is wrong.
    """
    if not letters:
        raise DomainError("required", _("Choose the unit."), field="unit")
    for letter in letters:
        Ask(letter.ask)
        for basis in (letter.basis, *letter.bases.values()):
            GrantBasis(basis)
    if away := away_takers([(each.unit, each.opens_to) for each in letters]):
        raise Refused(away)
    # Looked up before the verb: within it nobody reads what belongs to no case.
    covers = [standing.cover(each.unit, each.named_liaison.pk) if each.named_liaison else None for each in letters]

    def write(act: Act[Case]) -> list[Referral]:
        case = act.object
        found = [
            *((place, error) for place, each in enumerate(letters) for error in letter_refusals(case, each, act.now)),
            *asked_already(case, [(each.unit, each.ask) for each in letters]),
            *behind_walls(case, [(each.unit, each.named_liaison, each.opens_to) for each in letters]),
        ]
        if found:
            raise Refused(found)
        sent = [_write(act, letter, cover) for letter, cover in zip(letters, covers, strict=True)]
        workitems.finish(("case.plan", "case.review"), source_id=case.pk)
        begin_if_assessed(act, case)
        act.detail["letters"] = [
            {"referral": str(row.pk), "unit": str(row.unit_id), "basis": row.basis, "sections": {str(s): str(b) for s, b in row.shared},
             "opened_to": str(row.opened_to_id) if row.opened_to_id else None, **({"kin_checked": True} if letter.kin_checked else {})}
            for row, letter in zip(sent, letters, strict=True)
        ]  # fmt: skip
        return sent

    return engine.change(
        "referral.send", by=by, scope=Case.objects.visible_to(by).select_related("category", "office"), pk=case_id,
        guards=[guards.is_manager, guards.is_open, guards.is_assessed], write=write, key=key,
    )  # fmt: skip


def _write(act: Act[Case], letter: NewLetter, cover: Cover | None) -> Referral:
    """One letter with its offer and what the unit owes; whom it names and who is away has a substitute, who gets it at once."""
    case, unit, named = act.object, letter.unit, letter.named_liaison
    substitute = standing.take(cover, case_id=case.pk, group_id=unit.group_id) if cover else None
    named = substitute or named
    accept_by = accept_due(case, unit)
    answer_by = letter.answer_due_at or clocks.due("referral.respond").at
    row = Referral.objects.create(
        case=case, office_id=case.office_id, number=numbers.next_paper_number("转办", case.office), status=ReferralStatus.SENT,
        unit=unit, group_id=unit.group_id, named_liaison=named, category_id=case.category_id, risk=case.risk,
        concerns_minor=case.concerns_minor, ask=letter.ask, ask_note=letter.ask_note, sections=letter.offered, basis=letter.basis,
        bases={code: letter.basis_of(code) for code in letter.offered}, sent_at=act.now, sent_by_name=act.by.name[:32],
        accept_due_at=accept_by, answer_due_at=max(answer_by, accept_by), due_at=accept_by, opened_to=letter.opens_to,
    )  # fmt: skip
    consent: UUID | None = None
    if letter.needs_consent:
        consent = consents.consent_give(case, letter.consent, unit=unit, sections=letter.by_consent, now=act.now).pk
    holder: dict[str, Any] = {
        "case_id": case.pk, "source_kind": "referral", "source_id": row.pk, "group_id": unit.group_id, "user_id": named.pk if named else None,
    }  # fmt: skip
    access.grant(sections=[Section.LETTER], basis=letter.basis, **holder)
    of_basis: dict[GrantBasis, list[Section]] = {}
    for section, basis in row.shared:
        of_basis.setdefault(basis, []).append(section)
    if letter.opens_to is not None:
        _open_at_once(act, row, letter, letter.opens_to, consent)
    # the safe contact's basis first: it travels along with every offer and stands then
    for basis, sections in of_basis.items():
        access.grant(sections=sections, offer=True, basis=basis, **holder, **_of_consent(letter, basis, consent))
    owe(row, ACCEPT, urgent=case.risk == Risk.HIGH)
    if cover is not None and substitute is not None:
        standing.keep(row, cover.absence, cover.absence.person_id)
    timeline.add(
        act, case, "referral.sent", section=Section.COORDINATION, object_id=row.pk, unit=unit.short_name, ask=letter.ask
    )  # fmt: skip
    return row


def _of_consent(letter: NewLetter, basis: str, consent: UUID | None) -> dict[str, Any]:
    return {"consent_id": consent, "until": letter.consent.until} if basis == GrantBasis.CONSENT else {}


def _open_at_once(act: Act[Case], row: Referral, letter: NewLetter, taker: User, consent: UUID | None) -> None:
    """The safety sections open to one named taker now, as a member of the unit; to all others of it the letter alone is open."""
    for section, basis in row.shared:
        if section in letter.at_once:
            access.grant(
                case_id=row.case_id, sections=[section], source_kind="referral", source_id=row.pk, basis=basis,
                group_id=row.group_id, user_id=taker.pk, **_of_consent(letter, basis, consent),
            )  # fmt: skip
    outbox.put("notify.access", subject=row.case_id, key=f"access:{uuid4()}", group=None, user=str(taker.pk))
    timeline.add(
        act, act.object, "referral.opened_at_once", section=Section.COORDINATION, object_id=row.pk, unit=letter.unit.short_name,
        taker=taker.name,
    )  # fmt: skip


def hear_risk(act: Act[Case], case: Case) -> None:
    """The danger was assessed anew: whoever still owes something on the case reads the new risk, and a high one shortens the time to accept."""
    for row in Referral.objects.filter(case=case, status__in=OWED).exclude(risk=case.risk).select_related("unit"):
        row.risk = case.risk
        if row.status == ReferralStatus.SENT:
            row.accept_due_at = row.due_at = min(row.accept_due_at, accept_due(case, row.unit))
        row.version += 1
        row.save()
        workitems.hasten((ACCEPT, RESPOND), source_id=row.pk, due_at=row.due_at, urgent=case.risk == Risk.HIGH)
