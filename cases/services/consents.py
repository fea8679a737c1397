"""Her consent: how it was given and by whom, until when; withdrawn in one step with all that rests on it. Ends that come by date."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Office, Unit
from cases.enums import ENDED_BY_HAND, AccessEnd, ConsentGiver, ConsentHow, PartyRole, Section
from cases.models import AccessGrant, Case, Consent, Party, PartyIdentity
from cases.services import access, guards, timeline, workitems
from cases.services.ages import OF_AGE, age_of
from core import clock, engine, outbox
from core.blindindex import FingerprintKind, fingerprint
from core.crypto import key_ring
from core.engine import Act
from core.errors import DomainError, NotFound, StaleVersion
from core.identity import Identity, acting_as, worker_identity

DECIDE = "consent.decide"
OWN_CONSENT_FROM, OWN_WISH_FROM = 14, 8  # years
CASES_AT_ONCE = 50
BATCHES_AT_MOST = 20


def guardians(case_id: UUID) -> list[Party]:
    """The guardians of a case who may consent: never one who is the respondent, in whatever role else he was entered.

    Every entry of a person is a person of its own, so he is known by what was written down of him (`_Known`).
    """
    people = Party.objects.filter(case_id=case_id).select_related("identity", "contact").order_by("pk")
    respondents = [(row.person_id, _Known.of(row)) for row in people.filter(role=PartyRole.RESPONDENT)]
    return [
        row
        for row in people.filter(is_guardian=True)
        if not any(row.person_id == person_id or known.is_same(_Known.of(row)) for person_id, known in respondents)
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """By what a person of a case is recognised, each however it was typed; None where it is not known."""

    id_number: bytes | None
    name: bytes | None
    phone: bytes | None

    @classmethod
    def of(cls, row: Party) -> _Known:
        key = key_ring().derive("blind")
        who, contact = getattr(row, "identity", None), getattr(row, "contact", None)

        def mark(kind: FingerprintKind, value: str) -> bytes | None:
            try:
                return fingerprint(key, kind, value)
            except ValueError:  # nothing was written, or nothing that could be recognised
                return None

        return cls(
            mark("id_number", who.id_number if who else ""), mark("name", who.name if who else ""),
            mark("phone", contact.phone if contact else ""),
        )  # fmt: skip

    def is_same(self, other: _Known) -> bool:
        """One person, or possibly one: two ID numbers decide; else the name, and where one has none the phone. In doubt he does not consent."""
        if self.id_number and other.id_number:
            return self.id_number == other.id_number
        if self.name and other.name:
            return self.name == other.name
        return self.phone is not None and self.phone == other.phone


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as it is said when something is about to rest on it: by whom, how, until when, in which words."""

    note: str = ""
    given_by: str = ConsentGiver.HERSELF
    how: str = ""
    guardian_id: UUID | None = None
    wish: str = ""
    until: dt.datetime | None = None


def consent_give(
    case: Case,
    given: Given,
    *,
    unit: Unit | Office,
    sections: Iterable[str],
    now: dt.datetime,
    note_field: str = "consent_note",
) -> Consent:
    """Write down the consent that a body's access will rest on, inside a verb on the case. Raises DomainError where it is none."""
    refused = next(iter(refusals(case, given, now=now, note_field=note_field)), None)
    if refused is not None:
        raise refused
    return Consent.objects.create(
        case=case, office_id=case.office_id, unit_id=unit.pk, unit_name=unit.name, sections=sorted(sections), given_at=now,
        valid_until=given.until, note=given.note.strip(), how=given.how, given_by=given.given_by, wish=given.wish.strip(),
        guardian_id=given.guardian_id if given.given_by == ConsentGiver.GUARDIAN else None,
    )  # fmt: skip


def refusals(case: Case, given: Given, *, now: dt.datetime, note_field: str = "consent_note") -> list[DomainError]:
    """Everything that is wrong with a consent, each beside its field: who may give it, whether it is said in words, when it ends."""
    found: list[DomainError] = []
    if not given.note.strip():
        found.append(DomainError("required", _("Say how consent was given."), field=note_field))
    if given.until is not None and given.until <= now:
        found.append(DomainError("past", _("Choose a time that is still to come."), field="consent_until"))
    found += _giver_refusals(case, ConsentGiver(given.given_by), given.guardian_id, given.wish)
    return found


