"""Who may see what of a conference, as pieces of policy and of scope.

A body knows its own letter, and of the item that it was invited to what the conference says of that case; of another item of the same
conference it learns nothing, not even that there is one. Sub-selects stand under the rules of the table that they ask.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from cases.models.scope import grants_in_force
from core.identity import Identity
from core.protection import GROUPS, HOLDS, clear

# A letter is read by its unit's members, and of these by the named liaison alone where one is named (like a referral's); who has left the unit reads
# it no more.
LETTER = (
    f"({{table}}.group_id = ANY {GROUPS} AND {clear('{table}.case_id')} AND (SELECT true FROM cases_accessgrant g"  # noqa: S608 -- constants only
    " WHERE g.source_id = {table}.id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now())"
    " AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now()))"
    f" AND {HOLDS} LIMIT 1))"
)


def at_the_table(item: str) -> str:
    """The condition of a body that has accepted the invitation to this agenda item (a column)."""
    return (
        "EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.item_id = {table}."  # noqa: S608 -- constants only
        f"{item} AND v.status = 'accepted')"
    )


def letters(by: Identity) -> Q:
    """Letters to a unit of `by`, or to `by` by name, in force."""
    found = grants_in_force(by, "case_id", "letter").filter(source_id=OuterRef("pk"))
    return Q(group_id__in=by.groups) & Q(Exists(found))
