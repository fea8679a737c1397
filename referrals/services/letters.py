"""The letter that is to be sent: what it says, and all that the rules say against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.enums import UnitKind
from agencies.models import Unit, User
from cases.enums import SHAREABLE, GrantBasis, Risk, Section
from cases.models import Case
from cases.services import clocks, consents, guards
from cases.services.consents import Given
from cases.services.identifying import tells_who
from core import clock
from core.errors import DomainError
from core.identity import as_verb
from core.ui import times
from referrals.absences import standing
from referrals.absences.people import LIAISON_ROLES
from referrals.enums import OWED, Ask
from referrals.models import Referral

# Reporter and evidence go to these only (security.md, 4).
FOR_INVESTIGATORS = frozenset({Section.REPORTER, Section.EVIDENCE})
INVESTIGATORS = frozenset({UnitKind.POLICE, UnitKind.PROCURATORATE})
# What may be opened before acceptance where life is in danger (security.md, 3).
SAFETY = (Section.IDENTITY, Section.CONTACT, Section.RISK)
SENT_ALREADY = _("This unit has been asked for this already and still owes the answer.")
NAMED_LIAISON_NEEDED = _("Matters of violence and of minors go to a named liaison. Choose one.")


def liaisons(unit: Unit) -> Any:
    """The active users who hold a liaison's role at `unit` today."""
    today = clock.today()
    held = unit.role_grants.filter(role__in=LIAISON_ROLES, since__lte=today).exclude(until__lt=today)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)


def needs_named_liaison(case: Case) -> bool:
    """Violence, sexual matters and minors go to a named liaison, not to an open inbox."""
    return case.concerns_minor or case.category.is_violence or case.category.concerns_minor


def accept_due(case: Case, unit: Unit | None) -> dt.datetime:
    """By when the unit has to accept: within hours for high risk where the unit has a 24-hour duty."""
    return clocks.due("referral.accept", urgent=case.risk == Risk.HIGH and unit is not None and unit.has_duty).at


@dataclass(frozen=True, slots=True)
class NewLetter:
    """One letter that is to be sent: to whom, what is asked, what may be seen once it is accepted and what each section rests on."""

    unit: Unit
    ask: str
    ask_note: str = ""
    sections: Sequence[str] = ()
    basis: str = GrantBasis.CONSENT
    bases: Mapping[str, str] = field(default_factory=dict)  # of single sections, where it is not `basis`
    named_liaison: User | None = None
    answer_due_at: dt.datetime | None = None
    consent: Given = field(default_factory=Given)
    opens_to: User | None = None  # at high risk: who of the unit may see the safety sections before acceptance
    kin_checked: bool = False  # what was said of his or his kin's work sounded like this unit, and the sender has asked

    @property
    def offered(self) -> list[str]:
        """The ticked sections that can be shared at all, in their order."""
        return [section.value for section in SHAREABLE if section in self.sections]

    def basis_of(self, section: str) -> str:
        """What a section rests on."""
        return self.bases.get(section) or self.basis

    @property
    def by_consent(self) -> list[str]:
        """The sections that rest on consent."""
        return [code for code in self.offered if self.basis_of(code) == GrantBasis.CONSENT]

    @property
    def at_once(self) -> list[Section]:
        """What opens at once to one named taker: how to reach her, and of the ticked sections who and where she is and how great the danger."""
        return (
            [Section.SAFE_CONTACT, *(section for section in SAFETY if section in self.offered)] if self.opens_to else []
        )

    @property
    def needs_consent(self) -> bool:
        """Whether anything rests on consent."""
        return self.basis == GrantBasis.CONSENT or bool(self.by_consent)


class Refused(DomainError):
    """What is wrong with letters that were to go out together: `found` names the letter (by its place) and the error, all at once."""

    def __init__(self, found: Sequence[tuple[int, DomainError]]) -> None:
        first = found[0][1]
        super().__init__(first.code, first.message, field=first.field)
        self.found = list(found)


def letter_refusals(case: Case, letter: NewLetter, now: dt.datetime) -> list[DomainError]:
    """Everything that is wrong with one letter, each beside its field; `behind_walls` and `asked_already` look at all together."""
    found = [*_unit_refusals(case, letter), *_taker_refusals(case, letter)]
    if letter.ask == Ask.MEDIATE and case.risk == Risk.HIGH:
        found.append(DomainError("high_risk", guards.NO_MEDIATION, field="ask"))
    if tells_who(case.pk, [letter.ask_note]):
        text = _(
            "The letter is read before acceptance: take out the name, number or address. It opens with acceptance."
        )
        found.append(DomainError("names", text, field="ask_note"))
    if letter.answer_due_at is not None:
        try:
            clocks.check_to_come(letter.answer_due_at, now=now, field="answer_due_at")
        except DomainError as error:
            found.append(error)
    if letter.needs_consent:
        found += consents.refusals(case, letter.consent, now=now)
    return found