def _scope(by: Identity, case_id: UUID) -> QuerySet[Consent]:
    return Consent.objects.visible_to(by).filter(case_id=case_id).select_related("case")


def _in_force(row: Consent, by: Identity) -> None:
    if row.withdrawn_at is not None:
        raise DomainError("withdrawn", _("This consent has ended already."))


def _giver_refusals(case: Case, given_by: ConsentGiver, guardian_id: UUID | None, wish: str) -> Iterator[DomainError]:
    """Who can consent for whom: the child's own consent counts from 14 (个人信息保护法31), her wish is heard from 8, a respondent never consents.

    Where no guardian is left who may, a legal basis takes the consent's place: the centre's own duty to a minor.
    """
    client = PartyIdentity.objects.filter(case_id=case.pk, party__is_primary=True).first()
    age = age_of(client)
    if given_by == ConsentGiver.GUARDIAN:
        if guardian_id is None or guardian_id not in {party.pk for party in guardians(case.pk)}:
            yield DomainError(
                "guardian",
                _(
                    "Choose a guardian of this case. A guardian who is the respondent never consents: without another, choose the protection of a minor as basis."
                ),
                field="guardian",
            )
    elif age is None and case.concerns_minor:
        yield DomainError(
            "age_unknown",
            _("Enter her year of birth first: a child's own consent counts from 14 years."),
            field="given_by",
        )
    elif age is not None and age.at_least < OWN_CONSENT_FROM:
        yield DomainError(
            "too_young",
            _("Her own consent counts from 14 years. A guardian consents."),
            field="given_by",
        )
    if age is not None and OWN_WISH_FROM <= age.at_most < OF_AGE and not wish.strip():
        yield DomainError("wish", _("From 8 years the child's own wish is written down."), field="wish")


def version_of(row: Consent) -> int:
    """A mark of how a consent is described: another one whenever somebody has described it otherwise."""
    said = (row.how, row.given_by, row.guardian_id, row.wish, row.valid_until and row.valid_until.isoformat())
    return zlib.crc32(repr(said).encode()) % 10**8


