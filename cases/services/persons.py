"""Verbs on the people of a case: added, corrected, their safe-contact rules changed; the search index follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import PartyRole, Section
from cases.models import Case, Party, PartyContact, PartyIdentity, SafeContact
from cases.models.party import section_of
from cases.services import ages, followups, guards, minors, people, timeline
from cases.services.people import PersonData
from core import engine
from core.engine import Act
from core.errors import DomainError, NotFound, StaleVersion
from core.identity import Identity


def person_add(*, case_id: UUID, by: Identity, data: PersonData, key: UUID | None = None) -> Party:
    """Add a person to an open case. The client by whom the case is known is named when it is opened, never here."""

    def write(act: Act[Case]) -> Party:
        case = act.object
        if data.is_guardian and data.role == PartyRole.RESPONDENT:
            raise DomainError(
                "guardian_is_respondent",
                _("A respondent gets nothing of a guardian's: no notice, no file, no consent."),
                field="is_guardian",
            )
        party = people.party_add(case, data)
        if data.role == PartyRole.CLIENT and ages.concerns_minor(case.category, data):
            minors.mark(act, case)
        timeline.add(act, case, "person.added", section=party.section, object_id=party.pk, role=data.role)
        return party

    return engine.change(
        "person.add", by=by, scope=Case.objects.visible_to(by), pk=case_id, guards=[guards.is_manager, guards.is_open], write=write,
        also=[data.person_id], key=key,
    )  # fmt: skip


def identity_update(
    *, party_id: UUID, by: Identity, version: int | None, values: dict[str, Any], key: UUID | None = None
) -> PartyIdentity:
    """Correct who a person is: name, ID number, gender, year of birth, ethnicity, language."""
    row = PartyIdentity.objects.visible_to(by).filter(party_id=party_id).first()
    if row is None:
        raise NotFound
    fields = ("name", "id_number", "gender", "birth_year", "ethnicity", "language", "is_anonymous")

    def write(act: Act[PartyIdentity]) -> PartyIdentity:
        _set(act.object, fields, values)
        _reindex(act.object.party, act.object)
        if act.object.party.role == PartyRole.CLIENT:
            _mark_minor(act)
        timeline.add(act, act.object.case, "person.changed", section=act.object.section, object_id=party_id)
        return act.object

    return engine.change(
        "person.identity", by=by, scope=PartyIdentity.objects.visible_to(by), pk=row.pk, version=version,
        guards=[guards.is_manager, guards.is_open], write=write, also=[row.party.person_id], key=key,
    )  # fmt: skip


def _mark_minor(act: Act[PartyIdentity]) -> None:
    """A corrected age makes it a minor's case; never the other way. Read anew: what stands beside the row is from before the lock."""
    case = Case.objects.select_related("category").get(pk=act.object.case_id)
    if not ages.concerns_minor(case.category, act.object) or not minors.mark(act, case):
        return
    case.version += 1  # what was begun before did not know it: the instrument, a consent
    case.save(update_fields=["concerns_minor", "version"])


def contact_update(
    *, party_id: UUID, by: Identity, version: int | None, values: dict[str, Any], key: UUID | None = None
) -> PartyContact:
    """Correct where a person can be found: phone, address, county."""
    row: PartyContact = _write_of_party(
        PartyContact, "person.contact", "person.changed", Section.CONTACT, ("phone", "address", "region_id"), party_id=party_id, by=by,
        version=version, values=values, key=key,
    )  # fmt: skip
    return row


def safe_contact_update(
    *, party_id: UUID, by: Identity, version: int | None, values: dict[str, Any], key: UUID | None = None
) -> SafeContact:
    """Change how she may be reached. Both hours or none; callbacks outside the client's new hours move into them."""
    begin, end = values.get("hour_from"), values.get("hour_until")
    if (begin is None) != (end is None):
        raise DomainError(
            "half_window",
            _("Say both from when and until when, or neither."),
            field="hour_until" if begin else "hour_from",
        )
    if isinstance(begin, dt.time) and begin == end:
        raise DomainError(
            "empty_window", _("Safe hours need an end that differs from their beginning."), field="hour_until"
        )
    fields = (
        "safe_number",
        "whose_number",
        "code_word",
        "note",
        "hour_from",
        "hour_until",
        "never_message",
        "never_text",
    )
    row: SafeContact = _write_of_party(
        SafeContact, "person.safety", "person.safety", Section.SAFE_CONTACT, fields, party_id=party_id, by=by, version=version,
        values=values, key=key, then=_keep_callbacks,
    )  # fmt: skip
    return row


def _keep_callbacks(act: Act[Any], row: SafeContact) -> None:
    if row.party.is_primary:
        followups.keep_to_hours(act, row.case, row)


def _write_of_party(
    model: Any, verb: str, entry: str, section: str, fields: tuple[str, ...], *, party_id: UUID, by: Identity, version: int | None,
    values: dict[str, Any], key: UUID | None, then: Callable[[Act[Any], Any], None] = lambda _act, _row: None,
) -> Any:  # fmt: skip
    """Change the row that a party has in one section's table, or make it when nothing was known before (`version` 0)."""
    party = Party.objects.visible_to(by).filter(pk=party_id).first()
    if party is None:
        raise NotFound
    row = model.objects.visible_to(by).filter(party_id=party_id).first()
    checks = [guards.is_manager, guards.is_open]
    where = section_of(party.role, Section(section))

    def make(act: Act[Party]) -> Any:
        if model.objects.filter(party_id=party_id).exists():  # somebody was faster while the case was locked
            raise StaleVersion(_("This was changed meanwhile, by somebody else or in another window of yours."))
        made = model(case_id=party.case_id, office_id=party.office_id, party=act.object)
        if model is PartyContact:
            made.section = where
        _set(made, fields, values)
        made.save(force_insert=True)
        _reindex(act.object, made)
        timeline.add(act, act.object.case, entry, section=where, object_id=party_id)
        then(act, made)
        return made

    def write(act: Act[Any]) -> Any:
        _set(act.object, fields, values)
        _reindex(act.object.party, act.object)
        timeline.add(act, act.object.case, entry, section=where, object_id=party_id)
        then(act, act.object)
        return act.object

    if row is None:
        return engine.change(
            verb,
            by=by,
            scope=Party.objects.visible_to(by),
            pk=party_id,
            guards=checks,
            write=make,
            also=[party.person_id],
            key=key,
        )
    return engine.change(
        verb, by=by, scope=model.objects.visible_to(by), pk=row.pk, version=version, guards=checks, write=write, also=[party.person_id],
        key=key,
    )  # fmt: skip


def _set(row: Any, fields: tuple[str, ...], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in fields:
            raise ValueError(name)
        setattr(row, name, value)


def _reindex(party: Party, changed: models.Model) -> None:
    """The blind index of a party from what its rows say, with `changed` as it will be saved."""

    def row(model: Any) -> Any:
        return changed if isinstance(changed, model) else model.objects.filter(party=party).first()

    who, contact, safe = row(PartyIdentity), row(PartyContact), row(SafeContact)
    people.index_party(
        party, name=who.name if who else "", phone=contact.phone if contact else "", safe_number=safe.safe_number if safe else "",
        id_number=who.id_number if who else "",
    )  # fmt: skip


__all__ = ["contact_update", "identity_update", "person_add", "safe_contact_update"]