def _unit_refusals(case: Case, letter: NewLetter) -> Iterator[DomainError]:
    unit, named = letter.unit, letter.named_liaison
    if not unit.is_active:
        yield DomainError("inactive_unit", _("This unit takes no more work. Choose another."), field="unit")
    if named is None and unit.has_accounts and needs_named_liaison(case):
        yield DomainError("named_liaison", NAMED_LIAISON_NEEDED, field="named_liaison")
    if named and not liaisons(unit).filter(pk=named.pk).exists():
        yield DomainError("named_liaison", _("This person is not a liaison of that unit."), field="named_liaison")
    if unit.kind not in INVESTIGATORS and FOR_INVESTIGATORS.intersection(letter.offered):
        text = _("Reporter and evidence go to the police and the procuratorate only.")
        yield DomainError("investigators_only", text, field="sections")


def _taker_refusals(case: Case, letter: NewLetter) -> Iterator[DomainError]:
    """Before acceptance only at high risk, to one liaison of the unit, and on a basis that reaches that far: the office's own duty does not."""
    taker = letter.opens_to
    if taker is None:
        return
    if case.risk != Risk.HIGH:
        yield DomainError("not_high", _("Only at high risk may anything be seen before acceptance."), field="opens_to")
    if not liaisons(letter.unit).filter(pk=taker.pk).exists():
        yield DomainError("opens_to", _("This person is not a liaison of that unit."), field="opens_to")
    elif letter.named_liaison is not None and letter.named_liaison.pk != taker.pk:
        yield DomainError(
            "opens_to", _("The letter is read by the named liaison alone: choose the same person."), field="opens_to"
        )
    if GrantBasis.DUTY in {
        letter.basis,
        *(letter.basis_of(section) for section in letter.at_once if section in SAFETY),
    }:
        text = _(
            "What opens at once rests on danger to life, a mandatory report, the protection of a minor or consent."
        )
        yield DomainError("basis", text, field="basis")


def behind_walls(
    case: Case, letters: Sequence[tuple[Unit | None, User | None, User | None]]
) -> list[tuple[int, DomainError]]:
    """Nothing is sent to a unit or person that must not know of this case (回避). Answered for its own centre, while it writes."""
    found: list[tuple[int, DomainError]] = []
    with as_verb([case.pk]), connection.cursor() as cursor:
        for place, (unit, *people) in enumerate(letters):
            cursor.execute(
                "SELECT caremgmt_stands_behind_wall(%s, %s, NULL), caremgmt_stands_behind_wall(%s, NULL, %s), caremgmt_stands_behind_wall(%s, NULL, %s)",
                [
                    case.pk,
                    unit.group_id if unit else None,
                    *(value for user in people for value in (case.pk, user.pk if user else None)),
                ],
            )
            for stands, name in zip(cursor.fetchone(), ("unit", "named_liaison", "opens_to"), strict=True):
                if stands:
                    text = _("This matter must not go there because of a conflict of interest. Choose another.")
                    found.append((place, DomainError("walled", text, field=name)))
    return found


def asked_already(case: Case, letters: Sequence[tuple[Unit | None, str]]) -> list[tuple[int, DomainError]]:
    """Letters that ask a unit for what it owes already, or for one thing twice together."""
    owed = set(Referral.objects.filter(case=case, status__in=OWED).values_list("unit_id", "ask"))
    return [
        (place, DomainError("sent_already", SENT_ALREADY, field="unit"))
        for place, (unit, ask) in enumerate(letters)
        if unit is not None and ((unit.pk, ask) in owed or (unit, ask) in letters[:place])
    ]


def away_takers(letters: Sequence[tuple[Unit | None, User | None]]) -> list[tuple[int, DomainError]]:
    """What opens before acceptance goes to nobody who is away: whoever sends chooses who sees it then. Asked outside the verb."""
    found: list[tuple[int, DomainError]] = []
    for place, (unit, taker) in enumerate(letters):
        cover = standing.cover(unit, taker.pk) if unit and taker else None
        if cover is not None:
            text = _("%(name)s is away until %(day)s, and %(substitute)s stands in: choose who shall see it at once.")
            words = {
                "name": taker.name if taker else "", "day": times.exact(cover.absence.last_day), "substitute": cover.absence.substitute.name,
            }  # fmt: skip
            found.append((place, DomainError("away", text % words, field="opens_to")))
    return found