def consent_describe(
    *,
    case_id: UUID,
    consent_id: UUID,
    by: Identity,
    how: str,
    given_by: str,
    guardian_id: UUID | None = None,
    wish: str = "",
    until: dt.date | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Consent:
    """Write down how and by whom a consent was given, and when it ends. Its scope never grows here, nor does its time.

    `version` is what the person saw (`version_of`): a description that somebody else wrote meanwhile raises StaleVersion.
    """
    chosen, giver = ConsentHow(how), ConsentGiver(given_by)

    def write(act: Act[Consent]) -> Consent:
        row = act.object
        if version is not None and version != version_of(row):
            raise StaleVersion(_("This was changed meanwhile, by somebody else or in another window of yours."))
        refused = next(_giver_refusals(row.case, giver, guardian_id, wish), None)
        if refused is not None:
            raise refused
        row.how, row.given_by, row.wish = chosen, giver, wish.strip()
        row.guardian_id = guardian_id if giver == ConsentGiver.GUARDIAN else None
        if until is not None:
            ends_at = clock.local(act.now).replace(
                year=until.year, month=until.month, day=until.day, hour=23, minute=59, second=59, microsecond=0
            )
            if ends_at <= act.now:
                raise DomainError("past", _("Choose a day that is still to come."), field="until")
            if row.valid_until is not None and ends_at > row.valid_until:
                raise DomainError("longer", _("To last longer it must be given anew."), field="until")
            row.valid_until = ends_at
            access.limit_consent(consent_id=row.pk, until=ends_at)
        timeline.add(
            act, row.case, "consent.described", section=Section.COORDINATION, object_id=row.pk, body=row.unit_name
        )
        act.detail |= {"how": chosen.value, "given_by": giver.value}
        return row

    return engine.change(
        "consent.describe", by=by, scope=_scope(by, case_id), pk=consent_id,
        guards=[guards.is_manager, guards.is_open, _in_force], write=write, key=key,
    )  # fmt: skip


def consent_withdraw(*, case_id: UUID, consent_id: UUID, by: Identity, key: UUID | None = None) -> Consent:
    """She takes her consent back: all that rests on it ends now, in a closed case too. The body hears that something changed, the manager decides.

    What another source, or another consent, opened stays open.
    """

    def write(act: Act[Consent]) -> Consent:
        row = act.object
        held = list(
            AccessGrant.objects.filter(consent_id=row.pk, withdrawn_at__isnull=True)
            .values_list("group_id", "user_id")
            .distinct()
        )
        act.detail["ended"] = access.withdraw_consent(consent_id=row.pk)
        row.refresh_from_db(fields=["withdrawn_at"])
        _tell(row.case_id, held)
        if row.case.is_open:
            workitems.open_item(DECIDE, office_id=row.office_id, source_id=row.pk, case=row.case)
        timeline.add(
            act, row.case, "consent.withdrawn", section=Section.COORDINATION, object_id=row.pk, body=row.unit_name
        )
        return row

    return engine.change(
        "consent.withdraw", by=by, scope=_scope(by, case_id), pk=consent_id, guards=[guards.is_manager, _in_force],
        write=write, key=key,
    )  # fmt: skip


def consent_decide(*, case_id: UUID, consent_id: UUID, by: Identity, text: str, key: UUID | None = None) -> Consent:
    """What follows for the work that the body still owes, in words. Finishes what the withdrawal left to the manager."""

    def write(act: Act[Consent]) -> Consent:
        row = act.object
        if not workitems.finish(DECIDE, source_id=row.pk):
            raise DomainError("decided", _("This was decided already."))
        timeline.add(
            act, row.case, "consent.decided", section=Section.COORDINATION, object_id=row.pk, text=text.strip(), body=row.unit_name
        )  # fmt: skip
        return row

    return engine.change(
        "consent.decide", by=by, scope=_scope(by, case_id), pk=consent_id, guards=[guards.is_manager], write=write, key=key
    )  # fmt: skip


def access_end(
    *,
    case_id: UUID,
    by: Identity,
    source_id: UUID,
    group_id: int | None = None,
    user_id: UUID | None = None,
    reason: str,
    key: UUID | None = None,
) -> int:
    """End what one holder has from one source. Returns how many sections ended."""
    because = AccessEnd(reason)
    if because not in ENDED_BY_HAND:
        raise DomainError("reason", _("Choose a reason."), field="reason")

    def write(act: Act[Case]) -> int:
        ended = access.end_holder(
            case_id=case_id, source_id=source_id, group_id=group_id, user_id=user_id, reason=because.value
        )
        if not ended:
            raise DomainError("ended", _("This access has ended already, or ends with what it belongs to."))
        _tell(case_id, [(group_id, user_id)])
        timeline.add(
            act, act.object, "access.ended", section=Section.COORDINATION, object_id=source_id, reason=because.value
        )
        act.detail |= {"source": str(source_id), "reason": because.value, "ended": ended}
        return ended

    # No change of the case itself, which may be closed: only what others hold of it.
    case = Case.objects.visible_to(by).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    guards.is_manager(case, by)
    return engine.create("access.end", by=by, row=case, write=write, key=key)


def _tell(case_id: UUID, holders: Iterable[tuple[int | None, UUID | None]]) -> None:
    """The bell of whoever held it, once for each: that there is news, and nothing else."""
    for group_id, user_id in holders:
        outbox.put(
            "notify.access", subject=case_id, key=f"access:{uuid4()}", group=group_id, user=str(user_id) if user_id else None
        )  # fmt: skip


def expire() -> int:
    """Withdraw what is past its end, in small batches, each its own transaction; whoever held it is told. Safe to run twice."""
    done = 0
    for _batch in range(BATCHES_AT_MOST):
        with acting_as(worker_identity("access")):
            ended = access.expire(cases_at_most=CASES_AT_ONCE)
            for case_id in sorted({row.case_id for row in ended}, key=str):
                of_case = {(row.group_id, row.user_id) for row in ended if row.case_id == case_id and row.is_told}
                _tell(case_id, of_case)
        done += len(ended)
        if not ended:
            break
    return done
