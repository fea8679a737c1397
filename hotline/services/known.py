"""Is the caller known? She is known by what she says, never by the number that rings; the answer is one word, asked five times at most."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from cases.models import PartyContact, PartyIdentity, SafeContact
from cases.services.search import compared
from core import access, keys
from core.blindindex import fingerprint
from core.crypto import key_ring
from core.errors import DomainError
from core.identity import Identity
from core.models.accesslog import AccessLog
from core.pinyin import normalise
from hotline.enums import ContactStatus
from hotline.models import Contact

ATTEMPTS = 5
REFUSED = "CM040"  # caremgmt_match: asked too often in a call or a day
NEWEST = 1000  # contacts that are opened and compared when no year of birth narrows them


class Answer(enum.Enum):
    """All that the operator learns."""

    MATCH = "match"  # everything that she said
    NUMBER = "number"  # the number alone, which anybody may know or forge
    NONE = "none"
    RESPONDENT = "respondent"


NUMBERS = {"match": Answer.NUMBER, "none": Answer.NONE, "respondent": Answer.RESPONDENT}  # what caremgmt_match says


@dataclass(frozen=True, slots=True)
class Said:
    """What the caller says of herself."""

    name: str = ""
    birth_year: int | None = None
    phone: str = ""
    code_word: str = ""

    @property
    def is_enough(self) -> bool:
        """A name alone proves nothing."""
        return bool(self.phone or (self.name and (self.birth_year or self.code_word)))

    @property
    def is_number_only(self) -> bool:
        """Nothing but a phone: it is known, she is not."""
        return not (self.name or self.birth_year or self.code_word)

    def __repr__(self) -> str:
        return "<Said>"


def attempts_left(contact: Contact) -> int:
    """How often it may still be asked in this call."""
    return max(0, ATTEMPTS - AccessLog.objects.filter(object_id=contact.pk, reason__startswith="match").count())


def ask(*, by: Identity, contact: Contact, said: Said) -> Answer:
    """Compare with the own desk's contacts, with the cases that `by` may see, and a phone with the region's cases. Logged, misses too."""
    if not said.is_enough:
        raise DomainError(
            "too_little", _("Ask for her phone, or for her name with the year of birth or the code word."), field="name"
        )
    if attempts_left(contact) == 0:
        raise DomainError("too_often", _("It was asked five times in this call. Go on as with an unknown caller."))
    answer = _compare(by, contact, said)
    access.note(
        access.Action.SEARCH, by=by, object_type="hotline.contact", object_id=contact.pk, office_id=contact.office_id,
        reason=f"match.{answer.value}", count=int(answer != Answer.NONE),
    )  # fmt: skip
    return answer


def _compare(by: Identity, contact: Contact, said: Said) -> Answer:
    """A match only where nothing that was said differs; a wrong code word is never made good by a number."""
    number = _by_number(contact, said.phone) if said.phone else Answer.NONE
    if number == Answer.RESPONDENT:
        return number
    if not said.is_number_only and (_in_contacts(by, contact, said) or _in_cases(by, said)):
        return Answer.MATCH
    if number == Answer.NONE and said.phone and _in_contacts(by, contact, Said(phone=said.phone)):
        return Answer.NUMBER
    return number


def _by_number(contact: Contact, phone: str) -> Answer:
    try:
        digest = fingerprint(key_ring().derive("blind"), "phone", phone)
    except ValueError:
        return Answer.NONE  # no number at all
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT caremgmt_match(%s::uuid, 'phone', %s::bytea)", [contact.pk, digest])
            return NUMBERS[cursor.fetchone()[0]]
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") != REFUSED:
            raise
        raise DomainError("too_often", _("It was asked too often today. Go on as with an unknown caller.")) from error


def _spoken(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _same_number(one: str, other: str) -> bool:
    key = key_ring().derive("blind")
    try:
        return fingerprint(key, "phone", one) == fingerprint(key, "phone", other)
    except ValueError:
        return False


def _tests(said: Said, names: list[str], numbers: list[str], code_word: str) -> Iterator[bool]:
    if said.name:
        yield any(normalise(said.name) == normalise(name) for name in names if name)
    if said.code_word:
        yield bool(code_word) and _spoken(said.code_word) == _spoken(code_word)
    if said.phone:
        yield any(_same_number(said.phone, number) for number in numbers if number)


def _in_contacts(by: Identity, live: Contact, said: Said) -> bool:
    earlier = (
        Contact.objects.visible_to(by).exclude(pk=live.pk).exclude(status=ContactStatus.DRAFT).order_by("-occurred_at")
    )
    if said.birth_year:
        earlier = earlier.filter(client_birth_year=said.birth_year)
    rows = list(earlier[:NEWEST])
    keys.preload(row.pk for row in rows)
    return any(
        all(_tests(said, [row.client_name, row.known_name], [row.caller_phone, row.safe_number], row.code_word))
        for row in rows
    )


def _in_cases(by: Identity, said: Said) -> bool:
    if not said.name:
        return False
    found = [hit.case.pk for hit in compared(by=by, text=said.name)]
    people = PartyIdentity.objects.visible_to(by).filter(case_id__in=found).exclude(party__role="respondent")
    if said.birth_year:
        people = people.filter(birth_year=said.birth_year)
    same = {row.case_id for row in people if normalise(row.name) == normalise(said.name)}
    rules = list(SafeContact.objects.visible_to(by).filter(case_id__in=same))
    if said.code_word:
        same &= {row.case_id for row in rules if row.code_word and _spoken(row.code_word) == _spoken(said.code_word)}
    if said.phone:
        found_at = PartyContact.objects.visible_to(by).filter(case_id__in=same).exclude(party__role="respondent")
        numbers = [(row.case_id, row.safe_number) for row in rules] + [(row.case_id, row.phone) for row in found_at]
        same &= {case_id for case_id, number in numbers if number and _same_number(said.phone, number)}
    return bool(same)
